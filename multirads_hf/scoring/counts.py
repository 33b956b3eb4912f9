"""The sufficient counts of one report: all that any score, interval or test is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from multirads_hf import rads
from multirads_hf.errors import ScoringError, StudyError, allowed, shown
from multirads_hf.schema import Document
from multirads_hf.scoring.align import Agreement, Reading, reading
from multirads_hf.scoring.book import Book, Numbers, book
from multirads_hf.scoring.objects import loads

Fault = Literal["", "reading", "reasoning", "both"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a perfect answer says: the document, its label, its findings, and what the rule makes of these."""

    document: Document
    category: str
    reading: Reading
    ruled: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What one answer counts for.

    Attributes:
        document: key of the document.
        state: one of ``STATES``; ``error`` is left out of every score.
        expected: category of the reference.
        given: category of the answer, or None.
        agreement: fields that agree and that do not; None where the task is the category.
        exact: every finding is right and none is added.
        consistent: the answered category is what the rule makes of the answered findings.
        fault: why a valid category is wrong. ``reading``: it follows from the answered findings, or
            the rule cannot use them. ``reasoning``: the findings lead to the right one. ``both``.
    """

    document: str
    state: str
    expected: str
    given: str | None = None
    agreement: Agreement | None = None
    exact: bool = False
    consistent: bool = False
    fault: Fault = ""

    @property
    def valid(self) -> bool:
        """Whether the answer names one of the document's categories."""
        return self.given is not None

    @property
    def correct(self) -> bool:
        """Whether it names the right one."""
        return self.given == self.expected

    def to_json(self) -> dict[str, Any]:
        """Return a plain mapping: state, categories, and the counts of fields where there are any."""
        own = {"document": self.document, "state": self.state, "expected": self.expected, "given": self.given}
        if self.agreement is None:
            return own
        counted = {"tp": self.agreement.tp, "fp": self.agreement.fp, "fn": self.agreement.fn}
        return {**own, **counted, "exact": self.exact, "consistent": self.consistent, "fault": self.fault}


def read_reference(text: object) -> Reference:
    """Return what a reference says.

    Args:
        text: the dataset's ``extraction``: JSON with ``document``, ``category`` and the findings.

    Raises:
        ScoringError: it is not that; the message says what is allowed.
    """
    if not isinstance(text, str):
        raise ScoringError(f"got {shown(text)}. Allowed: the dataset's extraction, a JSON string.")
    return _reference(text)


def rule_category(document: Document, stated: Reading) -> str | None:
    """Return what the rule makes of answered findings, or None where it cannot use them.

    Fields that are unknown, wrong or out of range are left out.
    """
    known = book()
    return ruled(known, document, known.coder(document).numbers(stated.exam, stated.lesions))


def ruled(known: Book, document: Document, rows: Sequence[Numbers]) -> str | None:
    """Return what ``rule_category`` does, of a study as rows of a book's numbers."""
    names, usable = known.names, known.usable
    studies: list[dict[str, Any]] = [{names[number]: usable[number] for number in row} for row in rows]
    for own in studies:
        own.pop("", None)
    study = studies[0]
    if document.has_lesions:
        study["lesions"] = studies[1:]
    try:
        # Every value is checked by now, one by one.
        return document.rule(study).category
    except StudyError:
        return None


@lru_cache(maxsize=8192)
def _reference(text: str) -> Reference:
    try:
        study = loads(text)
    except (ValueError, RecursionError) as error:
        raise ScoringError(f"got {shown(text)}, which is not JSON ({error}). {_EXPECTED}") from None
    if not isinstance(study, dict) or not {"document", "category"} <= set(study):
        raise ScoringError(f"got {shown(text)}. {_EXPECTED}")
    key, category = study["document"], study["category"]
    if key not in rads.keys():
        raise ScoringError(f"document: got {shown(key)}. {allowed(key, rads.keys())}")
    document = rads.get(key)
    if category not in document.codes:
        raise ScoringError(f"category of {key}: got {shown(category)}. {allowed(category, document.codes)}")
    for problem in document.problems(study):
        raise ScoringError(f"{key}: {problem}")
    known = book()
    rows, unknown = known.coder(document).rows(study)
    return Reference(document, category, reading(known, rows, unknown), ruled(known, document, rows))


_EXPECTED = "Allowed: the dataset's extraction, a JSON object with document, category and the findings."
