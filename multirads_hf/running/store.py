"""The store: every run, every answer and every record that was asked, in one SQLite file.

An answer is committed as it comes, so a killed run loses what was in flight and nothing else. The
records lie in the store as they were asked: a run can be scored for ever, whatever a later version
of the corpus writes. Write-ahead logging lets several runs share a file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from multirads_hf.errors import RunError, UnknownNameError, allowed, shown
from multirads_hf.running.identity import IDENTITY, RunHeader, content_hash
from multirads_hf.running.models import Completion

DEFAULT_STORE = Path("multirads_runs") / "answers.sqlite"
# "MRAD" as SQLite's application id marks the file as ours; the user version is that of the tables.
APPLICATION_ID = 0x4D524144
TABLES_VERSION = 1
# Seconds to wait for another process's transaction; each one is a few milliseconds.
BUSY_S = 60

_TABLES = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, model TEXT NOT NULL, revision TEXT NOT NULL, prompt TEXT NOT NULL,
    prompt_hash TEXT NOT NULL, task TEXT NOT NULL, condition TEXT NOT NULL, split TEXT NOT NULL,
    config TEXT NOT NULL, seed INTEGER NOT NULL, settings TEXT NOT NULL, runner_version TEXT NOT NULL,
    n INTEGER NOT NULL, dataset_fingerprint TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE engines (
    run_id TEXT NOT NULL REFERENCES runs, engine TEXT NOT NULL, PRIMARY KEY (run_id, engine));
CREATE TABLE records (record_hash TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE answers (
    run_id TEXT NOT NULL REFERENCES runs, record_id TEXT NOT NULL,
    record_hash TEXT NOT NULL REFERENCES records, attempts INTEGER NOT NULL, text TEXT,
    finish_reason TEXT, prompt_tokens INTEGER, completion_tokens INTEGER, latency_s REAL, error TEXT,
    PRIMARY KEY (run_id, record_id));
"""
_COLUMNS = ("run_id", *IDENTITY, "n", "dataset_fingerprint", "created")
_RUNS = f"SELECT {', '.join(_COLUMNS)} FROM runs ORDER BY created, rowid"  # noqa: S608 (names of columns)
_COUNTS = "SELECT count(*), count(error) FROM answers WHERE run_id = ?"
_ENGINES = "SELECT engine FROM engines WHERE run_id = ? ORDER BY rowid"
_ANSWERS = """
SELECT record_id, record, attempts, text, finish_reason, prompt_tokens, completion_tokens, latency_s, error
FROM answers JOIN records USING (record_hash) WHERE run_id = ? ORDER BY record_id"""
_ANSWERED = "SELECT record_id, record_hash FROM answers WHERE run_id = ? AND error IS NULL"
_KEEP = """
INSERT INTO answers VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_id, record_id) DO UPDATE SET
    record_hash = excluded.record_hash, attempts = attempts + 1, text = excluded.text,
    finish_reason = excluded.finish_reason, prompt_tokens = excluded.prompt_tokens,
    completion_tokens = excluded.completion_tokens, latency_s = excluded.latency_s, error = excluded.error"""
# A run that was asked for more records before keeps its size.
_BEGIN = f"""
INSERT INTO runs ({", ".join(_COLUMNS)})
VALUES ({"?, " * (len(_COLUMNS) - 1)}strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
ON CONFLICT (run_id) DO UPDATE SET n = excluded.n, dataset_fingerprint = excluded.dataset_fingerprint
WHERE excluded.n >= n"""  # noqa: S608 (names of columns)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer, with the row of the dataset that was asked and how often it was."""

    record_id: str
    record: Mapping[str, Any]
    attempts: int
    text: str | None
    finish_reason: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    latency_s: float | None
    error: str | None


class Store:
    """An open store. Use it as a context manager.

    Args:
        path: the file; it is made, folders included, unless ``create`` is False.
        create: whether a missing file is a new store or an error.

    Raises:
        RunError: the file is missing, is not a store, or cannot be read or written.
    """

    def __init__(self, path: str | PathLike[str], *, create: bool = True) -> None:
        self.path = Path(path)
        if not create and not self.path.is_file():
            raise RunError(f"Store {self.path}: there is no such file. `multirads run` makes one.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise RunError(f"Store {self.path}: cannot be opened: {error}.") from error
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self, run: RunHeader, engine: Mapping[str, Any]) -> None:
        """Note that a run starts or goes on, over ``run.n`` records, on this engine."""
        identity = {name: getattr(run, name) for name in IDENTITY}
        identity["settings"] = json.dumps(dict(run.settings), sort_keys=True)
        with self._writing():
            self._db.execute(_BEGIN, (run.run_id, *identity.values(), run.n, run.dataset_fingerprint))
            row = (run.run_id, json.dumps(dict(engine), sort_keys=True))
            self._db.execute("INSERT OR IGNORE INTO engines VALUES (?, ?)", row)

    def answered(self, run_id: str) -> dict[str, str]:
        """Return record id -> record hash of every answer of a run that is no error."""
        with self._reading():
            return dict(self._db.execute(_ANSWERED, (run_id,)).fetchall())

    def keep(self, run_id: str, record: Mapping[str, Any], completion: Completion) -> None:
        """Commit one answer, in place of an earlier one to the same record."""
        name = content_hash(record)
        answer = (completion.text, completion.finish_reason, completion.prompt_tokens, completion.completion_tokens)
        ended = (completion.latency_s, completion.error)
        with self._writing():
            text = json.dumps(dict(record), ensure_ascii=False)
            self._db.execute("INSERT OR IGNORE INTO records VALUES (?, ?)", (name, text))
            self._db.execute(_KEEP, (run_id, completion.record_id, name, *answer, *ended))

    def runs(self) -> list[RunHeader]:
        """Return the runs, oldest first."""
        with self._reading():
            rows = self._db.execute(_RUNS).fetchall()
            return [self._run(row) for row in rows]

    def run(self, run_id: str) -> RunHeader:
        """Return the run of this id, or of the only id that starts so.

        Raises:
            UnknownNameError: there is none, or more than one.
        """
        found = [run for run in self.runs() if run_id and run.run_id.startswith(run_id)]
        if len(found) == 1:
            return found[0]
        names = [run.run_id for run in found or self.runs()]
        fault = "is the start of several" if found else "is not there"
        raise UnknownNameError(f"Store {self.path}: run {shown(run_id)} {fault}. {allowed(run_id, names)}")

    def answers(self, run_id: str) -> list[StoredAnswer]:
        """Return the answers of a run, ordered by record id."""
        with self._reading():
            rows = self._db.execute(_ANSWERS, (run_id,)).fetchall()
        return [StoredAnswer(row[0], json.loads(row[1]), *row[2:]) for row in rows]

    def _run(self, row: tuple[Any, ...]) -> RunHeader:
        known = dict(zip(_COLUMNS, row, strict=True))
        known["settings"] = json.loads(known["settings"])
        answered, errors = self._db.execute(_COUNTS, (known["run_id"],)).fetchone()
        engines = tuple(json.loads(engine) for (engine,) in self._db.execute(_ENGINES, (known["run_id"],)))
        return RunHeader(**known, engines=engines, answered=answered, errors=errors)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise RunError(f"Store {self.path}: {error}.") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._reading():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _prepare(self) -> None:
        with self._reading():
            if not self._ours():
                self._make()
            self._db.execute("PRAGMA synchronous = NORMAL")

    def _ours(self) -> bool:
        """Return whether the tables are there; refuse a file that is somebody else's."""
        self._db.execute("BEGIN")  # one view of the file, while another process may be making it
        marked, version = self._number("PRAGMA application_id"), self._number("PRAGMA user_version")
        tables = self._number("SELECT count(*) FROM sqlite_master")
        self._db.execute("COMMIT")
        if marked != APPLICATION_ID and tables:
            raise RunError(f"Store {self.path}: a database of another program. Allowed: a store, or a new file.")
        if tables and version != TABLES_VERSION:
            raise RunError(
                f"Store {self.path}: tables of version {version}, written by another version of multirads-hf. "
                f"Allowed: {TABLES_VERSION}."
            )
        return bool(tables)

    def _make(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        with self._writing():
            if self._number("PRAGMA application_id") == APPLICATION_ID:  # another process was first
                return
            for statement in filter(str.strip, _TABLES.split(";")):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {TABLES_VERSION}")

    def _number(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])
