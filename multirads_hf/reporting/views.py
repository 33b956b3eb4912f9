"""What the page shows, worked out before the template sees it: one view for each group of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multirads_hf.reporting import groups, naming, plots, provenance, published, results, sides
from multirads_hf.reporting.results import BY_KEY, Estimate, Metric, Results
from multirads_hf.scoring import STATES

BESIDE = ("category_accuracy", "category_macro_f1", "weighted_kappa", "validity")
MAPPED = ("multirads_f1", "category_accuracy", "category_macro_f1", "validity")
PROMPTED = ("multirads_f1", "category_accuracy", "validity")
SIDES = ("under_call_rate", "over_call_rate")
ALL = "All documents"
View = dict[str, Any]


def view(place: int, group: Sequence[Results], comparisons: Sequence[Mapping[str, Any]] = ()) -> View:
    """Return everything that the page shows of runs that answered the same reports.

    Args:
        place: of the group on the page.
        group: the runs.
        comparisons: of runs on the same reports, as plain mappings; their models are ids of runs.
    """
    metric = results.headline(group)
    ids = {str(run.get("run_id")) for run in group}
    made = next((own for own in comparisons if set(own["models"]) == ids), None)
    runs = results.ordered(group, metric.key)
    called, seen = naming.run_names(runs), results.documents(runs)
    return {
        "id": f"s{place}",
        "title": results.setting_title(runs[0]),
        "metric": metric,
        "names": called,
        "documents": seen,
        "tiles": tiles(runs, called, metric, seen),
        "leaderboard": leaderboard(runs, called, metric, made),
        "compared": made,
        "prompts": sides.prompts(runs, present(runs, PROMPTED), made),
        "sizes": sides.sizes(runs, called),
        "usage": sides.usage(runs, called),
        "run_ids": [str(run.get("run_id")) for run in runs],
        "maps": [heat_map(runs, called, m, seen) for m in present(runs, MAPPED)] if seen else [],
        "calls": calls(runs, called, seen),
        "faults": groups.faults(runs, called),
        "states": states(runs, called),
        "subgroups": groups.subgroups(runs, called),
        "fields": [fields(runs, called, document) for document in seen if _has_fields(runs, document)],
        "scores": every_score(runs),
        "runs": [provenance.view(run, name) for run, name in zip(runs, called, strict=True)],
    }


def present(runs: Sequence[Results], keys: Sequence[str]) -> list[Metric]:
    """Return those of the metrics that any run has a number for."""
    return [BY_KEY[key] for key in keys if any(results.estimate(run, key) for run in runs)]


def tiles(
    runs: Sequence[Results], called: Sequence[str], metric: Metric, seen: Sequence[str]
) -> list[tuple[str, str, str]]:
    """Return the facts at the top: heading, value, note."""
    best = results.estimate(runs[0], metric.key)
    models = len({str(run["model"]) for run in runs})
    return [
        ("Highest score", results.text(best), f"{called[0]}, {metric.title}"),
        ("Runs", results.count(len(runs)), f"of {models} model{'s' if models > 1 else ''}"),
        ("Reports", results.count(runs[0]["n"]), "the same for every run"),
        ("Documents", results.count(len(seen)), ", ".join(seen) if len(seen) <= 4 else "see the map below"),
    ]


def leaderboard(
    runs: Sequence[Results], called: Sequence[str], metric: Metric, made: Mapping[str, Any] | None = None
) -> View:
    """Return rows, columns and scale of the leaderboard."""
    found = [results.estimate(run, metric.key) for run in runs]
    stated = published.stated()["rows"]
    scale = plots.spread([*found, *(published.score(own, metric.key) for own in stated)])
    beside = [m for m in present(runs, BESIDE) if m != metric]
    places = sides.standings(runs, metric, made)
    rows = [
        {
            "rank": rank, "group": own, "name": name, "prompt": _untold(name, run.get("prompt")), "score": score,
            "mark": plots.whisker(score, scale), "beside": [results.estimate(run, m.key) for m in beside],
            "n": run["n"], "errors": results.states(run, "error"), "truncated": results.states(run, "truncated"),
        }
        for run, name, score, (rank, own) in zip(runs, called, found, places, strict=True)
    ]  # fmt: skip
    references = [_reference(own, metric, beside, scale) for own in stated]
    return {"rows": rows, "scale": scale, "beside": beside, "references": references}


def _untold(name: str, prompt: str | None) -> str:
    """Return the prompt of a run unless its name has it."""
    return "" if prompt and f" · {prompt}" in name else prompt or results.MISSING


def _reference(own: Mapping[str, Any], metric: Metric, beside: Sequence[Metric], scale: plots.Axis) -> View:
    score = published.score(own, metric.key)
    return {
        "name": own["model"], "about": own["about"], "prompt": own["prompt"], "predictions": own["predictions"],
        "score": score, "mark": plots.whisker(score, scale),
        "beside": [results.text(published.score(own, m.key)) for m in beside],
    }  # fmt: skip


def heat_map(runs: Sequence[Results], called: Sequence[str], metric: Metric, seen: Sequence[str]) -> View:
    """Return model x document for one metric, the first column over all documents."""
    table = [[results.estimate(run, metric.key, document) for document in (None, *seen)] for run in runs]
    scale = plots.axis(found.value for row in table for found in row if found)
    rows = [
        {"name": name, "cells": [_cell(found, scale) for found in row]} for name, row in zip(called, table, strict=True)
    ]
    return {"metric": metric, "scale": scale, "rows": rows}


def _cell(found: Estimate | None, scale: plots.Axis) -> tuple[Estimate | None, int | None]:
    return (found, None if found is None else scale.shade(found.value))


def calls(runs: Sequence[Results], called: Sequence[str], seen: Sequence[str]) -> list[View]:
    """Return under- and over-calls over everything and for each document, one scale for all."""
    wheres = [None, *seen]
    found = {where: [[results.estimate(run, key, where) for key in SIDES] for run in runs] for where in wheres}
    known = [e for pairs in found.values() for pair in pairs for e in pair if e]
    if not known:
        return []
    scale = plots.axis([0.0, *(e.bounds[1] for e in known)])
    return [_calls_of(where, found[where], called, scale) for where in wheres if any(map(any, found[where]))]


def _calls_of(
    where: str | None, pairs: Sequence[Sequence[Estimate | None]], called: Sequence[str], scale: plots.Axis
) -> View:
    rows = [
        {"name": name, "under": under, "over": over, "left": plots.side(under, scale, -1),
         "right": plots.side(over, scale, 1)}
        for name, (under, over) in zip(called, pairs, strict=True)
    ]  # fmt: skip
    ticks = [(50 + sign * scale.at(t) / 2, t) for sign in (-1, 1) for t in scale.ticks if t or sign == 1]
    return {"name": where or ALL, "rows": rows, "ticks": sorted(ticks)}


def states(runs: Sequence[Results], called: Sequence[str]) -> View:
    """Return how the answers of each run could be read."""
    named = [name for run in runs for name in run.get("states") or {}]
    order = [*STATES, *sorted(set(named) - set(STATES))]
    counts = [{name: results.states(run, name) for name in order} for run in runs]
    occurring = [name for name in order if any(row[name] for row in counts)]
    rows = [
        {"name": name, "pieces": plots.stack(row, occurring), "counts": [row[s] for s in occurring]}
        for name, row in zip(called, counts, strict=True)
    ]
    return {"order": [(name, name if name in STATES else "other") for name in occurring], "rows": rows}


def _has_fields(runs: Sequence[Results], document: str) -> bool:
    return any(_fields_of(run, document) for run in runs)


def _fields_of(run: Results, document: str) -> Mapping[str, Any]:
    read: Mapping[str, Any] = ((run.get("by_document") or {}).get(document) or {}).get("fields") or {}
    return read


def fields(runs: Sequence[Results], called: Sequence[str], document: str) -> View:
    """Return how well each field of a document was read, the worst first."""
    named = sorted({name for run in runs for name in _fields_of(run, document)})
    scale = plots.axis([0.0, 1.0])
    rows: list[View] = [
        {"name": name, "cells": [_field_cell(_fields_of(run, document).get(name), scale) for run in runs]}
        for name in named
    ]
    rows.sort(key=lambda row: (_mean([found.value for found, *_ in row["cells"] if found]), row["name"]))
    return {"document": document, "rows": rows, "names": called}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _field_cell(counts: Mapping[str, Any] | None, scale: plots.Axis) -> tuple[Estimate | None, int | None, str]:
    known = counts or {}
    value, low, high = (results.number(known.get(key)) for key in ("f1", "f1_low", "f1_high"))
    found = None if value is None else Estimate(value, low, high)
    right, added, missed = (results.count(known.get(key)) for key in ("tp", "fp", "fn"))
    note = f"{results.text(found)}; {right} right, {added} wrong or added, {missed} wrong or missed"
    return (*_cell(found, scale), note)


def every_score(runs: Sequence[Results]) -> list[tuple[Metric, list[str]]]:
    """Return all numbers over everything, one row a metric, then the parts of composite labels."""
    metrics = [results.metric_of(key) for key in results.score_keys(runs)]
    rows = [(m, [results.text(results.estimate(run, m.key)) for run in runs]) for m in metrics]
    return rows + [row for document in results.documents(runs) for row in _parts(runs, document)]


def _parts(runs: Sequence[Results], document: str) -> list[tuple[Metric, list[str]]]:
    found = [results.parts_of(run, document) for run in runs]
    about = f"part of the label of {document}: right answers, of all"
    return [
        (
            Metric(name, f"{document}: {name}", about),
            [results.text(results.read_estimate(own.get(name))) for own in found],
        )
        for name in dict.fromkeys(name for own in found for name in own)
    ]


def confusions(runs: Sequence[Results], seen: Sequence[str]) -> dict[str, list[View | None]]:
    """Return the matrices that the page's script draws: for each document one a run, None where missing."""
    return {document: [_confusion(run, document) for run in runs] for document in seen}


def _confusion(run: Results, document: str) -> View | None:
    part: Mapping[str, Any] = (run.get("by_document") or {}).get(document) or {}
    matrix = part.get("confusion") or {}
    if not matrix.get("labels") or not matrix.get("counts"):
        return None
    return {"labels": [str(label) for label in matrix["labels"]], "counts": [list(row) for row in matrix["counts"]]}
