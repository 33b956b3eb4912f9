"""A sweep as a user has it: models of every kind, a flaky server, a dead one; killed, stopped, gone on with, read."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from served import Served, completion, right

from multirads_hf import corpus
from multirads_hf.running import answers, runs

CLI = [sys.executable, "-c", "from multirads_hf.cli import main; main()"]
DEAD = "openai:http://127.0.0.1:9/v1#dead"
SPLITS, CONDITIONS = ["test", "test_contrast", "test_styles", "test_noisy"], ["withheld", "discordant"]
LIMIT, AT_ONCE = 5, 4


@pytest.fixture
def flaky(serve) -> Served:
    """Answers rightly in four of five calls."""
    shown = [
        row
        for split in SPLITS
        for condition in CONDITIONS
        for row in corpus.records("tirads", split, 0, LIMIT, condition=condition)
    ]
    answer_of, dice = right(shown), random.Random(5)

    async def answer(request: web.Request, body: dict[str, Any], before: int) -> web.Response:
        if dice.random() < 0.2:
            return web.Response(status=503, headers={"Retry-After": "0"})
        return completion(answer_of(body))

    return serve(answer)


@pytest.fixture
def config(flaky: Served, chat_model: Path, tmp_path: Path) -> Path:
    one = {"prompts": ["zero_shot"], "splits": ["test"], "conditions": ["withheld"]}
    given = {
        "store": str(tmp_path / "s.sqlite"), "side_by_side": 2, "configs": ["tirads"], "limit": LIMIT,
        "models": [
            {"model": DEAD, **one}, {"model": "hf:/no/such/model", **one},
            {"model": flaky.spec, "concurrency": AT_ONCE}, "baseline:majority", "baseline:bow", "baseline:lexicon",
            {"model": f"hf:{chat_model}", "device": "cpu", "limit": 2, "max_new_tokens": 4, "batch_size": 2, "prompts":
             ["zero_shot"]},
        ],
        "prompts": ["zero_shot", "guided"], "conditions": CONDITIONS, "splits": SPLITS,
    }  # fmt: skip
    (tmp_path / "sweep.yaml").write_text(yaml.safe_dump(given))
    return tmp_path / "sweep.yaml"


def told(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CLI, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False)


def interrupted(config: Path, server: Served, calls: int, sent: int) -> tuple[int, str]:
    """Start the sweep, send it a signal once the server has had so many more calls, and return how it ended."""
    process = subprocess.Popen([*CLI, "sweep", str(config), "-q"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wanted, deadline = len(server.bodies) + calls, time.monotonic() + 120
    while len(server.bodies) < wanted and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(sent)
    said = process.communicate(timeout=60)[1].decode()
    return process.returncode, said


def kept(store: Path) -> dict[tuple[str, str], Any]:
    found = {own.run_id: answers(store, own.run_id) for own in runs(store)}
    return {(name, answer.record_id): answer for name, own in found.items() for answer in own if answer.error is None}


def test_a_sweep_of_every_kind_of_model_survives_all_that_happens(config: Path, flaky: Served, tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    assert interrupted(config, flaky, 20, signal.SIGKILL)[0] == -signal.SIGKILL
    after_kill = kept(store)
    code, said = interrupted(config, flaky, 20, signal.SIGINT)
    assert (code, said.splitlines()[-1]) == (
        130,
        "Stopped. What was written is kept; the same command goes on from there.",
    )
    assert "Traceback" not in said
    after_stop = kept(store)
    assert 0 < len(after_kill) < len(after_stop)

    planned = json.loads(told("sweep", config, "--dry-run", "--json").stdout)
    done = told("sweep", config, "-q", "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 1
    assert [own["model"] for own in rows if own["outcome"] != "done"] == [DEAD, "hf:/no/such/model"]
    assert f"no server answers at {DEAD.removeprefix('openai:').partition('#')[0]}" in done.stderr
    assert "no such folder, and no such repository" in done.stderr
    assert [own["asked"] for own in rows[2:]] == [own["calls"] for own in planned[2:]]
    whole = kept(store)
    assert all(whole[name] == answer for name, answer in (after_kill | after_stop).items()), "nothing is asked again"
    assert len(whole) == sum(own["n"] for own in rows[2:]) == 16 * LIMIT + 3 * 8 * LIMIT + 8 * 2
    first = sum(own.attempts == 1 for own in whole.values() if own.prompt_tokens == 100)
    assert 16 * LIMIT / 2 < first < 16 * LIMIT, "a fifth of the calls failed and was made again"

    page = told("report", "--store", store, "--out", tmp_path / "report.html")
    assert page.returncode == 0, page.stderr
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(name in html for name in (flaky.spec, "baseline:lexicon", "test_contrast", "discordant"))
    names = ("split", "condition", "prompt", "model")
    cells = [("test", "withheld", "zero_shot", model) for model in (flaky.spec, "baseline:majority")]
    pair = [own.run_id for own in runs(store) if tuple(getattr(own, name) for name in names) in cells]
    compared = json.loads(told("compare", *pair, "--store", store, "--resamples", 200, "--json").stdout)
    assert compared["runs"].keys() == set(pair)
