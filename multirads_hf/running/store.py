"""The store: every run, every answer and every record that was asked, in one SQLite file.

An answer is committed as it comes, so a killed run loses what was in flight and nothing else. The
records lie in the store as they were asked: a run can be scored for ever, whatever a later version
of the corpus writes. Write-ahead logging lets several runs share a file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from multirads_hf.errors import RunError, UnknownNameError, allowed, shown
from multirads_hf.running import tables
from multirads_hf.running.budget import Spent
from multirads_hf.running.identity import IDENTITY, RunHeader, content_hash
from multirads_hf.running.models import CHARACTERS_PER_TOKEN, Completion, Prompt

DEFAULT_STORE = Path("multirads_runs") / "answers.sqlite"
# Seconds to wait for another process's transaction; each one is a few milliseconds.
BUSY_S = 60

_COLUMNS = ("run_id", *IDENTITY, "n", "dataset_fingerprint", "created")
_RUNS = f"SELECT {', '.join(_COLUMNS)} FROM runs ORDER BY created, rowid"  # noqa: S608 (names of columns)
_COUNTS = "SELECT count(*), count(error) FROM answers WHERE run_id = ?"
_ENGINES = "SELECT engine FROM engines WHERE run_id = ? ORDER BY rowid"
_ANSWERS = """
SELECT record_id, record, attempts, text, finish_reason, prompt_tokens, completion_tokens, latency_s, error,
    reasoning, prompt_hash, examples, lost_prompt_tokens, lost_completion_tokens
FROM answers JOIN records USING (record_hash) WHERE run_id = ? ORDER BY record_id"""
# Where no one counts tokens, the usual estimate stands in.
_TOKENS = f"""
SELECT count(*), coalesce(sum(coalesce(prompt_tokens, estimated_tokens, 0)), 0),
    coalesce(sum(coalesce(completion_tokens, length(text) / {CHARACTERS_PER_TOKEN}, 0)), 0)
FROM answers WHERE run_id = ? AND error IS NULL"""  # noqa: S608 (a number)
_LOST = """
SELECT coalesce(sum(lost_prompt_tokens), 0), coalesce(sum(lost_completion_tokens), 0) FROM answers WHERE run_id = ?"""
_REASONS = "SELECT finish_reason, count(*) FROM answers WHERE run_id = ? AND error IS NULL GROUP BY finish_reason"
_ANSWERED = "SELECT record_id, record_hash FROM answers WHERE run_id = ? AND error IS NULL"
# A failed call is never put in place of an answer to the same record. What an answer took that another
# one takes the place of was spent all the same.
_KEEP = """
INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_id, record_id) DO UPDATE SET
    record_hash = excluded.record_hash, attempts = attempts + excluded.attempts, text = excluded.text,
    finish_reason = excluded.finish_reason, prompt_tokens = excluded.prompt_tokens,
    completion_tokens = excluded.completion_tokens, latency_s = excluded.latency_s, error = excluded.error,
    reasoning = excluded.reasoning, prompt_hash = excluded.prompt_hash, examples = excluded.examples,
    lost_prompt_tokens = lost_prompt_tokens + excluded.lost_prompt_tokens
        + CASE WHEN error IS NULL THEN coalesce(prompt_tokens, 0) ELSE 0 END,
    lost_completion_tokens = lost_completion_tokens + excluded.lost_completion_tokens
        + CASE WHEN error IS NULL THEN coalesce(completion_tokens, 0) ELSE 0 END,
    estimated_tokens = excluded.estimated_tokens
WHERE excluded.error IS NULL OR error IS NOT NULL OR record_hash <> excluded.record_hash"""
# A run that was asked for more records before keeps its size.
_BEGIN = f"""
INSERT INTO runs ({", ".join(_COLUMNS)})
VALUES ({"?, " * (len(_COLUMNS) - 1)}strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
ON CONFLICT (run_id) DO UPDATE SET n = excluded.n, dataset_fingerprint = excluded.dataset_fingerprint
WHERE excluded.n >= n"""  # noqa: S608 (names of columns)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer, with the row of the dataset that was asked and how often it was.

    Attributes:
        prompt_hash: hash of the messages that were sent.
        examples: ids of the records that the prompt showed with their answers, in order.
        lost_prompt_tokens: of calls for this record that came to nothing, as far as they were counted.
        lost_completion_tokens: of such calls.
    """

    record_id: str
    record: Mapping[str, Any]
    attempts: int
    text: str | None
    finish_reason: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    latency_s: float | None
    error: str | None
    reasoning: str | None = None
    prompt_hash: str | None = None
    examples: tuple[str, ...] = ()
    lost_prompt_tokens: int = 0
    lost_completion_tokens: int = 0


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
            with self._reading():
                tables.prepare(self._db, self.path)
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

    def spent(self, run_id: str) -> Spent:
        """Return what a run has taken so far."""
        with self._reading():
            answered = self._db.execute(_TOKENS, (run_id,)).fetchone()
            return Spent(*answered, *self._db.execute(_LOST, (run_id,)).fetchone())

    def finish_reasons(self, run_id: str) -> dict[str | None, int]:
        """Return how many answers of a run ended for which reason."""
        with self._reading():
            return dict(self._db.execute(_REASONS, (run_id,)).fetchall())

    def hold(self, records: Iterable[Mapping[str, Any]]) -> dict[str, str]:
        """Commit records, those that are not there yet, and return record id -> record hash."""
        found = {str(record["id"]): (content_hash(record), record) for record in records}
        rows = [(name, json.dumps(dict(record), ensure_ascii=False)) for name, record in found.values()]
        with self._writing():
            self._db.executemany("INSERT OR IGNORE INTO records VALUES (?, ?)", rows)
        return {record_id: name for record_id, (name, _) in found.items()}

    def keep(
        self, run_id: str, record: Mapping[str, Any], completion: Completion, prompt: Prompt | None = None
    ) -> None:
        """Commit one answer, in place of an earlier one to the same record, and what was asked."""
        self.keep_all(run_id, [(self.hold([record])[completion.record_id], completion, prompt)])

    def keep_all(self, run_id: str, answers: Iterable[tuple[str, Completion, Prompt | None]]) -> None:
        """Commit answers together, each with the hash of its record, which `hold` gave, and what was asked."""
        rows = [_row(run_id, *answer) for answer in answers]
        with self._writing():
            self._db.executemany(_KEEP, rows)

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
        return [_answer(*row) for row in rows]

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
        with self._reading(), tables.writing(self._db):
            yield


def _answer(*row: Any) -> StoredAnswer:
    known = dict(zip([own.name for own in fields(StoredAnswer)], row, strict=True))
    known["record"], known["examples"] = json.loads(known["record"]), tuple(json.loads(known["examples"] or "[]"))
    return StoredAnswer(**known)


def _row(run_id: str, record_hash: str, completion: Completion, prompt: Prompt | None) -> tuple[Any, ...]:
    text, finish_reason, error, reasoning = (
        None if words is None else words.encode("utf-8", "backslashreplace").decode()  # SQLite takes no lone surrogate
        for words in (completion.text, completion.finish_reason, completion.error, completion.reasoning)
    )
    answer = (text, finish_reason, completion.prompt_tokens, completion.completion_tokens)
    ended = (completion.latency_s, error, reasoning)
    examples = json.dumps(prompt.examples) if prompt and prompt.examples else None
    asked = (prompt.fingerprint if prompt else None, examples)
    estimate = prompt.estimated_tokens if prompt and completion.prompt_tokens is None else None
    spent = (completion.lost_prompt_tokens, completion.lost_completion_tokens, estimate)
    return (run_id, completion.record_id, record_hash, completion.attempts, *answer, *ended, *asked, *spent)
