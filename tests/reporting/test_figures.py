"""Figures as files: well-formed, standing alone, escaped, and with the numbers of the results."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from multirads_hf.errors import MissingExtraError, OptionError, UnknownNameError
from multirads_hf.reporting.drawing import DOTS_AN_INCH, PIXELS_AN_INCH, Drawing
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
        assert {own.tag.removeprefix(NAMESPACE) for own in root.iter()} <= {
            "svg",
            "title",
            "rect",
            "line",
            "circle",
            "text",
        }
        assert root.get("role") == "img"
        assert root.findtext(f"{NAMESPACE}title")


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


def test_the_same_figures_come_as_pictures_and_as_pdf(make_result: Make, tmp_path: Path) -> None:
    from PIL import Image

    runs = [make_result("hf:x-8B $x_1$ 漢", 0.8), make_result(HOSTILE, 0.9, prompt="guided"), make_result("x-70B", 0.4)]
    written = write_figures(runs, tmp_path, formats=("svg", "png", "pdf"))
    assert {path.suffix for path in written} == {".svg", ".png", ".pdf"}
    for path in written:
        if path.suffix == ".png":
            root = ElementTree.parse(path.with_suffix(".svg")).getroot()
            with Image.open(path) as picture:
                for side, name in zip(picture.size, ("width", "height"), strict=True):
                    assert side == pytest.approx(float(root.get(name, 0)) * DOTS_AN_INCH / PIXELS_AN_INCH, abs=1)
                assert len(picture.convert("RGB").getcolors(1 << 20)) > 10
        elif path.suffix == ".pdf":
            assert path.read_bytes().startswith(b"%PDF-")
    again = write_figures(runs, tmp_path / "again", formats=("png", "pdf"))
    assert all((tmp_path / path.name).read_bytes() == path.read_bytes() for path in again)


def test_a_picture_has_its_marks_where_the_svg_has_them(tmp_path: Path) -> None:
    from PIL import Image

    drawing = Drawing(96, 192, "two corners")
    drawing.box(0, 0, 48, 48, "#ff0000")
    drawing.box(48, 144, 48, 48, "#0000ff")
    drawing.line(0, 96, 96, 96, stroke="#00ff00", width=8)
    with Image.open(drawing.write(tmp_path / "a.png")) as picture:
        pixels = picture.convert("RGB")
        at = {name: pixels.getpixel((x * 300 // 96, y * 300 // 96)) for name, (x, y) in
              {"red": (20, 20), "blue": (70, 170), "green": (48, 96), "ground": (70, 20)}.items()}  # fmt: skip
    assert at == {"red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 255, 0), "ground": (255, 255, 255)}


def test_without_matplotlib_svg_is_written_and_a_picture_names_the_extra(
    make_result: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError("No module named 'matplotlib'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"format png needs matplotlib.*multirads-hf\[figures\]"):
        write_figures([make_result("a")], tmp_path / "none", formats=("svg", "png"))
    assert not (tmp_path / "none").exists()
    assert write_figures([make_result("a")], tmp_path / "some")


def test_a_format_that_does_not_exist_is_refused_with_those_that_do(make_result: Make, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"'jpg'.*svg, png, pdf"):
        write_figures([make_result("a")], tmp_path, formats=("jpg",))
