"""How reports hang together: pairs, versions of one study, clusters; and what is scored because they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from multirads_hf.scoring.conditions import Studies, anchoring, drops, require_stated, style, versions
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.pairs import Pairs, consistency, paired
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.table import Table


@dataclass(frozen=True, slots=True)
class Relations:
    """What stands beside the reports.

    Attributes:
        pairs: minimal pairs.
        studies: reports of one study.
        stated: the category that each report prints, or an empty text.
        noisy: the counts of answers to the same studies with noise, or nothing.
        unit: what bootstrap samples draw as one: ``cluster``, ``study``, ``pair`` or ``report``.
        clusters: its name for each report, an empty text for a report by itself.
    """

    pairs: Pairs
    studies: Studies
    stated: Sequence[str]
    noisy: Sequence[Counts]
    unit: str
    clusters: Sequence[str]

    @classmethod
    def of(
        cls,
        reports: Sequence[Counts],
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
        none = [""] * len(reports)
        require_stated(reports, stated or none)
        unit, names = _unit(("cluster", clusters), ("study", study_ids), ("pair", pair_ids))
        pairs, studies = paired(reports, pair_ids or none), versions(reports, study_ids or none)
        return cls(pairs, studies, stated or none, noisy, unit, names or none)

    def tables(self, reports: Sequence[Counts], settings: Settings) -> dict[str, Table]:
        """Return the answered reports by document; none of a document where every call failed."""
        own: dict[str, tuple[list[Counts], list[str]]] = {}
        for report, unit in zip(reports, self.clusters, strict=True):
            if report.state != "error":
                members, units = own.setdefault(report.document, ([], []))
                members.append(report)
                units.append(unit)
        return {key: Table(key, own[key][0], settings, own[key][1]) for key in sorted(own)}

    def scores(self, reports: Sequence[Counts], settings: Settings, document: str = "") -> dict[str, Estimate]:
        """Return consistency, anchoring and robustness, of one document or of all; those that exist."""
        found = {**consistency(self.pairs, settings, document), **style(self.studies, settings, document)}
        if any(self.stated):
            found |= anchoring(reports, self.stated, settings, document)
        return found | (drops(reports, self.noisy, settings, self.clusters, document) if self.noisy else {})


def _unit(*known: tuple[str, Sequence[str]]) -> tuple[str, Sequence[str]]:
    """Return the first of the named columns that ties any two reports, else that each stands by itself."""
    for unit, names in known:
        if any(number > 1 for name, number in Counter(names).items() if name):
            return unit, names
    return "report", ()
