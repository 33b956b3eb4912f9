"""Figures as files: well-formed, standing alone, escaped, and with the numbers of the results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from multirads_hf.errors import OptionError
from multirads_hf.reporting.figures import write_figures

Make = Callable[..., dict[str, Any]]
NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\x00"


def texts(path: Path) -> list[str]:
    return [own.text or "" for own in ElementTree.parse(path).getroot().iter(f"{NAMESPACE}text")]


def test_every_figure_that_has_numbers_is_written_and_lies_within_its_frame(make_result: Make, tmp_path: Path) -> None:
    runs = [make_result("hf:x-8B", 0.8), make_result("hf:x-8B", 0.9, prompt="guided"), make_result("hf:x-70B", 0.4)]
    written = write_figures(runs, tmp_path / "new" / "figures")
    assert [path.name for path in written] == [
        "leaderboard.svg", "by_document.svg", "calls.svg", "prompts.svg", "sizes.svg",
    ]  # fmt: skip
    for path in written:
        root = ElementTree.parse(path).getroot()
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        for mark in root.iter():
            for names, most in ((("x", "x1", "x2", "cx"), width), (("y", "y1", "y2", "cy"), height)):
                assert all(0 <= float(mark.get(name, 0)) <= most for name in names)
        assert {own.tag.removeprefix(NAMESPACE) for own in root.iter()} <= {"svg", "rect", "line", "circle", "text"}


def test_a_figure_holds_the_numbers_of_the_results_with_their_intervals(
    three: list[dict[str, Any]], tmp_path: Path
) -> None:
    leaderboard, *_ = write_figures(three, tmp_path)
    shown = texts(leaderboard)
    for run in three:
        own = run["scores"]["multirads_f1"]
        assert f"{own['value']:.3f} [{own['low']:.3f}, {own['high']:.3f}]" in shown
    assert shown.index("baseline:lexicon") < shown.index("baseline:majority")


def test_names_from_outside_are_text(make_result: Make, tmp_path: Path) -> None:
    runs = [make_result(HOSTILE, 0.5), make_result("b" * 80, 0.4)]
    for path in write_figures(runs, tmp_path):
        assert "<script" not in path.read_text(encoding="utf-8")
        ElementTree.parse(path)
    assert any(own.startswith("…") for own in texts(tmp_path / "leaderboard.svg"))


def test_groups_of_runs_have_figures_of_their_own(make_result: Make, tmp_path: Path) -> None:
    runs = [make_result("a"), make_result("b"), make_result("a", condition="stated")]
    names = [path.name for path in write_figures(runs, tmp_path)]
    assert {"leaderboard_1.svg", "leaderboard_2.svg"} <= set(names)
    assert len(set(names)) == len(names)


def test_results_with_little_in_them_make_few_figures(tmp_path: Path) -> None:
    bare = {"model": "bare", "n": 5, "scores": {"category_accuracy": {"value": None}}}
    assert [path.name for path in write_figures([bare], tmp_path)] == ["leaderboard.svg"]
    (tmp_path / "file").write_text("")
    with pytest.raises(OptionError, match="folder"):
        write_figures([bare], tmp_path / "file")
