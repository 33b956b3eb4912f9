"""Results of runs as ``running.evaluate`` returns them, of the shapes that the page must bear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

LABELS = {
    "lirads_ctmri": ["LR-NC", "LR-1", "LR-2", "LR-3", "LR-4", "LR-5", "LR-M", "LR-TIV"],
    "lungrads": ["0", "1", "2", "3", "4A", "4B", "4X"],
    "nirads": ["0", "1", "2a", "2b", "3", "4", "2a // 1", "3 // 2"],
    "tirads": ["NC", "TR1", "TR2", "TR3", "TR4", "TR5"],
}
FIELDS = ("size_mm", "composition", "echogenicity", "margin", "shape", "growth")
RADIUS = 0.021


def number(value: float | None) -> dict[str, float | None]:
    if value is None:
        return {"value": None, "low": None, "high": None}
    return {"value": value, "low": max(0.0, value - RADIUS), "high": min(1.0, value + RADIUS)}


def confusion(key: str, right: float, each: int) -> dict[str, Any]:
    labels = [*LABELS[key], "INVALID"]
    hits = round(each * right)
    counts = [[0] * len(labels) for _ in labels]
    for i in range(len(labels) - 1):
        counts[i][i] += hits
        counts[i][min(i + 1, len(labels) - 2)] += (each - hits) // 2
        counts[i][-1] += each - hits - (each - hits) // 2
    return {"labels": labels, "counts": counts}


def document_part(key: str, quality: float, extraction: bool) -> dict[str, Any]:
    each = 40
    scores = {
        "category_accuracy": number(quality),
        "validity": number(min(1.0, quality + 0.1)),
        "under_call_rate": number((1 - quality) / 3),
        "over_call_rate": number((1 - quality) / 2),
    }
    if extraction:
        scores["multirads_f1"] = number(quality * 0.95)
    fields = {name: {"tp": 80, "fp": 4 + i, "fn": 3 * i, "f1": quality - i / 40} for i, name in enumerate(FIELDS)}
    return {
        "n": each * len(LABELS[key]),
        "scores": scores,
        "confusion": confusion(key, quality, each),
        "under": round(each * (1 - quality)),
        "over": round(each * (1 - quality) * 1.4),
        "fields": fields if extraction else {},
    }


def result(
    model: str, quality: float = 0.8, *, task: str = "extraction", keys: tuple[str, ...] = tuple(LABELS), **changes: Any
) -> dict[str, Any]:
    extraction = task == "extraction"
    parts = {key: document_part(key, max(0.0, quality - 0.04 * i), extraction) for i, key in enumerate(keys)}
    n = sum(part["n"] for part in parts.values())
    scores = {
        "category_accuracy": number(quality),
        "category_macro_f1": number(quality - 0.05),
        "weighted_kappa": number(quality - 0.02),
        "validity": number(min(1.0, quality + 0.1)),
        "under_call_rate": number((1 - quality) / 3),
        "over_call_rate": number((1 - quality) / 2),
    }
    if extraction:
        scores["multirads_f1"] = number(quality * 0.95)
    invalid = n // 20
    return {
        "schema": 1,
        "run_id": f"{abs(hash_of(model)):08x}{task[:4]}",
        "model": model,
        "prompt": "zero_shot",
        "task": task,
        "condition": "withheld",
        "split": "test",
        "config": "all",
        "seed": 0,
        "dataset_fingerprint": "6f1c2d",
        "runner_version": "1",
        "signature": f"multirads_f1|version:0.1.0|task:{task}|n:{n}",
        "n": n,
        "states": {"ok": n - 2 * invalid, "repaired": invalid, "not_json": invalid - 1, "truncated": 1, "error": 0},
        "scores": scores,
        "by_document": parts,
        "environment": {"python": "3.11.9", "packages": {"datasets": "5.2.0", "numpy": "2.4.0"}},
    } | changes


def hash_of(text: str) -> int:
    return sum((i + 1) * ord(letter) for i, letter in enumerate(text))


@pytest.fixture
def make_result() -> Callable[..., dict[str, Any]]:
    return result


@pytest.fixture
def three(make_result: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        make_result("baseline:majority", 0.31),
        make_result("baseline:lexicon", 0.93),
        make_result("baseline:bow", 0.71),
    ]
