"""The page's figures as files: each stands alone, for a paper or a slide.

    leaderboard   scores with intervals, best first
    by_document   model x document
    calls         under- and over-calls
    prompts       one model by several prompts
    sizes         accuracy against size
    contrast_consistency, style_consistency, anchoring, robustness: reports that were changed on purpose

Each exists where the results have its numbers. Several groups of runs get one figure each, numbered; those of changed
reports are of all runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from multirads_hf.errors import OptionError
from multirads_hf.reporting import changed, plots, published, results, views
from multirads_hf.reporting.drawing import FORMATS, GRID, INK, MUTED, Drawing, checked_formats
from multirads_hf.reporting.results import Estimate, Results

# Lengths in pixels at 96 an inch.
NAMES, WIDTH, NUMBERS, ROW, MARGIN, HEAD = 240, 420, 170, 30, 14, 58
CELL, TALL, LINE, LEGEND = 74, 300, 20, 260
NAME_CHARACTERS = 34
# Numbers of dots nearer than this, in pixels, are written as one label.
NEAR = 12
UNDER, OVER = "#c2590c", "#5b4aa0"
RAMP = ("#f7fbff", "#e3eef8", "#cfe1f2", "#aed0e8", "#82bbdb", "#5aa2cf", "#2171b5", "#08519c", "#08306b")
FIRST_DARK = 6


def _short(name: str) -> str:
    return name if len(name) <= NAME_CHARACTERS else f"…{name[1 - NAME_CHARACTERS :]}"


def write_figures(
    runs: Iterable[Results],
    folder: str | Path,
    comparisons: Sequence[Mapping[str, Any]] = (),
    formats: Sequence[str] = FORMATS[:1],
) -> list[Path]:
    """Write every figure that the results have numbers for, and return the paths.

    Args:
        runs: results of one or more runs, as for the page.
        folder: is made.
        comparisons: as for the page.
        formats: of the files, any of ``svg``, ``png`` (300 dots an inch) and ``pdf``.

    Raises:
        RunError: there are no results, or one lacks what every run has.
        OptionError: ``folder`` is a file.
        UnknownNameError: a format that is none of these.
        MissingExtraError: PNG or PDF without matplotlib.
    """
    folder = Path(folder)
    if folder.is_file():
        raise OptionError(f"figures: {folder} is a file. Allowed: the path of a folder.")
    kinds = checked_formats(formats)
    listed = results.checked(runs)
    groups = results.settings(listed)
    found: dict[str, Drawing] = {}
    for place, group in enumerate(groups):
        number = "" if len(groups) == 1 else f"_{place + 1}"
        found |= {f"{name}{number}": figure for name, figure in _figures(group, comparisons).items()}
    found |= {own["key"]: _changed(own) for own in changed.changes(listed)}
    folder.mkdir(parents=True, exist_ok=True)
    return [figure.write(folder / f"{name}.{kind}") for name, figure in found.items() for kind in kinds]


def _figures(group: Sequence[Results], comparisons: Sequence[Mapping[str, Any]]) -> dict[str, Drawing]:
    own = views.view(0, group, comparisons)
    title, metric = own["title"], own["metric"].title
    board = own["leaderboard"]
    found = {"leaderboard": _intervals(f"{metric}, {title}", _ranked(board), board["scale"])}
    if own["maps"]:
        found["by_document"] = _heat_map(own["maps"][0], own["documents"], title)
    if own["calls"]:
        found["calls"] = _calls(own["calls"][0], title)
    if own["prompts"]:
        pane = own["prompts"][0]
        found["prompts"] = _intervals(f"{metric} by prompt, {title}", _prompted(pane), pane["scale"])
    if own["sizes"]:
        found["sizes"] = _sizes(own["sizes"], title)
    return found


class Row(NamedTuple):
    """A named number; a published one has a hollow mark."""

    name: str
    score: Estimate | None
    note: str = ""
    published: bool = False


def _ranked(board: Mapping[str, Any]) -> list[Row]:
    rows = [Row(own["name"], own["score"], f"group {own['group']}" * bool(own["group"])) for own in board["rows"]]
    return rows + [
        _stated(f"{own['name']} · {own['prompt']}", own["score"]) for own in board["references"] if own["score"]
    ]


def _prompted(pane: Mapping[str, Any]) -> list[Row]:
    return [
        _stated(f"{model['model']} · {own['prompt']}", own["score"])
        if model["about"]
        else Row(f"{model['model']} · {own['prompt']}", own["score"])
        for model in pane["models"]
        for own in model["rows"]
    ]


def _changed(view: Mapping[str, Any]) -> Drawing:
    rows = [Row(own["name"], own["scores"][0], own["asked"]) for own in view["rows"]]
    return _intervals(f"{view['metrics'][0].title}, {view['asked']}", rows, view["scale"])


def _stated(name: str, score: Estimate) -> Row:
    source = published.stated()
    return Row(name, score, f"{source['name']} as published: {source['note']}", published=True)


def _frame(title: str, rows: int, width: float = NAMES + WIDTH + NUMBERS) -> Drawing:
    drawing = Drawing(width + 2 * MARGIN, HEAD + rows * ROW + MARGIN, title)
    drawing.text(MARGIN, 22, title, bold=True, size=15)
    return drawing


def _intervals(title: str, rows: Sequence[Row], scale: plots.Axis) -> Drawing:
    drawing = _frame(title, len(rows))
    left = MARGIN + NAMES
    for at, value in scale.marks:
        x = left + WIDTH * at / 100
        drawing.line(x, HEAD, x, HEAD + len(rows) * ROW, stroke=GRID, width=1)
        drawing.text(x, HEAD - 8, f"{value:g}", "middle", fill=MUTED, size=11)
    for place, row in enumerate(rows):
        y = HEAD + (place + 0.5) * ROW
        drawing.text(MARGIN, y + (0 if row.note else 4), _short(row.name))
        drawing.text(MARGIN, y + 13, row.note, fill=MUTED, size=10)
        mark = plots.whisker(row.score, scale)
        if mark:
            drawing.line(left + WIDTH * mark.left / 100, y, left + WIDTH * mark.right / 100, y)
            drawing.dot(left + WIDTH * mark.x / 100, y, hollow=row.published)
        drawing.text(left + WIDTH + 16, y + 4, results.text(row.score), size=12)
    return drawing


def _heat_map(view: Mapping[str, Any], documents: Sequence[str], title: str) -> Drawing:
    heads = ["all", *documents]
    drawing = _frame(f"{view['metric'].title} by document, {title}", len(view["rows"]), NAMES + CELL * len(heads))
    left = MARGIN + NAMES
    for column, head in enumerate(heads):
        for part, words in enumerate(head.split("_", 1)):
            drawing.text(left + (column + 0.5) * CELL, HEAD - 16 + 11 * part, words, "middle", fill=MUTED, size=10)
    for place, row in enumerate(view["rows"]):
        y = HEAD + place * ROW
        drawing.text(MARGIN, y + 19, _short(row["name"]))
        for column, (found, shade) in enumerate(row["cells"]):
            drawing.box(left + column * CELL + 1, y + 1, CELL - 2, ROW - 2, GRID if shade is None else RAMP[shade])
            ink = "#ffffff" if shade is not None and shade >= FIRST_DARK else INK
            words = results.MISSING if found is None else f"{found.value:.3f}"
            drawing.text(left + (column + 0.5) * CELL, y + 19, words, "middle", fill=ink, size=12)
    return drawing


def _calls(pane: Mapping[str, Any], title: str) -> Drawing:
    drawing = _frame(f"Under-calls (left) and over-calls (right), {title}", len(pane["rows"]))
    left = MARGIN + NAMES
    for at, value in pane["ticks"]:
        x = left + WIDTH * at / 100
        drawing.line(x, HEAD, x, HEAD + len(pane["rows"]) * ROW, stroke=GRID, width=1)
        drawing.text(x, HEAD - 8, f"{100 * value:g}%", "middle", fill=MUTED, size=11)
    for place, row in enumerate(pane["rows"]):
        y = HEAD + (place + 0.5) * ROW
        drawing.text(MARGIN, y + 4, _short(row["name"]))
        for own, colour in ((row["left"], UNDER), (row["right"], OVER)):
            if own:
                drawing.box(left + WIDTH * own.x / 100, y - 8, WIDTH * own.width / 100, 16, colour)
                drawing.line(left + WIDTH * own.mark.left / 100, y, left + WIDTH * own.mark.right / 100, y)
        said = (results.MISSING if found is None else f"{found.value:.1%}" for found in (row["under"], row["over"]))
        drawing.text(left + WIDTH + 16, y + 4, " · ".join(said), size=12)
    return drawing


def _sizes(view: Mapping[str, Any], title: str) -> Drawing:
    points = sorted(view["points"], key=lambda own: (own["x"], own["name"]))
    tall = max(TALL, LINE * len(points))
    heading = f"Category accuracy against model size, {title}"
    drawing = Drawing(NAMES + WIDTH + LEGEND + 2 * MARGIN, HEAD + tall + 2 * ROW, heading)
    drawing.text(MARGIN, 22, heading, bold=True, size=15)
    left, wide = MARGIN + 40, NAMES + WIDTH - 80
    _size_axes(drawing, view, left, wide, tall)
    labels: list[tuple[float, float, str]] = []
    for place, point in enumerate(points, 1):
        x, y = left + wide * point["x"] / 100, HEAD + tall * point["y"] / 100
        near = next((own for own in labels if abs(own[0] - x) < NEAR and abs(own[1] - y) < NEAR), None)
        if near:
            labels[labels.index(near)] = (near[0], near[1], f"{near[2]}, {place}")
        else:
            labels.append((x, y, str(place)))
        drawing.line(x, HEAD + tall * point["low"] / 100, x, HEAD + tall * point["high"] / 100)
        drawing.dot(x, y)
        drawing.text(left + wide + 40, HEAD + LINE * place - 8, f"{place}  {_short(point['name'])}", size=12)
    for x, y, label in labels:
        drawing.text(x + 9, y - 6, label, size=11)
    return drawing


def _size_axes(drawing: Drawing, view: Mapping[str, Any], left: float, wide: float, tall: float) -> None:
    for at, value in view["levels"]:
        y = HEAD + tall * at / 100
        drawing.line(left, y, left + wide, y, stroke=GRID, width=1)
        drawing.text(left - 10, y + 4, f"{value:g}", "end", fill=MUTED, size=11)
    for at, label in view["ticks"]:
        drawing.text(left + wide * at / 100, HEAD + tall + 20, label, "middle", fill=MUTED, size=11)
    drawing.text(left + wide / 2, HEAD + tall + 40, "parameters, as the name states", "middle", fill=MUTED, size=11)
    source = published.stated()
    for at, name, found in view["lines"]:
        y = HEAD + tall * at / 100
        drawing.line(left, y, left + wide, y, stroke=MUTED, dashed=True)
        said = f"{source['name']}, {name}: {results.text(found)} ({source['note']})"
        drawing.text(left + wide, y - 5, said, "end", fill=MUTED, size=10)
