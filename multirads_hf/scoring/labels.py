"""What is meant to be a label, such as the value of ``category`` in an answer: here a bare ``4`` counts."""

from __future__ import annotations

import re

from multirads_hf.schema import Document
from multirads_hf.scoring.mentions import mentions
from multirads_hf.scoring.scan import chain, foreign, tokens_of, without_measures
from multirads_hf.scoring.vocabulary import Vocabulary, vocabulary, words

# Longer strings are read as running text.
LABEL_CHARS = 200
BRACKETED = re.compile(r"\([^()]{0,200}\)")


def normalise_label(document: Document, label: object) -> str | None:
    """Return the label of ``document`` that a short string names, or None for none or several.

    Case, hyphens, spaces, roman or arabic numerals, the system's name, the word *category* and the
    document's aliases make no difference: ``LI-RADS 5``, ``lr5`` and ``Category V`` are ``LR-5``.

    >>> from multirads_hf.rads import get
    >>> normalise_label(get("tirads"), "ACR TI-RADS category 4")
    'TR4'
    >>> normalise_label(get("tirads"), "TR3 or TR4") is None
    True
    """
    found = read_label(document, label)
    return found[0] if len(found) == 1 else None


def read_label(document: Document, label: object) -> tuple[str, ...]:
    """Return the distinct labels of ``document`` that a value meant as a label names.

    Args:
        document: whose labels count.
        label: a string, a number, or for a label of several parts a mapping or list of them.
    """
    text = _as_text(document, label)
    if text is None or len(text) > LABEL_CHARS:
        return () if text is None else tuple(dict.fromkeys(mentions(document, text)))
    known = vocabulary(document)
    if foreign(document, text):
        return ()
    exact = known.forms.get(known.without_name(words(text)))
    if exact:
        return (exact,)
    plain = without_measures(document, BRACKETED.sub(" ", text))
    leading = _leading(known, plain)
    return tuple(dict.fromkeys([*leading, *mentions(document, text)]))


def is_label(document: Document, text: str, lettered: bool = False) -> bool:
    """Return whether a text is one label of ``document`` and nothing else.

    Args:
        document: whose labels count.
        text: the text.
        lettered: a label of digits alone does not count; it could be any system's.
    """
    known = vocabulary(document)
    label = known.without_name(words(text[:LABEL_CHARS]))
    if lettered and all(map(str.isdigit, label)):
        return False
    return len(text) <= LABEL_CHARS and label in known.forms and not foreign(document, text)


def _as_text(document: Document, label: object) -> str | None:
    if isinstance(label, dict):
        parts = [(name, label.get(name)) for name in document.part_names]
        return " ".join(f"{name} {value}" for name, value in parts if isinstance(value, (str, int)))
    if isinstance(label, list) and len(label) == len(document.part_names):
        return " ".join(str(value) for value in label if isinstance(value, (str, int)))
    if isinstance(label, float) and label.is_integer() and abs(label) < LABEL_CHARS:
        return str(int(label))
    if isinstance(label, bool) or not isinstance(label, (str, int)):
        return None
    return label if isinstance(label, str) else str(label) if abs(label) < LABEL_CHARS else None


def _leading(known: Vocabulary, text: str) -> list[str]:
    """Return the label with which text begins, and those joined to it by *or*, *and*, ``/``, ``-``."""
    return [code for _, code in chain(known, tokens_of(known, text), text, partial=False)]
