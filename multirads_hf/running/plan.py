"""What a sweep will ask, and what that may cost, before the first call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from multirads_hf.running import prompts
from multirads_hf.running.budget import price_of, read_prices
from multirads_hf.running.earlier import earlier_runs
from multirads_hf.running.models import CHARACTERS_PER_TOKEN, open_model
from multirads_hf.running.request import Request
from multirads_hf.running.store import Store
from multirads_hf.running.sweep import FREE, LIGHT, Sweep, SweepRun

# Reports from which the length of all prompts is estimated: blocks of a corpus are alike.
SAMPLE = 120


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """What one run of a sweep will ask.

    Attributes:
        n: reports.
        kept: those of them that the store has answers to; for models that must be loaded to know
            it, those of runs of the same name and prompt.
        prompt_tokens: of what is still to be asked, by the usual estimate.
        completion_tokens: of the right answers to it, by the usual estimate; thinking comes on top.
        cost: of both, in US dollars; None without a price. What calls no one takes no tokens.
    """

    run: SweepRun
    n: int
    kept: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None

    @property
    def calls(self) -> int:
        """Reports that are still to be asked about."""
        return self.n - self.kept


def plan_of(sweep: Sweep) -> list[PlannedRun]:
    """Return what each run of a sweep will ask.

    Raises:
        RunError: a model that opens without loading cannot be opened, or the store is none.
    """
    lengths = _Lengths()
    return [_planned(sweep, own, lengths) for own in sweep.runs]


def _planned(sweep: Sweep, own: SweepRun, lengths: _Lengths) -> PlannedRun:
    request = own.request
    records = lengths.records(request)
    kept = _kept(sweep, own, records)
    if own.kind in FREE:
        return PlannedRun(own, len(records), kept, 0, 0, 0.0)
    share = (len(records) - kept) / len(records)
    asked, answered = (round(total * share) for total in lengths.tokens(request))
    price = price_of(read_prices(request.prices), own.model) if request.prices is not None else None
    return PlannedRun(own, len(records), kept, asked, answered, price.cost(asked, answered) if price else None)


def _kept(sweep: Sweep, own: SweepRun, records: list[dict[str, Any]]) -> int:
    if own.kind in LIGHT:  # what cannot be opened is told now, not in the middle
        open_model(own.model, **own.request.options)
    if not sweep.store.exists():
        return 0
    names = {str(record["id"]) for record in records}
    with Store(sweep.store) as store:
        return max((len(names & store.answered(found).keys()) for found in earlier_runs(store, own)), default=0)


class _Lengths:
    """Records and lengths of prompts, each made once for all models."""

    def __init__(self) -> None:
        self._records = cache(self._made)
        self._tokens = cache(self._estimated)

    def records(self, request: Request) -> list[dict[str, Any]]:
        return self._records(request.config, request.split, request.limit, request.seed, request.condition)

    def tokens(self, request: Request) -> tuple[float, float]:
        """Return the tokens of all prompts and of the right answers to them."""
        shots = request.examples().settings
        return self._tokens(request.prompt, request.task, tuple(shots.items()), _Keyed(request))

    def _made(self, *of: Any) -> list[dict[str, Any]]:
        config, split, limit, seed, condition = of
        return Request(config=config, split=split, limit=limit, seed=seed, condition=condition).records()

    def _estimated(self, prompt: str, task: str, shots: Any, keyed: _Keyed) -> tuple[float, float]:
        del shots  # decides the examples
        records = self.records(keyed.request)
        sample, examples = records[:: max(1, len(records) // SAMPLE)], keyed.request.examples()
        asked = sum(prompts.ask(prompt, task, record, examples(record)).estimated_tokens for record in sample)
        answered = sum(len(prompts.right_answer(task, record)) for record in sample) / CHARACTERS_PER_TOKEN
        scale = len(records) / len(sample)
        return asked * scale, answered * scale


class _Keyed:
    """A request that equals others about the same reports."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._key = (request.config, request.split, request.limit, request.seed, request.condition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def total(planned: Iterable[PlannedRun]) -> tuple[int, int, int, float | None]:
    """Return calls, tokens of prompts and of answers, and cost; the cost of all is known where each is."""
    rows = list(planned)
    costs = [own.cost for own in rows if own.calls]
    known = [cost for cost in costs if cost is not None]
    return (
        sum(own.calls for own in rows), sum(own.prompt_tokens for own in rows),
        sum(own.completion_tokens for own in rows), sum(known) if len(known) == len(costs) else None,
    )  # fmt: skip
