"""How fast the corpus is made, beside what a user would take instead, in one process and one run.

    python benchmarks/corpus.py [--reports 4000] [--repeats 3]

Rows per second of wall-clock time, best of the repeats:

* ``multirads`` records: reports with labels and spans, in Python;
* ``multirads`` builder: the same written to Arrow by ``load_dataset``;
* ``Faker`` text of the same length: meaningless words, no label;
* ``Dataset.from_generator`` over ready texts: no writing at all, only Arrow.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator

import datasets
from faker import Faker
from rich.console import Console
from rich.table import Table

from multirads_hf import corpus
from multirads_hf.hub.builder import Multirads


def rate(work: Callable[[], int], repeats: int) -> float:
    """Return the most items per second over the repeats."""
    best = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        count = work()
        best = max(best, count / (time.perf_counter() - start))
    return best


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


def generated(texts: list[str]) -> int:
    """Put ready texts into a dataset by a generator."""

    def rows() -> Iterator[dict[str, str]]:
        for text in texts:
            yield {"report": text}

    with tempfile.TemporaryDirectory() as folder:
        return len(datasets.Dataset.from_generator(rows, cache_dir=folder))


def main() -> None:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=4000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    datasets.disable_progress_bars()
    texts = [row["report"] for row in corpus.records("all", "train", num_reports=options.reports)]
    length = sum(map(len, texts)) // len(texts)
    faker = Faker()
    seeds = iter(range(1, 1000))
    rates = {
        "multirads records": rate(
            lambda: sum(1 for _ in corpus.records("all", "train", num_reports=options.reports, seed=next(seeds))),
            options.repeats,
        ),
        "multirads tables": rate(lambda: built(options.reports, next(seeds)), options.repeats),
        "multirads load_dataset": rate(lambda: prepared(options.reports // 4, next(seeds)), options.repeats),
        "Faker text": rate(
            lambda: len([faker.text(max_nb_chars=length) for _ in range(options.reports // 4)]), options.repeats
        ),
        "from_generator, ready texts": rate(lambda: generated(texts), options.repeats),
    }
    show(rates, length)


def show(rates: dict[str, float], length: int) -> None:
    """Print the rates and what they are of the two comparisons."""
    table = Table(title=f"Reports per second, one process, {length} characters a report on average")
    for heading in ("what", "reports/s", "of Faker", "of ready texts"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, value in rates.items():
        of_faker, of_ready = value / rates["Faker text"], value / rates["from_generator, ready texts"]
        table.add_row(name, f"{value:,.0f}", f"{of_faker:.2f}x", f"{of_ready:.2f}x")
    Console().print(table)


if __name__ == "__main__":
    main()
