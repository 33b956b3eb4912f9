"""The verb publish results: scored runs to a results dataset."""

from __future__ import annotations

import click

from multirads_hf.cli.publishing import carry_out, guards, signed_in


@click.command(short_help="Publish scored runs as a dataset of results.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--to", "repo", required=True, help="Results dataset: OWNER/NAME, or NAME for one of your own.")
@click.option(
    "--model", "names", multiple=True, metavar="SPEC=NAME",
    help="Publish a model under another name, such as 'hf:./mine=alice/mine'; may be given several times.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Let runs with failed calls or many cut answers pass; the row says so.")
@guards
def results(
    runs: tuple[str, ...], *, repo: str, names: tuple[str, ...], force: bool, quiet: bool, private: bool,
    overwrite: bool, **how: bool,
) -> None:  # fmt: skip
    """Publish scored runs as a dataset from which load_dataset(REPO, "results") loads them, in one commit.

    RUN is a folder that `multirads score` wrote, or a folder of such folders. Before anything is sent, every run is
    scored again from its answers; one is refused that is not whole, not over the published corpus, or was given away
    by its examples. Runs of others in the repository stay as they are. `multirads verify REPO` checks it all again.

    \b
    Examples
      $ multirads publish results multirads_runs/results --to alice/multirads-results --dry-run
      $ multirads publish results multirads_runs/results/1f0c2d3e4a5b6978 --to multirads-results
      $ multirads publish results runs --to acme/results --model hf:/data/tuned=acme/tuned
    """  # noqa: D301
    from multirads_hf.hub import results_publication  # noqa: PLC0415 (heavy)
    from multirads_hf.hub.naming import read_names  # noqa: PLC0415
    from multirads_hf.hub.publish import plan  # noqa: PLC0415
    from multirads_hf.hub.submitting import run_folders, submissions  # noqa: PLC0415

    given, folders = read_names(names), run_folders(runs)
    hub = signed_in(quiet)
    own = submissions(folders, given, force=force)
    with results_publication.results(
        hub.full_name(repo), own, hub, private=private, overwrite=overwrite
    ) as publication:
        carry_out([plan(publication, hub)], hub, **how)
