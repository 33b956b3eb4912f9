"""Disturb a report as dictation and haste do. No finding changes, and every fact keeps its exact place.

Units are converted rightly; a misspelt word stays nearest to the word that was meant; misheard words
stand outside the findings.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.page import Written
from multirads_hf.draw import Draw

Replacement = tuple[int, int, str]
WORDS = Path(__file__).parent / "data" / "noise.toml"
# Words shorter than this are never misspelt: too few letters to tell what was meant.
LEAST_LETTERS = 6
# A round that happens to disturb nothing is followed by another one.
MOST_ROUNDS = 20
_LENGTH = re.compile(r"(?<![\d.\-x/] )(?<![\d.\-x/])(\d+(?:\.\d+)?(?: x \d+(?:\.\d+)?){0,2}) (mm|cm)\b(?![/²³]| x )")
_WORD = re.compile(rf"(?<![\w-])[A-Za-z]?[a-z]{{{LEAST_LETTERS - 1},}}(?![\w-])")


def disturb(written: Written, level: int, key: str, draw: Draw) -> Written:
    """Return the report disturbed at a level, its sections and facts at their new places.

    Args:
        written: the report.
        level: 1 light, 2 moderate, 3 heavy.
        key: the document, whose words a misspelling must not turn into each other.
        draw: the stream of draws.
    """
    rates = _tables()["rates"][str(level)]
    places = _Places(written)
    for _ in range(MOST_ROUNDS):
        for kind, found in _KINDS.items():
            for one in found(written, key, draw):
                if draw.random() < rates[kind]:
                    places.take(one, within_facts=kind != "homophone")
        if places.taken:
            break
    return places.applied()


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


class _Places:
    """Replacements that do not overlap, and none of which crosses the edge of a fact or of a section."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.taken: list[Replacement] = []
        self.busy = bytearray(len(written.report))
        self.facts = [(fact["start"], fact["end"]) for fact in written.facts]
        self.edges = [*self.facts, *(mark for mark in written.marks.values() if mark != (0, 0))]

    def take(self, one: Replacement, *, within_facts: bool) -> None:
        """Keep a replacement unless its place is taken or it would blur a fact."""
        start, end, _ = one
        if any(self.busy[start:end]):
            return
        if any(start < b and a < end and not (a <= start and end <= b) for a, b in self.edges):
            return
        if not within_facts and any(start < b and a < end for a, b in self.facts):
            return
        self.busy[start:end] = b"\1" * (end - start)
        self.taken.append(one)

    def applied(self) -> Written:
        """Return the report with all replacements made."""
        self.taken.sort()
        text, at, parts = self.written.report, 0, []
        for start, end, new in self.taken:
            parts += [text[at:start], new]
            at = end
        starts = [start for start, _, _ in self.taken]
        growth = list(accumulate((len(new) - (end - start) for start, end, new in self.taken), initial=0))

        def moved(place: int) -> int:
            return place + growth[bisect_left(starts, place)]  # no replacement lies across a place that is asked for

        marks = {name: (moved(a), moved(b)) if b else (0, 0) for name, (a, b) in self.written.marks.items()}
        facts = [{**fact, "start": moved(fact["start"]), "end": moved(fact["end"])} for fact in self.written.facts]
        return Written("".join([*parts, text[at:]]), marks, facts)


def _headings(written: Written, _: str, __: Draw) -> Iterator[Replacement]:
    """Yield headings that go missing."""
    at = 0
    for start, end in sorted(mark for mark in written.marks.values() if mark != (0, 0)):
        cut = written.report.rfind("\n\n", at, start)
        begin = at if cut < 0 else cut + 2
        if begin < start:
            yield begin, start, ""
        at = end


def _lines(written: Written, _: str, __: Draw) -> Iterator[Replacement]:
    """Yield line breaks of the findings and the impression that run on."""
    for name in ("findings", "impression"):
        start, end = written.marks[name]
        for match in re.compile(r"\n+(?:- )?").finditer(written.report, start, end):
            yield match.start(), match.end(), " "


def _stops(written: Written, _: str, __: Draw) -> Iterator[Replacement]:
    """Yield full stops before a new sentence that are lost."""
    for match in re.finditer(r"(?<=[a-z])\.(?= [A-Z])", written.report):
        yield match.start(), match.end(), ""


def _units(written: Written, _: str, __: Draw) -> Iterator[Replacement]:
    """Yield lengths in the other unit."""
    for match in _LENGTH.finditer(written.report):
        scale = Decimal("0.1") if match[2] == "mm" else Decimal(10)
        numbers = [(Decimal(number) * scale).normalize() for number in match[1].split(" x ")]
        texts = [f"{number:f}" for number in numbers]
        if all(len(text.partition(".")[2]) < 3 for text in texts):
            yield match.start(), match.end(), f"{' x '.join(texts)} {'cm' if match[2] == 'mm' else 'mm'}"


def _swapped(table: str) -> Any:
    def found(written: Written, _: str, draw: Draw) -> Iterator[Replacement]:
        words = _tables()[table]
        for match in _phrases(table).finditer(written.report):
            if match[0].isupper():
                continue
            new = draw.pick(words[match[0].lower()])
            yield match.start(), match.end(), new.capitalize() if match[0][0].isupper() and new.islower() else new

    return found


@cache
def _phrases(table: str) -> re.Pattern[str]:
    longest_first = sorted(_tables()[table], key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", re.IGNORECASE)


def _typos(written: Written, key: str, draw: Draw) -> Iterator[Replacement]:
    """Yield words with two letters swapped, one lost or one doubled."""
    for match in _WORD.finditer(written.report):
        word = match[0]
        i = 1 + int(draw.random() * (len(word) - 2))
        turned = f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}"
        new = draw.pick((turned, word[:i] + word[i + 1 :], word[: i + 1] + word[i:]))
        if new != word and _still_means(key, new.lower(), word.lower()):
            yield match.start(), match.end(), new


@lru_cache(maxsize=65536)
def _still_means(key: str, typed: str, meant: str) -> bool:
    """Whether no other word of the document is as near to what was typed as the word that was meant."""
    shortened = _shortened(key)
    near = {word for form in (typed, *_less_one_letter(typed)) for word in shortened.get(form, ())}
    return typed not in _known_words(key) and near <= {meant}


@cache
def _shortened(key: str) -> dict[str, list[str]]:
    """Return every word of a document by itself and by what is left of it without one of its letters.

    Two words that are one edit apart, or two neighbouring letters swapped, share such a form.
    """
    found: dict[str, list[str]] = {}
    for word in sorted(_known_words(key)):
        for form in (word, *_less_one_letter(word)):
            found.setdefault(form, []).append(word)
    return found


def _less_one_letter(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


@cache
def _known_words(key: str) -> frozenset[str]:
    return frozenset(word for text in _texts(rads.lexicon(key)) for word in re.findall(r"[a-z]{3,}", text.lower()))


def _texts(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, (Mapping, Sequence)):
        for part in entry.values() if isinstance(entry, Mapping) else entry:
            yield from _texts(part)


# In the order in which they take their places.
_KINDS = {
    "heading": _headings, "unit": _units, "abbreviation": _swapped("abbreviation"),
    "homophone": _swapped("homophone"), "typo": _typos, "line": _lines, "stop": _stops,
}  # fmt: skip
