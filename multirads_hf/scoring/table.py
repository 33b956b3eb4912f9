"""The counts of one document's reports, summed as they are and in bootstrap samples."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.metrics import KINDS, Metric, Sums, columns
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import ratio, resampled_sums
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

# Columns of single fields, of which no number over all fields is made.
OF_FIELDS = tuple(f"{kind}:" for kind in KINDS)


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
        self._numbers: dict[str, tuple[Floats, Floats]] = {}

    @property
    def units(self) -> Sums:
        """The counts of what is drawn as one, by column."""
        return dict(zip(self.names, self._rows.T, strict=True))

    @cached_property
    def resampled(self) -> Sums:
        """The sums of every bootstrap sample by column, those of single fields left out."""
        return self._resampled([name for name in self.names if not name.startswith(OF_FIELDS)])

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that any of the reports or answers holds."""
        return tuple(name.removeprefix("tp:") for name in self.names if name.startswith("tp:"))

    @cached_property
    def field_f1(self) -> tuple[Floats, Floats]:
        """F1 of each field: over the reports, shape ``(fields,)``, and of samples, ``(fields, samples)``."""
        import numpy as np  # noqa: PLC0415

        samples = self._resampled([name for name in self.names if name.startswith(OF_FIELDS)])
        shaped = len(self.fields), len(KINDS), self.settings.n_resamples
        totals = np.array([self.total[name] for name in samples]).reshape(*shaped[:2], 1)
        f1s = []
        for tp, fp, fn in (np.moveaxis(own, 1, 0) for own in (totals, np.array([*samples.values()]).reshape(shaped))):
            f1s.append(ratio(2 * tp, 2 * tp + fp + fn))
        return f1s[0][:, 0], f1s[1]

    def number(self, metric: Metric) -> tuple[Floats, Floats]:
        """Return a metric that is no proportion: over the reports, an array of one, and of every sample."""
        if metric.name not in self._numbers and metric.value:
            self._numbers[metric.name] = metric.value(self.total), metric.value(self.resampled)
        return self._numbers[metric.name]

    def _resampled(self, names: Sequence[str]) -> Sums:
        own = [self.names.index(name) for name in names]
        sums = resampled_sums(self._rows[:, own], self.settings.n_resamples, self.settings.seed, self.key)
        return dict(zip(names, sums.T, strict=True))


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
