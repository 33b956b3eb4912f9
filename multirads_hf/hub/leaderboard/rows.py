"""One run as a row of the leaderboard: what was asked of which model, and its scores by RADS.

The page makes the same row of a results file by itself (``template/row.js``) for runs that were
published after the leaderboard; the facts that both need stand in ``RULES`` and go to the page as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from multirads_hf.reporting.results import SETTING, number, scores_of, states
from multirads_hf.reporting.sides import SIZE, UNITS

Row = dict[str, Any]
ALL = "all"
# Metrics that the table shows, and that a row has of every RADS; of all reports together it has every metric.
COLUMNS = (
    "multirads_f1", "category_accuracy", "category_macro_f1", "weighted_kappa", "validity", "under_call_rate",
    "over_call_rate",
)  # fmt: skip
# By what a model is addressed one knows whether its weights can be had: those of the Hub can, those behind the
# interfaces of these companies cannot. Of other servers nothing is known. Patterns that Python and JavaScript share.
WEIGHTS = (
    ("open", r"^(?:hf|router|openai|answers):[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*(?:[:@][\w./-]+)?$"),
    (
        "closed",
        r"^openai:https?://(?:api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com"
        r"|[\w-]+\.openai\.azure\.com|api\.x\.ai|api\.cohere\.com)(?=[:/#])",
    ),
    ("none", r"^baseline:"),
)
UNKNOWN = ""
RULES = {"weights": WEIGHTS, "size": SIZE.pattern, "units": UNITS, "setting": SETTING, "columns": COLUMNS}
# Key of a row -> key of a results file, where these are texts or numbers.
_TAKEN = ("model", "revision", "prompt", "task", "split", "config", "condition", "seed", "n", "created", "signature")


def row_of(run_id: str, results: Mapping[str, Any]) -> Row:
    """Return the row of one run.

    Args:
        run_id: by which the results repository knows the run.
        results: what its results file holds.

    Returns:
        ``scores`` and ``reports`` are by RADS document, and ``all``; a score is ``[value, low, high]``, each of them
        None where it does not exist. ``size`` is a number of parameters, as the name of the model states it.
    """
    from multirads_hf.reporting.sides import size_of  # noqa: PLC0415

    model = str(results["model"])
    usage = results.get("usage") or {}
    parts = results.get("by_document") or {}
    return {
        "id": run_id,
        **{key: results.get(key) for key in _TAKEN},
        "setting": [str(results.get(key)) for key in SETTING],
        "fingerprint": results.get("dataset_fingerprint"),
        "version": (results.get("environment") or {}).get("multirads-hf"),
        "size": size_of(model),
        "weights": weights_of(model),
        "truncated": states(results, "truncated"),
        "errors": states(results, "error"),
        "cost": number(usage.get("cost")),
        "seconds": number(usage.get("latency_s_p50")),
        "settings": results.get("settings") or {},
        "scores": {ALL: scores(scores_of(results)), **{key: scores(scores_of(results, key), COLUMNS) for key in parts}},
        "reports": {ALL: results["n"], **{key: own.get("n") for key, own in parts.items()}},
    }


def scores(found: Mapping[str, Any], metrics: tuple[str, ...] = ()) -> dict[str, list[float | None]]:
    """Return metric -> value, low and high, of all metrics or of those named; without a value there is none."""
    kept = {key: own for key, own in found.items() if (key in metrics or not metrics) and isinstance(own, Mapping)}
    listed = {key: [number(own.get(name)) for name in ("value", "low", "high")] for key, own in kept.items()}
    return {key: own for key, own in listed.items() if own[0] is not None}


def weights_of(model: str) -> str:
    """Return whether the weights of a model are ``open`` or ``closed``; ``none`` where it has none.

    >>> weights_of("router:openai/gpt-oss-120b:groq"), weights_of("openai:https://api.openai.com/v1#gpt-5.2")
    ('open', 'closed')
    >>> weights_of("baseline:bow"), weights_of("openai:http://localhost:8000/v1#Qwen/Qwen3-8B")
    ('none', '')
    """
    return next((name for name, pattern in WEIGHTS if re.match(pattern, model, re.ASCII)), UNKNOWN)
