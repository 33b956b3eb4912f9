"""What the model of a run is called in public: never by a path of this machine, a password or a private host."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from multirads_hf.errors import OptionError, PublishError, UnknownNameError, allowed, shown

_NAME = re.compile(r"[\w.-]+(?:/[\w.-]+)?")
_REPO = re.compile(r"[\w.-]+/[\w.-]+")
# Ends of names of hosts that only their own network knows (RFC 6762, RFC 8375, and usual ones).
_LOCAL_ENDS = (".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")
# Kinds of specs whose models can be repositories of the Hub.
_OPEN = ("hf", "router", "openai", "answers")


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
