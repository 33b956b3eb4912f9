"""Pull requests to models: what they add, that there is never a second one, and what stays of others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hub_clients import TOKEN, Invoke, Multirads, refused, rewritten, scored_run, well
from hub_repos import Repo
from hub_server import Account, HubServer
from huggingface_hub import HfApi, ModelCard

from multirads_hf.hub.figures import rescored
from multirads_hf.hub.parquet import write_folder
from multirads_hf.running.details import counted, read_details

REPO, DATASET, MODEL = "alice/results", "alice/multirads", "acme/net"
FILE = ".eval_results/multirads.yaml"
LIMIT = 30
Publish = Callable[..., Result]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("build") / "corpus"
    write_folder(path, splits=["test"], num_reports=LIMIT, progress=False)
    return path


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scored_run(tmp_path_factory.mktemp("run"), limit=LIMIT)


@pytest.fixture(scope="module")
def run(baseline: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same answers as if an open model had given them."""
    model = {"model": f"hf:{MODEL}@main", "revision": "0" * 40}
    return rewritten(baseline, tmp_path_factory.mktemp("open") / "run", **model)


@pytest.fixture
def hub(build: Path) -> Iterator[HubServer]:
    """A Hub with the benchmark and an open model of somebody else."""
    from multirads_hf.hub.contents import dataset_files

    with HubServer({TOKEN: Account("alice"), "hf_acmesecret": Account("acme")}, lfs=False) as server:
        files = {path: content._read() for path, content in dataset_files(build).items()}
        server.create("dataset", DATASET).push("alice", files)
        server.create("model", MODEL).push("acme", {"README.md": b"---\nlicense: mit\n---\n\n# Net\n"})
        yield server


@pytest.fixture
def model(hub: HubServer) -> Repo:
    return hub.repos["model", MODEL]


@pytest.fixture
def publish(invoke: Invoke) -> Publish:
    def call(*runs: object, dataset: str = DATASET) -> Result:
        cards = ["--model-cards", "--dataset", dataset]
        return invoke("publish", "results", *runs, "--to", REPO, "--yes", "-q", *cards)

    return call


def entries(repo: Repo, revision: str = "refs/pr/1", path: str = FILE) -> dict[str, dict[str, Any]]:
    found = yaml.safe_load(repo.at(revision).text(path))
    return {item["dataset"]["task_id"]: item for item in found}


def test_an_open_model_gets_its_results_by_a_pull_request(
    hub: HubServer, multirads: Multirads, model: Repo, baseline: Path, run: Path
) -> None:
    call = ["publish", "results", baseline, run, "--to", REPO, "--model-cards", "--dataset", "multirads"]
    planned = multirads(*call, "--dry-run")
    assert f"pull request to model {MODEL}: {hub.url}/{MODEL}\n  open     {FILE}" in well(planned)
    assert "(baseline:lexicon): no pull request, its model is no repository of the Hub." in planned.stderr
    assert model.discussions == []
    assert f"{hub.url}/{MODEL}/discussions/1 at " in well(multirads(*call, "--yes"))
    (request,) = model.discussions
    assert (request.author, request.title, request.status) == ("alice", "MultiRADS results", "open")
    assert FILE not in model.head.files
    results = json.loads((run / "results.json").read_text())
    tasks = yaml.safe_load(hub.repos["dataset", DATASET].head.text("eval.yaml"))["tasks"]
    found = entries(model)
    assert list(found) == [task["id"] for task in tasks]
    overall, accuracy = found["overall"], results["scores"]["category_accuracy"]
    assert overall["value"] == accuracy["value"]
    assert overall["dataset"] == {
        "id": DATASET,
        "task_id": "overall",
        "revision": hub.repos["dataset", DATASET].head.oid,
    }
    assert overall["date"] == results["created"]
    assert overall["source"]["url"] == f"{hub.url}/datasets/{REPO}"
    assert f"prompt zero_shot, task extraction, n={LIMIT}, 95% CI {accuracy['low']:.3f} to" in overall["notes"]
    for document, scores in results["by_document"].items():
        if document in ("tirads", "virads", "gbrads"):  # the only documents of their systems
            assert found[f"{document}_category"]["value"] == scores["scores"]["category_accuracy"]["value"]
            assert f"n={scores['n']}," in found[f"{document}_category"]["notes"]


def test_the_hub_reads_what_was_merged(hub: HubServer, publish: Publish, model: Repo, run: Path) -> None:
    assert publish(run).exit_code == 0
    api = HfApi(hub.url, token="hf_acmesecret")
    assert not api.model_info(MODEL, expand=["evalResults"]).eval_results
    api.merge_pull_request(MODEL, 1)
    found = api.model_info(MODEL, expand=["evalResults"]).eval_results
    assert found is not None
    known = entries(model, "main")
    assert {one.task_id: (one.value, one.notes) for one in found} == {
        name: (item["value"], item["notes"]) for name, item in known.items()
    }
    assert {one.dataset_id for one in found} == {DATASET}


def test_there_is_never_a_second_request_for_the_same(
    hub: HubServer, publish: Publish, model: Repo, run: Path, tmp_path: Path
) -> None:
    assert publish(run).exit_code == 0
    first = model.at("refs/pr/1").oid
    again = publish(run)
    assert "Everything is there already; nothing was sent." in again.stderr
    assert (len(model.discussions), model.at("refs/pr/1").oid) == (1, first)
    later = rewritten(run, tmp_path / "later", created="2099-01-01T00:00:00Z")
    assert publish(later).exit_code == 0
    assert len(model.discussions) == 1
    assert entries(model)["overall"]["date"] == "2099-01-01T00:00:00Z"
    HfApi(hub.url, token="hf_acmesecret").merge_pull_request(MODEL, 1)
    hub.repos["dataset", DATASET].push("alice", {"NOTES.md": b"the dataset moves on, its reports do not change"})
    assert "Everything is there already" in publish(later).stderr
    assert publish(rewritten(run, tmp_path / "last", created="2100-01-01T00:00:00Z")).exit_code == 0
    assert [own.status for own in model.discussions] == ["merged", "open"]


def test_what_others_say_of_the_model_stays(publish: Publish, model: Repo, run: Path) -> None:
    other = [{"dataset": {"id": "cais/hle", "task_id": "hle"}, "value": 20.9, "date": "2026-01-01"}]
    model.push("acme", {FILE: yaml.safe_dump(other).encode()})
    assert publish(run).exit_code == 0
    assert entries(model)["hle"] == other[0]
    assert "overall" in entries(model)
    model.push("acme", {FILE: b"some: mapping\n"})
    model.discussions.clear()
    assert f"its '{FILE}' is no list of results" in refused(publish(run))
    assert model.discussions == []


def test_other_prompts_have_a_file_each_and_one_prompt_has_one_run(
    publish: Publish, model: Repo, run: Path, tmp_path: Path
) -> None:
    guided = rewritten(run, tmp_path / "guided", prompt="guided")
    twice = rewritten(run, tmp_path / "twice", created="2099-01-01T00:00:00Z", prompt_hash="0" * 16)
    assert f"{MODEL!r} has several runs by prompt 'zero_shot'. Allowed: one" in refused(publish(run, twice))
    assert model.discussions == []
    assert publish(run, guided).exit_code == 0
    (_,) = model.discussions
    path = ".eval_results/multirads_guided.yaml"
    assert {path, FILE} < set(model.at("refs/pr/1").files)
    assert "prompt guided," in entries(model, path=path)["overall"]["notes"]


def test_the_older_model_index_keeps_the_card(invoke: Invoke, model: Repo, run: Path) -> None:
    other = {"task": {"type": "x"}, "dataset": {"type": "d", "name": "D"}, "metrics": [{"type": "f1", "value": 0.5}]}
    front = yaml.safe_dump({"license": "mit", "model-index": [{"name": "Net", "results": [other]}]})
    model.push("acme", {"README.md": f"---\n{front}---\n\n# Net\n".encode()})
    call = [
        "publish",
        "results",
        run,
        "--to",
        REPO,
        "--yes",
        "-q",
        "--model-cards",
        "--dataset",
        DATASET,
        "--model-index",
    ]
    assert invoke(*call).exit_code == 0
    card = ModelCard(model.at("refs/pr/1").text("README.md"))
    assert (card.data.license, card.data.model_name, card.text.strip()) == ("mit", "Net", "# Net")
    values = {
        (own.dataset_type, own.dataset_config, own.metric_type): own.metric_value for own in card.data.eval_results
    }
    assert values["d", None, "f1"] == 0.5
    assert values[DATASET, "all", "accuracy"] == entries(model)["overall"]["value"]
    assert "Everything is there already" in invoke(*call).stderr
    model.push("acme", {"README.md": b"---\nlicense: [\n---\n"})
    model.discussions.clear()
    assert "its card cannot be read: " in refused(invoke(*call))


@pytest.mark.parametrize(
    "case",
    [
        ({"model": "openai:https://api.openai.com/v1#gpt-5.2"}, "its model is no repository of the Hub."),
        ({"model": "answers:mine.jsonl"}, "its model is no repository of the Hub."),
        ({"forced": True}, "it was forced (truncated)."),
        ({"seed": 7}, f"its reports are not those of a task of {DATASET}."),
        ({"split": "test_noisy"}, "it ran over 'test_noisy' (withheld), and tasks are of 'test' (withheld)."),
        ({"condition": "stated"}, "it ran over 'test' (stated), and tasks are of 'test' (withheld)."),
    ],
)
def test_a_run_that_gets_no_pull_request_is_published_all_the_same(
    hub: HubServer, publish: Publish, run: Path, tmp_path: Path, case: tuple[dict[str, Any], str]
) -> None:
    changes, said = case
    model = {"model": f"hf:{MODEL}", "revision": "0" * 40}
    if "forced" in changes:
        run = rewritten(run, tmp_path / "run", lambda rows: [row | {"finish_reason": "length"} for row in rows])
        again = rescored(json.loads((run / "results.json").read_text()), read_details(run / "details.parquet"))
        run = rewritten(run, tmp_path / "cut", lambda rows: counted(rows, again[1]), **again[0])
    elif "model" not in changes:
        run = rewritten(scored_run(tmp_path, **{"limit": 6, **changes}), tmp_path / "run", **model)
    else:
        run = rewritten(run, tmp_path / "run", **changes)
    done = publish(run, "--force")
    assert done.exit_code == 0
    assert said in done.stderr
    assert hub.repos["model", MODEL].discussions == []
    assert len(hub.commits("dataset", REPO)) == 1


def test_a_model_behind_a_server_is_one_of_the_hub_by_its_name(
    invoke: Invoke, model: Repo, run: Path, tmp_path: Path
) -> None:
    spec = "openai:http://localhost:8000/v1#net"
    served = rewritten(run, tmp_path / "served", model=spec)
    call = ["--to", REPO, "--yes", "-q", "--model-cards", "--dataset", DATASET, "--model", f"{spec}={MODEL}"]
    assert invoke("publish", "results", served, *call).exit_code == 0
    assert "overall" in entries(model)


@pytest.mark.parametrize(
    "case",
    [
        ({"status": 403, "message": "Discussions are disabled"}, "this token may not write there."),
        ({"status": 412, "times": 9}, "other commits came in between, 5 times."),
        ({"status": 500, "times": 9}, "the Hub failed 5 times (500)."),
        ({"status": 429, "headers": {"Retry-After": "3600"}}, "try again in 3600 s."),
        ({"close": True, "times": 9}, "does not answer (RemoteProtocolError)."),
    ],
)
def test_a_hub_that_takes_no_pull_request(
    hub: HubServer, publish: Publish, model: Repo, run: Path, case: tuple[dict[str, Any], str]
) -> None:
    fault, said = case
    hub.fail("POST", f"/api/models/{MODEL}/commit/", **fault)
    line = refused(publish(run))
    assert f"publish model {MODEL}: " in line
    assert said in line
    assert model.discussions == []
    assert len(hub.commits("dataset", REPO)) == 1
    hub.faults.clear()
    assert publish(run).exit_code == 0
    assert len(model.discussions) == 1


def test_an_answer_that_gets_lost_makes_no_second_request(
    hub: HubServer, publish: Publish, model: Repo, run: Path
) -> None:
    hub.fail("POST", f"/api/models/{MODEL}/commit/", close=True, after=True)
    assert publish(run).exit_code == 0
    assert len(model.discussions) == 1


def test_a_model_or_dataset_that_is_not_there(
    hub: HubServer, publish: Publish, invoke: Invoke, run: Path, tmp_path: Path
) -> None:
    stranger = rewritten(run, tmp_path / "run", model="router:acme/none:groq")
    assert "publish model acme/none: there is no such repository" in refused(publish(stranger))
    assert "--dataset alice/none: there is no eval.yaml" in refused(publish(run, dataset="none"))
    hub.create("dataset", "alice/odd").push("alice", {"data.csv": b"1"})
    assert "--dataset alice/odd: there is no eval.yaml" in refused(publish(run, dataset="odd"))
    alone = invoke("publish", "results", run, "--to", REPO, "--model-cards")
    assert "--model-cards, --dataset, --model-index: got one alone." in refused(alone)
    call = ["publish", "results", run, "--to", REPO, "--private", "--model-cards", "--dataset", DATASET]
    assert f"/datasets/{REPO} is private, which their readers cannot see." in refused(invoke(*call))
    hub.repos["model", MODEL].gated = True
    assert "is gated and this account is not on its list" in refused(publish(run))
    assert ("dataset", REPO) not in hub.repos
