"""Publishing results as a user does it: runs of several people in one repository, and what is read back from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from hub_clients import TOKEN, Done, Multirads, rewritten, scored_run, well
from hub_server import Account, HubServer

from multirads_hf.hub import results_repo
from multirads_hf.hub.results_row import COLUMNS

REPO = "alice/multirads-results"
LIMIT = 12


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer({TOKEN: Account("alice"), "hf_carolsecret": Account("carol", orgs=("alice",))}) as server:
        yield server


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two runs over the same reports."""
    home = tmp_path_factory.mktemp("runs")
    return [scored_run(home, model) for model in ("baseline:majority", "baseline:lexicon")]


def snapshot(hub: HubServer, folder: Path) -> list[results_repo.PublishedRun]:
    """Write what the repository holds into a new folder and read it."""
    for path, file in hub.repos["dataset", REPO].head.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(file.content)
    return results_repo.read_runs(folder)


def test_results_are_published_in_one_commit_load_and_hold(
    hub: HubServer, multirads: Multirads, python: Multirads, runs: list[Path], tmp_path: Path
) -> None:
    call = ["publish", "results", runs[0].parent, "--to", REPO]
    shown = well(multirads(*call, "--dry-run"))
    assert f"dataset {REPO} (new, public), as alice: {hub.url}/datasets/{REPO}\n" in shown
    assert "7 to add" in shown
    assert hub.repos == {}
    well(multirads(*call, "--yes", "--private"))
    (commit,) = hub.commits("dataset", REPO)
    published = snapshot(hub, tmp_path / "snapshot")
    assert {run.results["run_id"] for run in published} == {run.name for run in runs}
    for run in published:
        written = (runs[0].parent / run.results["run_id"] / "results.json").read_bytes()
        assert commit.files[f"runs/{run.run_id}/results.json"].content == written
        assert commit.files[f"details/{run.run_id}.parquet"].lfs
        assert (run.superseded, run.forced) == (False, ())
    read = f"""
from datasets import load_dataset
import json
rows = load_dataset("{REPO}", "results", split="latest")
answers = load_dataset("{REPO}", "details", split="latest")
print(json.dumps([rows.to_list(), sorted(set(answers["run_id"])), len(answers), answers.column_names]))
"""
    rows, ids, count, columns = json.loads(well(python(read, MULTIRADS_HF_NO_HOOK="1")).splitlines()[-1])
    assert {row["run_id"] for row in rows} == set(ids) == {run.run_id for run in published}
    assert count == 2 * LIMIT
    assert {"id", "answer", "correct", "extraction"} < set(columns)
    by_id = {row["run_id"]: row for row in rows}
    for run in published:
        row, accuracy = by_id[run.run_id], run.results["scores"]["category_accuracy"]
        assert list(row) == list(COLUMNS)
        assert [row[f"category_accuracy{end}"] for end in ("", "_low", "_high")] == list(accuracy.values())
        assert (row["model"], row["n"], row["forced"]) == (run.results["model"], LIMIT, [])
        assert json.loads(row["environment"]) == run.results["environment"]
    checked = json.loads(well(multirads("verify", REPO, "--json")))
    assert [(one["run_id"], one["holds"]) for one in checked] == [(run.run_id, True) for run in published]


def test_the_second_time_nothing_is_sent(hub: HubServer, multirads: Multirads, runs: list[Path]) -> None:
    call = ["publish", "results", *runs, "--to", REPO]
    well(multirads(*call, "--yes"))
    again = multirads(*call)
    assert "Everything is there already; nothing was sent." in again.stderr
    assert "nothing to change: 6 unchanged, 2 not ours" in well(again)
    assert len(hub.commits("dataset", REPO)) == 1


def test_two_publishers_at_once_and_both_runs_are_there(
    hub: HubServer, multirads: Multirads, runs: list[Path], tmp_path: Path
) -> None:
    done: list[Done] = []
    accounts = ((runs[0], TOKEN), (runs[1], "hf_carolsecret"))
    threads = [
        Thread(
            target=lambda run, token: done.append(
                multirads("publish", "results", run, "--to", REPO, "--yes", HF_TOKEN=token)
            ),
            args=own,
        )
        for own in accounts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [own.returncode for own in done] == [0, 0], [own.stderr for own in done]
    assert sorted(commit.author for commit in hub.commits("dataset", REPO)) == ["alice", "carol"]
    published = snapshot(hub, tmp_path / "snapshot")
    assert {run.results["run_id"] for run in published} == {run.name for run in runs}
    assert all(run.details.is_file() for run in published)


def test_the_server_dies_in_the_middle(hub: HubServer, multirads: Multirads, runs: list[Path], tmp_path: Path) -> None:
    call = ["publish", "results", *runs, "--to", REPO, "--yes"]
    hub.fail("POST", "/commit/", close=True, act=hub.stop)
    died = multirads(*call)
    assert died.returncode == 2
    assert f"{hub.url} does not answer" in died.stderr
    assert hub.commits("dataset", REPO) == []
    assert set(hub.repos["dataset", REPO].head.files) == {".gitattributes"}
    hub.start(port=int(hub.url.rpartition(":")[2]))
    well(multirads(*call))
    assert len(hub.commits("dataset", REPO)) == 1
    assert len(snapshot(hub, tmp_path / "snapshot")) == 2


def test_a_setting_that_is_run_again_supersedes_and_the_older_run_stays_readable(
    hub: HubServer, multirads: Multirads, python: Multirads, runs: list[Path], tmp_path: Path
) -> None:
    call = ["publish", "results", "--to", REPO, "--yes"]
    later = rewritten(runs[1], tmp_path / "later", created="2099-01-01T00:00:00Z")
    well(multirads(*call, later))
    well(multirads(*call, *runs))
    old = next(run for run in snapshot(hub, tmp_path / "first") if run.superseded)
    assert old.results["created"] < "2099"
    last = rewritten(runs[1], tmp_path / "last", created="2100-01-01T00:00:00Z")
    planned = json.loads(well(multirads("publish", "results", last, "--to", REPO, "--dry-run", "--json")))[0]
    (gone,) = [own["path"] for own in planned["changes"] if own["verb"] == "delete" and "results" in own["path"]]
    before = {path: file.content for path, file in hub.repos["dataset", REPO].head.files.items()}
    well(multirads(*call, last))
    after = {path: file.content for path, file in hub.repos["dataset", REPO].head.files.items()}
    assert gone not in after
    for path, content in before.items():
        moved = path.replace("/", "/superseded/", 1) if path.split("/")[-1] == gone.split("/")[-1] else path
        assert after[moved] == content, path
    states = {run.results["created"][:4]: run.superseded for run in snapshot(hub, tmp_path / "second")}
    assert (states["2099"], states["2100"]) == (True, False)
    read = f"""
from datasets import load_dataset
import json
parts = [load_dataset("{REPO}", c, split=s) for c in ("results", "details") for s in ("latest", "history")]
print(json.dumps([len(set(part["run_id"])) for part in parts]))
"""
    assert json.loads(well(python(read)).splitlines()[-1]) == [2, 4, 2, 4]
    well(multirads(*call, *runs, later, last))
    assert {path: file.content for path, file in hub.repos["dataset", REPO].head.files.items()} == after
    well(multirads("verify", REPO))
    final = rewritten(runs[1], tmp_path / "final", created="2101-01-01T00:00:00Z")
    well(multirads(*call, last, final))
    states = {run.results["created"][:4]: run.superseded for run in snapshot(hub, tmp_path / "third")}
    assert (states["2100"], states["2101"]) == (True, False)


def test_the_card_of_a_repository_is_its_owners(hub: HubServer, multirads: Multirads, runs: list[Path]) -> None:
    well(multirads("publish", "results", runs[0], "--to", REPO, "--yes"))
    repo = hub.repos["dataset", REPO]
    edited = repo.head.text("README.md") + "\nRuns of our group.\n"
    repo.push("alice", {"README.md": edited.encode(), "notes.md": b"kept"})
    well(multirads("publish", "results", runs[1], "--to", REPO, "--yes"))
    assert repo.head.text("README.md") == edited
    assert repo.head.text("notes.md") == "kept"
    hub.create("dataset", "alice/thesis").push("alice", {"README.md": b"# My thesis\n"})
    strange = multirads("publish", "results", runs[1], "--to", "alice/thesis", "--yes")
    assert strange.returncode == 2
    assert "its 'README.md' is no card of results. Allowed: a repository of its own, or --overwrite" in strange.stderr
    assert hub.repos["dataset", "alice/thesis"].head.text("README.md") == "# My thesis\n"
