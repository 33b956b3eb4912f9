"""Every category label that running text prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from multirads_hf.schema import Document
from multirads_hf.scoring.scan import chain, foreign, longest, tokens_of, without_measures
from multirads_hf.scoring.vocabulary import Vocabulary, Words, vocabulary, words

# Bounds of a search: text some twenty times the longest report, and places in it that may hold a label.
TEXT_CHARS, PLACES = 100_000, 1_000
# How far behind the system's name its label may stand.
REACH_CHARS = 90
# How far before the word "category", or a part of a label, its name may stand.
NAMED_CHARS = 30
STOP = re.compile(r"[.;!?](?:\s|$)|\n\s*\n")
# Not after these: EU-TIRADS, K-TIRADS and C-TIRADS are systems of their own.
OTHER = r"(?<!\beu[-\s])(?<!\bk[-\s])(?<!\bc[-\s])"


def mentions(document: Document, text: str) -> list[str]:
    """Return the category labels of ``document`` that running text prints, in their order.

    A label counts with its prefix (``TR4``, ``LR-5``), after the system's name (``Lung-RADS
    category 4A``), after the word *category*, or with all its parts (``2a // 1``). Labels of letters
    alone count as they are (``NC``); an alias in plain words (*no observation*) is a finding as well as a
    label and counts only after the system's name. Of a label of several parts, a part alone after the system's name
    is given as it stands, unless the other parts follow.

    >>> from multirads_hf.rads import get
    >>> mentions(get("tirads"), "4 mm nodule, TI-RADS 4 (2 points more than a TR3).")
    ['TR4', 'TR3']
    """
    text = text[:TEXT_CHARS]
    return list(_whole(document, text, [(start, code) for start, _, code in places(document, text)]))


def places(document: Document, text: str) -> list[tuple[int, int, str]]:
    """Return where text prints labels, or parts of them: start, end and label, in their order."""
    text = text[:TEXT_CHARS]
    known = vocabulary(document)
    found: dict[int, tuple[int, str]] = {}
    for match in islice(_triggers(document).finditer(text), PLACES):
        named = match.lastgroup != "label"
        before = text[max(0, match.start() - NAMED_CHARS) : match.start()]
        if match.lastgroup == "category" and foreign(document, before):
            continue
        start = match.end() if named else match.start()
        for place, end, code in _behind(known, text, start, named):
            found.setdefault(place, (end, code))
    return [(place, end, code) for place, (end, code) in sorted(found.items())]


def _whole(document: Document, text: str, found: list[tuple[int, str]]) -> Iterator[str]:
    """Yield labels, parts that stand near each other joined: ``Primary: NI-RADS 2a. Neck: NI-RADS 1.``."""
    names = document.part_names
    while found:
        (start, code), group = found[0], found[: len(names)]
        near = group[-1][0] - start <= REACH_CHARS
        if near and len(group) == len(names) > 1:
            named = [_part_name(document, text, place) for place, _ in group]
            order = named if sorted(map(str, named)) == sorted(names) else names
            joined = document.join({str(name): part for name, (_, part) in zip(order, group, strict=True)})
            if joined in document.codes:
                yield joined
                found = found[len(names) :]
                continue
        yield code
        found = found[1:]


def _part_name(document: Document, text: str, place: int) -> str | None:
    before = text[max(0, place - NAMED_CHARS) : place].lower()
    return max(document.part_names, key=before.rfind) if any(n in before for n in document.part_names) else None


def _behind(known: Vocabulary, text: str, start: int, named: bool) -> Iterator[tuple[int, int, str]]:
    window = text[start : start + REACH_CHARS]
    plain = without_measures(known.document, window)
    tokens = tokens_of(known, plain)
    if not named:
        tokens = tokens if longest(tokens, known.strong, known.longest) else []
    elif tokens and (STOP.search(plain[: tokens[0].start]) or plain[: tokens[0].start].count("(") > 1):
        return
    several = len(known.document.part_names) > 1
    for token, code in chain(known, tokens, plain, partial=named or several):
        yield start + token.start, start + token.end, code


@lru_cache(maxsize=64)
def _compiled(
    names: tuple[Words, ...], starts: tuple[str, ...], slashed: tuple[str, ...], capitals: tuple[str, ...]
) -> re.Pattern[str]:
    gap = r"[\s_‐-–-]*"
    named = "|".join(gap.join(map(re.escape, name)) for name in names)
    literal = [r"\s?".join(map(re.escape, re.findall(r"/+|[^\s/]+", code))) for code in slashed]
    labels = [*(rf"{re.escape(start)}(?![a-z]{{3}})" for start in starts), *literal]
    labels += [rf"(?-i:{re.escape(code)}\b)" for code in capitals]
    category = r"\bcategor(?:y|ies)\b|\bcat\.?(?=\s?[\dIV])"
    return re.compile(
        rf"(?P<name>\b{OTHER}(?:{named})\b)|(?P<category>{category})"
        rf"|(?P<label>(?<![\w/])(?:{'|'.join(labels) or '(?!)'}))",
        re.IGNORECASE,
    )


def _triggers(document: Document) -> re.Pattern[str]:
    known = vocabulary(document)
    names = tuple(tuple(re.findall(r"[a-z]+", name.lower())) for name in document.system_names)
    alone = {words(code) for code in known.capitals}
    starts = tuple(sorted({form[0] for form in known.strong - alone if form[0].isalpha()}))
    return _compiled(names, starts, known.slashed, known.capitals)
