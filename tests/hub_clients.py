"""Clients of the local Hub: the command as a user calls it, and what it says."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from multirads_hf import running
from multirads_hf.running.details import read_details, write_details

TOKEN = "hf_alicesecret"
COMMAND = "import sys; from multirads_hf.cli import main; main(sys.argv[1:])"
Done = subprocess.CompletedProcess[str]
Multirads = Callable[..., Done]
Invoke = Callable[..., Result]
Rows = list[dict[str, Any]]


def well(done: Done) -> str:
    """Return what a command printed that ended well."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def refused(done: Result) -> str:
    """Return the one line with which the command refused."""
    assert done.exit_code == 2, done.output
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert not re.search(r"https?://127\S+/api/|Client Error", line)
    return line


def scored_run(folder: Path, model: str = "baseline:lexicon", **asked: Any) -> Path:
    """Run a model over a few reports, score it, and return the folder of its results."""
    store = folder / "answers.sqlite"
    done = running.run(model, store=store, progress=False, **{"limit": 12, **asked})
    run = running.scored(store, done.run_id, n_resamples=100)
    return run.write(folder / "results" / done.run_id)


def rewritten(source: Path, folder: Path, rows: Callable[[Rows], Rows] = list, **results: Any) -> Path:
    """Copy the folder of a run with some of its results and its details changed."""
    known = json.loads((source / "results.json").read_text(encoding="utf-8")) | results
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(known, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    write_details(rows(read_details(source / "details.parquet")), folder / "details.parquet")
    return folder
