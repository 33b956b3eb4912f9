"""What the store holds: runs, answers, and the results of a scored run."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from os import PathLike
from typing import Any, cast

from multirads_hf import scoring
from multirads_hf.errors import RunError
from multirads_hf.running import constraint
from multirads_hf.running.identity import RunHeader, dataset_fingerprint
from multirads_hf.running.store import DEFAULT_STORE, Store, StoredAnswer

RESULTS_SCHEMA = 1
# Packages whose versions can move a number of a results file.
PACKAGES = ("multirads-hf", "numpy", "scipy", "scikit-learn", "json-repair")

AnyPath = str | PathLike[str]


def runs(store: AnyPath = DEFAULT_STORE) -> list[RunHeader]:
    """Return the runs of a store, oldest first.

    Raises:
        RunError: the file is missing or is no store.
    """
    with Store(store, create=False) as opened:
        return opened.runs()


def answers(store: AnyPath, run_id: str) -> list[StoredAnswer]:
    """Return the answers of a run, ordered by record id, each with the record that was asked.

    Args:
        store: the file.
        run_id: the id, or enough of its start to tell it.

    Raises:
        RunError: the file is missing or is no store.
        UnknownNameError: no such run, or several.
    """
    with Store(store, create=False) as opened:
        return opened.answers(opened.run(run_id).run_id)


def evaluate(store: AnyPath, run_id: str, *, partial: bool = False, **options: Any) -> dict[str, Any]:
    """Score a run from what the store holds; no model and no corpus is needed.

    Args:
        store: the file.
        run_id: the id, or enough of its start to tell it.
        partial: score an unfinished run by the answers that are there. They are no fair sample:
            models answer the longest reports first.
        **options: of `multirads_hf.scoring.score`.

    Returns:
        What a results file holds: the run, its scores, usage and the environment; JSON can write it.

    Raises:
        RunError: no store, or an unfinished run.
        UnknownNameError: no such run, or several.
    """
    with Store(store, create=False) as opened:
        run = opened.run(run_id)
        found = opened.answers(run.run_id)
    fingerprint = dataset_fingerprint(answer.record for answer in found)
    if not partial:
        _require_whole(run, len(found), fingerprint)
    scores = scoring.score(
        [answer.text for answer in found],
        [answer.record["extraction"] for answer in found],
        task=cast("scoring.Task", run.task),
        condition=run.condition,
        finish_reasons=[answer.finish_reason for answer in found],
        errors=[answer.error is not None for answer in found],
        pair_ids=[answer.record.get("pair_id", "") for answer in found],
        **options,
    )
    header = {name: value for name, value in asdict(run).items() if name not in ("n", "answered", "errors")}
    own = {"schema": RESULTS_SCHEMA, **header, "engines": list(run.engines), "planned": run.n}
    own["dataset_fingerprint"] = fingerprint
    return {**own, **scores.to_json(), "usage": _usage(found, run), "environment": environment()}


def environment() -> dict[str, str]:
    """Return the versions under which scores are computed."""
    return {"python": platform.python_version(), "platform": platform.platform(), **dict(_versions(PACKAGES))}


def _require_whole(run: RunHeader, found: int, fingerprint: str) -> None:
    if found < run.n:
        raise RunError(f"Run {run.run_id}: {found} of {run.n} records are answered. The same `multirads run` goes on.")
    if fingerprint != run.dataset_fingerprint:
        raise RunError(
            f"Run {run.run_id}: its answers are to dataset {fingerprint}, its last call asked for "
            f"{run.dataset_fingerprint}. Run it again over all {run.n} records."
        )


def _usage(found: Sequence[StoredAnswer], run: RunHeader) -> dict[str, Any]:
    counted = [answer for answer in found if answer.error is None]
    broken = {"constraint_broken": constraint.broken(found, run.task)} if run.settings.get("constrained") else {}
    return {
        "attempts": sum(answer.attempts for answer in found),
        "finish_reasons": dict(sorted(Counter(answer.finish_reason or "unknown" for answer in counted).items())),
        "prompt_tokens": sum(answer.prompt_tokens or 0 for answer in found),
        "completion_tokens": sum(answer.completion_tokens or 0 for answer in found),
        **broken,
    }


def _versions(packages: Iterable[str]) -> Iterable[tuple[str, str]]:
    for package in packages:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
