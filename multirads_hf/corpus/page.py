"""The page that a report is written on: its pieces of text, and which of them say a fact."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

from multirads_hf.schema import Field, Study

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
NUMBERS = ("no", "one", "two", "three", "four", "five", "six")
MM_PER_CM = 10
JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Page:
    """Pieces of text in order, and spans over them.

    Attributes:
        parts: the pieces; the report is their concatenation.
        spans: (first piece, one past the last piece, lesion or -1, field).
        random: the stream of draws for wording.
        unit: ``mm`` or ``cm``, the unit of this report.
        lesion: place of the lesion being written, -1 at exam level.
    """

    __slots__ = ("exam", "lesion", "parts", "random", "spans", "study", "unit", "world")

    def __init__(self, random: Callable[[], float], study: Study, world: Mapping[str, str], unit: str) -> None:
        self.parts: list[str] = []
        self.spans: list[tuple[int, int, int, str]] = []
        self.random, self.world, self.unit = random, world, unit
        self.exam: Study = study
        self.study: Study = study
        self.lesion = -1

    def turn(self, lesion: int) -> None:
        """Write from now on about a lesion by its place, or about the exam (-1)."""
        self.lesion = lesion
        self.study = self.exam if lesion < 0 else self.exam["lesions"][lesion]

    def word(self, name: str) -> str:
        """Return a word from outside the study."""
        if name == "month":
            return MONTHS[int(self.random() * 12)]
        if name == "unit":
            return self.unit
        if name == "n":
            return NUMBERS[min(len(self.exam.get("lesions", ())), len(NUMBERS) - 1)]
        return self.world[name]

    def sentence(self, operations: tuple[Callable[[Page], None], ...]) -> None:
        """Print one statement, its first letter capital."""
        parts = self.parts
        start = len(parts)
        for operation in operations:
            operation(self)
        first = parts[start]
        while not first:
            start += 1
            first = parts[start]
        if first == "\0":
            first = _settle(parts, start)
        if first[0].islower():
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
    eight = following.startswith(("8", "11 ", "11-", "18 ", "18-", "18.", "11."))
    parts[place] = "an" if following[:1].lower() in "aeiou" or eight else "a"
    return parts[place]


def article(page: Page) -> None:
    """Print an indefinite article that is settled once the next piece is known."""
    page.parts.append("\0")


def number(page: Page, low: float, high: float, decimals: int) -> str:
    """Return a random number from ``low`` to ``high`` that is no finding."""
    scale = 10**decimals
    drawn = int(low * scale + page.random() * ((high - low) * scale + 1))
    return f"{drawn / scale:.{decimals}f}"


def length(value: float, unit: str) -> str:
    """Return millimetres as text in ``mm`` or ``cm``, never losing a digit."""
    if unit == "mm":
        return f"{value:g}"
    return f"{value / MM_PER_CM:.1f}" if value == int(value) else f"{value / MM_PER_CM:.2f}"


def facts(page: Page, report: str, offsets: list[int], fields: Mapping[str, Field]) -> list[dict[str, Any]]:
    """Return what the report says and where: ``{lesion, field, value, unit, start, end}``, in order."""
    found, study = [], page.exam
    for first, last, lesion, field in page.spans:
        start, end = offsets[first], offsets[last]
        while report[start] == " ":
            start += 1
        value = (study if lesion < 0 else study["lesions"][lesion])[field]
        found.append({"lesion": lesion, "field": field, "value": _json(value), "unit": fields[field].unit,
                      "start": start, "end": end})  # fmt: skip
    found.sort(key=_place)
    return found


def _json(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return JSON(value) if isinstance(value, list) else repr(value)


def _place(fact: Mapping[str, Any]) -> tuple[int, int]:
    return fact["start"], fact["end"]
