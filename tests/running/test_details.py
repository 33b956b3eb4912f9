"""Results of a run as files: what they hold, who can read them, and that they suffice to score again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator

from multirads_hf import running
from multirads_hf.errors import RunError
from multirads_hf.running import details, results
from multirads_hf.running.comparing import add_robustness

QUICK: dict[str, Any] = {"n_resamples": 50}
LIMIT = 24


def answered(path: Path, model: str = "baseline:lexicon", **asked: Any) -> running.ScoredRun:
    given = {"config": "tirads", "limit": LIMIT, **asked}
    done = running.run(model, store=path, progress=False, **given)
    return running.scored(path, done.run_id, **QUICK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two files of a run over the noisy split, one of whose calls failed."""
    home = tmp_path_factory.mktemp("details")
    answers = home / "answers.jsonl"
    run = answered(home / "s.sqlite", split="test_noisy")
    lines = [{"id": own["id"], "answer": own["answer"]} for own in run.rows]
    lines[0]["answer"] = "no JSON \U0001f600"
    answers.write_text("\n".join(map(json.dumps, lines)))
    run = answered(home / "s.sqlite", f"answers:{answers}", split="test_noisy")
    return run.write(home / "results" / run.results["run_id"])


@pytest.mark.parametrize("asked", [{}, {"task": "category"}, {"split": "test_contrast"}, {"condition": "discordant"}])
def test_results_of_every_kind_of_run_keep_to_the_schema(tmp_path: Path, asked: dict[str, Any]) -> None:
    written = answered(tmp_path / "s.sqlite", **asked).write(tmp_path / "out")
    schema = results.results_schema()
    Draft202012Validator.check_schema(schema)
    found = json.loads((written / "results.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(found)] == []


def test_the_schema_refuses_what_is_no_result(folder: Path) -> None:
    validator = Draft202012Validator(results.results_schema())
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    for name, wrong in (("scores", {"validity": 0.5}), ("run_id", "x"), ("usage", {}), ("n", 0), ("condition", "said")):
        assert not validator.is_valid({**found, name: wrong}), name
        assert not validator.is_valid({key: value for key, value in found.items() if key != name}), name


def test_datasets_reads_both_files(folder: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    (row,) = load_dataset("json", data_files=str(folder / "results.json"), split="train", cache_dir=str(tmp_path))
    assert row["model"].startswith("answers:")
    assert row["scores"]["validity"]["value"] <= 1
    rows = load_dataset("parquet", data_files=str(folder / "details.parquet"), split="train", cache_dir=str(tmp_path))
    assert len(rows) == LIMIT
    assert set(details.COLUMNS) == set(rows.column_names)
    assert rows[1]["fields"][0].keys() == {"field", "tp", "fp", "fn"}


def test_the_details_suffice_to_score_again_without_the_store(folder: Path) -> None:
    known = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(running.rescore(folder, **QUICK))) == known
    strict = running.rescore(folder, strict=True, **QUICK)
    assert "strict:yes" in strict["signature"]


def test_details_hold_what_each_answer_counts_for(folder: Path) -> None:
    rows = details.read_details(folder / "details.parquet")
    assert [own["id"] for own in rows] == sorted(own["id"] for own in rows)
    assert all(len(own["prompt_hash"]) == len(own["record_hash"]) == 16 for own in rows)
    known = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert sum(own["correct"] for own in rows) / LIMIT == known["scores"]["category_accuracy"]["value"]
    for own in rows[1:]:
        assert own["tp"] == sum(field["tp"] for field in own["fields"])
    assert rows[0]["answer"] == "no JSON \U0001f600"


def test_details_of_another_run_or_a_part_of_them_are_refused(folder: Path, tmp_path: Path) -> None:
    table = pq.read_table(folder / "details.parquet")
    (tmp_path / "results.json").write_bytes((folder / "results.json").read_bytes())
    pq.write_table(table.slice(1), tmp_path / "details.parquet")
    with pytest.raises(RunError, match="not whole"):
        running.rescore(tmp_path)
    pq.write_table(table.drop_columns(["extraction"]), tmp_path / "details.parquet")
    with pytest.raises(RunError, match="extraction"):
        running.rescore(tmp_path)
    (tmp_path / "details.parquet").write_text("no parquet")
    with pytest.raises(RunError, match="cannot be read"):
        running.rescore(tmp_path)
    (tmp_path / "results.json").write_text("[]")
    with pytest.raises(RunError, match="no results"):
        running.rescore(tmp_path)


def test_the_category_task_has_no_counts_of_findings(tmp_path: Path) -> None:
    run = answered(tmp_path / "s.sqlite", task="category")
    assert all(own["tp"] is None and own["fields"] is None and own["state"] for own in run.rows)
    assert running.rescore(run.write(tmp_path / "out"), **QUICK)["scores"] == run.results["scores"]


def test_the_revision_is_that_of_the_checkout_and_of_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    found = results.git_revision()
    git = ["git", "-C", str(Path(results.__file__).parent), "rev-parse", "HEAD"]
    there = subprocess.run(git, capture_output=True, text=True, check=False)
    if there.returncode == 0:
        assert found is not None
        assert found.removesuffix("-dirty") == there.stdout.strip()
    monkeypatch.setenv("PATH", "")
    results.git_revision.cache_clear()
    assert results.git_revision() is None
    results.git_revision.cache_clear()


def test_cost_and_seconds_are_told_where_they_are_known(tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text('"*lexicon": {input: 1.0, output: 2.0}')
    run = answered(tmp_path / "s.sqlite")
    priced = running.evaluate(tmp_path / "s.sqlite", run.results["run_id"], prices=prices, **QUICK)
    assert priced["usage"]["cost"] == 0  # a baseline counts no tokens
    assert run.results["usage"]["cost"] is None
    assert 0 <= run.results["usage"]["latency_s_p50"] <= run.results["usage"]["latency_s_p95"]


def test_noise_is_weighed_against_the_same_studies_without_it(tmp_path: Path) -> None:
    clean, noisy = (answered(tmp_path / "s.sqlite", split=split) for split in ("test", "test_noisy"))
    other = answered(tmp_path / "s.sqlite", "baseline:majority")
    add_robustness([other, noisy])
    assert "robustness_drop_f1" not in noisy.results["scores"]
    add_robustness([noisy, other, clean])
    lost = noisy.results["scores"]["robustness_drop_accuracy"]["value"]
    accuracy = [run.results["scores"]["category_accuracy"]["value"] for run in (clean, noisy)]
    assert lost == pytest.approx(accuracy[0] - accuracy[1])
    assert noisy.results["clean_run"] == clean.results["run_id"]
    assert "robustness_drop_accuracy" not in clean.results["scores"]
