"""One finding: its name, its type, what is allowed, and how people write it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from multirads_hf.errors import allowed

Kind = Literal["enum", "bool", "int", "float", "list", "text"]


@dataclass(frozen=True, slots=True)
class Field:
    """One finding: its name, type, level, allowed values or range, and how people write it.

    Attributes:
        values: the allowed values of an ``enum`` or of the members of a ``list``.
        unit: unit of a number, for example ``mm`` or ``months``.
        low: smallest allowed number, included.
        high: largest allowed number, included.
        step: resolution of a number as reports print it (1 or 0.1).
        aliases: value -> other ways of writing it, for normalising answers.
        default: what the rule takes a missing field for; None where it has no default.
        derived: computed by the rule from other fields: accepted in a study, never sampled,
            never written, never scored.
    """

    name: str
    kind: Kind
    about: str
    level: Literal["exam", "lesion"] = "exam"
    values: tuple[str, ...] = ()
    unit: str = ""
    low: float = 0
    high: float = 10_000
    step: float = 1
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    default: Any = None
    derived: bool = False

    def problem(self, value: object) -> str | None:
        """Return what is wrong with ``value`` for this field, or None when it is allowed."""
        return _PROBLEMS[self.kind](self, value)

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of this field's value, null allowed."""
        return {"description": self.about, **_SCHEMAS[self.kind](self)}


def _enum_problem(own: Field, value: object) -> str | None:
    return None if value in own.values else allowed(value, own.values)


def _bool_problem(_: Field, value: object) -> str | None:
    return None if isinstance(value, bool) else "Allowed: true, false."


def _number_problem(own: Field, value: object) -> str | None:
    whole = own.kind == "int"
    good = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if good and math.isfinite(value) and own.low <= value <= own.high:  # type: ignore[arg-type, operator]
        return None
    return (
        f"Allowed: {'a whole number' if whole else 'a number'} from {own.low:g} to {own.high:g} {own.unit}".rstrip()
        + "."
    )


def _list_problem(own: Field, value: object) -> str | None:
    if not isinstance(value, list):
        return f"Allowed: a list of {', '.join(own.values) or 'values'}."
    if own.values:
        wrong = [v for v in value if v not in own.values]
        return allowed(wrong[0], own.values) if wrong else None
    return (
        None
        if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in value)
        else "Allowed: a list of numbers."
    )


def _text_problem(_: Field, value: object) -> str | None:
    return None if isinstance(value, str) and value else "Allowed: a non-empty string."


_PROBLEMS: dict[str, Callable[[Field, object], str | None]] = {
    "enum": _enum_problem, "bool": _bool_problem, "int": _number_problem, "float": _number_problem,
    "list": _list_problem, "text": _text_problem,
}  # fmt: skip
_SCHEMAS: dict[str, Callable[[Field], dict[str, Any]]] = {
    "enum": lambda own: {"enum": [*own.values, None]},
    "bool": lambda _: {"type": ["boolean", "null"]},
    "int": lambda own: {"type": ["integer", "null"], "minimum": own.low, "maximum": own.high},
    "float": lambda own: {"type": ["number", "null"], "minimum": own.low, "maximum": own.high},
    "list": lambda own: {
        "type": ["array", "null"],
        "items": {"enum": list(own.values)} if own.values else {"type": "number"},
    },
    "text": lambda _: {"type": ["string", "null"]},
}
