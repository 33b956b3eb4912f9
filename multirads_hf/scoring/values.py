"""What a field's value says: aliases, units and spellings brought to the document's own values.

A value that is none of the field's is ``Wrong``: it is present and matches nothing. None, an empty
string, an empty list and words such as *not mentioned* say nothing: the field counts as absent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from multirads_hf.schema import Field
from multirads_hf.scoring.spellings import ABSENT_WORDS, spellings
from multirads_hf.scoring.vocabulary import squash

# Half of the last digit that reports print: "1.9 cm" may stand for anything from 18.5 to 19.5 mm.
TOLERANCE_MM = 0.5
# Room for the binary fractions of decimals.
EPSILON = 1e-6
NUMBER = re.compile(
    r"(?:about|approx\.?|approximately|ca\.?|~|≈)?\s*([+-]?\d{1,9}(?:[.,]\d{1,6})?)\s*([a-zµ%/³²0-9]{0,12})\.?",
    re.IGNORECASE,
)
# What one of a written unit is in the field's unit.
SCALES: Mapping[str, Mapping[str, float]] = {
    "mm": {"mm": 1, "millimeter": 1, "millimeters": 1, "millimetre": 1, "millimetres": 1, "cm": 10, "centimeters": 10},
    "cm": {"cm": 1, "mm": 0.1},
    "months": {"months": 1, "month": 1, "mo": 1, "mos": 1, "m": 1, "years": 12, "year": 12, "y": 12, "yr": 12},
    "years": {"years": 1, "year": 1, "y": 1, "yr": 1, "yrs": 1, "months": 1 / 12},
    "%": {"%": 1, "percent": 1, "pct": 1},
}
# What one millimetre is in the unit of a field; only lengths have a tolerance.
LENGTHS: Mapping[str, float] = {"mm": 1.0, "cm": 0.1}
MEMBERS, DIMENSIONS = re.compile(r"[,;]"), re.compile(r"\s*(?:[;x×*]|by|,\s)\s*", re.IGNORECASE)
# More of a value is not looked at; the longest one is a short phrase.
VALUE_CHARS = 200
NUMBER_CHARS = 40
LARGEST = 1e300


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """A value that the field does not allow; equal to nothing but itself."""

    shown: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads and compares the values of one field.

    Attributes:
        field: the field.
        strict: take the field's own values and types alone.
    """

    field: Field
    strict: bool

    def read(self, value: object) -> Any:
        """Return the canonical value, ``Wrong``, or None where the value says nothing.

        Enums and texts are strings, booleans bool, numbers float, lists sorted tuples.
        """
        if isinstance(value, str) and value in self.field.values and self.field.kind == "enum":
            return value
        if value is None or value == [] or (isinstance(value, str) and self._says_nothing(value)):
            return None
        return self._list(value) if self.field.kind == "list" else self._one(value)

    def same(self, given: Any, expected: Any, tolerance_mm: float) -> bool:
        """Return whether two canonical values agree; lengths within ``tolerance_mm``."""
        if isinstance(given, float) and isinstance(expected, float):
            return abs(given - expected) <= tolerance_mm * LENGTHS.get(self.field.unit, 0.0) + EPSILON
        if isinstance(given, tuple) and isinstance(expected, tuple) and not self.field.values:
            pairs = zip(given, expected, strict=False)
            near = all(
                isinstance(g, float) and isinstance(e, float) and self.same(g, e, tolerance_mm) for g, e in pairs
            )
            return near and len(given) == len(expected)
        return bool(given == expected) and not isinstance(given, Wrong)

    def usable(self, value: Any) -> Any:
        """Return a canonical value as a study holds it, or None where the rule cannot use it."""
        if isinstance(value, Wrong) or self.field.kind == "text":
            return None
        written = list(value) if isinstance(value, tuple) else value
        if self.field.kind == "int" and isinstance(written, float) and written.is_integer():
            written = int(written)
        return written if self.field.problem(written) is None else None

    def _says_nothing(self, value: str) -> bool:
        bare = squash(value[:VALUE_CHARS])
        return not value.strip() or (not self.strict and bare in ABSENT_WORDS and bare not in spellings(self.field))

    def _one(self, value: object) -> Any:
        kind = "enum" if self.field.values else "float" if self.field.kind == "list" else self.field.kind
        found = _READ[kind](self, value)
        return Wrong(_brief(value)) if found is None else found

    def _list(self, value: object) -> Any:
        members = value if isinstance(value, list) else None if self.strict else self._members(value)
        if members is None:
            return Wrong(_brief(value))
        read = [self._one(member) for member in members if member is not None]
        if not self.field.values:
            return tuple(sorted(read, key=_numbers_first)) or None
        # A list of named values is a set: neither order nor repetition has a meaning.
        distinct = {repr(member): member for member in read}
        return tuple(distinct[name] for name in sorted(distinct)) or None

    def _members(self, value: object) -> list[object] | None:
        """Return the members that a value means which is no list: itself, or what separators part."""
        if not isinstance(value, str):
            return [value] if isinstance(value, (int, float)) else None
        if self.field.values:
            parts = MEMBERS.split(value[:VALUE_CHARS])
            return [value] if not isinstance(self._one(value), Wrong) else list(parts)
        sizes = DIMENSIONS.split(value[:VALUE_CHARS].strip())
        unit = re.sub(r"[\d.,\s]+", "", sizes[-1])
        return [size if re.search(r"[a-z]", size, re.IGNORECASE) else f"{size} {unit}" for size in sizes]


def _enum(own: Reader, value: object) -> str | None:
    if isinstance(value, str) and value in own.field.values:
        return value
    if own.strict or not isinstance(value, (str, int, float)):
        return None
    text = f"{value:g}" if isinstance(value, float) else _short(value)
    return spellings(own.field).get(squash(text))


def _bool(own: Reader, value: object) -> bool | None:
    if isinstance(value, bool) or own.strict or not isinstance(value, (str, int)):
        return value if isinstance(value, bool) else None
    said = spellings(own.field).get(squash(_short(value)))
    return None if said is None else said == "true"


def _number(own: Reader, value: object) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # Zero has one sign, lest equal lesions be sorted apart.
        return float(value) + 0.0 if abs(value) < LARGEST and math.isfinite(value) else None
    if own.strict or not isinstance(value, str) or len(value) > NUMBER_CHARS:
        return None
    match = NUMBER.fullmatch(value.strip())
    if match is None:
        return None
    unit, scales = match[2].lower(), SCALES.get(own.field.unit, {own.field.unit.lower(): 1.0})
    scale = scales.get(unit) if unit else 1.0
    return None if scale is None else round(float(match[1].replace(",", ".")) * scale, 6) + 0.0


def _text(_: Reader, value: object) -> str | None:
    return squash(_short(value)) or None if isinstance(value, str) else None


_READ: Mapping[str, Callable[[Reader, object], Any]] = {
    "enum": _enum, "bool": _bool, "int": _number, "float": _number, "text": _text,
}  # fmt: skip


def _short(value: str | int) -> str:
    return value[:VALUE_CHARS] if isinstance(value, str) else str(value) if abs(value) < LARGEST else ""


def _numbers_first(value: object) -> tuple[bool, float, str]:
    return (not isinstance(value, float), value if isinstance(value, float) else 0.0, repr(value))


def _brief(value: object) -> str:
    """Return a short text that is the same for equal values, whatever they hold."""
    return f"{type(value).__name__}:{value[:NUMBER_CHARS] if isinstance(value, str) else ''}"
