"""The verb publish: dataset, metrics and results to the Hub, the plan first."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from multirads_hf.cli.corpus import condition_option, config_option, seed_option
from multirads_hf.cli.leaderboard import leaderboard
from multirads_hf.cli.publish_results import results
from multirads_hf.cli.publishing import carry_out, guards, signed_in
from multirads_hf.errors import OptionError

_OF_A_BUILD = ("config", "splits", "num_reports", "seed", "condition", "num_proc")


@click.group(short_help="Publish dataset, metrics and results to the Hub.")
def publish() -> None:
    """Publish to the Hugging Face Hub, with the token of `hf auth login` or HF_TOKEN.

    The plan is printed first. Each repository gets one commit, and none when nothing has changed; commits of
    others are never lost.

    \b
    Examples
      $ multirads publish dataset alice/multirads --dry-run
      $ multirads publish metric alice/multirads_f1
      $ multirads publish results multirads_runs/results --to alice/multirads-results
      $ multirads publish leaderboard alice/leaderboard --results alice/multirads-results
    """  # noqa: D301


publish.add_command(results)
publish.add_command(leaderboard)


@publish.command(short_help="Publish the corpus as a dataset.")
@click.argument("repo")
@click.option("--from", "folder", help="Publish this folder of `multirads build`.  [default: build it now]")
@config_option
@click.option("--split", "splits", multiple=True, help="A split; may be given several times.  [default: all of them]")
@click.option("--num-reports", type=int, help="Reports of each split.  [default: the benchmark's sizes]")
@seed_option
@condition_option
@click.option("--num-proc", default=1, show_default=True, help="Processes; their number does not change a byte.")
@guards
def dataset(repo: str, folder: str | None, quiet: bool, splits: tuple[str, ...], **options: Any) -> None:
    """Publish the corpus as a dataset that load_dataset(REPO) reads: Parquet, card and eval.yaml in one commit.

    REPO is OWNER/NAME, or NAME for one of your own.

    \b
    Examples
      $ multirads publish dataset alice/multirads
      $ multirads publish dataset alice/mri --from corpus --private
      $ multirads publish dataset alice/thyroid --config tirads --dry-run
    """  # noqa: D301
    hub = signed_in(quiet)
    how = {name: options.pop(name) for name in ("dry_run", "yes", "as_json")}
    if folder is None:
        options |= {"splits": list(splits) or None, "progress": not quiet}
    else:
        _refuse_build_options()
        options = {name: options[name] for name in ("private", "overwrite")}
    from multirads_hf.hub import contents  # noqa: PLC0415
    from multirads_hf.hub.publish import plan  # noqa: PLC0415

    with contents.dataset(hub.full_name(repo), folder, **options) as publication:
        carry_out([plan(publication, hub)], hub, **how)


@publish.command(short_help="Publish metrics as Spaces.")
@click.argument("repos", nargs=-1, required=True, metavar="REPO...")
@guards
def metric(repos: tuple[str, ...], quiet: bool, private: bool, overwrite: bool, **how: bool) -> None:
    """Publish metrics as Spaces, from which evaluate.load(REPO) loads them.

    REPO is OWNER/NAME, or NAME for one of your own; NAME is that of the metric, such as multirads_f1.

    \b
    Examples
      $ multirads publish metric alice/multirads_f1
      $ multirads publish metric multirads_f1 multirads_corpus --yes
    """  # noqa: D301
    hub = signed_in(quiet)
    from multirads_hf.hub import contents  # noqa: PLC0415
    from multirads_hf.hub.publish import plan  # noqa: PLC0415

    own = [contents.metric(hub.full_name(repo), private=private, overwrite=overwrite) for repo in dict.fromkeys(repos)]
    carry_out([plan(publication, hub) for publication in own], hub, **how)


def _refuse_build_options() -> None:
    """Raise OptionError when an option of the build was given beside a folder, which has been built."""
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
        if given and parameter.name in _OF_A_BUILD:
            raise OptionError(f"{parameter.opts[0]}: a folder is built already. Allowed: either --from or this option.")
