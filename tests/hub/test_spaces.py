"""A Space whose page does not start, or whose button fails, shows nobody anything."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "metrics").glob("*/app.py"))
STARTS_WITHIN_S = 120

needs_gradio = pytest.mark.skipif(importlib.util.find_spec("gradio") is None, reason="gradio is not installed")


def read(url: str, body: object = None) -> str:
    """Return what the page answers; with a body it is posted to."""
    sent = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, sent, {"Content-Type": "application/json"}), timeout=60) as answer:
        return str(answer.read().decode())


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """Return the page's settings once it has started."""
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            settings: dict[str, Any] = json.loads(read(f"{url}/config"))
        except (URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return settings
    raise AssertionError(log.read_text())


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Start the page of a Space as the Hub does, and return its address and settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    variables = {
        "HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "HF_EVALUATE_OFFLINE": "1", "PYTHONPATH": str(ROOT),
        "GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_SERVER_PORT": str(port),
    }  # fmt: skip
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=request.param, env={**kept, **variables}, stdout=out, stderr=out
        )
        try:
            address = f"http://127.0.0.1:{port}"
            yield address, wait_for(address, process, log)
        finally:
            process.terminate()
            process.wait(timeout=30)


def press(address: str, values: list[object]) -> str:
    """Return the events that the button of the page answers with."""
    started = json.loads(read(f"{address}/gradio_api/call/compute", {"data": values}))
    return read(f"{address}/gradio_api/call/compute/{started['event_id']}")


@needs_gradio
def test_the_page_starts_and_its_example_gives_numbers(page: tuple[str, dict[str, Any]]) -> None:
    address, settings = page
    shown = {component["id"]: component["props"].get("value") for component in settings["components"]}
    button = next(own for own in settings["dependencies"] if own["api_name"] == "compute")
    values = [shown[own] for own in button["inputs"]]
    events = press(address, values)
    assert events.startswith("event: complete"), events
    table = json.loads(events.split("data: ", 1)[1])[0]["data"]
    assert len(table) > 1
    assert all(isinstance(row[1], (int, float)) for row in table)
    assert press(address, ["", "", *values[2:]]).startswith("event: error")
    assert "Limitations and Bias" in json.dumps(settings)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_folder_is_what_a_space_needs(folder: Path) -> None:
    files = {f"{folder.name}.py", "app.py", "README.md", "requirements.txt", "tests.py"}
    assert files <= {path.name for path in folder.iterdir()}
    _, front, _ = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    settings = yaml.safe_load(front)
    # The page is tried under the version that the card pins.
    assert f"gradio=={settings['sdk_version']}" in (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert settings["datasets"] == ["multirads/multirads"]


def test_there_are_three_spaces() -> None:
    assert [folder.name for folder in FOLDERS] == ["multirads_compare", "multirads_corpus", "multirads_f1"]
