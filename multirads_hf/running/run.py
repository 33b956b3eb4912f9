"""Run a model over a split: ask what the store does not know yet, and keep every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from multirads_hf import corpus, rads
from multirads_hf._version import __version__
from multirads_hf.errors import OptionError, RunError, require_name, shown
from multirads_hf.running import prompts
from multirads_hf.running.identity import RunHeader, content_hash, dataset_fingerprint, run_id
from multirads_hf.running.models import BATCH_SIZE, MAX_NEW_TOKENS, Completion, Model, Options, Prompt, open_model
from multirads_hf.running.store import DEFAULT_STORE, Store

Record = Mapping[str, Any]
AnyPath = str | PathLike[str]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one call of `run` did.

    Attributes:
        n: records that the run was asked for.
        asked: those that the model was asked now.
        reused: those whose answers were in the store.
        errors: those whose call failed now; the next call asks them again.
        path: the store.
    """

    run_id: str
    model: str
    n: int
    asked: int
    reused: int
    errors: int
    path: Path


def run(
    model_spec: str | Model, *, prompt: str = "zero_shot", task: str = "extraction", condition: str = "withheld",
    split: str = "test", config: str = "all", limit: int | None = None, seed: int = 0, store: AnyPath = DEFAULT_STORE,
    batch_size: int = BATCH_SIZE, max_new_tokens: int = MAX_NEW_TOKENS, dtype: str = "auto",
    device: str = "auto", progress: bool = True,
) -> RunSummary:  # fmt: skip
    """Ask a model about every report of a split and keep each answer as it comes.

    The same call again goes on where the last one ended, killed or not: what has an answer is not
    asked again, what failed is. A larger ``limit`` adds to the same run.

    Args:
        model_spec: a spec (see `multirads_hf.running.models.open_model`) or an open model.
        prompt: ``zero_shot`` or ``guided``.
        task: ``extraction`` (findings and category) or ``category``.
        condition: ``withheld``, ``stated`` or ``discordant``.
        split: of the corpus.
        config: ``all`` or one RADS.
        limit: the first records of the split; all of them when None.
        seed: of the corpus.
        store: the SQLite file that holds runs and answers.
        batch_size: prompts of one local call.
        max_new_tokens: longest answer, in tokens.
        dtype: precision of a local model.
        device: torch device of a local model.
        progress: whether to draw a progress bar.

    Raises:
        UnknownNameError: an unknown model, prompt, task, condition, split or config.
        OptionError: a number that is not allowed.
        RunError: the store or the model cannot be used.
        MissingExtraError: the model needs packages that are not installed.
    """
    require_name("prompt", prompt, prompts.names())
    require_name("task", task, prompts.TASKS)
    stop = _stop(config, split, limit, seed, condition)
    options = Options(batch_size, max_new_tokens, dtype, device)
    if Path(store).exists():  # what is no store is refused before a model is loaded
        Store(store).close()
    model = open_model(model_spec, **asdict(options)) if isinstance(model_spec, str) else model_spec
    records = list(corpus.records(config, split, 0, stop, seed=seed, condition=condition))
    identity: dict[str, Any] = {
        "model": model.name, "revision": model.revision, "prompt": prompt, "prompt_hash": _told(prompt, task, config),
        "task": task, "condition": condition, "split": split, "config": config, "seed": seed,
        "settings": dict(model.settings), "runner_version": __version__,
    }  # fmt: skip
    dataset = dataset_fingerprint(records)
    header = RunHeader(run_id=run_id(**identity), **identity, n=len(records), dataset_fingerprint=dataset)
    return _finished(_run(model, header, records, Path(store), progress))


def _stop(config: str, split: str, limit: int | None, seed: int, condition: str) -> int:
    """Return how many records are asked about; what is not allowed is refused before anything is made."""
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise OptionError(f"limit: got {shown(limit)}. Allowed: a whole number from 1, or none for the whole split.")
    require_name("condition", condition, corpus.CONDITIONS)
    size = corpus.split_size(config, split, corpus.Options(seed=seed))
    return size if limit is None else min(limit, size)


def _told(prompt: str, task: str, config: str) -> str:
    """Return the hash of what the prompt tells about every document of a config, whatever the limit."""
    documents = [document for document in rads.documents() if config in ("all", document.system)]
    return prompts.fingerprint(prompt, task, documents)


def _finished(coroutine: Coroutine[Any, Any, RunSummary]) -> RunSummary:
    """Return what a coroutine returns, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


async def _run(model: Model, header: RunHeader, records: Sequence[Record], path: Path, progress: bool) -> RunSummary:
    with Store(path) as store:
        store.begin(header, model.engine)
        known = store.answered(header.run_id)
        missing = {r["id"]: r for r in records if known.get(r["id"]) != content_hash(r)}
        with _bar(header, len(records) - len(missing), progress) as bar:

            def keep(completion: Completion) -> None:
                store.keep(header.run_id, missing[completion.record_id], completion)
                bar.update()

            asked = [prompts.ask(header.prompt, header.task, record) for record in missing.values()]
            errors = await _ask(model, asked, keep)
    return RunSummary(header.run_id, model.name, header.n, len(asked), header.n - len(asked), errors, path)


async def _ask(model: Model, asked: Sequence[Prompt], keep: Callable[[Completion], None]) -> int:
    """Ask, keep each completion as it comes, and return how many calls failed."""
    waiting, errors = {prompt.record_id for prompt in asked}, 0
    if not asked:
        return errors
    async for completion in model.generate(asked):
        if completion.record_id not in waiting:
            raise RunError(f"{model.name}: answered {shown(completion.record_id)} twice, or was not asked for it.")
        waiting.remove(completion.record_id)
        keep(completion)
        errors += completion.error is not None
    if waiting:
        raise RunError(f"{model.name}: answered {len(asked) - len(waiting)} of {len(asked)} prompts.")
    return errors


def _bar(header: RunHeader, done: int, progress: bool) -> Any:
    from huggingface_hub.utils import tqdm  # type: ignore[attr-defined]  # noqa: PLC0415 (heavy)

    title = f"{header.model} {header.prompt} {header.split}"
    bar: Any = tqdm
    return bar(total=header.n, initial=done, desc=title, unit="report", disable=None if progress else True)
