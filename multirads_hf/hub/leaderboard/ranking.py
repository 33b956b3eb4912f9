"""Rank groups of the runs that answered the same reports, over all reports and by RADS, from paired tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from multirads_hf import rads
from multirads_hf.errors import ScoringError
from multirads_hf.hub.leaderboard.rows import ALL
from multirads_hf.reporting.results import HEADLINES, SETTING, setting_title, settings
from multirads_hf.running import ScoredRun, compare_runs
from multirads_hf.scoring.comparison import Comparison
from multirads_hf.scoring.metrics import METRICS
from multirads_hf.scoring.ranking import standings

# As the page of `multirads report`: enough for two digits of a p-value.
RESAMPLES = 2_000
LEVEL = 0.05
# Metric -> run -> rank group, best and worst place.
Ranks = dict[str, dict[str, list[int | None]]]
# A RADS or document: ``key``, ``title``, ``documents``, and ``of``, the RADS of a document.
Scope = dict[str, Any]


def groups(runs: Sequence[ScoredRun]) -> list[list[ScoredRun]]:
    """Return the runs in groups that answered the same reports under the same conditions, the largest first."""
    by_id = {str(run.results["run_id"]): run for run in runs}
    return [[by_id[str(own["run_id"])] for own in group] for group in settings([run.results for run in runs])]


def board(runs: Sequence[ScoredRun], each: Callable[[Sequence[Scope]], Iterable[Scope]] = iter) -> dict[str, Any]:
    """Return the board of one group.

    Args:
        runs: of the group.
        each: goes through the RADS that are ranked one after the other, such as with a progress bar.

    Returns:
        ``setting`` and ``title`` say what was asked, ``ranks`` the standing of each run by RADS and metric, and
        ``signature`` how it came about; a run that stands alone has none.
    """
    results = runs[0].results
    signature, ranks = None, {ALL: _alone(runs[0])}
    if len(runs) > 1:
        whole, *others = scopes(str(row["document"]) for row in runs[0].rows)
        made = compare_runs(runs, n_resamples=RESAMPLES)
        signature, ranks = made.signature, {whole["key"]: _ranks(made)}
        ranks |= {own["key"]: _ranks(_compared(runs, own["documents"])) for own in each(others)}
    return {
        "setting": [str(results.get(key)) for key in SETTING],
        "title": setting_title(results),
        "signature": signature,
        "ranks": ranks,
    }


def scopes(documents: Iterable[str]) -> list[Scope]:
    """Return what scores can be had of: all reports, each RADS, and each document of a RADS that has several."""
    seen = set(documents)
    found: list[Scope] = [{"key": ALL, "title": "All RADS", "documents": sorted(seen)}]
    for system, own in _systems().items():
        kept = [key for key in own if key in seen]
        if kept:
            found.append({"key": system, "title": system_title(system), "documents": kept})
        if len(own) > 1:
            found += [{"key": key, "title": rads.get(key).title, "documents": [key], "of": system} for key in kept]
    return found


def system_title(system: str) -> str:
    """Return the name that all documents of a RADS share.

    >>> system_title("orads"), system_title("lirads")
    ('O-RADS', 'LI-RADS')
    """
    first, *others = (rads.get(key).system_names for key in _systems()[system])
    return next((name for name in first if all(name in own for own in others)), first[0])


@cache
def _systems() -> Mapping[str, tuple[str, ...]]:
    listed = rads.documents()
    return {
        system: tuple(own.key for own in listed if own.system == system)
        for system in dict.fromkeys(own.system for own in listed)
    }


def _compared(runs: Sequence[ScoredRun], documents: Sequence[str]) -> Comparison | None:
    try:
        return compare_runs(list(_parts(runs, set(documents))), n_resamples=RESAMPLES)
    except ScoringError:  # nothing is left to compare
        return None


def _parts(runs: Sequence[ScoredRun], documents: set[str]) -> Iterator[ScoredRun]:
    for run in runs:
        kept = [place for place, row in enumerate(run.rows) if row["document"] in documents]
        yield ScoredRun(run.results, (), [run.rows[place] for place in kept], [run.counts[place] for place in kept])


def _ranks(made: Comparison | None) -> Ranks:
    """Return the standings by each headline; one comparison holds the tests of every metric."""
    if made is None:
        return {}
    pairs = {frozenset((pair.first, pair.second)): pair.differences for pair in made.pairs}
    found: Ranks = {}
    for metric in (own for own in METRICS if own.name in HEADLINES and own.name in made.scores[made.models[0]]):

        def differ(one: str, other: str, name: str = metric.name) -> bool:
            p_value = pairs[frozenset((one, other))][name].p_adjusted
            return p_value is not None and p_value <= LEVEL

        values = {model: own[metric.name].value for model, own in made.scores.items()}
        placed = standings(values, metric.higher_is_better, differ)
        found[metric.name] = {own.model: [own.group, own.best_rank, own.worst_rank] for own in placed}
    return found


def _alone(run: ScoredRun) -> Ranks:
    return {name: {str(run.results["run_id"]): [1, 1, 1]} for name in HEADLINES if name in run.results["scores"]}
