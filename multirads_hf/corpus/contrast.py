"""Minimal pairs: one finding of a study is changed, and nothing else in the report.

The core category of a *flip* pair changes, the label of a *hold* pair does not; which one a change is, the rule says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.cell import Cell
from multirads_hf.corpus.page import Written
from multirads_hf.corpus.sample import LEAST_SHARE, TRIED, reach, study_of
from multirads_hf.corpus.write import write
from multirads_hf.draw import Aligned, Draw
from multirads_hf.errors import MultiradsError, StudyError
from multirads_hf.schema import Between, Document, Edit, Field, Study

# Studies drawn, and wordings tried of each, before a pair is given up.
MOST_STUDIES, MOST_WORDINGS = 2000, 24
# How often a pair that holds changes a finding that could have changed the category, where there is one.
DECISIVE = 0.7


_END = re.compile(r"(?<=[.!?]) +|\n+")


@dataclass(frozen=True, slots=True)
class Change:
    """One finding changed in a study.

    Attributes:
        lesion: the lesion whose finding it is; -1 for the whole exam.
        fields: the finding, and the numbers that go with it.
        study: the study after the change.
    """

    lesion: int
    fields: tuple[str, ...]
    study: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two studies that differ in one finding.

    Attributes:
        studies: before and after.
        change: what was changed.
        scenario: the plan that the first one was drawn from.
        wording: key of the stream of draws under which the reports differ only where the change does.
    """

    studies: tuple[dict[str, Any], dict[str, Any]]
    change: Change
    scenario: str
    wording: tuple[object, ...]


def changes(document: Document, study: Study) -> Iterator[Change]:
    """Yield every study that one edit of the document makes of ``study``."""
    lesions = list(enumerate(study.get("lesions") or ()))
    for edit in document.edits:
        at_exam = edit.field in document.exam_fields
        fields = document.exam_fields if at_exam else document.lesion_fields
        for place, holder in [(-1, study)] if at_exam else lesions:
            if edit.field in holder and all(_met(study, holder, n, wanted) for n, wanted in edit.where.items()):
                yield from _changed(study, place, edit, fields)


def _changed(study: Study, place: int, edit: Edit, fields: Mapping[str, Field]) -> Iterator[Change]:
    """Yield what an edit makes of one finding."""
    holder = study if place < 0 else study["lesions"][place]
    value = holder[edit.field]
    others = [{edit.field: other} for other in edit.values if other != value] if value in edit.values else []
    if edit.steps:
        names = [edit.field, *(name for name in edit.also if name in holder)]
        moves = [sign * step for step in edit.steps for sign in (-1, 1)]
        moved = [{name: round(holder[name] + move, 3) for name in names} for move in moves]
        others += [new for new in moved if all(fields[name].problem(number) is None for name, number in new.items())]
    for new in others:
        yield Change(place, tuple(new), _with(study, place, new))


def _met(study: Study, holder: Study, name: str, wanted: Any) -> bool:
    """Whether a condition holds: of the lesion or the exam, and for an exam-level edit of every lesion."""
    if holder is study and name not in study and (lesions := study.get("lesions")):
        return all(_fits(lesion.get(name), wanted) for lesion in lesions)
    return _fits({**study, **holder}.get(name), wanted)


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Between):
        return isinstance(value, (int, float)) and wanted.low <= value <= wanted.high
    return any(_fits(value, one) for one in wanted) if isinstance(wanted, tuple) else bool(value == wanted)


def _with(study: Study, place: int, new: Mapping[str, Any]) -> dict[str, Any]:
    if place < 0:
        return {**study, **new}
    lesions = [dict(lesion) for lesion in study["lesions"]]
    lesions[place] |= new
    return {**study, "lesions": lesions}


def _of_kind(document: Document, study: Study, flip: bool) -> dict[str, list[Change]]:
    """Return field -> the changes of the wanted kind; one that changes a modifier alone is of neither."""
    before = document.rule(study).category
    core = document.core(before)
    found: dict[str, list[Change]] = {}
    for change in changes(document, study):
        try:
            after = document.rule(change.study).category
        except StudyError:
            continue
        if document.core(after) != core if flip else after == before:
            found.setdefault(change.fields[0], []).append(change)
    return found


@cache
def starts(key: str, flip: bool) -> Mapping[str, tuple[str, ...]]:
    """Return core category -> modalities in which its studies have a change of the wanted kind."""
    document = rads.get(key)
    found: dict[str, list[str]] = {}
    for modality, category in reach(key, False) if document.edits else ():
        draw = Draw("contrast", key, modality, category, flip)
        studies = [study_of(document, modality, category, draw, False)[0] for _ in range(TRIED)]
        if sum(bool(_of_kind(document, study, flip)) for study in studies) >= LEAST_SHARE * TRIED:
            found.setdefault(category, []).append(modality)
    return {code: tuple(found[code]) for code in document.core_codes if code in found}


@cache
def decisive(key: str) -> frozenset[str]:
    """Return the fields of which some change gives another category."""
    document = rads.get(key)
    found: set[str] = set()
    for category, modalities in starts(key, True).items():
        draw = Draw("decisive", key, category)
        studies = [study_of(document, draw.pick(modalities), category, draw, False)[0] for _ in range(TRIED)]
        found.update(field for study in studies for field in _of_kind(document, study, True))
    return frozenset(found)


@lru_cache(maxsize=64)
def pair(cell: Cell, person: tuple[tuple[str, str], ...], *name: object) -> Pair:
    """Return a pair whose two reports differ only in the sentences that say the changed finding.

    Args:
        cell: what the first report is to be; ``flip`` says whether the second has another category.
        person: ``age, sex, ...`` of the patient.
        *name: names the pair; the same name gives the same pair.

    Raises:
        MultiradsError: no such pair was found.
    """
    document, draw = rads.get(cell.document), Draw(*name)
    for number in range(MOST_STUDIES):
        study, _, scenario = study_of(document, cell.modality, cell.category, draw, False)
        found = _of_kind(document, study, cell.flip)
        if not found:
            continue
        likely = [field for field in found if field in decisive(cell.document)]
        fields = likely if likely and draw.chance(DECISIVE) else tuple(found)
        change = draw.pick(found[draw.pick(fields)])
        keys = [(*name, number, wording) for wording in range(MOST_WORDINGS)]
        wording = _wording(partial(_told, document, cell.profile, dict(person)), study, change, keys)
        if wording is not None:
            return Pair((study, change.study), change, scenario, wording)
    kind = "flips" if cell.flip else "holds"
    raise MultiradsError(f"{cell.document}: no pair from {cell.category!r} in {cell.modality} that {kind} was found.")


def _told(
    document: Document, profile: str, person: Mapping[str, str], study: Study, key: tuple[object, ...]
) -> Written:
    return write(document, study, profile, person, Aligned(*key))


def _wording(
    told: Callable[[Study, tuple[object, ...]], Written], study: Study, change: Change, keys: list[tuple[object, ...]]
) -> tuple[object, ...] | None:
    """Return the key of a stream under which only the changed finding reads differently.

    Best is a wording whose texts differ inside the spans of the finding; second best one of whose
    sentences only those differ that say the finding.
    """
    second = None
    for key in keys:
        first, other = told(study, key), told(change.study, key)
        if _between(first, change) == _between(other, change):
            return key
        if second is None and alike(first, other, change):
            second = key
    return second


def _between(written: Written, change: Change) -> list[str]:
    """Return what stands between the spans of the changed finding."""
    at, kept = 0, []
    for start, end in _spans(written, change):
        kept.append(written.report[at:start])
        at = max(at, end)
    return [*kept, written.report[at:]]


def alike(first: Written, other: Written, change: Change) -> bool:
    """Whether two reports differ only in sentences that, in one of them, say the changed finding."""
    ours, theirs = _sentences(first, change), _sentences(other, change)
    same_length = len(ours) == len(theirs)
    return same_length and all(a[0] == b[0] or a[1] or b[1] for a, b in zip(ours, theirs, strict=True))


def _spans(written: Written, change: Change) -> list[tuple[int, int]]:
    facts = [fact for fact in written.facts if fact["lesion"] == change.lesion and fact["field"] in change.fields]
    return [(fact["start"], fact["end"]) for fact in facts]


def _sentences(written: Written, change: Change) -> list[tuple[str, bool]]:
    """Return the sentences, and of each whether it says the changed finding."""
    spans, found, at = _spans(written, change), [], 0
    for end in [*(match.end() for match in _END.finditer(written.report)), len(written.report)]:
        found.append((written.report[at:end], any(at <= start < end for start, _ in spans)))
        at = end
    return found
