"""The widest gap between groups of reports, and whether chance could have made it.

Some groups are always apart. So group names are shuffled among the reports of each document, and the
p-value says how often the widest gap among the shuffled ones is as wide. It is of one number and one
breakdown; where many are looked at, some are small by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.metrics import Metric, Sums, columns, metrics_of, sums_of
from multirads_hf.scoring.result import Estimate, Gap
from multirads_hf.scoring.settings import GROUPS, Settings
from multirads_hf.scoring.statistics import DRAWS_AT_ONCE, mean_known, p_value, ratio
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from multirads_hf.scoring.statistics import Floats

# Gaps of sums in another order differ by less.
ROUNDING = 1e-12


def gaps(groups: Mapping[str, Mapping[str, Estimate]], shuffled: Mapping[str, Floats] | None = None) -> dict[str, Gap]:
    """Return metric -> the widest gap between groups.

    Args:
        groups: group -> its scores.
        shuffled: metric -> the widest gap of every shuffle; a metric that is not in it has no p-value.
    """
    found: dict[str, Gap] = {}
    for metric in dict.fromkeys(name for scores in groups.values() for name in scores):
        values = {group: scores[metric].value for group, scores in groups.items() if metric in scores}
        known = sorted((value, group) for group, value in values.items() if value is not None)
        if len(known) > 1:
            (low, lowest), (high, highest) = known[0], known[-1]
            found[metric] = Gap(high - low, lowest, highest, _chance(high - low, (shuffled or {}).get(metric)))
    return found


def shuffled_gaps(
    name: str, reports: Tally, values: Sequence[str], clusters: Sequence[str], settings: Settings
) -> dict[str, Floats]:
    """Return metric -> the widest gap between groups of every shuffle, not a number where there is none.

    Where all reports of each cluster are in one group, clusters are shuffled as a whole.

    Args:
        name: of the breakdown; within a document, its own name and its system's cannot be shuffled.
        reports: failed calls are left out.
        values: the group of each, an empty text for none.
        clusters: the cluster of each, an empty text for none; or nothing.
        settings: how often, and the seed.
    """
    import numpy as np  # noqa: PLC0415

    labels = sorted({str(value) for value in values} - {""})
    if name in GROUPS or len(labels) < 2 or not settings.n_resamples:
        return {}
    numbers = {label: number for number, label in enumerate(labels)}
    group = np.array([numbers.get(str(value), -1) for value in values])
    kept = np.flatnonzero((group >= 0) & reports.answered)
    units = [clusters[place] for place in kept.tolist()] if clusters else [""] * len(kept)
    tables = [
        _shuffled(own, group[kept][places], [units[place] for place in places.tolist()], len(labels), settings)
        for places, own in reports.take(kept).answered_by_document().values()
    ]
    return {metric.name: _widest(metric, tables) for metric in metrics_of(settings.task) if tables}


def _shuffled(
    reports: Tally, labels: NDArray[np.intp], clusters: Sequence[str], groups: int, settings: Settings
) -> Sums:
    """Return the sums of each group of every shuffle by column, shape ``(groups, shuffles)``."""
    import numpy as np  # noqa: PLC0415

    key = reports.keys[0]
    names, rows = columns(rads.get(key), reports)
    rows, labels = _units(rows, labels, clusters)
    order = np.lexsort((*rows.T, labels))
    rows, labels = rows[order], labels[order]
    random = np.random.default_rng([settings.seed, *f"gaps:{key}".encode()])
    sums = np.empty((groups, settings.n_resamples, len(names)))
    at_once = max(1, DRAWS_AT_ONCE // len(rows))
    for start in range(0, settings.n_resamples, at_once):
        part = sums[:, start : start + at_once]
        drawn = random.permuted(np.tile(labels, (part.shape[1], 1)), axis=1)
        for group in range(groups):
            part[group] = (drawn == group).astype(float) @ rows
    return sums_of(names, np.moveaxis(sums, 2, 0))


def _units(rows: Floats, labels: NDArray[np.intp], clusters: Sequence[str]) -> tuple[Floats, NDArray[np.intp]]:
    """Return the rows that are shuffled and their groups: clusters, or reports where a cluster has several groups."""
    import numpy as np  # noqa: PLC0415

    names = [cluster or str(place) for place, cluster in enumerate(clusters)]
    unit = {name: place for place, name in enumerate(dict.fromkeys(names))}
    whole = len(set(zip(names, labels.tolist(), strict=True))) == len(unit)
    if not whole or len(unit) == len(names):
        return rows, labels
    places = np.array([unit[name] for name in names])
    sums, groups = np.zeros((len(unit), rows.shape[1])), np.zeros(len(unit), dtype=labels.dtype)
    np.add.at(sums, places, rows)
    groups[places] = labels
    return sums, groups


def _widest(metric: Metric, tables: Sequence[Sums]) -> Floats:
    import numpy as np  # noqa: PLC0415

    if metric.share:
        values = ratio(*(np.sum([table[name] for table in tables], axis=0) for name in metric.share))
    else:
        values = mean_known(np.array([metric.value(table) for table in tables if metric.value]))
    known = ~np.isnan(values)
    widest = np.where(known, values, -np.inf).max(axis=0) - np.where(known, values, np.inf).min(axis=0)
    return np.where(known.sum(axis=0) > 1, widest, np.nan)


def _chance(gap: float, shuffled: Floats | None) -> float | None:
    import numpy as np  # noqa: PLC0415

    known = () if shuffled is None else shuffled[~np.isnan(shuffled)]
    return p_value(int((np.asarray(known) >= gap - ROUNDING).sum()), len(known)) if len(known) else None
