"""The store keeps what was paid for, next to other processes, and never spoils a file that is not its own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from multirads_hf.errors import RunError, UnknownNameError
from multirads_hf.running.identity import RunHeader, dataset_fingerprint, run_id
from multirads_hf.running.models import Completion
from multirads_hf.running.store import Store

IDENTITY = {
    "model": "toy:one", "revision": "r1", "prompt": "zero_shot", "prompt_hash": "p1", "task": "category",
    "condition": "withheld", "split": "test", "config": "all", "seed": 0, "settings": {"max_new_tokens": 9},
    "runner_version": "1",
}  # fmt: skip
RECORDS = [{"id": f"toy-test-{place:06d}", "report": f"report {place}", "lesion": place * 0.1} for place in range(5)]
WRITER = """
import sys
from multirads_hf.running.models import Completion
from multirads_hf.running.store import Store
from tests_store_writer import header, records
path, who = sys.argv[1:]
with Store(path) as store:
    store.begin(header(who), {"process": who})
    for record in records(200):
        store.keep(header(who).run_id, record, Completion(record["id"], who))
"""
WRITER_PARTS = """
from multirads_hf.running.identity import RunHeader, run_id

def records(number):
    return [{"id": f"toy-test-{place:06d}", "report": "report"} for place in range(number)]

def header(model):
    identity = dict(model=model, revision="", prompt="", prompt_hash="", task="", condition="", split="", config="",
                    seed=0, settings={}, runner_version="")
    return RunHeader(run_id=run_id(**identity), **identity, n=200, dataset_fingerprint="")
"""


def header(n: int = 5, **changed: object) -> RunHeader:
    identity = IDENTITY | changed
    return RunHeader(run_id=run_id(**identity), **identity, n=n, dataset_fingerprint=dataset_fingerprint(RECORDS[:n]))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs" / "answers.sqlite"


def test_what_was_kept_comes_back(path: Path) -> None:
    one = header()
    kept = Completion(RECORDS[0]["id"], "é{}", "stop", 10, 4, 0.5)
    with Store(path) as store:
        store.begin(one, {"device": "cpu"})
        store.keep(one.run_id, RECORDS[0], kept)
    with Store(path, create=False) as store:
        (answer,) = store.answers(one.run_id)
        (found,) = store.runs()
    assert answer.record == RECORDS[0]
    assert (answer.text, answer.finish_reason, answer.attempts, answer.error) == ("é{}", "stop", 1, None)
    assert (answer.prompt_tokens, answer.completion_tokens, answer.latency_s) == (10, 4, 0.5)
    assert found == replace(one, created=found.created, engines=({"device": "cpu"},), answered=1)
    assert found.created.endswith("Z")
    assert dataset_fingerprint([answer.record]) == dataset_fingerprint(RECORDS[:1]), "JSON changes no record"


def test_half_a_character_is_kept_by_its_number(path: Path) -> None:
    one = header()
    with Store(path) as store:
        store.begin(one, {})
        store.keep(one.run_id, RECORDS[0], Completion(RECORDS[0]["id"], "TR4 \ud83d", "stop"))
        assert store.answers(one.run_id)[0].text == "TR4 \\ud83d"


def test_a_record_has_one_answer_and_an_error_is_none(path: Path) -> None:
    one = header()
    name = RECORDS[0]["id"]
    with Store(path) as store:
        store.begin(one, {})
        store.keep(one.run_id, RECORDS[0], Completion(name, error="timeout"))
        assert store.answered(one.run_id) == {}
        assert store.runs()[0].errors == 1
        store.keep(one.run_id, RECORDS[0], Completion(name, "TR4", "stop"))
        assert list(store.answered(one.run_id)) == [name]
        (answer,) = store.answers(one.run_id)
    assert (answer.text, answer.error, answer.attempts) == ("TR4", None, 2)


@pytest.mark.parametrize("part", list(IDENTITY))
def test_answers_of_another_model_prompt_or_corpus_are_never_taken(part: str) -> None:
    other = {"seed": 1, "settings": {"max_new_tokens": 10}}.get(part, "other")
    assert header(**{part: other}).run_id != header().run_id


def test_a_run_grows_and_never_shrinks(path: Path) -> None:
    with Store(path) as store:
        for n in (2, 5, 3):
            store.begin(header(n), {"batch_size": n})
        (found,) = store.runs()
    assert (found.n, found.dataset_fingerprint) == (5, header(5).dataset_fingerprint)
    assert [engine["batch_size"] for engine in found.engines] == [2, 5, 3]
    assert header(2).run_id == header(5).run_id


def test_a_run_is_found_by_the_start_of_its_id(path: Path) -> None:
    with Store(path) as store:
        for seed in range(40):
            store.begin(header(seed=seed), {})
        one = store.runs()[7]
        assert store.run(one.run_id) == store.run(one.run_id[:8]) == one
        for unknown in ("", "zz"):
            with pytest.raises(UnknownNameError, match="is not there"):
                store.run(unknown)
        starts = [run.run_id[0] for run in store.runs()]
        twice = next(start for start in starts if starts.count(start) > 1)
        with pytest.raises(UnknownNameError, match="is the start of several"):
            store.run(twice)


def test_processes_that_make_and_fill_one_store_together_lose_nothing(path: Path, tmp_path: Path) -> None:
    (tmp_path / "tests_store_writer.py").write_text(WRITER_PARTS)
    paths = [str(tmp_path), *sys.path]
    script = f"import sys; sys.path[:0] = {paths!r}\n{WRITER}"
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), who], stderr=subprocess.PIPE, text=True)
        for who in ("one", "two", "three", "one")
    ]
    told = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0], told
    with Store(path, create=False) as store:
        found = store.runs()
        assert {run.model: run.answered for run in found} == {"one": 200, "two": 200, "three": 200}
        attempts = {run.model: {a.attempts for a in store.answers(run.run_id)} for run in found}
    assert attempts == {"one": {2}, "two": {1}, "three": {1}}


def test_a_text_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("do not touch " * 100)
    with pytest.raises(RunError, match=r"notes\.txt: file is not a database"):
        Store(path)
    assert path.read_text() == "do not touch " * 100


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(RunError, match="a database of another program"):
        Store(path)
    assert path.read_bytes() == before


def test_a_store_of_another_version_is_refused(path: Path) -> None:
    with Store(path):
        pass
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(RunError, match="version 99"):
        Store(path)


def test_places_that_cannot_hold_a_store_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "answers.sqlite"):
        with pytest.raises(RunError, match="cannot be opened"):
            Store(path)
    with pytest.raises(RunError, match="no such file"):
        Store(tmp_path / "missing.sqlite", create=False)
    assert not (tmp_path / "missing.sqlite").exists()


OLD = """
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
PRAGMA application_id = 1297236292;
PRAGMA user_version = 1;
INSERT INTO records VALUES ('h', '{"id": "toy-test-000000"}');
INSERT INTO answers VALUES ('r', 'toy-test-000000', 'h', 1, 'TR4', 'stop', 1, 2, 0.5, NULL);
"""


def test_a_store_of_the_first_version_is_read_and_goes_on(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as old:
        old.executescript(OLD)
    old.close()
    one = header()
    for _ in range(2):
        with Store(path) as store:
            (answer,) = store.answers("r")
            assert (answer.text, answer.reasoning, answer.prompt_hash, answer.examples) == ("TR4", None, None, ())
            store.begin(one, {})
            store.keep(one.run_id, RECORDS[0], Completion(RECORDS[0]["id"], "TR1", reasoning="solid"))
            assert store.answers(one.run_id)[0].reasoning == "solid"


def test_a_failed_call_never_takes_the_place_of_an_answer(path: Path) -> None:
    one, name = header(), RECORDS[0]["id"]
    with Store(path) as store:
        store.begin(one, {})
        store.keep(one.run_id, RECORDS[0], Completion(name, "TR4", "stop"))
        store.keep(one.run_id, RECORDS[0], Completion(name, error="timeout", attempts=6))
        (answer,) = store.answers(one.run_id)
        assert (answer.text, answer.error, answer.attempts) == ("TR4", None, 1)
        changed = RECORDS[0] | {"report": "another"}
        store.keep(one.run_id, changed, Completion(name, error="timeout", attempts=6))
        (answer,) = store.answers(one.run_id)
    assert (answer.text, answer.error, answer.attempts) == (None, "timeout", 7)
