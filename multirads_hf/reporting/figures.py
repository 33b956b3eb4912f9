"""The page's figures as SVG files: each stands alone, for a paper or a slide.

    leaderboard.svg   scores with intervals, best first
    by_document.svg   model x document
    calls.svg         under- and over-calls
    prompts.svg       one model by several prompts
    sizes.svg         accuracy against size

Each exists where the results have its numbers. Several groups of runs get one figure each, numbered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from multirads_hf.errors import OptionError
from multirads_hf.reporting import plots, results, views
from multirads_hf.reporting.results import Estimate, Results

# Lengths in pixels at 96 a inch.
NAMES, WIDTH, NUMBERS, ROW, MARGIN, HEAD = 240, 420, 170, 30, 14, 58
CELL, TALL, LINE, LEGEND = 74, 300, 20, 260
NAME_CHARACTERS = 36
INK, MUTED, GRID, ACCENT, UNDER, OVER = "#131a22", "#505c69", "#d5dce4", "#0b5cad", "#c2590c", "#5b4aa0"
RAMP = ("#f7fbff", "#e3eef8", "#cfe1f2", "#aed0e8", "#82bbdb", "#5aa2cf", "#2171b5", "#08519c", "#08306b")
FIRST_DARK = 6


@dataclass(slots=True)
class Drawing:
    """Marks of a figure, in pixels; text is escaped as it comes in.

    Attributes:
        width: of the figure.
        height: of the figure.
    """

    width: float
    height: float
    marks: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, anchor: str = "start", **style: object) -> None:
        """Add a line of text."""
        shown = {"fill": INK, "font_size": 13, **style}
        self.marks.append(
            f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{_attributes(shown)}>{_clean(words)}</text>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: float = 1.5) -> None:
        """Add a line."""
        ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
        self.marks.append(f'<line {ends} stroke="{stroke}" stroke-width="{width:g}"/>')

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Add a filled rectangle."""
        self.marks.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>')

    def dot(self, x: float, y: float) -> None:
        """Add a dot."""
        self.marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{ACCENT}" stroke="#ffffff"/>')

    def svg(self) -> str:
        """Return the file."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Helvetica, Arial, sans-serif">'
        return "\n".join(
            (head, f'<rect width="{self.width:g}" height="{self.height:g}" fill="#ffffff"/>', *self.marks, "</svg>\n")
        )


def _attributes(style: Mapping[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())


def _clean(words: str) -> str:
    """Return text as XML can hold it."""
    return escape("".join(letter if letter.isprintable() else "?" for letter in words))


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARACTERS else f"…{name[1 - NAME_CHARACTERS :]}"


def write_figures(
    runs: Iterable[Results], folder: str | Path, comparisons: Sequence[Mapping[str, Any]] = ()
) -> list[Path]:
    """Write every figure that the results have numbers for, and return the paths.

    Args:
        runs: results of one or more runs, as for the page.
        folder: is made.
        comparisons: as for the page.

    Raises:
        RunError: there are no results, or one lacks what every run has.
        OptionError: ``folder`` is a file.
    """
    folder = Path(folder)
    if folder.is_file():
        raise OptionError(f"figures: {folder} is a file. Allowed: the path of a folder.")
    groups = results.settings(results.checked(runs))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for place, group in enumerate(groups):
        for name, drawing in _figures(group, comparisons).items():
            path = folder / (f"{name}.svg" if len(groups) == 1 else f"{name}_{place + 1}.svg")
            path.write_bytes(drawing.svg().encode("utf-8", "replace"))
            written.append(path)
    return written


def _figures(group: Sequence[Results], comparisons: Sequence[Mapping[str, Any]]) -> dict[str, Drawing]:
    own = views.view(0, group, comparisons)
    title = own["title"]
    rows = [
        (row["name"], row["score"], f"group {row['group']}" if row["group"] else "")
        for row in own["leaderboard"]["rows"]
    ]
    found = {"leaderboard": _intervals(f"{own['metric'].title}, {title}", rows, own["leaderboard"]["scale"])}
    if own["maps"]:
        found["by_document"] = _heat_map(own["maps"][0], own["documents"], title)
    if own["calls"]:
        found["calls"] = _calls(own["calls"][0], title)
    if own["prompts"]:
        several = [
            (f"{m['model']} · {row['prompt']}", row["score"], "") for m in own["prompts"]["models"] for row in m["rows"]
        ]
        found["prompts"] = _intervals(f"{own['metric'].title} by prompt, {title}", several, own["prompts"]["scale"])
    if own["sizes"]:
        found["sizes"] = _sizes(own["sizes"], title)
    return found


def _frame(title: str, rows: int, width: float = NAMES + WIDTH + NUMBERS) -> Drawing:
    drawing = Drawing(width + 2 * MARGIN, HEAD + rows * ROW + MARGIN)
    drawing.text(MARGIN, 22, title, font_weight="bold", font_size=15)
    return drawing


def _intervals(title: str, rows: Sequence[tuple[str, Estimate | None, str]], scale: plots.Axis) -> Drawing:
    drawing = _frame(title, len(rows))
    left = MARGIN + NAMES
    for at, value in scale.marks:
        x = left + WIDTH * at / 100
        drawing.line(x, HEAD, x, HEAD + len(rows) * ROW, stroke=GRID, width=1)
        drawing.text(x, HEAD - 8, f"{value:g}", "middle", fill=MUTED, font_size=11)
    for place, (name, score, note) in enumerate(rows):
        y = HEAD + (place + 0.5) * ROW
        drawing.text(MARGIN, y + (0 if note else 4), _short(name))
        drawing.text(MARGIN, y + 13, note, fill=MUTED, font_size=10)
        mark = plots.whisker(score, scale)
        if mark:
            drawing.line(left + WIDTH * mark.left / 100, y, left + WIDTH * mark.right / 100, y)
            drawing.dot(left + WIDTH * mark.x / 100, y)
        drawing.text(left + WIDTH + 16, y + 4, results.text(score), font_size=12)
    return drawing


def _heat_map(view: Mapping[str, Any], documents: Sequence[str], title: str) -> Drawing:
    heads = ["all", *documents]
    drawing = _frame(f"{view['metric'].title} by document, {title}", len(view["rows"]), NAMES + CELL * len(heads))
    left = MARGIN + NAMES
    for column, head in enumerate(heads):
        for part, words in enumerate(head.split("_", 1)):
            drawing.text(left + (column + 0.5) * CELL, HEAD - 16 + 11 * part, words, "middle", fill=MUTED, font_size=10)
    for place, row in enumerate(view["rows"]):
        y = HEAD + place * ROW
        drawing.text(MARGIN, y + 19, _short(row["name"]))
        for column, (found, shade) in enumerate(row["cells"]):
            drawing.box(left + column * CELL + 1, y + 1, CELL - 2, ROW - 2, GRID if shade is None else RAMP[shade])
            ink = "#ffffff" if shade is not None and shade >= FIRST_DARK else INK
            words = results.MISSING if found is None else f"{found.value:.3f}"
            drawing.text(left + (column + 0.5) * CELL, y + 19, words, "middle", fill=ink, font_size=12)
    return drawing


def _calls(pane: Mapping[str, Any], title: str) -> Drawing:
    drawing = _frame(f"Under-calls (left) and over-calls (right), {title}", len(pane["rows"]))
    left = MARGIN + NAMES
    for at, value in pane["ticks"]:
        x = left + WIDTH * at / 100
        drawing.line(x, HEAD, x, HEAD + len(pane["rows"]) * ROW, stroke=GRID, width=1)
        drawing.text(x, HEAD - 8, f"{100 * value:g}%", "middle", fill=MUTED, font_size=11)
    for place, row in enumerate(pane["rows"]):
        y = HEAD + (place + 0.5) * ROW
        drawing.text(MARGIN, y + 4, _short(row["name"]))
        for own, colour in ((row["left"], UNDER), (row["right"], OVER)):
            if own:
                drawing.box(left + WIDTH * own.x / 100, y - 8, WIDTH * own.width / 100, 16, colour)
                drawing.line(left + WIDTH * own.mark.left / 100, y, left + WIDTH * own.mark.right / 100, y)
        said = (results.MISSING if found is None else f"{found.value:.1%}" for found in (row["under"], row["over"]))
        drawing.text(left + WIDTH + 16, y + 4, " · ".join(said), font_size=12)
    return drawing


def _sizes(view: Mapping[str, Any], title: str) -> Drawing:
    points = sorted(view["points"], key=lambda own: (own["x"], own["name"]))
    tall = max(TALL, LINE * len(points))
    drawing = Drawing(NAMES + WIDTH + LEGEND + 2 * MARGIN, HEAD + tall + 2 * ROW)
    drawing.text(MARGIN, 22, f"Category accuracy against model size, {title}", font_weight="bold", font_size=15)
    left, wide = MARGIN + 40, NAMES + WIDTH - 80
    for at, value in view["levels"]:
        y = HEAD + tall * at / 100
        drawing.line(left, y, left + wide, y, stroke=GRID, width=1)
        drawing.text(left - 10, y + 4, f"{value:g}", "end", fill=MUTED, font_size=11)
    for at, label in view["ticks"]:
        drawing.text(left + wide * at / 100, HEAD + tall + 20, label, "middle", fill=MUTED, font_size=11)
    drawing.text(
        left + wide / 2, HEAD + tall + 40, "parameters, as the name states", "middle", fill=MUTED, font_size=11
    )
    for place, point in enumerate(points, 1):
        x, y = left + wide * point["x"] / 100, HEAD + tall * point["y"] / 100
        drawing.line(x, HEAD + tall * point["low"] / 100, x, HEAD + tall * point["high"] / 100)
        drawing.dot(x, y)
        drawing.text(x + 8, y - 6, str(place), font_size=11)
        drawing.text(left + wide + 40, HEAD + LINE * place - 8, f"{place}  {_short(point['name'])}", font_size=12)
    return drawing
