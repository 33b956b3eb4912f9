"""Runs of a results repository with what each answer counts for, and why some of them cannot be ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from multirads_hf import __version__
from multirads_hf.errors import MultiradsError
from multirads_hf.hub.checks import problems_of
from multirads_hf.hub.figures import Figure, options_of
from multirads_hf.hub.leaderboard.rows import COLUMNS, Row, row_of, scores
from multirads_hf.hub.results_repo import PublishedRun
from multirads_hf.running.details import read_details, score_rows
from multirads_hf.running.results import ScoredRun
from multirads_hf.scoring.values import TOLERANCE_MM

# Options of scoring that make figures other figures.
OTHERS = {"strict": False, "tolerance_mm": TOLERANCE_MM}
_SAID = {
    "dataset": f"its reports are not those of the corpus of multirads-hf {__version__}",
    "incomplete": "answers are missing",
    "examples": "its examples give answers away",
}


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
    """Hold a run against the corpus and its figures against its answers, which are counted again.

    A run with failed calls cannot be ranked: a report that one model was never asked about says nothing of any.
    """
    judged = Judged({**row_of(run.run_id, run.results), "problem": ""}, None)
    if judged.row["errors"]:
        return judged.refused(f"{judged.row['errors']:,} calls failed")
    try:
        rows = sorted(read_details(run.details), key=lambda own: str(own["id"]))
        if options_of(run.results).items() & OTHERS.items() != OTHERS.items():
            return judged.refused("it was scored under other options than the default ones")
        problem = next(problems_of(run.results, rows), None)
        if problem:
            return judged.refused(_SAID.get(problem.kind, f"its {problem.what} does not hold"))
        found = score_rows(rows, run.results["task"], run.results["condition"], by=("system",))
    except (MultiradsError, TypeError, ValueError, KeyError):
        return judged.refused("its answers cannot be read")
    made = found.to_json()
    wrong = _differing(run.results["scores"], made["scores"])
    if wrong:
        return judged.refused(f"its {wrong} is not what its answers give")
    row = judged.row | {"scores": _with_systems(judged.row["scores"], made["by"]["system"])}
    return Judged(row, ScoredRun({**run.results, "run_id": run.run_id}, (), rows, found.reports))


def _with_systems(known: Mapping[str, Any], systems: Mapping[str, Any]) -> dict[str, Any]:
    """Return scores with those of each RADS that has several documents added; the others are there by document."""
    return {**{key: scores(own, COLUMNS) for key, own in systems.items()}, **known}


def _differing(stated: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """Return the first figure that a run states and its answers do not give."""
    for name, own in found.items():
        if not Figure(name, (stated.get(name) or {}).get("value"), own["value"]).holds:
            return str(name)
    return None
