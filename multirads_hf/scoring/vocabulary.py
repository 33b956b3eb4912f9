"""Words of category labels: how one document's labels can be written, as sequences of words.

A label is compared as its words: runs of letters and runs of digits, lower case, roman numerals
as digits. ``LR-5``, ``LR5`` and ``lr 5`` are all ``("lr", "5")``; ``2a // 1`` is ``("2", "a", "1")``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import Generic, TypeVar

from multirads_hf.schema import Document

Held = TypeVar("Held")
Words = tuple[str, ...]

# A sign belongs to the letter before it where it tells labels apart: the "I+", "I-" and "I±" of CAD-RADS.
SIGNED = r"(?<![a-z])i(?:[+±]|[-−–](?![\w(]))"
WORD, NO_WORD = re.compile(rf"{SIGNED}|[a-z]+|\d+"), re.compile(r"[\W_]+")
# Words that stand beside a label and are no part of it; "cat" as in "cat. 4".
FILLERS = frozenset(
    (
        "acr", "category", "categories", "cat", "score", "level", "grade", "class", "classification", "assessment",
        "overall", "final", "is", "was", "are", "be", "the", "of", "as", "with", "modifier", "modifiers", "version",
        "us", "mri", "ct", "mr", "pet",
    )
)  # fmt: skip
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
# A roman numeral with a letter, as in IVa; "via" is a word.
ROMAN_LETTER = re.compile(r"(i{1,3}|iv|vi?)([abc])")
PREFIX = re.compile(r"[A-Za-z]{2,}[- ]?(?=[0-9A-Z])")


def words(text: str) -> Words:
    """Return the words of a label: lower case, roman numerals as digits."""
    return tuple(word for found in WORD.findall(text.lower()) for word in arabic(found))


def arabic(word: str) -> Words:
    """Return a lower-case word with a roman numeral as digits; ``iva`` gives two words."""
    if word[-1] in "−–":
        return (f"{word[:-1]}-",)
    if word in ROMAN:
        return (ROMAN[word],)
    lettered = ROMAN_LETTER.fullmatch(word) if word != "via" else None
    return (ROMAN[lettered[1]], lettered[2]) if lettered else (word,)


def squash(text: str) -> str:
    """Return letters and digits only, lower case."""
    return NO_WORD.sub("", text.lower())


@dataclass(frozen=True)
class Vocabulary:
    """The ways in which the labels of one document are written."""

    document: Document

    @cached_property
    def names(self) -> tuple[Words, ...]:
        """The system's names as words, longest first; ``TI-RADS`` also as one word."""
        spelled = [words(name) for name in self.document.system_names]
        joined = [("".join(WORD.findall(name.lower())),) for name in self.document.system_names]
        return tuple(sorted(dict.fromkeys([*spelled, *joined]), key=lambda name: (-len(name), name)))

    @cached_property
    def prefix(self) -> str:
        """What most labels begin with, for example ``LR-`` or ``TR``; empty where there is nothing such."""
        starts = Counter(found[0] for code in self.document.codes if (found := PREFIX.match(code)))
        often = [start for start, count in starts.most_common(1) if count > 1]
        if not often:
            return ""
        led = zip(*(code for code in self.document.codes if code.startswith(often[0])), strict=False)
        shared = "".join(letters[0] for letters in takewhile(lambda letters: len(set(letters)) == 1, led))
        return shared if len(shared) > len(often[0]) and not shared[-1].isalnum() else often[0]

    @cached_property
    def fillers(self) -> frozenset[str]:
        """Words to skip beside a label, less those of this document's labels: ``4AS`` holds *as*."""
        return FILLERS - {word for code in self.document.codes for word in words(code)}

    @cached_property
    def forms(self) -> dict[Words, str]:
        """Every way of writing a label, as words without the system's name -> the label."""
        forms: dict[Words, str] = {}
        for level in (self._codes(), self._aliases(), self._suffixes(), self._parts()):
            clear: dict[Words, str | None] = {}
            for form, code in level:
                clear[form] = code if clear.get(form, code) == code else None
            forms |= {form: code for form, code in clear.items() if code and form and form not in forms}
        return forms

    @cached_property
    def strong(self) -> frozenset[Words]:
        """Forms that name a category wherever they stand: with the prefix, a slash, or every part named."""
        start = words(self.prefix)
        led = {form for form in self.forms if start and form[: len(start)] == start and len(form) > len(start)}
        joined = {form for form in self.forms if start and len(form) == 1 and form[0].startswith("".join(start))}
        written = set(map(words, (*self.slashed, *self.capitals)))
        return frozenset(led | joined | written | {form for form, _ in self._named_parts()})

    @cached_property
    def capitals(self) -> tuple[str, ...]:
        """The labels of capitals alone, two or more: ``NC``. They count in no other case."""
        return tuple(c for c in self.document.codes if len(c) > 1 and c.replace("_", "").isalpha() and c.isupper())

    @cached_property
    def slashed(self) -> tuple[str, ...]:
        """The labels that no number or date looks like: with ``//``, or with a slash and a letter."""
        return tuple(c for c in self.document.codes if "//" in c or ("/" in c and any(map(str.isalpha, c))))

    @cached_property
    def part_values(self) -> dict[Words, str]:
        """The values of single parts of composite labels, as words -> the value; empty for one part."""
        if len(self.document.part_names) == 1:
            return {}
        values = (value for code in self.document.codes for value in self.document.split(code).values())
        return {words(value): value for value in values if words(value)}

    @cached_property
    def longest(self) -> int:
        """The number of words in the longest form."""
        return max(len(form) for form in self.forms)

    def without_name(self, given: Iterable[str]) -> Words:
        """Return words less every name of the system and less fillers."""
        left, kept = list(given), []
        while left:
            name = next((name for name in self.names if tuple(left[: len(name)]) == name), None)
            if name:
                del left[: len(name)]
                continue
            word = left.pop(0)
            if word not in self.fillers:
                kept.append(word)
        return tuple(kept)

    def _codes(self) -> Iterator[tuple[Words, str]]:
        for code in self.document.codes:
            yield from self._spelled(code, code)

    def _aliases(self) -> Iterator[tuple[Words, str]]:
        for category in self.document.categories:
            for alias in category.aliases:
                yield from self._spelled(alias, category.code)

    def _spelled(self, text: str, code: str) -> Iterator[tuple[Words, str]]:
        form = self.without_name(words(text))
        yield form, code
        if len(form) > 1 and all(word.isalpha() for word in form):
            yield ("".join(form),), code

    def _suffixes(self) -> Iterator[tuple[Words, str]]:
        for code in self.document.codes:
            if self.prefix and code.startswith(self.prefix):
                yield words(code.removeprefix(self.prefix)), code

    def _parts(self) -> Iterator[tuple[Words, str]]:
        if len(self.document.part_names) == 1:
            return
        for code in self.document.codes:
            parts = self.document.split(code)
            yield tuple(word for name in self.document.part_names for word in words(parts.get(name) or "")), code
        yield from self._named_parts()

    def _named_parts(self) -> Iterator[tuple[Words, str]]:
        names = self.document.part_names
        initials = [name[0] for name in names]
        if len(names) == 1:
            return
        orders = (names, names[::-1]) if len(names) == 2 else (names,)
        for code in self.document.codes:
            parts = {name: value for name, value in self.document.split(code).items() if value}
            for order in orders:
                held = [name for name in order if name in parts]
                yield tuple(word for name in held for word in (*words(name), *words(parts[name]))), code
                yield tuple(word for name in held for word in (*words(parts[name]), *words(name))), code
                if len(set(initials)) == len(initials):
                    yield tuple(word for name in held for word in (name[0], *words(parts[name]))), code


class Same(Generic[Held]):
    """A document or field as a cache key, by identity: they hold mappings and have no hash."""

    __slots__ = ("held",)

    def __init__(self, held: Held) -> None:
        self.held = held

    def __hash__(self) -> int:
        return id(self.held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.held is self.held


@lru_cache(maxsize=64)
def _built(key: Same[Document]) -> Vocabulary:
    return Vocabulary(key.held)


def vocabulary(document: Document) -> Vocabulary:
    """Return how the labels of a document are written; made once a document."""
    return _built(Same(document))
