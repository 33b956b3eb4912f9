"""What is scored without reading a report: a model below these has learnt nothing from the text.

``constant`` gives every report of a document one answer: its most frequent category, and those of its
most frequent findings with which F1 is highest. It is chosen by the references that it is scored on, so
no answer that ignores the report names more categories rightly. ``printed`` repeats the category that
the report prints.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from multirads_hf.scoring.aggregate import scores_over
from multirads_hf.scoring.book import book
from multirads_hf.scoring.counting import counts_of
from multirads_hf.scoring.counts import Reference, read_reference
from multirads_hf.scoring.level import Level
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.table import tables_of
from multirads_hf.scoring.tally import Tally

Shortcuts = Mapping[str, Mapping[str, Estimate]]
# A finding: whether it is of a lesion, its field, its canonical value.
Finding = tuple[bool, str, Any]


@lru_cache(maxsize=16)
def shortcuts(references: tuple[str, ...], stated: tuple[str, ...], settings: Settings) -> Shortcuts:
    """Return shortcut -> its scores on the same reports.

    Args:
        references: the dataset's ``extraction`` of each report.
        stated: the category that each prints; empty where none is known to be printed.
        settings: how to score.
    """
    read = [read_reference(text) for text in references]
    keys = sorted({reference.document.key for reference in read})
    constant = {key: constant_answer([r for r in read if r.document.key == key]) for key in keys}
    answers = {"constant": [constant[reference.document.key] for reference in read]}
    if any(stated):
        answers["printed"] = [json.dumps({"category": code}) for code in stated]
    return {name: _scored(own, references, settings) for name, own in answers.items()}


def constant_answer(references: Sequence[Reference]) -> str:
    """Return the JSON that scores best where every report of one document gets it.

    Lesions are taken together: the answer has one, with the values that most reports have in any.
    """
    document = references[0].document
    labels = Counter(reference.category for reference in references)
    answer: dict[str, Any] = {"category": max(document.codes, key=labels.__getitem__)}
    exam, lesion = _levels(references[0])
    own: dict[str, Any] = {}
    for of_lesion, name, value in _best(references):
        place = (lesion if of_lesion else exam).places[name]
        (own if of_lesion else answer)[name] = place.reader.usable(value)
    return json.dumps({**answer, "lesions": [own]} if own else answer)


def _best(references: Sequence[Reference]) -> list[Finding]:
    """Return those of the most frequent findings with which F1 is highest: the commonest, while they gain."""
    held = Counter(finding for reference in references for finding in _findings(reference))
    commonest: dict[tuple[bool, str], Finding] = {}
    for finding in sorted(held, key=lambda finding: (-held[finding], repr(finding))):
        commonest.setdefault(finding[:2], finding)
    size = sum(reference.reading.size for reference in references)
    right, best, kept = 0, 0.0, 0
    for place, finding in enumerate(commonest.values(), start=1):
        right += held[finding]
        f1 = 2 * right / (place * len(references) + size)
        best, kept = (f1, place) if f1 > best else (best, kept)
    return list(commonest.values())[:kept]


def _findings(reference: Reference) -> set[Finding]:
    exam, lesion = _levels(reference)
    levels = ((False, exam, reference.reading.exam), *((True, lesion, own) for own in reference.reading.lesions))
    return {
        (of_lesion, name, value)
        for of_lesion, level, values in levels
        for name, value in values.items()
        if level.places[name].reader.field.kind != "text"
    }


def _levels(reference: Reference) -> tuple[Level, Level]:
    coder = book().coder(reference.document)
    return coder.exam, coder.lesion


def _scored(answers: Sequence[str], references: Sequence[str], settings: Settings) -> dict[str, Estimate]:
    # The answers are ours: repair and other spellings make no difference to them.
    own = Settings(task=settings.task, tolerance_mm=settings.tolerance_mm)
    return scores_over(list(tables_of(Tally.of(counts_of(answers, references, own)), settings).values()), settings)
