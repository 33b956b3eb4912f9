"""The checks that every supported version of datasets must pass; run by ``make compat`` in environments of their own.

    python tests/compat/check.py

The package must be installed there. Nothing of it is imported before ``load_dataset`` has found it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parents[2] / "loading_script" / "multirads.py"
LAST_WITH_SCRIPTS = 3
SIZE = 30


def check_literal_load() -> None:
    """``load_dataset("multirads")`` works with no import of ours; its rows are those of the corpus."""
    from datasets import load_dataset

    reports = load_dataset("multirads", num_reports=SIZE)
    from multirads_hf import corpus
    from multirads_hf.hub.features import label_names

    assert tuple(reports) == corpus.SPLITS, tuple(reports)
    for split, rows in reports.items():
        expected = list(corpus.records("all", split, num_reports=SIZE))
        named = [row | {c: names[row[c]] for c, names in label_names().items()} for row in rows]
        assert named == expected, split


def check_cache() -> None:
    """Explicit defaults hit the same entry, anything else another one."""
    from datasets import load_dataset_builder

    def folder(*args: Any, **kwargs: Any) -> str:
        return str(load_dataset_builder("multirads", *args, **kwargs).cache_dir)

    assert folder() == folder("all", seed=0, num_reports=None, condition="withheld")
    others = [folder(), folder(seed=1), folder(num_reports=5), folder(condition="stated")]
    assert len(set(others)) == len(others), others


def check_streaming() -> None:
    """A stream gives the same rows, in shards, and survives being sent to a worker."""
    from datasets import load_dataset

    stream = load_dataset("multirads", split="train", num_reports=300, streaming=True)
    assert stream.n_shards > 1
    ids = [row["id"] for row in stream]
    assert len(set(ids)) == 300
    assert [row["id"] for row in pickle.loads(pickle.dumps(stream))] == ids


def check_processes() -> None:
    """Two processes make the rows of one."""
    from datasets import load_dataset

    two = load_dataset("multirads", split="test", num_reports=300, num_proc=2)
    one = load_dataset("multirads", split="test", num_reports=300, streaming=True)
    assert two["id"][:] == [row["id"] for row in one]


def check_folder() -> None:
    """A built folder loads with the features and rows of the builder."""
    from datasets import load_dataset

    from multirads_hf.hub.parquet import write_folder

    write_folder("built", num_reports=SIZE, progress=False)
    read, made = load_dataset("built"), load_dataset("multirads", num_reports=SIZE)
    assert read["train"].features == made["train"].features
    assert all(read[split].to_list() == made[split].to_list() for split in made)


def check_script() -> None:
    """The loading script loads where scripts are still run, and is refused by name where they are not."""
    import datasets

    if int(datasets.__version__.split(".")[0]) > LAST_WITH_SCRIPTS:
        refusal = ""
        try:
            datasets.load_dataset(str(SCRIPT), split="test", num_reports=SIZE)
        except RuntimeError as error:
            refusal = str(error)
        assert "multirads.py" in refusal, refusal
        return
    rows = datasets.load_dataset(str(SCRIPT), split="test", num_reports=SIZE, trust_remote_code=True)
    assert rows["id"] == datasets.load_dataset("multirads", split="test", num_reports=SIZE)["id"]


def check_refusal() -> None:
    """What is not allowed is a clear error of ours."""
    from datasets import load_dataset

    from multirads_hf.errors import MultiradsError

    for given in ({"name": "birad"}, {"seed": -1}, {"num_report": 3}, {"data_files": "rows.csv"}):
        try:
            load_dataset("multirads", **given)
        except MultiradsError:
            continue
        raise AssertionError(f"no error for {given}")


def check_metric() -> None:
    """``evaluate.load("multirads_f1")`` gives the dataset's own answers 1 and empty ones 0."""
    import evaluate
    from datasets import load_dataset

    answers = list(load_dataset("multirads", split="test", num_reports=SIZE)["extraction"])
    metric = evaluate.load("multirads_f1")
    assert metric.compute(predictions=answers, references=answers)["multirads_f1"] == 1.0
    assert metric.compute(predictions=[""] * SIZE, references=answers)["multirads_f1"] == 0.0


CHECKS = {name.removeprefix("check_"): check for name, check in list(globals().items()) if name.startswith("check_")}


def run(name: str) -> bool:
    """Run one check in a new process with an empty folder and caches of its own."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "MULTIRADS_"))}
        variables = {"HF_HOME": f"{folder}/hf", "HF_HUB_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        command = [sys.executable, str(Path(__file__).resolve()), name]
        done = subprocess.run(command, cwd=folder, env=kept | variables, capture_output=True, text=True, check=False)
    print(f"{'ok' if done.returncode == 0 else 'FAILED':8}{name}")
    if done.returncode:
        print(done.stderr)
    return done.returncode == 0


def main() -> int:
    """Run the named checks here, or all of them in processes of their own."""
    if sys.argv[1:]:
        for name in sys.argv[1:]:
            CHECKS[name]()
        return 0
    import datasets
    import pyarrow

    print(f"datasets {datasets.__version__}, pyarrow {pyarrow.__version__}, Python {sys.version.split()[0]}")
    return int(False in [run(name) for name in CHECKS])


if __name__ == "__main__":
    raise SystemExit(main())
