"""Contrast consistency: of two reports that differ in one finding, both categories are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from multirads_hf.errors import ScoringError
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import wilson

Pairs = Mapping[str, tuple[Counts, Counts]]
# All pairs, those that flip, those that hold.
CONTRAST = ("contrast_consistency", "contrast_flip", "contrast_hold")


def paired(reports: Sequence[Counts], pair_ids: Sequence[str]) -> Pairs:
    """Return pair id -> its two reports. Reports with an empty id are in no pair; one alone is left out.

    Raises:
        ScoringError: an id that more than two reports have, or reports of two documents.
    """
    found: dict[str, list[Counts]] = {}
    for report, name in zip(reports, pair_ids, strict=True):
        if name:
            found.setdefault(name, []).append(report)
    for name, members in found.items():
        if len(members) > 2 or len({report.document for report in members}) > 1:
            raise ScoringError(f"pair_ids: {name!r} stands {len(members)} times. Allowed: two reports of one document.")
    return {name: (members[0], members[1]) for name, members in found.items() if len(members) == 2}


def consistency(pairs: Pairs, settings: Settings, document: str = "") -> dict[str, Estimate]:
    """Return the share of pairs with both categories right: of all, of those that flip, of those that hold.

    Pairs with a failed call are left out, as failed calls are everywhere.

    Args:
        pairs: from ``paired``.
        settings: gives the level of confidence.
        document: count the pairs of this document alone.
    """
    own = [
        (first, other)
        for first, other in pairs.values()
        if "error" not in (first.state, other.state) and document in ("", first.document)
    ]
    flips = [pair for pair in own if pair[0].expected != pair[1].expected]
    holds = [pair for pair in own if pair[0].expected == pair[1].expected]
    kinds = zip(CONTRAST, (own, flips, holds), strict=True)
    return {name: _share(members, settings) for name, members in kinds} if own else {}


def _share(pairs: Sequence[tuple[Counts, Counts]], settings: Settings) -> Estimate:
    right, n = sum(first.correct and other.correct for first, other in pairs), len(pairs)
    return Estimate(right / n, *wilson(right, n, settings.confidence_level)) if n else Estimate()
