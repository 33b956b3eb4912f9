"""What goes wrong between a publisher and the Hub: one sentence, a code that is not 0, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hub_clients import Invoke, refused
from hub_server import Account, HubServer

from multirads_hf import rads
from multirads_hf.hub.benchmark import PATTERN
from multirads_hf.hub.parquet import write_folder

TOKENS = {"hf_alicesecret": Account("alice"), "hf_readsecret": Account("alice", "read")}
REPO = "alice/multirads"
Publish = Callable[..., Result]


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer(TOKENS, lfs=False) as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small build."""
    path = tmp_path_factory.mktemp("build") / "corpus"
    write_folder(path, "tirads", ["test"], num_reports=6, progress=False)
    return path


@pytest.fixture
def publish(invoke: Invoke, folder: Path) -> Publish:
    """Publish the build to REPO, or what the arguments say."""

    def call(*arguments: object, **how: str) -> Result:
        return invoke("publish", *(arguments or ("dataset", REPO, "--from", folder)), "--yes", "-q", **how)

    return call


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("", "there is no token. Allowed: one that may write (https://huggingface.co/settings/tokens)"),
        ("hf_wrongsecret", "the Hub does not know this token. Allowed: one that may write"),
        ("hf_readsecret", "the token of alice may only read. Allowed: one that may write"),
    ],
)
def test_a_token_that_will_not_do(hub: HubServer, publish: Publish, token: str, said: str) -> None:
    assert said in refused(publish(token=token))
    assert hub.repos == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dataset", "bob/multirads", "--from", "{folder}"], "this token may not write there. Allowed: a namespace of"),
        (["dataset", "bob/gated", "--from", "{folder}"], "the repository is gated and this account is not on its list"),
        (["dataset", "a/b/c"], "'a/b/c' is no name of a repository"),
        (["dataset", REPO, "--from", "{folder}/data"], "is no build. Allowed: a folder of `multirads build --out`"),
        (["dataset", REPO, "--from", "{folder}", "--seed", "3"], "--seed: a folder is built already"),
        (["dataset", REPO, "--split", "tset"], "Unknown split 'tset'"),
        (["metric", "alice/multirads_f2"], "Unknown metric 'multirads_f2'. Allowed: multirads_co"),
    ],
)
def test_a_place_or_content_that_will_not_do(
    hub: HubServer, publish: Publish, folder: Path, arguments: list[str], said: str
) -> None:
    hub.create("dataset", "bob/gated", gated=True)
    assert said in refused(publish(*(part.format(folder=folder) for part in arguments)))
    assert set(hub.repos) == {("dataset", "bob/gated")}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 403, "message": "Storage limit exceeded"}, "the account has no room for this (Storage limit exc"),
        ({"status": 413, "message": "Too large"}, "the account has no room for this (Too large)."),
        ({"status": 402, "message": "Payment required"}, "the Hub asks for a payment (Payment required)."),
        ({"status": 412, "times": 9}, "other commits came in between, 5 times."),
        ({"status": 500, "times": 9}, "the Hub failed 5 times (500). The same command goes on from there."),
        ({"status": 503, "times": 9}, "the Hub failed 5 times (503)."),
        ({"status": 429, "headers": {"Retry-After": "3600"}}, "no more requests for now; try again in 3600 s."),
        ({"status": 400, "message": "Bad hf_othersecret"}, "Bad ***."),
        ({"close": True, "times": 9}, "does not answer (RemoteProtocolError)."),
    ],
)
def test_a_commit_that_the_hub_does_not_take(
    hub: HubServer, publish: Publish, fault: dict[str, Any], said: str
) -> None:
    hub.fail("POST", "/commit/", **fault)
    assert said in refused(publish())
    assert hub.commits("dataset", REPO) == []


def test_a_repository_that_goes_away_is_not_made_again(hub: HubServer, publish: Publish) -> None:
    hub.fail("POST", "/preupload/", act=hub.repos.clear)
    assert f"publish dataset {REPO}: there is no such repository" in refused(publish())
    assert hub.repos == {}


def test_nobody_listens(hub: HubServer, publish: Publish) -> None:
    hub.stop()
    assert f"{hub.url} does not answer (ConnectError)." in refused(publish())


def test_it_waits_for_as_long_as_the_hub_asks(hub: HubServer, publish: Publish, waits: list[float]) -> None:
    for fault in (
        {"status": 429, "headers": {"Retry-After": "7"}},
        {"status": 429, "headers": {"RateLimit": '"api";r=0;t=55'}},
        {"status": 503},
    ):
        hub.fail("POST", "/commit/", **fault)
    assert publish().exit_code == 0
    assert waits == [7, 55, 4]
    waits.clear()
    hub.fail("GET", "/whoami", 500)
    hub.fail("GET", "/tree/", 429, headers={"Retry-After": "3"})
    hub.fail("GET", "/api/datasets/alice/multirads$", 502)
    assert publish().exit_code == 0
    # The client itself waits for a listing, by its version a second longer than it is asked to.
    assert waits[:2] == [1, 1]
    assert 3 <= waits[2] <= 4
    assert len(hub.commits("dataset", REPO)) == 1


def test_a_commit_in_between_is_kept(hub: HubServer, publish: Publish) -> None:
    def push() -> None:
        hub.repos["dataset", REPO].push("bob", {"notes.md": b"bob's"})

    hub.fail("POST", "/commit/", act=push)
    assert publish().exit_code == 0
    assert [commit.author for commit in hub.commits("dataset", REPO)] == ["alice", "bob"]
    assert {"notes.md", "README.md"} < set(hub.repos["dataset", REPO].head.files)


@pytest.mark.parametrize("path", ["README.md", "data/tirads/train-00000-of-00001.parquet"])
def test_a_commit_in_between_to_the_same_files_is_never_overwritten(
    hub: HubServer, publish: Publish, path: str
) -> None:
    hub.fail("POST", "/commit/", act=lambda: hub.repos["dataset", REPO].push("bob", {path: b"bob's"}))
    assert f"somebody else changed '{path}' meanwhile" in refused(publish())
    assert hub.repos["dataset", REPO].head.text(path) == "bob's"
    # The same when somebody else makes the new repository and fills it first.
    del hub.repos["dataset", REPO]
    hub.fail("POST", "/create", act=lambda: hub.create("dataset", REPO).push("bob", {path: b"bob's"}))
    assert f"somebody else changed '{path}' meanwhile" in refused(publish())


def test_what_was_edited_by_hand_is_not_overwritten_unasked(hub: HubServer, publish: Publish, folder: Path) -> None:
    call = ["dataset", REPO, "--from", folder]
    assert publish(*call).exit_code == 0
    repo = hub.repos["dataset", REPO]
    edited = repo.head.text("README.md") + "\nWith a word of thanks.\n"
    repo.push("alice", {"README.md": edited.encode(), "notes.md": b"kept"})
    assert "'README.md' was edited on the Hub after it was published" in refused(publish(*call))
    assert repo.head.text("README.md") == edited
    assert publish(*call, "--overwrite").exit_code == 0
    assert repo.head.text("README.md") == (folder / "README.md").read_text()
    assert repo.head.text("notes.md") == "kept"
    repo.push("alice", {}, delete=["eval.yaml"])
    assert "'eval.yaml' was edited" in refused(publish(*call))


def test_a_repository_of_something_else_is_left_alone(hub: HubServer, publish: Publish, folder: Path) -> None:
    hub.create("dataset", REPO).push("alice", {"README.md": b"# My thesis\n", "thesis.csv": b"1"})
    call = ["dataset", REPO, "--from", folder]
    assert "it holds 'README.md', which is no earlier publication of this kind" in refused(publish(*call))
    assert "it is public already" in refused(publish(*call, "--private"))
    assert publish(*call, "--overwrite").exit_code == 0
    assert hub.repos["dataset", REPO].head.text("thesis.csv") == "1"
    space = "alice/multirads_f1"
    hub.create("space", space, sdk="gradio").push("alice", {"app.py": b"print('mine')"})
    assert "it holds 'README.md'" in refused(publish("metric", space))


@pytest.mark.parametrize("said", ["CATEGORY: {}", "Say 'CATEGORY: X'.\n\n**CATEGORY:** **{}**.\n", "category: `{}`"])
def test_the_pattern_of_the_benchmark_finds_every_category(said: str) -> None:
    for code in {code for document in rads.documents() for code in document.codes}:
        found = re.search(PATTERN, said.format(code), re.IGNORECASE)
        assert found is not None
        assert found[1] == code
