"""A label that the marked findings do not give is a label that no reader can reach."""

from __future__ import annotations

import json
from typing import Any

import pytest
from planted import real

from multirads_hf import rads
from multirads_hf.describing import describe
from multirads_hf.errors import StudyError


def decides(row: dict[str, Any], place: int) -> bool:
    """Return whether the label changes without one fact, which is the only one to say what it says."""
    document, fact = rads.get(row["document"]), row["facts"][place]
    if sum((one["lesion"], one["field"]) == (fact["lesion"], fact["field"]) for one in row["facts"]) > 1:
        return False
    study = json.loads(row["extraction"])
    del study["lesions"][fact["lesion"]][fact["field"]]
    try:
        return document.categorise(study) != row["category"]
    except StudyError:
        return True


def planted(split: str = "test") -> tuple[list[dict[str, Any]], int, int]:
    """Return rows, the place of one whose label hangs on how a nodule is composed, and of the fact that says it."""
    rows = real(split, 60)
    found = ((at, n, fact) for at, row in enumerate(rows) for n, fact in enumerate(row["facts"]))
    return rows, *next((at, n) for at, n, fact in found if fact["field"] == "composition" and decides(rows[at], n))


def test_the_facts_of_the_corpus_suffice() -> None:
    for split in ("test", "test_noisy", "test_contrast", "test_unseen"):
        overall = describe({split: real(split, 40)}, progress=False).overall
        assert overall["sufficiency"] == 1
        assert overall.get("facts_confirmed", 1) == 1


@pytest.mark.parametrize("change", [{"start": 0, "end": 4}, {"value": '"no such value"'}, {"field": "size_mm"}])
def test_a_broken_span_is_found(change: dict[str, Any]) -> None:
    rows, place, fact = planted()
    facts = list(rows[place]["facts"])
    facts[fact] = {**facts[fact], **change}
    rows[place] = {**rows[place], "facts": facts}
    found = describe(rows, progress=False)
    assert found.insufficient == (rows[place]["id"],)
    assert found.overall["sufficiency"] == 59 / 60
    assert found.overall["facts_confirmed"] < 1


def test_of_disturbed_reports_the_values_count_and_not_the_words() -> None:
    rows, place, fact = planted("test_noisy")
    facts = list(rows[place]["facts"])
    rows[place] = {**rows[place], "facts": [{**one, "start": 0, "end": 1} for one in facts]}
    assert describe({"test_noisy": rows}, progress=False).insufficient == ()
    rows[place] = {**rows[place], "facts": facts[:fact] + facts[fact + 1 :]}
    assert describe({"test_noisy": rows}, progress=False).insufficient == (rows[place]["id"],)


@pytest.mark.parametrize("broken", [{"facts": []}, {"facts": [{"start": 0}]}, {"extraction": "no JSON"}])
def test_a_row_that_is_broken_fails_and_stops_nothing(broken: dict[str, Any]) -> None:
    rows, place, _ = planted()
    rows[place] = {**rows[place], **broken}
    assert describe(rows, progress=False).insufficient == (rows[place]["id"],)


def test_rows_without_facts_have_no_such_number() -> None:
    rows = [{"report": row["report"], "category": row["category"], "document": "tirads"} for row in real("test", 5)]
    assert "sufficiency" not in describe(rows, progress=False).overall
