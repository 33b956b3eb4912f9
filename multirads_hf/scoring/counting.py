"""Answers beside their references, many at once: the one way in which counts come about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from multirads_hf.errors import ScoringError, shown
from multirads_hf.schema import Document
from multirads_hf.scoring.align import Stack, agreements
from multirads_hf.scoring.book import Coder, book
from multirads_hf.scoring.counts import Counts, read_reference, ruled
from multirads_hf.scoring.expected import Expected, expected_at, expected_of
from multirads_hf.scoring.parse import STATES, VALID, Answer, Task, parse
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.tally import ERROR, FAULTS, Tally, joined, places
from multirads_hf.scoring.values import TOLERANCE_MM
from multirads_hf.scoring.vocabulary import Same

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Prediction = str | bytes | None
# Reports that are counted at once.
AT_ONCE = 4_096
# Answers to the category task that are remembered: a label, alone or in a sentence.
SHORT_CHARS = 200
# States of answers that were read as an object, whatever its label.
STATE = {state: place for place, state in enumerate(STATES)}
READ = tuple(map(STATES.index, (*VALID, "unknown_category", "wrong_system")))
NO_ANSWER = Answer("error")


def count(
    prediction: Prediction,
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
    read_reference(reference)
    expected = expected_of(book(), (reference,))
    if not (isinstance(prediction, (str, bytes)) or prediction is None or error):
        raise _no_text(prediction, "prediction")
    settings = Settings(task, strict, tolerance_mm)
    return _tally([prediction], expected, settings, [finish_reason], [error])[0]


def counts_of(
    predictions: Sequence[Prediction],
    references: Sequence[str],
    settings: Settings | None = None,
    finish_reasons: Sequence[str | None] = (),
    errors: Sequence[bool] = (),
) -> Sequence[Counts]:
    """Return the counts of each answer, which ``score_counts`` turns into scores.

    Args:
        predictions: what the model wrote for each report.
        references: the dataset's ``extraction`` of each report.
        settings: task, strictness and tolerance.
        finish_reasons: why the model stopped, a report each, or nothing.
        errors: True where the call failed, a report each, or nothing.

    Raises:
        ScoringError: a prediction that is no text, a reference that is none; the message names the place.
    """
    own = settings or Settings()
    reasons, failed = finish_reasons or [None] * len(references), errors or [False] * len(references)
    for place, (text, error) in enumerate(zip(predictions, failed, strict=True)):
        if not (isinstance(text, (str, bytes)) or text is None or error):
            raise _no_text(text, f"predictions[{place}]")
    parts = []
    for start in range(0, len(references), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        expected = expected_at(book(), references[part], start)
        parts.append(_tally(predictions[part], expected, own, reasons[part], failed[part]))
    return joined(parts) if parts else ()


def _tally(
    predictions: Sequence[Prediction],
    expected: Expected,
    settings: Settings,
    reasons: Sequence[str | None],
    errors: Sequence[bool],
) -> Tally:
    import numpy as np  # noqa: PLC0415

    coders = [expected.book.coder(document, settings.strict) for document in expected.documents]
    columns = ([column[place] for place in expected.order] for column in (predictions, reasons, errors))
    read = _read(zip(expected.document.tolist(), *columns, strict=True), coders, settings)
    n, width = len(read.state), expected.rows.numbers.shape[1]
    extraction = settings.task == "extraction"
    fields, ruling = np.zeros((n, width, 3), dtype=np.int32), np.full(n, -1)
    if extraction:
        fields, ruling = _compared(read, expected, coders, settings.tolerance_mm)
    consistent, fault = _judged(read.given, expected.category, ruling)
    totals = fields.sum(axis=1, dtype=np.int32)
    counted = (read.state != ERROR) & extraction
    return Tally(
        keys=tuple(document.key for document in expected.documents),
        names=tuple(coder.fields for coder in coders),
        document=expected.document,
        state=read.state,
        expected=expected.category,
        given=read.given,
        counted=counted,
        totals=totals,
        fields=fields,
        exact=counted & np.isin(read.state, READ) & ~totals[:, 1:].any(axis=1),
        consistent=consistent,
        fault=fault * extraction,
    ).take(expected.back)


class _Read(NamedTuple):
    """Answers as arrays: place of each state and of each category, -1 for none, and the findings."""

    state: Integers
    given: Integers
    findings: Stack


def _read(
    answers: Iterable[tuple[int, Prediction, str | None, bool]], coders: Sequence[Coder], settings: Settings
) -> _Read:
    import numpy as np  # noqa: PLC0415

    codes = [places(coder.document.key) for coder in coders]
    state, given, findings = [], [], Stack()
    extraction, strict = settings.task == "extraction", settings.strict
    for place, text, reason, error in answers:
        coder = coders[place]
        if error:
            name, category, study = NO_ANSWER
        elif extraction:
            name, category, study = parse(text, coder.document, finish_reason=reason, strict=strict)
        else:
            name, category, study = _label(text, coder.document, reason, strict)
        state.append(STATE[name])
        given.append(codes[place][category])
        if extraction:
            findings.add(*coder.rows(study))
    return _Read(np.array(state), np.array(given), findings)


def _compared(
    read: _Read, expected: Expected, coders: Sequence[Coder], tolerance_mm: float
) -> tuple[NDArray[np.int32], Integers]:
    """Return the counts of fields, and the category that the rule makes of the findings; -1 where there is none."""
    import numpy as np  # noqa: PLC0415

    known = expected.book
    found = agreements(known, read.findings.array(known, expected.rows.numbers.shape[1]), expected.rows, tolerance_mm)
    fields = found.fields
    last = np.array([len(coder.fields) - 1 for coder in coders])[expected.document]
    fields[np.arange(len(fields)), last, 1] = read.findings.unknown
    fields[read.state == ERROR] = 0
    ruling = np.where(found.alike, expected.ruled, -1)
    asked = np.flatnonzero((read.given >= 0) & ~found.alike)
    codes = [places(document.key) for document in expected.documents]
    ruling[asked] = [
        codes[own][ruled(known, expected.documents[own], rows)]
        for own, rows in zip(expected.document[asked].tolist(), read.findings.rows(asked.tolist()), strict=True)
    ]
    return fields, ruling


def _judged(given: Integers, expected: Integers, ruling: Integers) -> tuple[NDArray[np.bool_], Integers]:
    """Return where a category is what the rule gives, and why a wrong one is wrong, by place in ``FAULTS``."""
    import numpy as np  # noqa: PLC0415

    valid, consistent = given >= 0, (given >= 0) & (ruling == given)
    causes = ((consistent | (ruling < 0), "reading"), (ruling == expected, "reasoning"))
    why = np.select([own for own, _ in causes], [FAULTS.index(name) for _, name in causes], FAULTS.index("both"))
    return consistent, np.where(valid & (given != expected), why, 0)


def _label(text: Prediction, document: Document, finish_reason: str | None, strict: bool) -> Answer:
    if text is not None and len(text) <= SHORT_CHARS:
        return _short(text, Same(document), finish_reason, strict)
    return parse(text, document, task="category", finish_reason=finish_reason, strict=strict)


@lru_cache(maxsize=8192)
def _short(text: str | bytes, key: Same[Document], finish_reason: str | None, strict: bool) -> Answer:
    """Return what a short answer to the category task says; the same few come again and again."""
    return parse(text, key.held, task="category", finish_reason=finish_reason, strict=strict)


def _no_text(given: object, where: str) -> ScoringError:
    return ScoringError(f"{where}: got {shown(given)}. Allowed: the model's text, or None.")
