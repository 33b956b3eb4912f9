"""What a publication states of its own benchmark: shown as marked rows, on other data, never ranked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from multirads_hf.reporting import results
from multirads_hf.reporting.results import Estimate


@cache
def stated() -> Mapping[str, Any]:
    """Return everything that is stated.

    Returns:
        ``name``, ``source``, ``reports``, ``documents``, ``note``; ``rows``, each a mapping of ``model``, ``about``,
        ``prompt``, ``predictions`` and ``scores`` by the keys of results, 0 to 1, without intervals; and ``prompts``,
        mappings of ``prompt`` and ``scores`` for prompts against each other, of models that are not named.
    """
    text = files("multirads_hf.reporting").joinpath("published.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def score(row: Mapping[str, Any], key: str) -> Estimate | None:
    """Return a score of a row, or None where the publication does not state it."""
    return results.read_estimate(row["scores"].get(key))
