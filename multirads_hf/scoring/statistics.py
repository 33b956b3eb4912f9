"""Intervals from sufficient counts: bootstrap by report or cluster, Wilson for proportions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Draws held in memory at once, some 32 MB.
DRAWS_AT_ONCE = 2_000_000
# Draws kept for the next set of answers to as many reports, 2 MB each.
DRAWS_REMEMBERED = 500_000


def resampled_sums(rows: Floats, n_resamples: int, seed: int, name: str, keys: Floats | None = None) -> Floats:
    """Return the column sums of bootstrap samples of reports.

    Every sample draws as many reports as there are, with replacement. Rows are sorted first, so that
    their order makes no difference.

    Args:
        rows: counts, one row a report, whole numbers, shape ``(n, k)``.
        n_resamples: the number of samples.
        seed: with ``name`` it fixes the draws.
        name: the stream, so that a document's draws do not depend on what else is scored.
        keys: what rows are sorted by, one row a report; rows of equal keys are equal. The rows themselves if None.

    Returns:
        Sums, shape ``(n_resamples, k)``.
    """
    import numpy as np  # noqa: PLC0415

    n = len(rows)
    if not rows.size:
        return np.zeros((n_resamples, rows.shape[1]))
    # Sums of whole numbers below this are exact in single precision.
    known = rows if keys is None else keys
    exact = "f4" if n * float(max(np.abs(rows).max(), np.abs(known).max())) < 2**24 else "f8"
    by: NDArray[Any] = np.ascontiguousarray(known, dtype=exact)
    order = np.argsort(by.view(f"V{by.shape[1] * by.itemsize}").ravel(), kind="stable")
    own = np.ascontiguousarray(rows[order].T, dtype=exact)
    few = n * n_resamples <= DRAWS_REMEMBERED
    draws = [_remembered(n, n_resamples, seed, name)] if few else map(np.transpose, _draws(n, n_resamples, seed, name))
    with _blas().limit(limits=1):
        sums = [np.matmul(own, times.astype(exact, copy=False)) for times in draws]
    return np.concatenate(sums, axis=1, dtype=float).T


@lru_cache(maxsize=1)
def _blas() -> Any:
    """Return the libraries that multiply matrices: small ones, at which threads would wait for each other."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # noqa: PLC0415 (of scikit-learn)

    return ThreadpoolController().select(user_api="blas")


@lru_cache(maxsize=64)
def _remembered(n: int, n_resamples: int, seed: int, name: str) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415

    draws = [np.empty((0, n), dtype=np.float32), *_draws(n, n_resamples, seed, name)]
    return np.ascontiguousarray(np.concatenate(draws).T)


def _draws(n: int, n_resamples: int, seed: int, name: str) -> Iterator[NDArray[np.float32]]:
    """Yield how often each of ``n`` reports is drawn, some samples at a time, shape ``(samples, n)``."""
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng([seed, *name.encode()])
    at_once = max(1, DRAWS_AT_ONCE // max(n, 1))
    for start in range(0, n_resamples, at_once):
        size = min(at_once, n_resamples - start)
        drawn = random.integers(0, n, size=(size, n)) + n * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(np.float32)


def percentiles(values: Floats, confidence_level: float) -> tuple[float, float] | None:
    """Return the percentile interval of resampled values, those that do not exist left out; None without any."""
    low, high = bounds(values, confidence_level)
    return None if math.isnan(low) else (float(low), float(high))


def bounds(values: Floats, confidence_level: float) -> tuple[Floats, Floats]:
    """Return the percentile intervals of resampled values along the last axis, as ``numpy.quantile`` has them.

    Values that do not exist are left out; where none does, both bounds are not a number.
    """
    import numpy as np  # noqa: PLC0415

    n = values.shape[-1]
    if not n:
        return np.full(values.shape[:-1], np.nan), np.full(values.shape[:-1], np.nan)
    tail = (1 - confidence_level) / 2
    found = np.empty((2, *values.shape[:-1]))
    missing = np.isnan(values).sum(axis=-1)
    for number in np.unique(missing).tolist():
        which, last = missing == number, max(n - number - 1, 0)
        places = (last * tail, last - last * tail)
        ends = sorted({step(place) for place in places for step in (math.floor, math.ceil)})
        # Only the values next to the bounds have to stand in their order; what does not exist stands last.
        ordered = values[which]
        ordered.partition(ends, axis=-1)
        found[:, which] = [_between(ordered, place) for place in places]
    return found[0], found[1]


def _between(ordered: Floats, place: float) -> Floats:
    low, high = (ordered[..., step(place)] for step in (math.floor, math.ceil))
    return low + (high - low) * (place - math.floor(place))


def wilson(successes: float, n: float, confidence_level: float) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion.

    Args:
        successes: how many of ``n``; neither need be whole where reports hang together.
        n: above 0.
        confidence_level: of the interval.
    """
    share, z2 = successes / n, _z(confidence_level) ** 2
    middle, half = share + z2 / (2 * n), math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n)))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return (0.0 if successes == 0 else max(0.0, low)), (1.0 if successes == n else min(1.0, high))


@lru_cache(maxsize=64)
def _z(confidence_level: float) -> float:
    from scipy.special import ndtri  # noqa: PLC0415

    return float(ndtri((1 + confidence_level) / 2))


def effective_n(above: Floats, below: Floats) -> float:
    """Return how many independent reports a proportion over clusters is worth, never more than there are.

    The variance of the proportion is that between clusters (Taylor linearisation, as in surveys). A
    proportion of 0 or 1 shows none; then only the clusters count.

    Args:
        above: the numerator of each cluster.
        below: its denominator; some are above 0.
    """
    above, below = above[below > 0], below[below > 0]
    n, clusters = float(below.sum()), len(below)
    share = float(above.sum()) / n
    if clusters == n:
        return n
    if clusters == 1 or share in (0, 1):
        return float(clusters)
    # A sum that is rounded once does not depend on the order of its terms.
    spread = math.fsum(((above - share * below) ** 2).tolist())
    variance = spread * clusters / (clusters - 1) / n**2
    return min(n, share * (1 - share) / variance) if variance else n


def p_value(as_far: int, n: int) -> float:
    """Return the p-value of a test by ``n`` shuffles of which ``as_far`` went as far as what was found; never 0."""
    return (as_far + 1) / (n + 1)


def ratio(above: Floats, below: Floats) -> Floats:
    """Return ``above / below``, not a number where ``below`` is 0."""
    import numpy as np  # noqa: PLC0415

    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.asarray(np.true_divide(above, below))
    quotient[np.asarray(below) == 0] = np.nan
    return quotient


def mean_known(values: Floats) -> Floats:
    """Return the mean over the first axis of the numbers that exist, not a number where none does."""
    import numpy as np  # noqa: PLC0415

    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0).astype(float))
