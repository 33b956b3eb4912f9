"""The counts of one document's reports, summed as they are and in bootstrap samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.metrics import KINDS, SHARES, Sums, columns, metrics_of
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import bounds, ratio, resampled_sums
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

# Columns of single fields, of which no number over all fields is made.
OF_FIELDS = tuple(f"{kind}:" for kind in KINDS)
# Columns of proportions alone, whose intervals need no samples.
UNUSED = frozenset(SHARES) - {"valid"}


class Table:
    """The answered reports of one document, summed and resampled.

    Attributes:
        key: the document's key.
        reports: its reports whose calls did not fail.
        settings: how to resample.
        total: sums of the counts by column, arrays of one.
        is_clustered: some reports are drawn as one.
    """

    def __init__(self, key: str, reports: Tally, settings: Settings, clusters: Sequence[str] = ()) -> None:
        self.key, self.reports, self.settings = key, reports, settings
        names, rows = columns(rads.get(key), reports)
        self.names, self._rows, self.is_clustered = names, clustered(rows, clusters), any(clusters)
        self.total: Sums = dict(zip(names, rows.sum(axis=0, keepdims=True).T, strict=True))
        self._places = {name: place for place, name in enumerate(names)}
        self._n_fields = len(self.fields)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that any of the reports or answers holds."""
        return tuple(name.removeprefix("tp:") for name in self.names if name.startswith("tp:"))

    @property
    def numbers(self) -> tuple[Floats, Floats]:
        """The metrics that are no proportions: over the reports, shape ``(metrics,)``, and of samples."""
        return self._numbers[0][self._n_fields :], self._numbers[1][self._n_fields :]

    @property
    def field_f1(self) -> tuple[Floats, Floats]:
        """F1 of each field: over the reports, shape ``(fields,)``, and of samples, ``(fields, samples)``."""
        return self._numbers[0][: self._n_fields], self._numbers[1][: self._n_fields]

    @cached_property
    def estimates(self) -> list[Estimate]:
        """F1 of each field, then the metrics that are no proportions."""
        return estimates(*self._numbers, self.settings.confidence_level)

    @cached_property
    def _numbers(self) -> tuple[Floats, Floats]:
        """F1 of fields, then the metrics that are no proportions: over the reports, and of the same samples."""
        import numpy as np  # noqa: PLC0415

        keys = [name for name in self.names if not name.startswith(OF_FIELDS)]
        wanted = [name for name in keys if name not in UNUSED and not name.startswith("part:")]
        counts = self.columns([name for name in self.names if name.startswith(OF_FIELDS)])
        tp, fp, fn = np.moveaxis(counts.reshape(len(counts), self._n_fields, len(KINDS)), 2, 0)
        parts = np.hstack([2 * tp, 2 * tp + fp + fn, self.columns(wanted)])
        sums = resampled_sums(
            parts, self.settings.n_resamples, self.settings.seed, self.key, np.hstack([self.columns(keys), counts])
        )
        own = [metric.value for metric in metrics_of(self.settings.task) if metric.value]
        found = []
        for own_sums in (parts.sum(axis=0, keepdims=True).T, sums.T):
            right, all_, others = np.split(own_sums, [self._n_fields, 2 * self._n_fields])
            by_name = dict(zip(wanted, others, strict=True))
            found.append(np.vstack([ratio(right, all_), *(value(by_name) for value in own)]))
        return found[0][:, 0], found[1]

    def columns(self, names: Sequence[str]) -> Floats:
        """Return the counts of what is drawn as one, shape ``(units, names)``."""
        return self._rows[:, [self._places[name] for name in names]]


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
