"""The local Hub answers the real client as the Hub does; every publishing test stands on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hub_server import Account, HubServer
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, HfFileSystem, constants
from huggingface_hub.errors import (
    BadRequestError,
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

ALICE, READER, ROBOT = "hf_alice", "hf_reader", "hf_robot"
REPO = "alice/rows"
DATASET: dict[str, Any] = {"repo_id": REPO, "repo_type": "dataset"}


# huggingface_hub's own upload of large files warns.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture(autouse=True)
def no_xet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture
def hub() -> Iterator[HubServer]:
    accounts = {
        ALICE: Account("alice", orgs=("acme",)), READER: Account("alice", "read"), ROBOT: Account("bob"),
    }  # fmt: skip
    with HubServer(accounts) as server:
        yield server


@pytest.fixture
def api(hub: HubServer) -> HfApi:
    return HfApi(hub.url, token=ALICE)


def added(**files: bytes) -> list[CommitOperationAdd]:
    return [CommitOperationAdd(path.replace("__", "/").replace("_", "."), content) for path, content in files.items()]


def test_tokens_and_roles(hub: HubServer, api: HfApi) -> None:
    who = api.whoami()
    assert (who["name"], who["auth"]["accessToken"]["role"], who["orgs"][0]["name"]) == ("alice", "write", "acme")
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        api.whoami(token="hf_stranger")
    api.create_repo("acme/rows", repo_type="dataset")
    for token in (READER, ROBOT):
        with pytest.raises(HfHubHTTPError, match="403"):
            api.create_repo(REPO, repo_type="dataset", token=token)
    with pytest.raises(HfHubHTTPError, match="409"):
        api.create_repo("acme/rows", repo_type="dataset")
    assert api.create_repo("acme/rows", repo_type="dataset", exist_ok=True).repo_id == "acme/rows"


def test_a_commit_of_regular_and_large_files_is_read_back(hub: HubServer, api: HfApi, tmp_path: Path) -> None:
    api.create_repo(REPO, repo_type="dataset")
    made = api.create_commit(
        **DATASET, commit_message="rows", operations=added(README_md=b"# Rows\n", data__a_parquet=b"PAR1" * 9)
    )
    assert api.dataset_info(REPO).sha == made.oid
    files = {own.path: own for own in api.list_repo_tree(**DATASET, recursive=True) if hasattr(own, "size")}
    assert files["data/a.parquet"].lfs.size == 36
    assert files["README.md"].lfs is None
    for path, content in {"README.md": b"# Rows\n", "data/a.parquet": b"PAR1" * 9}.items():
        read = api.hf_hub_download(**DATASET, filename=path, cache_dir=tmp_path)
        assert Path(read).read_bytes() == content
    assert made.oid in read
    system = HfFileSystem(endpoint=hub.url, token=ALICE)
    assert system.read_bytes(f"datasets/{REPO}/data/a.parquet", start=2, end=6) == b"R1PA"
    again = api.create_commit(**DATASET, commit_message="again", operations=added(data__a_parquet=b"PAR1" * 9))
    assert again.oid == made.oid
    deleted = api.create_commit(**DATASET, commit_message="gone", operations=[CommitOperationDelete("data/a.parquet")])
    assert not api.file_exists(**DATASET, filename="data/a.parquet")
    assert [c.title for c in api.list_repo_commits(**DATASET)] == ["gone", "rows", "initial commit"]
    assert api.list_repo_files(**DATASET, revision=made.oid) == [".gitattributes", "README.md", "data/a.parquet"]
    assert hub.commits("dataset", REPO)[0].oid == deleted.oid


def test_a_tree_comes_in_pages(api: HfApi, hub: HubServer) -> None:
    hub.page = 2
    hub.create("dataset", REPO).push("alice", {f"data/{i}.txt": b"x" for i in range(7)})
    paths = [own.path for own in api.list_repo_tree(**DATASET, recursive=True)]
    assert paths == [".gitattributes", "data", *(f"data/{i}.txt" for i in range(7))]
    assert [own.path for own in api.list_repo_tree(**DATASET)] == [".gitattributes", "data"]
    assert [own.path for own in api.get_paths_info(**DATASET, paths=["data/3.txt", "none"])] == ["data/3.txt"]


def test_a_stale_parent_and_a_bad_registration_are_refused(hub: HubServer, api: HfApi) -> None:
    first = hub.create("dataset", REPO).head.oid
    commit = {**DATASET, "commit_message": "rows", "parent_commit": first}
    api.create_commit(**commit, operations=added(a_txt=b"1"))
    with pytest.raises(HfHubHTTPError) as stale:
        api.create_commit(**commit, operations=added(b_txt=b"1"))
    assert stale.value.response.status_code == 412
    with pytest.raises(BadRequestError, match=r"eval\.yaml"):
        api.create_commit(**DATASET, commit_message="x", operations=added(eval_yaml=b"name: Rows\n"))
    assert len(hub.commits("dataset", REPO)) == 1


def test_what_is_missing_private_or_gated(hub: HubServer, api: HfApi) -> None:
    repo = hub.create("dataset", REPO)
    for token, missing in ((ALICE, "404"), (False, "401")):
        with pytest.raises(RepositoryNotFoundError, match=missing):
            api.dataset_info("alice/none", token=token)
    with pytest.raises(RevisionNotFoundError):
        api.dataset_info(REPO, revision="v9")
    with pytest.raises(EntryNotFoundError):
        api.get_hf_file_metadata(url=f"{hub.url}/datasets/{REPO}/resolve/main/none.txt")
    api.update_repo_settings(**DATASET, visibility="private")
    assert api.dataset_info(REPO, token=READER).private
    with pytest.raises(RepositoryNotFoundError):
        api.dataset_info(REPO, token=ROBOT)
    repo.private, repo.gated = False, True
    assert api.dataset_info(REPO, token=ROBOT).gated
    with pytest.raises(GatedRepoError):
        list(api.list_repo_tree(**DATASET, token=ROBOT))


def test_pull_requests_are_opened_listed_and_merged(hub: HubServer, api: HfApi) -> None:
    hub.create("model", "alice/net")
    made = api.create_commit(
        "alice/net", added(results_yaml=b"a: 1"), commit_message="Results", create_pr=True, token=ROBOT
    )
    assert (made.pr_num, made.pr_revision) == (1, "refs/pr/1")
    (listed,) = api.get_repo_discussions("alice/net", author="bob", discussion_type="pull_request")
    assert (listed.title, listed.status) == ("Results", "open")
    assert api.list_repo_files("alice/net", revision="refs/pr/1") == [".gitattributes", "results.yaml"]
    api.comment_discussion("alice/net", 1, "thanks")
    api.merge_pull_request("alice/net", 1)
    assert api.get_discussion_details("alice/net", 1).status == "merged"
    assert api.list_repo_files("alice/net") == [".gitattributes", "results.yaml"]
    api.create_tag("alice/net", tag="v1")
    api.create_branch("alice/net", branch="next")
    refs = api.list_repo_refs("alice/net", include_pull_requests=True)
    assert ([b.name for b in refs.branches], [t.name for t in refs.tags]) == (["main", "next"], ["v1"])
    assert api.model_info("alice/net", revision="v1").sha == hub.repos["model", "alice/net"].head.oid


def test_faults_are_injected_before_and_after_the_work(hub: HubServer, api: HfApi) -> None:
    hub.create("dataset", REPO)
    commit = {**DATASET, "commit_message": "rows"}
    hub.fail("POST", "/commit/", 500)
    with pytest.raises(HfHubHTTPError, match="500"):
        api.create_commit(**commit, operations=added(a_txt=b"1"))
    assert hub.commits("dataset", REPO) == []
    hub.fail("POST", "/preupload/", 429, times=2, headers={"Retry-After": "1"})
    hub.fail("POST", "/commit/", close=True, after=True)
    with pytest.raises(HTTPError):
        api.create_commit(**commit, operations=added(a_txt=b"1"))
    assert len(hub.commits("dataset", REPO)) == 1
    assert api.create_commit(**commit, operations=added(a_txt=b"1")).oid == hub.repos["dataset", REPO].head.oid
    hub.fail("POST", "/preupload/", act=lambda: hub.repos["dataset", REPO].push("bob", {"b.txt": b"2"}))
    api.create_commit(**DATASET, commit_message="more", operations=added(c_txt=b"3"))
    assert [c.author for c in hub.commits("dataset", REPO)] == ["alice", "bob", "alice"]


def test_results_of_models_are_read_as_the_hub_reads_them(hub: HubServer, api: HfApi) -> None:
    good = b"- dataset: {id: a/b, task_id: overall}\n  value: 0.5\n  date: '2026-01-01'\n"
    files = {".eval_results/b.yaml": good, ".eval_results/bad.yaml": b"- value: 1\n"}
    hub.create("model", "alice/net").push("alice", files)
    about = api.model_info("alice/net", expand=["evalResults"])
    assert [(own.dataset_id, own.task_id, own.value) for own in about.eval_results or ()] == [("a/b", "overall", 0.5)]
    assert about.siblings is None


def test_an_open_pull_request_is_its_authors(hub: HubServer, api: HfApi) -> None:
    hub.create("model", "acme/net")
    hub.create("model", "carl/net")
    made = api.create_commit("carl/net", added(a_txt=b"1"), commit_message="x", create_pr=True)
    more = {"commit_message": "y", "revision": made.pr_revision}
    api.create_commit("carl/net", added(a_txt=b"2"), **more)
    assert hub.repos["model", "carl/net"].at("refs/pr/1").text("a.txt") == "2"
    with pytest.raises(HfHubHTTPError, match="403"):
        api.create_commit("carl/net", added(a_txt=b"3"), **more, token=ROBOT)
    with pytest.raises(HfHubHTTPError, match="403"):
        api.create_commit("carl/net", added(a_txt=b"3"), commit_message="z")
