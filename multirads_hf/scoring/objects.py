"""JSON objects in a model's text: read strictly, or mended where the text is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import json_repair
import msgspec

# Mending takes time that grows with the square of the length; answers that are right are far shorter.
REPAIR_CHARS = 4_000
# A study is three levels deep.
DEPTH = 32
OBJECTS = 50
FENCE, CATEGORY = "```", '"category"'
STRUCTURE = re.compile(r'[{}\[\]"\\]')
# A bare length keeps its unit, which mending would drop: {"size": 1.2 cm}.
BARE_LENGTH = re.compile(r"(:\s?)(\d{1,6}(?:\.\d{1,4})?\s?(?:mm|cm))(?=\s?[,}\]])")
# Single quotes as in Python: exchanged, they say what mending makes of them, which takes some hundred times as long.
# Not so where a list has an empty member, or with what may be a bare length.
MENDED_OTHERWISE = re.compile(rf"[\"\\]|''|\[\s*\]|{BARE_LENGTH.pattern}")
LANGUAGE = re.compile(r"\A[a-zA-Z0-9_]{0,12}\s")
CLOSES = {"{": "}", "[": "]"}


class Found(NamedTuple):
    """The objects of a text.

    Attributes:
        objects: those that differ.
        clean: the only object was read strictly and stands alone, fences aside.
        cut: an object never closes, and nothing says that the text is whole.
        contradicts: an object gives two categories.
    """

    objects: tuple[dict[str, Any], ...] = ()
    clean: bool = False
    cut: bool = False
    contradicts: bool = False


class _NotStrictError(ValueError):
    """JSON that the standard does not allow, though Python reads it."""


def only_object(text: str) -> dict[str, Any] | None:
    """Return the object that a text consists of, a fence and blanks aside; None where it may be otherwise.

    What it returns is what ``find_objects`` finds, and clean: the short way to most answers.
    """
    try:
        value = _QUICK.decode(_unfenced(text) if text.startswith(FENCE) else text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    return value if isinstance(value, dict) and text.count(CATEGORY) < 2 else None


def find_objects(text: str, finish_reason: str | None = None, strict: bool = False) -> Found:
    """Return the JSON objects in ``text``, stripped of blanks. Never raises.

    Args:
        text: an answer without its thinking.
        finish_reason: ``length`` forbids mending, ``stop`` allows it for an object that never closes.
        strict: no mending, and nothing but the object and its fence.
    """
    try:
        return _found(text, finish_reason, strict)
    except RecursionError:
        return Found()


def _found(text: str, finish_reason: str | None, strict: bool) -> Found:
    alone = _unfenced(text) if text.startswith(FENCE) else text
    try:
        whole = loads(alone)
    except ValueError:
        return _amid(text, finish_reason, strict) if "{" in text else Found()
    if isinstance(whole, dict):
        return Found((whole,), True, False, alone.count(CATEGORY) > 1 and _contradicts(alone))
    members = whole[:OBJECTS] if isinstance(whole, list) and not strict else []
    return Found(_different([o for o in members if isinstance(o, dict)]))


def _unfenced(text: str) -> str:
    """Return what stands in the fence, where a text is nothing but one fenced block."""
    if text.count(FENCE) != 2 or not text.endswith(FENCE):
        return text
    return LANGUAGE.sub("", text[len(FENCE) : -len(FENCE)], count=1)


def loads(text: str) -> Any:
    """Return the value of strict JSON; NaN and Infinity are refused.

    Raises:
        ValueError: it is not strict JSON.
    """
    try:
        return _QUICK.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        # It reads less than Python does, such as half of a surrogate pair or 1e400, and reads that alike.
        return _DECODER.decode(text)


def _refuse(name: str) -> None:
    raise _NotStrictError(name)


_QUICK, _DECODER = msgspec.json.Decoder(), json.JSONDecoder(parse_constant=_refuse)


def _amid(text: str, finish_reason: str | None, strict: bool) -> Found:
    bodies = _fenced(text) or [text]
    parts = [_pieces(body) for body in bodies]
    pieces = [piece for part in parts for piece in part.pieces]
    open_ended = any(part.tail is not None for part in parts)
    cut = open_ended and finish_reason != "stop"
    if finish_reason == "length":
        # Only what stands first is known to be whole; later objects may be drafts of a cut answer.
        pieces = pieces[:1] if bodies[0].lstrip().startswith("{") else []
    elif finish_reason == "stop":
        pieces += [part.tail for part in parts if part.tail]
    elif cut:
        return Found(cut=True)
    may_mend = not strict and finish_reason != "length"
    objects = [o for piece in pieces[:OBJECTS] if (o := _read(piece, may_mend)) is not None]
    fenced_alone = len(bodies) == 1 and bodies[0] != text and pieces == [bodies[0].strip()]
    clean = fenced_alone and _read(pieces[0], may_mend=False) is not None
    kept = _different(objects) if clean or not strict else ()
    return Found(kept, clean, cut, any(map(_contradicts, pieces)))


def _fenced(text: str) -> list[str]:
    """Return the code blocks that hold an object, without their language."""
    blocks = [LANGUAGE.sub("", block, count=1) for block in text.split(FENCE)[1::2]]
    return [block for block in blocks if "{" in block]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The outermost ``{...}`` of a text, and what follows the last one that never closes."""

    pieces: list[str]
    tail: str | None = None


def _pieces(text: str) -> _Pieces:
    """Cut a text at its outermost braces, strings aside; an object that is too deep is left out."""
    pieces: list[str] = []
    open_marks: list[str] = []
    start = skip = 0
    quoted = deep = False
    for match in STRUCTURE.finditer(text):
        place, mark = match.start(), match[0]
        if place < skip or (quoted and mark in "{}[]"):
            continue
        if mark == "\\":
            skip = place + 2
        elif mark == '"':
            quoted = not quoted and bool(open_marks)
        elif mark in CLOSES and (open_marks or mark == "{"):
            start, deep = (start, deep) if open_marks else (place, False)
            deep = deep or len(open_marks) >= DEPTH
            open_marks.append(mark)
        elif open_marks and CLOSES[open_marks[-1]] == mark:
            open_marks.pop()
            if not open_marks and not deep:
                pieces.append(text[start : place + 1])
    if not open_marks:
        return _Pieces(pieces)
    rest = text[start:]
    # As many closed as opened: a stray quotation mark or bracket misled the scan, the text is whole.
    if rest.rstrip().endswith("}") and rest.count("{") <= rest.count("}"):
        return _Pieces(pieces if deep else [*pieces, rest[: rest.rindex("}") + 1]])
    return _Pieces(pieces, "" if deep else rest)


def _read(piece: str, may_mend: bool) -> dict[str, Any] | None:
    """Return the object that a piece holds, mended if it must be; braces around words hold none."""
    try:
        value = loads(piece)
    except (ValueError, RecursionError):
        mendable = may_mend and ":" in piece and len(piece) <= REPAIR_CHARS
        value = _mended(piece) if mendable else None
    return value if isinstance(value, dict) else None


def _mended(piece: str) -> Any:
    if not MENDED_OTHERWISE.search(piece):
        try:
            return loads(piece.replace("'", '"'))
        except ValueError:
            pass
    try:
        return json_repair.repair_json(BARE_LENGTH.sub(r'\1"\2"', piece), return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError, TypeError):
        return None


def _different(objects: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    if len(objects) < 2:
        return tuple(objects)
    return tuple({json.dumps(o, sort_keys=True): o for o in objects}.values())


def _contradicts(piece: str) -> bool:
    """Return whether an object gives its category twice, differently; JSON would keep the last."""
    if piece.count(CATEGORY) < 2:
        return False

    def labels(pairs: list[tuple[str, Any]]) -> Iterator[str]:
        return (json.dumps(value, sort_keys=True) for name, value in pairs if name == "category")

    twice: list[bool] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.append(len(set(labels(pairs))) > 1)
        return dict(pairs)

    try:
        json.loads(piece, object_pairs_hook=note)
    except (ValueError, RecursionError):
        return False
    return any(twice)
