"""Choose which statements of a voice say the findings of a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multirads_hf.corpus.condition import holds
from multirads_hf.corpus.lexicon import Pool, Statement, Voice
from multirads_hf.draw import Draw
from multirads_hf.schema import Study

Ranked = tuple[tuple[Statement, ...], ...]
# Remembered choices of one voice; more are forgotten, so that memory stays flat.
MOST_REMEMBERED = 20_000


class Chooser:
    """Draws statements for one study.

    Attributes:
        study: what is found.
        draw: the stream of draws for the wording.
        voice: the lexicon in the voice of the writer.
        greedy: whether the statement that says most at once is preferred.
    """

    __slots__ = ("draw", "greedy", "study", "voice")

    def __init__(self, study: Study, draw: Draw, voice: Voice, greedy: bool) -> None:
        self.study, self.draw, self.voice, self.greedy = study, draw, voice, greedy

    def about_exam(self, pool: Pool, left: dict[str, None]) -> list[Statement]:
        """Choose statements until every exam-level field in ``left`` that the pool can say is said."""
        chosen = []
        for field in list(left):
            if field in left and field in pool.saying:
                fit = self._fit(pool.saying[field], left, None)
                if fit:
                    chosen.append(self._drawn(fit, left))
        return chosen

    def about_lesion(self, lesion: Mapping[str, Any], left: dict[str, None]) -> list[Statement]:
        """Choose an opening and then statements until every field in ``left`` that can be said is said."""
        state = self.voice.state(self.study, lesion)
        pools = self.voice.pools
        fit = self._remembered(pools["opening"].plain, left, lesion, state)
        chosen = [self._drawn(fit, left)] if fit else []
        saying = pools["lesion"].saying
        for field in list(left):
            if field in left and field in saying:
                fit = self._remembered(saying[field], left, lesion, state)
                if fit:
                    chosen.append(self._drawn(fit, left))
        return chosen

    def summary(self, lesion: Mapping[str, Any]) -> Statement | None:
        """Choose the line of the impression about a lesion."""
        ranked = self.voice.pools["impression"].plain
        fit = self._remembered(ranked, dict.fromkeys(lesion), lesion, self.voice.state(self.study, lesion))
        return self.draw.pick(fit) if fit else None

    def fillers(self, pool: Pool, least: int, most: int) -> list[Statement]:
        """Choose ``least`` to ``most`` distinct statements that say no finding and contradict none."""
        random = self.draw.random
        wanted = least + int(random() * (most - least + 1))
        if not wanted:
            return []
        left = list(pool.fillers)
        found: list[Statement] = []
        while left and len(found) < wanted:
            statement = left.pop(int(random() * len(left)))
            if not statement.where or holds(statement.where, self.study, None):
                found.append(statement)
        return found

    def _drawn(self, fit: tuple[Statement, ...], left: dict[str, None]) -> Statement:
        statement = fit[int(self.draw.random() * len(fit))]
        for said in statement.fields:
            del left[said]
        return statement

    def _remembered(
        self, ranked: Ranked, left: dict[str, None], lesion: Mapping[str, Any], state: tuple[Any, ...]
    ) -> tuple[Statement, ...]:
        remembered = self.voice.remembered
        key = (id(ranked), *left, *state)
        fit = remembered.get(key)
        if fit is None:
            if len(remembered) >= MOST_REMEMBERED:
                remembered.clear()
            fit = remembered[key] = self._fit(ranked, left, lesion)
        return fit

    def _fit(self, ranked: Ranked, left: dict[str, None], lesion: Mapping[str, Any] | None) -> tuple[Statement, ...]:
        """Return the statements that say only fields in ``left`` and whose conditions hold."""
        found, study = self.study if lesion is None else lesion, self.study
        for statements in ranked:
            fit = [s for s in statements if s.fields.issubset(left) and _true(s, found, study, lesion)]
            if fit and self.greedy:
                most = max([len(s.fields) for s in fit])
                fit = [s for s in fit if len(s.fields) == most]
            if fit:
                return tuple(fit)
        return ()


def _true(statement: Statement, found: Study, study: Study, lesion: Mapping[str, Any] | None) -> bool:
    for field, value in statement.needs:
        if found[field] != value:
            return False
    return not statement.where or holds(statement.where, study, lesion)
