"""The verb publish: dataset and metrics to the Hub, the plan first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from multirads_hf.cli.corpus import condition_option, config_option, json_option, quiet_option, seed_option
from multirads_hf.cli.output import note, print_json
from multirads_hf.errors import OptionError

if TYPE_CHECKING:
    from multirads_hf.hub.plan import Plan
    from multirads_hf.hub.remote import Hub

DECLINED = 1
_OF_A_BUILD = ("config", "splits", "num_reports", "seed", "condition", "num_proc")


def guards(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every publication has."""
    options = (
        click.option("--private", is_flag=True, help="Let nobody else see a new repository."),
        click.option("--overwrite", is_flag=True, help="Replace files that are no earlier publication."),
        click.option("--dry-run", is_flag=True, help="Print the plan and send nothing."),
        click.option("--yes", is_flag=True, help="Do not ask."),
        json_option,
        quiet_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group(short_help="Publish dataset and metrics to the Hub.")
def publish() -> None:
    """Publish to the Hugging Face Hub, with the token of `hf auth login` or HF_TOKEN.

    The plan is printed first. Each repository gets one commit, and none when nothing has changed; commits of
    others are never lost.

    \b
    Examples
      $ multirads publish dataset alice/multirads --dry-run
      $ multirads publish metric alice/multirads_f1
    """  # noqa: D301


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
    hub = _signed_in(quiet)
    how = {name: options.pop(name) for name in ("dry_run", "yes", "as_json")}
    if folder is None:
        options |= {"splits": list(splits) or None, "progress": not quiet}
    else:
        _refuse_build_options()
        options = {name: options[name] for name in ("private", "overwrite")}
    from multirads_hf.hub import contents  # noqa: PLC0415
    from multirads_hf.hub.publish import plan  # noqa: PLC0415

    with contents.dataset(hub.full_name(repo), folder, **options) as publication:
        _carry_out([plan(publication, hub)], hub, **how)


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
    hub = _signed_in(quiet)
    from multirads_hf.hub import contents  # noqa: PLC0415
    from multirads_hf.hub.publish import plan  # noqa: PLC0415

    own = [contents.metric(hub.full_name(repo), private=private, overwrite=overwrite) for repo in dict.fromkeys(repos)]
    _carry_out([plan(publication, hub) for publication in own], hub, **how)


def _signed_in(quiet: bool) -> Hub:
    from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415

    from multirads_hf.hub.remote import Hub  # noqa: PLC0415

    if quiet:
        disable_progress_bars()
    return Hub()


def _refuse_build_options() -> None:
    """Raise OptionError when an option of the build was given beside a folder, which has been built."""
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(str(parameter.name)) is ParameterSource.COMMANDLINE
        if given and parameter.name in _OF_A_BUILD:
            raise OptionError(f"{parameter.opts[0]}: a folder is built already. Allowed: either --from or this option.")


def _carry_out(plans: list[Plan], hub: Hub, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Print the plans, ask, and publish one after the other."""
    if dry_run and as_json:
        print_json([plan.to_json() for plan in plans])
        return
    for line in (line for plan in plans for line in plan.lines()):
        click.echo(line, err=as_json)
    pending = [plan for plan in plans if plan.base is None or plan.changes]
    if dry_run or not pending:
        note("Nothing was sent." if dry_run else "Everything is there already; nothing was sent.")
    elif not (yes or _confirmed(pending)):
        note("Nothing was sent.")
        click.get_current_context().exit(DECLINED)
    if not dry_run:
        _publish(plans, hub, as_json)


def _publish(plans: Iterable[Plan], hub: Hub, as_json: bool) -> None:
    from multirads_hf.hub.publish import publish as carry_out  # noqa: PLC0415

    done = []
    for plan in plans:
        published = carry_out(plan, hub)
        done.append(asdict(published))
        if not as_json:
            click.echo(f"{published.url} at {published.commit[:8]}")
    if as_json:
        print_json(done)


def _confirmed(plans: list[Plan]) -> bool:
    what = " and ".join(plan.publication.repo for plan in plans)
    try:
        return click.confirm(f"Publish {what}?", err=True)
    except click.Abort:
        raise OptionError("publish: nobody answered. Allowed: --yes to publish without asking, or --dry-run.") from None
