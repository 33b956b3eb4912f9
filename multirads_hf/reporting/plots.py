"""The geometry of the page's figures, in per cent of a width, so that they fit any screen.

Text stays in HTML beside the figures: it never shrinks with them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from multirads_hf.reporting.results import Estimate

STEPS = (0.02, 0.05, 0.1, 0.2, 0.5)
# At least this many steps, so that a scale never makes a tenth of a point look like a gulf.
LEAST_INTERVALS, MOST_INTERVALS = 4, 6
SHADES = 9  # classes q0 to q8 of page.css


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from ``low`` to ``high``.

    Attributes:
        ticks: the values at which it is labelled, both ends included.
    """

    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def marks(self) -> list[tuple[float, float]]:
        """Where each tick lies, in per cent, and its value."""
        return [(self.at(tick), tick) for tick in self.ticks]

    def at(self, value: float) -> float:
        """Return where a value lies, in per cent of the width; values outside lie at the ends."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def shade(self, value: float) -> int:
        """Return the step of the colour ramp for a value, 0 to ``SHADES - 1``."""
        return min(SHADES - 1, int(self.at(value) / 100 * SHADES))


def axis(values: Iterable[float]) -> Axis:
    """Return a scale with round ends that holds all values; 0 to 1 where there are none.

    It grows on its tighter side first, never past 0 or 1 where no value lies there.
    """
    known = list(values) or [0.0, 1.0]
    low, high = min(known), max(known)
    step = next((s for s in STEPS if _intervals(low, high, s) <= MOST_INTERVALS), STEPS[-1])
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    while last - first < LEAST_INTERVALS:
        tighter_below = first > 0 and low - first * step < last * step - high
        if tighter_below or last * step >= 1:
            first -= 1
        else:
            last += 1
    ticks = tuple(round(i * step, 4) for i in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def _intervals(low: float, high: float, step: float) -> int:
    return math.ceil(round(high / step, 6)) - math.floor(round(low / step, 6))


def spread(estimates: Iterable[Estimate | None]) -> Axis:
    """Return a scale that holds every estimate with its interval."""
    return axis(bound for found in estimates if found for bound in found.bounds)


@dataclass(frozen=True, slots=True)
class Whisker:
    """A dot at ``x`` with a line from ``left`` to ``right``, all in per cent."""

    x: float
    left: float
    right: float


def whisker(found: Estimate | None, scale: Axis) -> Whisker | None:
    """Return the mark of an estimate, or None where there is no number."""
    if found is None:
        return None
    low, high = found.bounds
    return Whisker(scale.at(found.value), scale.at(low), scale.at(high))


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a stacked bar: ``width`` per cent from ``x``, with what it stands for."""

    name: str
    number: int
    x: float
    width: float


def stack(counts: Mapping[str, int], order: Sequence[str]) -> tuple[Piece, ...]:
    """Return the pieces of a bar that shares 100 per cent among the counts, in ``order``."""
    total, before, pieces = sum(counts.get(name, 0) for name in order), 0, []
    for name in order:
        if own := counts.get(name, 0):
            pieces.append(Piece(name, own, round(100 * before / total, 3), round(100 * own / total, 3)))
            before += own
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a diverging bar: a bar and its whisker, in per cent of the whole width."""

    x: float
    width: float
    mark: Whisker


def side(found: Estimate | None, scale: Axis, sign: int) -> Side | None:
    """Return a bar from the middle to the left (``sign`` -1) or to the right (1)."""
    if found is None:
        return None
    low, value, high = (round(50 + sign * scale.at(v) / 2, 2) for v in (found.bounds[0], found.value, found.bounds[1]))
    return Side(min(50.0, value), round(abs(value - 50), 2), Whisker(value, min(low, high), max(low, high)))
