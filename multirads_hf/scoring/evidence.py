"""What the reports say of each of several models and of every two: numbers, differences, tests."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from multirads_hf.scoring import significance
from multirads_hf.scoring.blocks import Block, blocks
from multirads_hf.scoring.comparison import Difference, McNemar, Pair
from multirads_hf.scoring.metrics import Metric
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import percentiles, wilson
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from multirads_hf.scoring.statistics import Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reports of several models, resampled once for all questions.

    Attributes:
        models: names; the first axis of most arrays.
        metrics: the numbers that are compared; the second axis.
        settings: level of confidence, resamples and seed.
        clustered: some reports are drawn as one.
        blocks: the counts of every report.
        found: the numbers over the reports as they are, shape ``(models, metrics)``.
        samples: the same of bootstrap samples, shape ``(models, metrics, samples)``.
        p_values: of approximate randomisation, shape ``(pairs, metrics)``, pairs as ``combinations`` gives them.
        p_adjusted: the same, adjusted over pairs.
        right: whether each category is right, shape ``(models, reports)``.
        mcnemar: p-values of McNemar's test and these adjusted, shape ``(pairs, 2)``.
    """

    models: tuple[str, ...]
    metrics: tuple[Metric, ...]
    settings: Settings
    clustered: bool
    blocks: Sequence[Block]
    found: Floats
    samples: Floats
    p_values: Floats
    p_adjusted: Floats
    right: NDArray[np.bool_]
    mcnemar: Floats

    def row(self, one: str, other: str) -> int:
        """Return the place of two models, given in either order, among the pairs."""
        first, second = sorted((self.models.index(one), self.models.index(other)))
        return first * len(self.models) - first * (first + 1) // 2 + second - first - 1

    def differ(self, one: str, other: str, metric: Metric) -> bool:
        """Return whether two models differ significantly, all pairs considered."""
        p_value = self.p_adjusted[self.row(one, other), self.metrics.index(metric)]
        return bool(p_value <= 1 - self.settings.confidence_level)

    def estimate(self, model: str, metric: Metric) -> Estimate:
        """Return a number of a model; proportions have Wilson intervals where no reports are drawn as one."""
        own, place = self.models.index(model), self.metrics.index(metric)
        value = float(self.found[own, place])
        if math.isnan(value):
            return Estimate()
        level = self.settings.confidence_level
        if metric.share is None or self.clustered:
            low, high = percentiles(self.samples[own, place], level) or (None, None)
            return Estimate(value, low, high)
        above, below = (sum(int(b.rows[:, own, b.names.index(c)].sum()) for b in self.blocks) for c in metric.share)
        return Estimate(value, *wilson(above, below, level))

    def pair(self, first: str, second: str, power: float) -> Pair:
        """Return what tells two models apart: differences of the first less the second."""
        one, other, row = self.models.index(first), self.models.index(second), self.row(first, second)
        actual, samples = self.found[one] - self.found[other], self.samples[one] - self.samples[other]
        level = self.settings.confidence_level
        arrays = {
            "value": actual,
            "p_value": self.p_values[row],
            "p_adjusted": self.p_adjusted[row],
            "p_bootstrap": significance.bootstrap_p_values(actual, samples),
            "detectable": significance.detectable(samples, level, power),
        }
        differences = {
            metric.name: _difference({name: float(own[place]) for name, own in arrays.items()}, samples[place], level)
            for place, metric in enumerate(self.metrics)
        }
        return Pair(first, second, differences, self._table(one, other, row))

    def _table(self, one: int, other: int, row: int) -> McNemar:
        a, b = self.right[one], self.right[other]
        counts = ((a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum())
        both, only_first, only_second, neither = map(int, counts)
        p_value, adjusted = map(_known, self.mcnemar[row])
        return McNemar(both, only_first, only_second, neither, p_value, adjusted)


def gather(
    counts: Mapping[str, Tally],
    metrics: Sequence[Metric],
    settings: Settings,
    report_ids: Sequence[str],
    clusters: Sequence[str],
) -> Evidence:
    """Resample the reports of several models.

    Args:
        counts: of each model, of the same reports in the same order, none of a failed call.
        metrics: the numbers to compare.
        settings: level of confidence, resamples and seed.
        report_ids: a name of each report, which orders them.
        clusters: of each report the cluster, empty where it is one by itself.
    """
    import numpy as np  # noqa: PLC0415

    models = tuple(sorted(counts))
    arrays = blocks([counts[model] for model in models], report_ids, clusters)
    resampling = (metrics, arrays, settings.n_resamples, settings.seed)
    p_values = significance.randomised(*resampling)
    right = np.array([counts[model].correct for model in models])
    mcnemar = np.full((len(p_values), 1), np.nan)
    if not any(clusters):
        pairs = combinations(right, 2)
        mcnemar[:, 0] = [significance.mcnemar(int((a & ~b).sum()), int((~a & b).sum())) for a, b in pairs]
    return Evidence(
        models=models,
        metrics=tuple(metrics),
        settings=settings,
        clustered=any(clusters),
        blocks=arrays,
        found=significance.observed(metrics, arrays),
        samples=significance.bootstrapped(*resampling),
        p_values=p_values,
        p_adjusted=significance.adjusted(p_values),
        right=right,
        mcnemar=np.hstack([mcnemar, significance.adjusted(mcnemar)]),
    )


def _difference(numbers: Mapping[str, float], samples: Floats, level: float) -> Difference:
    if math.isnan(numbers["value"]):
        return Difference()
    low, high = percentiles(samples, level) or (None, None)
    return Difference(low=low, high=high, **{name: _known(number) for name, number in numbers.items()})


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)
