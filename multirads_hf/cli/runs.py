"""Verbs of runs: run, score, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import condition_option, config_option, json_option, quiet_option, seed_option
from multirads_hf.cli.output import note, print_json, print_rich
from multirads_hf.errors import RunError, UnknownNameError, allowed, shown

if TYPE_CHECKING:
    from multirads_hf.running import RunHeader

FAILED_CALLS = 1
store_option = click.option(
    "--store", default="multirads_runs/answers.sqlite", show_default=True, help="File that keeps runs and answers."
)
partial_option = click.option(
    "--partial", is_flag=True, help="Take unfinished runs too; their reports are no fair sample."
)


@click.command(short_help="Ask a model about every report of a split.")
@click.argument("model")
@click.option("--prompt", default="zero_shot", show_default=True, help="'zero_shot' or 'guided' (with the RADS rules).")
@click.option("--task", default="extraction", show_default=True, help="'extraction' (findings too) or 'category'.")
@condition_option
@click.option("--split", default="test", show_default=True, help="Split of the corpus.")
@config_option
@click.option("--limit", type=int, help="The first reports only.  [default: the whole split]")
@seed_option
@store_option
@click.option("--batch-size", type=int, help="Prompts in one call of a local model.")
@click.option("--max-new-tokens", type=int, help="Longest answer, in tokens.")
@click.option("--dtype", help="Precision of a local model, such as 'bfloat16'.")
@click.option("--device", help="Where a local model runs, such as 'cpu' or 'cuda:0'.")
@quiet_option
@json_option
def run(model: str, quiet: bool, as_json: bool, **options: Any) -> None:
    """Ask a model about every report of a split; each answer is kept as it comes.

    MODEL is baseline:majority, baseline:bow, baseline:lexicon, or hf:PATH_OR_REPO for transformers.
    The same command again goes on where the last one ended. It exits with 1 when calls failed.

    \b
    Examples
      $ multirads run baseline:lexicon
      $ multirads run hf:Qwen/Qwen3-0.6B --prompt guided --limit 100
      $ multirads run hf:./my-model --task category --condition stated
    """  # noqa: D301
    from multirads_hf import running  # noqa: PLC0415

    given = {name: value for name, value in options.items() if value is not None}
    done = running.run(model, progress=not quiet, **given)
    if as_json:
        print_json(asdict(done) | {"path": str(done.path)})
    else:
        click.echo(f"Run {done.run_id}: {done.n} reports, {done.asked} asked now, {done.reused} kept from before.")
        note(f"Next: multirads score {done.run_id} --store {done.path}")
    if done.errors:
        note(f"{done.errors} calls failed. The same command asks them again.")
        click.get_current_context().exit(FAILED_CALLS)


@click.command(short_help="Print scores with their intervals.")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@store_option
@partial_option
@click.option("--strict", is_flag=True, help="Take answers as they are: JSON that needs mending is wrong.")
@json_option
def score(runs: tuple[str, ...], store: str, partial: bool, strict: bool, as_json: bool) -> None:
    """Print scores with their intervals, of all runs in the store or of those named.

    RUN is the id of a run, the start of one, or the name of a model.

    \b
    Examples
      $ multirads score
      $ multirads score baseline:bow baseline:lexicon
      $ multirads score --json > results.json
    """  # noqa: D301
    results = scored(store, runs, partial=partial, strict=strict)
    if as_json:
        print_json(results)
        return
    from multirads_hf.reporting import tables  # noqa: PLC0415

    print_rich(tables.leaderboard(results), tables.by_document(results), tables.by_score(results))


@click.command(short_help="Write one HTML page with all results.")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@store_option
@partial_option
@click.option("--out", default="report.html", show_default=True, help="File to write.")
@click.option("--title", default="MultiRADS results", show_default=True, help="Heading of the page.")
def report(runs: tuple[str, ...], store: str, partial: bool, out: str, title: str) -> None:
    """Write one HTML page with all results: it needs no server and nothing from the net.

    RUN is the id of a run, the start of one, or the name of a model; all runs without it.

    \b
    Examples
      $ multirads report
      $ multirads report baseline:bow baseline:lexicon --out baselines.html
    """  # noqa: D301
    from multirads_hf.reporting import dashboard  # noqa: PLC0415

    click.echo(dashboard.write(scored(store, runs, partial=partial), out, title))


def scored(
    store: str | Path, names: Sequence[str] = (), *, partial: bool = False, **options: Any
) -> list[dict[str, Any]]:
    """Return the results of the runs that are named, or of all finished ones.

    Raises:
        RunError: no store, no run in it, or an unfinished run is named without ``partial``.
        UnknownNameError: a name fits no run.
    """
    from multirads_hf import running  # noqa: PLC0415

    chosen = choose(running.runs(store), names)
    finished = [own for own in chosen if partial or names or own.answered >= own.n]
    if not finished:
        raise RunError(f"Store {store}: it holds no finished run. `multirads run MODEL` makes one.")
    if len(finished) < len(chosen):
        note(f"{len(chosen) - len(finished)} unfinished runs left out; --partial takes them too.")
    return [running.evaluate(store, own.run_id, partial=partial, **options) for own in finished]


def choose(headers: Sequence[RunHeader], names: Sequence[str]) -> list[RunHeader]:
    """Return the runs that any of the names fits, each once: an id, its start, or a model.

    Raises:
        UnknownNameError: a name fits no run.
    """
    fitting = {name: [own for own in headers if own.model == name or own.run_id.startswith(name)] for name in names}
    for name, found in fitting.items():
        if not found:
            known = dict.fromkeys(label for own in headers for label in (own.model, own.run_id))
            raise UnknownNameError(f"Unknown run {shown(name)}. {allowed(name, known)}")
    return list({own.run_id: own for found in fitting.values() for own in found}.values()) if names else list(headers)
