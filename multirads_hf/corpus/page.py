"""The page that a report is written on: its pieces of text, and which of them say a fact."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import Any

from multirads_hf.draw import Draw
from multirads_hf.schema import Field, Study

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
MM_PER_CM = 10
# Numbers that are spoken with a vowel first: eight, eighty-one, eleven, eighteen.
_EIGHT = re.compile(r"8|1[18](?!\d)")
# Words that are written with a vowel and spoken with a consonant first.
CONSONANTS = ("unif", "unil", "uniq", "unit", "univ", "use", "uterine", "uterus", "ureter", "urothelial", "euro", "one")
_PLACE = itemgetter("start", "end")
JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


Words = Mapping[str, Mapping[Any, tuple[str, ...]]]
_NO_WORDS: Mapping[Any, tuple[str, ...]] = {}
Operation = Callable[["Page"], None]
# A text, a choice of texts, or something that prints.
Piece = str | tuple[str, ...] | Operation


@dataclass(frozen=True, slots=True)
class Written:
    """A report, the bodies of its sections, and where it says what.

    Attributes:
        report: the whole text.
        marks: section -> start and end of its body in the report, both 0 where it is left out.
        facts: ``{lesion, field, value, unit, start, end}``, ordered by ``start``.
    """

    report: str
    marks: dict[str, tuple[int, int]]
    facts: list[dict[str, Any]]

    @property
    def sections(self) -> dict[str, str]:
        """The body of each of ``SECTIONS``, empty where it is left out."""
        return {name: self.report[start:end] for name, (start, end) in self.marks.items()}


@dataclass(frozen=True, slots=True)
class Printed:
    """A category to be printed in the impression.

    Attributes:
        category: the label.
        words: ``code`` as it is printed, ``system, management`` and the parts of the label.
        draw: a stream of its own, so that the rest reads the same without it.
    """

    category: str
    words: Mapping[str, str]
    draw: Draw


class Page:
    """Pieces of text in order, and spans over them.

    Attributes:
        parts: the pieces; the report is their concatenation.
        spans: (first piece, one past the last piece, lesion or -1, field).
        random: the stream of draws for wording.
        unit: ``mm`` or ``cm``, the unit of this report.
        words: field -> value -> its phrases.
        lesion: place of the lesion being written, -1 at exam level.
    """

    __slots__ = ("exam", "lesion", "parts", "random", "spans", "study", "unit", "words", "world")

    def __init__(
        self, random: Callable[[], float], study: Study, world: Mapping[str, str], unit: str, words: Words
    ) -> None:
        self.parts: list[str] = []
        self.spans: list[tuple[int, int, int, str]] = []
        self.random, self.world, self.unit, self.words = random, world, unit, words
        self.exam: Study = study
        self.study: Study = study
        self.lesion = -1

    def turn(self, lesion: int) -> None:
        """Write from now on about a lesion by its place, or about the exam (-1)."""
        self.lesion = lesion
        self.study = self.exam if lesion < 0 else self.exam["lesions"][lesion]

    def word(self, name: str) -> str:
        """Return a word from outside the study."""
        if name == "unit":
            return self.unit
        if name == "n":
            return NUMBERS[min(len(self.exam.get("lesions", ())), len(NUMBERS) - 1)]
        return self.world[name]

    def phrase(self, field: str, value: Any) -> str:
        """Return one of the phrases of a value, or the value itself in words."""
        options = self.words.get(field, _NO_WORDS).get(value)
        return options[int(self.random() * len(options))] if options else str(value).replace("_", " ")

    def put(self, pieces: tuple[Piece, ...]) -> None:
        """Print pieces one after the other."""
        parts, random = self.parts, self.random
        for piece in pieces:
            kind = type(piece)
            if kind is str:
                parts.append(piece)  # type: ignore[arg-type]
            elif kind is tuple:
                parts.append(piece[int(random() * len(piece))])  # type: ignore[index, arg-type]
            else:
                piece(self)  # type: ignore[operator]

    def capital(self, start: int) -> None:
        """Give what was printed from piece ``start`` on a capital first letter."""
        parts = self.parts
        while not parts[start]:
            start += 1
        first = parts[start] if parts[start] != "\0" else _settle(parts, start)
        parts[start] = first[0].upper() + first[1:]

    def text(self) -> tuple[str, list[int]]:
        """Return the report and, for each piece, the offset at which it starts (and the end)."""
        parts = self.parts
        if "\0" in parts:
            for place, part in enumerate(parts):
                if part == "\0":
                    _settle(parts, place)
        return "".join(parts), list(accumulate(map(len, parts), initial=0))


def _settle(parts: list[str], place: int) -> str:
    following = next((p.lstrip() for p in parts[place + 1 :] if p.strip()), "")
    eight = _EIGHT.match(following) is not None
    vowel = following[:1].lower() in "aeiou" and not following.lower().startswith(CONSONANTS)
    parts[place] = "an" if vowel or eight else "a"
    return parts[place]


def article(page: Page) -> None:
    """Print an indefinite article that is settled once the next piece is known."""
    page.parts.append("\0")


def length(value: float, unit: str, step: float = 1) -> str:
    """Return millimetres as text in ``mm`` or ``cm``, as exact as ``step`` mm, never losing a digit."""
    tenths = step < 1 or value != int(value)
    if unit == "mm":
        return f"{value:.1f}" if tenths else f"{value:.0f}"
    return f"{value / MM_PER_CM:.2f}" if tenths else f"{value / MM_PER_CM:.1f}"


def decimal(value: float, step: float = 1) -> str:
    """Return a number that is no length with the decimals of ``step``, or with more where it has more."""
    plain = f"{value:g}"
    places = max(len(text.partition(".")[2]) for text in (plain, f"{step:g}"))
    return f"{value:.{places}f}"


def facts(page: Page, offsets: list[int], fields: Mapping[str, Field]) -> list[dict[str, Any]]:
    """Return what the report says and where: ``{lesion, field, value, unit, start, end}``, in order."""
    found, study = [], page.exam
    for first, last, lesion, field in page.spans:
        value = (study if lesion < 0 else study["lesions"][lesion])[field]
        found.append({"lesion": lesion, "field": field, "value": _json(value), "unit": fields[field].unit,
                      "start": offsets[first], "end": offsets[last]})  # fmt: skip
    found.sort(key=_PLACE)
    return found


def _json(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return JSON(value) if isinstance(value, list) else repr(value)
