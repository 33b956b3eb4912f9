"""The page of a leaderboard in a real browser, as the host of static Spaces delivers it, against a real Hub."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hub.boards import (
    APART,
    HOSTILE,
    MODELS,
    REPO,
    SPACE,
    multirads,
    of_model,
    results_of,
    static_space,
    without,
)
from hub_clients import TOKEN
from hub_server import Account, HubServer
from reporting.browser import BROWSER, ask

from multirads_hf.hub.leaderboard.rows import row_of

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no browser")
READ = "document.documentElement.dataset.read === 'done'"
SHOWN = "[...document.querySelectorAll('[data-role=rows] tr')].map(row => row.querySelector('th button').textContent)"
PLACES = "[...document.querySelectorAll('[data-role=rows] td.rank')].map(cell => cell.textContent)"
STATUS = "document.querySelector('[data-role=status]').textContent"
ABOUT = "document.querySelector('[data-role=about]').textContent"
PUBLISHED = "document.querySelector('[data-role=published]').textContent"
HIT = "window.hit"
READER, CLOSED, _ = MODELS
Open = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def server(board_files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubServer]:
    """A Hub with a leaderboard of all runs but one; its trees come in pages of two."""
    with HubServer({TOKEN: Account("alice")}, page=2) as hub:
        hub.create("dataset", REPO).push("alice", without(board_files, HOSTILE))
        home = tmp_path_factory.mktemp("home")
        multirads(hub, home, "publish", "leaderboard", SPACE, "--results", REPO, "--yes", "--quiet")
        yield hub


@pytest.fixture
def hub(server: HubServer) -> Iterator[HubServer]:
    """The Hub as it was when the leaderboard was published, however a test leaves it."""
    results = server.repos["dataset", REPO]
    there = results.head.oid
    yield server
    results.refs["main"], results.private = there, False


@pytest.fixture
def opened(hub: HubServer, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Open the page at a place of its address and return what expressions give there, the last one of its errors."""

    def open_page(*expressions: str, at: str = "") -> list[Any]:
        with static_space(hub) as address:
            return ask(f"{address}{at}", tmp_path_factory.mktemp("profile"), *expressions, ready=READ)

    return open_page


def choose(name: str, value: str) -> str:
    """Return an expression that chooses a value as a person does."""
    kind = "input" if name == "find" else "change"
    own = f"document.querySelector('[name={name}]')"
    return f"{own}.value = {json.dumps(value)}; {own}.dispatchEvent(new Event('{kind}', {{bubbles: true}}))"


def test_it_shows_ranks_filters_and_sorts(
    opened: Open,
) -> None:
    called = CLOSED.rpartition("#")[2]
    models = {"baseline:majority", "baseline:lexicon", READER, called}
    shown = opened(
        SHOWN, PLACES, STATUS, HIT,
        choose("weights", "closed"), SHOWN, "location.hash",
        choose("weights", ""), choose("find", "ACME"), SHOWN,
        choose("find", ""), choose("size", "above 40B"), SHOWN,
        choose("size", ""), "document.querySelector('button[data-sort=model]').click()", SHOWN,
        "document.querySelector('th[aria-sort]').textContent + document.querySelector('th[aria-sort]').ariaSort",
        "document.activeElement.dataset.sort", PUBLISHED, choose("rads", "tirads"), PUBLISHED,
        "[...document.querySelectorAll('[name=rads] option')].map(own => own.textContent)",
    )  # fmt: skip
    rows, places, status, hit = shown[:4]
    assert set(rows) == models
    assert rows[0] == "baseline:lexicon"
    assert places[0].endswith("group 1")
    assert places[rows.index("baseline:majority")].startswith("4")
    assert "No other run was published since." in status
    assert hit is None
    assert shown[5:7] == [[called], "#weights=closed"]
    assert shown[9] == [READER]
    assert shown[12] == [READER]
    assert shown[15] == sorted(models, key=str.lower)
    assert shown[16:18] == ["Modelascending", "model"]
    assert [text.count("other data, not comparable") for text in (shown[18], shown[20])] == [2, 0]
    assert {"All RADS", "LI-RADS, together", "TI-RADS"} <= {own.replace("ACR ", "") for own in shown[21]}


def test_an_address_brings_back_its_view(opened: Open, board_files: Mapping[str, bytes]) -> None:
    run_id = of_model(board_files, READER)
    n = results_of(board_files)[run_id]["by_document"]["tirads"]["n"]
    address = f"#rads=tirads&by=category_accuracy&weights=open&sort=validity&run={run_id}"
    shown, about, hash_, title, facts, heads = opened(
        SHOWN, ABOUT, "location.hash", "document.getElementById('run-h').textContent",
        "document.querySelector('[data-role=facts]').textContent",
        "[...document.querySelectorAll('[data-role=heads] th')].map(own => own.innerText.split('\\n')[0])", at=address,
    )  # fmt: skip
    assert shown == [READER]
    assert f"1 of 4 runs, {n} reports. Category accuracy" in about
    assert sorted(hash_[1:].split("&")) == sorted(address[1:].split("&"))
    assert title == READER
    assert f"runs/{run_id}" in facts
    assert heads[2] == "Category accuracy"


def test_a_run_published_since_is_not_ranked(hub: HubServer, opened: Open, board_files: Mapping[str, bytes]) -> None:
    late = of_model(board_files, HOSTILE)
    broken = {"results/00000000000000ff.parquet": b"PAR1", "runs/00000000000000ff/results.json": b'{"model": 1}'}
    hub.repos["dataset", REPO].push("mallory", {**board_files, **broken})
    shown, status, badges, row, hit = opened(
        SHOWN, STATUS,
        "[...document.querySelectorAll('.badge')].map(own => own.closest('tr').dataset.run + own.textContent)",
        f"window.leaderboardRows.find(row => row.id === '{late}')", HIT,
    )  # fmt: skip
    assert HOSTILE in shown
    assert len(shown) == 5
    assert "1 published since, not ranked yet." in status
    assert "1 more could not be read." in status
    assert badges == [f"{late}not ranked yet"]
    assert hit is None
    expected = {**row_of(late, results_of(board_files)[late]), "problem": "", "fresh": True}
    assert row == json.loads(json.dumps(expected))


def test_what_was_asked_is_chosen_step_by_step(opened: Open) -> None:
    conditions = "[...document.querySelectorAll('[name=condition] option')].map(own => own.value)"
    command = "document.querySelector('[data-role=run-command]').textContent"
    shown = opened(conditions, choose("task", "category"), conditions, SHOWN, ABOUT, command, "location.hash")
    assert shown[0] == ["withheld"]
    assert shown[2:4] == [["stated"], [APART]]
    assert shown[4].endswith("A run that stands alone is compared with nothing.")
    asked = "--task category --split test --config all --condition stated --seed 0 --limit 60"
    assert shown[5:] == [f"multirads run MODEL {asked}", "#task=category"]


def test_a_run_that_was_taken_back_is_marked(hub: HubServer, opened: Open, board_files: Mapping[str, bytes]) -> None:
    gone = of_model(board_files, READER)
    hub.repos["dataset", REPO].push("alice", {}, delete=[f"results/{gone}.parquet"])
    (marked,) = opened(f"document.querySelector('tr[data-run=\"{gone}\"] .rank').textContent")
    assert marked.endswith("superseded since")


def test_without_the_hub_the_ranking_stands(hub: HubServer, opened: Open, board_files: Mapping[str, bytes]) -> None:
    port = int(hub.url.rpartition(":")[2])
    hub.stop()
    shown, status = opened(SHOWN, STATUS)
    hub.start(port)
    assert len(shown) == 4
    assert "as of 2026-01-01" in status
    assert "The Hub could not be reached" in status


def test_a_repository_that_only_its_owner_may_read_says_so(
    hub: HubServer, opened: Open, board_files: Mapping[str, bytes]
) -> None:
    hub.repos["dataset", REPO].private = True
    shown, status = opened(SHOWN, STATUS)
    assert len(shown) == 4
    assert "The Hub could not be reached" in status
