"""The whole way at once: build the corpus, run the three baselines, score them, draw the page.

``python -m multirads_hf.demo --out demo`` needs the light core alone and no network.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from multirads_hf.cli.output import one_line_errors, print_rich

if TYPE_CHECKING:
    from multirads_hf.running import ScoredRun

MODELS = ("baseline:majority", "baseline:bow", "baseline:lexicon")
SPLIT, TITLE = "test", "MultiRADS: three baselines"
WHERE = """
Corpus      {corpus}: Parquet and a card; ready for the Hub
Answers     {store}: every answer of every run
Dashboard   {page}: open it in a browser

Read it back in Python:

  from datasets import load_dataset; reports = load_dataset("multirads", split="test")
  from datasets import load_dataset; gold = load_dataset("{corpus}", split="test")[:]["extraction"]
  import evaluate; print(evaluate.load("multirads_f1").compute(predictions=gold, references=gold))

and in the shell:

  multirads show {record}
  multirads score --store {store}
"""


def build(folder: Path, num_reports: int | None) -> Path:
    """Write the corpus below ``folder`` and return where it lies."""
    from multirads_hf.hub.parquet import write_folder  # noqa: PLC0415

    corpus = folder / "corpus"
    write_folder(corpus, num_reports=num_reports, num_proc=os.cpu_count() or 1)
    return corpus


def run_baselines(store: Path, limit: int | None) -> list[ScoredRun]:
    """Run the three baselines on the test split and score them."""
    from multirads_hf import running  # noqa: PLC0415

    done = [running.run(model, split=SPLIT, limit=limit, store=store) for model in MODELS]
    return [running.scored(store, own.run_id) for own in done]


def first_record() -> str:
    """Return the id of the first report of the test split."""
    from multirads_hf import corpus  # noqa: PLC0415

    return str(next(iter(corpus.records("all", SPLIT, 0, 1)))["id"])


@click.command()
@click.option("--out", default="demo", show_default=True, help="Folder to write.")
@click.option(
    "--num-reports", type=click.IntRange(min=1), help="Reports of each split.  [default: the benchmark's sizes]"
)
def main(out: str, num_reports: int | None) -> None:
    """Build the corpus, run three baselines on its test split, score them and draw the page."""
    from multirads_hf.cli.page import write_page  # noqa: PLC0415
    from multirads_hf.reporting import tables  # noqa: PLC0415

    folder = Path(out)
    with one_line_errors():
        corpus = build(folder, num_reports)
        store = folder / "answers.sqlite"
        found = run_baselines(store, num_reports)
        page, _ = write_page(found, folder / "report.html", TITLE)
        results = [one.results for one in found]
        print_rich(tables.leaderboard(results), tables.by_document(results, "category_accuracy"))
        click.echo(WHERE.format(corpus=corpus, store=store, page=page, record=first_record()))


if __name__ == "__main__":
    main()
