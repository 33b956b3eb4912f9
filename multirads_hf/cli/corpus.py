"""Verbs of the corpus: build, documents, show."""

from __future__ import annotations

from typing import Any

import click

from multirads_hf.cli.output import note, print_json, print_rich
from multirads_hf.errors import OptionError, shown

seed_option = click.option("--seed", default=0, show_default=True, help="Names the corpus: same seed, same bytes.")
config_option = click.option("--config", default="all", show_default=True, help="'all', or one RADS such as 'tirads'.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress bar.")
condition_option = click.option(
    "--condition", default="withheld", show_default=True,
    help="'withheld' (no category in the report), 'stated', or 'discordant' (a wrong one is stated).",
)  # fmt: skip


@click.command(short_help="Write the corpus as a folder of Parquet files.")
@click.option("--out", required=True, help="Folder to write: new, empty, or an earlier build.")
@config_option
@click.option("--split", "splits", multiple=True, help="A split; may be given several times.  [default: all of them]")
@click.option("--num-reports", type=int, help="Reports of each split.  [default: the benchmark's sizes]")
@seed_option
@condition_option
@click.option("--document", "documents", multiple=True, help="Keep this document; may be given several times.")
@click.option("--modality", "modalities", multiple=True, help="Keep this modality.")
@click.option("--category", "categories", multiple=True, help="Keep this label: TR5, or tirads:TR5.")
@click.option("--weight", "weights", multiple=True, metavar="LABEL=NUMBER", help="How often a label occurs.")
@click.option("--profile", "profiles", multiple=True, help="Keep this writer.")
@click.option("--noise", type=int, help="Disturb every report, 0 to 3.  [default: test_noisy alone]")
@click.option("--num-proc", default=1, show_default=True, help="Processes; their number does not change a byte.")
@click.option("--overwrite", is_flag=True, help="Write into a folder that holds something else.")
@quiet_option
def build(out: str, splits: tuple[str, ...], weights: tuple[str, ...], quiet: bool, **options: Any) -> None:
    """Write the corpus as a folder of Parquet files, which load_dataset and the Hub read.

    \b
    Examples
      $ multirads build --out corpus
      $ multirads build --out thyroid --config tirads --split test --split train
      $ multirads build --out small --num-reports 200 --num-proc 4
      $ multirads build --out mri --modality mri --weight LR-5=3 --noise 1
    """  # noqa: D301
    from multirads_hf.hub.parquet import write_folder  # noqa: PLC0415

    options["weights"] = dict(map(_weight, weights))
    files = write_folder(out, splits=list(splits) or None, progress=not quiet, **options)
    click.echo(f"{len(files)} files in {out}")
    note(f"Next: python -c \"from datasets import load_dataset; print(load_dataset('{out}'))\"")


def _weight(given: str) -> tuple[str, float]:
    label, _, number = given.rpartition("=")
    try:
        return label, float(number)
    except ValueError:
        raise OptionError(f"--weight: got {shown(given)}. Allowed: LABEL=NUMBER, such as TR5=2.") from None


@click.command(short_help="List the RADS documents and their categories.")
@json_option
def documents(as_json: bool) -> None:
    """List the RADS documents: what each classifies, its edition and its categories.

    \b
    Examples
      $ multirads documents
      $ multirads documents --json
    """  # noqa: D301
    from multirads_hf import rads  # noqa: PLC0415

    listed = [
        {
            "key": own.key, "system": own.system, "title": own.title, "edition": own.edition, "source": own.source,
            "modalities": list(own.modalities), "categories": list(own.codes),
        }
        for own in rads.documents()
    ]  # fmt: skip
    if as_json:
        print_json(listed)
        return
    from multirads_hf.reporting import tables  # noqa: PLC0415

    print_rich(tables.documents(listed))


@click.command(short_help="Print one report with its facts in colour.")
@click.argument("record_id", metavar="ID")
@seed_option
@json_option
def show(record_id: str, seed: int, as_json: bool) -> None:
    """Print one report with its facts in colour, its label and the reasons for it.

    ID is the id of a row: DOCUMENT-SPLIT-NUMBER, with -stated or -discordant for those conditions.

    \b
    Examples
      $ multirads show tirads-test-000007
      $ multirads show tirads-test-000007-discordant
      $ multirads show tirads-test-000007 --json
    """  # noqa: D301
    from multirads_hf import corpus  # noqa: PLC0415

    record = corpus.record(record_id, seed)
    if as_json:
        print_json(record)
        return
    from multirads_hf.reporting import tables  # noqa: PLC0415

    print_rich(tables.report_view(record))
