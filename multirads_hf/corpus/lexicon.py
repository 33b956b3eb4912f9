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

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import inf
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.condition import ABSENT, Condition
from multirads_hf.corpus.printing import Vocabulary, compiled
from multirads_hf.corpus.profiles import GROUPS, PROFILES, Profile
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


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the findings and when it is written; ``pool`` is None for the lesions.

    Attributes:
        least: fewest sentences without findings, where the profile's own number is less.
        most: most sentences without findings, or None for the profile's number.
    """

    name: str
    label: str
    where: tuple[Condition, ...]
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
        lists: the fields that hold lists.
        units: units of length in which a report may be written.
        noun: what a lesion is called.
    """

    pools: Mapping[str, Pool]
    blocks: tuple[Block, ...]
    words: Mapping[str, Mapping[Any, tuple[str, ...]]]
    fields: Mapping[str, Field]
    bits: Mapping[str, int]
    lists: tuple[str, ...]
    units: tuple[str, ...]
    noun: str


@cache
def voice(key: str, profile: str, unseen: bool = False) -> Voice:
    """Return the compiled lexicon of a document for a profile.

    Args:
        key: the document.
        profile: the profile.
        unseen: prefer the phrases that no other split uses.

    Raises:
        LexiconError: a template does not parse or names a field that the document has not.
    """
    source, document = rads.lexicon(key), rads.get(key)
    missing = [name for name in REQUIRED if name not in source]
    if missing:
        raise LexiconError(f"{key}.toml: {missing[0]!r} is missing. Required: {', '.join(REQUIRED)}.")
    speaker = next(p for p in PROFILES if p.key == profile)
    read = _Reader(document, speaker, unseen, source)
    measures = source.get("measure", {})
    units = [set(m["units"]) for m in measures.values() if "units" in m]
    return Voice(
        pools={name: read.pool(source.get(name, {}), name) for name in SECTION_POOLS},
        words=read.vocabulary.words,
        blocks=tuple(read.block(name, source["block"].get(name)) for name in source["order"]),
        fields=read.fields,
        bits=read.bits,
        lists=tuple(name for name, field in read.fields.items() if field.kind == "list"),
        units=tuple(u for u in ("mm", "cm") if all(u in one for one in units)),
        noun=source.get("noun", "finding"),
    )


class _Reader:
    """Compiles the tables of one lexicon for one voice."""

    def __init__(self, document: Document, profile: Profile, unseen: bool, source: Mapping[str, Any]) -> None:
        self.document, self.profile, self.unseen = document, profile, unseen
        self.fields: dict[str, Field] = document.exam_fields | document.lesion_fields
        self.bits = {field: 1 << place for place, field in enumerate(self.fields)}
        words = {field: self.words(field, values) for field, values in source.get("words", {}).items()}
        dims = {name: tuple(m["dims"]) for name, m in source.get("measure", {}).items() if "dims" in m}
        self.vocabulary = Vocabulary(self.fields, words, dims)

    def pool(self, table: Mapping[str, Any], where: str) -> Pool:
        unknown = [name for name in table if name not in (*GROUPS, *(p.key for p in PROFILES), *_BLOCK_KEYS)]
        if unknown:
            raise LexiconError(
                f"{self.document.key}.toml [{where}]: unknown voice {unknown[0]!r}. {allowed(unknown[0], GROUPS)}"
            )
        voices = (*self.profile.groups, self.profile.key)
        entries = chain.from_iterable(enumerate(table.get(name, ())) for name in voices)
        every = tuple(self.statement(entry, place % RESERVED_EVERY == RESERVED_AT, where) for place, entry in entries)
        said = dict.fromkeys(chain.from_iterable(sorted(s.fields) for s in every))
        lesion = where in LESION_POOLS

        def candidates(statements: list[Statement]) -> Candidates:
            return Candidates(statements, self.unseen, self.document.exam_fields, lesion)

        saying = {field: candidates([s for s in every if field in s.fields]) for field in said}
        return Pool(saying, candidates([s for s in every if not s.fields]), candidates(list(every)))

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
        needs = tuple((field, self.typed(field, value)) for field, value in read.values)
        mask = sum(self.bits[field] for field in read.fields)
        where_ = self.conditions(conditions)
        pieces = compiled(read.nodes, self.vocabulary)
        return Statement(read.fields, mask, needs, where_, pieces, read.begun, read.nodes, reserved)

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

    def block(self, name: str, table: Mapping[str, Any] | None) -> Block:
        if name == "lesions":
            return Block(name, "", (), None)
        if table is None:
            raise LexiconError(f"{self.document.key}.toml: order names block {name!r}, but there is no [block.{name}].")
        where, pool = self.conditions(table.get("when", {})), self.pool(table, f"block.{name}")
        return Block(name, table.get("label", ""), where, pool, table.get("least", 0), table.get("most"))

    def words(self, field: str, values: Mapping[str, Any]) -> dict[Any, tuple[str, ...]]:
        known = self.fields.get(field)
        if known is None:
            raise LexiconError(f"{self.document.key}.toml [words.{field}]: {allowed(field, self.fields)}")
        return {self._word_key(known, value): self._phrases(phrases) for value, phrases in values.items()}

    @staticmethod
    def _word_key(field: Field, value: str) -> Any:
        return value == "true" if field.kind == "bool" else value

    def _phrases(self, phrases: Any) -> tuple[str, ...]:
        if isinstance(phrases, dict):
            voices = (*self.profile.groups, self.profile.key)
            phrases = list(chain.from_iterable(phrases.get(name, ()) for name in voices))
        return tuple(dict.fromkeys(chain.from_iterable(literals(parse(p)) or (p,) for p in phrases)))
