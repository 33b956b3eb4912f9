"""From scored runs to the page of results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multirads_hf.errors import ScoringError

if TYPE_CHECKING:
    from multirads_hf.running import ScoredRun

# Enough for two digits of a p-value; `multirads compare` takes more.
RESAMPLES = 2_000


def write_page(
    found: Sequence[ScoredRun],
    out: str | Path,
    title: str,
    figures: str | Path | None = None,
    formats: Sequence[str] = ("svg",),
) -> tuple[Path, list[Path]]:
    """Write the page with rank groups and the reports behind every cell, and return its path and those of figures.

    Args:
        found: the runs.
        out: file of the page.
        title: heading of the page.
        figures: folder for the figures as files of their own; None for none.
        formats: of these, any of ``svg``, ``png`` and ``pdf``.

    Raises:
        UnknownNameError: a format that is none of these.
        MissingExtraError: PNG or PDF without matplotlib.
    """
    from multirads_hf.reporting import dashboard  # noqa: PLC0415 (slow to import)
    from multirads_hf.reporting.behind import Answered  # noqa: PLC0415
    from multirads_hf.reporting.figures import write_figures  # noqa: PLC0415

    answered = {
        str(run.results["run_id"]): [
            Answered(own.record, own.text, counts) for own, counts in zip(run.answers, run.counts, strict=True)
        ]
        for run in found
    }
    results, comparisons = [run.results for run in found], compared(found, RESAMPLES)
    page = dashboard.write(results, out, title, comparisons=comparisons, answered=answered)
    return page, [] if figures is None else write_figures(results, figures, comparisons, formats)


def compared(found: Sequence[ScoredRun], n_resamples: int) -> list[dict[str, Any]]:
    """Return a comparison of the runs of each group that answered the same reports; none where a run stands alone."""
    from multirads_hf.reporting.results import settings  # noqa: PLC0415
    from multirads_hf.running import compare_runs  # noqa: PLC0415

    by_id = {str(run.results["run_id"]): run for run in found}
    made = []
    for group in settings([run.results for run in found]):
        if len(group) > 1:
            try:
                runs = [by_id[str(own["run_id"])] for own in group]
                made.append(compare_runs(runs, n_resamples=n_resamples).to_json())
            except ScoringError:  # every report has a failed call
                continue
    return made
