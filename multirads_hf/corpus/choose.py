"""Choose which statements of a voice say the findings of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    def bits(self, fields: Iterable[str]) -> dict[str, int]:
        """Return field -> bit for fields that are to be said."""
        known = self.voice.bits
        return {field: known[field] for field in fields}

    def about_exam(self, pool: Pool, bits: Mapping[str, int], left: int) -> tuple[list[Statement], int]:
        """Choose statements until every exam-level field that the pool can say is said.

        Args:
            pool: the statements of one place of the report.
            bits: field -> bit, in the order in which fields are said.
            left: bits of the fields not yet said.

        Returns:
            The statements and the bits that are left.
        """
        return self._cover(pool.saying, bits, left, self._flat, None)

    def about_lesion(self, place: int) -> tuple[list[Statement], int]:
        """Choose an opening and then statements until every field of a lesion that can be said is said."""
        lesion, flat = self.study["lesions"][place], self._flat_lesions[place]
        bits = self.bits(lesion)
        left = sum(bits.values())
        opening = self._one(self.voice.pools["opening"].plain, left, flat, lesion)
        if opening is None:
            return self._cover(self.voice.pools["lesion"].saying, bits, left, flat, lesion)
        chosen, left = self._cover(self.voice.pools["lesion"].saying, bits, left & ~opening.mask, flat, lesion)
        return [opening, *chosen], left

    def summary(self, place: int) -> Statement | None:
        """Choose the line of the impression about a lesion."""
        lesion = self.study["lesions"][place]
        left = sum(self.bits(lesion).values())
        return self._one(self.voice.pools["impression"].plain, left, self._flat_lesions[place], lesion)

    def fillers(self, pool: Pool, least: int, most: int) -> list[Statement]:
        """Choose ``least`` to ``most`` distinct statements that say no finding and contradict none."""
        random = self.draw.random
        wanted = least + int(random() * (most - least + 1))
        if not wanted:
            return []
        own, rest = pool.fillers.true(self._flat, self.study, None)
        if wanted == 1 and own:
            return [own[int(random() * len(own))][1]]
        left = list(own or rest)
        return [left.pop(int(random() * len(left)))[1] for _ in range(min(wanted, len(left)))]

    def _cover(
        self,
        saying: Mapping[str, Candidates],
        bits: Mapping[str, int],
        left: int,
        flat: Mapping[str, Any],
        lesion: Lesion | None,
    ) -> tuple[list[Statement], int]:
        chosen = []
        for field, bit in bits.items():
            if left & bit and field in saying:
                self.draw.restart("choose", field)
                statement = self._one(saying[field], left, flat, lesion)
                if statement is not None:
                    chosen.append(statement)
                    left &= ~statement.mask
        return chosen, left

    def _one(
        self, candidates: Candidates, left: int, flat: Mapping[str, Any], lesion: Lesion | None
    ) -> Statement | None:
        """Draw a statement that says only fields in ``left``."""
        said = ~left
        for group in candidates.true(flat, self.study, lesion):
            fit = [pair for pair in group if not pair[0] & said]
            if fit:
                if self.greedy:
                    most = max([mask.bit_count() for mask, _ in fit])
                    fit = [pair for pair in fit if pair[0].bit_count() == most]
                return fit[int(self.draw.random() * len(fit))][1]
        return None
