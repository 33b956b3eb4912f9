"""Whether answers are those of a run over the corpus: its reports, all of them, and no example that gives one away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from multirads_hf import __version__, corpus
from multirads_hf.errors import MultiradsError, RunError
from multirads_hf.running.details import COLUMNS, FROM_RECORD, counted, read_details
from multirads_hf.running.identity import content_hash, dataset_fingerprint
from multirads_hf.running.prompts import FEW_SHOT
from multirads_hf.scoring import Counts

Row = Mapping[str, Any]
Records = Mapping[str, Mapping[str, Any]]
MOST_TRUNCATED = 0.05
_OF_TRAIN = re.compile(r"[a-z_]+-train-\d{6,}.*")
# Splits of which the corpus of one call is kept: 1,600 reports are some 10 MB.
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold.

    Attributes:
        kind: ``missing`` (a file), ``unreadable``, ``results``, ``answers``, ``row`` (each: edited after it was
            published), ``incomplete``, ``dataset``, ``examples``, ``counts`` (of an answer in the details), ``figure``.
        what: the file, report or figure.
        published: what stands there.
        found: what it would have to be.
    """

    kind: str
    what: str
    published: Any = None
    found: Any = None

    def to_json(self) -> dict[str, Any]:
        """Return a plain mapping."""
        return asdict(self)


def read_typed_details(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a details file, whose columns have the types that ``multirads score`` gives them.

    Raises:
        RunError: the file cannot be read, or a column has another type.
    """
    import pyarrow as pa  # noqa: PLC0415 (slow to import)
    import pyarrow.parquet as pq  # noqa: PLC0415

    rows = read_details(path)
    fits = {
        "string": pa.types.is_string, "int64": pa.types.is_integer, "float64": pa.types.is_floating,
        "bool": pa.types.is_boolean, "list": lambda kind: pa.types.is_list(kind) and kind.value_type == pa.string(),
        "counts": lambda kind: pa.types.is_list(kind) and pa.types.is_struct(kind.value_type),
    }  # fmt: skip
    schema = pq.read_schema(path)
    for name, kind in COLUMNS.items():
        if name in schema.names and not fits[kind](schema.field(name).type):
            raise RunError(f"Details {path}: column {name!r} is {schema.field(name).type}. Allowed: {kind}.")
    return rows


def records_of(results: Mapping[str, Any]) -> Records:
    """Return the reports that a run was asked about by id, made anew.

    Raises:
        MultiradsError: the corpus has no such split, config or condition, or not so many reports.
    """
    return _records(*(results[name] for name in ("config", "split", "planned", "seed", "condition")))


@lru_cache(_KEPT)
def _records(config: str, split: str, planned: int, seed: int, condition: str) -> Records:
    found = corpus.records(config, split, 0, planned, seed=seed, condition=condition)
    return {str(record["id"]): record for record in found}


def problems_of(results: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield what is wrong with the reports that answers are to: of all kinds, the first of each."""
    try:
        records = records_of(results)
    except MultiradsError as error:
        yield Problem("dataset", "reports", results["planned"], str(error))
        return
    answered = {str(row["id"]) for row in rows}
    if len(rows) != len(answered) or len(answered) < results["planned"]:
        yield Problem("incomplete", "answers", len(answered), results["planned"])
    else:
        yield from _of_dataset(results, records)
    yield from _of_rows(records, rows)
    yield from _of_examples(results, records, rows)


def _of_dataset(results: Mapping[str, Any], records: Records) -> Iterator[Problem]:
    found = dataset_fingerprint(records.values())
    if results["dataset_fingerprint"] != found:
        made = f"{found} (multirads-hf {__version__}, the run was made by {results['runner_version']})"
        yield Problem("dataset", "fingerprint", results["dataset_fingerprint"], made)


def _of_rows(records: Records, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield the first report, and the first reference, that are not the corpus's."""
    for row in rows:
        record = records.get(str(row["id"]))
        if record is None or row["record_hash"] != content_hash(record):
            yield Problem("dataset", str(row["id"]), row["record_hash"], record and content_hash(record))
            return
        for name in FROM_RECORD:
            if row[name] != record[name]:
                yield Problem("dataset", f"{row['id']}.{name}", row[name], record[name])
                return


def _of_examples(results: Mapping[str, Any], records: Records, rows: Sequence[Row]) -> Iterator[Problem]:
    """Yield the first example that is not of train, or of the scenario or study of the report itself."""
    seed = results["seed"]
    for row in rows:
        record, shown_to = records.get(str(row["id"])), row["examples"] or ()
        if results["prompt"] == FEW_SHOT and row["error"] is None and not shown_to:
            yield Problem("examples", str(row["id"]), None, "the examples of few_shot")
            return
        for name in shown_to:
            example = _example(name, seed)
            if example is None:
                yield Problem("examples", str(row["id"]), name, "a report of train")
                return
            if record and (example[0] == record["scenario"] or example[1] == record["study_id"]):
                yield Problem("examples", str(row["id"]), f"{name}, scenario {example[0]!r}", "another scenario")
                return


@lru_cache(65536)
def _example(name: str, seed: int) -> tuple[str, str] | None:
    """Return scenario and study of a report of train, None where there is none of this id."""
    if not _OF_TRAIN.fullmatch(name):
        return None
    try:
        record = corpus.record(name, seed)
    except MultiradsError:
        return None
    return str(record["scenario"]), str(record["study_id"])


def miscounted(rows: Sequence[Row], reports: Sequence[Counts]) -> Iterator[Problem]:
    """Yield the first report of which the details count something else than its answer gives.

    Args:
        rows: the details.
        reports: what their answers count for.
    """
    for row, again in zip(rows, counted([{}] * len(rows), reports), strict=True):
        for name, value in again.items():
            if row[name] != value:
                yield Problem("counts", f"{row['id']}.{name}", row[name], value)
                return


def overridable(rows: Sequence[Row]) -> dict[str, str]:
    """Return the guards that only ``--force`` lets pass, and what they found: failed calls, answers cut short."""
    failed = [row for row in rows if row["error"] is not None]
    cut = sum(row["finish_reason"] == "length" for row in rows)
    answered = len(rows) - len(failed)
    found = {}
    if failed:
        found["errors"] = f"{len(failed)} of {len(rows)} calls failed, that about {failed[0]['id']!r} first. Allowed: 0"
    if answered and cut > MOST_TRUNCATED * answered:
        found["truncated"] = f"{cut} of {answered} answers were cut short. Allowed: {MOST_TRUNCATED:.0%}"
    return found
