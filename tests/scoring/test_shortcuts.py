"""A model is to be seen beside what needs no reading; a shortcut that is too weak flatters it."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import laws, reference, studies

from multirads_hf import rads
from multirads_hf.scoring import read_reference, score
from multirads_hf.scoring.shortcuts import constant_answer

TIRADS = rads.get("tirads")
every_document = pytest.mark.parametrize("document", rads.documents(), ids=lambda d: d.key)


def lesions(*own):
    return {"lesions": list(own)}


def test_the_constant_answer_holds_what_most_reports_hold_and_no_more():
    texts = [reference(TIRADS, lesions({"composition": "solid", "size_mm": size}), "TR4") for size in (5, 8, 8)]
    texts += [reference(TIRADS, lesions({"composition": "cystic", "size_mm": 30}), "TR1")]
    answer = json.loads(constant_answer([read_reference(text) for text in texts]))
    assert answer == {"category": "TR4", "lesions": [{"composition": "solid", "size_mm": 8}]}
    assert score([""] * 4, texts, n_resamples=0).shortcuts["constant"]["multirads_f1"].value == 5 / 8


def test_findings_that_would_lower_f1_are_left_out():
    sides = [reference(TIRADS, lesions({"composition": "solid", "size_mm": size})) for size in range(5, 25)]
    answer = json.loads(constant_answer([read_reference(text) for text in sides]))
    assert answer["lesions"] == [{"composition": "solid"}]


@every_document
@laws
@given(st.data())
def test_no_constant_label_is_right_more_often(document, data):
    codes = data.draw(st.lists(st.sampled_from(document.codes), min_size=1, max_size=8))
    texts = [reference(document, data.draw(studies(document, 1)), code) for code in codes]
    own = score([""] * len(texts), texts, n_resamples=0).shortcuts["constant"]
    assert own["category_accuracy"].value == max(Counter(codes).values()) / len(codes)
    assert own["validity"].value == 1
    shuffled = score([""] * len(texts), texts[::-1], n_resamples=0).shortcuts["constant"]
    assert shuffled == own


def test_shortcuts_are_scored_on_the_answered_reports():
    texts = [reference(TIRADS, {}, code) for code in ("TR4", "TR5", "TR5")]
    result = score([""] * 3, texts, n_resamples=0, errors=[False, False, True])
    assert result.shortcuts["constant"]["category_accuracy"].value == 0.5
    assert score([""], texts[:1], errors=[True]).shortcuts == {}
