"""Field by field: studies as answered beside the studies of their references.

Every field of an answer and of its reference counts once. With ``A`` fields answered, ``R`` fields in
the reference and ``tp`` of them agreeing, ``fp = A - tp`` and ``fn = R - tp``: a wrong value is one
of each, an added field one ``fp``, a missed one one ``fn``; a field absent from both is none. A list
agrees as a whole, as a set: one missed focus or feature can change the category.

Lesions are paired one to one so that ``tp`` is largest (the assignment problem). That is what makes
the laws hold: a wrong field or lesion more adds to ``A`` alone, a value put right adds to ``tp``
under the old pairing already, and no order matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from multirads_hf.schema import Document
from multirads_hf.scoring.assign import FEW, pairings
from multirads_hf.scoring.book import Book, Numbers, book

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

Values = Mapping[str, Any]


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


@dataclass(frozen=True, slots=True)
class Rows:
    """Studies as rows of numbers: of each its exam, then its lesions.

    Attributes:
        numbers: by row and column, the numbers of a book; a row that says nothing last.
        starts: the row of each exam.
        lesions: how many lesions each study has.
    """

    numbers: NDArray[np.int32]
    starts: Integers
    lesions: Integers


class Stack:
    """Studies put one upon another, to be compared as one array. It holds numbers alone, so it is quick to fill.

    Attributes:
        unknown: how many entries of each study name no field.
    """

    def __init__(self) -> None:
        self.unknown: list[int] = []
        self._numbers: list[int] = []
        self._lengths: list[int] = []
        self._sizes: list[int] = []

    def add(self, rows: Sequence[Numbers], unknown: int = 0) -> None:
        """Add a study, from ``Coder.rows``."""
        for row in rows:
            self._numbers += row
            self._lengths.append(len(row))
        self._sizes.append(len(rows))
        self.unknown.append(unknown)

    def rows(self, places: Sequence[int]) -> Iterator[list[Numbers]]:
        """Yield the rows of some studies."""
        ends = [0, *accumulate(self._lengths)]
        first = [0, *accumulate(self._sizes)]
        for place in places:
            bounds = pairwise(ends[first[place] : first[place + 1] + 1])
            yield [self._numbers[start:end] for start, end in bounds]

    def array(self, known: Book, width: int) -> Rows:
        """Return all studies as an array of so many columns."""
        import numpy as np  # noqa: PLC0415

        numbers = np.array(self._numbers, dtype=np.int32)
        n = len(self._lengths)
        array = np.zeros((n + 1, width + 1), dtype=np.int32)
        # What says nothing goes into the last column, which is cut off.
        array[np.repeat(np.arange(n), self._lengths), known.columns()[numbers]] = numbers
        sizes = np.array(self._sizes)
        return Rows(array[:, :width], np.cumsum(sizes) - sizes, sizes - 1)


@dataclass(frozen=True, slots=True)
class Agreements:
    """Counts of fields over reports.

    Attributes:
        fields: true positives, false positives, false negatives by report and column, shape ``(n, columns, 3)``;
            entries that name no field are in no column.
        alike: whether both studies say the very same.
    """

    fields: NDArray[np.int32]
    alike: NDArray[np.bool_]


def read_study(document: Document, study: Mapping[str, Any], strict: bool = False) -> Reading:
    """Return what a study states, in canonical values. Never raises, whatever it holds."""
    known = book()
    return reading(known, *known.coder(document, strict).rows(study))


def reading(known: Book, rows: Sequence[Numbers], unknown: int) -> Reading:
    """Return what rows of numbers stand for."""
    exam, *lesions = ({known.name(number): known.values[number] for number in row if number} for row in rows)
    return Reading(exam, tuple(lesions), unknown)


def align(document: Document, given: Reading, expected: Reading, tolerance_mm: float) -> Agreement:
    """Count the fields on which two readings agree, under the best pairing of their lesions."""
    known = book()
    coder = known.coder(document)
    sides = []
    for own in (given, expected):
        stack = Stack()
        stack.add(coder.numbers(own.exam, own.lesions), own.unknown)
        sides.append(stack.array(known, len(coder.fields)))
    found = agreements(known, sides[0], sides[1], tolerance_mm).fields[0]
    found[-1, 1] = given.unknown
    return agreement(coder.fields, found)


def agreement(names: Sequence[str], fields: NDArray[np.int32]) -> Agreement:
    """Return the counts of one report as an object, fields that no side has left out."""
    tp, fp, fn = fields.sum(axis=0).tolist()
    return Agreement(tp, fp, fn, {n: tuple(own) for n, own in zip(names, fields.tolist(), strict=False) if any(own)})


def agreements(known: Book, given: Rows, expected: Rows, tolerance_mm: float) -> Agreements:
    """Count the fields on which studies agree, under the best pairing of their lesions.

    Args:
        known: the book of the numbers of both sides.
        given: the answers.
        expected: their references, of the same documents in the same order.
        tolerance_mm: lengths that differ by no more agree.
    """
    import numpy as np  # noqa: PLC0415

    pairs = 1 + np.maximum(given.lesions, expected.lesions)
    starts = np.cumsum(pairs) - pairs
    owners = np.repeat(np.arange(len(pairs)), pairs)
    places = np.arange(len(owners)) - starts[owners]
    beside = [np.where(places <= own.lesions[owners], own.starts[owners] + places, -1) for own in (given, expected)]
    _pair((given, expected), starts, beside, partial(same, known, tolerance_mm=tolerance_mm))
    one, other = given.numbers[beside[0]], expected.numbers[beside[1]]
    right = same(known, one, other, tolerance_mm)
    tp = _sums(right, starts)
    answered, wanted = (_sums(own.numbers[:-1] > 0, own.starts) for own in (given, expected))
    alike = np.logical_and.reduceat((one == other).all(axis=1), starts)
    return Agreements(np.stack([tp, answered - tp, wanted - tp], axis=2), alike)


def same(known: Book, one: NDArray[np.int32], other: NDArray[np.int32], tolerance_mm: float) -> NDArray[np.bool_]:
    """Return where two arrays of numbers, of the same fields, say the same; nothing agrees with nothing."""
    import numpy as np  # noqa: PLC0415

    one, other = np.broadcast_arrays(one, other)
    right: NDArray[np.bool_] = (one == other) & (other > 0)
    apart = np.nonzero((one != other) & (one > 0) & (other > 0))
    quantities = known.near()[other[apart]] > 0
    apart = tuple(places[quantities] for places in apart)
    distinct, which = np.unique(one[apart].astype(np.int64) << 32 | other[apart], return_inverse=True)
    agree = [known.same(pair >> 32, pair & 0xFFFFFFFF, tolerance_mm) for pair in distinct.tolist()]
    right[apart] = np.array(agree, dtype=bool)[which]
    return right


def _sums(flags: NDArray[np.bool_], starts: Integers) -> NDArray[np.int32]:
    """Return the sums of rows over each study, by column."""
    import numpy as np  # noqa: PLC0415

    so_far = np.cumsum(flags, axis=0, dtype=np.int32)
    sums: NDArray[np.int32] = so_far[np.append(starts[1:], len(flags)) - 1]
    sums[1:] -= so_far[starts[1:] - 1]
    return sums


def _pair(
    sides: tuple[Rows, Rows], starts: Integers, beside: Sequence[Integers], agree: Callable[..., NDArray[np.bool_]]
) -> None:
    """Put the rows of lesions beside each other in the best way, where there is more than one way."""
    import numpy as np  # noqa: PLC0415

    lesions = np.stack([side.lesions for side in sides])
    several = np.flatnonzero((lesions.min(axis=0) > 0) & (lesions.max(axis=0) > 1))
    shapes, which = np.unique(lesions[:, several], axis=1, return_inverse=True)
    for shape, (n, m) in enumerate(shapes.T.tolist()):
        own = several[which == shape]
        # Large tables are filled one by one, lest they fill the memory.
        for part in np.split(own, np.arange(1, len(own))) if max(n, m) > FEW else (own,):
            one, other = (
                side.numbers[side.starts[part, None] + 1 + np.arange(k)] for side, k in zip(sides, (n, m), strict=True)
            )
            pairs = pairings(agree(one[:, :, None], other[:, None]).sum(axis=3))
            slots = starts[part, None] + 1 + np.arange(max(n, m))
            for side, rows, place in zip(sides, beside, (0, 1), strict=True):
                found = pairs[..., place]
                rows[slots] = np.where(found >= 0, side.starts[part, None] + 1 + found, -1)
