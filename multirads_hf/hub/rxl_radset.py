"""Reads a user's own copy of RXL-RADSet (arXiv 2601.03232) into the features of this dataset.

The copy is a folder with ``metadata.csv`` (``Report_Number, Modality, Profile, RADS_score``) and a one-page PDF
for each report, named by its number, in the folder or below it. Nothing of it comes with this package.

Labels are brought to those of the documents, without modifiers. Findings are not part of that benchmark, so
``facts`` and ``rationale`` are empty and ``extraction`` holds the category alone. Age, sex and writer are given
where the report or the table says them, and are null elsewhere.
"""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from multirads_hf import rads
from multirads_hf.corpus.build import extraction
from multirads_hf.corpus.profiles import PROFILES, SECTIONS
from multirads_hf.errors import MissingExtraError, OptionError, shown
from multirads_hf.hub.tables import code_hash
from multirads_hf.schema import Document
from multirads_hf.scoring.labels import normalise_label
from multirads_hf.scoring.mentions import places

CONFIG, SPLIT, TABLE = "rxl_radset", "test", "metadata.csv"
COLUMNS = ("Report_Number", "Modality", "Profile", "RADS_score")
CONDITIONS = ("withheld", "stated")
MASK = "[masked]"
# How many problems a warning spells out.
MOST_NAMED = 20
_SYSTEMS = {
    "b": "birads", "bi": "birads", "cad": "cadrads", "gb": "gbrads", "li": "lirads", "lung": "lungrads",
    "ni": "nirads", "o": "orads", "pi": "pirads", "ti": "tirads", "vi": "virads",
}  # fmt: skip
_MODALITIES = (
    ("pet_ct", r"pet"), ("mammography", r"mammo|\bmg\b|\bmam\b|tomosynthesis"),
    ("ultrasound", r"\bus\b|\busg\b|sono|ultraso"), ("mri", r"\bmri?\b"), ("ct", r"\b\w{0,3}ct\b|ldct|cta\b"),
)  # fmt: skip
_NUMBER = re.compile(r"R_?(\d+)_([A-Za-z]+)(?:_([A-Za-z]+))?")
_HEADINGS = {
    "indication": r"clinical (?:information|history|details)|indications?|history|reason for (?:exam|study)",
    "technique": r"techniques?|procedure|protocol",
    "comparison": r"comparisons?|prior (?:studies|exams?|imaging)",
    "findings": r"findings?|observations?|report",
    "impression": r"impressions?|conclusions?|opinion|summary",
}  # fmt: skip
_HEADING = re.compile(
    rf"^[ \t*#]*(?:{'|'.join(f'(?P<{name}>{text})' for name, text in _HEADINGS.items())})"
    r"(?:[ \t]*/[ \t]*[A-Za-z ]+)?[ \t*]*(?::|$)[ \t*]*",
    re.IGNORECASE | re.MULTILINE,
)
_PATIENT = re.compile(
    r"\b(\d{1,3})[- ]?(?:years?|yrs?|yo?|y/o)[- ]?(?:old)?[- ,]*(female|woman|lady|male|man|[fm]\b)", re.IGNORECASE
)
_PRIOR = re.compile(r"\b(?:prior|previous(?:ly)?|earlier|last (?:exam|study|scan|report|year))\b", re.IGNORECASE)


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        number: the report's number as it is given.
        document: the document that judges it.
        modality: one of ours.
        profile: key of the writer, or None.
        category: the label, one of the document's without modifiers.
    """

    number: str
    document: Document
    modality: str
    profile: str | None
    category: str


def records(folder: str | Path, condition: str = "withheld") -> Iterator[dict[str, Any]]:
    """Yield the reports of a copy as records of this dataset; what cannot be read is named in one warning.

    Args:
        folder: holds ``metadata.csv``, and the PDF files anywhere below.
        condition: ``withheld`` masks the category in the report, ``stated`` leaves the report as it is.

    Raises:
        OptionError: no such folder or table, a column that is missing, or another condition.
        MissingExtraError: pypdf is not installed.
    """
    if condition not in CONDITIONS:
        raise OptionError(f"{CONFIG}: condition = {shown(condition)}. Allowed: {', '.join(CONDITIONS)}.")
    place, problems = _folder(folder), list[str]()
    files = {_plain(path.stem): path for path in sorted(place.rglob("*.pdf"))}
    for line in _lines(place / TABLE):
        number = (line["Report_Number"] or "").strip()
        try:
            row, path = _row(number, line), files.pop(_plain(number), None)
            if path is None:
                raise ValueError(f"no file {number}.pdf")
            yield _record(row, _text(path), condition)
        except ValueError as problem:
            problems.append(f"{number or 'a line without Report_Number'} ({problem})")
    problems += [f"{path.name} (no line in {TABLE})" for path in files.values()]
    if problems:
        more = f" and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
        named = "; ".join(problems[:MOST_NAMED])
        warnings.warn(f"{CONFIG}: {len(problems)} left out: {named}{more}.", stacklevel=2)


def checked(folder: Any, data_files: Any, given: Mapping[str, Any]) -> str:
    """Return a hash of code, names, sizes and times of the files of a copy, 16 hex digits.

    Raises:
        OptionError: no such folder, or an option other than ``condition``.
    """
    other = next((name for name, value in given.items() if name != "condition" and value is not None), None)
    if data_files or other:
        raise OptionError(f"{CONFIG}: {other or 'data_files'} is given. Allowed: data_dir, and condition.")
    if folder is None:
        raise OptionError(f"{CONFIG}: data_dir is missing. Required: the folder of your copy, with {TABLE}.")
    if given.get("condition") not in (None, *CONDITIONS):
        raise OptionError(f"{CONFIG}: condition = {shown(given['condition'])}. Allowed: {', '.join(CONDITIONS)}.")
    place = _folder(folder)
    files = [place / TABLE, *sorted(place.rglob("*.pdf"))]
    listed = [(path.relative_to(place).as_posix(), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return sha256(f"{code_hash()}{listed!r}".encode()).hexdigest()[:16]


def _folder(folder: str | Path) -> Path:
    place = Path(folder)
    if not (place / TABLE).is_file():
        raise OptionError(f"{CONFIG}: data_dir = {shown(str(folder))}. Allowed: a folder that holds {TABLE}.")
    return place


def _lines(path: Path) -> Iterator[dict[str, str | None]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
        if missing:
            raise OptionError(f"{CONFIG}: {path.name} has no column {missing[0]!r}. Required: {', '.join(COLUMNS)}.")
        yield from table


def _plain(number: str) -> str:
    return re.sub(r"[^a-z0-9]", "", number.lower())


def _row(number: str, line: Mapping[str, str | None]) -> Row:
    found = _NUMBER.fullmatch(number)
    system = _SYSTEMS.get(found[2].lower()) if found else None
    if found is None or system is None:
        raise ValueError("Report_Number is none of R013_O_MRI, R_001_GB_US and the like")
    said = f"{line['Modality'] or ''} {found[3] or ''}".lower()
    modality = next((name for name, pattern in _MODALITIES if re.search(pattern, said)), "")
    score = (line["RADS_score"] or "").strip()
    own = [d for d in rads.documents() if d.system == system and (modality in d.modalities or not modality)]
    labelled = [(d, label) for d in own if (label := _label(d, score)) is not None]
    if len(labelled) != 1:
        raise ValueError(f"RADS_score {score!r} is no label of {system} in {said.strip() or 'no modality'}")
    document, label = labelled[0]
    return Row(number, document, modality or document.modalities[0], _profile(line["Profile"] or ""), label)


def _label(document: Document, score: str) -> str | None:
    if score in document.core_codes:
        return score
    label = normalise_label(document, score)
    if label is not None:
        return document.core(label)
    short = {_plain(code.split()[-1]): code for code in document.core_codes if " " in code}
    return short.get(_plain(score))


def _profile(said: str) -> str | None:
    words = set(re.findall(r"[a-z]+", said.lower()))
    return next((own.key for own in PROFILES if set(re.findall(r"[a-z]+", own.title)) <= words), None)


def _text(path: Path) -> str:
    try:
        from pypdf import PdfReader  # noqa: PLC0415
        from pypdf.errors import PyPdfError  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError(f"{CONFIG} needs pypdf: pip install 'multirads-hf[pdf]'.") from None
    try:
        text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    except (PyPdfError, OSError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None
    if not text.strip():
        raise ValueError(f"{path.name} holds no text")
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _record(row: Row, text: str, condition: str) -> dict[str, Any]:
    document, stated = row.document, condition == "stated"
    report = text if stated else masked(document, text)
    patient = _PATIENT.search(report)
    whole = next(c for c in document.categories if document.core(c.code) == row.category)
    sex = None if patient is None else "female" if patient[2][0].lower() in "fwl" else "male"
    sections = _sections(report)
    if not sections["findings"]:
        raise ValueError("no heading Findings")
    return {
        "id": row.number, "study_id": row.number, "document": document.key, "system": document.system,
        "modality": row.modality, "profile": row.profile, "scenario": "", "age": int(patient[1]) if patient else None,
        "sex": sex, **sections, "report": report, "category": row.category, "management": whole.management,
        "extraction": extraction(document, row.category, {}), "facts": [], "rationale": [],
        "allowed_categories": list(document.core_codes), "pair_id": "",
        "stated_category": row.category if stated and places(document, sections["impression"]) else "", "noise": 0,
    }  # fmt: skip


def _sections(report: str) -> dict[str, str]:
    found = list(_HEADING.finditer(report))
    bodies = dict.fromkeys(SECTIONS, "")
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(report)
        name = str(match.lastgroup)
        bodies[name] = bodies[name] or report[match.end() : end].strip()
    return bodies


def masked(document: Document, report: str) -> str:
    """Return a report with every label of its document masked, but for those of earlier exams.

    A label is of an earlier exam where it stands in the comparison, or in a sentence that says so.
    """
    headings = list(_HEADING.finditer(report))
    for start, end, _ in reversed(places(document, report)):
        section = next((str(h.lastgroup) for h in reversed(headings) if h.start() <= start), "")
        begin = max(report.rfind(mark, 0, start) for mark in (". ", "\n", ";"))
        if section != "comparison" and not _PRIOR.search(report, begin + 1, start):
            report = f"{report[:start]}{MASK}{report[end:]}"
    return report
