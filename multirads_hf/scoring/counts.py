"""The sufficient counts of one report: all that any score, interval or test is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from multirads_hf import rads
from multirads_hf.errors import ScoringError, StudyError, allowed, shown
from multirads_hf.schema import Document
from multirads_hf.scoring.align import Agreement, Reading, agreement, read_study, reading
from multirads_hf.scoring.objects import loads
from multirads_hf.scoring.parse import VALID, Answer, Task, parse
from multirads_hf.scoring.values import TOLERANCE_MM, Reader, readers
from multirads_hf.scoring.vocabulary import Same

Fault = Literal["", "reading", "reasoning", "both"]
# Answers to the category task that are remembered: a label, alone or in a sentence.
SHORT_CHARS = 200
# States of answers that were read as an object, whatever its label.
READ = (*VALID, "unknown_category", "wrong_system")


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


def count(
    prediction: str | bytes | None,
    reference: str,
    *,
    task: Task = "extraction",
    strict: bool = False,
    tolerance_mm: float = TOLERANCE_MM,
    finish_reason: str | None = None,
    error: bool = False,
) -> Counts:
    """Return the counts of one answer against its reference.

    Args:
        prediction: raw text of the model; None where it gave none.
        reference: the dataset's ``extraction`` of the report.
        task: ``category`` compares labels alone.
        strict: neither repair nor aliases.
        tolerance_mm: lengths that differ by no more agree.
        finish_reason: why the model stopped, see ``parse``.
        error: the call failed; the answer is no answer.

    Raises:
        ScoringError: the reference is none, or the prediction is not text.
    """
    expected = read_reference(reference)
    document = expected.document
    if error:
        return Counts(document.key, "error", expected.category)
    if not isinstance(prediction, (str, bytes, type(None))):
        raise ScoringError(f"prediction: got {shown(prediction)}. Allowed: the model's text, or None.")
    if task == "category" and prediction is not None and len(prediction) <= SHORT_CHARS:
        answer = _short(prediction, Same(document), finish_reason, strict)
    else:
        answer = parse(prediction, document, task=task, finish_reason=finish_reason, strict=strict)
    if task == "category":
        return Counts(document.key, answer.state, expected.category, answer.category)
    return _extraction(answer, expected, strict, tolerance_mm)


def rule_category(document: Document, stated: Reading) -> str | None:
    """Return what the rule makes of answered findings, or None where it cannot use them.

    Fields that are unknown, wrong or out of range are left out.
    """
    known = readers(document)
    study = _usable(known.exam, stated.exam)
    if document.has_lesions:
        study["lesions"] = [_usable(known.lesion, values) for values in stated.lesions]
    try:
        # Every value is checked by now, one by one.
        return document.rule(study).category
    except StudyError:
        return None


def _extraction(answer: Answer, expected: Reference, strict: bool, tolerance_mm: float) -> Counts:
    document, label = expected.document, expected.category
    known = readers(document, strict)
    given = reading(known, answer.study)
    agreed = agreement(known, given, expected.reading, tolerance_mm)
    exact = answer.state in READ and not agreed.fp and not agreed.fn
    if answer.category is None:
        return Counts(document.key, answer.state, label, None, agreed, exact)
    ruled = expected.ruled if given == expected.reading else rule_category(document, given)
    consistent = ruled == answer.category
    fault: Fault = ""
    if answer.category != label:
        fault = "reading" if consistent or ruled is None else "reasoning" if ruled == label else "both"
    return Counts(document.key, answer.state, label, answer.category, agreed, exact, consistent, fault)


def _usable(known: Mapping[str, Reader], values: Mapping[str, Any]) -> dict[str, Any]:
    usable = {name: known[name].usable(value) for name, value in values.items()}
    return {name: value for name, value in usable.items() if value is not None}


@lru_cache(maxsize=8192)
def _short(text: str | bytes, key: Same[Document], finish_reason: str | None, strict: bool) -> Answer:
    """Return what a short answer to the category task says; the same few come again and again."""
    return parse(text, key.held, task="category", finish_reason=finish_reason, strict=strict)


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
    stated = read_study(document, study)
    return Reference(document, category, stated, rule_category(document, stated))


_EXPECTED = "Allowed: the dataset's extraction, a JSON object with document, category and the findings."
