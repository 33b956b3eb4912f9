"""Which runs of a store a run of a sweep goes on with."""

from __future__ import annotations

from multirads_hf.running.identity import RunHeader, run_id
from multirads_hf.running.models import open_model
from multirads_hf.running.store import Store
from multirads_hf.running.sweep import LIGHT, SweepRun

NAMES = ("prompt", "task", "condition", "split", "config", "seed")


def earlier_runs(store: Store, own: SweepRun) -> list[str]:
    """Return the ids of runs that are the same, as far as that is known before the model is loaded.

    That is the very run for models that open without loading weights, else all of the same name and prompt.

    Raises:
        MultiradsError: a model that opens without loading cannot be opened.
    """
    if own.kind in LIGHT:
        return [run_id(**own.request.identity(open_model(own.model, **own.request.options)))]
    told = own.request.told()
    return [run.run_id for run in store.runs() if _alike(run, own) and run.prompt_hash == told]


def _alike(run: RunHeader, own: SweepRun) -> bool:
    return run.model == own.model and all(getattr(run, name) == getattr(own.request, name) for name in NAMES)
