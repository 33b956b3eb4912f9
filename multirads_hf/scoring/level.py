"""The fields of one level of a document, exam or lesion, and the numbers of the spellings met so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from multirads_hf.schema import Document
from multirads_hf.scoring.values import VALUE_CHARS, Reader
from multirads_hf.scoring.vocabulary import Same, squash

# The number of what says nothing.
NOTHING = 0
# Spellings of one field, and names of fields, that are remembered; beyond these they are read anew.
REMEMBERED = 2_000


class Place(NamedTuple):
    """A field of a document: the document, its column, and what reads it."""

    document: Same[Document]
    column: int
    reader: Reader


class _Silent(dict[Any, int]):
    """The numbers of a field that is not scored: whatever it holds says nothing."""

    def __missing__(self, _: object) -> int:
        return NOTHING


class Level:
    """The fields of an exam or of a lesion.

    Attributes:
        places: the scored fields.
        silent: names that are not scored.
        known: number by spelling, by name.
    """

    def __init__(self, places: Mapping[str, Place], silent: Iterable[str]) -> None:
        self.places, self.silent = places, frozenset(silent)
        self.known: dict[str, dict[Any, int]] = {name: {} for name in places} | {name: _Silent() for name in silent}
        self._spelled = {squash(name): name for name in reversed([*places])}
        self._met: dict[str, str | None] = {}

    def number(self, name: str, value: object, numbered: Callable[[Place, Any], int]) -> int:
        """Return the number of a value, whatever it is, and remember it.

        Args:
            name: of the field.
            value: as answered.
            numbered: gives the number of a canonical value.
        """
        place, known = self.places[name], self.known[name]
        try:
            key = key_of(value)
            if key in known:
                return known[key]
        except TypeError:
            key = None
        found = place.reader.read(value)
        number = NOTHING if found is None else numbered(place, found)
        short = len(value if isinstance(value, (str, list)) else "") < VALUE_CHARS
        if key is not None and short and len(known) < REMEMBERED:
            known[key] = number
        return number

    def near(self, name: str) -> str | None:
        """Return the field that a name means in another spelling."""
        if name not in self._met:
            found = self._spelled.get(squash(name[:VALUE_CHARS]))
            if len(self._met) >= REMEMBERED or len(name) > VALUE_CHARS:
                return found
            self._met[name] = found
        return self._met[name]


def key_of(value: object) -> object:
    """Return what a value is remembered by. One and True are equal and hash alike, so the type is part of it.

    Raises:
        TypeError: it cannot be remembered: a mapping, or a list that holds one.
    """
    kind = value.__class__
    if kind is str:
        return value
    return (kind, *value, *map(type, value)) if isinstance(value, list) else (kind, value)
