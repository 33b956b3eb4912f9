"""An environment with the wheel installed, and processes that start in it afresh."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from hub.boards import published_files
from hub_clients import COMMAND, TOKEN, Done, Invoke, Multirads

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


def make_environment(folder: Path) -> Path:
    """Make an environment that sees the packages of this one, but not its hook, and return its site-packages."""
    venv.create(folder, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
    # Paths alone: the .pth files in them are not read, and so no editable installation of this package either.
    (site / "parent.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    return site


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return a new environment without the package."""
    make_environment(tmp_path / "environment")
    return tmp_path / "environment"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel that ``pip install multirads-hf`` would unpack."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment into which the wheel is unpacked, as an installer does it."""
    folder = tmp_path_factory.mktemp("installed")
    ZipFile(wheel).extractall(make_environment(folder))
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Return a function that runs Python code in an empty folder, with nothing of ours imported by it."""
    empty = tmp_path / "empty"
    empty.mkdir()

    def in_fresh_process(
        code: str, *, environment: Path = installed, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        script = tmp_path / "script.py"
        script.write_text(code)
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONDONTWRITEBYTECODE") if name in os.environ}
        caches = {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        # Spawned workers import the main module again, so it must be a file for them.
        what = [str(script)] if "__main__" in code else ["-c", code]
        return subprocess.run(
            [environment / "bin" / "python", *what], cwd=empty, env=kept | caches | variables,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    return in_fresh_process


@pytest.fixture
def hub() -> Iterator[tuple[str, list[str]]]:
    """Serve a Hub that knows nothing, and record what it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@pytest.fixture
def python(installed: Path, hub: Any, tmp_path: Path) -> Multirads:
    """Run code in a fresh process whose Hub is the server, with the wheel installed and no hook of a checkout."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {
        "HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_UPDATE_DOWNLOAD_COUNTS": "0",
    }  # fmt: skip

    def run(code: str, *arguments: object, answer: str = "", **variables: str) -> Done:
        command = [str(installed / "bin" / "python"), "-c", code, *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=kept | own | variables, input=answer, capture_output=True, text=True,
            check=False, timeout=300,
        )  # fmt: skip

    return run


@pytest.fixture
def multirads(python: Multirads) -> Multirads:
    """Run the command in a fresh process."""

    def run(*arguments: object, **more: str) -> Done:
        done = python(COMMAND, *arguments, **more)
        assert "secret" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture(scope="session")
def board_files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Return the files of a results repository for leaderboards."""
    return published_files(tmp_path_factory.mktemp("results"))


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that would have been waited."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def invoke(hub: Any, waits: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Invoke]:
    """Run the command in this process, whose Hub is the server; it never waits."""
    from huggingface_hub import constants
    from huggingface_hub.utils import enable_progress_bars

    from multirads_hf.cli import main

    monkeypatch.setattr(constants, "ENDPOINT", hub.url)
    template = f"{hub.url}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("HF_TOKEN", TOKEN)

    def call(*arguments: object, token: str | None = None, answer: str | None = None) -> Result:
        if token is not None:
            monkeypatch.setenv("HF_TOKEN", token)
        done = CliRunner().invoke(main, [*map(str, arguments)], input=answer)
        assert "secret" not in done.output
        return done

    yield call
    enable_progress_bars()
