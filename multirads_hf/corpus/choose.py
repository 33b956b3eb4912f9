"""Choose which statements of a voice say the findings of a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from multirads_hf.corpus.lexicon import Voice
from multirads_hf.corpus.statement import Candidates, Pool, Statement
from multirads_hf.draw import Draw
from multirads_hf.schema import Study


class Chooser:
    """Draws statements for one study.

    Attributes:
        study: what is found.
        draw: the stream of draws for the wording.
        voice: the lexicon in the voice of the writer.
        met: the bits of the conditions that hold for the exam.
    """

    __slots__ = ("_met_by_lesion", "draw", "met", "study", "voice")

    def __init__(self, study: Study, draw: Draw, voice: Voice) -> None:
        self.study, self.draw, self.voice = study, draw, voice
        self.met = voice.exam_terms.met(study, None)
        self._met_by_lesion = [voice.lesion_terms.met(study, lesion) for lesion in study.get("lesions") or ()]

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
        if not left & pool.said:
            return [], left
        return self._cover(pool.saying, bits, left, self.met)

    def about_lesion(self, place: int) -> tuple[list[Statement], int]:
        """Choose an opening and then statements until every field of a lesion that can be said is said."""
        bits, met = self.bits(self.study["lesions"][place]), self._met_by_lesion[place]
        left = sum(bits.values())
        opening = self._one(self.voice.pools["opening"].plain, left, met)
        if opening is None:
            return self._cover(self.voice.pools["lesion"].saying, bits, left, met)
        chosen, left = self._cover(self.voice.pools["lesion"].saying, bits, left & ~opening.mask, met)
        return [opening, *chosen], left

    def summary(self, place: int) -> Statement | None:
        """Choose the line of the impression about a lesion."""
        left = sum(self.bits(self.study["lesions"][place]).values())
        return self._one(self.voice.pools["impression"].plain, left, self._met_by_lesion[place])

    def fillers(self, pool: Pool, least: int, most: int) -> list[Statement]:
        """Choose ``least`` to ``most`` distinct statements that say no finding and contradict none."""
        random = self.draw.random
        wanted = least + int(random() * (most - least + 1))
        if not wanted:
            return []
        fit = pool.fillers.fit(self.met, 0)
        if wanted == 1 and fit:
            return [fit[int(random() * len(fit))]]
        left = list(fit)
        return [left.pop(int(random() * len(left))) for _ in range(min(wanted, len(left)))]

    def _cover(
        self, saying: Mapping[str, Candidates], bits: Mapping[str, int], left: int, met: int
    ) -> tuple[list[Statement], int]:
        chosen = []
        for field, bit in bits.items():
            if left & bit and field in saying:
                self.draw.restart("choose", field)
                statement = self._one(saying[field], left, met)
                if statement is not None:
                    chosen.append(statement)
                    left &= ~statement.mask
        return chosen, left

    def _one(self, candidates: Candidates, left: int, met: int) -> Statement | None:
        """Draw a statement that says only fields in ``left``."""
        fit = candidates.fit(met, left)
        return fit[int(self.draw.random() * len(fit))] if fit else None
