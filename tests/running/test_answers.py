"""Answers that exist already are scored like those of a model, and what the file lacks is no wrong answer."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from served import tirads

from multirads_hf.errors import RunError
from multirads_hf.running import answers, evaluate, run

LIMIT = 6
USUAL = {"config": "tirads", "limit": LIMIT, "progress": False}
Rows = list[dict[str, Any]]


def lines(path: Path, rows: Rows) -> None:
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")


def table(path: Path, rows: Rows) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def parquet(path: Path, rows: Rows) -> None:
    pq.write_table(pa.Table.from_pylist(rows), path)


@pytest.mark.parametrize(("name", "write"), [("a.jsonl", lines), ("a.csv", table), ("a.parquet", parquet)])
@pytest.mark.parametrize("columns", [("id", "answer"), ("record_id", "text")])
def test_a_file_is_scored_as_the_model_that_wrote_it(
    tmp_path: Path, name: str, write: Callable[[Path, Rows], None], columns: tuple[str, str]
) -> None:
    rows = [{columns[0]: own["id"], columns[1]: own["extraction"], "model": "x"} for own in tirads(LIMIT)]
    rows[0][columns[1]] = ""
    write(tmp_path / name, rows[::-1])
    done = run(f"answers:{tmp_path / name}", store=tmp_path / "s.sqlite", **USUAL)
    results = evaluate(tmp_path / "s.sqlite", done.run_id, n_resamples=50)
    assert (results["states"]["ok"], results["states"]["empty"]) == (LIMIT - 1, 1)
    assert results["revision"].startswith("sha256:")


def test_an_answer_may_be_json_and_say_how_it_ended(tmp_path: Path) -> None:
    (one, two) = tirads(2)
    rows = [{"id": one["id"], "answer": json.loads(one["extraction"])},
            {"id": two["id"], "answer": '{"category": "TR', "finish_reason": "length"}]  # fmt: skip
    lines(tmp_path / "a.jsonl", rows)
    done = run(f"answers:{tmp_path / 'a.jsonl'}", store=tmp_path / "s.sqlite", **USUAL | {"limit": 2})
    states = evaluate(tmp_path / "s.sqlite", done.run_id, n_resamples=50)["states"]
    assert (states["ok"], states["truncated"]) == (1, 1)


def test_a_report_that_the_file_lacks_is_a_failed_call(tmp_path: Path) -> None:
    rows = [{"id": own["id"], "answer": own["extraction"]} for own in tirads(LIMIT)[2:]]
    lines(tmp_path / "a.jsonl", rows)
    done = run(f"answers:{tmp_path / 'a.jsonl'}", store=tmp_path / "s.sqlite", **USUAL)
    assert (done.answered, done.errors) == (LIMIT - 2, 2)
    failed = [answer for answer in answers(tmp_path / "s.sqlite", done.run_id) if answer.error]
    assert "no row of id 'tirads-test-" in failed[0].error


def test_a_changed_file_is_another_run(tmp_path: Path) -> None:
    path, ids = tmp_path / "a.jsonl", []
    for text in ("TR1", "TR2"):
        lines(path, [{"id": own["id"], "answer": text} for own in tirads(LIMIT)])
        ids.append(run(f"answers:{path}", store=tmp_path / "s.sqlite", **USUAL).run_id)
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", '{"id": "tirads-test-000001"}', "no column 'answer'"),
        ("a.jsonl", '{"answer": "TR1"}', "no column 'id'"),
        ("a.jsonl", '{"id": "x", "answer": "TR1"}', "none of the reports"),
        ("a.jsonl", '{"id": "x", "answer": "1"}\n{"id": "x", "answer": "2"}', "that another row answers"),
        ("a.jsonl", "{", "cannot be read"),
        ("a.jsonl", "[1]", "cannot be read"),
        ("a.jsonl", "\n", "no row"),
        ("a.csv", "", "no row"),
        ("a.txt", "TR1", r"\.jsonl"),
        ("a.parquet", "x", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_matched_is_refused(tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(RunError, match=told):
        run(f"answers:{tmp_path / name}", store=tmp_path / "s.sqlite", **USUAL)
