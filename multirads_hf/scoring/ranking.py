"""Rank groups: models that the reports cannot tell apart share one.

Models stand in the order of their score. A group ends where every model above the line differs
significantly from every model below it (Koehn, *Simulating human judgment in machine translation
evaluation campaigns*, IWSLT 2012; the clusters of the WMT shared tasks). So two models that cannot
be told apart are always in one group, whatever their scores; two of one group may yet differ, with
others between them that differ from neither. What is known of one model by itself is the range of
its rank: one more than the models significantly better, to all but those significantly worse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a model stands among those compared.

    Attributes:
        model: its name.
        value: the number it is ranked by; None where it does not exist.
        group: 1 for the best group; None without a number.
        best_rank: 1 and the number of models that are significantly better.
        worst_rank: the number of ranked models, less those that are significantly worse.
    """

    model: str
    value: float | None
    group: int | None = None
    best_rank: int | None = None
    worst_rank: int | None = None


def ranked(scores: Mapping[str, float | None], higher_is_better: bool) -> tuple[list[str], list[str]]:
    """Return the models that have a number, best first and equal ones by name, and those that have none."""
    known = {model: value for model, value in scores.items() if value is not None}
    sign = -1 if higher_is_better else 1
    return sorted(known, key=lambda model: (sign * known[model], model)), sorted(set(scores) - set(known))


def standings(
    scores: Mapping[str, float | None], higher_is_better: bool, differ: Callable[[str, str], bool]
) -> list[Standing]:
    """Return every model with its rank group and the range of its rank, best first.

    >>> def differ(first, second):
    ...     return {first, second} != {"a", "b"}
    >>> [(own.model, own.group, own.worst_rank) for own in standings({"c": 0.5, "b": 0.8, "a": 0.9}, True, differ)]
    [('a', 1, 2), ('b', 1, 2), ('c', 2, 3)]

    Args:
        scores: the number of each model.
        higher_is_better: which way is better.
        differ: whether two models differ significantly.
    """
    order, unranked = ranked(scores, higher_is_better)
    placed = []
    group = 1
    for place, model in enumerate(order):
        above, below = order[:place], order[place + 1 :]
        group += place > 0 and _apart(above, order[place:], differ)
        better, worse = (sum(differ(model, other) for other in others) for others in (above, below))
        placed.append(Standing(model, scores[model], group, 1 + better, len(order) - worse))
    return [*placed, *(Standing(model, None) for model in unranked)]


def groups(standings: Sequence[Standing]) -> list[list[str]]:
    """Return the models of each rank group, best group first."""
    found: dict[int, list[str]] = {}
    for own in standings:
        if own.group is not None:
            found.setdefault(own.group, []).append(own.model)
    return list(found.values())


def _apart(above: Sequence[str], below: Sequence[str], differ: Callable[[str, str], bool]) -> bool:
    return all(differ(one, other) for one in above for other in below)
