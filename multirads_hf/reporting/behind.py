"""The reports behind a cell of a confusion matrix: text, facts, the answer, and why it is wrong.

A page holds so many reports of a cell, and so many characters in all, that it stays small: first one
of every cell, wrong ones before right ones and documents in turn, then a second of each cell, and so
on until either limit is reached. Reports that most runs have wrong come first: runs share them. What
is held is compressed; the browser unpacks it when a cell is opened.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from multirads_hf.scoring import INVALID, Counts

MOST_A_CELL = 3
# Before they are compressed; on the page they take about a tenth.
MOST_CHARACTERS = 20_000_000
ANSWER_CHARACTERS = 1_500
EXAM_LEVEL = -1
STATES = {
    "empty": "The answer says nothing.",
    "refusal": "The model refused to answer.",
    "truncated": "The answer was cut off before it was whole.",
    "several": "The answer names several categories.",
    "unknown_category": "The answer names no category of this document.",
    "wrong_system": "The answer names a category of another system.",
    "not_json": "The answer is no JSON object.",
}
FAULTS = {
    "reading": "The category follows from the answered findings: the report was read wrongly.",
    "reasoning": "The answered findings lead to the right category: the rule was applied wrongly.",
    "both": "The answered findings lead to another wrong category: both reading and rule went wrong.",
}

UNUSABLE = "The rule can make nothing of the answered findings: the report was not read, or read wrongly."


@dataclass(frozen=True, slots=True)
class Answered:
    """One report with its answer.

    Attributes:
        record: the row of the dataset that was asked.
        text: what the model wrote, None where the call failed.
        counts: what that counts for.
    """

    record: Mapping[str, Any]
    text: str | None
    counts: Counts


Behind = Mapping[str, Sequence[Answered]]


def drill_down(settings: Mapping[str, Sequence[str]], behind: Behind) -> dict[str, Any]:
    """Return what the page's script shows when a cell is chosen.

    Args:
        settings: id of a group of runs on the page -> ids of its runs, in their order there.
        behind: id of a run -> its answers.

    Returns:
        Id of the group -> ``reports`` by id, and ``cells``: document -> for each run the entries by
        cell, ``expected`` and ``given`` with a line break between. Empty where nothing is known.
    """
    found: dict[str, Any] = {}
    runs = sum(map(len, settings.values()))
    for name, run_ids in settings.items():
        own: dict[str, Any] = {"reports": {}, "cells": {}}
        left = MOST_CHARACTERS * len(run_ids) // runs
        for place, answered in _chosen([behind.get(run_id, ()) for run_id in run_ids]):
            left -= _add(own, place, len(run_ids), answered)
            if left < 0:
                break
        if own["cells"]:
            found[name] = own
    return found


def packed(own: Mapping[str, Any]) -> str:
    """Return one entry of ``drill_down`` as JSON, compressed (zlib), in letters that HTML keeps (base64)."""
    return b64encode(zlib.compress(json.dumps(own, separators=(",", ":")).encode(), level=9)).decode()


def _chosen(runs: Sequence[Sequence[Answered]]) -> Iterator[tuple[int, Answered]]:
    """Yield places of runs with their answers, in the order in which they go onto the page."""
    wrong = Counter(str(own.record["id"]) for answers in runs for own in answers if not own.counts.correct)
    cells: dict[tuple[int, str, str, str | None], list[Answered]] = {}
    for place, answers in enumerate(runs):
        for own in sorted(answers, key=lambda own: (-wrong[str(own.record["id"])], str(own.record["id"]))):
            counts = own.counts
            if counts.state != "error":
                cells.setdefault((place, counts.document, counts.expected, counts.given), []).append(own)
    turns: Counter[tuple[int, str, bool]] = Counter()
    order = []
    for (place, document, *_), members in cells.items():
        right = members[0].counts.correct
        turn = turns[place, document, right]
        turns[place, document, right] += 1
        order += [((depth, right, turn), place, own) for depth, own in enumerate(members[:MOST_A_CELL])]
    for _, place, own in sorted(order, key=lambda one: one[0]):
        yield place, own


def _add(own: dict[str, Any], place: int, runs: int, answered: Answered) -> int:
    """Add an answer, with its report where that is new, and return how many characters that takes."""
    record, counts = answered.record, answered.counts
    size = 0
    name = str(record["id"])
    if name not in own["reports"]:
        own["reports"][name] = _report(record)
        size += _length(own["reports"][name])
    document = own["cells"].setdefault(counts.document, [{} for _ in range(runs)])
    entry = _entry(answered)
    document[place].setdefault(f"{counts.expected}\n{counts.given or INVALID}", []).append(entry)
    return size + _length(entry)


def _length(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


def _report(record: Mapping[str, Any]) -> dict[str, Any]:
    facts = sorted(record.get("facts") or [], key=lambda fact: (fact["start"], fact["end"]))
    about = (record.get(name) for name in ("document", "modality", "profile"))
    return {
        "about": " · ".join(str(name) for name in about if name),
        "parts": pieces(record["report"], facts),
        "facts": [[_key(fact), f"{fact['value']} {fact.get('unit') or ''}".strip()] for fact in facts],
        "reasons": list(record.get("rationale") or []),
    }


def _key(fact: Mapping[str, Any]) -> str:
    return str(fact["field"]) if fact["lesion"] == EXAM_LEVEL else f"lesions.{fact['field']}"


def pieces(text: str, facts: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Return a text cut where facts start and end: ``[words, places of the facts that cover them]``.

    >>> pieces("a 12 mm nodule", [{"start": 2, "end": 7}])
    [['a ', []], ['12 mm', [0]], [' nodule', []]]
    """
    bounds = sorted({0, len(text), *(fact[side] for fact in facts for side in ("start", "end"))})
    return [
        [text[start:end], [place for place, own in enumerate(facts) if own["start"] <= start and end <= own["end"]]]
        for start, end in pairwise(bounds)
    ]


def _entry(answered: Answered) -> dict[str, Any]:
    text = answered.text or ""
    return {
        "id": str(answered.record["id"]),
        "text": text[:ANSWER_CHARACTERS],
        "cut": max(0, len(text) - ANSWER_CHARACTERS),
        "why": reasons(answered.counts),
        "fields": None if answered.counts.agreement is None else faults(answered.counts),
    }


def faults(counts: Counts) -> dict[str, list[Any]]:
    """Return field -> whether some lesion has it right, and what is wrong with it; right fields are left out."""
    fields = counts.agreement.fields.items() if counts.agreement else ()
    return {name: [tp > 0, _outcome(fp, fn)] for name, (tp, fp, fn) in sorted(fields) if fp or fn}


def reasons(counts: Counts) -> list[str]:
    """Return in sentences why the category of an answer is wrong; nothing where it is right."""
    if counts.given is None:
        return [STATES.get(counts.state, f"The answer could not be read: {counts.state}.")]
    if counts.correct:
        return []
    said = [f"{counts.given} was answered, the rule gives {counts.expected}."]
    if counts.fault == "reading" and not counts.consistent:
        return [*said, UNUSABLE]
    return [*said, FAULTS[counts.fault]] if counts.fault else said


def _outcome(fp: int, fn: int) -> str:
    wrong, added, missed = min(fp, fn), fp - min(fp, fn), fn - min(fp, fn)
    parts = ((wrong, "wrong"), (missed, "missed"), (added, "added"))
    return ", ".join(word if number == 1 else f"{number} {word}" for number, word in parts if number)
