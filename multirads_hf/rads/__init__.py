"""The RADS documents: one module and one lexicon each, found by walking this folder.

A further folder on ``__path__`` adds its documents.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from multirads_hf.errors import LexiconError, require_name
from multirads_hf.schema import Document


def _lexicons() -> dict[str, Path]:
    found = (path for folder in __path__ for path in Path(folder).glob("*.toml"))
    return {path.stem: path for path in found if path.with_suffix(".py").exists() and path.stem[0] != "_"}


@cache
def keys() -> tuple[str, ...]:
    """Return the keys of all documents, sorted. A document is a ``.py`` beside a ``.toml``; ``_names`` are shared parts."""
    return tuple(sorted(_lexicons()))


@cache
def get(key: str) -> Document:
    """Return one document.

    Raises:
        UnknownNameError: there is no such document; the nearest key is suggested.
    """
    require_name("document", key, keys())
    document: Document = import_module(f"{__name__}.{key}").DOCUMENT
    return document


def documents() -> tuple[Document, ...]:
    """Return all documents, sorted by key."""
    return tuple(get(key) for key in keys())


def systems() -> tuple[str, ...]:
    """Return the RADS that the documents belong to, sorted."""
    return tuple(sorted({document.system for document in documents()}))


@cache
def lexicon(key: str) -> dict[str, Any]:
    """Return the parsed lexicon of one document: how radiologists write its findings.

    A lexicon that names ``shared = ["liver"]`` also has what stands in ``_liver.toml``: tables are
    merged, lists follow its own, and where both have a text or a number its own counts.

    Raises:
        UnknownNameError: there is no such document.
        LexiconError: a file is not TOML, or a shared file does not exist.
    """
    require_name("document", key, keys())
    path = _lexicons()[key]
    own = _read(path)
    for name in own.pop("shared", ()):
        shared = path.with_name(f"_{name}.toml")
        if not shared.exists():
            raise LexiconError(f"{path.name}: shared {name!r}: there is no {shared.name} beside it.")
        own = _merged(own, _read(shared))
    return own


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{path.name}: {error}") from error


def _merged(own: Any, shared: Any) -> Any:
    if isinstance(own, dict) and isinstance(shared, dict):
        return own | {name: _merged(own[name], value) if name in own else value for name, value in shared.items()}
    return own + shared if isinstance(own, list) and isinstance(shared, list) else own
