"""The verb publish leaderboard: a Space that ranks the runs of a results dataset."""

from __future__ import annotations

from typing import Any

import click

from multirads_hf.cli.output import note, print_json
from multirads_hf.cli.publishing import carry_out, guards, signed_in


@click.command(short_help="Publish a leaderboard of results as a Space.")
@click.argument("space")
@click.option("--results", "repo", required=True, help="Results dataset: OWNER/NAME, or NAME for one of your own.")
@click.option("--title", default="MultiRADS leaderboard", show_default=True, help="Heading of the page.")
@click.option("--gradio", is_flag=True, help="An app that runs on a server.  [default: a static page]")
@click.option("--out", help="Write the Space into this folder, to look at it, and publish nothing.")
@guards
def leaderboard(
    space: str, *, repo: str, title: str, gradio: bool, out: str | None, quiet: bool, private: bool, overwrite: bool,
    **how: bool,
) -> None:  # fmt: skip
    """Publish a Space that ranks the runs of a results dataset, by paired tests on the same reports.

    SPACE is OWNER/NAME, or NAME for one of your own. Every run is checked against the corpus and scored again from
    its answers; one that does not hold is shown and not ranked. Runs that are published later appear on the page at
    once, as not ranked yet, until the same command ranks them.

    \b
    Examples
      $ multirads publish leaderboard alice/leaderboard --results alice/multirads-results --dry-run
      $ multirads publish leaderboard leaderboard --results multirads-results --title "RADS at Alice's"
      $ multirads publish leaderboard alice/board --results acme/results --out board
      $ multirads publish leaderboard alice/board --results acme/results --gradio --yes
    """  # noqa: D301
    from multirads_hf.hub.leaderboard import board, publication  # noqa: PLC0415 (heavy)

    hub = None if out and "/" in space and "/" in repo else signed_in(quiet)
    if hub:
        space, repo = hub.full_name(space), hub.full_name(repo)
    made = board.leaderboard(repo, title, progress=not quiet)
    sdk = publication.GRADIO if gradio else publication.STATIC
    own = publication.leaderboard_space(space, made, sdk, private=private, overwrite=overwrite)
    for line in board.notes(made):
        note(line)
    if out:
        _written(publication.write(own, out), own.files, how["as_json"])
    elif hub:
        from multirads_hf.hub.publish import plan  # noqa: PLC0415

        carry_out([plan(own, hub)], hub, **how)


def _written(folder: Any, files: Any, as_json: bool) -> None:
    if as_json:
        print_json({"folder": str(folder), "files": sorted(files)})
    else:
        click.echo(folder)
