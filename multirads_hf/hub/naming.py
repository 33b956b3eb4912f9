"""What a run is called in public, and that nothing private goes with it: no token, password, path or host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from os import environ
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from multirads_hf.errors import OptionError, PublishError, UnknownNameError, allowed, shown

# Variables whose values are sent to servers; none of them may be published.
SECRETS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "MULTIRADS_API_KEY", "OPENAI_API_KEY")
# Shorter values are no secrets, and would be found in any text.
_SECRET_LENGTH = 8
# What tokens look like: of the Hub, and of servers that copy OpenAI's.
_TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{30,}|\bsk-[A-Za-z0-9_-]{20,}")
_HOMES = r"/(?:home|Users)/[^\s\"'/\\]+|/root\b|\b[A-Za-z]:\\+Users\\+[^\s\"'/\\]+"
# An absolute path that is no part of a URL.
_PATH = re.compile(r"(?:^|(?<=[\s'\"(:=]))(?:/(?!/)|[A-Za-z]:\\)[^\s'\"]+")
_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_REPO = re.compile(r"[\w.-]+/[\w.-]+")
# Ends of names of hosts that only their own network knows (RFC 6762, RFC 8375, and usual ones).
_LOCAL_ENDS = (".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")
# Columns of details that models and servers wrote.
_WRITTEN = ("answer", "reasoning", "error")
# Kinds of specs whose models can be repositories of the Hub.
_OPEN = ("hf", "router", "openai", "answers")
Row = Mapping[str, Any]


def read_names(given: Sequence[str]) -> dict[str, str]:
    """Return model spec -> public name of ``SPEC=NAME``.

    Raises:
        OptionError: one has another form.
    """
    names = {}
    for text in given:
        spec, equals, name = text.rpartition("=")
        if not equals or ":" not in spec or not _NAME.fullmatch(name):
            raise OptionError(
                f"--model: got {shown(text)}. Allowed: SPEC=NAME or SPEC=ORG/REPO, such as hf:./mine=alice/mine."
            )
        names[spec] = name
    return names


def require_known(names: Mapping[str, str], models: Sequence[str]) -> None:
    """Raise UnknownNameError when a name is given to a model that no run is of."""
    for spec in names:
        if spec not in models:
            raise UnknownNameError(f"--model: no run is of {shown(spec)}. {allowed(spec, sorted(set(models)))}")


def hub_repo(results: Mapping[str, Any]) -> str | None:
    """Return the repository of the model on the Hub, by its public name; None where there is none that is known.

    A revision (``hf:ORG/NAME@REVISION``) and a provider (``router:ORG/NAME:PROVIDER``) are no part of it. Servers and
    files of answers are of a repository where the user says so by the public name.
    """
    kind, _, name = str(results["model"]).partition(":")
    plain = {"hf": name.partition("@")[0], "router": name.partition(":")[0]}.get(kind, name)
    return plain if kind in _OPEN and _REPO.fullmatch(plain) else None


def public_name(where: str, results: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the name under which the model of a run is published.

    Raises:
        PublishError: its spec names something private, and no other name is given for it.
    """
    model = str(results["model"])
    kind, _, name = model.partition(":")
    if model in names:
        return f"{kind}:{names[model]}"
    private = _private(kind, name, str(results["revision"]))
    if private:
        raise PublishError(
            f"{where}: its model {shown(model)} {private}. Allowed: --model '{model}=NAME', by which it is published."
        )
    return model


def _private(kind: str, name: str, revision: str) -> str | None:
    """Return why a spec cannot be published as it is."""
    if kind == "hf" and revision.startswith("sha256:"):
        return "is a folder of this machine"
    if kind == "answers" and Path(name).name != name:
        return "is a path of this machine"
    return _private_address(name.partition("#")[0]) if kind == "openai" else None


def _private_address(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "has no readable address"
    if parts.username is not None or parts.query:
        return "has an address that may hold a password"
    host = parts.hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        inside = host != "localhost" and ("." not in host or host.endswith(_LOCAL_ENDS))
    else:
        inside = address.is_private and not address.is_loopback
    return "names a host of a private network" if inside else None


def _own_paths() -> re.Pattern[str]:
    """Return what finds homes of users, and that of this one wherever it is."""
    home = Path.home()
    return re.compile(_HOMES if home == Path(home.anchor) else rf"{_HOMES}|{re.escape(str(home))}\b")


def without_paths(text: str | None) -> str | None:
    """Return the message of a failed call without names of folders and tokens."""
    return text and _TOKEN.sub("***", _PATH.sub("~", _own_paths().sub("~", text)))


def require_public(where: str, content: bytes, rows: Sequence[Row]) -> None:
    """Check that what is published holds no secret of the environment and no path of this machine.

    Answers are published as they came; only secrets are looked for in them.

    Raises:
        PublishError: the message says where, and not what.
    """
    secrets = [value for value in _secrets() if len(value) >= _SECRET_LENGTH]
    # As it is written, and as it is meant: JSON may write a letter as an escape.
    for text in (content.decode("utf-8", "replace"), json.dumps(json.loads(content), ensure_ascii=False)):
        if _own_paths().search(text):
            raise PublishError(f"{where}: its results.json holds a path of this machine. Allowed: results without.")
        _require_no_secret(where, "results.json", text, secrets)
    for row in rows:
        for column in _WRITTEN:
            _require_no_secret(where, f"{column} to {row['id']!r}", row[column] or "", secrets)


def _require_no_secret(where: str, place: str, text: str, secrets: Sequence[str]) -> None:
    if _TOKEN.search(text) or any(secret in text for secret in secrets):
        raise PublishError(f"{where}: the {place} holds a token or key. Allowed: to publish without; revoke that one.")


def _secrets() -> Iterator[str]:
    from huggingface_hub import get_token  # noqa: PLC0415

    yield from (environ.get(name, "").strip() for name in SECRETS)
    yield (get_token() or "").strip()
