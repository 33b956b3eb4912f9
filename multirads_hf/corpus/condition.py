"""When a statement of the lexicon may be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

ABSENT = "absent"


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

    def holds(self, study: Mapping[str, Any], lesion: Mapping[str, Any] | None) -> bool:
        """Judge by the lesion's own value, by the exam's, or by those of all lesions.

        Of all lesions, one with an allowed value is enough; forbidden values and numbers bind each.
        """
        found = self._found(study, lesion)
        if not self.values:
            return all(self.low <= value <= self.high for value in found)
        named = any(value in self.values for value in found) if found else ABSENT in self.values
        return named != self.excluded

    def _found(self, study: Mapping[str, Any], lesion: Mapping[str, Any] | None) -> list[Any]:
        if lesion is not None and self.field in lesion:
            return [lesion[self.field]]
        lesions = study.get("lesions") or ()
        if self.field == "lesions":
            return [("none", "one", "many")[min(len(lesions), 2)]]
        if self.field in study:
            return [study[self.field]]
        return [one[self.field] for one in lesions if self.field in one] if lesion is None else []
