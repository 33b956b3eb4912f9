"""The examples of ``few_shot``: reports of ``train`` with their answers, none of the asked report's scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from multirads_hf import corpus, rads
from multirads_hf.draw import Draw
from multirads_hf.errors import OptionError, RunError, require_name, shown

Record = Mapping[str, Any]
CHOICES = ("nearest", "random")
# Reports of ``train`` among which examples are chosen, for each document.
POOL = 240
MOST_SHOTS = 32
# Decimals to which similarities are compared: beyond them, machines differ.
DECIMALS = 9


class Examples:
    """Chooses examples for a report; the same ones on every machine.

    Args:
        shots: examples of each report; 0 for none.
        by: ``nearest`` (most similar words by TF-IDF, the most similar last) or ``random``.
        condition: of the reports that are shown.
        seed: of the corpus.

    Raises:
        OptionError: ``shots`` is out of range.
        UnknownNameError: an unknown way to choose.
    """

    def __init__(self, shots: int, by: str = "nearest", *, condition: str = "withheld", seed: int = 0) -> None:
        if isinstance(shots, bool) or not isinstance(shots, int) or not 0 <= shots <= MOST_SHOTS:
            raise OptionError(f"shots: got {shown(shots)}. Allowed: a whole number from 0 to {MOST_SHOTS}.")
        self.shots = shots
        self.by = require_name("way to choose examples", by, CHOICES)
        self.condition = condition
        self.seed = seed

    @property
    def settings(self) -> dict[str, Any]:
        """What decides the examples: part of a run's identity."""
        return {"shots": self.shots, "shots_by": self.by, "pool": POOL} if self.shots else {}

    def __call__(self, record: Record) -> list[Record]:
        """Return the examples for one report, in the order in which they are shown.

        Raises:
            RunError: ``train`` has too few reports of other scenarios.
        """
        if not self.shots:
            return []
        pool = _pool(record["document"], self.condition, self.seed)
        other = [place for place, own in enumerate(pool) if _disjoint(own, record)]
        if len(other) < self.shots:
            raise RunError(f"{record['id']}: {len(other)} reports to choose {self.shots} examples from.")
        if self.by == "random":
            order = Draw(self.seed, record["id"], "examples").order(len(other))
            return [pool[other[place]] for place in order[: self.shots]]
        near = _similarities(record["document"], self.condition, self.seed, record["report"])
        ranked = sorted(other, key=lambda place: (-near[place], pool[place]["id"]))
        return [pool[place] for place in reversed(ranked[: self.shots])]


def _disjoint(example: Record, record: Record) -> bool:
    return bool(example["scenario"] != record["scenario"] and example["study_id"] != record["study_id"])


@cache
def _pool(key: str, condition: str, seed: int) -> tuple[Record, ...]:
    options: dict[str, Any] = {"documents": (key,), "condition": condition, "seed": seed, "num_reports": POOL}
    return tuple(corpus.records(rads.get(key).system, "train", **options))


@cache
def _words(key: str, condition: str, seed: int) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 (heavy)

    words = TfidfVectorizer(sublinear_tf=True)
    return words, words.fit_transform([record["report"] for record in _pool(key, condition, seed)])


def _similarities(key: str, condition: str, seed: int, report: str) -> Sequence[float]:
    words, pool = _words(key, condition, seed)
    found: list[float] = (pool @ words.transform([report]).T).toarray().ravel().round(DECIMALS).tolist()
    return found
