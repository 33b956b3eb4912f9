"""Intervals from sufficient counts: bootstrap by report, Wilson for proportions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Draws held in memory at once, some 32 MB.
DRAWS_AT_ONCE = 2_000_000


def resampled_sums(rows: Floats, n_resamples: int, seed: int, name: str) -> Floats:
    """Return the column sums of bootstrap samples of reports.

    Every sample draws as many reports as there are, with replacement. Rows are sorted first, so that
    their order makes no difference.

    Args:
        rows: counts, one row a report, shape ``(n, k)``.
        n_resamples: the number of samples.
        seed: with ``name`` it fixes the draws.
        name: the stream, so that a document's draws do not depend on what else is scored.

    Returns:
        Sums, shape ``(n_resamples, k)``.
    """
    import numpy as np  # noqa: PLC0415

    n = len(rows)
    rows = rows[np.lexsort(rows.T)]
    random = np.random.default_rng([seed, *name.encode()])
    at_once = max(1, DRAWS_AT_ONCE // max(n, 1))
    sums = np.empty((n_resamples, rows.shape[1]))
    for start in range(0, n_resamples, at_once):
        size = min(at_once, n_resamples - start)
        drawn = random.integers(0, n, size=(size, n)) + n * np.arange(size)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)
        sums[start : start + size] = times.astype(float) @ rows
    return sums


def percentiles(values: Floats, confidence_level: float) -> tuple[float, float] | None:
    """Return the percentile interval of resampled values, those that do not exist left out; None without any."""
    import numpy as np  # noqa: PLC0415

    known = values[~np.isnan(values)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - confidence_level) / 2, (1 + confidence_level) / 2])
    return float(low), float(high)


def wilson(successes: int, n: int, confidence_level: float) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion; ``n`` is at least 1."""
    from scipy.stats import binomtest  # noqa: PLC0415

    interval = binomtest(successes, n).proportion_ci(confidence_level, method="wilson")
    return float(interval.low), float(interval.high)


def ratio(above: Floats, below: Floats) -> Floats:
    """Return ``above / below``, not a number where ``below`` is 0."""
    import numpy as np  # noqa: PLC0415

    quotient = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=quotient, where=np.asarray(below) != 0)
    return quotient


def mean_known(values: Floats) -> Floats:
    """Return the mean over the first axis of the numbers that exist, not a number where none does."""
    import numpy as np  # noqa: PLC0415

    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0).astype(float))
