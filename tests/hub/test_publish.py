"""Publishing as a user does it: the command in a fresh process, then the public loaders in another one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import yaml
from hub_clients import TOKEN, Done, Multirads, well
from hub_server import Account, HubServer
from huggingface_hub import RepoCard

from multirads_hf import corpus
from multirads_hf.hub import contents
from multirads_hf.hub.benchmark import eval_yaml
from multirads_hf.hub.parquet import write_folder

REPO, SPACE = "alice/multirads", "alice/multirads_f1"


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer({TOKEN: Account("alice"), "hf_bobsecret": Account("bob")}) as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small build."""
    path = tmp_path_factory.mktemp("build") / "corpus"
    write_folder(path, splits=["test", "train"], num_reports=24, progress=False)
    return path


def test_a_dataset_is_published_in_one_commit_and_loads(
    hub: HubServer, multirads: Multirads, python: Multirads
) -> None:
    build = ["--split", "test", "--num-reports", 30, "--private"]
    shown = well(multirads("publish", "dataset", "multirads", *build, "--dry-run"))
    assert f"dataset {REPO} (new, private), as alice: {hub.url}/datasets/{REPO}\n" in shown
    assert hub.repos == {}
    well(multirads("publish", "dataset", "multirads", *build, "--yes"))
    (commit,) = hub.commits("dataset", REPO)
    assert hub.repos["dataset", REPO].private
    assert "content " in commit.description
    assert {"README.md", "eval.yaml", "data/all/test-00000-of-00001.parquet"} < set(commit.files)
    assert commit.files["data/all/test-00000-of-00001.parquet"].lfs
    read = """
from datasets import load_dataset, get_dataset_config_names
import json
rows = load_dataset("alice/multirads", split="test")
names = get_dataset_config_names("alice/multirads")
own = load_dataset("alice/multirads", names[1], split="test", streaming=True)
print(json.dumps([names, rows["id"][:], rows.features["system"].names, [row["id"] for row in own]]))
"""
    names, ids, systems, own = json.loads(well(python(read, MULTIRADS_HF_NO_HOOK="1")).splitlines()[-1])
    rows = list(corpus.records("all", "test", num_reports=30))
    assert ids == [row["id"] for row in rows]
    assert names == ["all", *(name for name in systems if name in {row["system"] for row in rows})]
    assert own == [row["id"] for row in rows if row["system"] == names[1]]


def test_metrics_are_published_from_the_wheel_and_load(hub: HubServer, multirads: Multirads, python: Multirads) -> None:
    kinds = {name: kind(place) for name, place in contents.metrics().items()}
    assert kinds.items() >= {"multirads_f1": "metric", "multirads_corpus": "measurement"}.items()
    printed = well(multirads("publish", "metric", *kinds, "--yes", "--json"))
    assert [done["url"] for done in json.loads(printed)] == [f"{hub.url}/spaces/alice/{name}" for name in kinds]
    for name, place in contents.metrics().items():
        (commit,) = hub.commits("space", f"alice/{name}")
        assert set(commit.files) == {*(path.name for path in place.iterdir() if path.is_file()), ".gitattributes"}
        assert commit.files.keys() >= {f"{name}.py", "README.md", "app.py", "tests.py"}
        assert "multirads-hf" in commit.text("requirements.txt").splitlines()
        assert f"multirads/{name}" not in commit.text("README.md")
    read = """
import evaluate, json, sys
metric = evaluate.load("alice/multirads_f1")
reference = '{"document":"tirads","category":"TR4","lesions":[{"composition":"solid"}]}'
print(type(metric).__module__, metric.compute(predictions=[reference, ""], references=[reference] * 2)["multirads_f1"])
for name, kind in json.loads(sys.argv[1]).items():
    print(evaluate.load(f"alice/{name}", module_type=kind).name)
"""
    first, *names = well(python(read, json.dumps(kinds))).splitlines()[-len(kinds) - 1 :]
    assert first.startswith("evaluate_modules.metrics.alice--multirads_f1.")
    assert first.endswith(" 0.6666666666666666")
    assert names == list(kinds)


def kind(place: Path) -> str:
    """Return which kind of evaluation module a Space is, by its tags."""
    (own,) = {"metric", "measurement", "comparison"} & set(RepoCard.load(place / "README.md").data["tags"])
    return str(own)


def test_the_second_time_nothing_is_sent(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    for call in (["dataset", REPO, "--from", folder], ["metric", SPACE]):
        well(multirads("publish", *call, "--yes"))
        again = multirads("publish", *call)
        assert "Everything is there already; nothing was sent." in again.stderr
        assert "nothing to change: " in well(again)
    assert len(hub.commits("dataset", REPO)) == len(hub.commits("space", SPACE)) == 1


def test_it_asks_before_anything_is_sent(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    call = ["publish", "dataset", REPO, "--from", folder]
    declined = multirads(*call, answer="n\n")
    assert (declined.returncode, hub.repos) == (1, {})
    nobody = multirads(*call)
    assert nobody.returncode == 2
    assert "Error: publish: nobody answered. Allowed: --yes" in nobody.stderr
    assert hub.repos == {}
    assert f"Publish {REPO}? [y/N]" in (agreed := multirads(*call, answer="y\n")).stderr
    assert hub.commits("dataset", REPO)[0].oid[:8] in well(agreed)


def test_another_build_replaces_what_it_owns_and_nothing_else(
    hub: HubServer, multirads: Multirads, folder: Path
) -> None:
    well(multirads("publish", "dataset", REPO, "--from", folder, "--yes"))
    hub.repos["dataset", REPO].push("bob", {"LICENSE": b"mine", "notes/a.md": b"kept"})
    other = ["--config", "tirads", "--split", "test", "--num-reports", 8]
    planned = json.loads(well(multirads("publish", "dataset", REPO, *other, "--dry-run", "--json")))[0]
    assert planned["parent"] == hub.repos["dataset", REPO].head.oid
    assert {(own["verb"], own["path"]) for own in planned["changes"]} >= {
        ("replace", "README.md"), ("delete", "data/tirads/train-00000-of-00001.parquet"),
    }  # fmt: skip
    assert planned["others"] == 3
    well(multirads("publish", "dataset", REPO, *other, "--yes"))
    head = hub.repos["dataset", REPO].head
    assert head.text("notes/a.md") == "kept"
    assert {path for path in head.files if path.startswith("data/")} == {"data/tirads/test-00000-of-00001.parquet"}
    assert len(hub.commits("dataset", REPO)) == 3


def test_two_publishers_at_once(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    """The same content: one commit, and both are told that it is there. Other files: both are there."""
    done: list[Done] = []
    call = ["publish", "dataset", REPO, "--from", folder, "--yes"]
    threads = [Thread(target=lambda: done.append(multirads(*call))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [own.returncode for own in done] == [0, 0]
    (commit,) = hub.commits("dataset", REPO)
    assert all(commit.oid[:8] in own.stdout for own in done)


def test_the_server_dies_in_the_middle(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    call = ["publish", "dataset", REPO, "--from", folder, "--yes"]
    hub.fail("POST", "/commit/", close=True, act=hub.stop)
    died = multirads(*call)
    assert died.returncode == 2
    (line,) = [line for line in died.stderr.splitlines() if line.startswith("Error")]
    assert f"{hub.url} does not answer" in line
    assert "The same command goes on from there." in line
    assert hub.commits("dataset", REPO) == []
    assert set(hub.repos["dataset", REPO].head.files) == {".gitattributes"}
    hub.start(port=int(hub.url.rpartition(":")[2]))
    well(multirads(*call))
    (commit,) = hub.commits("dataset", REPO)
    local = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {path: commit.files[path].content for path in local} == local


def test_offline_it_says_so(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    done = multirads("publish", "dataset", REPO, "--from", folder, "--yes", HF_HUB_OFFLINE="1")
    assert (done.returncode, hub.repos) == (2, {})
    assert "Error: publish: HF_HUB_OFFLINE is set." in done.stderr


def test_a_hub_without_xet_is_named_with_the_way_out(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    pytest.importorskip("hf_xet")
    call = ["publish", "dataset", REPO, "--from", folder, "--yes"]
    done = multirads(*call, HF_HUB_DISABLE_XET="0")
    assert done.returncode == 2
    assert "the store of large files failed (" in done.stderr
    assert "HF_HUB_DISABLE_XET=1" in done.stderr
    assert hub.commits("dataset", REPO) == []


def test_an_answer_that_gets_lost_makes_no_second_commit(hub: HubServer, multirads: Multirads, folder: Path) -> None:
    hub.fail("POST", "/commit/", close=True, after=True)
    well(multirads("publish", "dataset", REPO, "--from", folder, "--yes"))
    assert len(hub.commits("dataset", REPO)) == 1


def test_the_registration_has_a_task_for_each_system_and_one_overall() -> None:
    tasks = yaml.safe_load(eval_yaml(corpus.configs()))["tasks"]
    assert [task["config"] for task in tasks] == list(corpus.configs())
    assert [task["id"] for task in tasks[:2]] == ["overall", f"{corpus.configs()[1]}_category"]
