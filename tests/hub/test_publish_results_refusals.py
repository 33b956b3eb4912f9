"""Runs that must not be published, and a Hub that does not take them: one sentence, and nothing was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hub_clients import TOKEN, Invoke, Rows, refused, rewritten, scored_run
from hub_server import Account, HubServer

from multirads_hf import corpus, running
from multirads_hf.hub.results_repo import read_runs
from multirads_hf.running.details import read_details

REPO = "alice/results"
Publish = Callable[..., Result]


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer({TOKEN: Account("alice"), "hf_readsecret": Account("alice", "read")}, lfs=False) as server:
        yield server


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scored_run(tmp_path_factory.mktemp("run"))


@pytest.fixture
def publish(invoke: Invoke) -> Publish:
    def call(*arguments: object, to: str = REPO, **how: str) -> Result:
        return invoke("publish", "results", *arguments, "--to", to, "--yes", "-q", **how)

    return call


def answered(folder: Path, answers: list[dict[str, Any]], **asked: Any) -> Path:
    """Return the results of answers that a file gives."""
    path = folder / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, answers)))
    done = running.run(f"answers:{path}", store=folder / "s.sqlite", progress=False, **{"limit": 12, **asked})
    return running.scored(folder / "s.sqlite", done.run_id, n_resamples=50).write(folder / done.run_id)


def changed(**changes: Any) -> Callable[[Rows], Rows]:
    """Return what changes the first row of details."""
    return lambda rows: [rows[0] | changes, *rows[1:]]


@pytest.mark.parametrize(
    "case",
    [
        (lambda rows: rows[1:], {}, "11 of 12 reports are answered. Allowed: all of them"),
        (list, {"planned": 13}, "12 of 13 reports are answered. Allowed: all of them"),
        (list, {"dataset_fingerprint": "0" * 16}, "fingerprint is not that of the published corpus: 0000000000000000"),
        (list, {"seed": 7}, "fingerprint is not that of the published corpus"),
        (changed(record_hash="0" * 16), {}, "is not that of the published corpus: 0000000000000000, there "),
        (changed(category="0"), {}, ".category is not that of the published corpus: 0, there "),
        (changed(answer='{"category": "none"}'), {}, "its results.json does not match its details: "),
        (changed(correct=None), {}, "its details do not match its answers: "),
        (list, {"n_error": 1}, "its results.json does not match its details: n_error is 1, the answers give 0"),
        (changed(examples=["tirads-test-000001"]), {}, "showed tirads-test-000001. Allowed: a report of train"),
        (list, {"prompt": "few_shot"}, "showed None. Allowed: the examples of few_shot"),
        (list, {"model": "hf:/data/mine", "revision": "sha256:0123456789abcdef"}, "is a folder of this machine."),
        (list, {"model": "answers:a/b.jsonl"}, "is a path of this machine. Allowed: --model 'answers:a/b.jsonl=NAME'"),
        (list, {"model": "openai:http://gpu7:8000/v1#m"}, "names a host of a private network"),
        (list, {"model": "openai:http://10.0.0.7/v1#m"}, "names a host of a private network"),
        (list, {"model": "openai:https://u:pass@host.org/v1#m"}, "has an address that may hold a password"),
        (list, {"revision": "/data/x"}, "its results.json has a path of this machine in 'revision'. Allowed: none."),
        (list, {"engines": [{"key": TOKEN}]}, "the results.json, 'engines.key', holds a token or key"),
        (changed(reasoning=f"my key is {TOKEN}"), {}, "the reasoning to '"),
        (list, {"scores": {}}, "Allowed: what `multirads score` wrote"),
        (list, {"scores": {"validity": 1}}, "Allowed: what `multirads score` wrote"),
    ],
)  # fmt: skip
def test_a_run_that_must_not_be_published(
    hub: HubServer, publish: Publish, run: Path, tmp_path: Path, case: tuple[Any, dict[str, Any], str]
) -> None:
    rows, results, said = case
    copy = rewritten(run, tmp_path / "copy", rows, **results)
    for force in ([], ["--force"]):
        assert said in refused(publish(copy, *force))
    assert hub.repos == {}


def test_an_example_that_gives_the_answer_away(hub: HubServer, publish: Publish, tmp_path: Path) -> None:
    run = scored_run(tmp_path, prompt="few_shot", limit=2)
    assert publish(run, "--dry-run").exit_code == 0

    def leaking(rows: Rows) -> Rows:
        own = corpus.record(rows[0]["id"])
        train = corpus.records(own["system"], "train", 0, 400, documents=[own["document"]])
        leak = next(record for record in train if record["scenario"] == own["scenario"])
        return [rows[0] | {"examples": [leak["id"]]}, *rows[1:]]

    assert "Allowed: another scenario." in refused(publish(rewritten(run, tmp_path / "leak", leaking)))
    assert hub.repos == {}


@pytest.mark.parametrize(
    "case",
    [
        ({}, "errors", "1 of 12 calls failed, that about '"),
        ({"answer": "{", "finish_reason": "length"}, "truncated", "1 of 12 answers were cut short. Allowed: 5%"),
    ],
)  # fmt: skip
def test_failed_calls_and_cut_answers_pass_by_force_and_the_row_says_so(
    hub: HubServer, publish: Publish, invoke: Invoke, tmp_path: Path, case: tuple[dict[str, str], str, str]
) -> None:
    answer, guard, said = case
    records = list(corpus.records("all", "test", 0, 12))
    answers = [{"id": record["id"], "answer": record["extraction"], "finish_reason": "stop"} for record in records]
    answers[0] = {"id": records[0]["id"], **answer} if answer else {"id": "tirads-test-999999", "answer": "x"}
    run = answered(tmp_path, answers)
    call = [run, "--model", f"answers:{tmp_path}/answers.jsonl=mine"]
    assert said in refused(publish(*call))
    assert hub.repos == {}
    assert publish(*call, "--force").exit_code == 0
    for path, file in hub.repos["dataset", REPO].head.files.items():
        (tmp_path / "snapshot" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "snapshot" / path).write_bytes(file.content)
    (published,) = read_runs(tmp_path / "snapshot")
    assert published.forced == (guard,)
    assert str(tmp_path) not in json.dumps([published.row, published.results])
    assert not [row for row in read_details(published.details) if str(tmp_path) in str(row)]
    assert invoke("verify", REPO).exit_code == 0


def test_a_model_is_published_under_the_name_that_is_given(
    hub: HubServer, publish: Publish, run: Path, tmp_path: Path
) -> None:
    engines = [{"served": ["/models/net.gguf"]}, {"cache": "/home/alice"}]
    about = {"model": "hf:/data/mine=v2", "revision": "sha256:0123456789abcdef", "engines": engines}
    private = rewritten(run, tmp_path / "copy", **about)
    assert publish(private, "--model", "hf:/data/mine=v2=alice/mine").exit_code == 0
    head = hub.repos["dataset", REPO].head
    (path,) = [path for path in head.files if path.startswith("runs/")]
    published = json.loads(head.text(path))
    assert published["model"] == "hf:alice/mine"
    assert published["engines"] == [{"served": ["net.gguf"]}, {"cache": "~"}]
    content = b"".join(file.content for file in head.files.values())
    assert not [path for path in (b"/data", b"/models", b"/home") if path in content]
    assert "no run is of 'hf:other'" in refused(publish(run, "--model", "hf:other=alice/mine"))
    assert "--model: got 'mine'. Allowed: SPEC=NAME" in refused(publish(run, "--model", "mine"))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 403, "message": "Storage limit exceeded"}, "the account has no room for this (Storage limit exc"),
        ({"status": 412, "times": 9}, "other commits came in between, 5 times."),
        ({"status": 500, "times": 9}, "the Hub failed 5 times (500). The same command goes on from there."),
        ({"status": 429, "headers": {"Retry-After": "3600"}}, "no more requests for now; try again in 3600 s."),
        ({"close": True, "times": 9}, "does not answer (RemoteProtocolError)."),
    ],
)
def test_a_hub_that_does_not_take_it(
    hub: HubServer, publish: Publish, run: Path, fault: dict[str, Any], said: str
) -> None:
    hub.fail("POST", "/commit/", **fault)
    assert said in refused(publish(run))
    assert hub.commits("dataset", REPO) == []
    hub.faults.clear()
    assert publish(run).exit_code == 0


def test_a_token_or_a_repository_that_will_not_do(hub: HubServer, publish: Publish, run: Path, tmp_path: Path) -> None:
    assert "may only read" in refused(publish(run, token="hf_readsecret"))
    assert "does not know this token" in refused(publish(run, token="hf_wrongsecret"))
    assert "there is no token" in refused(publish(run, token=""))
    assert "may not write there" in refused(publish(run, to="bob/results", token=TOKEN))
    hub.create("dataset", "bob/gated", gated=True)
    assert "is gated and this account is not on its list" in refused(publish(run, to="bob/gated"))
    assert "holds no results.json. Allowed: a folder of `multirads score`" in refused(publish(tmp_path / "none"))
    (run.parent / "both").mkdir(exist_ok=True)
    assert set(hub.repos) == {("dataset", "bob/gated")}


@pytest.mark.parametrize("request_", [("POST", "/commit/"), ("GET", "/commits/"), ("GET", "/tree/")])
def test_a_commit_in_between_is_kept_and_one_to_the_same_setting_is_superseded(
    hub: HubServer, publish: Publish, run: Path, tmp_path: Path, request_: tuple[str, str]
) -> None:
    later = rewritten(run, tmp_path / "later", created="2099-01-01T00:00:00Z")

    def other() -> None:
        assert publish(later).exit_code == 0

    hub.create("dataset", REPO)
    hub.fail(*request_, act=other)
    assert publish(run).exit_code == 0
    assert len(hub.commits("dataset", REPO)) == 2
    paths = hub.repos["dataset", REPO].head.files
    assert sum(path.startswith("results/superseded/") for path in paths) == 1
    assert sum(path.startswith("results/") for path in paths) == 2
