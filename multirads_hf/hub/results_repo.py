"""A repository of results on the Hub: where everything stands, how it is downloaded and read back.

``runs/RUN_ID/results.json`` is what ``multirads score`` wrote, ``details/RUN_ID.parquet`` a row a report with the
answer as it came, ``results/RUN_ID.parquet`` one flat row of figures. The row and the details of a run whose
setting was run again later stand in ``superseded`` below their folders. The id of a run is a hash of its results
and details (`multirads_hf.hub.results_row`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from multirads_hf import __version__
from multirads_hf.errors import PublishError, RunError
from multirads_hf.hub.refusals import insist
from multirads_hf.hub.results_row import read_row
from multirads_hf.running.details import read_results

Table = Literal["results", "details"]
SUPERSEDED = "superseded"
# No other path is downloaded, whatever the Hub lists.
_ID = r"(?P<id>[0-9a-f]{16})"
PATH = re.compile(rf"runs/{_ID}/results\.json|(?:results|details)/(?:{SUPERSEDED}/)?[0-9a-f]{{16}}\.parquet")


@dataclass(frozen=True, slots=True)
class PublishedRun:
    """A run of a downloaded repository.

    Attributes:
        run_id: hash of its content: the name of its files.
        results: what its results file holds. The ``run_id`` in there is the runner's and names the setting.
        details: file of its answers, a row a report; it may be missing or changed, which ``multirads verify`` finds.
        row: the flat row of figures.
        superseded: whether the same setting was run again later.
    """

    run_id: str
    results: dict[str, Any]
    details: Path
    row: dict[str, Any]
    superseded: bool

    @property
    def forced(self) -> tuple[str, ...]:
        """Guards that were overridden when it was published, such as ``errors``."""
        return tuple(self.row["forced"])


def results_path(run_id: str) -> str:
    """Return the path of the results file of a run."""
    return f"runs/{run_id}/results.json"


def table_path(table: Table, run_id: str, superseded: bool = False) -> str:
    """Return the path of the row or of the details of a run."""
    return f"{table}/{SUPERSEDED}/{run_id}.parquet" if superseded else f"{table}/{run_id}.parquet"


def run_ids(paths: Iterable[str]) -> list[str]:
    """Return the ids of the runs among paths of a repository, sorted."""
    return sorted(found["id"] for path in paths if (found := PATH.fullmatch(path)) and found["id"])


def read_runs(folder: Path) -> list[PublishedRun]:
    """Return the runs of a downloaded repository, sorted by id.

    Raises:
        RunError: a run cannot be read.
    """
    return [read_run(folder, run_id) for run_id in folder_ids(folder)]


def folder_ids(folder: Path) -> list[str]:
    """Return the ids of the runs in a downloaded repository, sorted."""
    return run_ids(path.relative_to(folder).as_posix() for path in folder.glob("runs/*/results.json"))


def read_run(folder: Path, run_id: str) -> PublishedRun:
    """Return one run of a downloaded repository.

    Raises:
        RunError: its results or its row are missing or cannot be read.
    """
    results = read_results(folder / results_path(run_id))
    superseded = not (folder / table_path("results", run_id)).is_file()
    row = read_row(folder / table_path("results", run_id, superseded))
    if row["run_id"] != run_id:
        raise RunError(f"Row of run {run_id}: its run_id is {row['run_id']!r}. Allowed: that of the file's name.")
    return PublishedRun(run_id, results, folder / table_path("details", run_id, superseded), row, superseded)


def download(repo: str, folder: Path, *, revision: str | None = None) -> str:
    """Download the runs of a results repository and return the commit at which they stand.

    Args:
        repo: ``OWNER/NAME``.
        folder: where files go; nothing is written outside it.
        revision: branch, tag or commit; the newest by default.

    Raises:
        PublishError: the Hub does not answer, or there is no such repository that may be read.
    """
    from huggingface_hub import HfApi  # noqa: PLC0415

    where = f"dataset {repo}"
    api = HfApi(library_name="multirads-hf", library_version=__version__)
    commit = str(insist(lambda: api.repo_info(repo, repo_type="dataset", revision=revision), where).sha)
    there = insist(lambda: api.list_repo_files(repo, repo_type="dataset", revision=commit), where)
    own = [path for path in there if PATH.fullmatch(path)]
    fetch(repo, folder, commit, own)
    return commit


def fetch(repo: str, folder: Path, commit: str, paths: Collection[str]) -> None:
    """Download some files of a dataset at one commit, none of them outside a folder.

    Raises:
        PublishError: one did not come.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415

    if not paths:
        return
    where = f"dataset {repo}"
    insist(
        lambda: snapshot_download(
            repo, repo_type="dataset", revision=commit, local_dir=folder, allow_patterns=list(paths)
        ),
        where,
    )
    # The client gives back a folder as it was when it cannot reach the Hub.
    missing = [path for path in paths if not (folder / path).is_file()]
    if missing:
        raise PublishError(f"{where}: {len(missing)} of {len(paths)} files did not come. The same command goes on.")
