"""The verb compare: which runs differ on the same reports, by more than luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import json_option
from multirads_hf.cli.output import print_json, print_rich
from multirads_hf.cli.runs import partial_option, scored, store_option

if TYPE_CHECKING:
    from multirads_hf.running import ScoredRun

IDENTITY = ("model", "revision", "prompt", "task", "condition", "split", "config", "seed", "n", "dataset_fingerprint")


@click.command(short_help="Test which runs differ on the same reports.")
@click.argument("runs", nargs=-1, metavar="RUN RUN...")
@store_option
@partial_option
@click.option("--rank-by", help="Metric that orders the runs.  [default: multirads_f1, for categories their accuracy]")
@click.option("--resamples", type=int, default=10_000, show_default=True, help="Swaps and bootstrap samples.")
@click.option("--strict", is_flag=True, help="Take answers as they are: JSON that needs mending is wrong.")
@json_option
def compare(
    runs: tuple[str, ...], *, store: str, rank_by: str | None, resamples: int, as_json: bool, **options: Any
) -> None:
    """Test which runs differ on the same reports: rank groups, and the difference between every two.

    RUN is the id of a run, the start of one, or the name of a model; all must have answered the same
    reports. Differences come with a paired bootstrap interval and the p-value of approximate
    randomisation, adjusted over all pairs; reports on which any call failed are left out for all.

    \b
    Examples
      $ multirads compare baseline:bow baseline:lexicon
      $ multirads compare 3f2a 90bc 17de --rank-by category_accuracy --json
    """  # noqa: D301
    from multirads_hf.reporting.comparing import rank_groups, run_pairs  # noqa: PLC0415
    from multirads_hf.reporting.naming import run_names  # noqa: PLC0415
    from multirads_hf.running import compare_runs  # noqa: PLC0415

    found = scored(store, runs, **options)
    made = compare_runs(found, rank_by=rank_by, n_resamples=resamples, strict=options["strict"]).to_json()
    if as_json:
        print_json({"runs": {run.results["run_id"]: _identity(run) for run in found}, **made})
        return
    results = [run.results for run in found]
    called = dict(zip((str(own["run_id"]) for own in results), run_names(results), strict=True))
    print_rich(rank_groups(made, called), run_pairs(made, called))


def _identity(run: ScoredRun) -> dict[str, Any]:
    return {name: run.results[name] for name in IDENTITY}
