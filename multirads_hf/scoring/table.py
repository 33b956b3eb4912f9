"""The counts of one document's reports, summed as they are and in bootstrap samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.metrics import KINDS, PART, SHARES, columns, field_columns, metrics_of, sums_of
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import bounds, ratio, resampled_sums
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

# Columns of proportions alone, whose intervals need no samples.
UNUSED = frozenset(SHARES) - {"valid"}


class Table:
    """The answered reports of one document, summed and resampled.

    Attributes:
        key: the document's key.
        reports: its reports whose calls did not fail.
        settings: how to resample.
        total: sums of the counts by column, arrays of one.
        fields: the fields that any of the reports or answers holds.
        field_totals: true positives, false positives, false negatives of each.
        is_clustered: some reports are drawn as one.
    """

    def __init__(self, key: str, reports: Tally, settings: Settings, clusters: Sequence[str] = ()) -> None:
        import numpy as np  # noqa: PLC0415

        self.key, self.reports, self.settings = key, reports, settings
        self.names, rows = columns(rads.get(key), reports)
        self.fields, counts = field_columns(reports)
        self._rows = clustered(np.hstack([rows, counts.reshape(len(rows), -1)]), clusters)
        self.is_clustered = any(clusters)
        self.total = sums_of(self.names, rows.sum(axis=0, keepdims=True).T)
        self.field_totals: list[list[int]] = counts.sum(axis=0).astype(int).tolist()

    @property
    def numbers(self) -> tuple[Floats, Floats]:
        """The metrics that are no proportions: over the reports, shape ``(metrics,)``, and of samples."""
        values, samples = self._numbers
        return values[len(self.fields) :], samples[len(self.fields) :]

    @property
    def field_f1(self) -> tuple[Floats, Floats]:
        """F1 of each field: over the reports, shape ``(fields,)``, and of samples, ``(fields, samples)``."""
        values, samples = self._numbers
        return values[: len(self.fields)], samples[: len(self.fields)]

    @cached_property
    def estimates(self) -> list[Estimate]:
        """F1 of each field, then the metrics that are no proportions."""
        return estimates(*self._numbers, self.settings.confidence_level)

    @cached_property
    def _numbers(self) -> tuple[Floats, Floats]:
        """F1 of fields, then the metrics that are no proportions: over the reports, and of the same samples."""
        import numpy as np  # noqa: PLC0415

        used = [place for place, name in enumerate(self.names) if name not in UNUSED and not name.startswith(PART)]
        counts = self._rows[:, len(self.names) :].reshape(len(self._rows), len(self.fields), len(KINDS))
        tp, fp, fn = np.moveaxis(counts, 2, 0)
        parts = np.hstack([2 * tp, 2 * tp + fp + fn, self._rows[:, used]])
        sums = resampled_sums(parts, self.settings.n_resamples, self.settings.seed, self.key, self._rows)
        names = [self.names[place] for place in used]
        values, samples = (self._made(names, own) for own in (parts.sum(axis=0, keepdims=True).T, sums.T))
        return values[:, 0], samples

    def _made(self, names: Sequence[str], sums: Floats) -> Floats:
        """Return what sums make: those of fields, right ones and all, then those of named columns."""
        import numpy as np  # noqa: PLC0415

        n = len(self.fields)
        own, by_name = metrics_of(self.settings.task), sums_of(names, sums[2 * n :])
        return np.vstack([ratio(sums[:n], sums[n : 2 * n]), *(m.value(by_name) for m in own if m.value)])

    def columns(self, names: Sequence[str]) -> Floats:
        """Return the counts of what is drawn as one, shape ``(units, names)``."""
        return self._rows[:, [self.names.index(name) for name in names]]


def tables_of(reports: Tally, settings: Settings, clusters: Sequence[str] = ()) -> dict[str, Table]:
    """Return the answered reports by document; none of a document where every call failed.

    Args:
        reports: failed calls are left out.
        settings: how to resample.
        clusters: the cluster of each report, an empty text for a report by itself; or nothing.
    """
    return {
        key: Table(key, own, settings, [clusters[place] for place in places.tolist()] if clusters else ())
        for key, (places, own) in reports.answered_by_document().items()
    }


def estimates(values: Floats, samples: Floats, confidence_level: float) -> list[Estimate]:
    """Return numbers with their percentile intervals; a number that does not exist has none.

    Args:
        values: the numbers, shape ``(numbers,)``.
        samples: the same of bootstrap samples, shape ``(numbers, samples)``.
        confidence_level: of the intervals.
    """
    rows = zip(*(own.tolist() for own in (values, *bounds(samples, confidence_level))), strict=True)
    return [
        Estimate() if math.isnan(value) else Estimate(value, *(None if math.isnan(end) else end for end in ends))
        for value, *ends in rows
    ]


def clustered(rows: Floats, clusters: Sequence[str]) -> Floats:
    """Return rows with those of a cluster summed; a report with an empty name is one by itself."""
    import numpy as np  # noqa: PLC0415

    if not any(clusters):
        return rows
    places: dict[object, int] = {}
    units = [places.setdefault(name or place, len(places)) for place, name in enumerate(clusters)]
    sums = np.zeros((len(places), rows.shape[1]))
    np.add.at(sums, units, rows)
    return sums
