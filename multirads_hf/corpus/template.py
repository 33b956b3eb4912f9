"""The template language of the lexicons.

=========================  ===================================================================
``<a|b|>``                 one of the alternatives, nestable, possibly empty
``{field}``                a phrase of the field's value from ``[words.field]``, with a span
``{size_mm}``              a length: ``19 mm``, ``1.9 x 1.4 cm`` where ``[measure]`` has ``dims``
``{size_mm!}``             one dimension
``{size_mm#}``, ``{unit}`` the bare number, and the unit of this report
``{field=value:text}``     a text that itself says the value (``No washout``), with a span;
                           usable only when the field has that value
``{a=x,b=y:text}``         one text for several fields; ``a=x+y`` for a list of two
``{#3-7}``, ``{#0.5-2.5}`` a number that is no finding
``{a}``                    the indefinite article, fitting the next word
``{age} {sex} {person}``   the patient; also ``{he} {his}``, ``{n}`` (how many lesions), ``{month}``
``{code} {management}``    the printed category; also ``{system}`` and the parts of the label
=========================  ===================================================================

Alternatives of a choice must say the same fields. Sentences get a capital first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, product
from typing import Any

from multirads_hf.errors import LexiconError

MAX_EXPANSIONS = 96
_FILLER = re.compile(r"#(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$")
_HEAD = re.compile(r"\{([^{}:]*)([:}])")
# What ends a literal text: a bracket that opens, and what closes the brackets around it.
_STOPS = {closing: re.compile(rf"[<{{{closing}]") for closing in ("", "|>", "}")}
_WORDS = ("age", "sex", "person", "he", "his", "n", "month", "unit", "a", "code", "system", "management")


@dataclass(frozen=True, slots=True)
class Choice:
    """Alternatives, each a sequence of nodes."""

    options: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """The phrase of a field's value; ``form`` is ``""``, ``"!"`` (one dimension) or ``"#"`` (bare number)."""

    field: str
    form: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text that says the values of fields."""

    values: tuple[tuple[str, str], ...]
    nodes: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """A word from outside the study (``{age}``) or a random number."""

    name: str
    low: float = 0
    high: float = 0
    decimals: int = -1


def parse(text: str, extra: tuple[str, ...] = ()) -> tuple[Any, ...]:
    """Return the nodes of a template.

    Raises:
        LexiconError: brackets do not match; the message shows the template.
    """
    nodes, end = _sequence(text, 0, "", frozenset(_WORDS) | frozenset(extra))
    if end != len(text):
        raise LexiconError(f"template {text!r}: unexpected {text[end]!r} at {end}.")
    return nodes


def _sequence(text: str, at: int, stops: str, words: frozenset[str]) -> tuple[tuple[Any, ...], int]:
    nodes: list[Any] = []
    node: Any
    while at < len(text) and text[at] not in stops:
        if text[at] == "<":
            node, at = _choice(text, at, words)
        elif text[at] == "{":
            node, at = _brace(text, at, words)
        else:
            stop = _STOPS[stops].search(text, at)
            end = stop.start() if stop else len(text)
            node, at = text[at:end], end
        nodes.append(node)
    return tuple(nodes), at


def _choice(text: str, at: int, words: frozenset[str]) -> tuple[Choice, int]:
    options, start = [], at
    while at < len(text) and (at == start or text[at] == "|"):
        option, at = _sequence(text, at + 1, "|>", words)
        options.append(option)
    if at >= len(text):
        raise LexiconError(f"template {text!r}: '<' at {start} is never closed.")
    return Choice(tuple(options)), at + 1


def _brace(text: str, at: int, words: frozenset[str]) -> tuple[Any, int]:
    head = _HEAD.match(text, at)
    if head is None:
        raise LexiconError(f"template {text!r}: '{{' at {at} is never closed.")
    name, closing = head.groups()
    if closing == "}":
        return _named(name, words), head.end()
    values = tuple((pair.partition("=")[0], pair.partition("=")[2]) for pair in name.split(","))
    if any(not field or not value for field, value in values):
        raise LexiconError(f"template {text!r}: {{{name}:...}} needs field=value pairs before the colon.")
    nodes, end = _sequence(text, head.end(), "}", words)
    if text[head.end()] == " " or text[end - 1 : end] == " ":
        raise LexiconError(f"template {text!r}: the text in {{{name}:...}} begins or ends with a space.")
    return Said(values, nodes), end + 1


def _named(name: str, words: frozenset[str]) -> Slot | Filler:
    if name in words:
        return Filler(name)
    if span := _FILLER.match(name):
        low, high = span.groups()
        return Filler("#", float(low), float(high), len(low.partition(".")[2]))
    return Slot(name.rstrip("!#"), name[-1] if name[-1:] in ("!", "#") else "")


def literals(nodes: Sequence[Any], most: int = MAX_EXPANSIONS) -> tuple[str, ...] | None:
    """Return every text that literal nodes can become, or None when they hold slots or too many."""
    end, texts = leading(tuple(nodes), most)
    return texts if end == len(nodes) else None


@lru_cache(maxsize=16384)
def leading(nodes: tuple[Any, ...], most: int = MAX_EXPANSIONS) -> tuple[int, tuple[str, ...]]:
    """Return how many nodes from the first on are literal, and every text that these can become."""
    found: tuple[str, ...] = ("",)
    for place, node in enumerate(nodes):
        texts = _literal(node, most)
        if texts is None or len(texts) * len(found) > most:
            return place, found
        found = tuple(a + b for a, b in product(found, texts))
    return len(nodes), found


def _literal(node: Any, most: int) -> tuple[str, ...] | None:
    if isinstance(node, str):
        return (node,)
    if not isinstance(node, Choice):
        return None
    parts = [literals(option, most) for option in node.options]
    return None if None in parts else tuple(chain.from_iterable(part or () for part in parts))


def walk(nodes: Sequence[Any]) -> Iterator[Any]:
    """Yield every node, those inside alternatives and spans too."""
    for node in nodes:
        yield node
        if isinstance(node, Choice):
            for option in node.options:
                yield from walk(option)
        elif isinstance(node, Said):
            yield from walk(node.nodes)


def _fields(nodes: Sequence[Any]) -> tuple[frozenset[str], list[str] | None]:
    """Return the fields that nodes say, and those that some but not all alternatives of a choice say, or None."""
    said: set[str] = set()
    uneven: list[str] | None = None
    for node in nodes:
        if isinstance(node, Slot):
            said.add(node.field)
        elif isinstance(node, Said):
            inner, found = _fields(node.nodes)
            said.update(inner, (field for field, _ in node.values))
            uneven = uneven or found
        elif isinstance(node, Choice):
            options = [_fields(option) for option in node.options]
            whole = frozenset().union(*(fields for fields, _ in options))
            differing = whole - options[0][0].intersection(*(fields for fields, _ in options))
            uneven = uneven or next((found for _, found in options if found), None) or sorted(differing) or None
            said |= whole
    return frozenset(said), uneven


@dataclass(frozen=True, slots=True)
class Template:
    """A template and what is known of it whatever the voice.

    Attributes:
        nodes: what it prints, the first letter a capital.
        begun: whether every way of printing it has a capital by itself.
        values: (field, value as text) that it says in so many words.
        fields: every field that it says.
        uneven: fields that some but not all alternatives say, or None.
    """

    nodes: tuple[Any, ...]
    begun: bool
    values: tuple[tuple[str, str], ...]
    fields: frozenset[str]
    uneven: list[str] | None


@lru_cache(maxsize=16384)
def template(text: str, extra: tuple[str, ...] = ()) -> Template:
    """Return a parsed template; the voices of a document share it.

    Raises:
        LexiconError: it does not parse.
    """
    nodes, begun = capital(parse(text, extra))
    saids = [pair for node in walk(nodes) if isinstance(node, Said) for pair in node.values]
    return Template(nodes, begun, tuple(dict.fromkeys(saids)), *_fields(nodes))


def capital(nodes: Sequence[Any]) -> tuple[tuple[Any, ...], bool]:
    """Return the nodes with a capital first letter, and whether every way of printing them has one."""
    if not nodes:
        return (), False
    first, done = nodes[0], False
    if isinstance(first, str):
        first, done = first[0].upper() + first[1:], True
    elif isinstance(first, Choice):
        options = [capital(option) for option in first.options]
        first, done = Choice(tuple(option for option, _ in options)), all(begun for _, begun in options)
    elif isinstance(first, Said):
        inner, done = capital(first.nodes)
        first = Said(first.values, inner)
    return (first, *nodes[1:]), done
