"""A description in words and tables for people, the same on the page and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from multirads_hf.describing.description import ALL, Description
from multirads_hf.describing.measures import BY_KEY

if TYPE_CHECKING:
    from rich.table import Table

NAMES = {ALL: "all"}
# Measure -> its heading in a terminal of 80 columns, broken where it must be.
HEADINGS = {
    "reports": "reports", "words_median": "words", "distinct_sentences": "distinct\nsentences",
    "near_duplicates": "near\ndup.", "profile_gain": "writer\ngain", "words_gain": "words\ngain",
    "sufficiency": "facts\nsuffice", "leaks": "leaks",
}  # fmt: skip
OVERVIEW = tuple(HEADINGS)
# Measures that are to be nothing, and measures that are to be all.
NOTHING = ("leaks", "leak_share", "near_duplicates", "near_duplicate_pairs", "exact_duplicates", "pairs_across_splits")
EVERYTHING = ("sufficiency", "facts_confirmed")


def percent(value: float) -> str:
    """Return a share in per cent."""
    return f"{100 * value:.1f}%"


def value_text(key: str, numbers: Mapping[str, float]) -> str:
    """Return a measure for people to read."""
    return BY_KEY[key].text(numbers.get(key))


def gain_text(numbers: Mapping[str, float], name: str) -> str:
    """Return what a predictor gains, with its interval and what it is gained over."""
    low, high = (f"{100 * numbers[f'{name}_gain_{end}']:+.1f}" for end in ("low", "high"))
    whole, most = percent(numbers[f"{name}_accuracy"]), percent(numbers["majority_accuracy"])
    return f"{value_text(f'{name}_gain', numbers)} [{low}, {high}]: {whole} over {most}"


def alarming(key: str, value: float | None) -> bool:
    """Return whether a value is one that should not be."""
    return value is not None and ((key in NOTHING and value > 0) or (key in EVERYTHING and value < 1))


def overview(described: Description) -> Table:
    """Return the table for the terminal: a row for each document, and one over all."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 (slow to import)
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    rows = [*described.by_document.items(), (ALL, described.overall)]
    shown = [key for key in OVERVIEW if any(key in numbers for _, numbers in rows)]
    table = Table(header_style="bold", box=SIMPLE_HEAD, padding=0)
    table.add_column("document", no_wrap=True)
    for key in shown:
        table.add_column(HEADINGS[key], justify="right")
    for name, numbers in rows:
        cells = (
            Text(value_text(key, numbers), style="red" if alarming(key, numbers.get(key)) else "") for key in shown
        )
        if name == ALL and len(rows) > 1:
            table.add_section()
        table.add_row(name, *cells)
    return table


def nearness(described: Description) -> str:
    """Return one line about the references that reports were held against; empty where there were none."""
    numbers = described.overall
    if "nearest_median" not in numbers:
        return ""
    own, reference = (
        f"median {numbers[f'{name}_median']:.3f}, most {numbers[f'{name}_max']:.3f}, "
        f"near copies {percent(numbers[f'{name}_copies'])}, exact {numbers[f'{name}_exact']:,}"
        for name in ("nearest", "reference")
    )
    return f"Nearest reference of each report: {own}. Of each reference: {reference}."
