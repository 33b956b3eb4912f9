"""Read a report back through the lexicon: the statements turned into patterns.

It knows every phrase that the writer knows, so it is the upper end of what surface matching can
reach on undisturbed reports, and a check that spans say what they claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.lexicon import SECTION_POOLS, Voice, voice
from multirads_hf.corpus.page import MM_PER_CM
from multirads_hf.corpus.profiles import KEYS as PROFILES
from multirads_hf.corpus.profiles import SECTION_NAMES
from multirads_hf.corpus.statement import Statement
from multirads_hf.corpus.template import Choice, Filler, Said, Slot
from multirads_hf.schema import Document, Field

NUMBER = r"\d+(?:\.\d+)?"
LENGTH = rf"{NUMBER}(?: x {NUMBER})*(?: ?(?:mm|cm))?"
_IMPRESSION = re.compile(rf"^(?:{'|'.join(SECTION_NAMES['impression'])})[:.\n]", re.IGNORECASE | re.MULTILINE)
_LESION_POOLS = ("opening", "lesion")
_UNIT = re.compile(rf"{NUMBER} ?(mm|cm)\b")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A statement as a regular expression.

    Attributes:
        regex: what it looks like in a report.
        groups: for each group of the regex the (field, value) pairs that it says; None is read from the text.
        pool: ``opening``, ``lesion`` or ``exam``.
    """

    regex: re.Pattern[str]
    groups: tuple[tuple[tuple[str, Any], ...], ...]
    pool: str


class _Translator:
    """Turns the nodes of a template into the text of a regular expression."""

    def __init__(self, document: Document, words: dict[str, dict[Any, tuple[str, ...]]]) -> None:
        self.fields: dict[str, Field] = document.exam_fields | document.lesion_fields
        self.words = words
        self.groups: list[tuple[tuple[str, Any], ...]] = []

    def sequence(self, nodes: Sequence[Any]) -> str:
        return "".join(self.node(node) for node in nodes)

    def node(self, node: Any) -> str:
        if isinstance(node, str):
            return re.escape(node)
        if isinstance(node, Choice):
            return f"(?:{'|'.join(self.sequence(option) for option in node.options)})"
        if isinstance(node, Said):
            values = tuple((field, typed(self.fields[field], value)) for field, value in node.values)
            return self.group(values, lambda: self.sequence(node.nodes))
        if isinstance(node, Filler):
            return {"#": NUMBER, "a": "an?", "unit": "(?:mm|cm)"}.get(node.name, r"[\w-]+")
        return self.group(((node.field, None),), lambda: self.value(node))

    def group(self, values: tuple[tuple[str, Any], ...], inner: Any) -> str:
        self.groups.append(values)
        return f"({inner()})"

    def value(self, slot: Slot) -> str:
        field = self.fields[slot.field]
        if field.kind in ("int", "float"):
            single = re.escape(field.unit.rstrip("s"))
            length = field.unit in ("mm", "cm")
            return NUMBER if slot.form == "#" else LENGTH if length else f"{NUMBER}(?: ?{single}s?)?"
        one = alternatives(p for v in values_of(field) for p in phrases(self.words, field.name, v))
        return f"{one}(?:(?:, | and ){one})*" if field.kind == "list" else one


def alternatives(texts: Iterable[str]) -> str:
    """Return a pattern for any of the texts, the longest first."""
    return f"(?:{'|'.join(re.escape(t) for t in sorted(set(texts), key=lambda t: (-len(t), t)))})"


def values_of(field: Field) -> tuple[Any, ...]:
    """Return the values that a field can take in words."""
    return (True, False) if field.kind == "bool" else field.values


def phrases(words: dict[str, dict[Any, tuple[str, ...]]], field: str, value: Any) -> tuple[str, ...]:
    """Return the phrases of a value, or the value itself in words."""
    return words.get(field, {}).get(value) or (str(value).replace("_", " "),)


def typed(field: Field, text: str) -> Any:
    """Return a value written in a template as a value of its field."""
    if field.kind == "bool":
        return text == "true"
    if field.kind == "list":
        return text.split("+")
    return float(text) if field.kind in ("int", "float") else text


def _voices(key: str) -> list[Voice]:
    return [voice(key, profile) for profile in PROFILES]


@cache
def vocabulary(key: str) -> dict[str, dict[Any, tuple[str, ...]]]:
    """Return field -> value -> phrases of all voices of a document."""
    found: dict[str, dict[Any, dict[str, None]]] = {}
    for spoken in _voices(key):
        for field, values in spoken.words.items():
            for value, texts in values.items():
                found.setdefault(field, {}).setdefault(value, {}).update(dict.fromkeys(texts))
    return {field: {value: tuple(texts) for value, texts in values.items()} for field, values in found.items()}


def _statements(key: str) -> Iterator[tuple[str, Statement]]:
    for spoken in _voices(key):
        pools = [
            (name if name in _LESION_POOLS else "exam", spoken.pools[name])
            for name in SECTION_POOLS
            if "impression" not in name
        ]
        pools += [("exam", block.pool) for block in spoken.blocks if block.pool]
        for name, pool in pools:
            every = (*pool.plain.own, *pool.plain.rest)
            yield from ((name, statement) for statement in every if statement.fields)


@cache
def patterns(key: str) -> tuple[Pattern, ...]:
    """Return every statement of a document that says a finding, as a pattern."""
    document, words = rads.get(key), vocabulary(key)
    found: dict[tuple[str, str], Pattern] = {}
    for pool, statement in _statements(key):
        translator = _Translator(document, words)
        text = translator.sequence(statement.nodes)
        found[pool, text] = Pattern(re.compile(text, re.IGNORECASE), tuple(translator.groups), pool)
    return tuple(found.values())


def read(document: Document, report: str) -> dict[str, Any]:
    """Return the study that the statements recognised in a report amount to.

    What no statement recognises is left out; an opening starts a new lesion.
    """
    cut = _IMPRESSION.search(report)
    text = report[: cut.start()] if cut else report
    unit = next(iter(_UNIT.findall(text)), "mm")
    exam: dict[str, Any] = {}
    lesions: list[dict[str, Any]] = []
    for pattern, match in _matches(document.key, text):
        if pattern.pool == "opening" or (pattern.pool == "lesion" and not lesions):
            lesions.append({})
        holder = exam if pattern.pool == "exam" else lesions[-1]
        for place, values in enumerate(pattern.groups, start=1):
            if match[place] is not None:
                for field, value in values:
                    holder.setdefault(field, _value(document, field, match[place], unit) if value is None else value)
    legal = {name: value for name, value in exam.items() if document.exam_fields[name].problem(value) is None}
    if not document.has_lesions:
        return legal
    fields = document.lesion_fields
    return {**legal, "lesions": [{n: v for n, v in one.items() if fields[n].problem(v) is None} for one in lesions]}


def _matches(key: str, text: str) -> list[tuple[Pattern, re.Match[str]]]:
    """Return matches that do not overlap, openings and long ones preferred, in the order of the text."""
    every = [(p, m) for p in patterns(key) for m in p.regex.finditer(text)]
    every.sort(key=lambda found: (found[0].pool != "opening", found[1].start() - found[1].end(), found[1].start()))
    taken = bytearray(len(text))
    kept = []
    for pattern, match in every:
        start, end = match.span()
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((pattern, match))
    return sorted(kept, key=lambda found: found[1].start())


def _value(document: Document, name: str, text: str, unit: str) -> Any:
    field = (document.exam_fields | document.lesion_fields)[name]
    if field.kind in ("int", "float"):
        return _number(field, text, unit)
    words = vocabulary(document.key)
    found = {p.lower(): v for v in values_of(field) for p in phrases(words, name, v)}
    if field.kind == "list":
        names = re.findall(alternatives(found), text, re.IGNORECASE)
        return [found[one.lower()] for one in names]
    return found.get(text.lower())


def _number(field: Field, text: str, unit: str) -> float:
    value = max(float(number) for number in re.findall(NUMBER, text))
    if field.unit == "mm" and (text.rstrip().endswith("cm") or (unit == "cm" and not text.rstrip().endswith("mm"))):
        value = round(value * MM_PER_CM, 2)
    elif field.unit == "cm" and text.rstrip().endswith("mm"):
        value = round(value / MM_PER_CM, 3)
    return int(value) if value == int(value) else value


def says(document: Document, name: str, value: Any, text: str, unit: str = "mm") -> bool:
    """Return whether a text is one of the ways in which the lexicon says that a field has a value."""
    field = (document.exam_fields | document.lesion_fields)[name]
    if field.kind in ("int", "float") and re.search(r"\d", text) and _number(field, text, unit) == value:
        return True
    if field.kind not in ("int", "float") and _value(document, name, text, unit) == value:
        return True
    return any(pattern.fullmatch(text) for pattern in _sayings(document.key).get((name, _key(value)), ()))


def _key(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@cache
def _sayings(key: str) -> dict[tuple[str, str], tuple[re.Pattern[str], ...]]:
    """Return (field, value) -> patterns of the texts that say it in so many words."""
    document, words = rads.get(key), vocabulary(key)
    found: dict[tuple[str, str], dict[str, re.Pattern[str]]] = {}
    every = [
        s for spoken in _voices(key) for pool in spoken.pools.values() for s in (*pool.plain.own, *pool.plain.rest)
    ]
    for nodes in [s.nodes for _, s in _statements(key)] + [s.nodes for s in every]:
        for node in _saids(nodes):
            text = _Translator(document, words).sequence(node.nodes)
            for field, value in node.values:
                known = (document.exam_fields | document.lesion_fields)[field]
                found.setdefault((field, _key(typed(known, value))), {})[text] = re.compile(text, re.IGNORECASE)
    return {pair: tuple(texts.values()) for pair, texts in found.items()}


def _saids(nodes: Sequence[Any]) -> Iterator[Said]:
    for node in nodes:
        if isinstance(node, Said):
            yield node
            yield from _saids(node.nodes)
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _saids(option)
