"""What a reader needs to repeat a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from multirads_hf.reporting.results import Results

SHOWN_APART = (
    "scores", "by_document", "states", "environment", "signature", "schema", "by", "gaps", "n_error", "shortcuts",
    "few_reports", "category_errors", "usage",
)  # fmt: skip


def view(run: Results, name: str) -> dict[str, Any]:
    """Return what a reader needs to repeat a run: its signature, its settings, its environment."""
    stated = {key: value for key, value in run.items() if key not in SHOWN_APART and value not in (None, "")}
    environment = run.get("environment") or {}
    return {
        "name": name,
        "signature": run.get("signature") or "",
        "facts": _flat(stated),
        "environment": _flat(environment),
    }


def _flat(mapping: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for key, value in mapping.items():
        name = f"{before}{key}"
        lines += _flat(value, f"{name}.") if isinstance(value, Mapping) and value else [(name, _written(value))]
    return lines


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
