"""One tree of errors. Every message says where, what was given, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 24


class MultiradsError(Exception):
    """Root of every error that this package raises on purpose."""


class UnknownNameError(MultiradsError, ValueError):
    """A document, config, split, condition, prompt, model or profile that does not exist."""


class OptionError(MultiradsError, ValueError):
    """An option of the right name with a value that is not allowed."""


class StudyError(MultiradsError, ValueError):
    """A study that a document cannot categorise: unknown field, bad value, missing input."""


class LexiconError(MultiradsError, ValueError):
    """A lexicon file that does not parse or does not cover its document."""


class ScoringError(MultiradsError, ValueError):
    """Predictions and references that cannot be scored against each other."""


class RunError(MultiradsError, RuntimeError):
    """A model, store or results folder that cannot be used."""


class PublishError(MultiradsError, RuntimeError):
    """The Hub, or what stands there, does not let this be published."""


class MissingExtraError(MultiradsError, ImportError):
    """An optional dependency is not installed; the message names the extra."""


def shown(value: object, limit: int = 60) -> str:
    """Return ``repr(value)``, cut to ``limit`` characters."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."


def allowed(given: object, options: Iterable[str]) -> str:
    """Return the end of a message: what is allowed, and the nearest name to what was given."""
    names = list(options)
    listed = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    near = get_close_matches(str(given), names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"Allowed: {listed}.{hint}"


def require_name(where: str, given: object, options: Iterable[str]) -> str:
    """Return ``given`` when it is one of ``options``.

    Raises:
        UnknownNameError: it is not; the message suggests the nearest name.
    """
    names = list(options)
    if isinstance(given, str) and given in names:
        return given
    raise UnknownNameError(f"Unknown {where} {shown(given)}. {allowed(given, names)}")
