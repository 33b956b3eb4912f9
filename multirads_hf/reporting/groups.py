"""Errors by kind, and scores by groups of patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multirads_hf.reporting import plots, results
from multirads_hf.reporting.comparing import p_text
from multirads_hf.reporting.results import Metric, Results

View = dict[str, Any]
# Kinds of wrong categories, by the findings that were answered beside them.
KINDS = {"reading": "report misread", "reasoning": "rule misapplied", "both": "both"}
GROUPED_BY = "category_accuracy"


def faults(runs: Sequence[Results], called: Sequence[str]) -> View | None:
    """Return how many wrong categories of each run come from reading and from the rule, None where no run knows."""
    rows = []
    for run, name in zip(runs, called, strict=True):
        known: Mapping[str, Any] = run.get("category_errors") or {}
        counts = {kind: int(results.number(known.get(kind)) or 0) for kind in KINDS}
        if any(counts.values()):
            rows.append({"name": name, "pieces": plots.stack(counts, list(KINDS)), "counts": list(counts.values())})
    return {"order": list(KINDS.items()), "rows": rows} if rows else None


def subgroups(runs: Sequence[Results], called: Sequence[str]) -> list[View]:
    """Return for each way of grouping patients the accuracy of each run in each group, with its widest gap."""
    metric = results.metric_of(GROUPED_BY)
    names = dict.fromkeys(name for run in runs for name in run.get("by") or {})
    return [own for name in names if (own := _by(name, runs, called, metric))]


def _by(name: str, runs: Sequence[Results], called: Sequence[str], metric: Metric) -> View | None:
    found: list[Mapping[str, Any]] = [(run.get("by") or {}).get(name) or {} for run in runs]
    columns = list(dict.fromkeys(group for own in found for group in own))
    cells = [[results.read_estimate((own.get(group) or {}).get(metric.key)) for group in columns] for own in found]
    gaps = [((run.get("gaps") or {}).get(name) or {}).get(metric.key) for run in runs]
    rows = [
        {"name": run, "cells": own, "gap": _gap(gap)}
        for run, own, gap in zip(called, cells, gaps, strict=True)
        if any(own)
    ]
    return {"title": name.replace("_", " "), "metric": metric, "columns": columns, "rows": rows} if rows else None


def _gap(gap: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return the width of a gap, and between which groups it is with the p-value."""
    width = results.number((gap or {}).get("gap"))
    if gap is None or width is None:
        return results.MISSING, ""
    lowest = f"{gap.get('lowest')} lowest, " if width else ""
    return f"{width:.3f}", f"{lowest}p {p_text(results.number(gap.get('p_value')))}"
