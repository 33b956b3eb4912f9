"""Disturbed reports: the same study and words, the same label, every fact still in its place."""

import re
from difflib import SequenceMatcher

import pytest

from multirads_hf import corpus, rads
from multirads_hf.corpus.noise import _known_words, disturb
from multirads_hf.corpus.page import Written
from multirads_hf.draw import Draw

SIZE = 240
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORT = {"approx", "meas", "max", "diam", "contr", "enh", "prev", "exam", "abd", "signif", "unch", "lns"}


@pytest.fixture(scope="module")
def both():
    plain = list(corpus.records("all", "test", num_reports=SIZE))
    return list(zip(plain, corpus.records("all", "test_noisy", num_reports=SIZE), strict=True))


def test_the_study_and_its_label_are_those_of_test(both):
    for plain, noisy in both:
        for column in (
            "study_id",
            "document",
            "modality",
            "profile",
            "age",
            "sex",
            "category",
            "extraction",
            "rationale",
        ):
            assert plain[column] == noisy[column]
        assert plain["report"] != noisy["report"]
        facts = [(f["lesion"], f["field"], f["value"]) for f in plain["facts"]]
        assert facts == [(f["lesion"], f["field"], f["value"]) for f in noisy["facts"]]


def distance(plain, noisy):
    return 1 - SequenceMatcher(None, plain["report"], noisy["report"], autojunk=False).ratio()


def test_levels_come_in_turn_and_disturb_more_and_more(both):
    assert {noisy["noise"] for _, noisy in both} == {1, 2, 3}
    apart = {
        level: [
            1 - SequenceMatcher(None, a["report"], b["report"], autojunk=False).ratio()
            for a, b in both
            if b["noise"] == level
        ]
        for level in (1, 2, 3)
    }
    means = [sum(values) / len(values) for values in apart.values()]
    assert 0 < means[0] < means[1] < means[2] < 0.4


def lengths(text):
    return [
        round(float(number) * (10 if unit == "cm" else 1), 3)
        for numbers, unit in re.findall(r"(\d+(?:\.\d+)?(?: x \d+(?:\.\d+)?)*) (mm|cm)\b", text)
        for number in numbers.split(" x ")
    ]


def test_every_number_in_a_fact_survives_and_lengths_are_converted_rightly(both):
    converted = 0
    for plain, noisy in both:
        for a, b in zip(plain["facts"], noisy["facts"], strict=True):
            ours, theirs = (row["report"][f["start"] : f["end"]] for row, f in ((plain, a), (noisy, b)))
            assert lengths(ours) == lengths(theirs), (ours, theirs)
            if not lengths(ours):
                assert re.findall(r"\d+(?:\.\d+)?", ours) == re.findall(r"\d+(?:\.\d+)?", theirs)
            converted += bool(lengths(ours)) and ours != theirs
    assert converted > 20


def test_facts_keep_their_words(both):
    same = every = 0
    for plain, noisy in both:
        for a, b in zip(plain["facts"], noisy["facts"], strict=True):
            ours, theirs = (row["report"][f["start"] : f["end"]] for row, f in ((plain, a), (noisy, b)))
            assert theirs == theirs.strip() != ""
            alike = SequenceMatcher(None, ours.lower(), theirs.lower(), autojunk=False).ratio()
            assert alike > 1 / 3 or lengths(ours), (ours, theirs)
            same += ours == theirs
            every += 1
    assert 0.3 < same / every < 0.95


def one_edit_away(word):
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in LETTERS:
            yield head + letter + tail
            yield head + letter + tail[1:]


def test_no_word_of_a_fact_becomes_another_word_of_the_document(both):
    for plain, noisy in both:
        known = _known_words(plain["document"])
        for a, b in zip(plain["facts"], noisy["facts"], strict=True):
            ours, theirs = (
                re.findall(r"[a-z]{3,}", row["report"][f["start"] : f["end"]].lower())
                for row, f in ((plain, a), (noisy, b))
            )
            for word in set(theirs) - set(ours) - known - SHORT:
                assert {other for other in one_edit_away(word) if other in known} <= set(ours), (word, ours)


def test_sections_are_parts_of_the_report(both):
    for _, noisy in both:
        assert all(noisy[name] in noisy["report"] for name in ("indication", "technique", "comparison", "findings"))
        assert noisy["findings"]


def test_the_dial_disturbs_any_split_and_none_leaves_it():
    plain = list(corpus.records("all", "validation", 0, 8))
    heavy = list(corpus.records("all", "validation", 0, 8, noise=3))
    assert [row["id"] + "-noise3" for row in plain] == [row["id"] for row in heavy]
    assert all(a["report"] != b["report"] and b["noise"] == 3 for a, b in zip(plain, heavy, strict=True))
    assert corpus.record(heavy[5]["id"]) == heavy[5]
    none = list(corpus.records("all", "test_noisy", 0, 8, noise=0))
    assert [row["report"] for row in none] == [row["report"] for row in corpus.records("all", "test", 0, 8)]


def test_a_report_is_found_again_where_the_edges_are_close():
    text = "FINDINGS:\nA 19 mm nodule.\nRight lobe.\n\nIMPRESSION:\nSeen."
    marks = {"findings": (10, 37), "impression": (51, 56)}
    facts = [
        {"lesion": 0, "field": "size_mm", "value": "19", "unit": "mm", "start": 12, "end": 17},
        {"lesion": 0, "field": "side", "value": '"right"', "unit": "", "start": 26, "end": 31},
    ]
    seen = set()
    for number in range(200):
        noisy = disturb(Written(text, marks, facts), 3, rads.keys()[0], Draw("edges", number))
        size, side = (noisy.report[f["start"] : f["end"]] for f in noisy.facts)
        assert size in ("19 mm", "1.9 cm")
        assert side in ("Right", "Rt")
        assert noisy.sections["impression"] in ("Seen.", "Seen", "Scene.")
        seen.add((size, side, "FINDINGS" in noisy.report))
    assert len(seen) == 8
