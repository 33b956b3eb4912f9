"""Runs of a results repository with what each answer counts for, and why some of them cannot be ranked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from multirads_hf.errors import MultiradsError
from multirads_hf.hub.leaderboard.rows import COLUMNS, Row, row_of, scores
from multirads_hf.hub.results_repo import PublishedRun
from multirads_hf.running.details import read_details, score_rows
from multirads_hf.running.identity import content_hash
from multirads_hf.running.results import ScoredRun

# Beyond rounding, figures that were computed from the same answers agree to so much.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """A published run as the leaderboard takes it.

    Attributes:
        row: what the table shows.
        scored: the run with its answers counted, named by the id of the repository; None where it cannot be ranked.
        problem: why not; empty where it can.
    """

    row: Row
    scored: ScoredRun | None
    problem: str = ""

    def refused(self, problem: str) -> Judged:
        """Return the run as one that cannot be ranked."""
        return replace(self, scored=None, problem=problem, row={**self.row, "problem": problem})


def judge(run: PublishedRun) -> Judged:
    """Count the answers of a run again and hold its figures against them.

    A run with failed calls cannot be ranked: a report that one model was never asked about says nothing of any.
    """
    row = {**row_of(run.run_id, run.results), "problem": ""}
    if row["errors"]:
        return Judged(row, None).refused(f"{row['errors']:,} calls failed")
    try:
        rows = sorted(read_details(run.details), key=lambda own: str(own["id"]))
        if content_hash(sorted(own["record_hash"] for own in rows)) != run.results["dataset_fingerprint"]:
            return Judged(row, None).refused("its answers are to other reports than it says")
        found = score_rows(rows, run.results["task"], run.results["condition"], by=("system",))
    except (MultiradsError, TypeError, ValueError, KeyError):
        return Judged(row, None).refused("its answers cannot be read")
    made = found.to_json()
    wrong = _differing(run.results["scores"], made["scores"])
    if wrong:
        return Judged(row, None).refused(f"its {wrong} is not what its answers give")
    row |= {"scores": _with_systems(row["scores"], made["by"]["system"])}
    return Judged(row, ScoredRun({**run.results, "run_id": run.run_id}, (), rows, found.reports))


def _with_systems(known: Mapping[str, Any], systems: Mapping[str, Any]) -> dict[str, Any]:
    """Return scores with those of each RADS that has several documents added; the others are there by document."""
    return {**{key: scores(own, COLUMNS) for key, own in systems.items()}, **known}


def _differing(stated: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """Return the first figure that a run states and its answers do not give."""
    for name, own in found.items():
        value, other = own["value"], (stated.get(name) or {}).get("value")
        same = value is other is None or (
            value is not None and other is not None and math.isclose(value, other, abs_tol=TOLERANCE)
        )
        if not same:
            return str(name)
    return None
