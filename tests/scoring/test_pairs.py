"""Contrast consistency: a pair counts only when both of its categories are right."""

import json

import pytest

from multirads_hf import corpus
from multirads_hf.errors import ScoringError
from multirads_hf.scoring import score
from multirads_hf.scoring.pairs import CONTRAST


def reference(category, document="tirads"):
    return json.dumps({"document": document, "category": category, "lesions": []})


def values(answers, references, ids, **options):
    scores = score(
        [json.dumps({"category": a}) for a in answers], [reference(r) for r in references], task="category",
        n_resamples=0, pair_ids=ids, **options,
    )  # fmt: skip
    return [scores.scores[key].value for key in CONTRAST], scores


def test_both_of_a_pair_must_be_right():
    ids = ["a", "b", "a", "b", ""]
    expected = ["TR3", "TR4", "TR4", "TR4", "TR1"]
    assert values(["TR3", "TR4", "TR4", "TR4", "TR5"], expected, ids)[0] == [1, 1, 1]
    assert values(["TR3", "TR4", "TR3", "TR4", "TR1"], expected, ids)[0] == [0.5, 0, 1]
    assert values(["TR3", "TR5", "TR4", "TR4", "TR1"], expected, ids)[0] == [0.5, 1, 0]


def test_a_model_that_always_says_the_same_holds_and_never_flips():
    found, scores = values(["TR4"] * 4, ["TR3", "TR4", "TR4", "TR4"], ["a", "a", "b", "b"])
    assert found == [0.5, 0, 1]
    estimate = scores.scores["contrast_consistency"]
    assert estimate.low < 0.5 < estimate.high
    assert scores.by_document["tirads"].scores["contrast_flip"].value == 0


def test_half_pairs_and_failed_calls_are_left_out():
    expected, ids = ["TR3", "TR4", "TR4", "TR4", "TR2"], ["a", "a", "b", "b", "c"]
    found, _ = values(["TR3", "TR4", "TR1", "TR4", "TR2"], expected, ids, errors=[0, 0, 1, 0, 0])
    assert found == [1, 1, None]


def test_no_pairs_no_number():
    scores = score([""], [reference("TR3")], n_resamples=0)
    assert not set(CONTRAST) & set(scores.scores)


def test_strange_pairs_are_named():
    with pytest.raises(ScoringError, match=r"pair_ids: 'a' stands 3 times\. Allowed: two reports of one document"):
        values(["TR3"] * 3, ["TR3"] * 3, ["a"] * 3)
    with pytest.raises(ScoringError, match="pair_ids: got 1, references 2"):
        values(["TR3"] * 2, ["TR3"] * 2, ["a"])


def test_the_corpus_brings_its_own_ids():
    rows = list(corpus.records("tirads", "test_contrast", num_reports=8))
    answers = [row["extraction"] for row in rows]
    scores = score(answers, answers, n_resamples=0, pair_ids=[row["pair_id"] for row in rows])
    assert [scores.scores[key].value for key in CONTRAST] == [1, 1, 1]
    assert scores.flat()["contrast_consistency"] == 1
