"""How fast the corpus is made, beside what a user would take instead, in one process and one run.

    python benchmarks/corpus.py [--reports 4000] [--repeats 3]

Rows per second of wall-clock time, best of the repeats:

* ``multirads`` records: reports with labels and spans, in Python;
* ``multirads`` builder: the same written to Arrow by ``load_dataset``;
* ``Faker`` text of the same length: meaningless words, no label;
* ``Dataset.from_generator`` over ready rows and over ready texts: no writing at all, only Arrow.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import datasets
from faker import Faker
from rich.console import Console
from rich.table import Table

from multirads_hf import corpus
from multirads_hf.hub.builder import Multirads
from multirads_hf.hub.features import features

FAKER, READY = "Faker text", "from_generator, ready texts"


def rate(work: Callable[[], int], repeats: int) -> float:
    """Return the most items per second over the repeats."""
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        count = work()
        best = max(best, count / (time.perf_counter() - start))
    return best


def written(reports: int, seed: int) -> int:
    """Write ``reports`` rows of train."""
    return sum(1 for _ in corpus.records("all", "train", num_reports=reports, seed=seed))


def built(reports: int, seed: int) -> int:
    """Build ``reports`` rows of train into a fresh cache."""
    with tempfile.TemporaryDirectory() as folder:
        builder = Multirads(cache_dir=folder, config_name="all", num_reports=reports, seed=seed)
        split = builder._split_generators(None)[0]
        return sum(table.num_rows for _, table in builder._generate_tables(**split.gen_kwargs))


def prepared(reports: int, seed: int) -> int:
    """Build ``reports`` rows of every split as ``load_dataset`` does."""
    with tempfile.TemporaryDirectory() as folder:
        found = datasets.load_dataset("multirads", cache_dir=folder, num_reports=reports, seed=seed)
        return sum(split.num_rows for split in found.values())


def generated(rows: list[dict[str, Any]], schema: datasets.Features | None = None) -> int:
    """Put ready rows into a dataset by a generator."""

    def ready() -> Iterator[dict[str, Any]]:
        yield from rows

    with tempfile.TemporaryDirectory() as folder:
        return len(datasets.Dataset.from_generator(ready, features=schema, cache_dir=folder))


def main() -> None:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=4000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    datasets.disable_progress_bars()
    ready = list(corpus.records("all", "train", num_reports=options.reports))
    texts = [{"report": row["report"]} for row in ready]
    length = sum(len(row["report"]) for row in ready) // len(ready)
    faker, seeds, repeats = Faker(), iter(range(1, 1000)), options.repeats
    fewer = options.reports // 4
    rates = {
        "multirads records": rate(lambda: written(options.reports, next(seeds)), repeats),
        "multirads tables": rate(lambda: built(options.reports, next(seeds)), repeats),
        "multirads load_dataset": rate(lambda: prepared(fewer, next(seeds)), repeats),
        FAKER: rate(lambda: len([faker.text(max_nb_chars=length) for _ in range(fewer)]), repeats),
        "from_generator, ready rows": rate(lambda: generated(ready, features()), repeats),
        READY: rate(lambda: generated(texts), repeats),
    }
    show(rates, length)


def show(rates: dict[str, float], length: int) -> None:
    """Print the rates and what they are of the two comparisons."""
    table = Table(title=f"Reports per second, one process, {length} characters a report on average")
    for heading in ("what", "reports/s", "of Faker", "of ready texts"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, value in rates.items():
        of_faker, of_ready = value / rates[FAKER], value / rates[READY]
        table.add_row(name, f"{value:,.0f}", f"{of_faker:.2f}x", f"{of_ready:.2f}x")
    Console().print(table)


if __name__ == "__main__":
    main()
