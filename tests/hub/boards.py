"""What tests of leaderboards share: published runs of models that are better and worse, and a host of static Spaces."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from hub_clients import COMMAND, TOKEN, scored_run
from hub_server import Account, HubServer

from multirads_hf import corpus
from multirads_hf.running.models.answers import Answers

REPO, SPACE = "alice/multirads-results", "alice/leaderboard"
LIMIT = 60
HOSTILE = "router:evil/x\"'</script><script>window.hit=1</script><img src=x onerror=window.hit=1>{{7*7}}"
# Model -> share of its answers that are right.
MODELS = {"router:acme/reader-70B": 0.9, "openai:https://api.openai.com/v1#gpt-x": 0.85, HOSTILE: 0.3}
# A model that was asked something else.
APART = "answers:acme.jsonl"
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json"}


def reader(name: str, quality: float, condition: str = "withheld") -> Answers:
    """A model that answers some reports right, others not."""
    draw = random.Random(name)
    rows = {}
    for record in corpus.records("all", "test", num_reports=LIMIT, condition=condition):
        right = draw.random() < quality
        rows[record["id"]] = (record["extraction"] if right else json.dumps({"category": "?"}), "stop")
    return Answers(name, "1", rows)


def published_files(home: Path) -> dict[str, bytes]:
    """Publish the runs of two baselines and of MODELS as a user does it, and return the files of the repository."""
    for model in ("baseline:majority", "baseline:lexicon"):
        scored_run(home, model, limit=LIMIT)
    for name, quality in MODELS.items():
        scored_run(home, reader(name, quality), limit=LIMIT)
    scored_run(home, reader(APART, 0.5, "stated"), limit=LIMIT, task="category", condition="stated")
    with HubServer({TOKEN: Account("alice")}) as hub:
        multirads(hub, home, "publish", "results", home / "results", "--to", REPO, "--yes")
        head = hub.repos["dataset", REPO].head
        return {path: file.content for path, file in head.files.items() if path != ".gitattributes"}


def multirads(hub: HubServer, home: Path, *arguments: object) -> str:
    """Run the command in a process of its own, whose Hub is the server, and return what it printed."""
    own = {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "HF_HOME": str(home / "hf"), "HF_HUB_DISABLE_XET": "1"}
    command = [sys.executable, "-c", COMMAND, *map(str, arguments)]
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def results_of(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return run id -> results of every run among the files of a repository."""
    paths = [path for path in files if path.startswith("runs/")]
    return {path.split("/")[1]: json.loads(files[path]) for path in paths}


def of_model(files: Mapping[str, bytes], model: str) -> str:
    """Return the id of the run of a model."""
    (run_id,) = [run_id for run_id, results in results_of(files).items() if results["model"] == model]
    return run_id


def without(files: Mapping[str, bytes], model: str) -> dict[str, bytes]:
    """Return the files of a repository without those of a model's run."""
    run_id = of_model(files, model)
    return {path: content for path, content in files.items() if run_id not in path}


@contextmanager
def static_space(hub: HubServer, space: str = SPACE) -> Iterator[str]:
    """Serve the files of a static Space as the Hub does: under an address of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0].lstrip("/") or "index.html"
            file = hub.repos["space", space].head.files.get(path)
            self.send_response(200 if file else 404)
            content = file.content if file else b""
            self.send_header("Content-Type", TYPES.get(Path(path).suffix, "text/plain"))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
