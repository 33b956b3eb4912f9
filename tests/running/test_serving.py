"""Through `transformers serve`, a server that somebody else wrote, a model answers as it does at home."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multirads_hf.errors import RunError
from multirads_hf.running import answers, run

USUAL: dict[str, Any] = {"config": "tirads", "task": "category", "limit": 5, "max_new_tokens": 12, "progress": False}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    for package in ("torch", "fastapi", "uvicorn", "openai", "accelerate"):
        pytest.importorskip(package, reason="transformers[serving] is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", code, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    folder = tmp_path_factory.mktemp("home")
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(folder), "OMP_NUM_THREADS": "1"}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield from _until_stopped(server, f"http://127.0.0.1:{port}", folder / "log")


def _until_stopped(server: subprocess.Popen[bytes], url: str, log: Path) -> Iterator[str]:
    deadline = time.monotonic() + 120
    try:
        while True:
            assert server.poll() is None, log.read_text()
            try:
                urllib.request.urlopen(f"{url}/health", timeout=5).close()
                break
            except OSError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
        yield f"{url}/v1"
    finally:
        server.kill()
        server.wait()


def test_a_served_model_answers_as_the_same_model_here(url: str, chat_model: Path, tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    served = run(f"openai:{url}#{chat_model}", store=store, concurrency=2, **USUAL)
    local = run(f"hf:{chat_model}", store=store, device="cpu", batch_size=1, **USUAL)
    assert (served.answered, served.errors) == (5, 0), [own.error for own in answers(store, served.run_id)]
    both = [answers(store, own.run_id) for own in (served, local)]
    assert [own.text.strip() for own in both[0]] == [own.text.strip() for own in both[1]]
    assert len({own.text for own in both[0]}) > 1
    assert [own.prompt_tokens for own in both[0]] == [own.prompt_tokens for own in both[1]]
    assert [own.finish_reason for own in both[0]] == [own.finish_reason for own in both[1]]
    assert served.truncated == local.truncated


def test_a_server_without_structured_outputs_is_told_from_one_that_has_them(url, chat_model: Path, tmp_path) -> None:
    """It ignores ``response_format``, and refuses the fields of other servers."""
    with pytest.raises(RunError, match=r"json_schema \(answered .*guided_json \(HTTP 422: .*--no-constrained"):
        run(f"openai:{url}#{chat_model}", store=tmp_path / "s.sqlite", constrained=True, **USUAL)
