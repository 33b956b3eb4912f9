"""Rows for tests: real ones, and hand-made ones of which only what matters is given."""

from __future__ import annotations

from typing import Any

from multirads_hf import corpus

WORDS = [f"{one}{other}" for one in ("ba", "ke", "li", "mo") for other in ("dan", "fer", "gil", "tup")]


def real(split: str = "test", number: int = 60, **options: Any) -> list[dict[str, Any]]:
    """Return the first rows of a split."""
    return list(corpus.records("tirads", split, 0, number, **options))


def text(number: int, length: int = 40) -> str:
    """Return a text that shares no run of five words with that of another number."""
    return " ".join(f"{WORDS[(number * 7 + place) % len(WORDS)]}{number:04d}" for place in range(length))
