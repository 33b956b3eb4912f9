"""What all verbs of publishing share: options, the sign-in, the question, and carrying plans out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from multirads_hf.cli.corpus import json_option, quiet_option
from multirads_hf.cli.output import note, print_json
from multirads_hf.errors import OptionError

if TYPE_CHECKING:
    from multirads_hf.hub.plan import Plan
    from multirads_hf.hub.proposals import ProposalPlan
    from multirads_hf.hub.remote import Hub

DECLINED = 1


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


def signed_in(quiet: bool) -> Hub:
    """Return the connection of the user's token, with or without bars."""
    from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415

    from multirads_hf.hub.remote import Hub  # noqa: PLC0415

    if quiet:
        disable_progress_bars()
    return Hub()


def carry_out(plans: Sequence[Plan | ProposalPlan], hub: Hub, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Print the plans, ask, and publish one after the other."""
    if dry_run and as_json:
        print_json([plan.to_json() for plan in plans])
        return
    for line in (line for plan in plans for line in plan.lines()):
        click.echo(line, err=as_json)
    pending = [plan for plan in plans if plan.pending]
    if dry_run or not pending:
        note("Nothing was sent." if dry_run else "Everything is there already; nothing was sent.")
    elif not (yes or _confirmed(pending)):
        note("Nothing was sent.")
        click.get_current_context().exit(DECLINED)
    if not dry_run:
        _publish(plans, hub, as_json)


def _publish(plans: Iterable[Plan | ProposalPlan], hub: Hub, as_json: bool) -> None:
    from multirads_hf.hub.plan import Plan  # noqa: PLC0415 (heavy)
    from multirads_hf.hub.proposals import propose  # noqa: PLC0415
    from multirads_hf.hub.publish import publish  # noqa: PLC0415

    done = []
    for plan in plans:
        published = publish(plan, hub) if isinstance(plan, Plan) else propose(plan, hub)
        done.append(asdict(published))
        if not as_json:
            click.echo(f"{published.url} at {published.commit[:8]}")
    if as_json:
        print_json(done)


def _confirmed(plans: Iterable[Plan | ProposalPlan]) -> bool:
    what = " and ".join(plan.repo for plan in plans)
    try:
        return click.confirm(f"Publish {what}?", err=True)
    except click.Abort:
        raise OptionError("publish: nobody answered. Allowed: --yes to publish without asking, or --dry-run.") from None
