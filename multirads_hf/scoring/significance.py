"""Whether two models differ on the same reports: p-values, intervals, and what this many reports can show.

*Approximate randomisation* asks how often a difference as large comes about when the two answers of
each report are swapped by the toss of a coin; it assumes nothing of the metric. The *paired
bootstrap* draws reports, the same for both models, and gives the interval of the difference.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from multirads_hf.scoring.blocks import Block, resampled, swaps, times, values
from multirads_hf.scoring.metrics import Metric

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

# Sums of the same counts in another order differ by less.
ROUNDING = 1e-12


def observed(metrics: Sequence[Metric], blocks: Sequence[Block]) -> Floats:
    """Return the metrics over the reports as they are, shape ``(models, metrics)``."""
    import numpy as np  # noqa: PLC0415

    totals = [block.rows.sum(axis=0)[..., None] for block in blocks]
    models = range(len(totals[0]))
    return np.array([values(metrics, blocks, [own[model] for own in totals])[:, 0] for model in models])


def bootstrapped(metrics: Sequence[Metric], blocks: Sequence[Block], n_resamples: int, seed: int) -> Floats:
    """Return the metrics of samples of reports drawn within each document, shape ``(models, metrics, samples)``."""
    import numpy as np  # noqa: PLC0415

    models = range(blocks[0].rows.shape[1])
    parts = [
        np.array([values(metrics, blocks, [own[model] for own in sums]) for model in models])
        for sums in resampled(blocks, n_resamples, seed, times)
    ]
    return np.concatenate(parts, axis=2)


def randomised(metrics: Sequence[Metric], blocks: Sequence[Block], n_resamples: int, seed: int) -> Floats:
    """Return two-sided p-values of approximate randomisation, shape ``(pairs, metrics)``.

    Samples in which a metric does not exist are left out.

    Args:
        metrics: which differences.
        blocks: the reports; pairs are those of ``itertools.combinations`` of its models.
        n_resamples: how often answers are swapped.
        seed: of the draws.
    """
    import numpy as np  # noqa: PLC0415

    found = observed(metrics, blocks)
    pairs = list(combinations(range(len(found)), 2))
    actual = np.array([found[first] - found[second] for first, second in pairs])
    above, known = np.zeros(actual.shape), np.zeros(actual.shape)
    totals = [block.rows.sum(axis=0)[..., None] for block in blocks]
    for sums in resampled(blocks, n_resamples, seed, swaps):
        for place, (first, second) in enumerate(pairs):
            moved = [own[first] - own[second] for own in sums]
            one = values(metrics, blocks, [t[first] - m for t, m in zip(totals, moved, strict=True)])
            other = values(metrics, blocks, [t[second] + m for t, m in zip(totals, moved, strict=True)])
            more, usable = _exceeding(one - other, actual[place])
            above[place] += more
            known[place] += usable
    return _p_values(actual, above, known)


def bootstrap_p_values(actual: Floats, samples: Floats) -> Floats:
    """Return two-sided p-values of the paired bootstrap.

    Args:
        actual: the differences, shape ``(metrics,)``.
        samples: the differences in bootstrap samples, shape ``(metrics, samples)``.
    """
    above, known = _exceeding(samples - actual[:, None], actual)
    return _p_values(actual, above, known)


def adjusted(p_values: Floats) -> Floats:
    """Return p-values adjusted by Benjamini and Hochberg along the first axis; those that do not exist stay."""
    import numpy as np  # noqa: PLC0415
    from scipy.stats import false_discovery_control  # noqa: PLC0415

    result = np.full(p_values.shape, np.nan)
    for own, given in zip(result.T, p_values.T, strict=True):
        known = ~np.isnan(given)
        if known.any():
            own[known] = false_discovery_control(given[known])
    return result


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value of McNemar's test, never 0.

    Args:
        only_first: reports that the first model alone gets right.
        only_second: reports that the second alone gets right.
    """
    from scipy.stats import binomtest  # noqa: PLC0415

    discordant = only_first + only_second
    return max(float(binomtest(only_first, discordant).pvalue), sys.float_info.min) if discordant else 1.0


def detectable(samples: Floats, confidence_level: float, power: float) -> Floats:
    """Return the smallest true difference that a test finds with probability ``power``, by normal approximation.

    It is not a number where every sample gives the same difference, for then the reports say nothing of its error.

    Args:
        samples: differences in bootstrap samples, shape ``(metrics, samples)``.
        confidence_level: one minus the level of the test.
        power: probability of finding it.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.stats import norm  # noqa: PLC0415

    known = np.ma.masked_invalid(samples)
    error = np.ma.filled(known.std(axis=1), 0.0)
    reach: float = norm.ppf((1 + confidence_level) / 2) + norm.ppf(power)
    return np.where(error > ROUNDING, reach * error, np.nan)


def _exceeding(samples: Floats, actual: Floats) -> tuple[Floats, Floats]:
    """Return by metric how many samples are as far from 0 as the actual difference, and how many exist."""
    import numpy as np  # noqa: PLC0415

    known = ~np.isnan(samples)
    far = np.abs(np.where(known, samples, 0.0)) >= np.abs(actual)[:, None] - ROUNDING
    return (far & known).sum(axis=1).astype(float), known.sum(axis=1).astype(float)


def _p_values(actual: Floats, above: Floats, known: Floats) -> Floats:
    """Return ``(c + 1) / (n + 1)``, the p-value that counts what was seen as one of the samples."""
    import numpy as np  # noqa: PLC0415

    return np.where(np.isnan(actual), np.nan, (above + 1) / (known + 1))
