"""A difference that is luck must not look real, and one that is real must not be lost."""

import random
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap, permutation_test
from statsmodels.stats.contingency_tables import mcnemar as reference_mcnemar
from statsmodels.stats.multitest import multipletests

from multirads_hf.errors import OptionError, ScoringError
from multirads_hf.rads import get
from multirads_hf.scoring import METRICS, Agreement, Counts, Settings, score, score_counts
from multirads_hf.scoring.compare import compare, compare_counts
from multirads_hf.scoring.ranking import groups, standings
from multirads_hf.scoring.significance import adjusted, mcnemar

CODES = {key: get(key).codes for key in ("tirads", "lirads_us", "nirads")}
REFERENCE = '{"document": "tirads", "category": "TR4", "lesions": [{"composition": "solid", "size_mm": 16}]}'


def report(key, expected, right, draw):
    """The counts of an answer that is right with a probability."""
    sure = draw.random() < right
    given = expected if sure else draw.choice([*CODES[key], None])
    tp = sum(draw.random() < right for _ in range(5))
    counted = (tp, draw.randrange(6 - tp), 5 - tp)
    agreement = Agreement(*counted, {"composition": counted})
    return Counts(key, "ok" if given else "not_json", expected, given, agreement, tp == 5, bool(given) and sure)


def reports(right, n=120, seed=0, name=""):
    """The counts of a model over the same reports of three documents."""
    keys = sorted(CODES)
    expected = [CODES[keys[i % 3]][i % len(CODES[keys[i % 3]])] for i in range(n)]
    draw = random.Random(f"{seed}{name}{right}")
    return [report(keys[i % 3], expected[i], right, draw) for i in range(n)]


def models(**right):
    return {name: reports(share, name=name) for name, share in right.items()}


FAST = Settings(n_resamples=200)
NAMES = [f"report {n:03}" for n in range(120)]


def test_the_numbers_of_a_model_are_those_that_score_gives():
    counts = models(a=0.8, b=0.6)
    compared = compare_counts(counts, FAST)
    for model, own in counts.items():
        wanted = score_counts(own, Settings(n_resamples=200)).scores
        for metric in METRICS:
            assert compared.scores[model][metric.name].value == pytest.approx(wanted[metric.name].value, abs=1e-12)
            if metric.share:
                assert compared.scores[model][metric.name] == wanted[metric.name]


def test_neither_the_order_of_models_and_reports_nor_their_names_change_a_number():
    counts = models(a=0.8, b=0.75, c=0.6)
    whole = compare_counts(counts, FAST)
    mixed = list(range(120))
    random.Random(1).shuffle(mixed)
    renamed = {"x": "c", "y": "a", "z": "b"}
    other = compare_counts({new: [counts[old][i] for i in mixed] for new, old in renamed.items()}, FAST)
    for one, two in combinations(renamed, 2):
        assert whole.pair(renamed[one], renamed[two]).differences == other.pair(one, two).differences
        assert whole.pair(renamed[one], renamed[two]).mcnemar == other.pair(one, two).mcnemar
    assert [[renamed[name] for name in group] for group in other.groups] == whole.groups


def test_two_models_in_the_other_order_differ_by_as_much_the_other_way():
    counts = models(a=0.8, b=0.6)
    one, other = (compare_counts({name: counts[name] for name in order}, FAST).flat() for order in ("ab", "ba"))
    assert one["multirads_f1_difference"] == -other["multirads_f1_difference"] > 0
    assert one["multirads_f1_difference_low"] == -other["multirads_f1_difference_high"]
    assert one["multirads_f1_p_value"] == other["multirads_f1_p_value"]


def test_a_pair_does_not_depend_on_who_else_is_compared():
    counts = models(a=0.8, b=0.75, c=0.6)
    alone = compare_counts({name: counts[name] for name in "ab"}, FAST, report_ids=NAMES).pair("a", "b")
    among = compare_counts(counts, FAST, report_ids=NAMES).pair("a", "b")
    for metric, own in alone.differences.items():
        assert among.differences[metric].p_value == own.p_value
        assert (among.differences[metric].low, among.differences[metric].p_bootstrap) == (own.low, own.p_bootstrap)


def test_the_seed_fixes_every_draw():
    counts = models(a=0.8, b=0.75)
    assert compare_counts(counts, FAST) == compare_counts(counts, FAST)
    assert compare_counts(counts, FAST) != compare_counts(counts, Settings(n_resamples=200, seed=1))


def test_memory_does_not_move_a_number(monkeypatch):
    counts = models(a=0.8, b=0.75)
    whole = compare_counts(counts, FAST)
    monkeypatch.setattr("multirads_hf.scoring.blocks.DRAWS_AT_ONCE", 300)
    assert compare_counts(counts, FAST) == whole


def test_randomisation_agrees_with_every_swap_there_is():
    counts = {name: reports(share, n=9, name=name, seed=4) for name, share in (("a", 0.9), ("b", 0.4))}
    found = compare_counts(counts, Settings(n_resamples=20_000)).pairs[0]

    def difference(one, other):
        pair = (score_counts(own, Settings(n_resamples=0)).scores["multirads_f1"].value for own in (one, other))
        return abs(next(pair) - next(pair))

    actual = difference(counts["a"], counts["b"])
    swapped = []
    for swap in product((False, True), repeat=9):
        both = [(b, a) if s else (a, b) for a, b, s in zip(counts["a"], counts["b"], swap, strict=True)]
        swapped.append(difference([a for a, _ in both], [b for _, b in both]))
    exact = np.mean(np.array(swapped) >= actual - 1e-12)
    assert found.differences["multirads_f1"].p_value == pytest.approx(exact, abs=0.01)


def one_document(n=150):
    return {name: [own for own in reports(share, 3 * n, name=name) if own.document == "tirads"]
            for name, share in (("a", 0.8), ("b", 0.65))}  # fmt: skip


def test_tests_and_interval_are_those_of_scipy():
    counts = one_document()
    found = compare_counts(counts, Settings(n_resamples=9999)).pair("a", "b")
    own = found.differences["category_accuracy"]
    right = tuple(np.array([report.correct for report in counts[name]], float) for name in "ab")
    sign = 1 if found.first == "a" else -1

    def difference(one, other, axis):
        return sign * (one.mean(axis) - other.mean(axis))

    theirs = permutation_test(right, difference, permutation_type="samples", n_resamples=9999, vectorized=True, rng=0)
    assert own.p_value == pytest.approx(theirs.pvalue, abs=0.01)
    interval = bootstrap(right, difference, paired=True, n_resamples=9999, method="percentile", rng=0)
    assert (own.low, own.high) == pytest.approx(tuple(interval.confidence_interval), abs=0.01)


def test_mcnemar_and_adjustment_are_those_of_statsmodels():
    for only_first, only_second in ((0, 0), (1, 0), (9, 2), (30, 31), (0, 40)):
        theirs = reference_mcnemar([[5, only_first], [only_second, 7]], exact=True).pvalue
        assert mcnemar(only_first, only_second) == pytest.approx(theirs, rel=1e-9)
    p_values = np.random.default_rng(0).random((45, 2)) ** 3
    theirs = np.array([multipletests(own, method="fdr_bh")[1] for own in p_values.T]).T
    assert adjusted(p_values) == pytest.approx(theirs)
    p_values[3, 0] = np.nan
    assert np.isnan(adjusted(p_values)).sum() == 1


def test_no_p_value_is_0():
    counts = {"good": reports(1.0, 1500), "bad": reports(0.0, 1500)}
    flat = compare_counts(counts, FAST).flat()
    own = [value for name, value in flat.items() if name.endswith("p_value")]
    assert len(own) > 10
    assert min(own) > 0
    assert flat["multirads_f1_p_value"] == 1 / 201
    assert mcnemar(5000, 0) > 0


def test_equal_models_are_told_apart_no_more_often_than_the_level_says():
    p_values = [
        compare_counts({name: reports(0.7, 60, seed, name) for name in "ab"}, Settings(n_resamples=99)).flat()
        for seed in range(150)
    ]
    for metric in ("multirads_f1", "category_accuracy", "weighted_kappa"):
        assert np.mean([own[f"{metric}_p_value"] <= 0.05 for own in p_values]) < 0.1


def test_a_difference_of_the_detectable_size_is_found_as_often_as_said():
    found = []
    for seed in range(120):
        counts = {"a": reports(0.75, 180, seed, "a"), "b": reports(0.69, 180, seed, "b")}
        own = compare_counts(counts, Settings(n_resamples=99)).pair("a", "b").differences["multirads_recall"]
        found.append((own.p_value <= 0.05, own.detectable))
    # The true difference of recall, and of as many reports the detectable one.
    assert np.median([size for _, size in found]) == pytest.approx(0.06, abs=0.003)
    assert 0.7 < np.mean([significant for significant, _ in found]) < 0.9


def test_reports_of_a_cluster_count_once():
    counts = models(a=0.75, b=0.65)
    single = compare_counts(counts, FAST, report_ids=NAMES).pair("a", "b")
    twice = {name: own * 2 for name, own in counts.items()}
    clustered = compare_counts(twice, FAST, clusters=NAMES * 2).pair("a", "b")
    assert clustered.differences == single.differences
    assert clustered.mcnemar.p_value is None
    separate = compare_counts(twice, FAST).pair("a", "b")
    assert separate.differences["multirads_f1"].detectable < single.differences["multirads_f1"].detectable
    assert "clustered:yes" in compare_counts(twice, FAST, clusters=NAMES * 2).signature


def test_failed_calls_are_left_out_for_every_model():
    counts = models(a=0.8, b=0.6)
    whole = compare_counts({name: own[1:] for name, own in counts.items()}, FAST)
    failed = Counts(counts["a"][0].document, "error", counts["a"][0].expected)
    found = compare_counts({"a": [failed, *counts["a"][1:]], "b": counts["b"]}, FAST)
    assert (found.n, found.n_error) == (120, 1)
    assert found.pairs == whole.pairs
    with pytest.raises(ScoringError, match="no call failed on"):
        compare_counts({name: [failed] for name in "ab"}, FAST)


def test_a_number_that_does_not_exist_is_no_number():
    silent = {
        name: [Counts("tirads", "empty", "TR4", None, Agreement(0, 0, 3, {"composition": (0, 0, 3)}))] * 9
        for name in "ab"
    }
    found = compare_counts(silent, FAST, rank_by="weighted_kappa")
    assert found.pairs[0].differences["weighted_kappa"].p_value is None
    assert [own.group for own in found.standings] == [None, None]
    assert "weighted_kappa_difference" not in found.flat()


@given(st.dictionaries(st.text("abcdef", min_size=1), st.floats(0, 1), min_size=2, max_size=8), st.randoms())
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_models_that_cannot_be_told_apart_share_a_group(scores, draw):
    apart = {frozenset(pair): draw.random() < 0.8 for pair in combinations(sorted(scores), 2)}
    placed = standings(scores, True, lambda one, other: apart[frozenset((one, other))])
    group = {own.model: own.group for own in placed}
    for pair, differ in apart.items():
        one, other = pair
        assert differ or group[one] == group[other]
    assert [own.group for own in placed] == sorted(own.group for own in placed)
    assert [scores[own.model] for own in placed] == sorted(scores.values(), reverse=True)
    assert [model for members in groups(placed) for model in members] == [own.model for own in placed]
    assert all(1 <= own.best_rank <= own.worst_rank <= len(scores) for own in placed)


def test_a_group_ends_only_where_everyone_above_differs_from_everyone_below():
    def differ(one, other):
        return abs(ord(one) - ord(other)) > 1

    placed = standings({"a": 0.9, "b": 0.8, "c": 0.7, "e": 0.2, "d": None}, True, differ)
    assert groups(placed) == [["a", "b", "c"], ["e"]]
    assert [(own.best_rank, own.worst_rank) for own in placed] == [(1, 2), (1, 3), (2, 3), (4, 4), (None, None)]
    assert standings({"a": 0.9, "c": 0.7}, False, differ)[0].model == "c"


def test_raw_answers_are_compared_as_they_are_scored():
    answers = {"right": [REFERENCE] * 30, "words": ["TI-RADS 3"] * 20 + [REFERENCE] * 10}
    found = compare(answers, [REFERENCE] * 30, n_resamples=99)
    assert found.groups == [["right"], ["words"]]
    assert found.scores["words"]["multirads_f1"].value == score(answers["words"], [REFERENCE] * 30).scores[
        "multirads_f1"].value  # fmt: skip
    by_category = compare(answers, [REFERENCE] * 30, n_resamples=99, task="category")
    assert by_category.rank_by == "category_accuracy"
    assert by_category.scores["words"]["validity"].value == 1
    failed = compare(answers, [REFERENCE] * 30, n_resamples=99, errors={"words": [True] * 20 + [False] * 10})
    assert (failed.n_error, len(failed.groups)) == (20, 1)
    assert "|models:2|" in failed.signature
    assert "|errors:20|" in failed.signature


@pytest.mark.parametrize(
    ("predictions", "references", "options", "error", "said"),
    [
        ({"a": ["x"]}, [REFERENCE], {}, ScoringError, r"predictions: got 1 model\(s\)"),
        ([["x"], ["y"]], [REFERENCE], {}, ScoringError, "Allowed: a mapping of each model"),
        ({"a": [], "b": []}, [], {}, ScoringError, "Nothing to compare"),
        ({"a": ["x"], "b": ["x", "y"]}, [REFERENCE], {}, ScoringError, r"predictions\['b'\]: got 2, references 1"),
        ({"a": ["x"], "b": [3]}, [REFERENCE], {}, ScoringError, r"predictions\['b'\]\[0\]: got 3"),
        ({"a": ["x"], "": ["x"]}, [REFERENCE], {}, ScoringError, "a text that is not empty"),
        ({"a": ["x"], "b": ["x"]}, ["TR4"], {}, ScoringError, r"references\[0\]: got 'TR4'"),
        ({"a": ["x"], "b": ["x"]}, [REFERENCE], {"rank_by": "f1"}, OptionError, "rank_by: got 'f1'.*multirads_f1"),
        ({"a": ["x"], "b": ["x"]}, [REFERENCE], {"power": 1}, OptionError, "power: got 1"),
        ({"a": ["x"], "b": ["x"]}, [REFERENCE], {"n_resamples": 18}, OptionError, "Allowed: 19 or more"),
        ({"a": ["x"], "b": ["x"]}, [REFERENCE], {"clusters": []}, ScoringError, "clusters: got 0, references 1"),
        (
            {"a": ["x"], "b": ["x"]}, [REFERENCE], {"task": "category", "rank_by": "multirads_f1"}, OptionError,
            "Allowed: validity",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said(predictions, references, options, error, said):
    with pytest.raises(error, match=said):
        compare(predictions, references, **options)


def test_counts_of_other_reports_are_refused():
    counts = models(a=0.8, b=0.6)
    with pytest.raises(ScoringError, match="119 reports of 'b', 120 of 'a'"):
        compare_counts({"a": counts["a"], "b": counts["b"][1:]}, FAST)
    with pytest.raises(ScoringError, match=r"counts\[0\]: got .* of 'b'"):
        compare_counts({"a": counts["a"], "b": counts["b"][::-1]}, FAST)
