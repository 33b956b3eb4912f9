"""The numbers that are published: checked against scikit-learn, by hand, and for what is given in error."""

import json
import math

import numpy as np
import pytest
from invented import reference
from sklearn.metrics import accuracy_score, cohen_kappa_score, confusion_matrix, f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from multirads_hf import rads
from multirads_hf.errors import MultiradsError, OptionError, ScoringError
from multirads_hf.scoring import INVALID, METRICS, STATES, score, signature

TIRADS = rads.get("tirads")
NODULE = {"composition": "solid", "echogenicity": "hypoechoic", "size_mm": 16}


def study(*lesions):
    return {"lesions": list(lesions)}


def some_answers(document, n, seed=0):
    """References, and answers that are right, wrong or no answer, with the labels of both."""
    rng = np.random.default_rng(seed)
    wanted = rng.choice(document.codes, n)
    given = np.where(rng.random(n) < 0.6, wanted, rng.choice([*document.codes, INVALID], n))
    references = [reference(document, {}, code) for code in wanted]
    predictions = [json.dumps({"category": code}) for code in given]
    return predictions, references, list(map(str, wanted)), list(map(str, given))


@pytest.mark.parametrize("key", rads.keys())
def test_category_scores_are_those_of_scikit_learn(key):
    document = rads.get(key)
    predictions, references, wanted, given = some_answers(document, 300)
    result = score(predictions, references, task="category", n_resamples=0)
    labels = [code for code in document.codes if code in wanted]
    own = {name: estimate.value for name, estimate in result.scores.items()}
    assert own["category_accuracy"] == pytest.approx(accuracy_score(wanted, given))
    assert own["category_macro_f1"] == pytest.approx(f1_score(wanted, given, labels=labels, average="macro"))
    ranks = {category.code: category.rank for category in document.categories}
    valid = [(ranks[w], ranks[g]) for w, g in zip(wanted, given, strict=True) if g != INVALID]
    scale = list(range(min(ranks.values()), max(ranks.values()) + 1))
    kappa = cohen_kappa_score(*zip(*valid, strict=True), labels=scale, weights="quadratic")
    assert own["weighted_kappa"] == pytest.approx(kappa)
    assert own["validity"] == pytest.approx(len(valid) / 300)
    assert own["under_call_rate"] == pytest.approx(np.mean([g < w for w, g in valid]))
    assert own["rank_distance"] == pytest.approx(np.mean([abs(g - w) for w, g in valid]))
    assert own["over_call_rate"] == pytest.approx(np.mean([g > w for w, g in valid]))
    told = {category.code: category.management for category in document.categories}
    labelled = [(w, g) for w, g in zip(wanted, given, strict=True) if g != INVALID]
    assert own["management_error_rate"] == pytest.approx(np.mean([told[w] != told[g] for w, g in labelled]))
    assert own["category_accuracy"] <= own["category_accuracy_coarse"] <= own["validity"]
    scores = result.by_document[key]
    assert scores.confusion == tuple(map(tuple, confusion_matrix(wanted, given, labels=scores.labels).tolist()))
    assert (scores.under, scores.over) == (sum(g < w for w, g in valid), sum(g > w for w, g in valid))


@pytest.mark.parametrize(
    ("key", "wanted", "given", "same"),
    [("lungrads", "4A", "4B", True), ("lungrads", "4AS", "4X", True), ("lungrads", "3", "4A", False),
     ("nirads", "2a // 1", "2b // 1", True), ("nirads", "2a // 1", "2a // 2", False), ("tirads", "TR4", "TR5", False)],
)  # fmt: skip
def test_finer_splits_are_apart_from_the_category(key, wanted, given, same):
    document = rads.get(key)
    answer = json.dumps({"category": given})
    result = score([answer], [reference(document, {}, wanted)], task="category", n_resamples=0)
    assert result.scores["category_accuracy"].value == 0
    assert result.scores["category_accuracy_coarse"].value == same


def test_findings_f1_is_that_of_scikit_learn_where_both_can_count():
    rng = np.random.default_rng(1)
    fields = [f for f in TIRADS.fields if f.kind == "enum" and f.level == "lesion" and not f.derived]

    def drawn():
        return {f.name: str(rng.choice(f.values[:2])) for f in fields if rng.random() < 0.7}

    wanted, given = ([drawn() for _ in range(200)] for _ in range(2))
    result = score(
        [reference(TIRADS, study(lesion)) for lesion in given],
        [reference(TIRADS, study(lesion)) for lesion in wanted],
        n_resamples=0,
    )
    pairs = MultiLabelBinarizer().fit([lesion.items() for lesion in wanted + given])
    expected = f1_score(
        *(pairs.transform([lesion.items() for lesion in side]) for side in (wanted, given)), average="micro"
    )
    assert result.scores["multirads_f1"].value == pytest.approx(expected)


def test_f1_is_micro_within_a_document_and_macro_over_documents():
    one = reference(TIRADS, study(NODULE, {"size_mm": 5, "margin": "smooth"}))
    half = reference(TIRADS, study(NODULE, {"side": "left"}))
    lungs = rads.get("lungrads")
    other = reference(lungs, {"lesions": [{"nodule_type": "solid"}]}, "2")
    result = score([half, one, '{"category": "2"}'], [one, one, other], n_resamples=0)
    of_tirads = 2 * 8 / (2 * 8 + 1 + 2)
    assert result.by_document["tirads"].scores["multirads_f1"].value == pytest.approx(of_tirads)
    assert result.by_document["lungrads"].scores["multirads_f1"].value == 0
    assert result.scores["multirads_f1"].value == pytest.approx(of_tirads / 2)
    assert result.scores["category_accuracy"].value == 1


def test_failed_calls_are_counted_apart_and_in_no_score():
    text = reference(TIRADS, study(NODULE))
    result = score([text, None, ""], [text] * 3, errors=[False, True, False])
    assert result.states["error"] == result.n_error == 1
    assert result.n == 3
    assert result.scores["category_accuracy"].value == result.scores["validity"].value == 0.5
    assert result.by_document["tirads"].scores["multirads_f1"].value == 2 / 3
    assert sum(map(sum, result.by_document["tirads"].confusion)) == 2


def test_a_run_in_which_every_call_failed_has_no_numbers_and_no_crash():
    text = reference(TIRADS, study(NODULE))
    result = score([None], [text], errors=[True])
    assert result.flat() == {"n": 1, "n_error": 1}
    assert result.to_json()["scores"]["multirads_f1"] == {"value": None, "low": None, "high": None}
    assert result.by_document["tirads"].n == 1


def test_finish_reasons_keep_cut_answers_from_being_mended():
    text = reference(TIRADS, study(NODULE))
    cut = [text[:-1], text[:-1]]
    assert score(cut, [text] * 2, finish_reasons=["length", "stop"]).states["truncated"] == 1


def test_an_error_of_category_is_one_of_reading_of_reasoning_or_of_both():
    solid, cystic = study(NODULE), study({"composition": "cystic"})
    references = [reference(TIRADS, solid, "TR4")] * 5
    answers = [
        reference(TIRADS, cystic, "TR1"),  # wrong findings, and what follows from them
        reference(TIRADS, solid, "TR5"),  # right findings
        reference(TIRADS, cystic, "TR5"),  # wrong findings, and not what follows from them
        reference(TIRADS, {"lesions": []}, "TR3"),  # nothing that the rule could use
        reference(TIRADS, solid, "TR4"),
    ]
    result = score(answers, references)
    assert result.by_document["tirads"].faults == {"reading": 2, "reasoning": 1, "both": 1}
    assert result.scores["rule_consistency"].value == 2 / 5


def test_parts_of_a_composite_label_are_scored_each():
    nirads = rads.get("nirads")
    references = [reference(nirads, {}, code) for code in ("2a // 1", "1 // 1", "3 // 2")]
    result = score(['{"category": "2b // 1"}', "1/1", "?"], references, task="category")
    parts = {name: estimate.value for name, estimate in result.by_document["nirads"].parts.items()}
    assert parts == pytest.approx({"primary": 1 / 3, "neck": 2 / 3})


def test_the_category_task_has_no_numbers_of_findings():
    result = score(["TR4"], [reference(TIRADS, study(NODULE), "TR4")], task="category")
    assert result.flat()["category_accuracy"] == 1
    assert not [name for name in result.flat() if name.startswith(("multirads", "exact", "rule"))]


def test_scores_by_system_are_those_of_its_documents_alone():
    lungs = rads.get("lungrads")
    pairs = [(TIRADS, "TR4", "TR4"), (TIRADS, "TR5", "TR4"), (lungs, "3", "3")]
    references = [reference(document, {}, wanted) for document, _, wanted in pairs]
    answers = [given for _, given, _ in pairs]
    result = score(answers, references, task="category", by=["system"])
    assert result.to_json()["by"]["system"]["tirads"]["category_accuracy"]["value"] == 0.5
    assert result.by["system"]["lungrads"]["category_accuracy"].value == 1


def test_intervals_are_the_same_every_time_and_another_seed_moves_only_the_bootstrap():
    predictions, references, *_ = some_answers(TIRADS, 60)
    first, again, other = (
        score(predictions, references, task="category", seed=seed, n_resamples=200) for seed in (0, 0, 1)
    )
    assert first.to_json() == again.to_json()
    assert first.scores["validity"] == other.scores["validity"]
    assert first.scores["category_macro_f1"].low != other.scores["category_macro_f1"].low


def test_more_confidence_is_a_wider_interval():
    predictions, references, *_ = some_answers(TIRADS, 60)
    narrow, wide = (score(predictions, references, task="category", confidence_level=c).scores for c in (0.5, 0.99))
    for name in ("validity", "category_accuracy", "category_macro_f1", "weighted_kappa"):
        assert wide[name].low < narrow[name].low < narrow[name].value < narrow[name].high < wide[name].high


def test_no_resamples_leave_only_the_bootstrap_out():
    predictions, references, *_ = some_answers(TIRADS, 20)
    scores = score(predictions, references, task="category", n_resamples=0).scores
    assert scores["category_macro_f1"].low is None
    assert scores["validity"].low is not None


def test_numbers_that_do_not_exist_are_null_in_json_and_missing_in_the_flat_form():
    text = reference(TIRADS, study(NODULE), "TR4")
    result = score([text], [text])
    assert result.to_json()["scores"]["weighted_kappa"]["value"] is None
    assert "weighted_kappa" not in result.flat()
    written = json.dumps(result.to_json(), allow_nan=False)
    assert set(json.loads(written)["states"]) == set(STATES)
    assert all(type(value) in {int, float} and math.isfinite(value) for value in result.flat().values())


def test_every_metric_says_which_way_is_better_and_where_it_ends():
    text = reference(TIRADS, study(NODULE), "TR4")
    known = METRICS
    assert set(score([text], [text]).scores) == {metric.name for metric in known}
    assert {metric.name for metric in known if not metric.higher_is_better} == {
        "management_error_rate", "under_call_rate", "over_call_rate", "rank_distance",
    }  # fmt: skip


def test_the_signature_tells_apart_what_cannot_be_compared():
    text, other = (reference(TIRADS, study(NODULE), code) for code in ("TR4", "TR5"))
    own = score([text], [text]).signature
    assert own == score([""], [text]).signature
    assert "\n" not in own
    assert {"version", "task", "condition", "strict", "tolerance_mm", "n", "labels"} <= {
        p.split(":")[0] for p in own.split("|")
    }
    changed = [
        score([text], [text], strict=True), score([text], [text], tolerance_mm=1), score([text], [text], seed=1),
        score([text], [text], task="category"), score([text], [text], condition="stated"), score([text], [other]),
        score([text] * 2, [text] * 2), score([text], [text], errors=[True]), score([text], [text], n_resamples=1),
    ]  # fmt: skip
    assert len({own, *(result.signature for result in changed)}) == len(changed) + 1
    assert signature({"a": ["1", "2"]}) != signature({"a": ["1", "3"]})


GOOD = reference(TIRADS, study(NODULE), "TR4")


@pytest.mark.parametrize(
    ("predictions", "references", "options", "said"),
    [
        ([], [], {}, "empty"),
        (["a"], [GOOD, GOOD], {}, "predictions: got 1, references 2"),
        ("abc", [GOOD], {}, "predictions: got 'abc'"),
        (["a"], GOOD, {}, "references: got"),
        (None, [GOOD], {}, "predictions: got None"),
        ([GOOD, {"category": "TR4"}], [GOOD, GOOD], {}, r"predictions\[1\]: got \{"),
        ([7], [GOOD], {}, r"predictions\[0\]: got 7"),
        (["a"], [None], {}, r"references\[0\]: got None"),
        (["a"], [{"document": "tirads"}], {}, r"references\[0\]: got"),
        (["a"], [""], {}, r"references\[0\]: got '', which is not JSON"),
        (["a", "a"], [GOOD, "[]"], {}, r"references\[1\]: got '\[\]'"),
        (["a"], ["[" * 100_000], {}, r"references\[0\]: .*not JSON"),
        (["a"], ['{"document": ["tirads"], "category": "TR4"}'], {}, r"references\[0\]: document: got \['tirads'\]"),
        (["a"], ['{"document": "tirad", "category": "TR4"}'], {}, "Did you mean 'tirads'"),
        (["a"], ['{"document": "tirads", "category": "TR9"}'], {}, r"category of tirads: got 'TR9'. Allowed: NC, TR1"),
        (["a"], ['{"document": "tirads", "category": ["TR4"]}'], {}, "category of tirads"),
        (["a"], ['{"document": "tirads", "category": "TR4", "size": 3}'], {}, "size: unknown field"),
        (["a"], [GOOD], {"errors": []}, "errors: got 0, references 1"),
        (["a"], [GOOD], {"finish_reasons": ["stop", "stop"]}, "finish_reasons: got 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_refused_with_place_and_reason(predictions, references, options, said):
    with pytest.raises(ScoringError, match=said):
        score(predictions, references, **options)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("tolerance_mm", value) for value in (-1, float("nan"), "1")),
        *(("confidence_level", value) for value in (0, 1, 95)),
        *(("n_resamples", value) for value in (-1, 1.5, 10**9, True)),
        *(("seed", value) for value in (-1, None)),
        ("task", "ner"),
        ("strict", "yes"),
        ("by", ["sex"]),
    ],
)
def test_an_option_that_is_not_allowed_is_named(option, value):
    with pytest.raises(OptionError, match=rf"{option}: got .*Allowed: ") as raised:
        score(["a"], [GOOD], **{option: value})
    assert isinstance(raised.value, MultiradsError)


def test_a_prediction_of_none_is_an_answer_that_says_nothing():
    assert score([None], [GOOD]).states["empty"] == 1


def test_groups_are_scored_as_if_alone_and_gaps_named():
    expected = ["TR3", "TR4", "TR4", "TR5"]
    answers = [json.dumps({"category": code}) for code in ("TR3", "TR4", "TR5", "TR3")]
    references = [reference(TIRADS, {}, code) for code in expected]
    sexes = ["female", "female", "male", "male"]
    result = score(answers, references, task="category", n_resamples=0, by=["sex", "document"], groups={"sex": sexes})
    female, male = (result.by["sex"][sex]["category_accuracy"].value for sex in ("female", "male"))
    alone = score(answers[:2], references[:2], task="category", n_resamples=0)
    assert (female, male) == (alone.scores["category_accuracy"].value, 0)
    told = result.to_json()
    assert told["gaps"]["sex"]["category_accuracy"] == {
        "gap": 1.0,
        "lowest": "male",
        "highest": "female",
        "p_value": None,
    }
    assert told["by"]["document"]["tirads"] == told["by_document"]["tirads"]["scores"]


def test_fields_are_scored_over_documents():
    nodule = {"composition": "solid", "echogenicity": "hypoechoic", "size_mm": 16}
    right = reference(TIRADS, study(nodule), "TR4")
    wrong = json.dumps({"category": "TR4", "lesions": [nodule | {"size_mm": 40}]})
    result = score([right, wrong], [right, right], n_resamples=50, by=["field"])
    f1 = {field: scores["multirads_f1"].value for field, scores in result.by["field"].items()}
    assert f1["lesions.composition"] == 1
    assert f1["lesions.size_mm"] == result.by_document["tirads"].fields["lesions.size_mm"][3].value == 0.5


def test_a_group_that_is_not_given_is_named():
    with pytest.raises(OptionError, match=r"by: got 'age'. Allowed: system, document, field, sex"):
        score([""], [reference(TIRADS, {}, "TR4")], by=["age"], groups={"sex": ["male"]})
    with pytest.raises(ScoringError, match=r"groups\['sex'\]: got 2, references 1"):
        score([""], [reference(TIRADS, {}, "TR4")], by=["sex"], groups={"sex": ["male", "male"]})
