"""A document's lexicon, compiled for each voice: which statements can say which fields.

A lexicon is a TOML file. Each pool of statements is a table voice -> list; a voice is a profile or one
of ``GROUPS``, and a profile draws from every list that includes it:

* ``[title] [indication] [technique] [comparison]`` and the findings' ``[block.<name>]``: statements
  about the exam; those without fields are fillers, such as normal anatomy. ``order`` names the blocks
  and the place of the lesions; a block may have ``label``, ``when``, ``least`` and ``most`` fillers.
* ``[opening]`` begins a lesion, ``[lesion]`` says the rest: every value needs a statement of its own.
* ``[impression]`` has a line for each lesion, ``[impression_exam]`` lines about the exam,
  ``[stated]`` the ways to print the category.
* ``[words.<field>]`` holds the phrases of each value, ``[measure.<field>]`` units and dimensions,
  ``rules`` the rule in words for prompts, ``noun`` what a lesion is called.

An entry is a template or ``{text = ..., when = {field = value}}``. A value of ``when`` may be a list,
``"absent"``, ``"!value"`` (no lesion has it), ``"!absent"``, ``"<=18"`` or ``">=10"`` (each lesion); the field
``lesions`` is ``none``, ``one`` or ``many``. A list of strings is one filler in several wordings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from math import inf
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.condition import ABSENT, Condition, Terms
from multirads_hf.corpus.printing import compiled
from multirads_hf.corpus.profiles import BY_KEY, GROUPS
from multirads_hf.corpus.statement import Candidates, Pool, Statement
from multirads_hf.corpus.template import literals, parse, template
from multirads_hf.errors import LexiconError, allowed
from multirads_hf.schema import Document, Field

_BLOCK_KEYS = ("when", "label", "least", "most")
# Of the entries of every pool, those at these places are kept from all splits but test_unseen.
RESERVED_EVERY, RESERVED_AT = 4, 3
SECTION_POOLS = (
    "title", "indication", "technique", "comparison", "opening", "lesion", "impression", "impression_exam", "stated",
)  # fmt: skip
REQUIRED = ("rules", "order", "block", "indication", "impression_exam", "stated")
LESION_POOLS = ("opening", "lesion", "impression")
# Voice -> its statements.
Entries = Mapping[str, Sequence[Statement]]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the findings and when it is written; ``pool`` is None for the lesions.

    Attributes:
        asked: the bits of what must hold of the exam for it to be written.
        least: fewest sentences without findings, where the profile's own number is less.
        most: most sentences without findings, or None for the profile's number.
    """

    name: str
    label: str
    asked: int
    pool: Pool | None
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """The lexicon of one document as one profile speaks it.

    Attributes:
        pools: the statements for each place of the report.
        blocks: the paragraphs of the findings, in order.
        words: field -> value -> its phrases.
        fields: every field of the document by name.
        bits: field -> its bit in the masks of statements.
        exam_terms: all that is asked of an exam.
        lesion_terms: all that is asked of a lesion.
        units: units of length in which a report may be written.
        noun: what a lesion is called.
    """

    pools: Mapping[str, Pool]
    blocks: tuple[Block, ...]
    words: Mapping[str, Mapping[Any, tuple[str, ...]]]
    fields: Mapping[str, Field]
    bits: Mapping[str, int]
    exam_terms: Terms
    lesion_terms: Terms
    units: tuple[str, ...]
    noun: str


@cache
def voice(key: str, profile: str, unseen: bool = False) -> Voice:
    """Return the lexicon of a document as a profile speaks it.

    Args:
        key: the document.
        profile: the profile.
        unseen: prefer the phrases that no other split uses.

    Raises:
        LexiconError: a template does not parse or names a field that the document has not.
    """
    lexicon, speaker = _lexicon(key), BY_KEY[profile]
    voices = (*speaker.groups, speaker.key)

    def pool(entries: Entries) -> Pool:
        every = tuple(chain.from_iterable(entries.get(name, ()) for name in voices))
        said = dict.fromkeys(chain.from_iterable(sorted(s.fields) for s in every))
        groups = {field: [s for s in every if field in s.fields] for field in said}
        saying = {field: Candidates(group, unseen, speaker.greedy) for field, group in groups.items()}
        fillers = Candidates([s for s in every if not s.fields], unseen, speaker.greedy)
        return Pool(saying, sum(lexicon.bits[f] for f in said), fillers, Candidates(every, unseen, speaker.greedy))

    return Voice(
        pools={name: pool(entries) for name, entries in lexicon.pools.items()},
        words={field: _spoken(values, voices) for field, values in lexicon.words.items()},
        blocks=tuple(replace(block, pool=pool(entries) if entries else None) for block, entries in lexicon.blocks),
        fields=lexicon.fields,
        bits=lexicon.bits,
        exam_terms=lexicon.exam_terms,
        lesion_terms=lexicon.lesion_terms,
        units=lexicon.units,
        noun=lexicon.noun,
    )


def _spoken(values: Mapping[Any, Any], voices: tuple[str, ...]) -> dict[Any, tuple[str, ...]]:
    """Return value -> its phrases in some voices; phrases without voices are everybody's."""
    return {
        value: tuple(dict.fromkeys(chain.from_iterable(phrases.get(name, ()) for name in ("", *voices))))
        for value, phrases in values.items()
    }


@cache
def _lexicon(key: str) -> _Lexicon:
    return _Lexicon(rads.get(key), rads.lexicon(key))


class _Lexicon:
    """The tables of one lexicon, compiled once for all voices.

    Attributes:
        pools: place of the report -> voice -> its statements.
        blocks: the paragraphs of the findings, in order, and their statements by voice.
        words: field -> value -> voice -> phrases.
    """

    def __init__(self, document: Document, source: Mapping[str, Any]) -> None:
        missing = [name for name in REQUIRED if name not in source]
        if missing:
            raise LexiconError(f"{document.key}.toml: {missing[0]!r} is missing. Required: {', '.join(REQUIRED)}.")
        self.document = document
        self.fields: dict[str, Field] = document.exam_fields | document.lesion_fields
        self.bits = {field: 1 << place for place, field in enumerate(self.fields)}
        lists = [name for name, field in self.fields.items() if field.kind == "list"]
        self.exam_terms, self.lesion_terms = Terms(lists), Terms(lists)
        measures = source.get("measure", {})
        self.dims = {name: tuple(m["dims"]) for name, m in measures.items() if "dims" in m}
        units = [set(m["units"]) for m in measures.values() if "units" in m]
        self.units = tuple(u for u in ("mm", "cm") if all(u in one for one in units))
        self.noun = str(source.get("noun", "finding"))
        self.words = {field: self.phrases(field, values) for field, values in source.get("words", {}).items()}
        self.pools = {name: self.entries(source.get(name, {}), name) for name in SECTION_POOLS}
        self.blocks = [self.block(name, source["block"].get(name)) for name in source["order"]]

    def entries(self, table: Mapping[str, Any], where: str) -> Entries:
        voices = (*GROUPS, *BY_KEY)
        unknown = next((name for name in table if name not in (*voices, *_BLOCK_KEYS)), None)
        if unknown is not None:
            raise LexiconError(
                f"{self.document.key}.toml [{where}]: unknown voice {unknown!r}. {allowed(unknown, GROUPS)}"
            )
        return {
            name: [
                self.statement(entry, place % RESERVED_EVERY == RESERVED_AT, where)
                for place, entry in enumerate(table[name])
            ]
            for name in voices
            if name in table
        }

    def statement(self, entry: Any, reserved: bool, where: str) -> Statement:
        if isinstance(entry, list):
            entry = f"<{'|'.join(entry)}>"
        text, conditions = (entry["text"], entry.get("when", {})) if isinstance(entry, dict) else (entry, {})
        read = template(text, self.document.part_names)
        place = f"{self.document.key}.toml [{where}] {text!r}"
        if read.uneven:
            raise LexiconError(f"{place}: alternatives must say the same fields; some say {read.uneven}.")
        wrong = sorted(f for f in read.fields if f not in self.fields)
        if wrong:
            raise LexiconError(f"{place}: unknown field {wrong[0]!r}. {allowed(wrong[0], self.fields)}")
        needs = [self.condition(field, [value]) for field, value in read.values]
        terms = self.lesion_terms if where in LESION_POOLS else self.exam_terms
        asked = terms.bits([*needs, *self.conditions(conditions)])
        mask = sum(self.bits[field] for field in read.fields)
        pieces = compiled(read.nodes, self.fields, self.dims)
        return Statement(read.fields, mask, asked, pieces, read.begun, read.nodes, reserved)

    def conditions(self, when: Mapping[str, Any]) -> tuple[Condition, ...]:
        return tuple(self.condition(field, v if isinstance(v, list) else [v]) for field, v in when.items())

    def condition(self, field: str, values: list[Any]) -> Condition:
        first = str(values[0])
        if first[:2] in ("<=", ">="):
            bound = float(first[2:])
            low, high = (-inf, bound) if first[0] == "<" else (bound, inf)
            return Condition(field, (), low=low, high=high)
        excluded = first.startswith("!")
        return Condition(
            field, tuple(self.typed(field, str(v).lstrip("!") if excluded else v) for v in values), excluded
        )

    def typed(self, field: str, text: Any) -> Any:
        known = self.fields.get(field)
        if known is None or text == ABSENT:
            return text
        if known.kind == "bool":
            return text in (True, "true")
        if known.kind == "list" and isinstance(text, str):
            return text.split("+")
        return float(text) if known.kind in ("int", "float") else text

    def block(self, name: str, table: Mapping[str, Any] | None) -> tuple[Block, Entries]:
        if name == "lesions":
            return Block(name, "", 0, None), {}
        if table is None:
            raise LexiconError(f"{self.document.key}.toml: order names block {name!r}, but there is no [block.{name}].")
        asked = self.exam_terms.bits(self.conditions(table.get("when", {})))
        block = Block(name, table.get("label", ""), asked, None, table.get("least", 0), table.get("most"))
        return block, self.entries(table, f"block.{name}")

    def phrases(self, field: str, values: Mapping[str, Any]) -> dict[Any, dict[str, list[str]]]:
        known = self.fields.get(field)
        if known is None:
            raise LexiconError(f"{self.document.key}.toml [words.{field}]: {allowed(field, self.fields)}")
        return {
            value == "true" if known.kind == "bool" else value: {
                name: list(chain.from_iterable(literals(parse(phrase)) or (phrase,) for phrase in listed))
                for name, listed in (phrases if isinstance(phrases, dict) else {"": phrases}).items()
            }
            for value, phrases in values.items()
        }
