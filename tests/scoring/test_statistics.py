"""An interval that is too narrow makes two equal models look different."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from multirads_hf.scoring.statistics import mean_known, percentiles, ratio, resampled_sums, wilson


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
