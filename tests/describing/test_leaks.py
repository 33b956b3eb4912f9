"""A label that can be had without reading the findings makes a benchmark worthless: it must be seen."""

from __future__ import annotations

import pytest
from planted import real, text

from multirads_hf.describing import describe
from multirads_hf.describing.reports import Report
from multirads_hf.describing.shortcuts import Z, joined, shortcuts


def test_the_corpus_prints_no_category_and_a_planted_one_is_found() -> None:
    rows = real("test", 50)
    assert describe(rows, progress=False).overall["leaks"] == 0
    rows[7] = {**rows[7], "report": f"{rows[7]['report']} {rows[7]['category']}."}
    rows[9] = {**rows[9], "report": f"{rows[9]['report']} ACR TI-RADS category 5."}
    found = describe(rows, progress=False)
    assert [leak.id for leak in found.leaks] == [rows[7]["id"], rows[9]["id"]]
    assert found.leaks[0].mentions == (rows[7]["category"],)
    assert [leak.own for leak in found.leaks] == [True, rows[9]["category"] == "TR5"]
    assert found.overall["leak_share"] == 2 / 50


def test_reports_that_state_their_category_are_no_leaks() -> None:
    found = describe(real("test", 20, condition="stated"), progress=False)
    assert found.leaks == ()
    assert "leaks" not in found.overall


def test_a_category_that_is_a_finding_is_no_leak() -> None:
    report = "Solid nodule, once TR4 before surgery."
    fact = {"lesion": 0, "field": "earlier_category", "value": '"TR4"', "unit": "", "start": 19, "end": 22}
    row = {"report": report, "document": "tirads", "facts": [fact]}
    assert describe([row], progress=False).leaks == ()
    assert describe([{**row, "facts": []}], progress=False).overall["leaks"] == 1


def labelled(number: int, **columns: object) -> list[dict[str, object]]:
    """Return as many rows of two categories in turn, 20 scenarios each of one category, five writers in turn."""
    return [
        {"report": text(place), "category": "ab"[place % 2], "scenario": str(place % 20),
         "profile": str(place // 2 % 5), **{name: rule(place) for name, rule in columns.items()}}
        for place in range(number)
    ]  # fmt: skip


def gains(rows: list[dict[str, object]]) -> dict[str, float]:
    overall = describe(rows, progress=False).overall
    assert overall["majority_accuracy"] == 0.5
    return {name: overall[f"{name}_gain"] for name in ("profile", "length", "words")}


def test_where_there_is_nothing_to_tell_there_is_no_gain() -> None:
    found = gains(labelled(400, report=lambda place: text(place, 30 + place // 2 * 7 % 20)))
    assert found["profile"] < 0.01
    assert found["length"] < 0.01
    assert found["words"] <= 0.05


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("profile", {"profile": lambda place: "xy"[place % 2]}),
        ("length", {"report": lambda place: text(place, 40 + 20 * (place % 2))}),
        ("words", {"report": lambda place: f"{text(place)} {('benign', 'malignant')[place % 2]}"}),
    ],
)
def test_a_planted_shortcut_is_found_by_its_own_predictor_alone(name: str, columns: dict[str, object]) -> None:
    found = gains(labelled(400, **columns))
    assert found.pop(name) == pytest.approx(0.5)
    if name == "words":
        del found["length"]  # one word is longer than the other
    assert max(found.values()) < 0.1


def test_a_writer_of_every_category_equally_often_tells_nothing_and_no_less() -> None:
    rows = labelled(400, profile=lambda place: "xyzuv"[place // 2 % 5])
    overall = describe(rows, progress=False).overall
    assert overall["profile_accuracy"] == overall["majority_accuracy"] == 0.5
    assert overall["profile_gain"] == 0 <= overall["profile_gain_high"]
    assert overall["profile_gain_low"] < 0


def test_a_word_that_names_the_scenario_does_not_help() -> None:
    """Each scenario is of one category, so a model that saw it would be right every time."""
    rows = labelled(400, report=lambda place: f"{text(place)} scenario{place % 20}")
    assert gains(rows)["words"] <= 0.05


def test_predictors_without_their_column_are_left_out() -> None:
    rows = [{"report": text(place), "category": "ab"[place % 2]} for place in range(40)]
    overall = describe(rows, progress=False).overall
    assert "length_gain" in overall
    assert not {"profile_gain", "words_gain"} & set(overall)
    assert "length_gain" not in describe([{**row, "category": "a"} for row in rows], progress=False).overall


def test_categories_of_several_documents_are_told_apart_within_each() -> None:
    """The writer tells the document, and with it nothing about the category."""
    rows = [
        {"report": text(place), "category": code, "document": key, "profile": key}
        for place, (key, code) in enumerate(
            [("tirads", "TR1"), ("tirads", "TR2"), ("nirads", "1"), ("nirads", "3")] * 20
        )
    ]
    overall = describe(rows, progress=False).overall
    assert overall["majority_accuracy"] == 0.5
    assert "profile_gain" not in overall


def test_the_interval_counts_reports_of_one_case_once() -> None:
    single = [Report(str(n), text(n), "", category="ab"[n % 2], profile="xy"[n % 3 == 0]) for n in range(60)]
    many = [Report(f"{n}-{m}", text(n), "", category="ab"[n % 2], profile="xy"[n % 3 == 0], study=str(n))
            for n in range(60) for m in range(9)]  # fmt: skip
    widths = []
    for reports in (single, many):
        found = shortcuts(reports)["profile"]
        numbers = found.numbers("profile")
        widths.append((numbers["profile_gain_high"] - numbers["profile_gain"]) / Z)
        assert joined([found]).numbers("profile") == pytest.approx(numbers)
    assert widths[1] == pytest.approx(widths[0], rel=0.25)
