"""The verb sweep: many runs from one file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import json_option, quiet_option
from multirads_hf.cli.output import note, print_json, print_rich
from multirads_hf.cli.runs import UNFINISHED

if TYPE_CHECKING:
    from multirads_hf.running.plan import PlannedRun
    from multirads_hf.running.sweep import SweepResult

AXES = ("model", "prompt", "task", "condition", "split", "config")
NUMBERS = ("reports", "kept", "calls", "prompt tokens", "answer tokens", "US dollars")


@click.command(short_help="Run models x prompts x conditions x splits from one file.")
@click.argument("config", metavar="CONFIG.yaml")
@click.option("--dry-run", is_flag=True, help="Print the plan and call nothing.")
@quiet_option
@json_option
def sweep(config: str, dry_run: bool, quiet: bool, as_json: bool) -> None:
    """Run models x prompts x conditions x splits from one file: first the plan, then the calls.

    CONFIG.yaml has a list `models` of specs, or of mappings with `model` and options of `multirads run`;
    lists `prompts`, `tasks`, `conditions`, `splits`, `configs`; and options for all runs, such as
    `limit`, `prices` and `max_cost` (of each run). `side_by_side` is the number of runs at once.
    The same command goes on with a sweep that was interrupted. Tokens are estimates, thinking apart.

    \b
    Examples
      $ multirads sweep sweep.yaml --dry-run
      $ multirads sweep sweep.yaml
    """  # noqa: D301
    from multirads_hf.running.plan import plan_of  # noqa: PLC0415
    from multirads_hf.running.sweep import read_sweep, run_sweep  # noqa: PLC0415

    wanted = read_sweep(config)
    planned = plan_of(wanted)
    if not as_json:
        print_rich(_plan_table(planned))
    if dry_run:
        if as_json:
            print_json([_row(own) for own in planned])
        return
    results = run_sweep(wanted, progress=not quiet)
    if as_json:
        print_json([_ended(own) for own in results])
    for own in results:
        _tell(own)
    note(f"Next: multirads score --store {wanted.store}")
    if any(own.summary is None or own.summary.errors or own.summary.stopped for own in results):
        click.get_current_context().exit(UNFINISHED)


def _row(own: PlannedRun) -> dict[str, Any]:
    request = own.run.request
    names = {"model": own.run.model} | {name: getattr(request, name) for name in AXES[1:]}
    numbers = {"n": own.n, "kept": own.kept, "calls": own.calls, "prompt_tokens": own.prompt_tokens}
    return names | numbers | {"completion_tokens": own.completion_tokens, "cost": own.cost}


def _plan_table(planned: list[PlannedRun]) -> Any:
    from rich.table import Table  # noqa: PLC0415 (slow to import)

    from multirads_hf.running.plan import total  # noqa: PLC0415

    table = Table(title=f"Plan: {len(planned)} runs")
    for name in AXES:
        table.add_column(name)
    for name in NUMBERS:
        table.add_column(name, justify="right")
    for own in planned:
        row = _row(own)
        numbers = [f"{row[name]:,}" for name in ("n", "kept", "calls", "prompt_tokens", "completion_tokens")]
        table.add_row(*(str(row[name]) for name in AXES), *numbers, _dollars(row["cost"]))
    calls, asked, answered, cost = total(planned)
    table.add_section()
    table.add_row("all", *[""] * (len(AXES) + 1), f"{calls:,}", f"{asked:,}", f"{answered:,}", _dollars(cost))
    return table


def _dollars(cost: float | None) -> str:
    return "unknown" if cost is None else f"{cost:,.2f}"


def _ended(own: SweepResult) -> dict[str, Any]:
    if own.summary is None:
        return {"model": own.run.model, "error": own.error}
    return asdict(own.summary) | {"path": str(own.summary.path)}


def _tell(own: SweepResult) -> None:
    request = own.run.request
    name = f"{own.run.model} {request.prompt} {request.task} {request.condition} {request.split} {request.config}"
    if own.summary is None:
        note(f"{name}: {own.error}")
        return
    done = own.summary
    note(f"{name}: run {done.run_id}, {done.asked} asked now, {done.reused} kept from before.")
    for line in done.warnings:
        note(f"{name}: {line}")
