"""The statements of a lexicon, and which of them a study allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf.corpus.condition import Condition
from multirads_hf.corpus.page import Piece
from multirads_hf.schema import Study

# Answers that one list of candidates remembers; then it starts anew, so that memory stays flat.
MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the lexicon.

    Attributes:
        fields: every field that it says.
        mask: the bits of these fields.
        needs: (field, value) that it says in so many words.
        where: what else must hold for it to be used.
        pieces: what it prints.
        begun: whether it always prints a capital first letter by itself.
        nodes: the parsed template, for reading reports back.
        reserved: kept from all splits but test_unseen.
    """

    fields: frozenset[str]
    mask: int
    needs: tuple[tuple[str, Any], ...]
    where: tuple[Condition, ...]
    pieces: tuple[Piece, ...]
    begun: bool
    nodes: tuple[Any, ...]
    reserved: bool

    def true(self, study: Study, lesion: Mapping[str, Any] | None) -> bool:
        """Return whether it can be said of a lesion, or (no lesion) of the exam."""
        found = study if lesion is None else lesion
        if any(found.get(field) != value for field, value in self.needs):
            return False
        return all(condition.holds(study, lesion) for condition in self.where)


Masked = tuple[tuple[int, Statement], ...]


def _masked(statements: Iterable[Statement]) -> Masked:
    return tuple((statement.mask, statement) for statement in statements)


class Candidates:
    """Statements for one purpose: those of this split, and the others as a last resort."""

    __slots__ = ("_always", "_decisive", "_judged", "_remembered", "own", "rest")

    def __init__(
        self, statements: Sequence[Statement], unseen: bool, exam_fields: Collection[str], lesion: bool
    ) -> None:
        self.own = tuple(s for s in statements if s.reserved == unseen)
        self.rest = tuple(s for s in statements if s.reserved != unseen)
        wheres = [condition for s in statements for condition in s.where]
        plain = [c.field for c in wheres if c.values and (lesion or c.field in exam_fields or c.field == "lesions")]
        self._decisive = tuple(dict.fromkeys([*plain, *(field for s in statements for field, _ in s.needs)]))
        self._judged = tuple({repr(c): c for c in wheres if not c.values or c.field not in self._decisive}.values())
        self._always = None if self._decisive or self._judged else (_masked(self.own), _masked(self.rest))
        self._remembered: dict[Any, tuple[Masked, Masked]] = {}

    def true(self, flat: Mapping[str, Any], study: Study, lesion: Mapping[str, Any] | None) -> tuple[Masked, Masked]:
        """Return the statements that can be said with the bits of their fields, own ones first.

        Args:
            flat: the study as ``flattened`` gives it, which decides most conditions.
            study: the study.
            lesion: the lesion that is spoken of, None for the exam.
        """
        if self._always:
            return self._always
        get = flat.get
        key: Any = tuple([get(field) for field in self._decisive])
        if self._judged:
            key = (key, tuple([c.holds(study, lesion) for c in self._judged]))
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            own, rest = ((s for s in group if s.true(study, lesion)) for group in (self.own, self.rest))
            found = self._remembered[key] = (_masked(own), _masked(rest))
        return found


def flattened(study: Study, lesion: Mapping[str, Any] | None, lists: Sequence[str]) -> dict[str, Any]:
    """Return the exam-level values, over them those of a lesion, lists as text, and how many lesions there are."""
    flat = {**study, **lesion} if lesion else dict(study)
    flat["lesions"] = ("none", "one", "many")[min(len(study.get("lesions") or ()), 2)]
    for name in lists:
        if name in flat:
            flat[name] = "+".join(map(str, flat[name]))
    return flat


@dataclass(frozen=True, slots=True)
class Pool:
    """The statements that one voice has for one place of the report.

    Attributes:
        saying: field -> statements that say it.
        fillers: statements that say no field.
        plain: statements of any kind.
    """

    saying: Mapping[str, Candidates]
    fillers: Candidates
    plain: Candidates
