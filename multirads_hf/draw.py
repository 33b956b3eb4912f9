"""Deterministic draws: the same key gives the same values on every machine and Python.

Only ``random.Random.random`` is used, whose sequence for a given integer seed is
guaranteed by the standard library; the integer is a BLAKE2 hash of the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import TypeVar

T = TypeVar("T")


def _seed(key: tuple[object, ...]) -> int:
    return int.from_bytes(blake2b("/".join(map(str, key)).encode(), digest_size=8).digest(), "big")


class Draw:
    """A stream of draws named by a key such as ``(seed, split, index, "study")``."""

    __slots__ = ("random",)

    def __init__(self, *key: object) -> None:
        self.random = Random(_seed(key)).random

    def restart(self, *key: object) -> None:
        """Do nothing: this stream runs on."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of ``options``, each equally likely."""
        return options[int(self.random() * len(options))]

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.random() < probability

    def between(self, low: float, high: float, step: float = 1) -> float:
        """Return a multiple of ``step`` from ``low`` to ``high``, both included."""
        count = int((high - low) / step + 1.5)
        value = low + int(self.random() * count) * step
        return value if step == int(step) else round(value, 3)

    def some(self, options: Sequence[T], least: int, most: int) -> list[T]:
        """Return ``least`` to ``most`` distinct options, in the order in which they are listed."""
        number = least + int(self.random() * (most - least + 1))
        chosen = self.order(len(options))[:number]
        return [options[i] for i in sorted(chosen)]

    def order(self, length: int) -> list[int]:
        """Return a permutation of ``range(length)``."""
        places = list(range(length))
        for i in range(length - 1, 0, -1):
            j = int(self.random() * (i + 1))
            places[i], places[j] = places[j], places[i]
        return places


class Aligned(Draw):
    """A stream that begins anew at every named place, so that two texts that differ at one place agree at the next."""

    __slots__ = ("_key", "_source")

    def __init__(self, *key: object) -> None:
        self._key, self._source = key, Random(_seed(key))
        self.random = self._source.random

    def restart(self, *key: object) -> None:
        """Begin the stream of a place."""
        self._source.seed(_seed((*self._key, *key)))
