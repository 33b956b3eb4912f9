"""The assignment problem of lesions: which of the answer goes with which of the reference.

Pairs are one to one, and as many fields agree as can. Among equally good pairings the one counts that
keeps lesions, sorted by what they hold, nearest to their place; should several be left, that which a
fixed weight of each pair prefers. So a tie has one outcome, on every machine and in every order.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

# Up to so many lesions on either side every pairing is tried.
FEW = 3
# Sums of whole numbers below this are exact in floating point.
EXACT = 2**52
# Of the weights that settle the last ties: a multiplier and a prime of the order of 2**20.
SPREAD, PRIME = 387_420_489, 1_048_573


def pairings(agreements: Integers) -> Integers:
    """Return the best pairing of each report.

    Args:
        agreements: how many fields agree, shape ``(reports, answered lesions, lesions of the reference)``,
            one or more of each.

    Returns:
        Places of an answered lesion and of one of the reference, -1 for none, shape ``(reports, pairs, 2)``:
        every lesion stands in one pair.
    """
    import numpy as np  # noqa: PLC0415

    _, n, m = agreements.shape
    if max(n, m) > FEW:
        return np.stack([_assigned(own) for own in agreements])
    every = _every_pairing(n, m)
    met = every[:, : min(n, m)]
    # The first of the best: those stand first whose lesions keep their places.
    best = agreements[:, met[..., 0], met[..., 1]].sum(axis=2).argmax(axis=1)
    found: Integers = every[best]
    return found


@lru_cache(maxsize=FEW * FEW)
def _every_pairing(n: int, m: int) -> Integers:
    """Return every way to pair ``n`` with ``m``, those first that move least, shape ``(ways, pairs, 2)``."""
    import numpy as np  # noqa: PLC0415

    if n <= m:
        found = [tuple(zip(range(n), columns, strict=True)) for columns in permutations(range(m), n)]
    else:
        found = [tuple(zip(rows, range(m), strict=True)) for rows in permutations(range(n), m)]
    found.sort(key=lambda pairs: (sum((row - column) ** 2 for row, column in pairs), pairs))
    return np.stack([_with_others(np.array(pairs), n, m) for pairs in found])


def _with_others(pairs: Integers, n: int, m: int) -> Integers:
    """Return pairs, then each lesion that stands in none by itself."""
    import numpy as np  # noqa: PLC0415

    alone = np.setdiff1d(np.arange(max(n, m)), pairs[:, int(m > n)])
    others = np.full((len(alone), 2), -1)
    others[:, int(m > n)] = alone
    return np.concatenate([pairs, others])


def _assigned(agreements: Integers) -> Integers:
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    counts = agreements.astype(float)
    n, m = agreements.shape
    moves = _moves(n, m, float(counts.max()))
    # Any one agreement outweighs every difference of moves.
    weight = 1 + float(moves.max()) * min(counts.shape)
    pairs = np.stack(linear_sum_assignment(counts * weight - moves, maximize=True), axis=1)
    return _with_others(pairs, n, m)


def _moves(n: int, m: int, most: float) -> NDArray[np.float64]:
    """Return what each pair costs: the square of the distance of its places, then a weight of its own.

    All are whole numbers, and so small that sums over a pairing of up to ``most`` agreements a pair are exact.
    """
    import numpy as np  # noqa: PLC0415

    pairs = min(n, m)
    places = np.subtract.outer(np.arange(n), np.arange(m)) ** 2.0
    room = EXACT / ((most + 1) * pairs * (places.max() + 1) * pairs * pairs)
    weights = (np.add.outer(np.arange(n) * m, np.arange(m)) + 1) * SPREAD % PRIME % max(1, int(room))
    moves: NDArray[np.float64] = places * (1 + pairs * float(weights.max())) + weights
    return moves
