"""How many reports of what there are, against what the plan of their split says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from multirads_hf import corpus, rads
from multirads_hf.corpus.plan import published
from multirads_hf.describing.reports import Report

# Splits that have the published counts, and splits in which every category is equally often.
PUBLISHED = ("test", "test_noisy")
BALANCED = ("train", "validation", "test_balanced", "test_unseen")
Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Count:
    """The reports of one document in one split.

    Attributes:
        document: its key.
        split: the split; empty where none is known.
        reports: their number.
        categories: core category -> reports, in guideline order, 0 included.
        spread: reports of the most frequent category less those of the least frequent one that occurs.
        absolute_difference: sum over modality and category of the distance to the published count; None for splits
            that do not follow it, and for documents of which none is published.
        total_variation: half the sum of the distances between the two distributions, 0 to 1; None likewise.
    """

    document: str
    split: str
    reports: int
    categories: Mapping[str, int]
    spread: int
    absolute_difference: int | None = None
    total_variation: float | None = None

    @property
    def distance(self) -> str:
        """How far the reports are from their plan, in words; empty where there is none."""
        if self.total_variation is not None:
            return f"TV {self.total_variation:.3f}"
        return f"spread {self.spread}" if self.split in BALANCED else ""

    def to_json(self) -> dict[str, Any]:
        """Return the count as JSON values."""
        return asdict(self)

    def numbers(self) -> dict[str, float]:
        """Return the numbers, their names ending in the split."""
        end = f":{self.split}" if self.split else ""
        found: dict[str, float] = {f"count_{code}{end}": number for code, number in self.categories.items()}
        if self.split in BALANCED:
            found[f"spread{end}"] = self.spread
        if self.absolute_difference is not None and self.total_variation is not None:
            found[f"absolute_difference{end}"] = self.absolute_difference
            found[f"total_variation{end}"] = self.total_variation
        return found


def counts(reports: Sequence[Report]) -> tuple[Count, ...]:
    """Return the counts of one document in each of its splits, in the order of the corpus."""
    splits: dict[str, list[Report]] = {}
    for report in reports:
        splits.setdefault(report.split, []).append(report)
    order = {split: place for place, split in enumerate(corpus.SPLITS)}
    return tuple(
        _count(splits[split]) for split in sorted(splits, key=lambda name: (order.get(name, len(order)), name))
    )


def _count(reports: Sequence[Report]) -> Count:
    document, split = reports[0].document, reports[0].split
    found = Counter(report.core for report in reports)
    known = rads.get(document).core_codes if document else ()
    categories = {code: found[code] for code in (*known, *sorted(set(found) - set(known)))}
    some = [number for number in categories.values() if number]
    plan = {(modality, code): number for modality, code, number in published().get(document, ())}
    distances = _distances(Counter((own.modality, own.core) for own in reports), plan) if split in PUBLISHED else None
    return Count(document, split, len(reports), categories, max(some) - min(some), *(distances or (None, None)))


def _distances(found: Mapping[Cell, int], plan: Mapping[Cell, int]) -> tuple[int, float] | None:
    if not plan:
        return None
    cells = sorted({*found, *plan})
    total, wanted = sum(found.values()), sum(plan.values())
    absolute = sum(abs(found.get(cell, 0) - plan.get(cell, 0)) for cell in cells)
    variation = sum(abs(found.get(cell, 0) / total - plan.get(cell, 0) / wanted) for cell in cells) / 2
    return absolute, variation
