"""Kinds of errors and groups of patients: as they were scored, and left out where they were not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from page import Page

from multirads_hf import corpus, scoring
from multirads_hf.reporting import dashboard, groups, results

Make = Callable[..., dict[str, Any]]


def real() -> tuple[dict[str, Any], scoring.Scores]:
    records = list(corpus.records("tirads", "test", 0, 60))
    references = [own["extraction"] for own in records]
    answers = [
        json.dumps(json.loads(text) | {"category": "TR2"}) if i % 3 else text for i, text in enumerate(references)
    ]
    sexes = [own["sex"] for own in records]
    scores = scoring.score(answers, references, sexes=sexes, by=("sex",), n_resamples=50)
    return {"model": "m", "run_id": "1", "prompt": "guided", **json.loads(json.dumps(scores.to_json()))}, scores


def test_groups_of_patients_have_their_accuracy_and_the_gap_with_its_chance() -> None:
    run, scores = real()
    (view,) = groups.subgroups([run], ["m"])
    assert (view["title"], view["columns"]) == ("sex", list(scores.by["sex"]))
    (row,) = view["rows"]
    for group, found in zip(view["columns"], row["cells"], strict=True):
        assert found.value == scores.by["sex"][group]["category_accuracy"].value
        assert found.low is not None
    gap = scores.gaps["sex"]["category_accuracy"]
    assert row["gap"][0] == f"{gap.gap:.3f}"
    assert str(gap.lowest) in row["gap"][1]
    assert "p " in row["gap"][1]
    page = Page(dashboard.render([run]))
    assert "Category accuracy by sex" in page.text
    assert str(row["cells"][0]) in page.text


def test_a_gap_of_nothing_names_no_lowest_group() -> None:
    assert groups._gap({"gap": 0.0, "lowest": "a", "highest": "b", "p_value": 1.0}) == ("0.000", "p 1.000")
    assert groups._gap(None) == (results.MISSING, "")


def test_wrong_categories_are_told_apart_by_reading_and_rule() -> None:
    run, scores = real()
    view = groups.faults([run], ["m"])
    assert view is not None
    (row,) = view["rows"]
    assert row["counts"] == [scores.faults.get(kind, 0) for kind, _ in view["order"]]
    assert row["counts"][1] == sum(own.fault == "reasoning" for own in scores.reports) > 0
    assert f"rule misapplied {row['counts'][1]}" in Page(dashboard.render([run])).text


def test_runs_without_them_have_no_such_sections(make_result: Make) -> None:
    run = make_result("a")
    assert groups.faults([run], ["a"]) is None
    assert groups.subgroups([run], ["a"]) == []
    ids = {own.get("id") for own in Page(dashboard.render([run])).all("section")}
    assert not ids & {"s0-faults", "s0-subgroups"}
