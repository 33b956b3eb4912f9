"""Choose which statements of a voice say the findings of a study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multirads_hf.corpus.lexicon import Voice
from multirads_hf.corpus.statement import Candidates, Pool, Statement, flattened
from multirads_hf.draw import Draw
from multirads_hf.schema import Study

Lesion = Mapping[str, Any]


class Chooser:
    """Draws statements for one study.

    Attributes:
        study: what is found.
        draw: the stream of draws for the wording.
        voice: the lexicon in the voice of the writer.
        greedy: whether the statement that says most at once is preferred.
    """

    __slots__ = ("_flat", "_flat_lesions", "draw", "greedy", "study", "voice")

    def __init__(self, study: Study, draw: Draw, voice: Voice, greedy: bool) -> None:
        self.study, self.draw, self.voice, self.greedy = study, draw, voice, greedy
        self._flat = flattened(study, None, voice.lists)
        self._flat_lesions = [flattened(study, lesion, voice.lists) for lesion in study.get("lesions") or ()]

    def about_exam(self, pool: Pool, left: dict[str, None]) -> list[Statement]:
        """Choose statements until every exam-level field in ``left`` that the pool can say is said."""
        return self._cover(pool.saying, left, self._flat, None)

    def about_lesion(self, place: int, left: dict[str, None]) -> list[Statement]:
        """Choose an opening and then statements until every field in ``left`` that can be said is said."""
        lesion, flat = self.study["lesions"][place], self._flat_lesions[place]
        opening = self._one(self.voice.pools["opening"].plain, left, flat, lesion)
        chosen = self._cover(self.voice.pools["lesion"].saying, left, flat, lesion)
        return chosen if opening is None else [opening, *chosen]

    def summary(self, place: int) -> Statement | None:
        """Choose the line of the impression about a lesion."""
        lesion = self.study["lesions"][place]
        return self._one(self.voice.pools["impression"].plain, dict.fromkeys(lesion), self._flat_lesions[place], lesion)

    def fillers(self, pool: Pool, least: int, most: int) -> list[Statement]:
        """Choose ``least`` to ``most`` distinct statements that say no finding and contradict none."""
        random = self.draw.random
        wanted = least + int(random() * (most - least + 1))
        if not wanted:
            return []
        own, rest = pool.fillers.true(self._flat, self.study, None)
        if wanted == 1 and own:
            return [own[int(random() * len(own))]]
        left = list(own or rest)
        return [left.pop(int(random() * len(left))) for _ in range(min(wanted, len(left)))]

    def _cover(
        self, saying: Mapping[str, Candidates], left: dict[str, None], flat: Mapping[str, Any], lesion: Lesion | None
    ) -> list[Statement]:
        chosen = []
        for field in list(left):
            if field in left and field in saying:
                statement = self._one(saying[field], left, flat, lesion)
                if statement is not None:
                    chosen.append(statement)
        return chosen

    def _one(
        self, candidates: Candidates, left: dict[str, None], flat: Mapping[str, Any], lesion: Lesion | None
    ) -> Statement | None:
        """Draw a statement that says only fields in ``left``, and take these away."""
        for group in candidates.true(flat, self.study, lesion):
            fit = [statement for statement in group if statement.fields.issubset(left)]
            if fit:
                if self.greedy:
                    most = max([len(s.fields) for s in fit])
                    fit = [s for s in fit if len(s.fields) == most]
                statement = fit[int(self.draw.random() * len(fit))]
                for said in statement.fields:
                    del left[said]
                return statement
        return None
