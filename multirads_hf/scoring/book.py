"""Numbers for values, so that studies are compared as arrays: equal numbers of one field are equal values.

A study becomes rows of numbers: one of its exam, then one a lesion that says anything. What a value means
is asked of its field's reader once; from then on it is looked up.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from multirads_hf.schema import NOT_FINDINGS, Document
from multirads_hf.scoring.level import Level, Place, key_of
from multirads_hf.scoring.values import Reader
from multirads_hf.scoring.vocabulary import Same

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Numbers = list[int]
UNKNOWN = "(unknown)"
LESION = "lesions."
# Lesions whose place in the order is remembered.
SORTED = 2_048
# A book with more numbers gives way to a new one.
FULL = 50_000


class Book:
    """The values met so far by number, and the coders that look them up.

    Attributes:
        values: canonical value by number, None for 0, the number of what says nothing.
        places: the field of each.
        names: name of each as the rule knows it, empty where the rule cannot use the value.
        usable: value of each as the rule knows it.
        shown: name and value as text, which orders lesions.
    """

    def __init__(self) -> None:
        self.values: list[Any] = [None]
        self.places: list[Place | None] = [None]
        self.names: list[str] = [""]
        self.usable: list[Any] = [None]
        self.shown: list[str] = [""]
        self._columns, self._near = array("q", [-1]), array("b", [0])
        self._numbers: dict[tuple[Same[Document], int, Any], int] = {}
        self._coders: dict[tuple[Same[Document], bool], Coder] = {}
        self._same: dict[tuple[float, int, int], bool] = {}
        self._lock = Lock()

    @property
    def full(self) -> bool:
        """Whether there are so many numbers that a new book is due."""
        return len(self.values) > FULL or len(self._same) > FULL

    def coder(self, document: Document, strict: bool = False) -> Coder:
        """Return what reads studies of a document; made once."""
        key = (Same(document), strict)
        return self._coders.get(key) or self._coders.setdefault(key, Coder(self, document, strict))

    def columns(self) -> NDArray[np.int64]:
        """Return the column of every number; the last one for 0."""
        import numpy as np  # noqa: PLC0415

        with self._lock:
            return np.array(self._columns)

    def near(self) -> NDArray[np.int8]:
        """Return by number whether another value may agree with it: that of a quantity."""
        import numpy as np  # noqa: PLC0415

        with self._lock:
            return np.array(self._near)

    def number(self, place: Place, value: Any) -> int:
        """Return the number of a canonical value of a field."""
        key = (place.document, place.column, value)
        with self._lock:
            number = self._numbers.get(key)
            if number is None:
                field, usable = place.reader.field, place.reader.usable(value)
                self.values.append(value)
                self.places.append(place)
                self.names.append("" if usable is None else field.name)
                self.usable.append(usable)
                self.shown.append(repr((field.name, value)))
                self._near.append(isinstance(value, float | tuple) and not field.values)
                self._columns.append(place.column)
                number = self._numbers[key] = len(self.values) - 1
        return number

    def name(self, number: int) -> str:
        """Return the name of a number's field."""
        place = self.places[number]
        return place.reader.field.name if place else ""

    def same(self, given: int, expected: int, tolerance_mm: float) -> bool:
        """Return whether two quantities of one field agree."""
        key = (tolerance_mm, given, expected)
        found = self._same.get(key)
        if found is None:
            place = self.places[given]
            found = place is not None and place.reader.same(self.values[given], self.values[expected], tolerance_mm)
            self._same[key] = found
        return found


class Coder:
    """Reads the studies of one document as rows of numbers.

    Attributes:
        document: whose studies.
        fields: names of the columns; a lesion's as ``lesions.size_mm``, entries that name no field last.
    """

    def __init__(self, book: Book, document: Document, strict: bool) -> None:
        self.document, self._book, self._strict = document, book, strict
        self._has_lesions = document.has_lesions
        self._sorting = lru_cache(maxsize=SORTED)(self._shown)
        key = Same(document)
        scored = [f for f in (*document.exam_fields.values(), *document.lesion_fields.values()) if not f.derived]
        self.fields = (*(f.name if f.level == "exam" else LESION + f.name for f in scored), UNKNOWN)
        self.exam, self.lesion = (
            Level(
                {f.name: Place(key, at, Reader(f, strict)) for at, f in enumerate(scored) if f.level == level}, silent
            )
            for level, silent in (
                ("exam", (*NOT_FINDINGS, *(name for name, f in document.exam_fields.items() if f.derived))),
                ("lesion", tuple(name for name, f in document.lesion_fields.items() if f.derived)),
            )
        )

    def rows(self, study: Mapping[str, Any]) -> tuple[list[Numbers], int]:
        """Return the numbers of the exam and of each lesion, these sorted by what they hold, and of unknown entries.

        Never raises, whatever the study holds.
        """
        listed = study.get("lesions") if self._has_lesions else None
        if listed is not None:
            study = {**study}
            del study["lesions"]
        exam, unknown = self._read(study, self.exam)
        lesions: list[Numbers] = []
        for given in listed if isinstance(listed, list) else [listed] if listed else []:
            if not isinstance(given, (dict, Mapping)):
                unknown += given is not None
                continue
            read, others = self._read(given, self.lesion)
            unknown += others
            if any(read):
                lesions.append(read)
        if len(lesions) > 1:
            lesions.sort(key=lambda numbers: self._sorting(tuple(numbers)))
        return [exam, *lesions], unknown

    def numbers(self, exam: Mapping[str, Any], lesions: Iterable[Mapping[str, Any]]) -> list[Numbers]:
        """Return the rows of canonical values."""
        levels = ((exam, self.exam), *((values, self.lesion) for values in lesions))
        return [
            [self._book.number(level.places[name], value) for name, value in values.items()] for values, level in levels
        ]

    def _shown(self, numbers: tuple[int, ...]) -> str:
        shown = self._book.shown
        return f"[{', '.join(sorted([shown[number] for number in numbers if number]))}]"

    def _read(self, given: Mapping[str, Any], level: Level) -> tuple[Numbers, int]:
        """Return the numbers of values, and how many entries name no field or one that is named already."""
        known = level.known
        try:
            # The key of ``key_of``, spelled out for most values.
            return [
                known[name][
                    value if (kind := value.__class__) is str else key_of(value) if kind is list else (kind, value)
                ]
                for name, value in given.items()
            ], 0
        except (KeyError, TypeError):
            return self._read_anew(given, level)

    def _read_anew(self, given: Mapping[str, Any], level: Level) -> tuple[Numbers, int]:
        """Read values as ``_read``, whatever they are and however their names are spelled.

        Case, spaces, hyphens and underscores of a name make no difference unless ``strict``.
        """
        numbers: dict[str, int] = {}
        unknown = 0
        for name in sorted(given, key=lambda name: (name not in level.places, name)):
            if name in level.silent:
                continue
            value = given[name]
            meant = name if name in level.places else None if self._strict else level.near(name)
            if meant is None or meant in numbers:
                unknown += value is not None and value not in ("", [], {})
            elif number := level.number(meant, value, self._book.number):
                numbers[meant] = number
        return list(numbers.values()), unknown


@lru_cache(maxsize=1)
def _in_use() -> Book:
    return Book()


def book() -> Book:
    """Return the book in use; one that is full gives way to a new one."""
    if _in_use().full:
        _in_use.cache_clear()
    return _in_use()
