"""How long whole corpora take, what memory they need, and what a second process is worth.

    python benchmarks/scale.py [--small 10000] [--middle 100000] [--large 200000]

Every line is ``multirads build`` in a process of its own: Parquet files and a card in a fresh folder. Peak memory is
that of the process that writes, or of its largest worker. The whole default corpus comes first, all splits.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

MIB_PER_KIB = 1 / 1024


class Build(NamedTuple):
    """One build: what, with how many processes, its reports, seconds and peak memory in MiB."""

    what: str
    processes: int
    reports: int
    seconds: float
    memory: float


def build(what: str, processes: int, *options: str) -> Build:
    """Run ``multirads build`` and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-c",
            "from multirads_hf.cli import main; main()",
            "build",
            "-q",
            "--overwrite",
            "--out",
            folder,
        ]
        start = time.perf_counter()
        child = subprocess.Popen([*command, "--num-proc", str(processes), *options], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"build {' '.join(options)} ended with {child.returncode}")
        return Build(what, processes, rows(folder), seconds, used.ru_maxrss * MIB_PER_KIB)


def rows(folder: str) -> int:
    """Return the reports of config ``all`` in a folder."""
    from pyarrow.dataset import dataset

    return int(dataset(f"{folder}/data/all").count_rows())


def main() -> None:
    """Run the builds and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, number in (("small", 10_000), ("middle", 100_000), ("large", 200_000)):
        parser.add_argument(f"--{name}", type=int, default=number)
    sizes = vars(parser.parse_args())
    train = {name: ("--split", "train", "--num-reports", str(number)) for name, number in sizes.items()}
    done = [build("default corpus, all splits", 1), build("default corpus, all splits", 2)]
    done += [build(f"train, {sizes['small']:,}", 1, *train["small"])]
    done += [build(f"train, {sizes['middle']:,}", processes, *train["middle"]) for processes in (1, 2)]
    done += [build(f"train, {sizes['large']:,}", 1, *train["large"])]
    show(done)


def show(done: list[Build]) -> None:
    """Print the builds, and beside those of several processes what they gain over one."""
    table = Table(title="multirads build: wall-clock time, start-up included")
    for heading in ("what", "processes", "reports", "seconds", "reports/s", "of one process", "peak MiB"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    single = {one.what: one.seconds for one in done if one.processes == 1}
    for one in done:
        gain = f"{single[one.what] / one.seconds:.2f}x"
        rate = f"{one.reports / one.seconds:,.0f}"
        table.add_row(
            one.what, str(one.processes), f"{one.reports:,}", f"{one.seconds:.1f}", rate, gain, f"{one.memory:,.0f}"
        )
    Console().print(table)


if __name__ == "__main__":
    main()
