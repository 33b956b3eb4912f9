"""How reports hang together: pairs, versions of one study, clusters; and what is scored because they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multirads_hf.scoring.conditions import Studies, anchoring, drops, stated_places, style, versions
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.pairs import consistency, paired
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from multirads_hf.scoring.pairs import Pairs

    Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Relations:
    """What stands beside the reports.

    Attributes:
        pairs: minimal pairs.
        studies: reports of one study.
        stated: the category that each report prints, or an empty text.
        printed: the same by place, -1 for none.
        noisy: the counts of answers to the same studies with noise, or None.
        unit: what bootstrap samples draw as one: ``cluster``, ``study``, ``pair`` or ``report``.
        clusters: its name for each report, an empty text for a report by itself; nothing where all are.
    """

    pairs: Pairs
    studies: Studies
    stated: Sequence[str]
    printed: Integers
    noisy: Tally | None
    unit: str
    clusters: Sequence[str]

    @classmethod
    def of(
        cls,
        reports: Tally,
        pair_ids: Sequence[str],
        study_ids: Sequence[str],
        stated: Sequence[str],
        *,
        noisy: Sequence[Counts],
        clusters: Sequence[str],
    ) -> Relations:
        """Return the relations of reports, from columns that hold a text each, or are empty.

        Raises:
            ScoringError: a pair of more than two, a study of two categories, or a printed category that is none.
        """
        printed = stated_places(reports, stated)
        unit, names = _unit(("cluster", clusters), ("study", study_ids), ("pair", pair_ids))
        pairs, studies = paired(reports, pair_ids), versions(reports, study_ids)
        other = Tally.of(noisy) if noisy else None
        return cls(pairs, studies, stated or [""] * len(reports), printed, other, unit, names)

    def scores(self, reports: Tally, settings: Settings, document: str = "") -> dict[str, Estimate]:
        """Return consistency, anchoring and robustness, of one document or of all; those that exist."""
        beside = (settings, self.clusters, document)
        found = consistency(reports, self.pairs, *beside) if len(self.pairs) else {}
        found |= style(reports, self.studies, *beside) if self.studies else {}
        if (self.printed >= 0).any():
            found |= anchoring(reports, self.printed, *beside)
        return found | (drops(reports, self.noisy, *beside) if self.noisy else {})


def _unit(*known: tuple[str, Sequence[str]]) -> tuple[str, Sequence[str]]:
    """Return the first of the named columns that ties any two reports, else that each stands by itself."""
    for unit, names in known:
        if any(number > 1 for name, number in Counter(names).items() if name):
            return unit, names
    return "report", ()
