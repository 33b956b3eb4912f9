"""The same study written otherwise: a model that reads should answer the same, and not what is printed."""

import json

import numpy as np
import pytest

from multirads_hf import corpus
from multirads_hf.errors import ScoringError
from multirads_hf.scoring import CONDITION_METRICS, Settings, counts_of, score
from multirads_hf.scoring.conditions import DROPS, drops
from multirads_hf.scoring.pairs import CONTRAST

LABEL = {"task": "category", "n_resamples": 0}


def reference(category, document="tirads", **exam):
    return json.dumps({"document": document, "category": category, **exam, "lesions": []})


def found(answers, references, **options):
    texts = [json.dumps({"category": answer}) for answer in answers]
    return {name: own.value for name, own in score(texts, references, **{**LABEL, **options}).scores.items()}


def test_style_consistency_asks_for_one_answer_and_style_accuracy_for_the_right_one():
    references = [reference(code) for code in ("TR3", "TR3", "TR4", "TR4", "TR5", "TR5", "TR1")]
    studies = ["a", "a", "b", "b", "c", "c", "d"]
    own = found(["TR3", "TR3", "TR5", "TR5", "TR5", "TR4", "TR1"], references, study_ids=studies)
    assert own["style_consistency"] == pytest.approx(2 / 3)
    assert own["style_accuracy"] == pytest.approx(1 / 3)


def test_no_answer_at_all_is_no_consistency():
    own = found(["?", "?"], [reference("TR3")] * 2, study_ids=["a", "a"])
    assert own["style_consistency"] == own["style_accuracy"] == 0


def test_studies_with_one_report_or_a_failed_call_are_left_out():
    references = [reference("TR3")] * 3
    assert "style_consistency" not in found(["TR3"] * 3, references, study_ids=["a", "b", ""])
    own = found(["TR3"] * 3, references, study_ids=["a", "a", "b"], errors=[True, False, False])
    assert "style_consistency" not in own


def test_reports_of_one_study_have_one_category():
    with pytest.raises(ScoringError, match=r"study_ids: reports of 'a' differ"):
        found(["TR3"] * 2, [reference("TR3"), reference("TR4")], study_ids=["a", "a"])


def test_anchoring_counts_wrong_printed_categories_that_are_repeated():
    references = [reference("TR3")] * 5
    stated = ["TR4", "TR4", "TR4", "TR3", ""]
    own = found(["TR4", "TR3", "?", "TR3", "TR4"], references, stated_categories=stated)
    assert own["anchoring_rate"] == pytest.approx(1 / 3)
    assert "anchoring_rate" not in found(["TR3"], references[:1], stated_categories=["TR3"])


def test_a_printed_category_that_is_none_is_named():
    with pytest.raises(ScoringError, match=r"stated_categories\[1\]: got 'TR9'. Allowed: NC, TR1"):
        found(["TR3"] * 2, [reference("TR3")] * 2, stated_categories=["", "TR9"])


def test_a_printed_category_is_a_shortcut_of_its_own():
    references = [reference("TR3"), reference("TR4")]
    result = score(["", ""], references, **LABEL, stated_categories=["TR3", "TR3"])
    assert result.shortcuts["printed"]["category_accuracy"].value == 0.5
    assert set(score(["", ""], references, **LABEL).shortcuts) == {"constant"}


def study(size):
    return json.dumps({"document": "tirads", "category": "TR4", "lesions": [{"composition": "solid", "size_mm": size}]})


def test_the_drop_is_the_difference_of_two_scores_of_the_same_studies():
    references = [study(10 + place) for place in range(12)]
    noisy = [study(40) if place % 3 == 0 else text for place, text in enumerate(references)]
    noisy[1] = ""
    result = score(references, references, noisy_predictions=noisy, n_resamples=200)
    alone = score(noisy, references, n_resamples=0).scores
    for name, own in DROPS.items():
        assert result.scores[name].value == pytest.approx(1 - alone[own].value), name
        assert result.scores[name].low <= result.scores[name].value <= result.scores[name].high
        assert result.by_document["tirads"].scores[name] == result.scores[name]
    assert result.scores["robustness_drop_f1"].low > 0


def test_noise_that_changes_nothing_costs_nothing_and_its_interval_says_so():
    references = [study(10 + place) for place in range(12)]
    answers = [study(40) if place % 2 else text for place, text in enumerate(references)]
    result = score(answers, references, noisy_predictions=answers)
    assert [result.scores[name].to_json() for name in DROPS] == [{"value": 0, "low": 0, "high": 0}] * len(DROPS)


def test_a_study_that_failed_on_either_side_is_left_out_of_the_drop():
    references = [study(10), study(20)]
    clean = counts_of(references, references)
    noisy = counts_of(["", ""], references, errors=[True, False])
    assert drops(clean, noisy, Settings(n_resamples=0))["robustness_drop_validity"].value == 1
    assert drops(clean[:1], noisy[:1], Settings(n_resamples=0)) == {}


def test_noisy_answers_are_as_many_as_reports():
    with pytest.raises(ScoringError, match="noisy_predictions: got 1, references 2"):
        score(["", ""], [study(1), study(2)], noisy_predictions=[""])


def test_every_number_of_a_condition_is_described():
    names = [metric.name for metric in CONDITION_METRICS]
    assert names == [*CONTRAST, "style_consistency", "style_accuracy", "anchoring_rate", *DROPS]
    assert {m.name for m in CONDITION_METRICS if not m.higher_is_better} == {"anchoring_rate", *DROPS}


def test_a_study_written_five_times_is_no_five_reports():
    references = [study(10 + place) for place in range(10)] * 5
    answers = ["" if place % 10 < 4 else text for place, text in enumerate(references)]
    ids = [f"study{place % 10}" for place in range(50)]
    apart, tied = (score(answers, references, study_ids=own) for own in (None, ids))
    once = score(answers[:10], references[:10])
    for name in ("multirads_f1", "category_accuracy", "validity"):
        assert apart.scores[name].value == tied.scores[name].value
        widths = [own.scores[name].high - own.scores[name].low for own in (apart, tied, once)]
        assert widths[0] < 0.7 * widths[1], name
        assert widths[1] == pytest.approx(widths[2], rel=0.25), name
    assert "|unit:report|" in apart.signature
    assert "|unit:study|" in tied.signature


def test_clusters_of_one_report_change_no_interval():
    references = [study(10 + place) for place in range(20)]
    answers = ["" if place % 3 else text for place, text in enumerate(references)]
    apart = score(answers, references)
    own = score(answers, references, clusters=[str(place) for place in range(20)])
    assert own.to_json() == apart.to_json()


def test_the_order_of_clustered_reports_changes_nothing():
    rng = np.random.default_rng(0)
    references = [study(10 + place) for place in range(24)]
    answers = ["" if place % 5 < 2 else text for place, text in enumerate(references)]
    clusters, groups = [f"scenario{place % 5}" for place in range(24)], ["ab"[place % 2] for place in range(24)]
    results = []
    for order in (range(24), rng.permutation(24)):
        columns = [[own[place] for place in order] for own in (answers, references, clusters, groups)]
        own = {"clusters": columns[2], "groups": {"half": columns[3]}, "by": ["half"], "noisy_predictions": columns[1]}
        results.append(score(*columns[:2], n_resamples=50, **own).to_json())
    assert results[0] == results[1]
    assert "|unit:cluster|" in results[0]["signature"]


@pytest.mark.parametrize("split", ["test_styles", "test_contrast"])
def test_the_corpus_brings_its_own_studies_and_reads_well_to_a_perfect_model(split):
    rows = list(corpus.records("tirads", split, num_reports=10))
    answers = [row["extraction"] for row in rows]
    columns = {"study_ids": [row["study_id"] for row in rows], "pair_ids": [row["pair_id"] for row in rows]}
    own = score(answers, answers, n_resamples=0, clusters=[row["scenario"] for row in rows], **columns)
    wanted = "style_accuracy" if split == "test_styles" else "contrast_consistency"
    assert own.scores[wanted].value == 1
    assert own.scores["category_accuracy"].value == 1


def test_noise_of_the_corpus_keeps_the_studies_and_their_order():
    clean, noisy = (list(corpus.records("tirads", split, num_reports=8)) for split in ("test", "test_noisy"))
    for column in ("study_id", "extraction"):
        assert [row[column] for row in clean] == [row[column] for row in noisy]


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("pair_ids", CONTRAST[:1]),
        ("study_ids", ("style_consistency", "style_accuracy")),
        ("stated_categories", ("anchoring_rate",)),
    ],
)
def test_units_of_one_scenario_are_as_many_as_there_are_scenarios(column, names):
    units = np.arange(60)
    pairs, scenarios = [f"unit{place}" for place in units // 2], [f"scenario{place}" for place in units // 2 % 10]
    right = units // 2 % 10 < 4
    codes = ["TR4" if own or place % 2 else "TR3" for place, own in zip(units, right, strict=True)]
    answers = [json.dumps({"category": code}) for code in codes]
    given = {column: ["TR3"] * 60 if column == "stated_categories" else pairs}
    references = [reference("TR4")] * 60
    apart, tied, alone = (
        score(answers, references, **LABEL, **given, clusters=own)
        for own in ([""] * 59 + ["x"], scenarios, [str(place) for place in units // 2])
    )
    for name in names:
        assert apart.scores[name].value == tied.scores[name].value, name
        widths = [own.scores[name].high - own.scores[name].low for own in (apart, tied)]
        assert widths[0] < 0.8 * widths[1], name
        assert tied.by_document["tirads"].scores[name] == tied.scores[name]
        if column != "stated_categories":
            assert alone.scores[name] == apart.scores[name]
