"""Lesions paired badly make right findings wrong; a tie resolved by chance makes a score that cannot be repeated."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import laws

from multirads_hf.scoring.assign import FEW, pairings

tables = st.integers(1, 6).flatmap(
    lambda m: st.lists(st.lists(st.integers(0, 5), min_size=m, max_size=m), min_size=1, max_size=6)
)


def assignment(agreements):
    """The pairs of one report; every lesion stands in one, some by itself."""
    (pairs,) = pairings(np.array([agreements])).tolist()
    for side, size in enumerate((len(agreements), len(agreements[0]))):
        assert sorted(pair[side] for pair in pairs if pair[side] >= 0) == list(range(size))
    return [tuple(pair) for pair in pairs if min(pair) >= 0]


def total(agreements, pairs):
    return sum(agreements[row][column] for row, column in pairs)


def moved(pairs):
    return sum((row - column) ** 2 for row, column in pairs)


def every_pairing(n, m):
    if n <= m:
        return [list(zip(range(n), columns, strict=True)) for columns in permutations(range(m), n)]
    return [list(zip(rows, range(m), strict=True)) for rows in permutations(range(n), m)]


@laws
@given(tables)
def test_no_pairing_agrees_on_more_and_none_that_agrees_as_much_moves_less(agreements):
    n, m = len(agreements), len(agreements[0])
    found = assignment(agreements)
    assert len({row for row, _ in found}) == len({column for _, column in found}) == min(n, m)
    best = max(every_pairing(n, m), key=lambda pairs: (total(agreements, pairs), -moved(pairs)))
    assert (total(agreements, found), moved(found)) == (total(agreements, best), moved(best))


@pytest.mark.parametrize("n", [1, 2, FEW, FEW + 1, 5])
@pytest.mark.parametrize("m", [1, 2, FEW, FEW + 1, 5])
def test_lesions_that_are_all_alike_keep_their_places(n, m):
    assert sorted(assignment([[2] * m] * n)) == [(place, place) for place in range(min(n, m))]


def test_the_last_ties_have_one_outcome_which_only_the_table_decides():
    # Two pairings agree on as much and move as little; a solver may meet either first.
    table = np.zeros((5, 5), dtype=int)
    table[[0, 0, 2, 2, 4], [1, 2, 0, 4, 3]] = 1
    found = [sorted(assignment(table.tolist())) for _ in range(3)]
    assert found[0] == found[1] == found[2]


def test_many_lesions_are_paired_exactly():
    rng = np.random.default_rng(0)
    for n, m in ((200, 4), (200, 60), (200, 200)):
        table = rng.integers(0, 12, (n, m))
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(table, maximize=True)
        assert total(table.tolist(), assignment(table.tolist())) == table[rows, columns].sum()
