"""The statements of a lexicon, and which of them a study allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf.corpus.condition import MOST_REMEMBERED
from multirads_hf.corpus.page import Piece


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One sentence of the lexicon.

    Attributes:
        fields: every field that it says.
        mask: the bits of these fields.
        asked: the bits of what must hold for it to be used: the values that it says in so many words, and more.
        pieces: what it prints.
        begun: whether it always prints a capital first letter by itself.
        nodes: the parsed template, for reading reports back.
        reserved: kept from all splits but test_unseen.
    """

    fields: frozenset[str]
    mask: int
    asked: int
    pieces: tuple[Piece, ...]
    begun: bool
    nodes: tuple[Any, ...]
    reserved: bool


class Candidates:
    """Statements for one purpose: those of this split, and the others as a last resort.

    Attributes:
        own: statements of this split.
        rest: the others.
    """

    __slots__ = ("_asked", "_greedy", "_remembered", "_said", "own", "rest")

    def __init__(self, statements: Sequence[Statement], unseen: bool, greedy: bool) -> None:
        self.own = tuple(s for s in statements if s.reserved == unseen)
        self.rest = tuple(s for s in statements if s.reserved != unseen)
        self._greedy, self._asked, self._said = greedy, 0, 0
        for statement in statements:
            self._asked |= statement.asked
            self._said |= statement.mask
        self._remembered: dict[tuple[int, int], tuple[Statement, ...]] = {}

    def fit(self, met: int, left: int) -> tuple[Statement, ...]:
        """Return the statements that can be said.

        Args:
            met: the bits of all conditions that hold.
            left: the bits of the fields that may be said.
        """
        key = (met & self._asked, left & self._said)
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = self._fit(self.own, *key) or self._fit(self.rest, *key)
        return found

    def _fit(self, group: tuple[Statement, ...], met: int, left: int) -> tuple[Statement, ...]:
        fit = tuple(s for s in group if not (s.asked & ~met or s.mask & ~left))
        if self._greedy and fit:
            most = max(s.mask.bit_count() for s in fit)
            fit = tuple(s for s in fit if s.mask.bit_count() == most)
        return fit


@dataclass(frozen=True, slots=True)
class Pool:
    """The statements that one voice has for one place of the report.

    Attributes:
        saying: field -> statements that say it.
        said: the bits of these fields.
        fillers: statements that say no field.
        plain: statements of any kind.
    """

    saying: Mapping[str, Candidates]
    said: int
    fillers: Candidates
    plain: Candidates
