"""The verb publish results: scored runs to a results dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from multirads_hf.cli.output import note
from multirads_hf.cli.publishing import carry_out, guards, signed_in
from multirads_hf.errors import OptionError

if TYPE_CHECKING:
    from multirads_hf.hub.proposals import ProposalPlan
    from multirads_hf.hub.remote import Hub
    from multirads_hf.hub.results_row import Submission


@click.command(short_help="Publish scored runs as a dataset of results.")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--to", "repo", required=True, help="Results dataset: OWNER/NAME, or NAME for one of your own.")
@click.option(
    "--model", "names", multiple=True, metavar="SPEC=NAME",
    help="Publish a model under another name, such as 'hf:./mine=alice/mine'; may be given several times.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Let runs with failed calls or many cut answers pass; the row says so.")
@click.option("--model-cards", is_flag=True, help="Open a pull request to each open model, with its results.")
@click.option("--dataset", help="With --model-cards: the dataset of `multirads publish dataset` that runs are of.")
@click.option("--model-index", is_flag=True, help="With --model-cards: add the older model-index to cards too.")
@guards
def results(
    runs: tuple[str, ...], *, repo: str, names: tuple[str, ...], force: bool, quiet: bool, private: bool,
    overwrite: bool, model_cards: bool, dataset: str | None, model_index: bool, **how: bool,
) -> None:  # fmt: skip
    """Publish scored runs as a dataset from which load_dataset(REPO, "results") loads them, in one commit.

    RUN is a folder that `multirads score` wrote, or a folder of such folders. Before anything is sent, every run is
    scored again from its answers; one is refused that is not whole, not over the published corpus, or was given away
    by its examples. Runs of others in the repository stay as they are. `multirads verify REPO` checks it all again.

    With --model-cards, models that are open repositories of the Hub (hf:ORG/NAME, router:ORG/NAME, or by --model) get
    a pull request that adds .eval_results/multirads.yaml: category accuracy, as a fraction, at every task of the
    dataset whose reports the run answered. All other models stay in the results dataset alone.

    \b
    Examples
      $ multirads publish results multirads_runs/results --to alice/multirads-results --dry-run
      $ multirads publish results multirads_runs/results/1f0c2d3e4a5b6978 --to multirads-results
      $ multirads publish results runs --to acme/results --model hf:/data/tuned=acme/tuned
      $ multirads publish results runs --to acme/results --model-cards --dataset acme/multirads
    """  # noqa: D301
    if bool(model_cards) != bool(dataset) or (model_index and not model_cards):
        raise OptionError(
            "--model-cards, --dataset, --model-index: got one alone. Allowed: --model-cards --dataset REPO."
        )
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
        own_plan = plan(publication, hub)
        if dataset and own_plan.is_private:
            raise OptionError(
                f"--model-cards: {own_plan.url} is private, which their readers cannot see. Allowed: public."
            )
        requests = _requests(own, own_plan.url, hub, dataset, model_index) if dataset else []
        carry_out([own_plan, *requests], hub, **how)


def _requests(own: Sequence[Submission], source: str, hub: Hub, dataset: str, model_index: bool) -> list[ProposalPlan]:
    """Return the plans of the pull requests, and say of which runs there is none."""
    from multirads_hf.hub import proposals  # noqa: PLC0415 (heavy)
    from multirads_hf.hub.model_cards import proposals as proposals_of  # noqa: PLC0415
    from multirads_hf.hub.model_tasks import read_benchmark  # noqa: PLC0415

    benchmark = read_benchmark(hub.full_name(dataset), hub)
    found, skipped = proposals_of(own, benchmark, source, model_index=model_index)
    for line in skipped:
        note(line)
    return [proposals.plan(proposal, hub) for proposal in found]
