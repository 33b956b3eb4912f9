"""Thinking, as reasoning models print it before their answer, taken off in one pass."""

from __future__ import annotations

# Opening and closing marks: DeepSeek and Qwen, others, Mistral.
MARKS = (("<think>", "</think>"), ("<thinking>", "</thinking>"), ("[THINK]", "[/THINK]"))
# The harmony format: what follows the last of these is the answer.
FINAL_CHANNEL = "<|channel|>final<|message|>"
ANY_CHANNEL = "<|channel|>analysis<|message|>"
END_MARKS = ("<|return|>", "<|end|>", "<|im_end|>", "<|eot_id|>", "<|endoftext|>", "</s>")


def may_think(text: str) -> bool:
    """Return whether a text may hold thinking or marks of its format; without them it is all answer."""
    return "<" in text or "THINK]" in text


def without_thinking(text: str) -> tuple[str, bool]:
    """Return text without its thinking, and whether thinking was still open at the end.

    A closing mark with no opening one (the prompt held it) ends thinking that began with the text.
    """
    if not may_think(text):
        return text, False
    if FINAL_CHANNEL in text:
        text = text[text.rindex(FINAL_CHANNEL) + len(FINAL_CHANNEL) :]
    elif ANY_CHANNEL in text:
        return "", True
    text = _without_end_marks(text)
    for opening, closing in MARKS:
        text, still_open = _without_marked(text, opening, closing)
        if still_open:
            return text, True
    return text, False


def _without_marked(text: str, opening: str, closing: str) -> tuple[str, bool]:
    if opening not in text and closing not in text:
        return text, False
    kept: list[str] = []
    place = 0
    while (start := text.find(opening, place)) >= 0:
        kept.append(text[place:start])
        end = text.find(closing, start)
        if end < 0:
            return "".join(kept), True
        place = end + len(closing)
    rest = "".join((*kept, text[place:]))
    return rest[rest.rindex(closing) + len(closing) :] if closing in rest else rest, False


def _without_end_marks(text: str) -> str:
    shorter = text.rstrip()
    while mark := next((mark for mark in END_MARKS if shorter.endswith(mark)), ""):
        shorter = shorter[: -len(mark)].rstrip()
    return shorter
