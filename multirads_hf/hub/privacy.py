"""Nothing private is published: no token, no path of this machine, no address that its model's name hides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from os import environ
from pathlib import Path
from typing import Any

from multirads_hf.errors import PublishError

# Variables whose values are sent to servers; none of them may be published.
SECRETS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "MULTIRADS_API_KEY", "OPENAI_API_KEY")
# Shorter values are no secrets, and would be found in any text.
_SECRET_LENGTH = 8
# What tokens look like: of the Hub, and of servers that copy OpenAI's.
_TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{30,}|\bsk-[A-Za-z0-9_-]{20,}")
# An absolute path, which is no part of a URL nor of a label such as "1 // 2a".
_PATH = re.compile(r"(?:^|(?<=[\s'\"(:=]))(?:/(?=[^/\s])|[A-Za-z]:\\)[^\s'\"]+")
_HOMES = r"/(?:home|Users)/[^\s\"'/\\]+|/root\b|\b[A-Za-z]:\\+Users\\+[^\s\"'/\\]+"
# Parts of results that tell of machines and servers, such as the name by which one serves a model.
_OF_MACHINES = ("engines", "settings")
# Columns of details that models and servers wrote.
_WRITTEN = ("answer", "reasoning", "error")
Row = Mapping[str, Any]


def public_results(results: Mapping[str, Any], model: str) -> dict[str, Any]:
    """Return results under the public name of the model, paths of machines in them cut to their last name."""
    return {**results, "model": model, **{name: _without_folders(results[name]) for name in _OF_MACHINES}}


def public_row(row: Row, model: str, public: str) -> dict[str, Any]:
    """Return a row of details; its error names neither the model's private name, nor paths, nor tokens.

    Args:
        row: of the details.
        model: spec of the run.
        public: the one under which it is published.
    """
    text = row["error"]
    if text is not None and model != public:
        # The path of a folder and the address of a server also stand alone.
        text = text.replace(model, public).replace(model.partition(":")[2].split("#")[0], public)
    return {**row, "error": text and _TOKEN.sub("***", _PATH.sub("~", _own_paths().sub("~", text)))}


def require_public(where: str, results: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Check that what is published holds no secret of the environment and no path of this machine.

    Answers are published as they came; only secrets are looked for in them.

    Raises:
        PublishError: the message says where, and not what.
    """
    secrets = [value for value in _secrets() if len(value) >= _SECRET_LENGTH]
    for place, text in _texts("", results):
        if _PATH.search(text) or _own_paths().search(text):
            raise PublishError(f"{where}: its results.json has a path of this machine in {place!r}. Allowed: none.")
        _require_no_secret(where, f"results.json, {place!r},", text, secrets)
    for row in rows:
        for column in _WRITTEN:
            _require_no_secret(where, f"{column} to {row['id']!r}", row[column] or "", secrets)


def _require_no_secret(where: str, place: str, text: str, secrets: Sequence[str]) -> None:
    if _TOKEN.search(text) or any(secret in text for secret in secrets):
        raise PublishError(f"{where}: the {place} holds a token or key. Allowed: none; revoke that one.")


def _texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text of results, names of their parts too, and where it stands."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield place, str(name)
            yield from _texts(f"{place}.{name}".lstrip("."), part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(place, part)
    elif isinstance(value, str):
        yield place, value


def _without_folders(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_folders(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_folders(part) for part in value]
    return _PATH.sub(lambda found: _last_name(found[0]), value) if isinstance(value, str) else value


def _last_name(path: str) -> str:
    """Return the last name of a path; nothing of a home itself, whose name is that of a user."""
    return "~" if _own_paths().fullmatch(path) else re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _own_paths() -> re.Pattern[str]:
    """Return what finds homes of users, and that of this one wherever it is."""
    home = Path.home()
    return re.compile(_HOMES if home == Path(home.anchor) else rf"{_HOMES}|{re.escape(str(home))}\b")


def _secrets() -> Iterator[str]:
    from huggingface_hub import get_token  # noqa: PLC0415

    yield from (environ.get(name, "").strip() for name in SECRETS)
    yield (get_token() or "").strip()
