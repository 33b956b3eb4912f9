"""The tables of a store, how they are made, and how those of an earlier version are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from multirads_hf.errors import RunError

# "MRAD" as SQLite's application id marks the file as ours; the user version is that of the tables.
APPLICATION_ID = 0x4D524144
TABLES_VERSION = 3

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
    reasoning TEXT, prompt_hash TEXT, examples TEXT,
    lost_prompt_tokens INTEGER NOT NULL DEFAULT 0, lost_completion_tokens INTEGER NOT NULL DEFAULT 0,
    estimated_tokens INTEGER,
    PRIMARY KEY (run_id, record_id));
"""
# What brings older tables up to date, by their version.
_UPGRADES = {
    1: tuple(f"ALTER TABLE answers ADD COLUMN {name} TEXT" for name in ("reasoning", "prompt_hash", "examples")),
    2: (
        *(
            f"ALTER TABLE answers ADD COLUMN {name} INTEGER NOT NULL DEFAULT 0"
            for name in ("lost_prompt_tokens", "lost_completion_tokens")
        ),
        "ALTER TABLE answers ADD COLUMN estimated_tokens INTEGER",
    ),
}


def prepare(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file, or bring those of an older store up to date.

    Raises:
        RunError: the file is somebody else's, or of a later version.
    """
    if not _ours(db, path):
        _make(db)
    _upgrade(db)
    db.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """Commit what is written within, or none of it."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _ours(db: sqlite3.Connection, path: Path) -> bool:
    """Return whether the tables are there; refuse a file that is somebody else's."""
    db.execute("BEGIN")  # one view of the file, while another process may be making it
    marked, version = _number(db, "PRAGMA application_id"), _number(db, "PRAGMA user_version")
    tables = _number(db, "SELECT count(*) FROM sqlite_master")
    db.execute("COMMIT")
    if marked != APPLICATION_ID and tables:
        raise RunError(f"Store {path}: a database of another program. Allowed: a store, or a new file.")
    if tables and version != TABLES_VERSION and version not in _UPGRADES:
        raise RunError(
            f"Store {path}: tables of version {version}, written by another version of multirads-hf. "
            f"Allowed: 1 to {TABLES_VERSION}."
        )
    return bool(tables)


def _make(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    with writing(db):
        if _number(db, "PRAGMA application_id") == APPLICATION_ID:  # another process was first
            return
        for statement in filter(str.strip, _TABLES.split(";")):
            db.execute(statement)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {TABLES_VERSION}")


def _upgrade(db: sqlite3.Connection) -> None:
    if _number(db, "PRAGMA user_version") == TABLES_VERSION:
        return
    with writing(db):
        while (version := _number(db, "PRAGMA user_version")) in _UPGRADES:
            for statement in _UPGRADES[version]:
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version + 1}")


def _number(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])
