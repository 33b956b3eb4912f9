"""Runs seen from other sides: prompts of one model, its size, what it cost, and how it bears changes of the report."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from multirads_hf.reporting import naming, plots, published, results
from multirads_hf.reporting.comparing import p_text, places
from multirads_hf.reporting.results import Estimate, Metric, Results

View = dict[str, Any]
# Parameters as names of models state them: 8B, 0.6b, 135M, and 8x7B of mixtures.
SIZE = re.compile(r"(?<![A-Za-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([BbMm])(?![A-Za-z0-9])")
UNITS = {"b": 1e9, "m": 1e6}
THOUSAND = 1_000
# Seconds below this are shown as less than it.
SHORTEST_S = 0.001
ACCURACY = "category_accuracy"


def standings(runs: Sequence[Results], metric: Metric, made: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return place and rank group of each run: by paired tests where there are any, else by intervals."""
    if not made or made["rank_by"] != metric.key:
        return [(place, "") for place in results.ranks(runs, metric.key)]
    found = {own["model"]: own for own in made["ranking"]}
    return [(places(own), str(own["group"] or "")) for own in (found[str(run["run_id"])] for run in runs)]


def prompts(runs: Sequence[Results], metrics: Sequence[Metric], made: Mapping[str, Any] | None) -> list[View]:
    """Return for each metric the models that were asked by several prompts, with scores and differences.

    The last entry of a metric is what others published, where they state it.
    """
    models: dict[tuple[str, str], list[Results]] = {}
    for run, name in zip(runs, naming.model_names(runs), strict=True):
        models.setdefault((name, str(run.get("revision"))), []).append(run)
    several = [(name, own) for (name, _), own in models.items() if len({str(run.get("prompt")) for run in own}) > 1]
    return [_prompt_pane(several, metric, made) for metric in metrics] if several else []


def _prompt_pane(
    several: Sequence[tuple[str, Sequence[Results]]], metric: Metric, made: Mapping[str, Any] | None
) -> View:
    found = [[(str(run.get("prompt")), results.estimate(run, metric.key)) for run in own] for _, own in several]
    stated = [(str(own["prompt"]), published.score(own, metric.key)) for own in published.stated()["prompts"]]
    stated = [own for own in stated if own[1]]
    scale = plots.spread(score for own in (*found, stated) for _, score in own)
    shown = [
        {"model": name, "about": "", "rows": _prompt_rows(scores, scale),
         "notes": _differences(own, metric, made)}
        for (name, own), scores in zip(several, found, strict=True)
    ]  # fmt: skip
    if stated:
        about = f"{published.stated()['source']}, models not named: {published.stated()['note']}"
        shown.append(
            {"model": published.stated()["name"], "about": about, "rows": _prompt_rows(stated, scale), "notes": []}
        )
    return {"metric": metric, "models": shown, "scale": scale}


def _prompt_rows(scores: Sequence[tuple[str, Estimate | None]], scale: plots.Axis) -> list[View]:
    return [{"prompt": prompt, "score": own, "mark": plots.whisker(own, scale)} for prompt, own in scores]


def _differences(runs: Sequence[Results], metric: Metric, made: Mapping[str, Any] | None) -> list[str]:
    called = {str(run.get("run_id")): str(run.get("prompt")) for run in runs}
    said = []
    for pair in (made or {}).get("pairs", []):
        own = pair["differences"].get(metric.key)
        if own and pair["first"] in called and pair["second"] in called:
            found = results.text(results.read_estimate(own))
            said.append(
                f"{called[pair['first']]} less {called[pair['second']]}: {found}, p {p_text(own['p_adjusted'])}"
            )
    return said


def size_of(model: str) -> float | None:
    """Return the number of parameters that the name of a model states, or None.

    >>> size_of("hf:Qwen/Qwen3-0.6B"), size_of("router:openai/gpt-oss-120b"), size_of("hf:x/Mixtral-8x7B")
    (600000000.0, 120000000000.0, 56000000000.0)
    >>> size_of("baseline:bow") is None
    True
    """
    for times, number, unit in SIZE.findall(model):
        return float(times or 1) * float(number) * UNITS[unit.lower()]
    return None


def sizes(runs: Sequence[Results], called: Sequence[str]) -> View | None:
    """Return accuracy against the size of the model, on a logarithmic scale, where two sizes or more are known."""
    known = [
        (name, size, found)
        for run, name in zip(runs, called, strict=True)
        if (size := size_of(str(run["model"]))) and (found := results.estimate(run, ACCURACY))
    ]
    if len({size for _, size, _ in known}) < 2:
        return None
    stated = [
        (str(own["model"]), found) for own in published.stated()["rows"] if (found := published.score(own, ACCURACY))
    ]
    scale = plots.spread([*(found for _, _, found in known), *(found for _, found in stated)])
    decades = [math.log10(size) for _, size, _ in known]
    low, high = math.floor(min(decades)), math.ceil(max(decades))
    points = [
        {"name": name, "size": size_text(size), "score": found, "x": _share(math.log10(size), low, high),
         "y": _height(found.value, scale), "low": _height(found.bounds[0], scale),
         "high": _height(found.bounds[1], scale)}
        for name, size, found in known
    ]  # fmt: skip
    ticks = [(_share(decade, low, high), size_text(10**decade)) for decade in range(low, high + 1)]
    lines = [(_height(found.value, scale), name, found) for name, found in stated]
    levels = [(_height(value, scale), value) for value in scale.ticks]
    return {"points": points, "ticks": ticks, "scale": scale, "levels": levels, "lines": lines}


def _share(value: float, low: float, high: float) -> float:
    return round(100 * (value - low) / (high - low), 2)


def _height(value: float, scale: plots.Axis) -> float:
    return round(100 - scale.at(value), 2)


def size_text(size: float) -> str:
    """Return a number of parameters as it is written.

    >>> size_text(6e8), size_text(1.2e11)
    ('600M', '120B')
    """
    unit, name = next((own for own in ((1e12, "T"), (1e9, "B")) if size >= own[0]), (1e6, "M"))
    return f"{size / unit:g}{name}"


def usage(runs: Sequence[Results], called: Sequence[str]) -> list[View]:
    """Return what each run took, for one report and in all; nothing where no run says so."""
    rows = []
    for run, name in zip(runs, called, strict=True):
        used = run.get("usage") or {}
        n = run["n"] or 1
        tokens = [results.number(used.get(key)) for key in ("prompt_tokens", "completion_tokens")]
        cost = results.number(used.get("cost"))
        rows.append({
            "name": name,
            "tokens": [results.count(own / n) if own else results.MISSING for own in tokens],
            "seconds": [_seconds(used.get(f"latency_s_p{share}")) for share in (50, 95)],
            "attempts": results.count(used.get("attempts")),
            "cost": results.MISSING if cost is None else f"{cost:.2f}",
            "each": results.MISSING if cost is None else f"{THOUSAND * cost / n:.2f}",
        })  # fmt: skip
    return rows if any(run.get("usage") for run in runs) else []


def _seconds(value: object) -> str:
    found = results.number(value)
    if found is None:
        return results.MISSING
    return f"{found:.3g}" if found >= SHORTEST_S else f"<{SHORTEST_S}"
