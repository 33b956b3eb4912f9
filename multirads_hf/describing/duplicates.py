"""Reports that say the same in the same words, of studies that were not made to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multirads_hf.describing.nearest import COPY, plain
from multirads_hf.describing.words import jaccard

if TYPE_CHECKING:
    from multirads_hf.describing.reports import Report
    from multirads_hf.describing.words import Hashes

# A pair of similarity 0.8 shares one of 25 bands of 5 with probability 0.9999, a pair of similarity 0.2 with 0.008.
BANDS, ROWS = 25, 5
# In each band of a report, so that a corpus of one text that repeats does not take for ever.
MOST_CANDIDATES = 200
# The permutations of the minima; any number serves.
SEED = 1
_LOW = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports that are near-duplicates.

    Attributes:
        first: id of the earlier one.
        second: id of the later one.
        similarity: Jaccard of their word 5-grams, 0.8 to 1.
        across: whether they are of different splits.
    """

    first: str
    second: str
    similarity: float
    across: bool


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found in one document.

    Attributes:
        exact: reports with the text of an earlier one, white space aside.
        near: reports with a near-duplicate, exact ones included.
        pairs: the pairs; of reports with one text, each with one earlier one.
    """

    exact: int
    near: int
    pairs: tuple[Pair, ...]

    def numbers(self, reports: int) -> dict[str, float]:
        """Return shares of ``reports``, and counts of pairs."""
        return {
            "exact_duplicates": self.exact / reports,
            "near_duplicates": self.near / reports,
            "near_duplicate_pairs": len(self.pairs),
            "pairs_across_splits": sum(pair.across for pair in self.pairs),
        }


def joined(parts: Sequence[Duplicates]) -> Duplicates:
    """Return what was found in several documents together."""
    every = tuple(pair for part in parts for pair in part.pairs)
    return Duplicates(sum(part.exact for part in parts), sum(part.near for part in parts), every)


def duplicates(reports: Sequence[Report], sets: Sequence[Hashes]) -> Duplicates:
    """Find duplicates and near-duplicates among the reports of one document.

    Reports of one study under another writer, noise or condition, and the two of a minimal pair, are
    alike by design and do not count.

    Args:
        reports: the reports.
        sets: the shingles of each.
    """
    groups: dict[str, list[int]] = {}
    for place, report in enumerate(reports):
        groups.setdefault(plain(report.text), []).append(place)
    same = list(_within(reports, groups))
    firsts = [members[0] for members in groups.values()]
    members = {own[0]: own for own in groups.values()}
    near: list[tuple[int, int, float]] = []
    for one, other in _candidates(firsts, sets):
        similarity = jaccard(sets[one], sets[other])
        found = _untied(reports, members[one], members[other]) if similarity >= COPY else None
        near += [(min(found), max(found), similarity)] if found else []
    every = sorted([*((one, other, 1.0) for one, other in same), *near])
    pairs = (
        Pair(reports[a].id, reports[b].id, similarity, reports[a].split != reports[b].split)
        for a, b, similarity in every
    )
    return Duplicates(len(same), len({place for a, b, _ in every for place in (a, b)}), tuple(pairs))


def _within(reports: Sequence[Report], groups: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield every report with the text of an earlier one, and the first such one that it is not tied to."""
    for members in groups.values():
        for number, later in enumerate(members):
            earlier = next((one for one in members[:number] if not reports[one].tied(reports[later])), None)
            if earlier is not None:
                yield earlier, later


def _untied(reports: Sequence[Report], ones: Sequence[int], others: Sequence[int]) -> tuple[int, int] | None:
    free = ((a, b) for a in ones for b in others if not reports[a].tied(reports[b]))
    return next(free, None)


def _candidates(places: Sequence[int], sets: Sequence[Hashes]) -> Iterator[tuple[int, int]]:
    """Yield pairs of places, the later one second, whose MinHash signatures agree in a band."""
    import numpy as np  # noqa: PLC0415
    from datasketch import MinHash  # noqa: PLC0415 (imports scipy)

    filled = [place for place in places if len(sets[place])]
    values = ((sets[place] & np.uint64(_LOW)).tolist() for place in filled)
    signatures = MinHash.bulk(values, num_perm=BANDS * ROWS, seed=SEED, hashfunc=int)
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for place, signature in zip(filled, signatures, strict=True):
        bands = signature.hashvalues.reshape(BANDS, ROWS)
        alike: set[int] = set()
        for band, minima in enumerate(bands):
            own = buckets.setdefault((band, minima.tobytes()), [])
            alike.update(own)
            if len(own) < MOST_CANDIDATES:
                own.append(place)
        yield from ((other, place) for other in sorted(alike))
