"""How answers are scored: the options, checked when they are made."""

from __future__ import annotations

import math
from dataclasses import dataclass

from multirads_hf.errors import OptionError, allowed, shown
from multirads_hf.scoring.parse import TASKS, Task
from multirads_hf.scoring.values import TOLERANCE_MM

# Groups that every report has; others are given beside the reports.
GROUPS = ("system", "document", "field")
MOST_RESAMPLES = 100_000
LARGEST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How answers are scored.

    Attributes:
        task: ``extraction``, or ``category`` for the label alone.
        strict: neither repair of JSON nor other spellings of names, values and labels.
        tolerance_mm: lengths that differ by no more agree.
        confidence_level: of every interval, between 0 and 1.
        n_resamples: bootstrap samples; 0 leaves bootstrap intervals out.
        seed: of the bootstrap.
        condition: of the reports, for the signature.
        by: groups to break scores down by, of ``GROUPS`` and of those given beside the reports.

    Raises:
        OptionError: a value that is not allowed.
    """

    task: Task = "extraction"
    strict: bool = False
    tolerance_mm: float = TOLERANCE_MM
    confidence_level: float = 0.95
    n_resamples: int = 1000
    seed: int = 0
    condition: str = "withheld"
    by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise OptionError(f"task: got {shown(self.task)}. {allowed(self.task, TASKS)}")
        if not isinstance(self.strict, bool):
            raise OptionError(f"strict: got {shown(self.strict)}. Allowed: True, False.")
        if not (_is_number(self.tolerance_mm) and self.tolerance_mm >= 0):
            raise OptionError(f"tolerance_mm: got {shown(self.tolerance_mm)}. Allowed: a number of mm, 0 or more.")
        if not (_is_number(self.confidence_level) and 0 < self.confidence_level < 1):
            given = shown(self.confidence_level)
            raise OptionError(f"confidence_level: got {given}. Allowed: a number between 0 and 1, such as 0.95.")
        _require_whole("n_resamples", self.n_resamples, MOST_RESAMPLES)
        _require_whole("seed", self.seed, LARGEST_SEED)
        wrong = next((name for name in self.by if not isinstance(name, str)), None)
        if wrong is not None:
            raise OptionError(f"by: got {shown(wrong)}. Allowed: names of groups.")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _require_whole(name: str, value: object, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise OptionError(f"{name}: got {shown(value)}. Allowed: a whole number from 0 to {most}.")
