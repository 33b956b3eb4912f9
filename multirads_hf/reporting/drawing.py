"""A drawing of texts, lines, boxes and dots, written as SVG by itself and as PNG or PDF by matplotlib."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings
from xml.sax.saxutils import escape

from multirads_hf.errors import MissingExtraError, require_name

FORMATS = ("svg", "png", "pdf")
INK, MUTED, GRID, ACCENT, GROUND = "#131a22", "#505c69", "#d5dce4", "#0b5cad", "#ffffff"
RADIUS, DASHES = 5, (5, 4)
# Drawings are in pixels at 96 an inch; pictures have the 300 that journals ask for.
PIXELS_AN_INCH, DOTS_AN_INCH, POINTS_AN_INCH = 96, 300, 72
# The font that matplotlib brings is wider than Helvetica by about this much.
NARROWER = 0.88


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text from its baseline; ``anchor`` is ``start``, ``middle`` or ``end``."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    fill: str = INK
    size: float = 13
    bold: bool = False

    def svg(self) -> str:
        """Return the element."""
        style = f'text-anchor="{self.anchor}" fill="{self.fill}" font-size="{self.size:g}"'
        weight = ' font-weight="bold"' if self.bold else ""
        return f'<text x="{self.x:g}" y="{self.y:g}" {style}{weight}>{escape(self.words)}</text>'

    def paint(self, axes: Any) -> None:
        """Add the text to axes of matplotlib; nothing in it is read as a formula."""
        side = {"start": "left", "middle": "center", "end": "right"}[self.anchor]
        size = self.size * NARROWER * POINTS_AN_INCH / PIXELS_AN_INCH
        axes.text(
            self.x, self.y, self.words, ha=side, va="baseline", color=self.fill, fontsize=size, parse_math=False,
            fontweight="bold" if self.bold else "normal", fontfamily="DejaVu Sans",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = INK
    width: float = 1.5
    dashed: bool = False

    def svg(self) -> str:
        """Return the element."""
        ends = f'x1="{self.x1:g}" y1="{self.y1:g}" x2="{self.x2:g}" y2="{self.y2:g}"'
        dashes = f' stroke-dasharray="{DASHES[0]} {DASHES[1]}"' if self.dashed else ""
        return f'<line {ends} stroke="{self.stroke}" stroke-width="{self.width:g}"{dashes}/>'

    def paint(self, axes: Any) -> None:
        """Add the line to axes of matplotlib."""
        width = self.width * POINTS_AN_INCH / PIXELS_AN_INCH
        style = (0, DASHES) if self.dashed else "solid"
        axes.plot((self.x1, self.x2), (self.y1, self.y2), color=self.stroke, linewidth=width, linestyle=style)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str

    def svg(self) -> str:
        """Return the element."""
        size = f'width="{self.width:g}" height="{self.height:g}"'
        return f'<rect x="{self.x:g}" y="{self.y:g}" {size} fill="{self.fill}"/>'

    def paint(self, axes: Any) -> None:
        """Add the rectangle to axes of matplotlib."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 (an extra)

        axes.add_patch(Rectangle((self.x, self.y), self.width, self.height, color=self.fill, linewidth=0))


@dataclass(frozen=True, slots=True)
class Dot:
    """A round mark; hollow where its number was measured on other data."""

    x: float
    y: float
    hollow: bool = False

    @property
    def colours(self) -> tuple[str, str]:
        """Fill and outline."""
        return (GROUND, MUTED) if self.hollow else (ACCENT, GROUND)

    def svg(self) -> str:
        """Return the element."""
        fill, stroke = self.colours
        return f'<circle cx="{self.x:g}" cy="{self.y:g}" r="{RADIUS}" fill="{fill}" stroke="{stroke}"/>'

    def paint(self, axes: Any) -> None:
        """Add the mark to axes of matplotlib."""
        from matplotlib.patches import Circle  # noqa: PLC0415 (an extra)

        fill, stroke = self.colours
        axes.add_patch(Circle((self.x, self.y), RADIUS, facecolor=fill, edgecolor=stroke, linewidth=0.75, zorder=3))


@dataclass(slots=True)
class Drawing:
    """Marks of a figure, in pixels from the upper left; later ones cover earlier ones.

    Attributes:
        width: of the figure.
        height: of the figure.
        title: what it shows, in one line.
    """

    width: float
    height: float
    title: str
    marks: list[Words | Line | Box | Dot] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, anchor: str = "start", **style: Any) -> None:
        """Add a line of text, letters that cannot be printed as question marks."""
        self.marks.append(Words(x, y, printable(words), anchor, **style))

    def line(self, x1: float, y1: float, x2: float, y2: float, **style: Any) -> None:
        """Add a line."""
        self.marks.append(Line(x1, y1, x2, y2, **style))

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """Add a filled rectangle."""
        self.marks.append(Box(x, y, width, height, fill))

    def dot(self, x: float, y: float, *, hollow: bool = False) -> None:
        """Add a dot."""
        self.marks.append(Dot(x, y, hollow))

    def svg(self) -> str:
        """Return the drawing as an SVG file."""
        size = f'width="{self.width:g}" height="{self.height:g}" viewBox="0 0 {self.width:g} {self.height:g}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="Helvetica, Arial, sans-serif">'
        ground = Box(0, 0, self.width, self.height, GROUND)
        title = f"<title>{escape(printable(self.title))}</title>"
        return "\n".join((head, title, ground.svg(), *(mark.svg() for mark in self.marks), "</svg>\n"))

    def write(self, path: Path) -> Path:
        """Write the drawing in the format that the suffix of ``path`` names, and return the path.

        Raises:
            UnknownNameError: the suffix is none of ``FORMATS``.
            MissingExtraError: PNG or PDF without matplotlib.
        """
        if checked_formats([path.suffix[1:]]) == ["svg"]:
            path.write_bytes(self.svg().encode())
        else:
            self._paint(path)
        return path

    def _paint(self, path: Path) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 (an extra)

        figure = Figure((self.width / PIXELS_AN_INCH, self.height / PIXELS_AN_INCH), facecolor=GROUND)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, self.width), ylim=(self.height, 0))
        axes.axis("off")
        for mark in self.marks:
            mark.paint(axes)
        dated = {"CreationDate": None} if path.suffix == ".pdf" else {}
        with catch_warnings():  # a letter that the font lacks is drawn as an empty box
            filterwarnings("ignore", r"Glyph .* missing from font", UserWarning)
            figure.savefig(path, dpi=DOTS_AN_INCH, metadata={"Title": printable(self.title), **dated})


def printable(words: str) -> str:
    """Return text without what XML and fonts cannot hold."""
    return "".join(letter if letter.isprintable() else "?" for letter in words)


def checked_formats(given: Iterable[str]) -> list[str]:
    """Return formats, each once.

    Raises:
        UnknownNameError: one is none of ``FORMATS``.
        MissingExtraError: one is PNG or PDF, and matplotlib is not installed.
    """
    kinds = [require_name("format", kind, FORMATS) for kind in dict.fromkeys(given)]
    painted = [kind for kind in kinds if kind != "svg"]
    if painted:
        try:
            import matplotlib.figure  # noqa: F401, PLC0415 (an extra)
        except ImportError as error:
            raise MissingExtraError(
                f"format {painted[0]} needs matplotlib ({error}). Install: pip install 'multirads-hf[figures]'. "
                "svg needs no extra."
            ) from error
    return kinds
