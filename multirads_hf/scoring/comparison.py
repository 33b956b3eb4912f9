"""What a comparison returns: typed, with a flat form for ``evaluate`` and a nested one for files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from multirads_hf.scoring.ranking import Standing, groups
from multirads_hf.scoring.result import Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of the first model less that of the second; what does not exist is None.

    Attributes:
        value: the difference.
        low: lower bound, percentile of the paired bootstrap.
        high: upper bound.
        p_value: two-sided, of approximate randomisation.
        p_adjusted: the same, adjusted over all pairs (Benjamini and Hochberg).
        p_bootstrap: two-sided, of the paired bootstrap.
        detectable: the smallest true difference that would be found with the wanted power.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    p_adjusted: float | None = None
    p_bootstrap: float | None = None
    detectable: float | None = None


@dataclass(frozen=True, slots=True)
class McNemar:
    """Right and wrong categories of two models, and whether they are right equally often.

    Attributes:
        both: reports that both get right.
        only_first: reports that the first alone gets right.
        only_second: reports that the second alone gets right.
        neither: reports that both get wrong.
        p_value: two-sided, exact; None where reports are clustered, for it takes them as independent.
        p_adjusted: the same, adjusted over all pairs.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    p_value: float | None = None
    p_adjusted: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two models on the same reports.

    Attributes:
        first: the one that ranks higher.
        second: the other.
        differences: by metric, first less second.
        mcnemar: of their categories.
    """

    first: str
    second: str
    differences: Mapping[str, Difference]
    mcnemar: McNemar

    def to_json(self) -> dict[str, Any]:
        """Return plain mappings."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Models on the same reports.

    Attributes:
        signature: how it came about, in one line.
        task: ``extraction`` or ``category``.
        models: names in the order given.
        rank_by: the metric that orders and groups the models.
        n: reports, those left out included.
        n_error: reports left out, because the call of some model failed on them.
        scores: estimates by model and metric.
        standings: models with their rank groups, best first.
        pairs: every two models, in the order of the standings.
    """

    signature: str
    task: str
    models: tuple[str, ...]
    rank_by: str
    n: int
    n_error: int
    scores: Mapping[str, Mapping[str, Estimate]]
    standings: tuple[Standing, ...]
    pairs: tuple[Pair, ...]

    @property
    def groups(self) -> list[list[str]]:
        """The models of each rank group, best group first."""
        return groups(self.standings)

    @property
    def detectable(self) -> float | None:
        """The difference in ``rank_by`` that would be found with the wanted power between any two models.

        The largest over pairs; those that differ on no report, or on all alike, say nothing of it.
        """
        own = (pair.differences[self.rank_by].detectable for pair in self.pairs)
        return max((value for value in own if value is not None), default=None)

    def pair(self, one: str, other: str) -> Pair:
        """Return the pair of two models, given in either order."""
        return next(pair for pair in self.pairs if {pair.first, pair.second} == {one, other})

    def flat(self) -> dict[str, float]:
        """Return numbers by snake_case names, none that does not exist; of two models with their differences.

        These are the first model given less the second.
        """
        numbers: dict[str, float | None] = {}
        if len(self.models) == 2:
            pair = self.pairs[0]
            turned = pair.first != self.models[0]
            for metric, own in pair.differences.items():
                numbers |= _flat(metric, own, turned)
            numbers["mcnemar_p_value"] = pair.mcnemar.p_value
        numbers["minimal_detectable_difference"] = self.detectable
        known = {name: value for name, value in numbers.items() if value is not None}
        counted = {"n": self.n, "n_error": self.n_error, "n_models": len(self.models), "n_groups": len(self.groups)}
        return {**known, **counted}

    def to_json(self) -> dict[str, Any]:
        """Return plain mappings and lists; what does not exist is None."""
        scores = {name: {key: own.to_json() for key, own in found.items()} for name, found in self.scores.items()}
        return {
            "signature": self.signature,
            "task": self.task,
            "rank_by": self.rank_by,
            "n": self.n,
            "n_error": self.n_error,
            "models": list(self.models),
            "groups": self.groups,
            "ranking": [asdict(own) for own in self.standings],
            "scores": scores,
            "pairs": [pair.to_json() for pair in self.pairs],
        }


def _flat(metric: str, own: Difference, turned: bool) -> dict[str, float | None]:
    low, high = (own.high, own.low) if turned else (own.low, own.high)
    bounds = zip(("", "_low", "_high"), (own.value, low, high), strict=True)
    signed = {f"{metric}_difference{end}": _turn(value, turned) for end, value in bounds}
    return {**signed, f"{metric}_p_value": own.p_value}


def _turn(value: float | None, turned: bool) -> float | None:
    return 0.0 - value if turned and value is not None else value  # 0 stays 0, not -0
