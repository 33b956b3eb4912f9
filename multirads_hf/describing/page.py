"""One page for the browser: a single file with its own styles and figures, without a script.

It asks no server for anything, and its content policy forbids it to. Whatever the reports brought in is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from multirads_hf._version import __version__
from multirads_hf.corpus import SPLITS
from multirads_hf.describing.description import ALL, Description
from multirads_hf.describing.measures import BY_KEY, MEASURES, Measure
from multirads_hf.describing.views import NAMES, OVERVIEW, alarming, gain_text, percent, value_text
from multirads_hf.reporting import dashboard
from multirads_hf.reporting.plots import Axis, Whisker

TITLE = "MultiRADS corpus"
PACKAGE = "multirads_hf.describing"
DIVERSITY = (
    "compression_ratio", "self_bleu", "distinct_sentences", "vocabulary", "distinct_1", "distinct_2", "distinct_3",
    "distinct_4",
)  # fmt: skip
# Rows of a list on the page; description.json has more.
MOST_ROWS = 50
# About so many ticks on an axis.
INTERVALS = 5
View = dict[str, Any]
Row = tuple[str, Mapping[str, float]]


def render(described: Description, title: str = TITLE) -> str:
    """Return the page of a description; the same description gives the same page, byte for byte."""
    rows = [(NAMES.get(name, name), numbers) for name, numbers in _rows(described)]
    said = described.repeated.items()
    css = dashboard.part("page.css") + dashboard.part("description.css", PACKAGE)
    shown = {
        "tiles": tiles(described), "overview": table("Overview", rows, OVERVIEW),
        "words": words(rows), "diversity": table("Diversity", rows, DIVERSITY), "every": every(rows),
        "repeated": [(NAMES.get(key, key), own.sentence, percent(own.share)) for key, own in said],
        "gains": gains(rows), "plan": plan(described), "categories": categories(described),
        "checked": "leaks" in described.overall or "sufficiency" in described.overall,
        **privacy(described, rows), **lists(described),
    }  # fmt: skip
    sections = [
        ("overview", "Overview"), ("plan", "Counts"), ("text", "Length and diversity"), ("shortcuts", "Shortcuts"),
        ("duplicates", "Duplicates"), ("checks", "Leaks and sufficiency"), ("privacy", "Nearness"),
        ("numbers", "All numbers"),
    ]  # fmt: skip
    absent = {"plan": not shown["plan"], "shortcuts": not shown["gains"], "checks": not shown["checked"],
              "privacy": not shown["privacy"]}  # fmt: skip
    return dashboard.template("description.html.j2", PACKAGE).render(
        title=title, css=css, css_hash=dashboard.digest(css), version=__version__, count=lambda n: f"{n:,}",
        sections=[pair for pair in sections if not absent.get(pair[0])], **shown,
    )  # fmt: skip


def _rows(described: Description) -> list[Row]:
    return [(ALL, described.overall), *described.by_document.items()]


def tiles(described: Description) -> list[tuple[str, str, str]]:
    """Return the facts at the top: heading, value, note."""
    overall, documents = described.overall, len(described.by_document)
    wanted = {
        "reports": f"of {documents} documents" if documents else "",
        "near_duplicates": f"{len(described.near_duplicates):,} pairs",
        "leaks": BY_KEY["leaks"].about,
        "sufficiency": BY_KEY["sufficiency"].about,
    }
    return [(BY_KEY[key].title, value_text(key, overall), note) for key, note in wanted.items()]


def table(title: str, rows: Sequence[Row], keys: Sequence[str]) -> View:
    """Return rows by document and columns by measure, measures that no row has left out."""
    shown = [BY_KEY[key] for key in keys if any(key in numbers for _, numbers in rows)]
    cells = [[_cell(measure, numbers) for measure in shown] for _, numbers in rows]
    listed = [{"name": name, "about": "", "cells": own} for (name, _), own in zip(rows, cells, strict=True)]
    return {"title": title, "first": "Reports of", "columns": shown, "rows": listed}


def every(rows: Sequence[Row]) -> View:
    """Return all measures, one a row, documents as columns."""
    columns = [{"title": name, "about": ""} for name, _ in rows]
    listed = [
        {"name": measure.title, "about": measure.about, "cells": [_cell(measure, numbers) for _, numbers in rows]}
        for measure in MEASURES
        if any(measure.key in numbers for _, numbers in rows)
    ]
    return {"title": "All numbers", "first": "Measure", "columns": columns, "rows": listed}


def _cell(measure: Measure, numbers: Mapping[str, float]) -> View:
    value = numbers.get(measure.key)
    return {"text": measure.text(value), "under": "", "alarm": alarming(measure.key, value)}


def plan(described: Description) -> View | None:
    """Return document x split: the reports, and how far they are from the plan."""
    known = [count for count in described.counts if count.document]
    splits = sorted({count.split for count in known}, key=lambda s: SPLITS.index(s) if s in SPLITS else len(SPLITS))
    cells = {(count.document, count.split): count for count in known}
    rows = []
    for document in described.by_document:
        own = [cells.get((document, split)) for split in splits]
        texts = [
            {"text": f"{c.reports:,}" if c else "–", "under": c.distance if c else "", "alarm": False} for c in own
        ]
        rows.append({"name": document, "about": "", "cells": texts})
    columns = [{"title": split or "no split", "about": ""} for split in splits]
    return {"title": "Counts", "first": "Document", "columns": columns, "rows": rows} if known else None


def categories(described: Description) -> list[View]:
    """Return for each document split x category."""
    views = []
    for document in described.by_document:
        own = [count for count in described.counts if count.document == document]
        codes = list(dict.fromkeys(code for count in own for code in count.categories))
        rows = [
            {
                "name": count.split or "no split", "about": "",
                "cells": [{"text": f"{count.categories.get(c, 0):,}", "under": "", "alarm": False} for c in codes],
            }
            for count in own
        ]  # fmt: skip
        columns = [{"title": code, "about": ""} for code in codes]
        views.append({"title": f"{document} by category", "first": "Split", "columns": columns, "rows": rows})
    return [view for view in views if view["rows"]]


def words(rows: Sequence[Row]) -> View:
    """Return the figure of lengths: median and quartiles of the words of a report."""
    ends = [numbers[key] for _, numbers in rows for key in ("words_q25", "words_q75")]
    scale = axis([0.0, *ends])
    shown = []
    for name, own in rows:
        low, middle, high = (own[f"words_{end}"] for end in ("q25", "median", "q75"))
        text = f"{middle:,.0f} words, {low:,.0f} to {high:,.0f}"
        shown.append({"name": name, "mark": _whisker(scale, low, middle, high), "text": text})
    about = "Words in a report: the dot is the median, the line reaches from the lower to the upper quartile."
    return {"title": "Length", "about": about, "scale": scale, "rows": shown, "percent": False}


def gains(rows: Sequence[Row]) -> list[View]:
    """Return a figure for each predictor: what it gains over the most frequent category."""
    names = [name for name in ("profile", "length", "words") if any(f"{name}_gain" in own for _, own in rows)]
    ends = [own[f"{n}_gain_{end}"] for n in names for _, own in rows for end in ("low", "high") if f"{n}_gain" in own]
    scale = axis([0.0, *ends])
    views = []
    for name in names:
        measure = BY_KEY[f"{name}_accuracy"]
        shown = [
            {"name": row, "text": gain_text(own, name),
             "mark": _whisker(scale, *(own[f"{name}_gain{end}"] for end in ("_low", "", "_high")))}
            for row, own in rows
            if f"{name}_gain" in own
        ]  # fmt: skip
        views.append({"title": measure.title, "about": f"{measure.about}.".capitalize(), "scale": scale, "rows": shown,
                      "percent": True})  # fmt: skip
    return views


def privacy(described: Description, rows: Sequence[Row]) -> View:
    """Return the figure of nearness to reference texts, and the numbers beside it."""
    overall = described.overall
    if "nearest_median" not in overall:
        return {"privacy": None, "copies": [], "copies_total": 0}
    scale = Axis(0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
    named = [("The references themselves", overall, "reference")] + [(name, own, "nearest") for name, own in rows]
    shown = []
    for name, own, prefix in named:
        middle, high, most = (own[f"{prefix}_{end}"] for end in ("median", "q99", "max"))
        text = f"median {middle:.2f}, 99% {high:.2f}, most {most:.2f}"
        shown.append({"name": name, "mark": _whisker(scale, middle, middle, high), "text": text})
    about = (
        "Jaccard of word 5-grams to the nearest reference: the dot is the median, the line ends at the 99th percentile."
    )
    near = [(copy.id, copy.reference, f"{copy.similarity:.3f}") for copy in described.copies[:MOST_ROWS]]
    return {
        "privacy": {"title": "Nearest reference", "about": about, "scale": scale, "rows": shown, "percent": False},
        "copies": near, "copies_total": len(described.copies),
        "copies_share": percent(overall["nearest_copies"]), "copies_exact": f"{overall['nearest_exact']:,}",
        "reference_share": percent(overall["reference_copies"]), "reference_exact": f"{overall['reference_exact']:,}",
    }  # fmt: skip


def lists(described: Description) -> View:
    """Return pairs, leaks and failures, the first of each."""
    pairs = [(pair.first, pair.second, f"{pair.similarity:.3f}") for pair in described.near_duplicates[:MOST_ROWS]]
    found = [(leak.id, "its own" if leak.own else "another", ", ".join(leak.mentions)) for leak in described.leaks]
    return {
        "pairs": pairs, "pairs_total": len(described.near_duplicates),
        "leaks": found[:MOST_ROWS], "leaks_total": len(found),
        "failed": [(one,) for one in described.insufficient[:MOST_ROWS]], "failed_total": len(described.insufficient),
    }  # fmt: skip


def axis(values: Iterable[float]) -> Axis:
    """Return a scale with round ends that holds all values."""
    known = list(values)
    low, high = min(known), max(known)
    rough = (high - low) / INTERVALS or 1.0
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first, last = math.floor(round(low / step, 6)), math.ceil(round(high / step, 6))
    ticks = tuple(round(place * step, 6) for place in range(first, max(last, first + 1) + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def _whisker(scale: Axis, low: float, value: float, high: float) -> Whisker:
    return Whisker(scale.at(value), scale.at(low), scale.at(high))
