"""An interval that is too narrow makes two equal models look different."""

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap

from multirads_hf.scoring.statistics import (
    bounds,
    effective_n,
    mean_known,
    p_value,
    percentiles,
    ratio,
    resampled_sums,
    wilson,
)


def counts(n=200, seed=3):
    rng = np.random.default_rng(seed)
    return np.column_stack([np.ones(n), rng.binomial(8, 0.7, n), rng.binomial(3, 0.5, n)])


def test_every_sample_draws_as_many_reports_as_there_are():
    sums = resampled_sums(counts(), 300, 0, "tirads")
    assert sums.shape == (300, 3)
    assert (sums[:, 0] == 200).all()
    assert len(np.unique(sums[:, 1])) > 30


def test_draws_are_those_of_their_seed_and_document_whatever_the_order_or_the_memory(monkeypatch):
    rows = counts()
    whole = resampled_sums(rows, 50, 0, "tirads")
    assert (resampled_sums(rows[::-1], 50, 0, "tirads") == whole).all()
    monkeypatch.setattr("multirads_hf.scoring.statistics.DRAWS_AT_ONCE", 700)
    assert (resampled_sums(rows, 50, 0, "tirads") == whole).all()
    assert (resampled_sums(rows, 50, 0, "nirads") != whole).any()
    assert (resampled_sums(rows, 50, 1, "tirads") != whole).any()


def test_the_interval_is_that_of_scipys_bootstrap():
    rows = counts()
    sums = resampled_sums(rows, 4000, 0, "tirads")
    own = percentiles(ratio(sums[:, 1], sums[:, 1] + sums[:, 2]), 0.9)

    def share(right, wrong, axis):
        return right.sum(axis) / (right.sum(axis) + wrong.sum(axis))

    theirs = bootstrap(
        (rows[:, 1], rows[:, 2]), share, paired=True, confidence_level=0.9, n_resamples=4000, method="percentile", rng=0
    ).confidence_interval
    assert own == pytest.approx((theirs.low, theirs.high), abs=0.003)


def test_the_wilson_interval_holds_where_the_simple_one_breaks():
    assert wilson(0, 10, 0.95) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(10, 10, 0.95) == pytest.approx((0.7225, 1), abs=1e-4)
    assert wilson(7, 10, 0.95) == pytest.approx((0.3968, 0.8922), abs=1e-4)


def test_what_does_not_exist_is_left_out_and_never_divides_by_zero():
    assert np.isnan(ratio(np.array([1.0]), np.array([0.0]))).all()
    assert mean_known(np.array([[np.nan, np.nan], [1.0, np.nan]]))[0] == 1
    assert percentiles(np.array([np.nan]), 0.95) is None
    assert percentiles(np.array([np.nan, 2.0]), 0.95) == (2.0, 2.0)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(("right", "n"), [(0, 1), (1, 1), (3, 7), (0, 1600), (1599, 1600), (800, 1600)])
def test_the_wilson_interval_is_that_of_scipy(right, n, level):
    theirs = binomtest(right, n).proportion_ci(level, method="wilson")
    assert wilson(right, n, level) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_intervals_of_several_numbers_are_those_of_numpy():
    values = np.random.default_rng(0).random((4, 1000))
    values[1, ::3] = np.nan
    values[2] = np.nan
    found = np.array(bounds(values, 0.9))
    for own, column in zip(found.T, values, strict=True):
        known = column[~np.isnan(column)]
        expected = np.quantile(known, [0.05, 0.95]) if len(known) else [np.nan, np.nan]
        assert own == pytest.approx(expected, nan_ok=True)


def test_large_counts_are_summed_exactly():
    rows = np.full((50, 2), 2.0**23)
    assert (resampled_sums(rows, 20, 0, "tirads") == 50 * 2.0**23).all()


def test_clusters_that_agree_within_are_worth_no_more_than_their_number():
    right, n = np.array([4.0, 0.0] * 20), np.full(40, 4.0)
    assert effective_n(right, n) == pytest.approx(39)
    assert effective_n(np.full(40, 4.0), n) == 40
    assert effective_n(np.array([3.0]), np.array([4.0])) == 1


def test_clusters_drawn_at_random_are_worth_their_reports():
    rng = np.random.default_rng(0)
    found = [effective_n(rng.binomial(8, 0.6, 200).astype(float), np.full(200, 8.0)) for _ in range(20)]
    assert 0.85 * 1600 < np.mean(found) <= 1600


def test_intervals_over_clusters_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(1)
    held = {"clustered": 0, "naive": 0}
    for _ in range(400):
        shares = rng.beta(2, 2, 60)
        right, n = rng.binomial(8, shares).astype(float), np.full(60, 8.0)
        for name, worth in (("clustered", effective_n(right, n)), ("naive", n.sum())):
            low, high = wilson(right.sum() / n.sum() * worth, worth, 0.9)
            held[name] += low <= 0.5 <= high
    assert 0.85 < held["clustered"] / 400 < 0.95
    assert held["naive"] / 400 < 0.8


def test_a_p_value_is_never_zero():
    assert p_value(0, 999) == 0.001
    assert p_value(999, 999) == 1
