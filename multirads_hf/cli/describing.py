"""The verb describe: what a corpus is like."""

from __future__ import annotations

from typing import Any

import click

from multirads_hf.cli.corpus import config_option, json_option, quiet_option
from multirads_hf.cli.output import note, print_json, print_rich
from multirads_hf.errors import OptionError


@click.command(short_help="Measure counts, diversity, duplicates, leaks and privacy.")
@click.argument("folder", required=False)
@config_option
@click.option("--split", "splits", multiple=True, help="A split; may be given several times.  [default: all of them]")
@click.option("--num-reports", type=int, help="Reports of each split.  [default: all of them]")
@click.option("--seed", type=int, help="Names the corpus that is made; not with FOLDER.  [default: 0]")
@click.option("--against", help="Texts that reports must not be copies of: Parquet, JSONL, CSV, text file or folder.")
@click.option("--out", default="description", show_default=True, help="Folder for description.json, .parquet, .html.")
@json_option
@quiet_option
def describe(folder: str | None, splits: tuple[str, ...], out: str, as_json: bool, **options: Any) -> None:
    """Measure what a corpus is like: counts against the plan, length, diversity, duplicates, leaks,
    sufficiency of the facts, and nearness to other texts.

    FOLDER is what `multirads build` wrote; without it the reports are made. Gains are points by which
    a guess from the writer or from words beats the most frequent category.

    \b
    Examples
      $ multirads describe
      $ multirads describe corpus --split test --split train
      $ multirads describe --config tirads --num-reports 400 --out tirads
      $ multirads describe --split test --against real_reports.csv
    """  # noqa: D205, D301
    from multirads_hf.describing import describe as description_of  # noqa: PLC0415 (heavy)
    from multirads_hf.describing import views  # noqa: PLC0415
    from multirads_hf.describing.description import folder_for  # noqa: PLC0415
    from multirads_hf.describing.reading import texts_of  # noqa: PLC0415

    against, quiet = options.pop("against"), options.pop("quiet")
    place, references = folder_for(out), None if against is None else texts_of(against)
    if not (folder or quiet):
        note("Making the reports.")
    rows = _read(folder, splits, **options) if folder else _made(splits, **options)
    described = description_of(rows, against=references, progress=not quiet)
    paths = described.write(place)
    if as_json:
        print_json(described.to_json())
    else:
        print_rich(views.overview(described), *filter(None, [views.nearness(described)]))
        click.echo("\n".join(map(str, paths)))


def _read(
    folder: str, splits: tuple[str, ...], config: str, num_reports: int | None, seed: int | None
) -> dict[str, Any]:
    from multirads_hf.describing.reading import rows_of  # noqa: PLC0415

    if seed is not None:
        raise OptionError("--seed: a built folder has its seed already. Allowed: --seed without FOLDER.")
    if num_reports is not None and num_reports < 1:
        raise OptionError(f"--num-reports: got {num_reports}. Allowed: a whole number from 1 up.")
    return rows_of(folder, config, splits, num_reports)


def _made(splits: tuple[str, ...], config: str, **given: Any) -> dict[str, Any]:
    from multirads_hf import corpus  # noqa: PLC0415

    return {split: corpus.records(config, split, **given) for split in splits or corpus.SPLITS}
