"""When a statement of the lexicon may be used: conditions, and the ones that a study meets as bits of a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from multirads_hf.schema import Study

ABSENT = "absent"
COUNTS = ("none", "one", "many")
# Answers that are remembered for one field or one list of statements; then they start anew, so that memory stays flat.
MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Condition:
    """When a statement or a block may be used.

    Attributes:
        field: a field, or ``lesions`` (``none``, ``one``, ``many``).
        values: allowed values, ``absent`` for a field that is not in the study.
        excluded: the values are forbidden instead.
        low: smallest allowed number, where ``values`` is empty.
        high: largest allowed number, where ``values`` is empty.
    """

    field: str
    values: tuple[Any, ...]
    excluded: bool = False
    low: float = -inf
    high: float = inf

    def allows(self, found: tuple[Any, ...]) -> bool:
        """Judge by the values that a study has of the field.

        One allowed value is enough; forbidden values and numbers bind each.
        """
        if not self.values:
            return all(self.low <= value <= self.high for value in found)
        named = any(value in self.values for value in found) if found else ABSENT in self.values
        return named != self.excluded


class Terms:
    """All conditions that a lexicon asks in one voice, each a bit: of the exam, or of the lesion that is spoken of."""

    __slots__ = ("_bits", "_by_field", "_lists", "_remembered", "_unsaid")

    def __init__(self, lists: Iterable[str]) -> None:
        self._bits: dict[str, int] = {}
        self._by_field: dict[str, list[tuple[int, Condition]]] = {}
        self._remembered: dict[str, dict[Any, int]] = {}
        self._lists = frozenset(lists)
        # The bits that hold of fields without a value.
        self._unsaid = 0

    def bits(self, conditions: Iterable[Condition]) -> int:
        """Return the bits of conditions; new conditions are added."""
        found = 0
        for condition in conditions:
            name = repr(condition)
            if name not in self._bits:
                self._bits[name] = 1 << len(self._bits)
                self._by_field.setdefault(condition.field, []).append((self._bits[name], condition))
                self._remembered[condition.field] = {}
                self._unsaid |= self._bits[name] if condition.allows(()) else 0
            found |= self._bits[name]
        return found

    def met(self, study: Study, lesion: Mapping[str, Any] | None) -> int:
        """Return the bits of all conditions that hold.

        A condition judges by the lesion's own value, else by the exam's, else, when the exam is spoken of, by
        the values of all lesions.

        Args:
            study: the study.
            lesion: the lesion that is spoken of, None for the exam.
        """
        lesions = study.get("lesions") or ()
        own = {**study, **(lesion or {}), "lesions": COUNTS[min(len(lesions), len(COUNTS) - 1)]}
        found = {field: (value,) for field, value in own.items()}
        for one in lesions if lesion is None else ():
            for field, value in one.items():
                if field not in own:
                    found[field] = (*found.get(field, ()), value)
        met = self._unsaid
        for field, values in found.items():
            remembered = self._remembered.get(field)
            if remembered is not None:
                key: object = repr(values) if field in self._lists else values
                bits = remembered.get(key)
                met ^= self._judged(field, key, values) if bits is None else bits
        return met

    def _judged(self, field: str, key: object, values: tuple[Any, ...]) -> int:
        """Return and remember the bits of a field's conditions that hold differently than without a value."""
        remembered = self._remembered[field]
        if len(remembered) >= MOST_REMEMBERED:
            remembered.clear()
        differing = (bit for bit, one in self._by_field[field] if one.allows(values) != one.allows(()))
        remembered[key] = sum(differing)
        return remembered[key]
