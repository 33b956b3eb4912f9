"""Spellings of a field's values: its own, its aliases, yes and no, roman and arabic numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from multirads_hf.schema import Field
from multirads_hf.scoring.vocabulary import ROMAN, Same, squash

ABSENT_WORDS = frozenset(map(squash, ("null", "n/a", "not mentioned", "not stated", "not given", "not reported")))
# Of a boolean, and of an enum that says yes and no; the short ones of a boolean alone.
TRUE_WORDS, TRUE_SHORT = ("true", "yes", "present", "positive"), ("y", "1")
FALSE_WORDS, FALSE_SHORT = ("false", "no", "absent", "negative", "not present", "not seen"), ("none", "n", "0")
ROMAN_VALUE = re.compile(r"([IVX]{1,4})([a-c]?)", re.IGNORECASE)
DIGIT_VALUE = re.compile(r"\d{1,2}[a-c]?", re.IGNORECASE)
ROMANS = {**ROMAN, "vii": "7", "viii": "8", "ix": "9", "x": "10"}
# What stands before a numbered place: "segment 8", "S8", "level IIA".
NUMBERED_PREFIXES = ("", "segment", "seg", "s", "level", "lvl")


def spellings(field: Field) -> Mapping[str, str]:
    """Return every squashed spelling of a field's values -> the value; ``true``, ``false`` for a boolean.

    Own values go before aliases and these before general ones; a spelling of two values is left out.
    """
    return _built(Same(field))


@lru_cache(maxsize=4096)
def _built(key: Same[Field]) -> Mapping[str, str]:
    own = key.held
    aliases = [(alias, str(value)) for value, written in own.aliases.items() for alias in written]
    if own.kind == "bool":
        general = [(word, "true") for word in TRUE_WORDS + TRUE_SHORT]
        general += [(word, "false") for word in FALSE_WORDS + FALSE_SHORT]
        return _first(([(alias, value.lower()) for alias, value in aliases], general))
    return _first(([(value, value) for value in own.values], aliases, [*_answers(own.values), *_numerals(own.values)]))


def _first(levels: Iterable[list[tuple[str, str]]]) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for level in levels:
        clear: dict[str, str | None] = {}
        for spelling, value in level:
            word = squash(spelling)
            clear[word] = value if clear.get(word, value) == value else None
        table |= {word: value for word, value in clear.items() if word and value and word not in table}
    return table


def _answers(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        for spelled in (TRUE_WORDS, FALSE_WORDS):
            if squash(value) in spelled:
                yield from ((word, value) for word in spelled)


def _numerals(values: Iterable[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        digits = [_arabic(part) for part in value.split("/")]
        if all(digits):
            written = "/".join(part or "" for part in digits)
            yield from ((f"{prefix}{form}", value) for prefix in NUMBERED_PREFIXES for form in (written, value))


def _arabic(value: str) -> str | None:
    match = ROMAN_VALUE.fullmatch(value)
    if match and match[1].lower() in ROMANS:
        return ROMANS[match[1].lower()] + match[2].lower()
    return value.lower() if DIGIT_VALUE.fullmatch(value) else None
