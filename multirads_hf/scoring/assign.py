"""The assignment problem of lesions: which of the answer goes with which of the reference.

Pairs are one to one, and as many fields agree as can. Among equally good pairings the one counts that
keeps lesions, sorted by what they hold, nearest to their place; should several be left, that which a
fixed weight of each pair prefers. So a tie has one outcome, on every machine and in every order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Up to so many lesions on either side every pairing is tried.
FEW = 3
# Sums of whole numbers below this are exact in floating point.
EXACT = 2**52
# Of the weights that settle the last ties: a multiplier and a prime of the order of 2**20.
SPREAD, PRIME = 387_420_489, 1_048_573

Pair = tuple[int, int]


def assignment(agreements: Sequence[Sequence[int]]) -> Sequence[Pair]:
    """Return the pairs ``(row, column)`` of the best pairing.

    Args:
        agreements: how many fields agree, a row an answered lesion, a column one of the reference; not empty.
    """
    n, m = len(agreements), len(agreements[0])
    if n == m == 1:
        return ((0, 0),)
    if n <= FEW and m <= FEW:
        # The first of the best: ``_pairings`` lists those first whose lesions keep their places.
        return max(_pairings(n, m), key=lambda pairs: sum([agreements[row][column] for row, column in pairs]))
    return _assigned(agreements)


@lru_cache(maxsize=FEW * FEW)
def _pairings(n: int, m: int) -> tuple[tuple[Pair, ...], ...]:
    """Return every way to pair ``n`` with ``m``, those first that move least."""
    if n <= m:
        found = [tuple(zip(range(n), columns, strict=True)) for columns in permutations(range(m), n)]
    else:
        found = [tuple(zip(rows, range(m), strict=True)) for rows in permutations(range(n), m)]
    return tuple(sorted(found, key=lambda pairs: (sum((row - column) ** 2 for row, column in pairs), pairs)))


def _assigned(agreements: Sequence[Sequence[int]]) -> list[Pair]:
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    counts = np.array(agreements, dtype=float)
    moves = _moves(len(agreements), len(agreements[0]), float(counts.max()))
    # Any one agreement outweighs every difference of moves.
    weight = 1 + float(moves.max()) * min(counts.shape)
    rows, columns = linear_sum_assignment(counts * weight - moves, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


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
