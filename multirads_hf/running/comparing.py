"""Runs side by side: which of them differ on the same reports, and what noise costs a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from multirads_hf import scoring
from multirads_hf.errors import RunError
from multirads_hf.running.identity import IDENTITY
from multirads_hf.running.results import ScoredRun
from multirads_hf.scoring.compare import N_RESAMPLES
from multirads_hf.scoring.conditions import drops

NOISY, CLEAN = "test_noisy", "test"
# What else a noisy run and its clean twin share; the settings come with the model.
TWINS = tuple(name for name in IDENTITY if name != "split")
Row = Mapping[str, Any]
# Columns that tie reports, the stronger tie first.
TIES = ("study_id", "pair_id")


def compare_runs(
    runs: Sequence[ScoredRun],
    *,
    rank_by: str | None = None,
    n_resamples: int = N_RESAMPLES,
    strict: bool = False,
    seed: int = 0,
) -> scoring.Comparison:
    """Compare runs that answered the same reports; the models of the comparison are the ids of the runs.

    Args:
        runs: two or more, scored under the same options.
        rank_by: metric that orders the runs; see `multirads_hf.scoring.compare`.
        n_resamples: swaps and bootstrap samples.
        strict: what the runs were scored under, for the signature.
        seed: of the draws.

    Raises:
        RunError: fewer than two runs, one of them twice, other reports, or another task.
        OptionError: an option with a value that is not allowed.
    """
    _require_comparable(runs)
    first = runs[0]
    settings = scoring.Settings(
        task=cast("scoring.Task", first.results["task"]), condition=first.results["condition"], strict=strict,
        n_resamples=n_resamples, seed=seed,
    )  # fmt: skip
    return scoring.compare_counts(
        {str(run.results["run_id"]): run.counts for run in runs},
        settings,
        report_ids=[own["id"] for own in first.rows],
        clusters=_clusters(first.rows),
        rank_by=rank_by,
    )


def _require_comparable(runs: Sequence[ScoredRun]) -> None:
    ids = [str(run.results["run_id"]) for run in runs]
    if len(set(ids)) < max(2, len(ids)):
        raise RunError(f"Comparison: got run(s) {', '.join(ids) or 'none'}. Allowed: two or more runs, each once.")
    first, *others = runs
    for other in others:
        _require_same(first, other)


def _require_same(first: ScoredRun, other: ScoredRun) -> None:
    names = " and ".join(f"{run.results['run_id']} ({run.results['model']})" for run in (first, other))
    for key in ("task", "condition"):
        one, two = first.results[key], other.results[key]
        if one != two:
            raise RunError(f"Runs {names}: {key} {one!r} and {two!r}. Allowed: runs of one {key}.")
    mine, theirs = ({(own["id"], own["record_hash"]) for own in run.rows} for run in (first, other))
    if mine != theirs:
        shared = len(mine & theirs)
        asked = ", ".join(f"{run.results['split']}/{run.results['config']}" for run in (first, other))
        raise RunError(
            f"Runs {names} saw different reports: {len(mine)} and {len(theirs)} of {asked}, {shared} of them the same. "
            "Allowed: runs over the same split, config, seed and limit."
        )


def _clusters(rows: Sequence[Row]) -> list[str]:
    """Return what ties each report to others, by the first column that ties any two; nothing where none does."""
    for column in TIES:
        names = [str(own.get(column) or "") for own in rows]
        if any(number > 1 for name, number in Counter(names).items() if name):
            return names
    return []


def robustness(clean: ScoredRun, noisy: ScoredRun, *, n_resamples: int = 1000) -> dict[str, scoring.Estimate]:
    """Return by how much scores of a run fall from reports to the same studies with noise.

    Args:
        clean: a run over the studies without noise.
        noisy: a run of the same model over the same studies with noise; studies of one run alone are left out.
        n_resamples: bootstrap samples.
    """
    twins = {row["study_id"]: place for place, row in enumerate(clean.rows)}
    met = [
        (clean.counts[twins[row["study_id"]]], count)
        for row, count in zip(noisy.rows, noisy.counts, strict=True)
        if row["study_id"] in twins and clean.rows[twins[row["study_id"]]]["extraction"] == row["extraction"]
    ]
    if not met:
        return {}
    task = cast("scoring.Task", clean.results["task"])
    return drops([one for one, _ in met], [two for _, two in met], scoring.Settings(task=task, n_resamples=n_resamples))


def add_robustness(runs: Sequence[ScoredRun], *, n_resamples: int = 1000) -> None:
    """Add to the scores of every run over noisy reports what noise cost it, where its twin is among the runs.

    The twin is the run of the same model, prompt and settings over the clean split.
    """
    clean = {_twin(run): run for run in runs if run.results["split"] == CLEAN}
    for run in runs:
        twin = clean.get(_twin(run)) if run.results["split"] == NOISY else None
        lost = robustness(twin, run, n_resamples=n_resamples) if twin else {}
        if twin and lost:
            run.results["scores"] |= {name: found.to_json() for name, found in lost.items()}
            run.results["clean_run"] = twin.results["run_id"]


def _twin(run: ScoredRun) -> tuple[str, ...]:
    return tuple(repr(run.results[name]) for name in TWINS)
