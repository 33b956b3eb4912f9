"""From raw model text to an answer: thinking and fences off, JSON read, its label recognised.

The rungs, in this order; what each gives is the answer's *state*:

1. Nothing but blanks or thinking: ``empty``. Thinking that never ends, or an answer that the token
   limit cut: ``truncated``.
2. Strict JSON, alone or as the only object in code fences: ``ok``. An object amid other text, or
   one that ``json-repair`` could mend: ``repaired``. Cut text is never mended: half a label can be
   another label (``{"category": "4`` may have been going to be ``4A``).
3. For ``task="category"`` a category in words: ``ok`` when it is all there is, else ``repaired``.
4. Two answers that differ: ``several``. A label of another document: ``wrong_system``. No label of
   this document: ``unknown_category``. A refusal: ``refusal``. Anything else: ``not_json``.

A state is an outcome, never an exception; the findings of an object with a bad label are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from multirads_hf import rads
from multirads_hf.schema import NOT_FINDINGS, Document
from multirads_hf.scoring.labels import LABEL_CHARS, is_label, read_label
from multirads_hf.scoring.objects import Found, find_objects, only_object
from multirads_hf.scoring.prose import REFUSAL, categories_in, names_some_label
from multirads_hf.scoring.scan import foreign
from multirads_hf.scoring.thinking import may_think, without_thinking
from multirads_hf.scoring.vocabulary import Same

Task = Literal["extraction", "category"]
STATES = (
    "ok", "repaired", "empty", "refusal", "truncated", "several", "unknown_category", "wrong_system", "not_json",
    "error",
)  # fmt: skip
VALID = ("ok", "repaired")
TASKS: tuple[Task, ...] = ("extraction", "category")
# An answer beyond this is not read: some hundred times the longest one that is right.
ANSWER_CHARS = 200_000
REFUSAL_CHARS = 400


class Answer(NamedTuple):
    """What an answer says.

    Attributes:
        state: one of ``STATES``; ``ok`` and ``repaired`` are valid.
        category: the label, one of the document's, or None.
        study: the findings as answered, not normalised; empty where there are none.
    """

    state: str
    category: str | None = None
    study: Mapping[str, Any] = MappingProxyType({})


def parse(
    text: str | bytes | None,
    document: Document,
    *,
    task: Task = "extraction",
    finish_reason: str | None = None,
    strict: bool = False,
) -> Answer:
    """Read the text of a model's answer. Never raises on any text.

    Args:
        text: what the model wrote; None counts as nothing. Bytes are read as UTF-8.
        document: whose answer it is.
        task: ``category`` also takes a label in words.
        finish_reason: why the model stopped; ``length`` means cut, ``stop`` means whole. Where it is
            None, an object that never closes counts as cut.
        strict: neither repair nor other spellings of a label.
    """
    written = text.decode("utf-8", "replace") if isinstance(text, bytes) else text or ""
    thinks = may_think(written)
    plain = None if thinks or len(written) > ANSWER_CHARS else only_object(written)
    if plain and plain.get("category") in document.codes:
        return _from_object(plain, True, document, strict)
    body, open_ended = without_thinking(written) if thinks else (written, False)
    body = body.strip("\ufeff \t\r\n")
    cut = finish_reason == "length"
    if open_ended or (cut and (not body or len(body) > ANSWER_CHARS)):
        return Answer("truncated")
    if not body:
        return Answer("refusal" if finish_reason == "content_filter" else "empty")
    return Answer("not_json") if len(body) > ANSWER_CHARS else _amid(body, document, task, finish_reason, strict)


def _amid(body: str, document: Document, task: Task, finish_reason: str | None, strict: bool) -> Answer:
    """Read an answer that is not all thinking, blanks or too long."""
    found = find_objects(body, finish_reason, strict)
    if len(found.objects) > 1 or found.contradicts:
        return Answer("several")
    answer = _from_object(found.objects[0], found.clean, document, strict) if found.objects else None
    if answer and (answer.category or answer.state == "several" or task == "extraction"):
        return answer
    worded = _from_words(body, document, finish_reason == "length", strict) if task == "category" else None
    return worded or answer or _without_answer(body, document, found, finish_reason, task)


def _from_object(given: dict[str, Any], clean: bool, document: Document, strict: bool) -> Answer:
    """Read an object, which is ours: what is left of it are the findings."""
    if not given:
        return Answer("empty")
    label, named = given.pop("category", None), given.pop("document", None)
    study, state = given, "ok" if clean else "repaired"
    if not strict and not "".join(given).islower():
        study = {name: value for name, value in given.items() if name.lower() not in NOT_FINDINGS}
    if label.__class__ is str and label in document.codes:
        return Answer(state, label, study)
    codes: tuple[str, ...] = ()
    if not strict:
        label = _under_any_case(given, "category") if label is None else label
        short = isinstance(label, str) and len(label) <= LABEL_CHARS
        codes = _codes(label, Same(document)) if short else read_label(document, label)
    if len(codes) == 1:
        return Answer(state, codes[0], study)
    if codes:
        return Answer("several", None, study)
    elsewhere = _belongs_elsewhere(document, label) or _is_other_document(document, named)
    return Answer("wrong_system" if elsewhere else "unknown_category", None, study)


@lru_cache(maxsize=8192)
def _codes(label: object, key: Same[Document]) -> tuple[str, ...]:
    """Return the labels that a short text means; the same few come again and again."""
    return read_label(key.held, label)


def _under_any_case(given: Mapping[str, Any], name: str) -> object:
    return next((value for key, value in sorted(given.items()) if key.lower() == name and value is not None), None)


def _belongs_elsewhere(document: Document, label: object) -> bool:
    """Return whether a label names another system, or is spelled as a label of another document."""
    if not isinstance(label, str) or len(label) > LABEL_CHARS:
        return False
    return foreign(document, label) or any(
        other is not document and is_label(other, label, lettered=True) for other in rads.documents()
    )


def _is_other_document(document: Document, name: object) -> bool:
    return isinstance(name, str) and name != document.key and name in rads.keys()


def _from_words(body: str, document: Document, cut: bool, strict: bool) -> Answer | None:
    if strict:
        return Answer("ok", body) if body in document.codes and not cut else None
    codes = categories_in(document, body, cut)
    if len(codes) > 1:
        return Answer("several")
    if not codes:
        return None
    return Answer("ok" if is_label(document, body) else "repaired", codes[0])


def _without_answer(body: str, document: Document, found: Found, finish_reason: str | None, task: Task) -> Answer:
    if finish_reason == "length" or found.cut:
        return Answer("truncated")
    if finish_reason == "content_filter" or REFUSAL.search(body[:REFUSAL_CHARS]):
        return Answer("refusal")
    if task == "extraction":
        return Answer("not_json")
    if _belongs_elsewhere(document, body):
        return Answer("wrong_system")
    return Answer("unknown_category" if names_some_label(body) else "not_json")
