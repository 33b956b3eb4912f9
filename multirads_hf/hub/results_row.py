"""A run as it is published: its id, the flat row of its figures, and its details."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from multirads_hf import scoring
from multirads_hf.errors import RunError
from multirads_hf.running.details import write_details
from multirads_hf.running.identity import IDENTITY, content_hash

Row = Mapping[str, Any]
# What makes two runs one setting: of those only the last one is `latest`. The version of the runner is left
# out: what it changes shows in the prompt's hash and in the dataset's fingerprint.
SETTING = (*(name for name in IDENTITY if name != "runner_version"), "dataset_fingerprint")
ID_DIGITS = 16
METRICS = tuple(
    metric.name for metric in (*scoring.METRICS, *scoring.CONDITION_METRICS)
)  # fmt: skip
_TEXTS = (
    "model", "revision", "prompt", "prompt_hash", "task", "condition", "split", "config", "dataset_fingerprint",
    "runner_version", "created", "signature", "git_revision",
)  # fmt: skip
_NUMBERS = ("seed", "planned", "n", "n_error")
# Texts without which a row is none.
_NEEDED = ("run_id", "setting_id", "created", "results_sha256", "details_sha256")
_OBJECTS = ("settings", "engines", "environment", "states", "usage")
# Column -> type, as pyarrow spells it.
COLUMNS = {
    **dict.fromkeys(("run_id", "setting_id", *_TEXTS), "string"), **dict.fromkeys(_NUMBERS, "int64"),
    **{f"{name}{end}": "double" for name in METRICS for end in ("", "_low", "_high")},
    **dict.fromkeys(_OBJECTS, "string"), "forced": "list", "results_sha256": "string", "details_sha256": "string",
}  # fmt: skip


@dataclass(frozen=True)
class Submission:
    """A run that is ready to be published.

    Attributes:
        results: the content of ``results.json``.
        rows: its details, one mapping a report, ``run_id`` apart.
        forced: guards that were overridden, such as ``errors``.
    """

    results: bytes
    rows: Sequence[Row]
    forced: tuple[str, ...] = ()

    @cached_property
    def parsed(self) -> dict[str, Any]:
        """What the results file holds."""
        found: dict[str, Any] = json.loads(self.results)
        return found

    @cached_property
    def row(self) -> dict[str, Any]:
        """The flat row of figures."""
        return row_of(self.results, details_hash(self.rows), self.forced)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the row and the details as Parquet, and return their paths."""
        row = self.row
        own = [{**details, "run_id": row["run_id"]} for details in self.rows]
        return write_row(row, folder / "row.parquet"), write_details(own, folder / "details.parquet")


def results_hash(results: bytes) -> str:
    """Return the SHA-256 of a results file."""
    return sha256(results).hexdigest()


def details_hash(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of details, whatever file they come from: a line of JSON a report, ``run_id`` apart.

    What is None is left out, so that a column which a later version adds changes nothing.
    """
    digest = sha256()
    for row in rows:
        kept = {name: value for name, value in row.items() if name != "run_id" and value is not None}
        digest.update(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    return digest.hexdigest()


def published_id(results_sha256: str, details_sha256: str) -> str:
    """Return the id of a published run: 16 hexadecimal digits that its results and details decide."""
    return sha256(f"{results_sha256} {details_sha256}".encode()).hexdigest()[:ID_DIGITS]


def setting_id(results: Mapping[str, Any]) -> str:
    """Return the hash of what a run was asked, see ``SETTING``."""
    return content_hash([[name, results[name]] for name in SETTING])


def row_of(content: bytes, details_sha256: str, forced: Sequence[str] = ()) -> dict[str, Any]:
    """Return the flat row of a run, one column a figure and one a bound; what does not exist is None.

    Args:
        content: of its results file.
        details_sha256: from ``details_hash``.
        forced: guards that were overridden.
    """
    results = json.loads(content)
    hashes = {"results_sha256": results_hash(content), "details_sha256": details_sha256}
    own: dict[str, Any] = {"run_id": published_id(**hashes), "setting_id": setting_id(results)}
    own |= {name: results.get(name) for name in (*_TEXTS, *_NUMBERS)}
    for name in METRICS:
        found = results["scores"].get(name) or {}
        own |= {f"{name}{end}": found.get(key) for end, key in (("", "value"), ("_low", "low"), ("_high", "high"))}
    own |= {name: json.dumps(results.get(name), sort_keys=True, ensure_ascii=False) for name in _OBJECTS}
    return {**own, "forced": list(forced), **hashes}


def write_row(row: Row, path: Path) -> Path:
    """Write one row as Parquet and return the path."""
    import pyarrow as pa  # noqa: PLC0415 (slow to import)
    import pyarrow.parquet as pq  # noqa: PLC0415

    kinds = {"string": pa.string(), "int64": pa.int64(), "double": pa.float64(), "list": pa.list_(pa.string())}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    path.parent.mkdir(parents=True, exist_ok=True)
    # Statistics of one row in a hundred columns are larger than the row.
    pq.write_table(pa.Table.from_pylist([dict(row)], schema), path, compression="zstd", write_statistics=False)
    return path


def read_row(path: Path) -> dict[str, Any]:
    """Return the row of a file that ``write_row`` wrote.

    Raises:
        RunError: the file cannot be read, or is none.
    """
    import pyarrow as pa  # noqa: PLC0415 (slow to import)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"Row {path}: cannot be read: {error}") from error
    needed = {"forced": list, **dict.fromkeys(_NEEDED, str)}
    if len(rows) != 1 or not all(isinstance(rows[0].get(name), kind) for name, kind in needed.items()):
        raise RunError(f"Row {path}: it is none of a run. Allowed: what `multirads publish results` made.")
    return rows[0]
