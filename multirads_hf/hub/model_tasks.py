"""What a run scores at the tasks of a published benchmark, where it answered exactly their reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from multirads_hf.errors import PublishError
from multirads_hf.hub.benchmark import SPLIT, WHOLE
from multirads_hf.hub.checks import records_of
from multirads_hf.hub.figures import options_of
from multirads_hf.hub.publication import Snapshot
from multirads_hf.hub.remote import Hub
from multirads_hf.hub.results_repo import fetch
from multirads_hf.hub.results_row import Submission
from multirads_hf.running.details import score_rows

REGISTRATION = "eval.yaml"
METRIC = "category_accuracy"
_FILES = re.compile(rf"data/(?P<config>[a-z]+)/{SPLIT}-\d{{5}}-of-\d{{5}}\.parquet")
Report = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published dataset as a benchmark.

    Attributes:
        repo: ``OWNER/NAME``.
        commit: at which it was read.
        tasks: config -> id of its task in ``eval.yaml``.
        reports: config -> id, text and category of every report of ``test``.
    """

    repo: str
    commit: str
    tasks: Mapping[str, str]
    reports: Mapping[str, frozenset[Report]]


@dataclass(frozen=True, slots=True)
class TaskScore:
    """What a run scores at one task.

    Attributes:
        config: of the dataset.
        task_id: in its ``eval.yaml``.
        value: category accuracy, a fraction from 0 to 1.
        date: when the run began, ISO 8601.
        told: what notes tell of it: ``model``, ``prompt``, ``task``, ``n``, ``low``, ``high``, ``confidence`` and
            ``run_id``.
    """

    config: str
    task_id: str
    value: float
    date: str
    told: Mapping[str, Any]


def read_benchmark(repo: str, hub: Hub) -> Benchmark:
    """Return a published dataset as a benchmark.

    Raises:
        PublishError: it is not there, or is no dataset of ``multirads publish dataset``.
    """
    where = f"--dataset {repo}"
    there = hub.snapshot(repo, "dataset")
    if there is None or REGISTRATION not in there.files:
        raise PublishError(f"{where}: there is no {REGISTRATION}. Allowed: what `multirads publish dataset` made.")
    try:
        tasks = yaml.safe_load(hub.read(repo, "dataset", there.commit, REGISTRATION))["tasks"]
        own = {str(task["config"]): str(task["id"]) for task in tasks if task["split"] == SPLIT}
    except (yaml.YAMLError, KeyError, TypeError):
        raise PublishError(
            f"{where}: its {REGISTRATION} has no tasks. Allowed: what `multirads publish dataset` made."
        ) from None
    return Benchmark(repo, there.commit, own, _reports(repo, there, own))


def _reports(repo: str, there: Snapshot, tasks: Mapping[str, str]) -> dict[str, frozenset[Report]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 (slow to import)

    found: dict[str, set[Report]] = {}
    paths = {path: match["config"] for path in there.files if (match := _FILES.fullmatch(path))}
    wanted = [path for path, config in paths.items() if config in tasks]
    with TemporaryDirectory(prefix="multirads-") as temporary:
        fetch(repo, Path(temporary), there.commit, wanted)
        for path in wanted:
            columns = pq.read_table(Path(temporary) / path, columns=["id", "report", "category"]).to_pydict()
            found.setdefault(paths[path], set()).update(zip(*columns.values(), strict=True))
    return {config: frozenset(reports) for config, reports in found.items()}


def task_scores(run: Submission, benchmark: Benchmark) -> list[TaskScore] | str:
    """Return what a run scores at every task whose reports it answered, or why at none."""
    results = run.parsed
    if run.forced:
        return f"it was forced ({', '.join(run.forced)})"
    if results["split"] != SPLIT or results["condition"] != "withheld":
        return f"it ran over {results['split']!r} ({results['condition']}), and tasks are of {SPLIT!r} (withheld)"
    records = records_of(results)
    answered = {config: _of(records, config) for config in benchmark.tasks}
    same = [config for config, own in answered.items() if own and own == benchmark.reports.get(config)]
    if not same:
        return f"its reports are not those of a task of {benchmark.repo}"
    options = options_of(results)
    scores = score_rows(run.rows, results["task"], results["condition"], **{**options, "by": ["system"]})
    told = {name: results[name] for name in ("model", "prompt", "task")}
    told |= {"run_id": run.row["run_id"], "confidence": options["confidence_level"]}
    failed = {str(row["id"]) for row in run.rows if row["error"] is not None}
    found = []
    for config in same:
        one = (scores.scores if config == WHOLE else scores.by["system"].get(config, {})).get(METRIC)
        if one is not None and one.value is not None:
            n = sum(name not in failed for name, _, _ in answered[config])
            about = {**told, "n": n, "low": one.low, "high": one.high}
            found.append(TaskScore(config, benchmark.tasks[config], one.value, results["created"], about))
    return found or "every call failed"


def _of(records: Mapping[str, Mapping[str, Any]], config: str) -> frozenset[Report]:
    """Return the reports of one config among those that were answered."""
    own = (record for record in records.values() if config in (WHOLE, record["system"]))
    return frozenset((str(record["id"]), str(record["report"]), str(record["category"])) for record in own)
