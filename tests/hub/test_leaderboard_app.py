"""The leaderboard as a gradio app: it starts as on the Hub, and shows what is ranked and what was published since."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hub.boards import HOSTILE, MODELS, REPO, SPACE, without
from hub.test_spaces import ROOT, read, wait_for
from hub_clients import TOKEN, Invoke
from hub_server import Account, HubServer

pytestmark = pytest.mark.skipif(importlib.util.find_spec("gradio") is None, reason="gradio is not installed")
READER, CLOSED, _ = MODELS


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with HubServer({TOKEN: Account("alice")}) as server:
        yield server


@pytest.fixture
def app(hub: HubServer, invoke: Invoke, board_files: Mapping[str, bytes], tmp_path: Path) -> Iterator[str]:
    """Publish the app before the last run, start it from what was published, and return its address."""
    hub.create("dataset", REPO).push("alice", without(board_files, HOSTILE))
    done = invoke("publish", "leaderboard", SPACE, "--results", REPO, "--gradio", "--yes", "--quiet")
    assert done.exit_code == 0, done.output
    hub.repos["dataset", REPO].push("alice", board_files)
    space = tmp_path / "space"
    space.mkdir()
    for path, file in hub.repos["space", SPACE].head.files.items():
        (space / path).write_bytes(file.content)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    variables = {
        "HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "PYTHONPATH": str(ROOT), "HF_HUB_DISABLE_XET": "1",
        "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port),
    }  # fmt: skip
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "app.py"]
        process = subprocess.Popen(command, cwd=space, env={**kept, **variables}, stdout=out, stderr=out)
        try:
            wait_for(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def shown(address: str, *filters: str) -> tuple[list[str], list[list[str]], str]:
    """Return headings, lines and the sentence that the app answers with."""
    started = json.loads(read(f"{address}/gradio_api/call/show", {"data": list(filters)}))
    events = read(f"{address}/gradio_api/call/show/{started['event_id']}")
    assert events.startswith("event: complete"), events
    table, said = json.loads(events.split("data: ", 1)[1])
    return table["headers"], table["data"], said


def test_it_starts_and_filters(app: str, hub: HubServer) -> None:
    settings: dict[str, Any] = json.loads(read(f"{app}/config"))
    title = next(
        own["props"]["value"] for own in settings["components"] if own["props"].get("label") == "Task and reports"
    )
    headers, lines, said = shown(app, title, "all", "multirads_f1", "all", "all", "all", "")
    assert headers[:6] == ["Place", "Group", "Model", "Prompt", "Weights", "MultiRADS F1"]
    assert lines[0][2] == "baseline:lexicon"
    assert {line[2]: line[0] for line in lines}[HOSTILE] == "not ranked yet"
    assert lines[0][1] == "1"
    assert said == "5 runs shown. 1 published since, not ranked yet."
    _, lines, _ = shown(app, title, "all", "multirads_f1", "all", "above 40B", "open", "ACME")
    assert [line[2] for line in lines] == [READER]
    headers, lines, _ = shown(app, title, "tirads", "category_accuracy", "zero_shot", "all", "closed", "")
    assert (headers[5], [line[2] for line in lines]) == ("Category accuracy", [CLOSED])
    assert shown(app, title, "all", "multirads_f1", "guided", "all", "all", "")[1] == []
    hub.stop()
    assert len(shown(app, title, "all", "multirads_f1", "all", "all", "all", "")[1]) == 5
