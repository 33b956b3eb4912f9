"""Asking: every prompt once, every completion kept as it comes, no more than the budget allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from multirads_hf.errors import RunError, shown
from multirads_hf.running.budget import Budget, Rationed
from multirads_hf.running.identity import RunHeader
from multirads_hf.running.keeping import Keeper
from multirads_hf.running.models import Completion, Model, Prompt, short_name
from multirads_hf.running.store import Store

Record = Mapping[str, Any]
# Seconds between two looks at what other runs of a shared budget have used.
OTHERS_S = 0.05


async def ask_missing(
    store: Store, model: Model, header: RunHeader, records: Sequence[Record], *, asked: Callable[[Record], Prompt],
    budget: Budget, progress: bool,
) -> Keeper:  # fmt: skip
    """Ask what the store has no answer to; return what kept the answers, with its counts."""
    store.begin(header, model.engine)
    known, held = store.answered(header.run_id), store.hold(records)
    prompts = {r["id"]: asked(r) for r in records if known.get(r["id"]) != held[r["id"]]}
    together = getattr(model, "concurrency", 1) > 1
    with _Bar(header, len(records) - len(prompts), progress) as bar:
        keeper = Keeper(store, header.run_id, held, prompts, together=together, told=bar.count)
        try:
            await ask(model, prompts.values(), keeper.keep, budget)
        finally:
            budget.forget()
            keeper.close()
            store.begin(header, model.engine)  # what was learnt about the server
    return keeper


async def ask(model: Model, prompts: Iterable[Prompt], keep: Callable[[Completion], None], budget: Budget) -> None:
    """Ask, and keep each completion as it comes, until all are there or the budget is used up.

    Raises:
        RunError: the model answers what it was not asked, twice, or not at all.
    """
    parallel = getattr(model, "concurrency", 1)
    waiting = {prompt.record_id: prompt for prompt in prompts}
    while waiting and await _room(budget):
        before, rationed = len(waiting), Rationed(list(waiting.values()), budget)
        stream = model.generate(rationed)
        try:
            async for completion in stream:
                if waiting.pop(completion.record_id, None) is None:
                    asked = shown(completion.record_id)
                    raise RunError(f"{model.name}: answered {asked} twice, or was not asked for it.")
                budget.ended(completion)
                keep(completion)
                if budget.used_up() and budget.under_way > parallel:  # it took more than it can have begun
                    budget.forget()
                    break
        finally:
            if close := getattr(stream, "aclose", None):
                await close()
        if budget.under_way or (len(waiting) == before and not rationed.cut):
            raise RunError(f"{model.name}: answered {before - len(waiting)} of {before} prompts.")


async def _room(budget: Budget) -> bool:
    """Return whether calls may start; where calls of other runs decide it, once these have ended."""
    while budget.reached():
        if budget.used_up():
            return False
        await asyncio.sleep(OTHERS_S)
    return True


class _Bar:
    """A progress bar that also counts calls that failed; none where standard error is no terminal."""

    def __init__(self, header: RunHeader, done: int, progress: bool) -> None:
        from huggingface_hub.utils import tqdm  # type: ignore[attr-defined]  # noqa: PLC0415 (heavy)

        title = f"{short_name(header.model)} {header.prompt} {header.condition} {header.split}"
        bar: Any = tqdm
        disable = None if progress else True
        self._bar = bar(total=header.n, initial=done, desc=title, unit=" reports", disable=disable)
        self._failed = 0

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def count(self, completion: Completion) -> None:
        """Count a completion."""
        if completion.error is not None:
            self._failed += 1
            self._bar.set_postfix_str(f"{self._failed} failed", refresh=False)
        self._bar.update()
