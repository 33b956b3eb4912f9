"""What is described: rows of the dataset, rows with fewer columns, or texts alone, all as ``Report``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from multirads_hf import corpus, rads
from multirads_hf.errors import OptionError, require_name, shown

DISTURBED = ("test_noisy",)
_SPLIT = re.compile(rf"-({'|'.join(sorted(corpus.SPLITS, key=len, reverse=True))})-\d")
_LABELS = ("document", "category", "profile", "scenario")


@dataclass(frozen=True, slots=True)
class Report:
    """One report and what is known about it; empty where a column is missing.

    Attributes:
        id: its id, or its place among the reports.
        text: the whole report.
        body: findings and impression; the whole report where they are not given apart.
        document: key of the RADS document.
        category: the label.
        profile: the writer.
        scenario: the clinical plan.
        split: the split.
        modality: how the study was acquired.
        study: ties one study across conditions, writers and noise.
        pair: ties the two reports of a minimal pair.
        withheld: whether the report is meant to hold no category.
        noisy: whether the text is disturbed.
        facts: the findings with their places in the text.
        extraction: JSON of the study.
    """

    id: str
    text: str
    body: str
    document: str = ""
    category: str = ""
    profile: str = ""
    scenario: str = ""
    split: str = ""
    modality: str = ""
    study: str = ""
    pair: str = ""
    withheld: bool = True
    noisy: bool = False
    facts: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    extraction: str = field(default="", repr=False)

    @property
    def core(self) -> str:
        """The label without its modifiers, which is what plans count."""
        known = self.document and self.category in rads.get(self.document).codes
        return rads.get(self.document).core(self.category) if known else self.category

    @property
    def case(self) -> str:
        """What its words depend on: reports of one case belong on one side of a cross-validation."""
        return self.pair or self.study or self.id

    def tied(self, other: Report) -> bool:
        """Return whether another report was made to be like this one."""
        alike = (self.study and self.study == other.study) or (self.pair and self.pair == other.pair)
        return bool(alike and self.id != other.id)


def reports_of(given: Any) -> list[Report]:
    """Return what is given as reports.

    Args:
        given: rows, texts, or both; a ``datasets.Dataset``; a mapping of split to any of these.

    Raises:
        OptionError: nothing is given, or one of it is neither a text nor a mapping with a text.
        UnknownNameError: a document that does not exist.
    """
    parts = given.items() if isinstance(given, Mapping) else [("", given)]
    found = [report for split, rows in parts for report in _reports(rows, str(split))]
    if not found:
        raise OptionError("reports: got none. Allowed: at least one report.")
    return found


def _reports(rows: Iterable[Any], split: str) -> Iterator[Report]:
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise OptionError(f"reports: got {shown(rows)}. Allowed: a list of texts or rows.")
    names = _class_labels(rows)
    for place, row in enumerate(rows):
        where = f"reports[{split!r}][{place}]" if split else f"reports[{place}]"
        text = row.get("report") if isinstance(row, Mapping) else row
        if not isinstance(text, str):
            raise OptionError(f"{where}: got {shown(row)}. Allowed: a text, or a row with a text as 'report'.")
        if isinstance(row, str):
            yield Report(f"{split}-{place}" if split else str(place), text, text, split=split)
        else:
            yield _report(row, text, where, split, names)


def _class_labels(rows: Any) -> dict[str, list[str]]:
    """Return column -> names of the columns that a ``datasets.Dataset`` keeps as numbers."""
    features = getattr(rows, "features", None) or {}
    return {column: kind.names for column, kind in features.items() if hasattr(kind, "names")}


def _report(row: Mapping[str, Any], text: str, where: str, split: str, names: Mapping[str, list[str]]) -> Report:
    labels = {column: _label(row.get(column), names.get(column)) for column in (*_LABELS, "modality")}
    if labels["document"]:
        require_name(f"document of {where}", labels["document"], rads.keys())
    own = str(row.get("id") or where)
    sections = [row.get(name) for name in ("findings", "impression")]
    split = str(row.get("split") or split or _split_of(own))
    return Report(
        own, text, "\n".join(filter(None, sections)) or text, **labels, split=split,
        study=str(row.get("study_id") or ""), pair=str(row.get("pair_id") or ""),
        withheld=not row.get("stated_category"), noisy=bool(row.get("noise")) or split in DISTURBED,
        facts=tuple(row.get("facts") or ()), extraction=str(row.get("extraction") or ""),
    )  # fmt: skip


def _label(value: Any, names: list[str] | None) -> str:
    if names is not None and isinstance(value, int):
        return names[value] if 0 <= value < len(names) else ""
    return "" if value is None else str(value)


def _split_of(own: str) -> str:
    found = _SPLIT.search(own)
    return found[1] if found else ""
