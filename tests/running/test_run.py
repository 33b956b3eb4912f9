"""A run asks what it must, once; it survives being killed; another model never gets its answers."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from multirads_hf import corpus
from multirads_hf.errors import MultiradsError, OptionError, RunError, UnknownNameError
from multirads_hf.running import answers, evaluate, models, run, runs
from multirads_hf.running.models import Completion, Prompt
from multirads_hf.running.store import Store

LIMIT = 8


@dataclass
class Scripted:
    """A model that answers what a function of the prompt says; a raised ValueError is a failed call."""

    answer: Callable[[Prompt], str] = lambda prompt: '{"category": "TR4"}'
    name: str = "scripted:one"
    revision: str = "1"
    settings: dict[str, Any] = field(default_factory=dict)
    engine: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        for prompt in reversed(prompts):
            self.asked.append(prompt.record_id)
            await asyncio.sleep(0)
            try:
                yield Completion(prompt.record_id, self.answer(prompt), "stop", 3, 2, 0.1)
            except ValueError as error:
                yield Completion(prompt.record_id, error=str(error))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "answers.sqlite"


@pytest.fixture
def ask(store: Path) -> Callable[..., Any]:
    """Run over the first ``LIMIT`` reports of TI-RADS."""
    usual = {"config": "tirads", "limit": LIMIT, "store": store, "progress": False}
    return lambda model, **options: run(model, **(usual | options))


def perfect(prompt: Prompt) -> str:
    return str(corpus.record(prompt.record_id)["extraction"])


def test_the_same_run_asks_nothing_twice_and_a_longer_one_only_the_rest(ask: Callable[..., Any], store: Path) -> None:
    model = Scripted()
    first = ask(model)
    assert (first.n, first.asked, first.reused, first.errors) == (LIMIT, LIMIT, 0, 0)
    again = ask(model)
    assert (again.run_id, again.asked, again.reused) == (first.run_id, 0, LIMIT)
    longer = ask(model, limit=LIMIT + 3)
    assert (longer.run_id, longer.asked, longer.reused) == (first.run_id, 3, LIMIT)
    assert len(model.asked) == len(set(model.asked)) == LIMIT + 3
    assert ask(model, limit=2).asked == 0
    assert runs(store)[0].n == LIMIT + 3


def test_answers_belong_to_their_reports(ask: Callable[..., Any], store: Path) -> None:
    model = Scripted(perfect)
    summary = ask(model)
    kept = answers(store, summary.run_id)
    assert [answer.record_id for answer in kept] == sorted(model.asked)
    for answer in kept:
        assert answer.record == corpus.record(answer.record_id)
        assert answer.text == answer.record["extraction"]


@pytest.mark.parametrize(
    "changed",
    [{"name": "scripted:two"}, {"revision": "2"}, {"settings": {"temperature": 1}},
     {"prompt": "guided"}, {"task": "category"}, {"condition": "stated"}, {"seed": 1}, {"split": "validation"}],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_whatever_changes_the_answers_is_another_run(ask: Callable[..., Any], changed: dict[str, Any]) -> None:
    first = ask(Scripted())
    of_model = changed.keys() & {"name", "revision", "settings"}
    second = ask(Scripted(**changed)) if of_model else ask(Scripted(), **changed)
    assert second.run_id != first.run_id
    assert (second.asked, second.reused) == (LIMIT, 0)


def test_what_only_changes_how_fast_it_runs_does_not(ask: Callable[..., Any], store: Path) -> None:
    first = ask(Scripted(engine={"batch_size": 8}))
    assert ask(Scripted(engine={"batch_size": 1})).run_id == first.run_id
    assert [engine["batch_size"] for engine in runs(store)[0].engines] == [8, 1]


def test_failed_calls_are_kept_apart_and_asked_again(ask: Callable[..., Any], store: Path) -> None:
    def flaky(prompt: Prompt) -> str:
        if prompt.record_id in failing:
            raise ValueError("HTTP 503")
        return perfect(prompt)

    failing = {r["id"] for r in list(corpus.records("tirads", "test", 0, LIMIT))[:3]}
    first = ask(Scripted(flaky))
    assert (first.asked, first.errors) == (LIMIT, 3)
    results = evaluate(store, first.run_id, n_resamples=100)
    assert results["states"]["error"] == 3
    assert results["states"]["ok"] == LIMIT - 3
    assert (runs(store)[0].answered, runs(store)[0].errors) == (LIMIT, 3)
    failing.clear()
    second = ask(Scripted(flaky))
    assert (second.asked, second.reused, second.errors) == (3, LIMIT - 3, 0)
    assert sorted(answer.attempts for answer in answers(store, second.run_id)) == [1] * (LIMIT - 3) + [2] * 3


def test_a_report_that_has_changed_is_asked_again(ask: Callable[..., Any], store: Path) -> None:
    summary = ask(Scripted())
    old = answers(store, summary.run_id)[0].record | {"report": "what an older corpus wrote"}
    with Store(store) as opened:
        opened.keep(summary.run_id, old, Completion(old["id"], "an answer to the old report", "stop"))
    with pytest.raises(RunError, match="Run it again"):
        evaluate(store, summary.run_id)
    model = Scripted()
    assert ask(model).asked == 1
    assert model.asked == [old["id"]]
    assert evaluate(store, summary.run_id, n_resamples=100)["n"] == LIMIT


def test_an_unfinished_run_is_not_scored_as_if_it_were_whole(ask: Callable[..., Any], store: Path) -> None:
    class Stopped(RuntimeError):
        pass

    def stopping(prompt: Prompt) -> str:
        if len(model.asked) > 5:
            raise Stopped
        return perfect(prompt)

    model = Scripted(stopping)
    with pytest.raises(Stopped):
        ask(model)
    name = runs(store)[0].run_id
    with pytest.raises(RunError, match=f"5 of {LIMIT} records are answered"):
        evaluate(store, name)
    part = evaluate(store, name, partial=True, n_resamples=100)
    assert (part["n"], part["planned"]) == (5, LIMIT)
    assert ask(Scripted(perfect)).asked == LIMIT - 5


def test_results_can_be_written_as_json_and_say_what_was_run(ask: Callable[..., Any], store: Path) -> None:
    summary = ask(Scripted(perfect), condition="discordant", prompt="guided")
    results = evaluate(store, summary.run_id[:10], n_resamples=100)
    assert json.loads(json.dumps(results, allow_nan=False)) == results
    said = {"schema": 1, "run_id": summary.run_id, "model": "scripted:one", "prompt": "guided", "task": "extraction",
            "condition": "discordant", "split": "test", "config": "tirads", "seed": 0, "n": LIMIT}  # fmt: skip
    assert {name: results[name] for name in said} == said
    assert results["dataset_fingerprint"] == runs(store)[0].dataset_fingerprint
    assert results["scores"]["multirads_f1"]["value"] == 1.0
    assert results["scores"]["category_accuracy"]["value"] == 1.0
    assert results["usage"] == {
        "latency_s_p50": 0.1, "latency_s_p95": 0.1, "cost": None,
        "attempts": LIMIT, "finish_reasons": {"stop": LIMIT}, "prompt_tokens": 3 * LIMIT,
        "completion_tokens": 2 * LIMIT,
    }  # fmt: skip
    assert results["environment"]["numpy"]


def test_the_category_task_is_scored_on_categories(ask: Callable[..., Any], store: Path) -> None:
    summary = ask(Scripted(lambda prompt: corpus.record(prompt.record_id)["category"]), task="category")
    results = evaluate(store, summary.run_id, n_resamples=100)
    assert results["task"] == "category"
    assert results["scores"]["category_accuracy"]["value"] == 1.0


def test_a_run_starts_inside_a_notebook(ask: Callable[..., Any]) -> None:
    async def cell() -> Any:
        return ask(Scripted())

    assert asyncio.run(cell()).asked == LIMIT


@pytest.mark.parametrize(
    ("script", "fault"),
    [(lambda ids: ids[:-1], f"answered {LIMIT - 1} of {LIMIT}"), (lambda ids: [*ids, ids[0]], "twice"),
     (lambda ids: ["tirads-train-000000"], "was not asked")],
)  # fmt: skip
def test_a_model_that_loses_or_invents_answers_is_found_out(ask, script: Callable[..., Any], fault: str) -> None:
    class Odd(Scripted):
        async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
            for name in script([prompt.record_id for prompt in prompts]):
                yield Completion(name, "TR1", "stop")

    with pytest.raises(RunError, match=fault):
        ask(Odd())


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"limit": 0}, OptionError, "limit: got 0"),
        ({"limit": -1}, OptionError, "limit: got -1"),
        ({"limit": True}, OptionError, "limit: got True"),
        ({"prompt": "zeroshot"}, UnknownNameError, "zero_shot"),
        ({"task": "guess"}, UnknownNameError, "extraction, category"),
        ({"condition": "witheld"}, UnknownNameError, "'withheld'"),
        ({"split": "tset"}, UnknownNameError, "'test'"),
        ({"config": "tirad"}, UnknownNameError, "'tirads'"),
        ({"seed": -1}, OptionError, "seed"),
        ({"batch_size": 0}, OptionError, "batch_size: got 0"),
        ({"max_new_tokens": 0}, OptionError, "max_new_tokens: got 0"),
    ],
)
def test_bad_input_is_refused_before_anything_is_asked_or_made(ask, store, options, error, told) -> None:
    model = Scripted()
    with pytest.raises(error, match=told):
        ask(model, **options)
    assert not model.asked
    assert not store.exists()


@pytest.mark.parametrize("spec", ["gpt", "baseline", "baseline:", ":bow", "baselin:bow", "", "opena:http://x#y"])
def test_an_unknown_model_is_told_with_the_kinds_there_are(ask, spec: str) -> None:
    with pytest.raises(UnknownNameError, match="answers:<name>, baseline:<name>, hf:<name>"):
        ask(spec)


def test_an_unknown_baseline_or_option_is_told_with_those_there_are(ask: Callable[..., Any], store: Path) -> None:
    with pytest.raises(UnknownNameError, match="majority, bow, lexicon"):
        ask("baseline:oracle")
    with pytest.raises(OptionError, match="Did you mean 'batch_size'"):
        models.open_model("baseline:bow", batchsize=3)
    assert not store.exists()


def test_a_file_that_is_no_store_is_refused_before_a_model_is_loaded(ask: Callable[..., Any], store: Path) -> None:
    store.write_text("do not touch " * 100)
    with pytest.raises(RunError, match="not a database"):
        ask("hf:a model that would not load either")
    assert store.read_text().startswith("do not touch")


BACKEND = """
from multirads_hf.running.models import Completion

class Parrot:
    revision, settings, engine = "1", {}, {}

    def __init__(self, name, options):
        self.name = f"parrot:{name}"

    async def generate(self, prompts):
        for prompt in prompts:
            yield Completion(prompt.record_id, self.name, "stop")

open_model = Parrot
"""


def test_a_backend_of_the_users_own_is_found_by_its_entry_point(ask, store, tmp_path, monkeypatch) -> None:
    (tmp_path / "parrots.py").write_text(BACKEND)
    about = tmp_path / "parrots-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: parrots\nVersion: 1.0\n")
    lines = ["[multirads_hf.models]", "parrot = parrots:open_model", "broken = parrots:nothing"]
    (about / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    summary = ask("parrot:grey")
    assert {answer.text for answer in answers(store, summary.run_id)} == {"parrot:grey"}
    with pytest.raises(RunError, match="parrots:nothing"):
        ask("broken:one")


def test_a_backend_is_one_more_file(ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parrot.py").write_text(BACKEND)
    monkeypatch.setattr(models, "__path__", [*models.__path__, str(tmp_path)])
    assert ask("parrot:grey").model == "parrot:grey"
    sys.modules.pop("multirads_hf.running.models.parrot")


RUN = "from multirads_hf.running import run; run({spec!r}, store={store!r}, progress=False, **{options!r})"
REAL = {
    "config": "tirads", "task": "category", "limit": 16, "batch_size": 1, "max_new_tokens": 32, "device": "cpu",
}  # fmt: skip


def started(model: Path, store: Path, **options: Any) -> subprocess.Popen[str]:
    """Start a real run of a real model in a process of its own."""
    script = RUN.format(spec=f"hf:{model}", store=str(store), options=REAL | options)
    return subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def answered(store: Path) -> int:
    found = runs(store) if store.exists() else []
    return found[0].answered if found else 0


def test_a_run_killed_at_half_goes_on_as_if_nothing_had_happened(
    plain_model: Path, store: Path, tmp_path: Path
) -> None:
    process = started(plain_model, store)
    deadline = time.monotonic() + 240
    while answered(store) < 4 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = {answer.record_id: answer for answer in answers(store, runs(store)[0].run_id)}
    assert process.returncode == -signal.SIGKILL
    assert 4 <= len(before) < REAL["limit"]

    resumed = run(f"hf:{plain_model}", store=store, progress=False, **REAL)
    whole = run(f"hf:{plain_model}", store=tmp_path / "whole.sqlite", progress=False, **REAL)
    assert (resumed.asked, resumed.reused) == (REAL["limit"] - len(before), len(before))
    assert (whole.asked, whole.run_id) == (REAL["limit"], resumed.run_id)
    after = answers(store, resumed.run_id)
    assert {answer.attempts for answer in after} == {1}
    assert all(answer == before[answer.record_id] for answer in after if answer.record_id in before)
    assert [a.text for a in after] == [a.text for a in answers(tmp_path / "whole.sqlite", whole.run_id)]
    scored = [evaluate(path, whole.run_id, n_resamples=100) for path in (store, tmp_path / "whole.sqlite")]
    for results in scored:
        results.pop("created")
        for share in (50, 95):  # how long calls took is the run's own
            results["usage"].pop(f"latency_s_p{share}")
    assert scored[0] == scored[1]


def test_two_runs_into_one_store_at_once_keep_both(plain_model: Path, store: Path) -> None:
    conditions = ("withheld", "stated")
    both = [started(plain_model, store, condition=condition, max_new_tokens=8) for condition in conditions]
    told = [process.communicate(timeout=240)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    kept = {found.condition: (found.answered, found.errors) for found in runs(store)}
    assert kept == dict.fromkeys(conditions, (REAL["limit"], 0))


def test_reading_what_is_not_there_is_an_error_of_ours(store: Path, ask: Callable[..., Any]) -> None:
    for read in (lambda: runs(store), lambda: answers(store, "x"), lambda: evaluate(store, "x")):
        with pytest.raises(MultiradsError, match="there is no such file"):
            read()
    ask(Scripted())
    with pytest.raises(UnknownNameError, match=runs(store)[0].run_id):
        evaluate(store, "ffff-not-a-run")
