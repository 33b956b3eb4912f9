"""From reports to their description: each measure on each document, and on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multirads_hf import rads
from multirads_hf.describing import counts, duplicates, leaks, shortcuts, sufficiency, text
from multirads_hf.describing.description import ALL, Close, Description
from multirads_hf.describing.nearest import COPY, Nearest, References
from multirads_hf.describing.reading import texts_of
from multirads_hf.describing.reports import Report, reports_of
from multirads_hf.describing.words import encode, shingles
from multirads_hf.errors import OptionError

if TYPE_CHECKING:
    from multirads_hf.describing.words import Hashes

NEAREST, REFERENCE = "nearest", "reference"
Advance = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class _Part:
    """What was found in the reports of one document."""

    numbers: dict[str, float]
    counts: tuple[counts.Count, ...]
    repeated: text.Repeated
    duplicates: duplicates.Duplicates
    leaks: leaks.Leaks
    shortcuts: Mapping[str, shortcuts.Shortcut]
    sufficiency: sufficiency.Sufficiency


def describe(reports: Any, *, against: str | Path | Sequence[str] | None = None, progress: bool = True) -> Description:
    """Describe a set of reports: counts, length, diversity, duplicates, leaks, sufficiency and privacy.

    What a measure needs and is not there (a label, a writer, facts) leaves that measure out; texts alone
    have the measures of texts.

    Args:
        reports: rows of the dataset, such as ``load_dataset("multirads", split="test")`` or
            ``multirads_hf.records()``; rows of which only ``report`` is given; texts; or a mapping of split to these.
        against: texts that reports should not be copies of: a list, a file or a folder, see ``reading.texts_of``.
        progress: whether to show a bar in a terminal.

    Raises:
        OptionError: there are no reports, one of them has no text, or ``against`` holds no texts.
        UnknownNameError: a document that does not exist.
    """
    listed = reports_of(reports)
    references = None if against is None else References(texts_of(against))
    encoded = [encode(report.text) for report in listed]
    with _bar(len(listed) * (1 if references is None else 2), progress) as advance:
        parts = {
            document: _part([listed[place] for place in places], [encoded[place] for place in places], advance)
            for document, places in _places(listed).items()
        }
        nearest = None if references is None else references.nearest(
            [report.text for report in listed], list(map(shingles, encoded)), advance
        )  # fmt: skip
    described = _put_together(listed, encoded, parts)
    return described if references is None or nearest is None else _with(described, listed, references, nearest)


def columns(texts: Sequence[str], **given: Sequence[str] | None) -> Iterable[Mapping[str, str]]:
    """Return texts and lists beside them as rows that ``describe`` takes.

    Args:
        texts: the reports.
        **given: column of the dataset -> its values, one a report; None for a column that is not known.

    Raises:
        OptionError: a column is longer or shorter than the texts.
    """
    known = {name: list(values) for name, values in given.items() if values is not None}
    for name, values in known.items():
        if len(values) != len(texts):
            raise OptionError(f"{name}: got {len(values)} values. Allowed: {len(texts)}, one for each report.")
    rows = zip(texts, *known.values(), strict=True)
    return [dict(zip(("report", *known), row, strict=True)) | {"id": str(place)} for place, row in enumerate(rows)]


def _places(reports: Sequence[Report]) -> dict[str, list[int]]:
    """Return document -> places of its reports, documents in the order of the corpus, those without one last."""
    found: dict[str, list[int]] = {}
    for place, report in enumerate(reports):
        found.setdefault(report.document, []).append(place)
    return {key: found[key] for key in (*rads.keys(), "") if key in found}


def _part(reports: Sequence[Report], encoded: Sequence[Hashes], advance: Advance) -> _Part:
    alike = duplicates.duplicates(reports, list(map(shingles, encoded)))
    leaky, short = leaks.leaks(reports), shortcuts.shortcuts(reports)
    enough = sufficiency.sufficiency(reports, advance)
    numbers, repeated = _texts(reports, encoded)
    numbers |= alike.numbers(len(reports)) | leaky.numbers() | shortcuts.majority(reports)
    for name, own in short.items():
        numbers |= own.numbers(name)
    known = counts.counts(reports) if any(report.category for report in reports) else ()
    return _Part(numbers | enough.numbers(), known, repeated, alike, leaky, short, enough)


def _texts(reports: Sequence[Report], encoded: Sequence[Hashes]) -> tuple[dict[str, float], text.Repeated]:
    own = [report.text for report in reports]
    repetition, repeated = text.repetition([report.body for report in reports])
    return {"reports": len(own), **text.lengths(own, encoded), **text.diversity(own, encoded), **repetition}, repeated


def _put_together(reports: Sequence[Report], encoded: Sequence[Hashes], parts: Mapping[str, _Part]) -> Description:
    alike = duplicates.joined([part.duplicates for part in parts.values()])
    leaky = leaks.joined([part.leaks for part in parts.values()])
    enough = sufficiency.joined([part.sufficiency for part in parts.values()])
    numbers, repeated = _texts(reports, encoded)
    numbers |= alike.numbers(len(reports)) | leaky.numbers() | _pooled(list(parts.values())) | enough.numbers()
    named = {document: part for document, part in parts.items() if document}
    return Description(
        numbers,
        {document: _with_counts(part) for document, part in named.items()},
        tuple(count for part in parts.values() for count in part.counts),
        {ALL: repeated} | {document: part.repeated for document, part in named.items()},
        alike.pairs, leaky.found, enough.failed, (),
    )  # fmt: skip


def _with_counts(part: _Part) -> dict[str, float]:
    return part.numbers | {name: value for count in part.counts for name, value in count.numbers().items()}


def _pooled(parts: Sequence[_Part]) -> dict[str, float]:
    """Return accuracies over the reports of all documents, each predicted within its document."""
    labelled = [(part.numbers["majority_accuracy"], part) for part in parts if "majority_accuracy" in part.numbers]
    if not labelled:
        return {}
    total = sum(part.numbers["reports"] for _, part in labelled)
    found = {"majority_accuracy": sum(share * part.numbers["reports"] for share, part in labelled) / total}
    for name in dict.fromkeys(name for part in parts for name in part.shortcuts):
        found |= shortcuts.joined([part.shortcuts[name] for part in parts if name in part.shortcuts]).numbers(name)
    return found


def _with(described: Description, reports: Sequence[Report], references: References, nearest: Nearest) -> Description:
    """Return a description with the figures of privacy added."""
    overall = dict(described.overall) | nearest.numbers(NEAREST)
    overall |= references.among_themselves().numbers(REFERENCE)
    by_document = {
        document: dict(described.by_document[document]) | nearest.only(places).numbers(NEAREST)
        for document, places in _places(reports).items()
        if document
    }
    near = [place for place, similarity in enumerate(nearest.similarity) if similarity >= COPY]
    near.sort(key=lambda place: (-nearest.similarity[place], place))
    copies = (Close(reports[at].id, int(nearest.place[at]), float(nearest.similarity[at])) for at in near)
    return Description(
        overall, by_document, described.counts, described.repeated, described.near_duplicates, described.leaks,
        described.insufficient, tuple(copies),
    )  # fmt: skip


@contextmanager
def _bar(total: int, progress: bool) -> Iterator[Advance]:
    from huggingface_hub.utils.tqdm import tqdm  # noqa: PLC0415

    shown_in_terminal = None
    disable = shown_in_terminal if progress else True
    with tqdm(total=total, unit=" reports", desc="Describing", disable=disable) as bar:  # type: ignore[no-untyped-call]
        yield bar.update
