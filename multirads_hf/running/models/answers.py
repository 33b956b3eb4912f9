"""``answers:<file>``: answers that were made elsewhere, scored as if a model gave them now.

The file is JSON Lines, CSV or Parquet with the columns ``id`` (of the record, or ``record_id``) and
``answer`` (or ``text``); ``finish_reason`` is taken where it is there. Records without an answer in
the file are failed calls, no wrong answers.
"""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from multirads_hf._version import __version__
from multirads_hf.errors import RunError, allowed, shown
from multirads_hf.running.models import Completion, Model, Options, Prompt

IDS, TEXTS, REASON = ("id", "record_id"), ("answer", "text"), "finish_reason"


@dataclass(frozen=True, slots=True)
class Answers:
    """A model that looks up what it says. See `multirads_hf.running.models.Model`."""

    name: str
    revision: str
    rows: Mapping[str, tuple[str, str | None]] = field(repr=False)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Nothing: the file decides."""
        return {}

    @property
    def engine(self) -> Mapping[str, Any]:
        """Nothing but the package itself."""
        return {"multirads-hf": __version__}

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        """Yield the answers in the order of the prompts.

        Raises:
            RunError: the file answers none of them.
        """
        if not any(prompt.record_id in self.rows for prompt in prompts):
            example = prompts[0].record_id
            raise RunError(f"{self.name}: it holds none of the reports that were asked, such as {shown(example)}.")
        for prompt in prompts:
            text, reason = self.rows.get(prompt.record_id, (None, None))
            problem = f"{self.name}: no row of id {prompt.record_id!r}" if text is None else None
            yield Completion(prompt.record_id, text, reason, 0, 0, error=problem)


def open_model(name: str, options: Options) -> Model:  # noqa: ARG001 (the signature of every backend)
    """Read a file of answers.

    Raises:
        RunError: it cannot be read, lacks a column, or answers a report twice.
    """
    path = Path(name)
    table = _table(path)
    name_of, text_of = _column(path, table, IDS), _column(path, table, TEXTS)
    rows = {str(row.get(name_of)): (_text(row.get(text_of)), _text(row.get(REASON)) or None) for row in table}
    if len(rows) < len(table):
        raise RunError(f"answers:{path}: {len(table) - len(rows)} rows answer a report that another row answers.")
    revision = f"sha256:{sha256(path.read_bytes()).hexdigest()[:16]}"
    return Answers(f"answers:{name}", revision, rows)


def _table(path: Path) -> list[dict[str, Any]]:
    if path.suffix not in READERS:
        raise RunError(f"answers:{path}: got a file {shown(path.suffix)}. {allowed(path.suffix, READERS)}")
    try:
        rows = READERS[path.suffix](path)
    except (OSError, ValueError) as error:
        raise RunError(f"answers:{path}: cannot be read: {error}") from error
    if not rows:
        raise RunError(f"answers:{path}: there is no row in it.")
    return rows


def _lines(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("a line is no JSON object")
    return rows


def _csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 (heavy)

    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


READERS = {".jsonl": _lines, ".ndjson": _lines, ".csv": _csv, ".parquet": _parquet}


def _column(path: Path, table: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    """Return the first of the names that the table has."""
    for name in names:
        if name in table[0]:
            return name
    raise RunError(f"answers:{path}: no column {names[0]!r}. It has: {', '.join(map(str, table[0]))}.")


def _text(value: object) -> str:
    """Return a cell as text; an empty one is an empty answer."""
    if isinstance(value, dict | list):  # an answer that is JSON already
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else ""
