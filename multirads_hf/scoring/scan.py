"""Labels as words of a text: where one begins, where it ends, which one it is."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from multirads_hf.schema import Document
from multirads_hf.scoring.vocabulary import SIGNED, Vocabulary, Words, arabic, squash, vocabulary

FILLER_WORDS = 8
RADS = re.compile(r"(?:\b(eu|k|c|kwak)[\s_-]?)?\b([a-z]{1,6})[\s_‐-–-]?rads\b", re.IGNORECASE)
# Versions, years and decimals are no labels: "v2022", "version 2.1", "2018", "2.0".
NOT_LABELS = re.compile(r"\bv(?:ersion)?\s?\.?\s?\d[\d.]*|\b(?:19|20)\d\d\b|\d+[.,]\d+", re.IGNORECASE)
# "US-3" is a label of ultrasound LI-RADS, not a 3 of "O-RADS US 3".
MODALITY_LABEL = re.compile(r"\b(us|ct|mri|mr)-?\d", re.IGNORECASE)
# A digit before one of these is a measurement, not a label.
MEASURE = re.compile(
    r"\s?(?:mm|cm|ml|cc|hu|ng|%|x\b|points?\b|pts?\b|minutes?\b|days?\b|weeks?\b|wks?\b|months?\b|mo\b|years?\b|yrs?\b|hours?\b|cores?\b)"
    r"|\s?[-–]\s?\d+\s?(?:mm|cm|months?|weeks?|years?|points?)\b|[.,]\d",
    re.IGNORECASE,
)
TOKEN = re.compile(rf"{SIGNED}|[a-z]+|\d+", re.IGNORECASE)
ARTICLE = re.compile(r"(?<=\s)a(?=\s+[a-z]{2})")
CONNECTING_WORDS = frozenset(("or", "and", "to", "vs", "versus", "then"))
OUT_OF = re.compile(r"\s?(?:/|out\s+of)\s?(\d)\b", re.IGNORECASE)


class Token(NamedTuple):
    """One word of a text and where it stands."""

    word: str
    start: int
    end: int


def foreign(document: Document, text: str) -> bool:
    """Return whether text names a system of another name, for example ``EU-TIRADS`` or ``PI-RADS``."""
    own = [squash(name) for name in document.system_names]
    for match in RADS.finditer(text):
        name = f"{match[2].lower()}rads"
        if not any(known == name or known.endswith(name) for known in own):
            return True
        if match[1] and f"{match[1].lower()}{name}" not in own:
            return True
    led = MODALITY_LABEL.search(text)
    return led is not None and squash(vocabulary(document).prefix) != led[1].lower()


def without_measures(document: Document, text: str) -> str:
    """Return text with versions, years, decimals and ``out of 5`` blanked; places do not move."""
    if len(document.part_names) == 1:
        highest = max((code for code in document.codes if code.isdigit()), default=None)
        text = OUT_OF.sub(lambda match: " " * len(match[0]) if match[1] == highest else match[0], text)
    return NOT_LABELS.sub(lambda match: " " * len(match[0]), text)


def tokens_of(known: Vocabulary, text: str) -> list[Token]:
    """Return the words of text with their places, less the system's name and fillers before the label."""
    tokens: list[Token] = []
    skipped = 0
    for match in TOKEN.finditer(ARTICLE.sub(" ", text)):
        lowered = match[0].lower()
        if lowered in known.fillers and skipped < FILLER_WORDS:
            skipped += 1
            continue
        tokens += [Token(word, match.start(), match.end()) for word in arabic(lowered)]
    name = next((n for n in known.names if tuple(t.word for t in tokens[: len(n)]) == n), ())
    return tokens[len(name) :]


def chain(known: Vocabulary, tokens: list[Token], text: str, partial: bool) -> Iterator[tuple[Token, str]]:
    """Yield the label with which tokens begin, and those joined to it by *or*, *and*, ``/``, ``-``.

    Args:
        known: how labels are written.
        tokens: the words of ``text`` from where a label may begin.
        text: the text that they are from.
        partial: parts of a composite label count too.
    """
    while tokens:
        length = longest(tokens, known.forms, known.longest)
        forms: Mapping[Words, str] = known.forms
        if not length and partial:
            length, forms = longest(tokens, known.part_values, known.longest), known.part_values
        if not length or not _ends_label(tokens, length, text):
            return
        end = tokens[length - 1].end
        yield Token(text[tokens[0].start : end], tokens[0].start, end), forms[tuple(t.word for t in tokens[:length])]
        tokens = tokens[length:]
        if tokens and tokens[0].word in CONNECTING_WORDS:
            tokens = tokens[1:]
        elif not tokens or text[end : tokens[0].start].strip() not in ("-", "–", "/", "&"):
            return


def longest(tokens: list[Token], forms: Container[Words], most: int) -> int:
    """Return how many of the first words make the longest form, 0 where they make none."""
    given: Words = tuple(token.word for token in tokens[:most])
    return next((length for length in range(len(given), 0, -1) if given[:length] in forms), 0)


def _ends_label(tokens: list[Token], length: int, text: str) -> bool:
    last, after = tokens[length - 1], text[tokens[length - 1].end :]
    following = tokens[length] if length < len(tokens) else None
    if following and following.start == last.end and following.word != "s":
        return False
    if MEASURE.match(after):
        return False
    # "IMPRESSION:\n1. Nodule" numbers a list.
    return not ("\n" in text[: tokens[0].start] and tokens[0].word.isdigit() and re.match(r"[.)]", after))
