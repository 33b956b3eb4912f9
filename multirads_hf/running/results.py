"""What the store holds: runs, answers, and the results of a scored run."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

from multirads_hf import scoring
from multirads_hf.errors import RunError
from multirads_hf.running import constraint, details
from multirads_hf.running.budget import price_of, read_prices
from multirads_hf.running.identity import RunHeader, content_hash, dataset_fingerprint
from multirads_hf.running.store import DEFAULT_STORE, Store, StoredAnswer

RESULTS_SCHEMA = 1
RESULTS_FILE, DETAILS_FILE = "results.json", "details.parquet"
# Longest wait for git, in seconds; a revision is worth no more.
GIT_S = 10
# Packages whose versions can move a number of a results file.
PACKAGES = ("multirads-hf", "numpy", "scipy", "scikit-learn", "json-repair")

AnyPath = str | PathLike[str]


def runs(store: AnyPath = DEFAULT_STORE) -> list[RunHeader]:
    """Return the runs of a store, oldest first.

    Raises:
        RunError: the file is missing or is no store.
    """
    with Store(store, create=False) as opened:
        return opened.runs()


def answers(store: AnyPath, run_id: str) -> list[StoredAnswer]:
    """Return the answers of a run, ordered by record id, each with the record that was asked.

    Args:
        store: the file.
        run_id: the id, or enough of its start to tell it.

    Raises:
        RunError: the file is missing or is no store.
        UnknownNameError: no such run, or several.
    """
    with Store(store, create=False) as opened:
        return opened.answers(opened.run(run_id).run_id)


def evaluate(
    store: AnyPath, run_id: str, *, partial: bool = False, prices: AnyPath | None = None, **options: Any
) -> dict[str, Any]:
    """Score a run from what the store holds; no model and no corpus is needed.

    Args:
        store: the file.
        run_id: the id, or enough of its start to tell it.
        partial: score an unfinished run by the answers that are there. They are no fair sample:
            models answer the longest reports first.
        prices: file of prices, for the cost (see `multirads_hf.running.budget`).
        **options: of `multirads_hf.scoring.score`.

    Returns:
        What a results file holds: the run, its scores, usage and the environment; JSON can write it.

    Raises:
        RunError: no store, or an unfinished run.
        UnknownNameError: no such run, or several.
    """
    return scored(store, run_id, partial=partial, prices=prices, **options).results


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run with its scores.

    Attributes:
        results: what a results file holds.
        answers: as the store holds them, ordered by record id.
        rows: the same in the form of the details file, without the reports.
        counts: what each answer counts for.
    """

    results: dict[str, Any]
    answers: Sequence[StoredAnswer]
    rows: Sequence[Mapping[str, Any]]
    counts: Sequence[scoring.Counts]

    def write(self, folder: AnyPath) -> Path:
        """Write ``results.json`` and ``details.parquet`` into a folder, which is made, and return it."""
        details.write_details(self.rows, Path(folder) / DETAILS_FILE)
        text = json.dumps(self.results, ensure_ascii=False, indent=2) + "\n"
        (Path(folder) / RESULTS_FILE).write_bytes(text.encode("utf-8", "replace"))
        return Path(folder)


def scored(
    store: AnyPath, run_id: str, *, partial: bool = False, prices: AnyPath | None = None, **options: Any
) -> ScoredRun:
    """Score a run and keep what the scores are made of. See ``evaluate``."""
    with Store(store, create=False) as opened:
        run = opened.run(run_id)
        found = opened.answers(run.run_id)
    fingerprint = dataset_fingerprint(answer.record for answer in found)
    if not partial:
        _require_whole(run, len(found), fingerprint)
    price = None if prices is None else price_of(read_prices(prices), run.model)
    rows = [details.row_of(run.run_id, answer) for answer in found]
    scores = details.score_rows(rows, run.task, run.condition, **options)
    header = {name: value for name, value in asdict(run).items() if name not in ("n", "answered", "errors")}
    own = {"schema": RESULTS_SCHEMA, **header, "engines": list(run.engines), "planned": run.n}
    own["dataset_fingerprint"] = fingerprint
    broken = {"constraint_broken": constraint.broken(found, run.task)} if run.settings.get("constrained") else {}
    own |= {**scores.to_json(), "usage": details.usage_of(rows, price) | broken, **provenance()}
    return ScoredRun(own, found, details.counted(rows, scores.reports), scores.reports)


def rescore(folder: AnyPath, **options: Any) -> dict[str, Any]:
    """Score a run again from the two files that ``multirads score`` wrote; no store is needed.

    Args:
        folder: holds ``results.json`` and ``details.parquet``.
        **options: of `multirads_hf.scoring.score`.

    Returns:
        The results with the scores as this version makes them, under this environment.

    Raises:
        RunError: a file is missing, or the details are not those of the results.
    """
    known = details.read_results(Path(folder) / RESULTS_FILE)
    rows = details.read_details(Path(folder) / DETAILS_FILE)
    fingerprint = content_hash(sorted(own["record_hash"] for own in rows))
    if fingerprint != known["dataset_fingerprint"] or {own["run_id"] for own in rows} != {known["run_id"]}:
        raise RunError(f"Results {folder}: {DETAILS_FILE} is of another run, or not whole. Allowed: both of one run.")
    return known | details.score_rows(rows, known["task"], known["condition"], **options).to_json() | provenance()


def results_schema() -> dict[str, Any]:
    """Return the JSON Schema of a results file."""
    text = files("multirads_hf.running").joinpath("results.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def provenance() -> dict[str, Any]:
    """Return the versions and the revision of the code under which scores are computed."""
    return {"git_revision": git_revision(), "environment": environment()}


@cache
def git_revision() -> str | None:
    """Return the commit of this package's checkout, ``-dirty`` where files differ from it; None where it has none."""
    own = Path(__file__)
    tracked = _git(own.parent, "ls-files", "--error-unmatch", own.name)
    return tracked and _git(own.parent, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments)
            ["git", "-C", str(folder), *arguments],  # noqa: S607 (the user's own git)
            capture_output=True, text=True, check=True, timeout=GIT_S,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def environment() -> dict[str, str]:
    """Return the versions under which scores are computed."""
    return {"python": platform.python_version(), "platform": platform.platform(), **dict(_versions(PACKAGES))}


def _require_whole(run: RunHeader, found: int, fingerprint: str) -> None:
    if found < run.n:
        raise RunError(f"Run {run.run_id}: {found} of {run.n} records are answered. The same `multirads run` goes on.")
    if fingerprint != run.dataset_fingerprint:
        raise RunError(
            f"Run {run.run_id}: its answers are to dataset {fingerprint}, its last call asked for "
            f"{run.dataset_fingerprint}. Run it again over all {run.n} records."
        )


def _versions(packages: Iterable[str]) -> Iterable[tuple[str, str]]:
    for package in packages:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
