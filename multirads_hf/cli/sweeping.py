"""The verb sweep: many runs from one file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import json_option, quiet_option
from multirads_hf.cli.output import note, print_json, print_rich
from multirads_hf.cli.runs import UNFINISHED

if TYPE_CHECKING:
    from multirads_hf.running.plan import PlannedRun
    from multirads_hf.running.sweep import Sweep, SweepRun
    from multirads_hf.running.sweeping import SweepResult

AXES = ("model", "prompt", "task", "condition", "split", "config")
# Of the id of a run: other verbs take its start.
ID_SHOWN = 8
COUNTS = ("asked", "kept", "failed")
NUMBERS = ("kept", "calls", "prompt tokens", "answer tokens")


@click.command(short_help="Run models x prompts x conditions x splits from one file.")
@click.argument("config", metavar="CONFIG.yaml")
@click.option("--dry-run", is_flag=True, help="Print the plan and call nothing.")
@quiet_option
@json_option
def sweep(config: str, dry_run: bool, quiet: bool, as_json: bool) -> None:
    """Run models x prompts x conditions x splits from one file: first the plan, then the calls.

    CONFIG.yaml has a list `models` of specs, or of mappings with `model` and options of `multirads run`;
    lists `prompts`, `tasks`, `conditions`, `splits`, `configs`, which may stand beside a `model` too; and
    options for all runs, such as `limit` and `prices`. `max_cost` and `max_tokens_total` hold for the
    whole sweep, beside a `model` for each of its runs. `side_by_side` is the number of runs at once;
    local models take turns. The same command goes on with a sweep that was interrupted. Tokens of the
    plan are estimates, thinking apart. It exits with 1 where a run failed, calls of one did, or a budget
    ended one.

    \b
    An example of CONFIG.yaml
      side_by_side: 2
      models:
        - baseline:lexicon
        - {model: "openai:http://localhost:8000/v1#Qwen/Qwen3-8B", concurrency: 64, thinking: "off"}
      prompts: [zero_shot, guided]
      conditions: [withheld, discordant]
      limit: 200

    \b
    Examples
      $ multirads sweep sweep.yaml --dry-run
      $ multirads sweep sweep.yaml
    """  # noqa: D301
    from multirads_hf.running.plan import plan_of  # noqa: PLC0415
    from multirads_hf.running.sweep import read_sweep  # noqa: PLC0415
    from multirads_hf.running.sweeping import run_sweep  # noqa: PLC0415

    wanted = read_sweep(config)
    planned = plan_of(wanted)
    if not as_json:
        print_rich(_plan_table(planned))
    if line := _over(wanted, planned):
        note(line)
    if dry_run:
        if as_json:
            print_json([_row(own) for own in planned])
        return
    results = run_sweep(wanted, progress=not quiet)
    labels = _Labels(wanted.runs)
    if as_json:
        print_json([_ended(own) for own in results])
    else:
        print_rich(_results_table(results, labels))
    _tell(results, labels)
    note(f"Next: multirads score --store {wanted.store}")
    if not all(own.whole for own in results):
        click.get_current_context().exit(UNFINISHED)


def _over(wanted: Sweep, planned: list[PlannedRun]) -> str:
    """Return a sentence where the plan is more than the budget of the sweep allows."""
    from multirads_hf.running.plan import total  # noqa: PLC0415

    _, asked, answered, cost = total(planned)
    tokens, most = asked + answered, wanted.max_tokens_total
    if most is not None and tokens > most:
        return f"The plan takes about {tokens:,} tokens, the sweep is to end at {most:,.0f} (max_tokens_total)."
    if wanted.max_cost is not None and cost is not None and cost > wanted.max_cost:
        return f"The plan takes about {cost:,.2f} US dollars, the sweep is to end at {wanted.max_cost:,.2f} (max_cost)."
    return ""


def _row(own: PlannedRun) -> dict[str, Any]:
    numbers = {"n": own.n, "kept": own.kept, "calls": own.calls, "prompt_tokens": own.prompt_tokens}
    return _names(own.run) | numbers | {"completion_tokens": own.completion_tokens, "cost": own.cost}


def _names(run: SweepRun) -> dict[str, Any]:
    return {"model": run.model} | {name: getattr(run.request, name) for name in AXES[1:]}


class _Labels:
    """What tells the runs of a sweep apart, and what they have in common."""

    def __init__(self, runs: Sequence[SweepRun]) -> None:
        from multirads_hf.running.models import short_name  # noqa: PLC0415

        names = [_names(run) for run in runs]
        self.axes = [axis for axis in AXES if axis == "model" or len({own[axis] for own in names}) > 1]
        self.common = ", ".join(str(names[0][axis]) for axis in AXES if axis not in self.axes)
        short = Counter(short_name(model) for model in {run.model for run in runs})
        self._names = {run.model: own if short[own := short_name(run.model)] == 1 else run.model for run in runs}
        self._varying = {
            run.model: _varying([own.request.options for own in runs if own.model == run.model]) for run in runs
        }
        self.headings = [*self.axes, *(["options"] if any(self._varying.values()) else [])]

    def of(self, run: SweepRun) -> list[str]:
        """Return a text for each heading."""
        options = [f"{name}={run.request.options.get(name, 'default')}" for name in self._varying[run.model]]
        names = _names(run) | {"model": self._names[run.model]}
        return [" ".join(options) if heading == "options" else str(names[heading]) for heading in self.headings]


def _varying(options: Sequence[Mapping[str, Any]]) -> list[str]:
    names = dict.fromkeys(name for own in options for name in own)
    return [name for name in names if len({repr(own.get(name)) for own in options}) > 1]


def _table(title: str, labels: _Labels, numbers: Sequence[str]) -> Any:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 (slow to import)
    from rich.table import Table  # noqa: PLC0415 (slow to import)

    table = Table(title=f"{title} ({labels.common})" if labels.common else title, box=SIMPLE_HEAD)
    for name in labels.headings:
        table.add_column(name, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", min_width=max(map(len, name.split())))
    return table


def _plan_table(planned: list[PlannedRun]) -> Any:
    from multirads_hf.running.plan import total  # noqa: PLC0415

    labels = _Labels([own.run for own in planned])
    priced = any(own.cost for own in planned)
    table = _table(f"Plan: {len(planned)} runs", labels, [*NUMBERS, *(["US dollars"] if priced else [])])

    def numbers(calls: int, asked: int, answered: int, cost: float | None) -> list[str]:
        return [f"{calls:,}", _short(asked), _short(answered), *([_dollars(cost)] if priced else [])]

    for own in planned:
        row = numbers(own.calls, own.prompt_tokens, own.completion_tokens, own.cost)
        table.add_row(*labels.of(own.run), f"{own.kept:,}", *row)
    table.add_section()
    blank = [""] * (len(labels.headings) - 1)
    table.add_row("all", *blank, f"{sum(own.kept for own in planned):,}", *numbers(*total(planned)))
    return table


def _short(tokens: int) -> str:
    """Return an estimate in few digits."""
    unit, name = next((own for own in ((1_000_000, "M"), (1000, "k")) if tokens >= 10 * own[0]), (1, ""))
    return f"{tokens / unit:,.0f}{name}"


def _dollars(cost: float | None) -> str:
    return "unknown" if cost is None else f"{cost:,.2f}"


def _results_table(results: list[SweepResult], labels: _Labels) -> Any:
    table = _table(f"Done: {sum(own.whole for own in results)} of {len(results)} runs", labels, COUNTS)
    table.add_column("run", no_wrap=True)
    table.add_column("outcome", min_width=len("stopped"))
    for own in results:
        done = own.summary
        counts = [f"{count:,}" for count in (done.asked, done.reused, done.errors)] if done else [""] * len(COUNTS)
        table.add_row(*labels.of(own.run), *counts, done.run_id[:ID_SHOWN] if done else "", _outcome(own))
    return table


def _outcome(own: SweepResult) -> str:
    if own.summary is None:
        return "failed"
    if own.summary.stopped:
        return "stopped"
    return "calls failed" if own.summary.errors else "done"


def _ended(own: SweepResult) -> dict[str, Any]:
    told = _names(own.run) | {"outcome": _outcome(own)}
    if own.summary is None:
        return told | {"error": own.error}
    return told | asdict(own.summary) | {"path": str(own.summary.path)}


def _tell(results: list[SweepResult], labels: _Labels) -> None:
    """Say what is not as it should be, and what is the same of several runs once."""
    failed = Counter(own.error for own in results if own.summary is None)
    for error, count in failed.items():
        note(error if count == 1 else f"{error} ({count} runs)")
    for own in results:
        for line in own.summary.warnings if own.summary else []:
            note(f"{' '.join(labels.of(own.run))}: {line}")
