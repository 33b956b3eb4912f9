"""Verbs of runs: run, score, report."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import condition_option, config_option, json_option, quiet_option, seed_option
from multirads_hf.cli.output import note, print_json, print_rich
from multirads_hf.errors import OptionError, RunError, UnknownNameError, allowed, shown

if TYPE_CHECKING:
    from multirads_hf.running import RunHeader, ScoredRun

UNFINISHED = 1
store_option = click.option(
    "--store", default="multirads_runs/answers.sqlite", show_default=True, help="File that keeps runs and answers."
)
partial_option = click.option(
    "--partial", is_flag=True, help="Take unfinished runs too; their reports are no fair sample."
)

prices_option = click.option("--prices", help="YAML file of models: {input: USD, output: USD} for a million tokens.")


def _json(given: str | None) -> dict[str, Any] | None:
    """Return a JSON object that is given as such or as the path of a file.

    Raises:
        OptionError: it is neither.
    """
    if given is None:
        return None
    try:
        text = given if given.lstrip().startswith("{") else Path(given).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError) as error:
        raise OptionError(f"--quantization: got {shown(given)}: {error}. Allowed: a JSON object or its file.") from None
    if not isinstance(found, dict):
        raise OptionError(f"--quantization: got {shown(given)}. Allowed: a JSON object or its file.")
    return found


def budget_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that stop a run."""
    for option in (
        click.option("--max-tokens-total", type=float, help="Stop at so many tokens, of prompts and answers together."),
        click.option("--max-cost", type=float, help="Stop at so many US dollars; needs --prices."),
        prices_option,
    ):
        command = option(command)
    return command


@click.command(short_help="Ask a model about every report of a split.")
@click.argument("model")
@click.option(
    "--prompt", default="zero_shot", show_default=True, help="'zero_shot', 'guided' (with the rules) or 'few_shot'."
)
@click.option("--task", default="extraction", show_default=True, help="'extraction' (findings too) or 'category'.")
@condition_option
@click.option("--split", default="test", show_default=True, help="Split of the corpus.")
@config_option
@click.option("--limit", type=int, help="The first reports only.  [default: the whole split]")
@seed_option
@store_option
@click.option("--shots", type=int, help="Examples of few_shot.  [default: 3]")
@click.option("--shots-by", help="How they are chosen from train: 'nearest' or 'random'.  [default: nearest]")
@click.option("--constrained/--no-constrained", help="Hold the answer to the JSON Schema of the task.  [default: no]")
@click.option("--thinking", help="'on', 'off', or 'auto': as the model does by default.")
@click.option("--max-new-tokens", type=int, help="Longest answer, in tokens.")
@click.option("--temperature", type=float, help="Of sampling on a server.  [default: 0]")
@click.option("--concurrency", type=int, help="Calls to a server at once.")
@click.option("--requests-per-minute", type=float, help="Most calls to a server in a minute.")
@click.option("--tokens-per-minute", type=float, help="Most tokens in a minute, by estimate.")
@click.option("--timeout", "timeout_s", type=float, help="Seconds that a call to a server may take.")
@click.option("--attempts", type=int, help="Calls for one report until its failure stands.")
@budget_options
@click.option("--batch-size", type=int, help="Prompts that a local model answers at once.")
@click.option("--batching", help="How: 'padded', or 'continuous' (no answer waits for longer ones).  [default: padded]")
@click.option("--dtype", help="Precision of a local model, such as 'bfloat16'.")
@click.option("--device", help="Where a local model runs, such as 'cpu' or 'cuda:0'.")
@click.option("--quantization", help="Quantisation config of a local model: JSON, or a file of it.")
@quiet_option
@json_option
def run(model: str, quiet: bool, as_json: bool, **options: Any) -> None:
    """Ask a model about every report of a split; each answer is kept as it comes.

    MODEL is hf:PATH_OR_REPO (transformers), openai:BASE_URL#MODEL (vLLM, llama.cpp, Ollama, OpenAI and
    others; the key is MULTIRADS_API_KEY), router:MODEL (Hugging Face Inference Providers), answers:FILE
    (answers that exist already), or baseline:majority, baseline:bow, baseline:lexicon.
    The same command again goes on where the last one ended. It exits with 1 when calls failed or a
    budget ended it.

    \b
    Examples
      $ multirads run baseline:lexicon
      $ multirads run hf:Qwen/Qwen3-0.6B --prompt guided --limit 100
      $ multirads run openai:http://localhost:8000/v1#Qwen/Qwen3-8B --concurrency 64 --constrained
      $ multirads run router:openai/gpt-oss-120b:groq --max-cost 5 --prices prices.yaml
      $ multirads run answers:answers.jsonl --task category --condition stated
    """  # noqa: D301
    from multirads_hf import running  # noqa: PLC0415

    options["quantization"] = _json(options["quantization"])
    given = {name: value for name, value in options.items() if value is not None}
    done = running.run(model, progress=not quiet, **given)
    if as_json:
        print_json(asdict(done) | {"path": str(done.path)})
    else:
        click.echo(f"Run {done.run_id}: {done.n} reports, {done.asked} asked now, {done.reused} kept from before.")
        note(f"Next: multirads score {done.run_id} --store {done.path}")
    for line in done.warnings:
        note(line)
    if done.errors or done.stopped:
        click.get_current_context().exit(UNFINISHED)


@click.command(short_help="Print scores with their intervals.")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@store_option
@partial_option
@click.option("--strict", is_flag=True, help="Take answers as they are: JSON that needs mending is wrong.")
@prices_option
@click.option("--out", help="Folder of results, one folder a run in it.  [default: 'results' beside the store]")
@json_option
def score(runs: tuple[str, ...], *, store: str, out: str | None, as_json: bool, **options: Any) -> None:
    """Print scores with their intervals, of all runs in the store or of those named, and keep them in files.

    RUN is the id of a run, the start of one, or the name of a model. Each run gets OUT/RUN_ID/results.json,
    and details.parquet with a row a report, which suffices to score the run again without the store.

    \b
    Examples
      $ multirads score
      $ multirads score baseline:bow baseline:lexicon
      $ multirads score --out results --json > results.json
    """  # noqa: D301
    found = scored(store, runs, **options)
    results = [own.results for own in found]
    if as_json:
        print_json(results)
    else:
        from multirads_hf.reporting import tables  # noqa: PLC0415

        print_rich(tables.leaderboard(results), tables.by_document(results), tables.by_score(results))
    folder = Path(out) if out else Path(store).parent / "results"
    for own in found:
        own.write(folder / own.results["run_id"])
    note(f"Results and details of {len(found)} run{'s' if len(found) > 1 else ''}: {folder}")


@click.command(short_help="Write one HTML page with all results.")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@store_option
@partial_option
@prices_option
@click.option("--out", default="report.html", show_default=True, help="File to write.")
@click.option("--title", default="MultiRADS results", show_default=True, help="Heading of the page.")
@click.option("--figures", help="Folder for the figures as files too.")
@click.option(
    "--format", "formats", multiple=True, help="Of the figures: 'svg', 'png' or 'pdf'; may be repeated.  [default: svg]"
)
def report(
    runs: tuple[str, ...],
    *,
    store: str,
    out: str,
    title: str,
    figures: str | None,
    formats: tuple[str, ...],
    **options: Any,
) -> None:
    """Write one HTML page with all results: it needs no server and nothing from the net.

    RUN is the id of a run, the start of one, or the name of a model; all runs without it.

    \b
    Examples
      $ multirads report
      $ multirads report baseline:bow baseline:lexicon --out baselines.html
      $ multirads report --figures figures --format png --format svg
    """  # noqa: D301
    from multirads_hf.cli.page import write_page  # noqa: PLC0415
    from multirads_hf.reporting.drawing import checked_formats  # noqa: PLC0415

    checked_formats(formats)
    if formats and figures is None:
        raise OptionError(f"--format: got {', '.join(formats)} without --figures. Allowed: with --figures FOLDER.")
    page, drawn = write_page(scored(store, runs, **options), out, title, figures, formats or ("svg",))
    click.echo(page)
    for path in drawn:
        note(str(path))


def scored(store: str | Path, names: Sequence[str] = (), *, partial: bool = False, **options: Any) -> list[ScoredRun]:
    """Return the runs that are named, or all finished ones, with their scores.

    Raises:
        RunError: no store, no run in it, or an unfinished run is named without ``partial``.
        UnknownNameError: a name fits no run.
    """
    from multirads_hf import running  # noqa: PLC0415
    from multirads_hf.running.comparing import add_robustness  # noqa: PLC0415

    chosen = choose(running.runs(store), names)
    finished = [own for own in chosen if partial or names or own.answered >= own.n]
    if not finished:
        raise RunError(f"Store {store}: it holds no finished run. `multirads run MODEL` makes one.")
    if len(finished) < len(chosen):
        note(f"{len(chosen) - len(finished)} unfinished runs left out; --partial takes them too.")
    found = [running.scored(store, own.run_id, partial=partial, **options) for own in finished]
    add_robustness(found)
    return found


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
