"""Doing a sweep: servers side by side, local models in turn and each loaded once, a failure none of the others'."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from multirads_hf.errors import MultiradsError, RunError
from multirads_hf.running.earlier import earlier_runs
from multirads_hf.running.models import Model, open_model
from multirads_hf.running.run import finished, run_async
from multirads_hf.running.shared import SharedBudget
from multirads_hf.running.store import Store
from multirads_hf.running.summary import RunSummary
from multirads_hf.running.sweep import LIGHT, Sweep, SweepRun


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How one run of a sweep ended: with a summary, or with an error that is none of the others'."""

    run: SweepRun
    summary: RunSummary | None = None
    error: str = ""

    @property
    def whole(self) -> bool:
        """Whether every report has an answer."""
        return self.summary is not None and not self.summary.errors and not self.summary.stopped


def run_sweep(sweep: Sweep, *, progress: bool = True) -> list[SweepResult]:
    """Do all runs of a sweep; one that cannot be done does not keep the others from it.

    Args:
        sweep: what to run.
        progress: whether to draw progress bars.

    Returns:
        One result a run, in the order of the sweep.

    Raises:
        RunError: the store is none.
    """
    return finished(_Sweeping(sweep, progress).all())


class _Sweeping:
    """One call of `run_sweep`."""

    def __init__(self, sweep: Sweep, progress: bool) -> None:
        self.sweep = sweep
        self.progress = progress
        self.budget = SharedBudget(sweep.max_tokens_total, sweep.max_cost)
        self.results: dict[int, SweepResult] = {}

    async def all(self) -> list[SweepResult]:
        self._count_earlier()
        self.places, self.device = asyncio.Semaphore(self.sweep.side_by_side), asyncio.Lock()
        async with asyncio.TaskGroup() as group:
            for places in self._groups():
                group.create_task(self._group(places))
        return [self.results[place] for place in range(len(self.sweep.runs))]

    def _groups(self) -> list[list[int]]:
        """Return the places of runs that one open model does one after the other: those of a local model."""
        groups: dict[object, list[int]] = {}
        for place, run in enumerate(self.sweep.runs):
            key = place if run.kind in LIGHT else (run.model, repr(run.request.options))
            groups.setdefault(key, []).append(place)
        return list(groups.values())

    def _count_earlier(self) -> None:
        """Count what earlier calls of the same runs took, those included that start last or not at all."""
        if not self.sweep.store.exists():
            return
        with Store(self.sweep.store) as store:
            for place, run in enumerate(self.sweep.runs):
                taken = [store.spent(found) for found in earlier_runs(store, run)]
                budget = run.request.budget(run.model)
                if taken:
                    budget.spent(max(taken, key=lambda own: own.prompt_tokens + own.lost_prompt_tokens))
                self.budget.join(place, budget)

    async def _group(self, places: Sequence[int]) -> None:
        first = self.sweep.runs[places[0]]
        if first.kind in LIGHT:
            async with self.places:
                await self._one(places[0], first.model)
            return
        async with self.device, self.places:
            try:
                model = await self._loaded(first)
            except (MultiradsError, OSError) as error:
                self.results |= {place: SweepResult(self.sweep.runs[place], error=str(error)) for place in places}
                return
            for place in places:
                await self._one(place, model)

    async def _loaded(self, run: SweepRun) -> Model:
        if limit := self.budget.limit(under_way=False):
            raise RunError(f"Stopped at {limit}, {run.model} was not loaded.")
        return await asyncio.to_thread(open_model, run.model, **run.request.options)

    async def _one(self, place: int, model: str | Model) -> None:
        run = self.sweep.runs[place]
        try:
            summary = await run_async(
                model, run.request, self.sweep.store, self.progress, joined=lambda own: self.budget.join(place, own)
            )
            self.results[place] = SweepResult(run, summary)
        except (MultiradsError, OSError) as error:
            self.results[place] = SweepResult(run, error=str(error))
