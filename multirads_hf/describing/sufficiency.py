"""Do the facts of a report suffice for its label? The study is rebuilt from them and judged by the rule again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.readback import says
from multirads_hf.describing.reports import Report
from multirads_hf.errors import MultiradsError
from multirads_hf.schema import Document

# A finding and the text of its place in the report.
Fact = tuple[int, str, Any, str]
_CM, _MM = re.compile(r"\d ?cm\b"), re.compile(r"\d ?mm\b")


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """What the facts of some reports are worth.

    Attributes:
        reports: reports with facts.
        failed: ids of those whose facts do not give their label.
        facts: facts whose place in the text was read; those of disturbed reports are not.
        confirmed: facts whose place in the text says their value.
    """

    reports: int
    failed: tuple[str, ...]
    facts: int
    confirmed: int

    def numbers(self) -> dict[str, float]:
        """Return the share of reports that suffice and of facts that are said; empty where there are none."""
        found = {"sufficiency": 1 - len(self.failed) / self.reports} if self.reports else {}
        return found | ({"facts_confirmed": self.confirmed / self.facts} if self.facts else {})


def joined(parts: Sequence[Sufficiency]) -> Sufficiency:
    """Return what was found in several documents together."""
    failed = tuple(one for part in parts for one in part.failed)
    return Sufficiency(
        sum(part.reports for part in parts), failed, sum(part.facts for part in parts),
        sum(part.confirmed for part in parts),
    )  # fmt: skip


def sufficiency(reports: Sequence[Report], advance: Callable[[int], object] = bool) -> Sufficiency:
    """Rebuild every study from the facts whose place in the report says their value.

    Of disturbed reports every fact is taken as it is: their words are misspelt on purpose.

    Args:
        reports: reports of any documents; those without facts or document are left out.
        advance: called with the number of reports done since the last call.
    """
    usable = facts = confirmed = 0
    failed: list[str] = []
    for report in reports:
        advance(1)
        if not (report.document and report.extraction and report.category):
            continue
        right, said = _judged(report)
        usable += 1
        if not right:
            failed.append(report.id)
        if not report.noisy:
            facts, confirmed = facts + len(report.facts), confirmed + said
    return Sufficiency(usable, tuple(failed), facts, confirmed)


def _judged(report: Report) -> tuple[bool, int]:
    """Return whether the facts of a report give its label, and how many of them its text says."""
    document = rads.get(report.document)
    try:
        every = list(_facts(report))
        said = every if report.noisy else [fact for fact in every if _said(document, report, fact)]
        return _category(document, report, said) == report.category, len(said)
    except (MultiradsError, KeyError, IndexError, TypeError, ValueError, AttributeError):  # no row of ours
        return False, 0


def _facts(report: Report) -> Iterator[Fact]:
    for fact in report.facts:
        text = report.text[fact["start"] : fact["end"]]
        yield fact["lesion"], fact["field"], json.loads(fact["value"]), text


def _said(document: Document, report: Report, fact: Fact) -> bool:
    _, name, value, text = fact
    unit = "cm" if _CM.search(report.body) and not _MM.search(text) else "mm"
    return bool(text) and says(document, name, value, text, unit)


def _category(document: Document, report: Report, facts: Sequence[Fact]) -> str:
    lesions: list[dict[str, Any]] = [{} for _ in json.loads(report.extraction).get("lesions", ())]
    study: dict[str, Any] = {"lesions": lesions} if document.has_lesions else {}
    for lesion, name, value, _ in facts:
        (study if lesion < 0 else lesions[lesion])[name] = value
    return document.categorise(study)
