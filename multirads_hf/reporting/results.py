"""Reading results: one mapping a run, as ``running.evaluate`` returns it and ``--json`` prints it.

A number that does not exist (no interval, a metric that the task lacks, a document that a run
never saw) is None here, and an en dash wherever it is shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf.corpus.options import CONDITIONS
from multirads_hf.corpus.plan import SPLITS
from multirads_hf.errors import RunError, shown

Results = Mapping[str, Any]
MISSING = "–"
NEEDED = ("model", "n", "scores")
# Runs are compared only where all of these are equal: the same reports, asked for the same thing.
SETTING = ("task", "split", "config", "condition", "seed", "n", "dataset_fingerprint")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a run: its key in the results, how it is headed, and which way is better."""

    key: str
    title: str
    about: str
    higher_is_better: bool = True


METRICS = (
    Metric("multirads_f1", "MultiRADS F1", "F1 over single findings: micro within a document, mean over documents"),
    Metric("category_accuracy", "Category accuracy", "answers with the right category, of all answers"),
    Metric("category_macro_f1", "Category macro-F1", "mean F1 over the categories that occur in the references"),
    Metric(
        "weighted_kappa", "Weighted kappa", "agreement beyond chance, errors weighted by the square of their distance"
    ),
    Metric("validity", "Validity", "answers that name one of the allowed categories"),
    Metric("category_accuracy_valid", "Accuracy of valid", "answers with the right category, of the valid answers"),
    Metric("multirads_precision", "Finding precision", "stated findings that are right"),
    Metric("multirads_recall", "Finding recall", "findings of the report that were answered"),
    Metric("exact_findings", "Exact findings", "reports with every finding right and none added"),
    Metric("rule_consistency", "Rule consistency", "valid answers whose category follows from their own findings"),
    Metric("category_accuracy_coarse", "Coarse accuracy", "the same, finer splits such as 4A and 4B taken together"),
    Metric(
        "management_error_rate",
        "Management errors",
        "valid answers whose category leads to other management than the reference",
        higher_is_better=False,
    ),
    Metric(
        "under_call_rate",
        "Under-calls",
        "valid answers of lower clinical concern than the reference",
        higher_is_better=False,
    ),
    Metric(
        "over_call_rate",
        "Over-calls",
        "valid answers of higher clinical concern than the reference",
        higher_is_better=False,
    ),
    Metric("rank_distance", "Rank distance", "ranks that valid answers are off, on average", higher_is_better=False),
    Metric("contrast_consistency", "Contrast consistency", "pairs differing in one finding with both categories right"),
    Metric("contrast_flip", "Flipped pairs", "the same, of pairs in which the finding changes the category"),
    Metric("contrast_hold", "Held pairs", "the same, of pairs in which it must not"),
    Metric("style_consistency", "Style consistency", "studies whose writers all get one and the same category"),
    Metric("style_accuracy", "Style accuracy", "studies whose writers all get the right category"),
    Metric("anchoring_rate", "Anchoring", "answers that repeat a wrong category which the report prints", False),
    Metric("robustness_drop_f1", "F1 lost to noise", "MultiRADS F1 without noise, less that with noise", False),
    Metric("robustness_drop_accuracy", "Accuracy lost to noise", "the same of category accuracy", False),
    Metric("robustness_drop_validity", "Validity lost to noise", "the same of validity", False),
)
BY_KEY = {metric.key: metric for metric in METRICS}
HEADLINES = ("multirads_f1", "category_accuracy")
TIE_BREAK = "category_accuracy"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its confidence interval; the interval may be missing."""

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that the estimate covers."""
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)


def number(value: object) -> float | None:
    """Return a finite number as it is, anything else as None."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def metric_of(key: str) -> Metric:
    """Return how a metric is shown; a key that is not known here is shown by its name."""
    return BY_KEY.get(key) or Metric(key, key.replace("_", " ").capitalize(), key)


def scores_of(result: Results, document: str | None = None) -> Mapping[str, Any]:
    """Return the scores of a run, over everything or of one document; empty where it saw none."""
    part = result if document is None else (result.get("by_document") or {}).get(document) or {}
    scores: Mapping[str, Any] = part.get("scores") or {}
    return scores


def estimate(result: Results, key: str, document: str | None = None) -> Estimate | None:
    """Return one number of a run with its interval, or None where it does not exist."""
    return read_estimate(scores_of(result, document).get(key))


def read_estimate(entry: object) -> Estimate | None:
    """Return a number as results hold it: a mapping of value, low and high, or the bare value."""
    known: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {"value": entry}
    value = number(known.get("value"))
    return None if value is None else Estimate(value, number(known.get("low")), number(known.get("high")))


def parts_of(result: Results, document: str) -> Mapping[str, Any]:
    """Return the accuracy of each part of a composite label; empty where labels have one part."""
    parts: Mapping[str, Any] = ((result.get("by_document") or {}).get(document) or {}).get("parts") or {}
    return parts


def text(found: Estimate | None) -> str:
    """Return an estimate as it is printed, or the sign for a missing number."""
    return MISSING if found is None else str(found)


def checked(results: Iterable[Results]) -> list[Results]:
    """Return the results as a list.

    Raises:
        RunError: there are none, or one lacks what every run has.
    """
    listed = list(results)
    if not listed:
        raise RunError("No results to show. Score at least one run: multirads run MODEL, then multirads score.")
    for place, result in enumerate(listed):
        lacking = [key for key in NEEDED if not isinstance(result, Mapping) or key not in result]
        if lacking:
            raise RunError(
                f"results[{place}] lacks {', '.join(lacking)}: {shown(result)}. Give what score --json prints."
            )
    return listed


def headline(results: Sequence[Results]) -> Metric:
    """Return the metric by which runs are ranked: the first of ``HEADLINES`` that any run has."""
    present = (key for key in HEADLINES if any(estimate(result, key) for result in results))
    return BY_KEY[next(present, HEADLINES[-1])]


def ordered(results: Iterable[Results], key: str) -> list[Results]:
    """Return runs, best first; runs without the number last; equal ones by accuracy, then by name."""

    def place(result: Results) -> tuple[Any, ...]:
        scored = (_descending(result, name) for name in (key, TIE_BREAK))
        return (*scored, str(result["model"]), str(result.get("run_id")))

    return sorted(results, key=place)


def _descending(result: Results, key: str) -> tuple[bool, float]:
    found, sign = estimate(result, key), -1 if metric_of(key).higher_is_better else 1
    return (found is None, sign * found.value if found else 0.0)


def ranks(results: Sequence[Results], key: str) -> list[str]:
    """Return the places that each run may hold: two runs share them while their intervals overlap."""
    bounds = [found.bounds if (found := estimate(result, key)) else None for result in results]
    known = [b for b in bounds if b is not None]
    return [_places(own, known) if own else MISSING for own in bounds]


def _places(own: tuple[float, float], known: Sequence[tuple[float, float]]) -> str:
    best = 1 + sum(low > own[1] for low, _ in known)
    worst = len(known) - sum(high < own[0] for _, high in known)
    return str(best) if best == worst else f"{best}–{worst}"


def documents(results: Iterable[Results]) -> list[str]:
    """Return the documents that any of the runs saw, sorted."""
    return sorted({key for result in results for key in result.get("by_document") or {}})


def score_keys(results: Iterable[Results]) -> list[str]:
    """Return the scores that any of the runs has, in the order of ``METRICS``, then by name."""
    named = {key for result in results for key in scores_of(result)}
    return [key for key in BY_KEY if key in named] + sorted(named - set(BY_KEY))


def settings(results: Iterable[Results]) -> list[list[Results]]:
    """Return the runs in groups that answered the same reports under the same conditions.

    The largest comes first, and of equal ones in the order of splits and conditions.
    """
    groups: dict[tuple[str, ...], list[Results]] = {}
    for result in results:
        groups.setdefault(tuple(str(result.get(key)) for key in SETTING), []).append(result)

    def place(key: tuple[str, ...]) -> tuple[Any, ...]:
        first = groups[key][0]
        usual = (_index(SPLITS, first.get("split")), _index(CONDITIONS, first.get("condition")))
        return (-len(groups[key]), *usual, key)

    return [groups[key] for key in sorted(groups, key=place)]


def _index(known: Sequence[str], name: object) -> int:
    return known.index(name) if name in known else len(known)


def setting_title(result: Results) -> str:
    """Return what a run was asked, in words: task, split, condition and number of reports."""
    config = result.get("config")
    parts = [result.get("task"), result.get("split"), None if config == "all" else config, result.get("condition")]
    return " · ".join([*(str(part) for part in parts if part), f"{count(result['n'])} reports"])


def states(result: Results, name: str) -> int:
    """Return how many answers of a run ended in one state."""
    return int(number((result.get("states") or {}).get(name)) or 0)


def count(value: object) -> str:
    """Return a whole number with thousands separated, or the sign for a missing number."""
    found = number(value)
    return MISSING if found is None else f"{found:,.0f}"
