"""What a run is asked for, the model apart: prompt, reports, examples and budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

from multirads_hf import corpus, rads
from multirads_hf._version import __version__
from multirads_hf.errors import OptionError, require_name, shown
from multirads_hf.running import prompts
from multirads_hf.running.budget import Budget, price_of, read_prices
from multirads_hf.running.examples import Examples
from multirads_hf.running.identity import RunHeader, dataset_fingerprint, run_id
from multirads_hf.running.models import Model, options_of


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for, the model apart. See `run` for what each field means."""

    prompt: str = "zero_shot"
    task: str = "extraction"
    condition: str = "withheld"
    split: str = "test"
    config: str = "all"
    limit: int | None = None
    seed: int = 0
    shots: int = 3
    shots_by: str = "nearest"
    max_tokens_total: float | None = None
    max_cost: float | None = None
    prices: str | PathLike[str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_name("prompt", self.prompt, prompts.names())
        require_name("task", self.task, prompts.TASKS)
        require_name("condition", self.condition, corpus.CONDITIONS)
        if self.limit is not None and (
            isinstance(self.limit, bool) or not isinstance(self.limit, int) or self.limit < 1
        ):
            allowed_here = "a whole number from 1, or none for the whole split"
            raise OptionError(f"limit: got {shown(self.limit)}. Allowed: {allowed_here}.")
        corpus.split_size(self.config, self.split, corpus.Options(seed=self.seed))
        options_of(self.options)
        self.examples()
        if self.max_cost is not None and self.prices is None:
            raise OptionError("max_cost: got no price of the model. Allowed: with a price file that names the model.")

    def records(self) -> list[dict[str, Any]]:
        """Return the rows of the dataset that are asked about."""
        size = corpus.split_size(self.config, self.split, corpus.Options(seed=self.seed))
        stop = size if self.limit is None else min(self.limit, size)
        return list(corpus.records(self.config, self.split, 0, stop, seed=self.seed, condition=self.condition))

    def examples(self) -> Examples:
        """Return what chooses the examples that a prompt shows: none but for ``few_shot``."""
        shots = self.shots if self.prompt == prompts.FEW_SHOT else 0
        return Examples(shots, self.shots_by, condition=self.condition, seed=self.seed)

    def told(self) -> str:
        """Return the hash of what the prompt tells about every document of a config, whatever the limit."""
        documents = [document for document in rads.documents() if self.config in ("all", document.system)]
        return prompts.fingerprint(self.prompt, self.task, documents)

    def budget(self, model: str) -> Budget:
        """Return what may be used."""
        price = price_of(read_prices(self.prices), model) if self.prices is not None else None
        return Budget(self.max_tokens_total, self.max_cost, price)

    def identity(self, model: Model) -> dict[str, Any]:
        """Return what the id of the run is made of."""
        return {
            "model": model.name, "revision": model.revision, "prompt": self.prompt, "prompt_hash": self.told(),
            "task": self.task, "condition": self.condition, "split": self.split, "config": self.config,
            "seed": self.seed, "settings": {**model.settings, **self.examples().settings},
            "runner_version": __version__,
        }  # fmt: skip

    def header(self, model: Model, records: list[dict[str, Any]]) -> RunHeader:
        """Return what the run is."""
        identity, dataset = self.identity(model), dataset_fingerprint(records)
        return RunHeader(run_id=run_id(**identity), **identity, n=len(records), dataset_fingerprint=dataset)


def request_of(given: Mapping[str, Any]) -> Request:
    """Return what is asked for by name; what `Request` does not know goes to the model."""
    own = {name: value for name, value in given.items() if name in Request.__dataclass_fields__ and name != "options"}
    return Request(**own, options={name: value for name, value in given.items() if name not in own})
