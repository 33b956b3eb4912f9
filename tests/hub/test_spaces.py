"""Each of the three Spaces is what ``evaluate`` and the Hub take it for: it adds up, combines, saves and has a page."""

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

from multirads_hf.hub.register import EVALUATIONS

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "metrics").glob("*/app.py"))
STARTS_WITHIN_S = 120
REFERENCE = '{"document": "tirads", "category": "TR4", "lesions": [{"composition": "solid", "size_mm": 16}]}'
ANSWERS = [REFERENCE, "{}", '{"category": "TR4"}', '{"category": "TR5", "lesions": [{"composition": "solid"}]}'] * 3
REFERENCES = [REFERENCE] * 12
# Kind of module -> its columns, a member a report.
COLUMNS: dict[str, dict[str, list[Any]]] = {
    "metric": {"predictions": ANSWERS, "references": REFERENCES},
    "measurement": {"data": [f"Solid nodule of {n} mm. No enlarged lymph nodes." for n in range(12)]},
    "comparison": {
        "predictions": [{"one": REFERENCE, "other": answer} for answer in ANSWERS],
        "references": REFERENCES,
    },
}
KINDS = sorted(COLUMNS)

needs_gradio = pytest.mark.skipif(importlib.util.find_spec("gradio") is None, reason="gradio is not installed")


def load(kind: str, folder: Path, **options: Any) -> Any:
    """Return the module of a kind, its rows cached in a folder of the test."""
    import evaluate

    name = next(name for name, (own, _) in EVALUATIONS.items() if own == kind)
    return evaluate.load(name, module_type=kind, cache_dir=str(folder), **options)


def rows(kind: str, places: range) -> dict[str, list[Any]]:
    """Return some rows of the columns of a kind."""
    return {name: [values[place] for place in places] for name, values in COLUMNS[kind].items()}


@pytest.mark.parametrize("kind", KINDS)
def test_rows_may_come_one_by_one_and_in_batches(kind: str, tmp_path: Path) -> None:
    whole = load(kind, tmp_path).compute(**COLUMNS[kind])
    parts = load(kind, tmp_path)
    parts.add_batch(**rows(kind, range(5)))
    for place in range(5, 8):
        # The base class names the column of one row by the singular.
        singular = {"predictions": "prediction", "references": "reference"}
        parts.add(**{singular.get(name, name): own[0] for name, own in rows(kind, range(place, place + 1)).items()})
    parts.add_batch(**rows(kind, range(8, 12)))
    assert parts.compute() == whole
    assert load(kind, tmp_path, keep_in_memory=True).compute(**COLUMNS[kind]) == whole


WORKER = """
import json, sys
from tests.hub.test_spaces import COLUMNS, load, rows
kind, folder, rank = sys.argv[1], sys.argv[2], int(sys.argv[3])
module = load(kind, folder, num_process=2, process_id=rank, experiment_id="both")
module.add_batch(**rows(kind, range(6 * rank, 6 * rank + 6)))
print(json.dumps(module.compute()))
"""


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_together_give_what_one_gives(kind: str, tmp_path: Path) -> None:
    whole = load(kind, tmp_path / "whole").compute(**COLUMNS[kind])
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "HF_EVALUATE_OFFLINE": "1"}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, kind, str(tmp_path), rank], cwd=ROOT, env=variables, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for rank in "01"
    ]  # fmt: skip
    (first, problem), (second, _) = (worker.communicate(timeout=200) for worker in workers)
    assert first, problem
    assert json.loads(first.splitlines()[-1]) == json.loads(json.dumps(whole))
    assert json.loads(second.splitlines()[-1]) is None


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_combined_and_saved(kind: str, tmp_path: Path) -> None:
    import evaluate

    module = load(kind, tmp_path)
    whole = module.compute(**COLUMNS[kind])
    # Without prediction and reference columns a combination adds up and then computes.
    combined = evaluate.combine([module])
    combined.add_batch(**COLUMNS[kind])
    found = [own.compute() for own in combined.evaluation_modules]
    assert found == [whole]
    if kind != "measurement":
        assert combined.compute(**COLUMNS[kind]) == whole
        twice = evaluate.combine({"a": module, "b": load(kind, tmp_path)}).compute(**COLUMNS[kind])
        assert twice["a_n"] == twice["b_n"] == 12
    saved = evaluate.save(tmp_path / "saved" / "result.json", **whole)
    read_back = json.loads(Path(saved).read_text(encoding="utf-8"))
    assert {name: read_back[name] for name in whole} == json.loads(json.dumps(whole))


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_call_leaves_nothing_behind(kind: str, tmp_path: Path) -> None:
    module = load(kind, tmp_path)
    whole = module.compute(**COLUMNS[kind])
    columns = COLUMNS[kind]
    short = {name: values[: 11 if name == "references" else 12] for name, values in columns.items()}
    for wrong in (short, {name: [] for name in columns}, {**columns, "references": ["TR4"] * 12}):
        if kind != "measurement" or not wrong["data"]:
            with pytest.raises(ValueError, match=r"Allowed|Mismatch"):
                module.compute(**wrong)
        assert module.compute(**columns) == whole


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
    refused = press(address, ["", "", *values[2:]])
    assert refused.startswith("event: error"), refused
    assert "Allowed: " in refused
    assert press(address, values) == events


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
