"""A sweep: models x prompts x tasks x conditions x splits x configs, from one YAML file, with a plan first.

    store: multirads_runs/answers.sqlite
    side_by_side: 2
    models:
      - baseline:lexicon
      - model: openai:http://localhost:8000/v1#Qwen/Qwen3-8B
        concurrency: 64
    prompts: [zero_shot, guided]
    conditions: [withheld, discordant]
    limit: 200

Whatever `multirads_hf.running.run` takes may stand for all runs, or beside ``model`` for that model; so
may the lists. A baseline reads no prompt, and is run once whatever the list of prompts. But for a
budget: ``max_cost`` and ``max_tokens_total`` at the top are those of the whole sweep, beside ``model``
those of each of its runs. Runs lie in the store like any other, so a sweep that was interrupted goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from os import PathLike
from pathlib import Path
from typing import Any

from multirads_hf.errors import OptionError, RunError, allowed, shown
from multirads_hf.running.budget import price_of, read_prices, require_limits
from multirads_hf.running.models import Options, require_number, split_spec
from multirads_hf.running.request import Request, request_of
from multirads_hf.running.store import DEFAULT_STORE

# Lists of a sweep file -> what `run` calls one of them, and what a sweep without the list takes.
AXES = {
    "prompts": ("prompt", "zero_shot"), "tasks": ("task", "extraction"), "conditions": ("condition", "withheld"),
    "splits": ("split", "test"), "configs": ("config", "all"),
}  # fmt: skip
LIMITS = ("max_tokens_total", "max_cost")
OWN = ("store", "side_by_side", "models", *LIMITS, *AXES)
# Kinds of models that open without loading weights.
LIGHT = ("answers", "baseline", "openai", "router")
# Those that call no one, and so cost nothing.
FREE = ("answers", "baseline")


@dataclass(frozen=True, slots=True)
class SweepRun:
    """One run of a sweep."""

    model: str
    request: Request

    @property
    def kind(self) -> str:
        """Of its model."""
        return split_spec(self.model)[0]


@dataclass(frozen=True, slots=True)
class Sweep:
    """The runs of a sweep, in the order in which they start.

    Attributes:
        side_by_side: runs at once; local models take turns all the same.
        max_tokens_total: of all runs together, None for no limit.
        max_cost: of all runs together, in US dollars, None for no limit.
    """

    runs: tuple[SweepRun, ...]
    store: Path
    side_by_side: int = 1
    max_tokens_total: float | None = None
    max_cost: float | None = None


def read_sweep(path: str | PathLike[str]) -> Sweep:
    """Return the sweep of a file; everything that can be checked without a call is.

    Raises:
        RunError: the file cannot be read or is of another form.
        UnknownNameError: an unknown model kind, prompt, task, condition, split or config.
        OptionError: an unknown option, or a value that is not allowed.
    """
    import yaml  # noqa: PLC0415 (slow to import)

    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise RunError(f"Sweep {path}: cannot be read: {error}") from error
    if not isinstance(given, dict) or not given.get("models"):
        raise RunError(f"Sweep {path}: got {shown(given)}. Allowed: a mapping with a list `models`.")
    return sweep_of(given)


def sweep_of(given: Mapping[str, Any]) -> Sweep:
    """Return the sweep of a mapping, of the form that a file has. Raises as `read_sweep` does."""
    _require_known(given, (*OWN, *_options()))
    shared = {name: value for name, value in given.items() if name not in OWN}
    side_by_side = given.get("side_by_side", 1)
    require_number("side_by_side", side_by_side, whole=True)
    runs = [run for model in _listed(given, "models") for run in _runs_of(model, given, shared)]
    if len({repr(run) for run in runs}) < len(runs):
        raise OptionError("sweep: two of its runs are the same. Allowed: each model, prompt and so on once.")
    limits = {name: given.get(name) for name in LIMITS}
    require_limits(*limits.values())
    if limits["max_cost"] is not None:
        _require_prices(runs)
    return Sweep(tuple(runs), Path(given.get("store", DEFAULT_STORE)), side_by_side, **limits)


def _runs_of(model: Any, given: Mapping[str, Any], shared: Mapping[str, Any]) -> Iterator[SweepRun]:
    """Yield the runs of one model of a sweep."""
    spec, own = _model(model)
    lists = {axis: _listed(own if axis in own else given, axis) for axis in AXES}
    if split_spec(spec)[0] == "baseline":
        lists["prompts"] = lists["prompts"][:1]
    options = {name: value for name, value in own.items() if name not in AXES}
    for cell in product(*lists.values()):
        named = dict(zip([name for name, _ in AXES.values()], cell, strict=True))
        yield SweepRun(spec, request_of({**shared, **options, **named}))


def _require_prices(runs: Sequence[SweepRun]) -> None:
    """Raise OptionError unless every model that is called has a price."""
    lacking = {
        run.model: None
        for run in runs
        if run.kind not in FREE
        and (run.request.prices is None or price_of(read_prices(run.request.prices), run.model) is None)
    }
    if lacking:
        raise OptionError(
            f"max_cost: got no price of {', '.join(lacking)}. Allowed: with `prices`, a file that names every model."
        )


def _options() -> tuple[str, ...]:
    """Return what `run` takes, but for what a sweep lists."""
    listed = {name for name, _ in AXES.values()} | {"options"}
    return tuple(name for kind in (Request, Options) for name in kind.__dataclass_fields__ if name not in listed)


def _require_known(given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in given:
        if name not in names:
            raise OptionError(f"Unknown option {shown(name)} of a sweep. {allowed(name, names)}")


def _listed(given: Mapping[str, Any], axis: str) -> list[Any]:
    values = given.get(axis, [AXES[axis][1]] if axis in AXES else None)
    if not isinstance(values, list) or not values:
        raise OptionError(f"{axis}: got {shown(values)}. Allowed: a list.")
    return values


def _model(given: Any) -> tuple[str, dict[str, Any]]:
    """Return the spec of a model of a sweep, and the options and lists that are its own."""
    own = dict(given) if isinstance(given, dict) else {"model": given}
    spec = own.pop("model", None)
    if not isinstance(spec, str):
        raise OptionError(f"models: got {shown(given)}. Allowed: a spec, or a mapping with `model` and options.")
    split_spec(spec)
    _require_known(own, (*_options(), *AXES))
    return spec, own
