"""What scoring returns: typed, with a flat form for ``evaluate`` and a nested one for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.parse import STATES

INVALID = "INVALID"
# A category with fewer reports is flagged: its interval spans some 0.6 and it moves macro-F1 as much as any other.
FEW_REPORTS = 10


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and its confidence interval; None where it does not exist.

    Attributes:
        value: the number, over the reports as they are.
        low: lower bound.
        high: upper bound.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, float | None]:
        """Return the three as a mapping."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the groups with the lowest and the highest value of a number are apart.

    Attributes:
        gap: the difference.
        lowest: the group with the lowest value.
        highest: the group with the highest.
        p_value: how likely chance makes a gap as wide, above 0; None where groups cannot be shuffled.
    """

    gap: float
    lowest: str
    highest: str
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class CategoryScores:
    """The scores of one category.

    Attributes:
        support: reports whose reference it is.
        called: answers that name it.
        right: answers that name it rightly.
        recall: the share of its reports that are answered rightly.
        precision: the share of its answers that are right.
        f1: the harmonic mean of the two.
    """

    support: int
    called: int
    right: int
    recall: Estimate
    precision: Estimate
    f1: float | None

    @property
    def few(self) -> bool:
        """Whether there are too few reports to say much of this category: fewer than ``FEW_REPORTS``."""
        return self.support < FEW_REPORTS

    def to_json(self) -> dict[str, Any]:
        """Return plain mappings."""
        counts = {"support": self.support, "called": self.called, "right": self.right, "few": self.few}
        return {**counts, "recall": self.recall.to_json(), "precision": self.precision.to_json(), "f1": self.f1}


@dataclass(frozen=True, slots=True)
class DocumentScores:
    """The scores of one document.

    Attributes:
        n: its reports, failed calls included.
        scores: estimates by metric.
        labels: categories of its references and answers in guideline order, then ``INVALID``.
        confusion: counts, rows the reference, columns the answer.
        under: valid answers of lower rank than the reference.
        over: valid answers of higher rank.
        faults: wrong categories by cause: ``reading``, ``reasoning``, ``both``.
        fields: ``tp``, ``fp``, ``fn`` and the estimate of F1, by field.
        parts: accuracy of each part of a composite label, of all answers.
        categories: the scores of every category of its references and answers.
    """

    n: int
    scores: Mapping[str, Estimate]
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    under: int
    over: int
    faults: Mapping[str, int]
    fields: Mapping[str, tuple[int, int, int, Estimate]]
    parts: Mapping[str, Estimate]
    categories: Mapping[str, CategoryScores] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain mappings and lists."""
        fields = {
            name: {"tp": tp, "fp": fp, "fn": fn, "f1": f1.value, "f1_low": f1.low, "f1_high": f1.high}
            for name, (tp, fp, fn, f1) in self.fields.items()
        }
        return {
            "n": self.n,
            "scores": {name: estimate.to_json() for name, estimate in self.scores.items()},
            "confusion": {"labels": list(self.labels), "counts": [list(row) for row in self.confusion]},
            "under": self.under,
            "over": self.over,
            "category_errors": dict(self.faults),
            "fields": fields,
            "parts": {name: estimate.to_json() for name, estimate in self.parts.items()},
            "categories": {code: scores.to_json() for code, scores in self.categories.items()},
        }


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a set of answers.

    Attributes:
        signature: how they came about, in one line.
        task: ``extraction`` or ``category``.
        n: reports, failed calls included.
        n_error: failed calls; no score counts them.
        states: answers by state, every state present.
        scores: estimates by metric, over all documents.
        by_document: the same and more, by document.
        by: the same by the groups asked for, such as ``{"system": {"lirads": ...}}``.
        gaps: the widest gaps between these groups, by breakdown and metric.
        faults: wrong categories by cause, over all documents: ``reading``, ``reasoning``, ``both``.
        shortcuts: the same scores of answers that read nothing, such as ``{"constant": ...}``.
        reports: the counts of every report, in the order given.
    """

    signature: str
    task: str
    n: int
    n_error: int
    states: Mapping[str, int]
    scores: Mapping[str, Estimate]
    by_document: Mapping[str, DocumentScores]
    by: Mapping[str, Mapping[str, Mapping[str, Estimate]]] = field(default_factory=dict)
    gaps: Mapping[str, Mapping[str, Gap]] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    shortcuts: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    reports: Sequence[Counts] = ()

    @property
    def few_reports(self) -> Mapping[str, tuple[str, ...]]:
        """The categories of each document that have reports, but fewer than ``FEW_REPORTS``; none, no document."""
        found = {
            key: tuple(code for code, own in scores.categories.items() if own.support and own.few)
            for key, scores in self.by_document.items()
        }
        return {key: codes for key, codes in found.items() if codes}

    def flat(self) -> dict[str, float]:
        """Return every number by a snake_case name, bounds as ``_low`` and ``_high``; none that does not exist."""
        numbers: dict[str, float] = {}
        for name, estimate in self.scores.items():
            given = ((name, estimate.value), (f"{name}_low", estimate.low), (f"{name}_high", estimate.high))
            numbers |= {key: value for key, value in given if value is not None}
        return {**numbers, "n": self.n, "n_error": self.n_error}

    def to_json(self) -> dict[str, Any]:
        """Return plain mappings and lists, as a results file holds them; what does not exist is None."""
        return {
            "signature": self.signature,
            "task": self.task,
            "n": self.n,
            "n_error": self.n_error,
            "states": {state: self.states.get(state, 0) for state in STATES},
            "scores": {name: estimate.to_json() for name, estimate in self.scores.items()},
            "by_document": {key: scores.to_json() for key, scores in self.by_document.items()},
            "by": {name: {key: _plain(scores) for key, scores in groups.items()} for name, groups in self.by.items()},
            "gaps": {name: {metric: asdict(gap) for metric, gap in found.items()} for name, found in self.gaps.items()},
            "category_errors": dict(self.faults),
            "few_reports": {key: list(codes) for key, codes in self.few_reports.items()},
            "shortcuts": {name: _plain(scores) for name, scores in self.shortcuts.items()},
        }


def _plain(scores: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    return {name: estimate.to_json() for name, estimate in scores.items()}
