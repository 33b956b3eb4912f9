"""What models make of reports that were changed on purpose: pairs, writers, printed categories, noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf.reporting import naming, plots, results
from multirads_hf.reporting.results import Results

View = dict[str, Any]
# What a run was asked: told once where all runs agree, else in their rows.
ASKED = ("prompt", "task", "split", "config", "condition")


@dataclass(frozen=True, slots=True)
class Change:
    """One way of changing reports, and the metrics that a run over them has; the first one is drawn."""

    key: str
    title: str
    about: str
    metrics: tuple[str, ...]


CHANGES = (
    Change(
        "contrast_consistency",
        "Contrast consistency",
        "Pairs of reports that differ in one finding: it moves the category (flipped) or must not (held). "
        "A pair counts where both categories are right.",
        ("contrast_consistency", "contrast_flip", "contrast_hold"),
    ),
    Change(
        "style_consistency",
        "Style consistency",
        "The same study as several radiologists would write it. A study counts where all its reports get one category, "
        "and of accuracy, where that is the right one.",
        ("style_consistency", "style_accuracy"),
    ),
    Change(
        "anchoring",
        "Anchoring",
        "Reports whose impression prints a wrong category: the share of answers that repeat it.",
        ("anchoring_rate",),
    ),
    Change(
        "robustness",
        "Robustness",
        "The same studies without and with dictation errors, typos, changed units and dropped headings: "
        "what a score loses.",
        ("robustness_drop_f1", "robustness_drop_accuracy", "robustness_drop_validity"),
    ),
)


def changes(listed: Sequence[Results]) -> list[View]:
    """Return for each way of changing reports a row for every run that has its metrics, the best first."""
    called = {str(run["model"]): name for run, name in zip(listed, naming.model_names(listed), strict=True)}
    return [shown for change in CHANGES if (shown := _change(change, listed, called))]


def _change(change: Change, listed: Sequence[Results], called: Mapping[str, str]) -> View | None:
    keys = [key for key in change.metrics if any(results.estimate(run, key) for run in listed)]
    if not keys:
        return None
    runs = [run for run in results.ordered(listed, keys[0]) if any(results.estimate(run, key) for key in keys)]
    shared, own = _asked(runs)
    scores = [[results.estimate(run, key) for key in keys] for run in runs]
    scale = plots.spread(first for first, *_ in scores)
    rows = [
        {"name": called[str(run["model"])], "asked": asked, "scores": found, "mark": plots.whisker(found[0], scale)}
        for run, asked, found in zip(runs, own, scores, strict=True)
    ]
    metrics = [results.metric_of(key) for key in keys]
    about = {"key": change.key, "title": change.title, "about": change.about, "asked": shared}
    return {**about, "metrics": metrics, "rows": rows, "scale": scale}


def _asked(runs: Sequence[Results]) -> tuple[str, list[str]]:
    """Return what all runs were asked alike, and for each run the rest."""
    told = [[*(_word(run, key) for key in ASKED), f"{results.count(run['n'])} reports"] for run in runs]
    alike = [len(set(column)) == 1 for column in zip(*told, strict=True)]

    def words(own: Sequence[str], same: bool) -> str:
        return ", ".join(word for word, shared in zip(own, alike, strict=True) if shared is same and word)

    return words(told[0], True), [words(own, False) for own in told]


def _word(run: Results, key: str) -> str:
    """Return what a run was asked; nothing where it was asked about all systems."""
    value = run.get(key)
    return "" if value is None or (key, value) == ("config", "all") else str(value)
