"""Who takes the test split for the published one must be able to see that it is."""

from __future__ import annotations

from collections import Counter

import pytest
from planted import real

from multirads_hf import rads
from multirads_hf.corpus.plan import published
from multirads_hf.describing import describe


def whole() -> list[dict[str, object]]:
    from multirads_hf import corpus

    return list(corpus.records("tirads", "test"))


def test_the_test_split_has_the_published_counts() -> None:
    numbers = describe(whole(), progress=False).by_document["tirads"]
    wanted = Counter()
    for _, code, number in published()["tirads"]:
        wanted[code] += number
    assert numbers["absolute_difference:test"] == numbers["total_variation:test"] == 0
    assert {code: numbers[f"count_{code}:test"] for code in wanted} == wanted


def test_a_report_that_is_missing_and_one_too_many_are_seen() -> None:
    rows = whole()
    total = len(rows)
    moved = next(row for row in rows if row["category"] == "TR5")
    rows[rows.index(moved)] = {**moved, "category": "TR1"}
    numbers = describe(rows, progress=False).by_document["tirads"]
    assert numbers["absolute_difference:test"] == 2
    assert numbers["total_variation:test"] == pytest.approx(1 / total)


def test_balanced_splits_have_a_spread_and_counts_in_guideline_order() -> None:
    found = describe(real("train", 103), progress=False)
    (count,) = found.counts
    assert tuple(count.categories) == rads.get("tirads").core_codes
    assert count.spread == max(count.categories.values()) - min(count.categories.values()) <= 1
    assert (count.split, count.reports, count.distance) == ("train", 103, f"spread {count.spread}")
    assert found.by_document["tirads"]["spread:train"] == count.spread
    assert count.total_variation is None


def test_splits_come_from_the_column_the_mapping_or_the_id() -> None:
    row = real("train", 1)[0]
    assert describe([row], progress=False).counts[0].split == "train"
    assert describe([{**row, "split": "mine"}], progress=False).counts[0].split == "mine"
    assert describe({"other": [{**row, "id": "7"}]}, progress=False).counts[0].split == "other"
    assert (
        describe([{**row, "id": "tirads-test_balanced-000003-stated"}], progress=False).counts[0].split
        == "test_balanced"
    )


def test_labels_with_modifiers_count_as_their_core() -> None:
    document = rads.get("lungrads")
    whole_label = next(code for code in document.codes if document.core(code) != code)
    rows = [{"report": "a", "document": "lungrads", "category": whole_label}]
    (count,) = describe(rows, progress=False).counts
    assert {code for code, number in count.categories.items() if number} == {document.core(whole_label)}
