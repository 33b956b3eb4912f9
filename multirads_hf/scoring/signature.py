"""One line that says how a score came about; equal lines mean comparable scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version

from multirads_hf._version import __version__

# Packages that can move a number: the repair of answers, the draws, the assignment of lesions.
PACKAGES = ("json-repair", "numpy", "scipy")


def signature(labels: Mapping[str, Sequence[str]], **settings: object) -> str:
    """Return ``multirads_f1|key:value|...``, as sacreBLEU writes its own.

    Args:
        labels: the categories with support, by document: the label set of macro-F1. The line holds
            their number and a hash of all of them.
        **settings: what else the score depends on.
    """
    counted = "+".join(f"{key}/{len(labels[key])}" for key in sorted(labels))
    written = ";".join(f"{key}={','.join(labels[key])}" for key in sorted(labels))
    own = {"labels": f"{counted}#{blake2b(written.encode(), digest_size=4).hexdigest()}", "invalid": "INVALID"}
    versions = {package.replace("-", "_"): _version(package) for package in PACKAGES}
    parts = {"version": __version__, **{key: _text(value) for key, value in settings.items()}, **own, **versions}
    return "|".join(["multirads_f1", *(f"{key}:{value}" for key, value in parts.items())])


@lru_cache
def _version(package: str) -> str:
    return version(package)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
