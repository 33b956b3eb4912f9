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
    from multirads_hf.running.sweep import Sweep
    from multirads_hf.running.sweeping import SweepResult

AXES = ("model", "prompt", "task", "condition", "split", "config")
COUNTS = ("asked", "kept", "failed")
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
    `limit` and `prices`. `max_cost` and `max_tokens_total` hold for the whole sweep, beside a `model` for
    each of its runs. `side_by_side` is the number of runs at once; local models take turns.
    The same command goes on with a sweep that was interrupted. Tokens of the plan are estimates, thinking
    apart. It exits with 1 where a run failed, calls of one did, or a budget ended one.

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
    if as_json:
        print_json([_ended(own) for own in results])
    else:
        print_rich(_results_table(results))
    for own in results:
        _tell(own)
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
    names: dict[str, Any] = dict(zip(AXES, _names(own), strict=True))
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


def _results_table(results: list[SweepResult]) -> Any:
    from rich.table import Table  # noqa: PLC0415 (slow to import)

    table = Table(title=f"Done: {sum(own.whole for own in results)} of {len(results)} runs")
    for name in (*AXES, "run"):
        table.add_column(name)
    for name in COUNTS:
        table.add_column(name, justify="right")
    table.add_column("outcome")
    for own in results:
        done = own.summary
        numbers = (done.asked, done.reused, done.errors) if done else ()
        shown = [f"{number:,}" for number in numbers] or [""] * len(COUNTS)
        table.add_row(*_names(own), done.run_id if done else "", *shown, _outcome(own))
    return table


def _names(own: SweepResult | PlannedRun) -> list[str]:
    run = own.run
    return [run.model, *(str(getattr(run.request, name)) for name in AXES[1:])]


def _outcome(own: SweepResult) -> str:
    if own.summary is None:
        return "failed"
    if own.summary.stopped:
        return "budget"
    return "calls failed" if own.summary.errors else "done"


def _ended(own: SweepResult) -> dict[str, Any]:
    names = dict(zip(AXES, _names(own), strict=True))
    if own.summary is None:
        return names | {"outcome": _outcome(own), "error": own.error}
    return names | {"outcome": _outcome(own)} | asdict(own.summary) | {"path": str(own.summary.path)}


def _tell(own: SweepResult) -> None:
    """Say what is not as it should be."""
    name = " ".join(_names(own))
    for line in own.summary.warnings if own.summary else [own.error]:
        note(f"{name}: {line}")
