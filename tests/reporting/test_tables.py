"""What the terminal shows: scores with intervals, and a report with its facts."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from multirads_hf.errors import RunError
from multirads_hf.reporting import tables

Make = Callable[..., dict[str, Any]]

REPORT = "Nodule in the left lobe, 12 mm.\nNo suspicious nodes.\n\nTI-RADS [bold]as above[/bold]."
RECORD: dict[str, Any] = {
    "id": "tirads-test-000001", "document": "tirads", "modality": "ultrasound", "profile": "senior_resident",
    "scenario": "solid", "report": REPORT, "category": "TR4", "management": "Follow-up.", "stated_category": "TR3",
    "rationale": ["solid: 2", "sum: 4"],
    "facts": [
        {"lesion": 0, "field": "size_mm", "value": "12", "unit": "mm", "start": 25, "end": 30},
        {"lesion": 0, "field": "side", "value": '"left"', "unit": "", "start": 14, "end": 18},
        {"lesion": -1, "field": "suspicious_nodes", "value": "false", "unit": "", "start": 32, "end": 51},
    ],
}  # fmt: skip


def printed(renderable: Any, width: int = 200, colour: bool = False) -> str:
    system: Any = "standard" if colour else None
    console = Console(file=StringIO(), width=width, force_terminal=colour, color_system=system, highlight=False)
    console.print(renderable)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_leaderboard_gives_each_number_with_its_interval_best_first(three: list[dict[str, Any]]) -> None:
    text = printed(tables.leaderboard(three))
    for result in three:
        entry = result["scores"]["multirads_f1"]
        assert f"{entry['value']:.3f} [{entry['low']:.3f}, {entry['high']:.3f}]" in text
    assert text.index("baseline:lexicon") < text.index("baseline:bow") < text.index("baseline:majority")


@pytest.mark.parametrize("width", [72, 80, 100])
def test_on_a_narrow_terminal_no_digit_is_lost(three: list[dict[str, Any]], width: int) -> None:
    text = printed(tables.leaderboard(three), width=width)
    assert "…" not in "".join(line for line in text.splitlines() if "0." in line)
    for result in three:
        assert f"{result['scores']['multirads_f1']['low']:.3f}" in text


def test_columns_tell_runs_of_different_settings_apart(make_result: Make) -> None:
    same = printed(tables.leaderboard([make_result("a"), make_result("b")]))
    assert "condition" not in same
    mixed = printed(tables.leaderboard([make_result("a"), make_result("a", condition="stated", prompt="guided")]))
    assert "condition" in mixed
    assert "guided" in mixed


def test_failed_and_cut_off_answers_are_counted(make_result: Make) -> None:
    text = printed(tables.leaderboard([make_result("a", states={"ok": 1, "error": 77, "truncated": 55})]))
    assert "77" in text
    assert "55" in text


def test_documents_that_a_run_never_saw_are_missing_not_zero(make_result: Make) -> None:
    text = printed(tables.by_document([make_result("a"), make_result("b", keys=("tirads",))]))
    (line,) = [line for line in text.splitlines() if "nirads" in line]
    assert line.rstrip().endswith("–")
    assert "0.000" not in text


def test_many_runs_are_shown_without_intervals_so_that_they_fit(make_result: Make) -> None:
    runs = [make_result(f"model{i}", 0.5 + i / 20) for i in range(8)]
    assert "[" not in printed(tables.by_document(runs))
    assert "Under-calls" in printed(tables.by_score(runs))


def test_names_of_models_are_neither_markup_nor_control_codes(make_result: Make) -> None:
    text = printed(tables.leaderboard([make_result("[red]a[/red]\x1b[2J")]))
    assert "[red]a[/red]" in text
    assert "\x1b" not in text


def test_no_results_are_an_error_and_no_empty_table() -> None:
    with pytest.raises(RunError, match="No results"):
        tables.leaderboard([])


def test_a_report_is_shown_letter_for_letter_with_label_and_reasons() -> None:
    text = printed(tables.report_view(RECORD))
    assert REPORT in text
    for word in ("tirads-test-000001", "TR4", "TR3", "Follow-up.", "solid: 2", "sum: 4"):
        assert word in text


def test_the_facts_of_a_report_are_listed_with_their_words() -> None:
    lines = printed(tables.report_view(RECORD)).splitlines()
    (size,) = [line for line in lines if "size_mm" in line]
    assert size.split() == ["lesion", "1", "size_mm", "12", "mm", "12", "mm"]
    (nodes,) = [line for line in lines if "suspicious_nodes" in line]
    assert nodes.startswith("exam")
    assert "No suspicious nodes" in nodes


def test_each_field_has_a_colour_of_its_own_in_report_and_list() -> None:
    text = printed(tables.report_view(RECORD), colour=True)
    colours = []
    for words, field in (("12 mm", "size_mm"), ("left", "side"), ("No suspicious nodes", "suspicious_nodes")):
        before = text[: text.index(f"m{words}\x1b[0m") + 1].rsplit("\x1b[", 1)[1]
        assert f"\x1b[{before}{field}" in text
        colours.append(before)
    assert len(set(colours)) == 3
