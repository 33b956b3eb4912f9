"""Run a model over a split: ask what the store does not know yet, and keep every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from multirads_hf.running import constraint, prompts
from multirads_hf.running.asking import ask_missing
from multirads_hf.running.budget import Budget
from multirads_hf.running.identity import RunHeader
from multirads_hf.running.keeping import Keeper
from multirads_hf.running.models import CHARACTERS_PER_TOKEN, Model, Prompt, open_model
from multirads_hf.running.request import Request, request_of
from multirads_hf.running.store import DEFAULT_STORE, Store
from multirads_hf.running.summary import RunSummary

Record = Mapping[str, Any]
AnyPath = str | PathLike[str]
T = TypeVar("T")


def run(model_spec: str | Model, *, store: AnyPath = DEFAULT_STORE, progress: bool = True, **asked: Any) -> RunSummary:
    """Ask a model about every report of a split and keep each answer as it comes.

    The same call again goes on where the last one ended, killed or not: what has an answer is not
    asked again, what failed is. A larger ``limit`` adds to the same run.

    Args:
        model_spec: a spec (see `multirads_hf.running.models.open_model`) or an open model.
        store: the SQLite file that holds runs and answers.
        progress: whether to draw a progress bar.
        **asked: what is asked for:

            * ``prompt``: ``zero_shot`` (default), ``guided`` or ``few_shot``;
            * ``task``: ``extraction`` (findings and category, the default) or ``category``;
            * ``condition``: ``withheld`` (default), ``stated`` or ``discordant``;
            * ``split``, ``config``, ``seed``: of the corpus; by default ``test``, ``all`` and 0;
            * ``limit``: the first records of the split; all of them by default;
            * ``shots``, ``shots_by``: examples of ``few_shot``, chosen as ``nearest`` or ``random``;
            * ``max_tokens_total``, ``max_cost``: a budget of tokens, and of US dollars by the price
              file ``prices`` (see `multirads_hf.running.budget`). No call starts beyond it; earlier
              calls of the same run count, and of calls that failed what the server counted;
            * any field of `multirads_hf.running.models.Options`.

    Raises:
        UnknownNameError: an unknown model, prompt, task, condition, split or config.
        OptionError: an unknown option, or a value that is not allowed.
        RunError: the store or the model cannot be used.
        MissingExtraError: the model needs packages that are not installed.
    """
    return finished(run_async(model_spec, request_of(asked), store, progress))


async def run_async(
    spec: str | Model, request: Request, store: AnyPath, progress: bool, *,
    joined: Callable[[Budget], object] = lambda _: None,
) -> RunSummary:  # fmt: skip
    """Do what `run` does, beside others in one event loop; ``joined`` gets the budget before the first call."""
    path = Path(store)
    if path.exists():  # what is no store is refused before a model is loaded
        Store(path).close()
    budget = request.budget(spec if isinstance(spec, str) else spec.name)
    model = open_model(spec, **request.options) if isinstance(spec, str) else spec
    records, examples = request.records(), request.examples()
    header = request.header(model, records)
    budget.answer_tokens = answer_tokens(records)

    def asked(record: Record) -> Prompt:
        return prompts.ask(request.prompt, request.task, record, examples(record))

    with Store(path) as opened:
        budget.spent(opened.spent(header.run_id))
        joined(budget)
        done = await ask_missing(opened, model, header, records, asked=asked, budget=budget, progress=progress)
        summary = _summary(opened, header, {str(record["id"]) for record in records}, budget, done)
    differs = model.engine.get("batch_check", {}).get("differ", 0)
    return replace(summary, batch_differs=differs, notes=tuple(getattr(model, "notes", ())))


def answer_tokens(records: Sequence[Record]) -> float:
    """Return how long the right answers are on average, in tokens by the usual estimate."""
    return sum(len(record["extraction"]) for record in records) / len(records) / CHARACTERS_PER_TOKEN


def _summary(store: Store, header: RunHeader, names: set[str], budget: Budget, done: Keeper) -> RunSummary:
    known = store.answered(header.run_id)
    unasked = len(names - known.keys()) - done.errors
    constrained = header.settings.get("constrained")
    return RunSummary(
        header.run_id, header.model, header.n, asked=done.ended, reused=header.n - done.ended - unasked,
        errors=done.errors, path=store.path, answered=len(known),
        truncated=store.finish_reasons(header.run_id).get("length", 0),
        broken=constraint.broken(store.answers(header.run_id), header.task) if constrained else 0,
        stopped=budget.used_up() if unasked else "", prompt_tokens=budget.prompt_tokens,
        completion_tokens=budget.completion_tokens, cost=budget.cost, problem=done.problem,
    )  # fmt: skip


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
