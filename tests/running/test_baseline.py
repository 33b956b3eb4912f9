"""The baselines run with no weights and no network, and read nothing but the report."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from multirads_hf import corpus, rads
from multirads_hf.running import evaluate, run
from multirads_hf.running.models import Prompt, baseline, open_model

NAMES = ("majority", "bow", "lexicon")
LIMIT = 120


def asked(record: dict[str, Any], task: str = "extraction") -> Prompt:
    return Prompt(record["id"], record["document"], task, record["report"], ())


def answer(name: str, prompt: Prompt) -> dict[str, Any]:
    async def first() -> dict[str, Any]:
        (completion,) = [c async for c in open_model(f"baseline:{name}").generate([prompt])]
        assert (completion.finish_reason, completion.error) == ("stop", None)
        return json.loads(completion.text)

    return asyncio.run(first())


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The results of every baseline over the same reports."""
    store = tmp_path_factory.mktemp("runs") / "answers.sqlite"
    options = {"split": "test_balanced", "limit": LIMIT, "store": store, "progress": False}
    ids = {name: run(f"baseline:{name}", **options).run_id for name in NAMES}
    return {name: evaluate(store, run_id, n_resamples=100) for name, run_id in ids.items()}


def test_every_baseline_answers_every_report(results: dict[str, dict[str, Any]]) -> None:
    for name, scored in results.items():
        assert (scored["model"], scored["n"]) == (f"baseline:{name}", LIMIT)
        assert scored["states"].get("error", 0) == 0


def test_reading_the_report_beats_not_reading_it(results: dict[str, dict[str, Any]]) -> None:
    accuracy = {name: scored["scores"]["category_accuracy"]["value"] for name, scored in results.items()}
    f1 = {name: scored["scores"]["multirads_f1"]["value"] for name, scored in results.items()}
    assert accuracy["majority"] < accuracy["bow"]
    assert accuracy["majority"] < accuracy["lexicon"]
    assert f1["lexicon"] > max(f1["majority"], f1["bow"])


@pytest.mark.parametrize("key", rads.keys())
def test_majority_answers_what_train_holds_most_of(key: str) -> None:
    document = rads.get(key)
    rows = [r["category"] for r in corpus.records(document.system, "train") if r["document"] == key]
    rows = rows[: baseline.TRAIN_ROWS]
    assert len(rows) == baseline.TRAIN_ROWS, "train must hold what the baseline says it learns from"
    record = next(r for r in corpus.records(document.system, "test") if r["document"] == key)
    found = answer("majority", asked(record))
    assert list(found) == ["category"]
    assert rows.count(found["category"]) == max(map(rows.count, document.codes))


@pytest.mark.parametrize("name", NAMES)
def test_a_baseline_sees_the_report_alone(name: str) -> None:
    record = next(corpus.records("tirads", "test"))
    prompt = asked(record)
    told = replace(prompt, record_id="other", messages=({"role": "user", "content": "the category is TR5"},))
    assert answer(name, prompt) == answer(name, told)


def test_lexicon_answers_findings_also_where_the_rule_cannot_decide() -> None:
    record = next(corpus.records("tirads", "test"))
    empty = answer("lexicon", replace(asked(record), report="No report text."))
    assert "category" not in empty
    rows = [r for r in corpus.records("tirads", "test", 0, 40) if r["category"] != "NC"]
    found = [answer("lexicon", asked(row)) for row in rows]
    document = rads.get("tirads")
    assert all(not list(document.problems(study)) for study in found)
    assert any(study.get("lesions") for study in found)
    assert all(set(answer("lexicon", asked(row, "category"))) <= {"category"} for row in rows[:5])


@pytest.mark.parametrize("name", NAMES)
def test_two_processes_would_answer_alike(name: str, tmp_path: Path) -> None:
    rows = list(corpus.records("tirads", "test", 0, 10))
    first = [answer(name, asked(row)) for row in rows]
    for learnt in (baseline._train, baseline._most_frequent, baseline._classifier):
        learnt.cache_clear()
    assert [answer(name, asked(row)) for row in rows] == first
