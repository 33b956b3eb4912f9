"""A leaderboard as it is published: what is ranked and what is not, one commit, and nothing of others touched."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest
import yaml
from hub.boards import APART, HOSTILE, LIMIT, MODELS, REPO, SPACE, of_model, results_of
from hub_clients import TOKEN, Invoke, refused
from hub_server import Account, HubServer
from reporting.page import Page

from multirads_hf.reporting.results import SETTING

ROOT = Path(__file__).parents[2]
PUBLISH = ("publish", "leaderboard", SPACE, "--results", REPO)
Files = Mapping[str, bytes]


@pytest.fixture
def hub(board_files: Files) -> Iterator[HubServer]:
    with HubServer({TOKEN: Account("alice"), "hf_bobsecret": Account("bob")}) as server:
        server.create("dataset", REPO).push("alice", board_files)
        yield server


def well(invoke: Invoke, *more: object) -> str:
    done = invoke(*PUBLISH, "--yes", "--quiet", *more)
    assert done.exit_code == 0, done.output
    return done.stderr


def head(hub: HubServer, name: str = "leaderboard.json") -> str:
    return hub.repos["space", SPACE].head.text(name)


def test_a_static_space_is_published_in_one_commit_and_not_again(hub: HubServer, invoke: Invoke) -> None:
    planned = invoke(*PUBLISH, "--dry-run", "--json", "--quiet")
    (plan,) = json.loads(planned.stdout)
    assert (plan["kind"], plan["new"], hub.repos.get(("space", SPACE))) == ("space", True, None)
    well(invoke, "--title", "RADS at Alice's")
    (commit,) = hub.commits("space", SPACE)
    assert set(commit.files) == {"README.md", "index.html", "leaderboard.json", ".gitattributes"}
    _, front, body = commit.text("README.md").split("---\n", 2)
    settings = yaml.safe_load(front)
    assert settings["title"] == "RADS at Alice's"
    assert (settings["sdk"], settings["app_file"], settings["datasets"]) == ("static", "index.html", [REPO])
    assert {"leaderboard", "test:public", "judge:auto", "submission:semiautomatic"} <= set(settings["tags"])
    assert len(settings["short_description"]) <= 60  # the Hub takes no more
    assert f"multirads publish leaderboard {SPACE} --results {REPO}\n" in body
    again = well(invoke, "--title", "RADS at Alice's")
    assert "Everything is there already; nothing was sent." in again
    assert len(hub.commits("space", SPACE)) == 1


def test_ranks_come_from_paired_tests_over_all_reports_and_within_each_rads(
    hub: HubServer, invoke: Invoke, board_files: Files
) -> None:
    well(invoke)
    made = json.loads(head(hub))
    board, _ = made["boards"]
    by_id = {own["id"]: own["model"] for own in made["runs"]}
    groups = {by_id[run_id]: place for run_id, place in board["ranks"]["all"]["category_accuracy"].items()}
    assert groups["baseline:lexicon"][:2] == [1, 1]
    assert groups["baseline:majority"][0] > groups["router:acme/reader-70B"][0]
    assert "multirads_compare|" in board["signature"]
    scopes = {own["key"]: own["documents"] for own in made["scopes"]}
    asked = set(next(iter(results_of(board_files).values()))["by_document"])
    assert scopes["lirads"] == ["lirads_ctmri", "lirads_tra", "lirads_us"]
    assert board["ranks"].keys() == {"all", *(key for key, own in scopes.items() if asked & set(own))}
    lirads = {own["model"]: own["scores"]["lirads"]["category_accuracy"] for own in made["runs"]}
    assert lirads["baseline:lexicon"][0] == 1.0
    assert all(low <= value <= high for value, low, high in lirads.values())
    assert made["published"]["rows"][0]["model"] == "GPT-5.2"
    assert made["source"]["commit"] == hub.repos["dataset", REPO].head.oid


def test_runs_stand_together_only_where_the_same_was_asked(hub: HubServer, invoke: Invoke, board_files: Files) -> None:
    well(invoke)
    made = json.loads(head(hub))
    board, apart = made["boards"]
    results = results_of(board_files)[of_model(board_files, HOSTILE)]
    assert board["setting"] == [str(results[key]) for key in SETTING]
    by_setting = {tuple(own["setting"]): own["ranks"]["all"]["category_accuracy"] for own in made["boards"]}
    assert by_setting.keys() == {tuple(own["setting"]) for own in made["runs"]}
    assert list(by_setting[tuple(apart["setting"])]) == [of_model(board_files, APART)]
    assert len(by_setting[tuple(board["setting"])]) == 2 + len(MODELS)


def changed(files: Files, model: str, **results: object) -> dict[str, bytes]:
    """Return the results file of a model with something of it edited."""
    run_id = of_model(files, model)
    return {f"runs/{run_id}/results.json": json.dumps(results_of(files)[run_id] | results).encode()}


def test_what_does_not_hold_is_shown_and_not_ranked(hub: HubServer, invoke: Invoke, board_files: Files) -> None:
    better, worse, _ = MODELS
    scores = results_of(board_files)[of_model(board_files, better)]["scores"]
    praised = scores | {"category_accuracy": {"value": 0.99, "low": 0.98, "high": 1.0}}
    failed = results_of(board_files)[of_model(board_files, worse)]["states"] | {"error": 3}
    hub.repos["dataset", REPO].push(
        "mallory",
        changed(board_files, better, scores=praised) | changed(board_files, worse, states=failed)
        | changed(board_files, "baseline:majority", dataset_fingerprint="0" * 16)
        | {"runs/0123456789abcdef/results.json": b'{"model": "none"}'},
    )  # fmt: skip
    said = well(invoke)
    made = json.loads(head(hub))
    problems = {own["model"]: own["problem"] for own in made["runs"] if own["problem"]}
    assert problems == {
        better: "its category_accuracy is not what its answers give",
        worse: "3 calls failed",
        "baseline:majority": next(text for text in problems.values() if "corpus" in text),
    }
    assert f"Not ranked: {worse} (" in said
    assert "Left out: 1 runs whose files cannot be read." in said
    ranked = {run_id for own in made["boards"] for run_id in own["ranks"]["all"]["category_accuracy"]}
    assert ranked == {of_model(board_files, model) for model in ("baseline:lexicon", HOSTILE, APART)}


def test_without_its_script_the_page_shows_the_ranking(hub: HubServer, invoke: Invoke) -> None:
    well(invoke, "--title", HOSTILE)
    html = head(hub, "index.html")
    page = Page(html)
    assert (page.wrong, page.open) == ([], [])
    assert html.count("<script") == 2
    assert "<img" not in html
    inside = Page(html[html.index("<noscript>") : html.index("</noscript>")])
    for model in (*MODELS, "baseline:lexicon", "baseline:majority"):
        assert " ".join(model.split()) in inside.text
    (policy,) = [own["content"] for own in page.all("meta") if own.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert f"connect-src {hub.url};" in policy
    assert "unsafe" not in policy
    assert not [own for _, own in page.elements if "style" in own or any(name.startswith("on") for name in own)]


def test_a_run_that_stands_alone_is_compared_with_nothing(hub: HubServer, invoke: Invoke, board_files: Files) -> None:
    others = [path for path in board_files if "/" in path and of_model(board_files, HOSTILE) not in path]
    hub.repos["dataset", REPO].push("alice", {}, delete=others)
    assert "No two runs answered the same reports under the same conditions" in well(invoke)
    (board,) = json.loads(head(hub))["boards"]
    assert board["signature"] is None


def test_repositories_without_a_run_to_rank_are_refused(hub: HubServer, invoke: Invoke, board_files: Files) -> None:
    absent = refused(invoke("publish", "leaderboard", SPACE, "--results", "alice/none", "--yes"))
    assert "dataset alice/none: there is no such repository, or this token may not see it." in absent
    results = hub.repos["dataset", REPO]
    results.push("alice", {path: b"{}" for path in board_files if path.startswith("runs/")})
    assert f"dataset {REPO}: it holds no run that can be read" in refused(invoke(*PUBLISH, "--yes"))
    results.push("alice", {}, delete=[path for path in board_files if "/" in path])
    assert "Allowed: a repository of `multirads publish results" in refused(invoke(*PUBLISH, "--yes"))
    assert ("space", SPACE) not in hub.repos


def test_whoever_publishes_private_results_is_told(hub: HubServer, invoke: Invoke, board_files: Files) -> None:
    hub.repos["dataset", REPO].private = True
    assert f"{REPO} is private: the Space shows its scores to all who may see the Space." in well(invoke)
    assert "alice/none: there is no such repository" in refused(
        invoke("publish", "leaderboard", SPACE, "--results", "alice/none", "--out", "board")
    )
    assert "title: got ' '. Allowed: a text that is not empty." in refused(invoke(*PUBLISH, "--title", " "))


def test_a_repository_of_failed_runs_alone_is_refused(hub: HubServer, invoke: Invoke, board_files: Files) -> None:
    models = [own["model"] for own in results_of(board_files).values()]
    for model in models:
        hub.repos["dataset", REPO].push("alice", changed(board_files, model, states={"error": LIMIT}))
    assert f"none of its {len(models)} runs can be ranked (" in refused(invoke(*PUBLISH, "--yes", "--quiet"))


def test_the_guide_of_the_page_adds_a_run_by_a_pull_request(
    hub: HubServer, invoke: Invoke, board_files: Files, tmp_path: Path
) -> None:
    model = next(iter(MODELS))
    own = {path: content for path, content in board_files.items() if of_model(board_files, model) in path}
    results = hub.repos["dataset", REPO]
    results.push("alice", {}, delete=own)
    hub.create("dataset", "bob/multirads-results").push("bob", own)
    well(invoke)
    commands = next(
        text for text in re.findall(r"<pre.*?>(.*?)</pre>", head(hub, "index.html"), re.DOTALL) if "hf " in text
    )
    variables = {
        "HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_bobsecret", "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_XET": "1",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-euc", unescape(commands).replace("YOU", "bob")], cwd=tmp_path, env=os.environ | variables,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (request,) = results.discussions
    results.merge(request, "alice")
    assert {path: results.head.files[path].content for path in own} == own
    well(invoke)
    board, _ = json.loads(head(hub))["boards"]
    assert of_model(board_files, model) in board["ranks"]["all"]["multirads_f1"]


def test_a_space_of_something_else_is_left_alone(hub: HubServer, invoke: Invoke) -> None:
    hub.create("space", SPACE, sdk="static").push("bob", {"index.html": b"mine", "README.md": b"mine"})
    assert "is no earlier publication of this kind" in refused(invoke(*PUBLISH, "--yes", "--quiet"))
    assert head(hub, "index.html") == "mine"


def test_files_of_others_stay_and_another_kind_of_space_replaces_its_own(hub: HubServer, invoke: Invoke) -> None:
    well(invoke)
    hub.repos["space", SPACE].push("bob", {"notes.md": b"kept"})
    well(invoke, "--gradio")
    files = hub.repos["space", SPACE].head.files
    assert set(files) == {"README.md", "leaderboard.json", "app.py", "requirements.txt", "notes.md", ".gitattributes"}
    settings = yaml.safe_load(head(hub, "README.md").split("---\n", 2)[1])
    # The app is tried under the version that the card pins.
    assert f"gradio=={settings['sdk_version']}" in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert (settings["sdk"], settings["app_file"]) == ("gradio", "app.py")


def test_it_can_be_looked_at_before_it_is_published(hub: HubServer, invoke: Invoke, tmp_path: Path) -> None:
    for token in ("", TOKEN):  # results that all may read need no account
        done = invoke(*PUBLISH, "--quiet", "--out", tmp_path / "board", token=token)
        assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'board'}\n")
    assert {path.name for path in (tmp_path / "board").iterdir()} == {"README.md", "index.html", "leaderboard.json"}
    assert ("space", SPACE) not in hub.repos
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("all of it")
    assert "holds 'thesis.tex'" in refused(invoke(*PUBLISH, "--quiet", "--out", tmp_path / "mine"))
    well(invoke)
    assert (tmp_path / "board" / "index.html").read_text(encoding="utf-8") == head(hub, "index.html")
