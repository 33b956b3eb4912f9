"""Field by field: a study as answered beside the study of the reference.

Every field of an answer and of its reference counts once. With ``A`` fields answered, ``R`` fields in
the reference and ``tp`` of them agreeing, ``fp = A - tp`` and ``fn = R - tp``: a wrong value is one
of each, an added field one ``fp``, a missed one one ``fn``; a field absent from both is none. A list
agrees as a whole, as a set: one missed focus or feature can change the category.

Lesions are paired one to one so that ``tp`` is largest (the assignment problem). That is what makes
the laws hold: a wrong field or lesion more adds to ``A`` alone, a value put right adds to ``tp``
under the old pairing already, and no order matters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from multirads_hf.schema import Document
from multirads_hf.scoring.assign import assignment
from multirads_hf.scoring.values import VALUE_CHARS, Reader, Readers, readers
from multirads_hf.scoring.vocabulary import squash

Values = Mapping[str, Any]
UNKNOWN = "(unknown)"
LESION = "lesions."
# Types whose values have a hash.
PLAIN = frozenset((str, int, float, bool))
# What one field counts for: (tp, fp, fn).
RIGHT, WRONG, MISSED, ADDED = (1, 0, 0), (0, 1, 1), (0, 0, 1), (0, 1, 0)


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
    return reading(readers(document, strict), study)


def reading(known: Readers, study: Mapping[str, Any]) -> Reading:
    """Return what a study states, read by the readers of its document. See ``read_study``."""
    top = _without(study, known.left_out)
    listed = top.get("lesions") if known.has_lesions else None
    if listed is not None:
        top = {name: value for name, value in top.items() if name != "lesions"}
    values, unknown = _read(top, known.exam, known.strict)
    if isinstance(listed, Mapping) and not known.strict:
        listed = [listed]
    lesions: list[Values] = []
    for given in listed if isinstance(listed, list) else [listed] if listed else []:
        if not isinstance(given, Mapping):
            unknown += given is not None
            continue
        read, others = _read(_without(given, known.derived), known.lesion, known.strict)
        lesions += [read] if read else []
        unknown += others
    return Reading(values, tuple(sorted(lesions, key=_sorting) if len(lesions) > 1 else lesions), unknown)


def align(document: Document, given: Reading, expected: Reading, tolerance_mm: float) -> Agreement:
    """Count the fields on which two readings agree, under the best pairing of their lesions."""
    return agreement(readers(document), given, expected, tolerance_mm)


def agreement(known: Readers, given: Reading, expected: Reading, tolerance_mm: float) -> Agreement:
    """Count the fields on which two readings agree, compared by the readers of their document. See ``align``."""
    fields: dict[str, tuple[int, int, int]] = {}
    tp = _count(fields, "", known.exam, given.exam, expected.exam, tolerance_mm=tolerance_mm)
    for one, other in _pairs(known.lesion, given.lesions, expected.lesions, tolerance_mm):
        tp += _count(fields, LESION, known.lesion, one, other, tolerance_mm=tolerance_mm)
    if given.unknown:
        fields[UNKNOWN] = (0, given.unknown, 0)
    return Agreement(tp, given.size - tp, expected.size - tp, fields)


def _count(
    fields: dict[str, tuple[int, int, int]],
    level: str,
    known: Mapping[str, Reader],
    given: Values,
    expected: Values,
    *,
    tolerance_mm: float,
) -> int:
    """Add the counts of one exam or of one pair of lesions to those of ``fields``; return how many agree."""
    tp = shared = 0
    for name, value in expected.items():
        outcome = MISSED
        if name in given:
            shared += 1
            # Canonical values that are equal agree; others may be near.
            right = given[name] == value or known[name].same(given[name], value, tolerance_mm)
            outcome = RIGHT if right else WRONG
            tp += right
        key = level + name
        fields[key] = _sum(fields[key], outcome) if key in fields else outcome
    for name in given if shared < len(given) else ():
        if name not in expected:
            key = level + name
            fields[key] = _sum(fields[key], ADDED) if key in fields else ADDED
    return tp


def _sum(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def _read(given: Mapping[str, Any], known: Mapping[str, Reader], strict: bool) -> tuple[Values, int]:
    """Return values by field, and how many entries name no field or one that is named already.

    Case, spaces, hyphens and underscores of a name make no difference unless ``strict``.
    """
    values: dict[str, Any] = {}
    unknown = 0
    exact = given.keys() <= known.keys()
    for name in given if exact else sorted(given, key=lambda name: (name not in known, name)):
        value = given[name]
        meant = name if name in known else None if strict else _near(known, name)
        if meant is None or meant in values:
            unknown += value is not None and value not in ("", [], {})
            continue
        reader = known[meant]
        found = reader.remembered.get((value.__class__, value)) if value.__class__ in PLAIN else None
        found = reader.read(value) if found is None else found
        if found is not None:
            values[meant] = found
    return values, unknown


def _near(known: Mapping[str, Reader], name: str) -> str | None:
    bare = squash(name[:VALUE_CHARS])
    return next((field for field in known if squash(field) == bare), None)


def _agreeing(known: Mapping[str, Reader], given: Values, expected: Values, tolerance_mm: float) -> int:
    return sum(
        name in given and (given[name] == value or known[name].same(given[name], value, tolerance_mm))
        for name, value in expected.items()
    )


def _pairs(
    known: Mapping[str, Reader], given: Sequence[Values], expected: Sequence[Values], tolerance_mm: float
) -> Iterator[tuple[Values, Values]]:
    """Yield lesions of the answer beside those of the reference; those left over beside nothing."""
    if len(given) <= 1 and len(expected) <= 1:
        yield from zip_longest(given, expected, fillvalue={})
        return
    paired: Mapping[int, int] = {}
    if given and expected:
        paired = dict(assignment([[_agreeing(known, g, e, tolerance_mm) for e in expected] for g in given]))
    for place, one in enumerate(given):
        yield one, expected[paired[place]] if place in paired else {}
    met = set(paired.values())
    yield from (({}, other) for place, other in enumerate(expected) if place not in met)


def _without(given: Values, names: frozenset[str]) -> Values:
    return given if names.isdisjoint(given) else {name: value for name, value in given.items() if name not in names}


def _sorting(values: Values) -> str:
    return repr(sorted(values.items()))
