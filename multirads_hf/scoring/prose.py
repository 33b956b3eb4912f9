"""A category in words: what a model means when it answers with a label instead of JSON."""

from __future__ import annotations

import re

from multirads_hf.schema import Document
from multirads_hf.scoring.labels import LABEL_CHARS, is_label, read_label
from multirads_hf.scoring.mentions import TEXT_CHARS, mentions

# The last line of a text is where models put their answer; more cues than this are noise.
CUES = 200
LINE_CHARS = 160
# Signs of an answer, the stronger first. Each is followed by the label, to the end of the line.
FINAL = re.compile(
    r"(?:\bfinal\s+(?:answer|category|assessment|classification|label)\b(?:\s+is)?|\\boxed\s?\{(?:\\text\s?\{)?)[\s:=*]{0,8}",
    re.IGNORECASE,
)
CUE = re.compile(
    r"\b(?:answer|category|classification|assessment|label|conclusion)\b\**(?:\s?[:=]|\s+is\b|\s+should\s+be\b)[\s*]{0,8}",
    re.IGNORECASE,
)
MEANING = re.compile(r"\s[-–—]\s|\s?[(:,]")
# English refusals, as instruction-tuned models phrase them. No complete list: what it misses is ``not_json``.
REFUSAL = re.compile(
    r"\b(?:I(?:['’]m|\s+am)\s+(?:sorry|(?:not\s+able|unable)\s+to)|I\s+(?:can['’]?t|cannot|can\s+not|won['’]?t|will\s+not|must\s+decline)\b"
    r"|as\s+an?\s+(?:AI|language\s+model)|unable\s+to\s+(?:assist|help|provide|determine|assign|comply)"
    r"|(?:can['’]?t|cannot)\s+(?:assist|help|provide|comply|give\s+medical))",
    re.IGNORECASE,
)
LABEL_LIKE = re.compile(
    r"rads\W{0,3}(?:\w{1,12}\W{1,3}){0,3}\d|\A\W{0,4}[a-z]{0,4}\W?\d{1,2}[a-z]?\W{0,4}\Z", re.IGNORECASE
)


def categories_in(document: Document, text: str, cut: bool = False) -> tuple[str, ...]:
    r"""Return the distinct labels that a text answers with: none, one, or several.

    The first of these that holds any label decides: what follows *final answer* or stands in a
    ``\boxed{}``; what follows *answer:*, *category is* and the like; the first and the last line
    where they are labels; every label that the text mentions.

    Args:
        document: whose labels count.
        text: an answer without its thinking.
        cut: the token limit cut the text; then a first line that is a label and ends is all that counts.
    """
    lines = [line.strip(" \t\r*_#>`-") for line in text[-TEXT_CHARS:].splitlines() if line.strip()]
    if cut:
        return _line(document, lines[0]) if len(lines) > 1 else ()
    if len(lines) == 1 and (only := _line(document, lines[0])):
        return only
    for cue in (FINAL, CUE):
        found = [label for piece in _behind(cue, text[-TEXT_CHARS:]) for label in _segment(document, piece)]
        if found:
            return tuple(dict.fromkeys(found))
    found = [*_line(document, lines[0]), *_line(document, lines[-1])] if lines else []
    return tuple(dict.fromkeys(found or _valid(document, mentions(document, text[-TEXT_CHARS:]))))


def names_some_label(text: str) -> bool:
    """Return whether a short text names a category, though none of this document."""
    return len(text) <= LABEL_CHARS and bool(LABEL_LIKE.search(text) or CUE.search(text) or FINAL.search(text))


def _behind(cue: re.Pattern[str], text: str) -> list[str]:
    pieces = []
    for match in cue.finditer(text):
        end = text.find("\n", match.end(), match.end() + LINE_CHARS)
        pieces.append(text[match.end() : end if end >= 0 else match.end() + LINE_CHARS])
    return pieces[-CUES:]


def _segment(document: Document, piece: str) -> tuple[str, ...]:
    return read_label(document, piece.strip(" \t*_`\"'{}$."))


def _line(document: Document, line: str) -> tuple[str, ...]:
    """Return the label of a line that is nothing else, or a label with its meaning behind a dash or colon."""
    label = next((part for part in (line, MEANING.split(line)[0]) if is_label(document, part)), None)
    return read_label(document, label) if label else ()


def _valid(document: Document, labels: list[str]) -> list[str]:
    return [label for label in labels if label in document.codes]
