"""From a row's number to the record: plan, sample, write, and put it together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus import contrast, rows
from multirads_hf.corpus.cell import Cell
from multirads_hf.corpus.noise import disturb
from multirads_hf.corpus.options import Options, options
from multirads_hf.corpus.page import JSON, Printed
from multirads_hf.corpus.plan import SPLITS
from multirads_hf.corpus.sample import study_of
from multirads_hf.corpus.write import write
from multirads_hf.draw import Aligned, Draw
from multirads_hf.errors import OptionError, UnknownNameError, require_name, shown
from multirads_hf.schema import Decision, Document, Field, Study

_PERSONS = {
    "female": {"sex": "female", "person": "woman", "he": "she", "his": "her"},
    "male": {"sex": "male", "person": "man", "he": "he", "his": "his"},
}
_ID = re.compile(
    r"(?P<document>[a-z_]+)-(?P<split>[a-z_]+)-(?P<row>\d{6,})"
    r"(?:-(?P<condition>stated|discordant))?(?:-noise(?P<noise>[0-3]))?"
)


def records(
    config: str = "all", split: str = "train", start: int = 0, stop: int | None = None, **given: Any
) -> Iterator[dict[str, Any]]:
    """Yield the records ``start`` to ``stop`` of a split.

    Args:
        config: ``all`` or a system.
        split: one of ``SPLITS``.
        start: first row, counted within the choice.
        stop: one past the last row; by default the size of the split.
        **given: fields of ``Options``: ``num_reports``, ``seed``, ``condition``, ``documents`` and so on.

    Raises:
        UnknownNameError: no such config, split, condition, document and so on.
        OptionError: no such option, or a number out of range.
    """
    chosen = options(given)
    size = rows.split_size(config, split, chosen)
    end = size if stop is None else stop
    if not 0 <= start <= end <= size:
        raise OptionError(f"rows {start} to {end}: allowed are 0 to {size} of split {split!r}, config {config!r}.")
    return (_record(split, *rows.row(config, split, chosen, number), chosen) for number in range(start, end))


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
    require_name("split", found["split"], SPLITS)
    noise = None if found["noise"] is None else int(found["noise"])
    chosen = Options(seed=seed, condition=found["condition"] or "withheld", noise=noise)
    place, cell = rows.row("all", found["split"], chosen, int(found["row"]))
    if cell.document != found["document"]:
        raise UnknownNameError(
            f"Unknown id {shown(record_id)}. Row {found['row']} of {found['split']} is of {cell.document}."
        )
    return _record(found["split"], place, cell, chosen)


def _record(split: str, place: int, cell: Cell, chosen: Options) -> dict[str, Any]:
    document, seed = rads.get(cell.document), chosen.seed
    # The studies and words of ``test_noisy`` are those of ``test``; a pair has one patient.
    home = "test" if split == "test_noisy" else split
    paired = split == "test_contrast"
    drawn = Draw(seed, home, cell.document, cell.study - cell.study % 2 if paired else cell.study)
    sex = drawn.pick(document.sexes)
    person = {**_PERSONS[sex], "age": str(int(drawn.between(*document.ages)))}
    if paired:
        study, scenario, worded = _side(seed, split, cell, person)
        decision = document.rule(study)
    else:
        study, decision, scenario = study_of(document, cell.modality, cell.category, drawn, split == "test_unseen")
        worded = Draw(seed, home, place)
    printed = _printed(document, decision, chosen.condition, seed, home, place)
    written = write(document, study, cell.profile, person, worded, unseen=split == "test_unseen", printed=printed)
    level = (1 + place % 3 if split == "test_noisy" else 0) if chosen.noise is None else chosen.noise
    if level:
        written = disturb(written, level, document.key, Draw(seed, split, place, "noise"))
    return {
        "id": f"{document.key}-{split}-{place:06d}{_ending(chosen)}",
        "study_id": f"{document.key}-{home}-study-{cell.study:06d}",
        "document": document.key,
        "system": document.system,
        "modality": cell.modality,
        "profile": cell.profile,
        "scenario": scenario,
        "age": int(person["age"]),
        "sex": sex,
        **written.sections,
        "report": written.report,
        "category": decision.category,
        "management": decision.management,
        "extraction": extraction(document, decision.category, study),
        "facts": written.facts,
        "rationale": list(decision.reasons),
        "allowed_categories": list(document.codes),
        "pair_id": f"{document.key}-{split}-pair-{cell.study // 2:06d}" if paired else "",
        "stated_category": printed.category if printed else "",
        "noise": level,
    }


def _side(seed: int, split: str, cell: Cell, person: Mapping[str, str]) -> tuple[dict[str, Any], str, Draw]:
    """Return the study of one side of a contrast pair, its scenario and the stream for its words."""
    number, side = divmod(cell.study, 2)
    named = (seed, split, cell.document, "pair", number)
    told = contrast.pair(replace(cell, study=2 * number), tuple(person.items()), *named)
    return told.studies[side], told.scenario, Aligned(*told.wording)


def _ending(chosen: Options) -> str:
    ending = "" if chosen.condition == "withheld" else f"-{chosen.condition}"
    return ending if chosen.noise is None else f"{ending}-noise{chosen.noise}"


def extraction(document: Document, category: str, study: Study) -> str:
    """Return what a perfect model answers: compact JSON of document, category and the findings."""
    found = {"document": document.key, "category": category, **_ordered(study, document.exam_fields)}
    if "lesions" in study:
        found["lesions"] = [_ordered(lesion, document.lesion_fields) for lesion in study["lesions"]]
    return JSON(found)


def _ordered(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: values[name] for name in fields if name in values}


def _printed(document: Document, decision: Decision, condition: str, *row: object) -> Printed | None:
    if condition == "withheld":
        return None
    draw, code, management = Draw(*row, condition), decision.category, decision.management
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
