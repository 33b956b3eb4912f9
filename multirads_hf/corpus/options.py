"""What a user may choose of the corpus: its size, its seed, and which reports it holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from multirads_hf import rads
from multirads_hf.corpus.profiles import KEYS as PROFILES
from multirads_hf.errors import OptionError, allowed, require_name, shown
from multirads_hf.schema import MODALITIES

CONDITIONS = ("withheld", "stated", "discordant")
# Levels of noise: none, light, moderate, heavy.
LEVELS = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Options:
    """The dials of a corpus. Empty means everything; whatever is left out keeps its id and its text.

    Attributes:
        num_reports: rows of every split; None for the sizes of the benchmark.
        seed: names the corpus; the same seed gives the same bytes everywhere.
        condition: whether reports print their category: ``withheld``, ``stated`` or ``discordant``.
        documents: keys of the documents to keep.
        modalities: the modalities to keep.
        categories: the labels to keep, ``TR5`` or ``tirads:TR5``; labels without modifiers.
        weights: label -> how often it occurs beside the other labels of its document (1 where none is
            given), in the splits that otherwise have every label equally often.
        profiles: the writers to keep.
        noise: level of disturbance from 0 to 3 of every report; None for 1 to 3 in turn in
            ``test_noisy`` and for 0 elsewhere.

    Raises:
        UnknownNameError: a name that does not exist; the nearest one is suggested.
        OptionError: a number that is not allowed.
    """

    num_reports: int | None = None
    seed: int = 0
    condition: str = "withheld"
    documents: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    profiles: tuple[str, ...] = ()
    noise: int | None = None

    def __post_init__(self) -> None:
        """Check every value, and bring lists and mappings to tuples."""
        _whole("num_reports", self.num_reports, 1)
        _whole("seed", self.seed, 0)
        require_name("condition", self.condition, CONDITIONS)
        if self.noise is not None and (isinstance(self.noise, bool) or self.noise not in LEVELS):
            raise OptionError(f"noise: got {shown(self.noise)}. Allowed: {', '.join(map(str, LEVELS))}.")
        labels = _labels()
        for name, known in (("documents", rads.keys()), ("modalities", MODALITIES), ("categories", labels),
                            ("profiles", PROFILES)):  # fmt: skip
            object.__setattr__(self, name, _names(name, getattr(self, name), known))
        object.__setattr__(self, "weights", _weights(self.weights, labels))

    @property
    def chooses(self) -> bool:
        """Whether some reports are left out."""
        return bool(self.documents or self.modalities or self.categories or self.weights or self.profiles)

    def given(self) -> dict[str, Any]:
        """Return the options that are not at their defaults."""
        own = {name: getattr(self, name) for name in OPTION_NAMES}
        return {name: value for name, value in own.items() if value not in (None, (), _DEFAULTS[name])}

    def weight(self, document: str, category: str) -> float:
        """Return how often a label occurs, as a share of the most frequent one of its document."""
        return _shares(self.weights, document)[category]


_DEFAULTS = {field.name: field.default for field in fields(Options)}
OPTION_NAMES = tuple(_DEFAULTS)


def options(given: Mapping[str, Any]) -> Options:
    """Return checked options; None stands for a default.

    Raises:
        OptionError: no such option, or a value that is not allowed.
        UnknownNameError: a name that does not exist.
    """
    for name in given:
        if name not in OPTION_NAMES:
            raise OptionError(f"multirads: unknown option {shown(name)}. {allowed(name, OPTION_NAMES)}")
    return Options(**{name: value for name, value in given.items() if value is not None})


@lru_cache(maxsize=256)
def _shares(weights: tuple[tuple[str, float], ...], document: str) -> dict[str, float]:
    given, codes = dict(weights), rads.get(document).core_codes
    every = {code: given.get(f"{document}:{code}", given.get(code, 1.0)) for code in codes}
    return {code: weight / (max(every.values()) or 1.0) for code, weight in every.items()}


def _labels() -> tuple[str, ...]:
    named = [(own.key, code) for own in rads.documents() for code in own.core_codes]
    return tuple(dict.fromkeys([*(code for _, code in named), *(f"{key}:{code}" for key, code in named)]))


def _whole(name: str, value: Any, least: int) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
        raise OptionError(f"{name}: got {shown(value)}. Allowed: a whole number from {least} up.")


def _names(option: str, given: Any, known: Iterable[str]) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, (list, tuple)):
        raise OptionError(f"{option}: got {shown(given)}. Allowed: a list of names.")
    for name in names:
        require_name(f"value of {option}", name, known)
    return tuple(dict.fromkeys(names))


def _weights(given: Any, known: Iterable[str]) -> tuple[tuple[str, float], ...]:
    try:
        pairs = dict(given)
    except (TypeError, ValueError):
        raise OptionError(f"weights: got {shown(given)}. Allowed: a mapping of label to number.") from None
    for label, weight in pairs.items():
        require_name("label in weights", label, known)
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight < float("inf"):
            raise OptionError(f"weights: {label}: got {shown(weight)}. Allowed: a number from 0 up.")
    return tuple(sorted((label, float(weight)) for label, weight in pairs.items()))
