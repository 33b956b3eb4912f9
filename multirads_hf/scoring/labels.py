"""Category labels in text: one label read from a short string, every label printed in a long one.

``read_label`` and ``normalise_label`` judge what is meant to be a label, such as the value of
``category`` in an answer: a bare ``4`` counts. ``mentions`` finds labels in running text: a bare
number counts only after the system's name or the word *category*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from multirads_hf.schema import Document
from multirads_hf.scoring.vocabulary import Vocabulary, Words, arabic, squash, vocabulary, words

# Longer strings are read as running text.
LABEL_CHARS = 200
# Bounds of a search: text some twenty times the longest report, and places in it that may hold a label.
TEXT_CHARS, PLACES = 100_000, 1_000
# How far behind the system's name its label may stand.
REACH_CHARS = 90
FILLER_WORDS = 8

RADS = re.compile(r"(?:\b(eu|k|c|kwak)[\s_-]?)?\b([a-z]{1,6})[\s_‐-–-]?rads\b", re.IGNORECASE)
# Versions, years and decimals are no labels: "v2022", "version 2.1", "2018", "2.0".
NOT_LABELS = re.compile(r"\bv(?:ersion)?\s?\.?\s?\d[\d.]*|\b(?:19|20)\d\d\b|\d+[.,]\d+", re.IGNORECASE)
# "US-3" is a label of ultrasound LI-RADS, not a 3 of "O-RADS US 3".
MODALITY_LABEL = re.compile(r"\b(us|ct|mri|mr)-?\d", re.IGNORECASE)
# How far before the word "category" the name of its system may stand.
NAMED_CHARS = 30
BRACKETED = re.compile(r"\([^()]{0,200}\)")
# A digit before one of these is a measurement, not a label.
MEASURE = re.compile(
    r"\s?(?:mm|cm|ml|cc|hu|ng|%|x\b|points?\b|pts?\b|minutes?\b|days?\b|weeks?\b|wks?\b|months?\b|mo\b|years?\b|yrs?\b|hours?\b|cores?\b)"
    r"|\s?[-–]\s?\d+\s?(?:mm|cm|months?|weeks?|years?|points?)\b|[.,]\d",
    re.IGNORECASE,
)
STOP = re.compile(r"[.;!?](?:\s|$)|\n\s*\n")
TOKEN = re.compile(r"[a-z]+|\d+", re.IGNORECASE)
ARTICLE = re.compile(r"(?<=\s)a(?=\s+[a-z]{2})")
# Not after these: EU-TIRADS, K-TIRADS and C-TIRADS are systems of their own.
OTHER = r"(?<!\beu[-\s])(?<!\bk[-\s])(?<!\bc[-\s])"
CONNECTING_WORDS = frozenset(("or", "and", "to", "vs", "versus", "then"))
OUT_OF = re.compile(r"\s?(?:/|out\s+of)\s?(\d)\b", re.IGNORECASE)


class Token(NamedTuple):
    """One word of a text and where it stands."""

    word: str
    start: int
    end: int


def normalise_label(document: Document, label: object) -> str | None:
    """Return the label of ``document`` that a short string names, or None for none or several.

    Case, hyphens, spaces, roman or arabic numerals, the system's name, the word *category* and the
    document's aliases make no difference: ``LI-RADS 5``, ``lr5`` and ``Category V`` are ``LR-5``.

    >>> from multirads_hf.rads import get
    >>> normalise_label(get("tirads"), "ACR TI-RADS category 4")
    'TR4'
    >>> normalise_label(get("tirads"), "TR3 or TR4") is None
    True
    """
    found = read_label(document, label)
    return found[0] if len(found) == 1 else None


def read_label(document: Document, label: object) -> tuple[str, ...]:
    """Return the distinct labels of ``document`` that a value meant as a label names.

    Args:
        document: whose labels count.
        label: a string, a number, or for a label of several parts a mapping or list of them.
    """
    text = _as_text(document, label)
    if text is None or len(text) > LABEL_CHARS:
        return () if text is None else tuple(dict.fromkeys(mentions(document, text)))
    known = vocabulary(document)
    if foreign(document, text):
        return ()
    exact = known.forms.get(known.without_name(words(text)))
    if exact:
        return (exact,)
    plain = _without_measures(document, BRACKETED.sub(" ", text))
    leading = _leading(known, plain)
    return tuple(dict.fromkeys([*leading, *mentions(document, text)]))


def is_label(document: Document, text: str, lettered: bool = False) -> bool:
    """Return whether a text is one label of ``document`` and nothing else.

    Args:
        document: whose labels count.
        text: the text.
        lettered: a label of digits alone does not count; it could be any system's.
    """
    known = vocabulary(document)
    label = known.without_name(words(text[:LABEL_CHARS]))
    if lettered and all(map(str.isdigit, label)):
        return False
    return len(text) <= LABEL_CHARS and label in known.forms and not foreign(document, text)


def mentions(document: Document, text: str) -> list[str]:
    """Return the category labels of ``document`` that running text prints, in their order.

    A label counts with its prefix (``TR4``, ``LR-5``), after the system's name (``Lung-RADS
    category 4A``), after the word *category*, or with all its parts (``2a // 1``). Of a label of
    several parts, a part alone after the system's name is given as it stands.

    >>> from multirads_hf.rads import get
    >>> mentions(get("tirads"), "4 mm nodule, TI-RADS 4 (2 points more than a TR3).")
    ['TR4', 'TR3']
    """
    text = text[:TEXT_CHARS]
    known = vocabulary(document)
    found: dict[int, str] = {}
    for match in islice(_triggers(document).finditer(text), PLACES):
        named = match.lastgroup != "label"
        before = text[max(0, match.start() - NAMED_CHARS) : match.start()]
        if match.lastgroup == "category" and foreign(document, before):
            continue
        start = match.end() if named else match.start()
        for place, code in _behind(known, text, start, named):
            found.setdefault(place, code)
    return [found[place] for place in sorted(found)]


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


def _as_text(document: Document, label: object) -> str | None:
    if isinstance(label, dict):
        parts = [(name, label.get(name)) for name in document.part_names]
        return " ".join(f"{name} {value}" for name, value in parts if isinstance(value, (str, int)))
    if isinstance(label, list) and len(label) == len(document.part_names):
        return " ".join(str(value) for value in label if isinstance(value, (str, int)))
    if isinstance(label, float) and label.is_integer() and abs(label) < LABEL_CHARS:
        return str(int(label))
    if isinstance(label, bool) or not isinstance(label, (str, int)):
        return None
    return label if isinstance(label, str) else str(label) if abs(label) < LABEL_CHARS else None


def _without_measures(document: Document, text: str) -> str:
    if len(document.part_names) == 1:
        highest = max((code for code in document.codes if code.isdigit()), default=None)
        text = OUT_OF.sub(lambda match: " " if match[1] == highest else match[0], text)
    return NOT_LABELS.sub(lambda match: " " * len(match[0]), text)


def _leading(known: Vocabulary, text: str) -> list[str]:
    """Return the label with which text begins, and those joined to it by *or*, *and*, ``/``, ``-``."""
    return [code for _, code in _chain(known, _tokens(known, text), text, partial=False)]


def _behind(known: Vocabulary, text: str, start: int, named: bool) -> Iterator[tuple[int, str]]:
    window = text[start : start + REACH_CHARS]
    plain = _without_measures(known.document, window)
    tokens = _tokens(known, plain)
    if not named:
        tokens = tokens if _longest(tokens, known.strong, known.longest) else []
    elif tokens and (STOP.search(plain[: tokens[0].start]) or plain[: tokens[0].start].count("(") > 1):
        return
    for token, code in _chain(known, tokens, plain, partial=named):
        yield start + token.start, code


def _tokens(known: Vocabulary, text: str) -> list[Token]:
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


def _chain(known: Vocabulary, tokens: list[Token], text: str, partial: bool) -> Iterator[tuple[Token, str]]:
    while tokens:
        length = _longest(tokens, known.forms, known.longest)
        forms = known.forms
        if not length and partial:
            length, forms = _longest(tokens, known.part_values, known.longest), known.part_values
        if not length or not _ends_label(tokens, length, text):
            return
        yield tokens[0], forms[tuple(token.word for token in tokens[:length])]
        end, tokens = tokens[length - 1].end, tokens[length:]
        if tokens and tokens[0].word in CONNECTING_WORDS:
            tokens = tokens[1:]
        elif not tokens or text[end : tokens[0].start].strip() not in ("-", "–", "/", "&"):
            return


def _longest(tokens: list[Token], forms: Any, most: int) -> int:
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


@lru_cache(maxsize=64)
def _compiled(names: tuple[Words, ...], starts: tuple[str, ...], slashed: tuple[str, ...]) -> re.Pattern[str]:
    gap = r"[\s_‐-–-]*"
    named = "|".join(gap.join(map(re.escape, name)) for name in names)
    literal = [r"\s?".join(map(re.escape, re.findall(r"/+|[^\s/]+", code))) for code in slashed]
    labels = [*(rf"{re.escape(start)}(?![a-z]{{3}})" for start in starts), *literal]
    category = r"\bcategor(?:y|ies)\b|\bcat\.?(?=\s?[\dIV])"
    return re.compile(
        rf"(?P<name>\b{OTHER}(?:{named})\b)|(?P<category>{category})"
        rf"|(?P<label>(?<![\w/])(?:{'|'.join(labels) or '(?!)'}))",
        re.IGNORECASE,
    )


def _triggers(document: Document) -> re.Pattern[str]:
    known = vocabulary(document)
    names = tuple(tuple(re.findall(r"[a-z]+", name.lower())) for name in document.system_names)
    starts = tuple(sorted({form[0] for form in known.strong if form[0].isalpha()}))
    return _compiled(names, starts, known.slashed)
