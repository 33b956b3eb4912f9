"""Contrast consistency: of two reports that differ in one finding, both categories are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from multirads_hf.errors import ScoringError
from multirads_hf.scoring.aggregate import share_over
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    # Places of the two reports of each pair, shape ``(pairs, 2)``.
    Pairs = NDArray[np.int64]

# All pairs, those that flip, those that hold.
CONTRAST = ("contrast_consistency", "contrast_flip", "contrast_hold")


def paired(reports: Tally, pair_ids: Sequence[str]) -> Pairs:
    """Return the places of the two reports of each pair.

    Reports with an empty id are in no pair; one alone is left out.

    Raises:
        ScoringError: an id that more than two reports have, or reports of two documents.
    """
    import numpy as np  # noqa: PLC0415

    found: dict[str, list[int]] = {}
    for place, name in enumerate(pair_ids):
        if name:
            found.setdefault(name, []).append(place)
    for name, members in found.items():
        if len(members) > 2 or len(set(reports.document[members].tolist())) > 1:
            raise ScoringError(f"pair_ids: {name!r} stands {len(members)} times. Allowed: two reports of one document.")
    return np.array([members for members in found.values() if len(members) == 2], dtype=np.int64).reshape(-1, 2)


def consistency(
    reports: Tally, pairs: Pairs, settings: Settings, clusters: Sequence[str] = (), document: str = ""
) -> dict[str, Estimate]:
    """Return the share of pairs with both categories right: of all, of those that flip, of those that hold.

    Pairs with a failed call are left out, as failed calls are everywhere.

    Args:
        reports: every report.
        pairs: from ``paired``.
        settings: gives the level of confidence.
        clusters: of each report the cluster, empty where it is one by itself; a pair is in that of its first.
        document: count the pairs of this document alone.
    """
    own = pairs[reports.answered[pairs].all(axis=1) & reports.is_of(document)[pairs[:, 0]]]
    if not len(own):
        return {}
    first, expected = own[:, 0], reports.expected[own]
    right, flips = reports.correct[first] & reports.correct[own[:, 1]], expected[:, 0] != expected[:, 1]
    kinds = zip(CONTRAST, (flips | True, flips, ~flips), strict=True)
    return {name: share_over(right[which], first[which], clusters, settings) for name, which in kinds}
