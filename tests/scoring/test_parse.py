"""An answer that is read wrongly costs a model its score, or gives it one that it has not earned."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import PAIR, PATCH, laws

from multirads_hf import rads
from multirads_hf.scoring import STATES, VALID, parse
from multirads_hf.scoring.objects import REPAIR_CHARS
from multirads_hf.scoring.parse import ANSWER_CHARS

WHOLE = '{"category": "PT2", "lesions": [{"size_mm": 12}]}'
OTHER = WHOLE.replace("PT2", "PT3")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (WHOLE, "ok"),
        (f"```json\n{WHOLE}\n```", "ok"),
        (f"Sure, here it is:\n```\n{WHOLE}\n```\nAnything else?", "ok"),
        (f"<think>PT3? No.</think>\n{WHOLE}", "ok"),
        (f"PT3? No.</think>\n{WHOLE}<|im_end|>", "ok"),
        (f"<|channel|>analysis<|message|>{OTHER}<|end|><|channel|>final<|message|>{WHOLE}<|return|>", "ok"),
        ('{"category": "patch-rads 2"}', "ok"),
        ('{"Category": "2"}', "ok"),
        ('{"category": 2}', "ok"),
        (f"The findings are {WHOLE}", "repaired"),
        (f"{WHOLE}\n{WHOLE}", "repaired"),
        (f"[{WHOLE}]", "repaired"),
        ("{'category': 'PT2', 'lesions': [],}", "repaired"),
        ('{"category": "PT2", "remark": "12" patch"}', "repaired"),
        ('{"category": "PT2", "since_months": NaN}', "repaired"),
        (None, "empty"),
        ("", "empty"),
        (" \n\t\ufeff", "empty"),
        ("{}", "empty"),
        ("<think>PT3? No.</think>", "empty"),
        ("<think>It could be PT3, or", "truncated"),
        ('{"category": "2', "truncated"),
        ('{"category": "PT2"', "truncated"),
        (WHOLE[:-2], "truncated"),
        ('{"category": "PT2", "remark": "a } b', "truncated"),
        (f"```json\n{WHOLE[:-2]}", "truncated"),
        (f"{WHOLE}\n{OTHER}", "several"),
        (f"[{WHOLE}, {OTHER}]", "several"),
        ('{"category": "PT2", "category": "PT3"}', "several"),
        ('{"category": "PT2 or PT3"}', "several"),
        ('{"category": "PT7"}', "unknown_category"),
        ('{"category": null}', "unknown_category"),
        ('{"lesions": []}', "unknown_category"),
        ('{"category": {"a": [1]}}', "unknown_category"),
        ('{"category": "LR-5"}', "wrong_system"),
        ('{"category": "BI-RADS 2"}', "wrong_system"),
        ('{"document": "tirads", "category": "?"}', "wrong_system"),
        ("I'm sorry, but I can't help with that.", "refusal"),
        ("As an AI language model I do not read reports.", "refusal"),
        ("PT2", "not_json"),
        ("The patch looks harmless.", "not_json"),
        ("[]", "not_json"),
        ("12", "not_json"),
        ("null", "not_json"),
        ('"PT2"', "not_json"),
        ("\x00\x01\ud800", "not_json"),
    ],
)
def test_extraction_answers_end_in_the_state_that_they_deserve(text, state):
    answer = parse(text, PATCH)
    assert answer.state == state
    assert answer.category == ("PT2" if state in VALID else None)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("PT2", "ok"),
        ("2", "ok"),
        ("ii", "ok"),
        ("PATCH-RADS 2", "ok"),
        ("**Category: PT2**", "ok"),
        ("Category 2.", "ok"),
        ("patch grade 2", "ok"),
        (WHOLE, "ok"),
        ("The category is PT2.", "ok"),
        ("I would say that it is PT2.", "repaired"),
        ("A PT3 is 20 mm or more, this is 12 mm.\n\nFinal answer: PT2", "repaired"),
        ("So \\boxed{\\text{PT2}}", "repaired"),
        ("PT2\n\nA PT3 would be larger.", "repaired"),
        ("PT2 - a small patch", "repaired"),
        ("Answer: 2 (not PT3, too small)", "several"),
        ("PT2 or PT3", "several"),
        ("Category: PT2\nCategory: PT3", "several"),
        ("PT7", "unknown_category"),
        ("PATCH-RADS 7", "unknown_category"),
        ("TR4", "wrong_system"),
        ("PI-RADS category 2", "wrong_system"),
        ("EU-TIRADS 2", "wrong_system"),
        ("I cannot assign a category.", "refusal"),
        ("The patch measures 2 mm.", "not_json"),
        ("There are 2 patches, 3 mm and 1 cm.", "not_json"),
    ],
)
def test_a_category_in_words_counts_where_the_category_is_asked_for(text, state):
    answer = parse(text, PATCH, task="category")
    assert answer.state == state
    assert answer.category == ("PT2" if state in VALID else None)


@pytest.mark.parametrize(
    "text",
    [
        '{"category": "2',
        '{"category": "PT2"',
        WHOLE[:-1],
        "{'category': 'PT2'}",
        f"The answer: {WHOLE}",
        "",
        "<think>a",
    ],
)
def test_a_cut_answer_is_never_mended(text):
    assert parse(text, PATCH, finish_reason="length").state == "truncated"
    assert parse(text, PATCH, task="category", finish_reason="length").state == "truncated"


def test_half_a_label_in_words_is_not_the_label():
    assert parse("Lung-RADS 4", rads.get("lungrads"), task="category", finish_reason="length").state == "truncated"
    assert parse("PT2\n\nA PT3 would be", PATCH, task="category", finish_reason="length").category == "PT2"


def test_an_answer_that_was_complete_before_the_cut_counts():
    assert parse(WHOLE, PATCH, finish_reason="length").state == "ok"
    assert parse(f"{WHOLE}\n\nExplanation: the", PATCH, finish_reason="length").category == "PT2"
    assert parse(f"{WHOLE}\n{OTHER[:-1]}", PATCH, finish_reason="length").category == "PT2"


def test_a_brace_that_a_model_forgot_is_added_only_where_it_stopped_by_itself():
    assert parse(WHOLE[:-1], PATCH, finish_reason="stop") == parse(f"-> {WHOLE}", PATCH, finish_reason="stop")
    assert parse(WHOLE[:-1], PATCH).state == "truncated"


def test_mending_keeps_the_unit_of_a_bare_length():
    answer = parse('{"category": "PT2", "lesions": [{"size_mm": 1.2 cm}]}', PATCH)
    assert answer.study["lesions"] == [{"size_mm": "1.2 cm"}]


def test_strict_takes_the_label_and_the_json_as_they_must_be():
    assert parse(WHOLE, PATCH, strict=True).state == "ok"
    assert parse(f"```json\n{WHOLE}\n```", PATCH, strict=True).state == "ok"
    for text in (f"Here: {WHOLE}", "{'category': 'PT2'}", WHOLE.replace('"PT2"', '"pt2"'), '{"category": 2}', "PT2"):
        assert parse(text, PATCH, strict=True).category is None, text
    assert parse("PT2", PATCH, task="category", strict=True).state == "ok"
    assert parse("Category PT2", PATCH, task="category", strict=True).category is None


WRITTEN = ("1 // 3", "1/3", "I // III", "trunk 1, limb 3", "T: 1, L: 3", "limb 3, trunk 1")


@pytest.mark.parametrize(
    "label", [*WRITTEN, {"trunk": 1, "limb": "3"}, ["1", "3"], "Trunk: PAIR-RADS 1. Limb: PAIR-RADS 3."]
)
def test_a_label_of_two_parts_is_read_however_the_parts_are_named(label):
    assert parse(json.dumps({"category": label}), PAIR).category == "1 // 3"


@pytest.mark.parametrize("label", ["1", "13", "3 // 1", "1 // 4", {"trunk": "1"}, ["1"]])
def test_half_a_label_or_another_order_is_none(label):
    assert parse(json.dumps({"category": label}), PAIR).state == "unknown_category"


def test_findings_of_an_object_with_a_bad_label_are_kept():
    answer = parse('{"category": "?", "seen": true, "document": "patch"}', PATCH)
    assert (answer.state, answer.study) == ("unknown_category", {"seen": True})


HUGE = 10_000_000
HOSTILE = {
    "10 MB of text": "x" * HUGE,
    "10 MB of JSON": f'{{"category": "PT2", "remark": "{"a" * HUGE}"}}',
    "10 MB of open braces": "{" * HUGE,
    "10 MB of thinking that never ends": "<think>" * (HUGE // 7),
    "10 MB of thinking": "<think>a</think>" * (HUGE // 16),
    "100,000 lists deep": "[" * 100_000 + "]" * 100_000,
    "100,000 objects deep": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "16,000 objects deep": '{"a":' * 16_000 + "1" + "}" * 16_000,
    "900 deep": '{"category": "PT2", "a":' * 900 + "1" + "}" * 900,
    "quotes": '{"' + '\\"' * (ANSWER_CHARS // 2 - 5),
    "many objects": "{a:1}" * (ANSWER_CHARS // 5),
    "broken list": '{"a":[' + '"a"1' * (REPAIR_CHARS // 4 - 4) + "]}",
    "crossed brackets": "{" + ']{"' * (REPAIR_CHARS // 3 - 4) + "}" * (REPAIR_CHARS // 3 - 4),
    "labels": "PT2 " * (ANSWER_CHARS // 4),
    "cues": "answer: PT2 " * (ANSWER_CHARS // 12),
    "systems": "PATCH-RADS " * (ANSWER_CHARS // 11),
    "digits": '{"category": ' + "1" * 100_000 + "}",
    "fences": "```" * (ANSWER_CHARS // 3),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("task", ["extraction", "category"])
def test_no_text_hangs_or_breaks_the_reader(text, task):
    for finish_reason in (None, "stop", "length"):
        assert parse(text, PATCH, task=task, finish_reason=finish_reason).state in STATES


@laws
@given(
    st.one_of(st.text(), st.binary(), st.from_regex(r'[{}\[\]":,a\\ ]{0,60}'), st.text("{}[]\":,'PT123 \n`<think>/")),
    st.sampled_from(["extraction", "category"]),
    st.sampled_from([None, "stop", "length", "content_filter"]),
    st.booleans(),
)
def test_any_text_and_any_bytes_give_a_state(text, task, finish_reason, strict):
    for document in (PATCH, PAIR, *rads.documents()):
        answer = parse(text, document, task=task, finish_reason=finish_reason, strict=strict)
        assert answer.state in STATES
        assert (answer.category in document.codes) == (answer.state in VALID)
