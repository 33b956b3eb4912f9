"""Reports that are to hold no category and print one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf import rads
from multirads_hf.describing.reports import Report
from multirads_hf.scoring.mentions import mentions

# Findings of this name are categories themselves, such as that of an earlier study.
FINDING = "categor"


@dataclass(frozen=True, slots=True)
class Leak:
    """A report that prints categories of its document.

    Attributes:
        id: its id.
        document: its document.
        mentions: the categories, in the order of the text.
        own: whether its own label is among them.
    """

    id: str
    document: str
    mentions: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Leaks:
    """What was found among some reports.

    Attributes:
        reports: reports that are to hold no category.
        found: those that print one.
    """

    reports: int
    found: tuple[Leak, ...]

    def numbers(self) -> dict[str, float]:
        """Return the number and share of reports that leak; empty where none could."""
        if not self.reports:
            return {}
        return {"leaks": len(self.found), "leak_share": len(self.found) / self.reports}


def joined(parts: Sequence[Leaks]) -> Leaks:
    """Return what was found in several documents together."""
    return Leaks(sum(part.reports for part in parts), tuple(leak for part in parts for leak in part.found))


def leaks(reports: Sequence[Report]) -> Leaks:
    """Return the reports of known documents that print a category and are to hold none.

    A category that is itself a finding, such as that of an earlier study, is no leak where its place is given.
    """
    meant = [report for report in reports if report.withheld and report.document]
    found = []
    for report in meant:
        document = rads.get(report.document)
        if printed := mentions(document, _without(report.text, report.facts)):
            own = report.category in printed or report.core in printed
            found.append(Leak(report.id, report.document, tuple(printed), own))
    return Leaks(len(meant), tuple(found))


def _without(text: str, facts: Sequence[Any]) -> str:
    """Return a text without the places of findings that are categories."""
    own = [(fact["start"], fact["end"]) for fact in facts if FINDING in fact.get("field", "")]
    for start, end in sorted(own, reverse=True):
        text = text[:start] + text[end:]
    return text
