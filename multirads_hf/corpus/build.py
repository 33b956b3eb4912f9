"""From a row's number to the record: plan, sample, write, and put it together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus import plan
from multirads_hf.corpus.page import JSON
from multirads_hf.corpus.sample import study_of
from multirads_hf.corpus.write import Printed, write
from multirads_hf.draw import Draw
from multirads_hf.errors import OptionError, UnknownNameError, require_name, shown
from multirads_hf.schema import Decision, Document, Field, Study

CONDITIONS = ("withheld", "stated", "discordant")
_PERSONS = {
    "female": {"sex": "female", "person": "woman", "he": "she", "his": "her"},
    "male": {"sex": "male", "person": "man", "he": "he", "his": "his"},
}
_ID = re.compile(r"(?P<document>[a-z_]+)-(?P<split>[a-z_]+)-(?P<row>\d{6,})(?:-(?P<condition>stated|discordant))?")


def records(
    config: str = "all", split: str = "train", start: int = 0, stop: int | None = None,
    *, num_reports: int | None = None, seed: int = 0, condition: str = "withheld",
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield the records ``start`` to ``stop`` of a split.

    Args:
        config: ``all`` or a system.
        split: one of ``SPLITS``.
        start: first row, counted within the config.
        stop: one past the last row; by default the size of the split.
        num_reports: size of the split instead of its default.
        seed: names the corpus; the same seed gives the same bytes everywhere.
        condition: ``withheld``, ``stated`` or ``discordant``.

    Raises:
        UnknownNameError: no such config, split or condition.
        OptionError: a number out of range.
    """
    require_name("condition", condition, CONDITIONS)
    size = plan.split_size(config, split, num_reports, seed)
    end = size if stop is None else stop
    if not 0 <= start <= end <= size:
        raise OptionError(f"rows {start} to {end}: allowed are 0 to {size} of split {split!r}, config {config!r}.")
    return (_record(seed, split, *plan.row(seed, split, config, number), condition) for number in range(start, end))


def record(record_id: str, seed: int = 0) -> dict[str, Any]:
    """Return one record by its ``id``.

    Raises:
        UnknownNameError: the id is not one of this corpus.
    """
    found = _ID.fullmatch(record_id)
    if found is None:
        raise UnknownNameError(
            f"Unknown id {shown(record_id)}. Allowed: DOCUMENT-SPLIT-NUMBER, such as tirads-test-000007."
        )
    require_name("split", found["split"], plan.SPLITS)
    place, cell = plan.row(seed, found["split"], "all", int(found["row"]))
    if cell.document != found["document"]:
        raise UnknownNameError(
            f"Unknown id {shown(record_id)}. Row {found['row']} of {found['split']} is of {cell.document}."
        )
    return _record(seed, found["split"], place, cell, found["condition"] or "withheld")


def _record(seed: int, split: str, place: int, cell: plan.Cell, condition: str) -> dict[str, Any]:
    document = rads.get(cell.document)
    unseen = split == "test_unseen"
    drawn = Draw(seed, split, cell.document, cell.study)
    sex = drawn.pick(document.sexes)
    age = int(drawn.between(*document.ages))
    study, decision, scenario = study_of(document, cell.modality, cell.category, drawn, unseen)
    printed = (
        None
        if condition == "withheld"
        else _printed(document, decision, condition, Draw(seed, split, place, condition))
    )
    person = {**_PERSONS[sex], "age": str(age)}
    worded = Draw(seed, split, place)
    written = write(document, study, cell.profile, person, worded, unseen=unseen, printed=printed)
    ending = "" if condition == "withheld" else f"-{condition}"
    return {
        "id": f"{document.key}-{split}-{place:06d}{ending}",
        "study_id": f"{document.key}-{split}-study-{cell.study:06d}",
        "document": document.key,
        "system": document.system,
        "modality": cell.modality,
        "profile": cell.profile,
        "scenario": scenario,
        "age": age,
        "sex": sex,
        **written.sections,
        "report": written.report,
        "category": decision.category,
        "management": decision.management,
        "extraction": extraction(document, decision.category, study),
        "facts": written.facts,
        "rationale": list(decision.reasons),
        "allowed_categories": list(document.codes),
        "pair_id": "",
        "stated_category": printed.category if printed else "",
    }


def extraction(document: Document, category: str, study: Study) -> str:
    """Return what a perfect model answers: compact JSON of document, category and the findings."""
    found = {"document": document.key, "category": category, **_ordered(study, document.exam_fields)}
    if "lesions" in study:
        found["lesions"] = [_ordered(lesion, document.lesion_fields) for lesion in study["lesions"]]
    return JSON(found)


def _ordered(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: values[name] for name in fields if name in values}


def _printed(document: Document, decision: Decision, condition: str, draw: Draw) -> Printed:
    code, management = decision.category, decision.management
    if condition == "discordant":
        code = draw.pick(neighbours(document, code))
        management = document.category(code).management
    label = {"code": document.category(code).printed or code, "system": document.system_names[0]}
    return Printed(code, {**document.split(code), **label, "management": management}, draw)


def neighbours(document: Document, code: str) -> list[str]:
    """Return the labels that a reader could take a study for by mistake.

    Of the labels that differ in one part alone and in rank, those whose rank is nearest.
    """
    own, parts = document.category(code), document.split(code)
    apart = {}
    for other in document.categories:
        differing = sum(parts[name] != value for name, value in document.split(other.code).items())
        if differing == 1 and other.rank != own.rank:
            apart[other.code] = abs(other.rank - own.rank)
    if not apart:
        apart = {other.code: abs(other.rank - own.rank) for other in document.categories if other.code != code}
    return [found for found, distance in apart.items() if distance == min(apart.values())]
