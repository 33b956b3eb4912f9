"""What callers give beside each other: lists that must be lists, one member a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from multirads_hf.errors import ScoringError, shown

T = TypeVar("T")


def listed(values: Iterable[T], name: str) -> list[T]:
    """Return values as a list.

    Raises:
        ScoringError: it is a single text, a mapping, or not iterable.
    """
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ScoringError(f"{name}: got {shown(values)}. Allowed: a list, one member a report.")
    return list(values)


def beside(expected: Sequence[str], values: Iterable[T], name: str) -> list[T]:
    """Return values as a list, which has to be as long as the references.

    Raises:
        ScoringError: it is no list, or of another length.
    """
    own = listed(values, name)
    if len(own) != len(expected):
        raise ScoringError(f"{name}: got {len(own)}, references {len(expected)}. Allowed: one for each reference.")
    return own
