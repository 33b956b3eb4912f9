"""A budget that several runs share, side by side or one after the other."""

from __future__ import annotations

from collections.abc import Hashable

from multirads_hf.running.budget import Budget, limit_of, require_limits


class SharedBudget:
    """What the runs of a sweep may use together, earlier calls of these runs included.

    Args:
        max_tokens: of prompts and answers together, None for no limit.
        max_cost: in US dollars, None for no limit; every run then needs a price.
    """

    def __init__(self, max_tokens: float | None, max_cost: float | None) -> None:
        require_limits(max_tokens, max_cost)
        self.max_tokens = max_tokens
        self.max_cost = max_cost
        self._runs: dict[Hashable, Budget] = {}

    def join(self, run: Hashable, budget: Budget) -> None:
        """Count what a run uses, in place of what was counted for it before."""
        self._runs[run] = budget
        budget.whole = self

    def taken(self, *, under_way: bool = False) -> tuple[float, float]:
        """Return tokens and US dollars that all runs have used."""
        taken = [budget.taken(under_way=under_way) for budget in self._runs.values()]
        return sum(tokens for tokens, _ in taken), sum(cost for _, cost in taken)

    def limit(self, *, under_way: bool) -> str:
        """Return the limit that is reached, as a few words; empty for none."""
        found = limit_of(self.max_tokens, self.max_cost, *self.taken(under_way=under_way))
        return f"{found} of the whole sweep" if found else ""
