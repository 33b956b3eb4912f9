"""The figures of a results file one by one, and the same made again from the answers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multirads_hf.errors import RunError, shown
from multirads_hf.running.comparing import robustness
from multirads_hf.running.details import score_rows, usage_of
from multirads_hf.running.results import ScoredRun
from multirads_hf.scoring import Counts
from multirads_hf.scoring.signature import PACKAGES
from multirads_hf.scoring.subgroups import AGE_BAND, SEX

# How far a figure may be off: sums of floats differ in their last digits between machines.
TOLERANCE = 1e-9
# The same for bounds of intervals and p-values, which the seeded draws of a bootstrap decide.
TOLERANCE_OF_BOUNDS = 1e-6
_BOUNDS = ("low", "high", "f1_low", "f1_high", "p_value")
# What the answers decide in a results file; prices, machine and versions of code are left out.
_SCORED = (
    "n", "n_error", "states", "scores", "by_document", "by", "gaps", "category_errors", "few_reports", "shortcuts",
)  # fmt: skip
_UNPRICED = ("cost", "constraint_broken")
# Of two runs: see `multirads_hf.running.comparing`.
DROPS = "robustness_drop_"
# Part of the signature -> option of `multirads_hf.scoring.score`, and how it is read.
_OPTIONS: Mapping[str, tuple[str, Any]] = {
    "strict": ("strict", lambda text: text == "yes"), "tolerance_mm": ("tolerance_mm", float),
    "confidence": ("confidence_level", float), "resamples": ("n_resamples", int), "seed": ("seed", int),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was published and as the answers give it; None where there is none.

    Attributes:
        name: its place in the results file, such as ``scores.category_accuracy.value``.
        published: what the results file says.
        found: what the answers give.
    """

    name: str
    published: Any
    found: Any

    @property
    def holds(self) -> bool:
        """Whether the two agree: counts and names exactly, other numbers to within the tolerance."""
        both = (self.published, self.found)
        if any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in both):
            return bool(self.published == self.found and type(self.published) is type(self.found))
        if all(isinstance(one, int) for one in both):
            return bool(self.published == self.found)
        bound = self.name.rpartition(".")[2] in _BOUNDS
        return math.isclose(*both, rel_tol=0, abs_tol=TOLERANCE_OF_BOUNDS if bound else TOLERANCE)


def parts_of(signature: str) -> dict[str, str]:
    """Return the parts of a signature by their names."""
    return dict(part.split(":", 1) for part in signature.split("|") if ":" in part)


def options_of(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options under which a run was scored, from its signature and breakdowns.

    Raises:
        RunError: the signature lacks one, or holds what is none.
    """
    parts = parts_of(str(results["signature"]))
    try:
        own = {option: read(parts[name]) for name, (option, read) in _OPTIONS.items()}
    except (KeyError, ValueError) as error:
        raise RunError(f"signature: got {shown(results['signature'])}: {error}. Allowed: that of a run.") from error
    return own | {"by": [name for name in results.get("by") or () if name not in (AGE_BAND, SEX)]}


def rescored(results: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], Sequence[Counts]]:
    """Return what a results file says of answers, made again from them, and what each answer counts for.

    Args:
        results: of the run: under what options its answers are scored.
        rows: its details.
    """
    scores = score_rows(rows, results["task"], results["condition"], **options_of(results))
    # As a file holds it: mappings with names as keys, lists.
    return json.loads(json.dumps({**scores.to_json(), "usage": usage_of(rows)})), scores.reports


def compared(results: Mapping[str, Any], again: Mapping[str, Any]) -> list[Figure]:
    """Return every figure of a results file beside that of another; drops by noise are left out."""
    published, found = dict(figures_of(results)), dict(figures_of(again))
    return [Figure(name, published.get(name), found.get(name)) for name in {**published, **found}]


def figures_of(results: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield name and value of every figure that answers decide."""
    for name in _SCORED:
        yield from _flat(name, results.get(name))
    usage = {name: value for name, value in (results.get("usage") or {}).items() if name not in _UNPRICED}
    yield from _flat("usage", usage)
    for name, part in parts_of(str(results.get("signature"))).items():
        if name not in ("version", *(package.replace("-", "_") for package in PACKAGES)):
            yield f"signature.{name}", part


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if name.startswith(f"scores.{DROPS}"):
        return
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(f"{name}.{key}", part)
    elif value is not None:
        yield name, value


def drops_beside(own: ScoredRun, clean: ScoredRun) -> list[Figure]:
    """Return the figures of what noise cost a run beside those that its run without noise gives."""
    lost = {name: estimate.to_json() for name, estimate in robustness(clean, own).items()}
    found = drops_of({"scores": lost})
    return [Figure(name, value, found.get(name)) for name, value in drops_of(own.results).items()]


def drops_of(results: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of what noise cost a run."""
    own = {name: value for name, value in results["scores"].items() if name.startswith(DROPS)}
    return {f"scores.{name}.{key}": value for name, found in own.items() for key, value in (found or {}).items()}
