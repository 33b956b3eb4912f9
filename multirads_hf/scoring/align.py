"""Field by field: a study as answered beside the study of the reference.

Every field of an answer and of its reference counts once. With ``A`` fields answered, ``R`` fields in
the reference and ``tp`` of them agreeing, ``fp = A - tp`` and ``fn = R - tp``: a wrong value is one
of each, an added field one ``fp``, a missed one one ``fn``; a field absent from both is none. A list
agrees as a whole, as a set: one missed focus or feature can change the category.

Lesions are paired one to one so that ``tp`` is largest (the assignment problem). That is what makes
the laws hold: a wrong field or lesion more adds to ``A`` alone, a value put right adds to ``tp``
under the old pairing already, and no order matters. Among equally good pairings the one counts that
keeps lesions, sorted by what they hold, nearest to their place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from multirads_hf.schema import NOT_FINDINGS, Document
from multirads_hf.scoring.values import VALUE_CHARS, Reader, readers
from multirads_hf.scoring.vocabulary import Same, squash

Values = Mapping[str, Any]
UNKNOWN = "(unknown)"
LESION = "lesions."


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical values of one study.

    Attributes:
        exam: exam-level values by field.
        lesions: lesion-level values by field, of lesions that say anything, sorted by what they hold.
        unknown: how many entries name no field.
    """

    exam: Values
    lesions: tuple[Values, ...]
    unknown: int = 0

    @property
    def size(self) -> int:
        """The number of fields that it states, unknown ones included."""
        return len(self.exam) + sum(map(len, self.lesions)) + self.unknown


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of fields over one report.

    Attributes:
        tp: fields that agree.
        fp: fields answered that the reference has not, or otherwise.
        fn: fields of the reference that the answer has not, or otherwise.
        fields: ``(tp, fp, fn)`` by field; a lesion's as ``lesions.size_mm``.
    """

    tp: int = 0
    fp: int = 0
    fn: int = 0
    fields: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


def read_study(document: Document, study: Mapping[str, Any], strict: bool = False) -> Reading:
    """Return what a study states, in canonical values. Never raises, whatever it holds."""
    exam, lesion = readers(document, strict)
    derived = _derived(Same(document))
    top = {name: value for name, value in study.items() if name not in NOT_FINDINGS and name not in derived[0]}
    listed = top.pop("lesions", None) if document.has_lesions else None
    values, unknown = _read(top, exam, strict)
    if isinstance(listed, Mapping) and not strict:
        listed = [listed]
    lesions: list[Values] = []
    for given in listed if isinstance(listed, list) else [listed] if listed else []:
        if not isinstance(given, Mapping):
            unknown += given is not None
            continue
        known, others = _read({n: v for n, v in given.items() if n not in derived[1]}, lesion, strict)
        lesions += [known] if known else []
        unknown += others
    return Reading(values, tuple(sorted(lesions, key=_sorting)), unknown)


def align(document: Document, given: Reading, expected: Reading, tolerance_mm: float) -> Agreement:
    """Count the fields on which two readings agree, under the best pairing of their lesions."""
    exam, lesion = readers(document)
    tp, fp, fn = _agreeing(exam, given.exam, expected.exam, tolerance_mm), list(given.exam), list(expected.exam)
    for one, other in _pairs(lesion, given.lesions, expected.lesions, tolerance_mm):
        tp += [LESION + name for name in _agreeing(lesion, one, other, tolerance_mm)]
    fp += [LESION + name for values in given.lesions for name in values] + [UNKNOWN] * given.unknown
    fn += [LESION + name for values in expected.lesions for name in values]
    right, answered, wanted = Counter(tp), Counter(fp), Counter(fn)
    fields = {
        name: (right[name], answered[name] - right[name], wanted[name] - right[name])
        for name in dict.fromkeys((*wanted, *answered))
    }
    return Agreement(len(tp), given.size - len(tp), expected.size - len(tp), fields)


def _read(given: Mapping[str, Any], known: Mapping[str, Reader], strict: bool) -> tuple[Values, int]:
    """Return values by field, and how many entries name no field or one that is named already.

    Case, spaces, hyphens and underscores of a name make no difference unless ``strict``.
    """
    values: dict[str, Any] = {}
    unknown = 0
    for name in sorted(given, key=lambda name: (name not in known, name)):
        meant = name if name in known else None if strict else _near(known, name)
        value = known[meant].read(given[name]) if meant else given[name]
        if meant and meant not in values:
            values |= {} if value is None else {meant: value}
        else:
            unknown += value is not None and value not in ("", [], {})
    return values, unknown


def _near(known: Mapping[str, Reader], name: str) -> str | None:
    bare = squash(name[:VALUE_CHARS])
    return next((field for field in known if squash(field) == bare), None)


def _agreeing(known: Mapping[str, Reader], given: Values, expected: Values, tolerance_mm: float) -> list[str]:
    return [
        name for name, value in expected.items() if name in given and known[name].same(given[name], value, tolerance_mm)
    ]


def _pairs(
    known: Mapping[str, Reader], given: Sequence[Values], expected: Sequence[Values], tolerance_mm: float
) -> Iterable[tuple[Values, Values]]:
    if len(given) <= 1 and len(expected) <= 1:
        return zip(given, expected, strict=False)
    if not given or not expected:
        return ()
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    agreements = np.array([[len(_agreeing(known, g, e, tolerance_mm)) for e in expected] for g in given], dtype=float)
    places = np.subtract.outer(np.arange(len(given)), np.arange(len(expected))) ** 2.0
    # Any one agreement outweighs every difference of places.
    weight = 1.0 + places.max() * min(len(given), len(expected))
    rows, columns = linear_sum_assignment(agreements * weight - places, maximize=True)
    return [(given[row], expected[column]) for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]


@lru_cache(maxsize=64)
def _derived(key: Same[Document]) -> tuple[frozenset[str], frozenset[str]]:
    levels = (key.held.exam_fields, key.held.lesion_fields)
    exam, lesion = (frozenset(name for name, f in level.items() if f.derived) for level in levels)
    return exam, lesion


def _sorting(values: Values) -> list[tuple[str, str]]:
    return sorted((name, repr(value)) for name, value in values.items())
