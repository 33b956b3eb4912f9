"""A corpus that repeats itself must not pass for a large one."""

from __future__ import annotations

import random

import pytest
from planted import real, text

from multirads_hf.describing import describe


def changed(own: str, words: int) -> str:
    """Return a text with as many of its last words replaced."""
    parts = own.split()
    return " ".join([*parts[: len(parts) - words], *(f"new{place}" for place in range(words))])


def test_planted_duplicates_are_found_and_nothing_else() -> None:
    rows = real("train", 80)
    assert describe(rows, progress=False).near_duplicates == ()
    copy = {**rows[3], "id": "copy", "study_id": "other", "report": f"  {rows[3]['report']}\n"}
    near = {**rows[5], "id": "near", "study_id": "another", "report": changed(rows[5]["report"], 2)}
    found = describe([*rows, copy, near], progress=False)
    assert [(pair.first, pair.second) for pair in found.near_duplicates] == [
        (rows[3]["id"], "copy"),
        (rows[5]["id"], "near"),
    ]
    assert found.near_duplicates[0].similarity == 1.0
    assert 0.8 <= found.near_duplicates[1].similarity < 1
    assert found.overall["exact_duplicates"] == 1 / 82
    assert found.overall["near_duplicates"] == 4 / 82
    assert found.by_document["tirads"]["near_duplicate_pairs"] == 2


@pytest.mark.parametrize(("words", "near"), [(4, True), (5, False)])
def test_the_threshold_is_exact(words: int, near: bool) -> None:
    """Of 40 words 36 runs of five: with 4 words changed 32 of 40 are shared, with 5 words 31 of 41."""
    found = describe([text(1), changed(text(1), words)], progress=False)
    assert [pair.similarity for pair in found.near_duplicates] == ([32 / 40] if near else [])


def test_every_near_duplicate_among_many_is_found() -> None:
    draw = random.Random(0)
    own = [text(number) for number in range(300)]
    twins = [changed(one, draw.randrange(1, 5)) for one in own]
    found = describe([*own, *twins], progress=False)
    assert {(int(p.first), int(p.second)) for p in found.near_duplicates} == {(n, n + 300) for n in range(300)}


def test_what_is_alike_by_design_is_no_duplicate() -> None:
    contrast = describe({"test_contrast": real("test_contrast", 40)}, progress=False)
    assert contrast.overall["near_duplicate_pairs"] == 0
    rows = [{**row, "pair_id": "", "study_id": ""} for row in real("test_contrast", 40)]
    assert describe(rows, progress=False).overall["near_duplicate_pairs"] > 5
    both = {"test": real("test", 40), "test_noisy": real("test_noisy", 40)}
    assert describe(both, progress=False).overall["near_duplicate_pairs"] == 0


def test_the_same_row_twice_is_a_duplicate() -> None:
    rows = real("train", 4)
    found = describe([*rows, rows[0]], progress=False)
    assert found.overall["exact_duplicates"] == 1 / 5


def test_pairs_across_splits_are_counted() -> None:
    found = describe({"train": [text(0), text(1)], "test": [text(1), text(2)]}, progress=False)
    assert [(pair.first, pair.second, pair.across) for pair in found.near_duplicates] == [("train-1", "test-0", True)]
    assert found.overall["pairs_across_splits"] == 1


def test_documents_are_compared_within_themselves() -> None:
    rows = [{"report": text(0), "document": key} for key in ("tirads", "nirads")]
    assert describe(rows, progress=False).near_duplicates == ()


def test_one_text_a_thousand_times_takes_no_time() -> None:
    found = describe([text(0)] * 1000, progress=False)
    assert found.overall["exact_duplicates"] == 0.999
    assert len(found.near_duplicates) == 999
