"""Every block of the README runs as it stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hub_server import Account, HubServer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
INSTALL, *RUN = BLOCKS
LOCAL = [(language, text) for language, text in RUN if "multirads publish" not in text]
(PUBLISH,) = [text for _, text in RUN if "multirads publish" in text]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readme")
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return folder, {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "PATH": path}


def run(command, place, cwd=None):
    folder, environment = place
    done = subprocess.run(
        command, cwd=cwd or folder, env=environment, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_install_block_names_the_two_commands():
    assert INSTALL == ("bash", "pip install .\nmake demo\n")


@pytest.mark.parametrize("block", range(len(LOCAL)), ids=lambda i: f"{i}-{LOCAL[i][0]}")
def test_block(block, place):
    language, text = LOCAL[block]
    command = [sys.executable, "-c", text] if language == "python" else ["bash", "-euo", "pipefail", "-c", text]
    assert run(command, place).strip()


def test_from_runs_to_a_leaderboard(place, tmp_path):
    """The commands of "Publish your leaderboard" against a Hub: it holds what they name, and they change it once."""
    commands = ["bash", "-euo", "pipefail", "-c", PUBLISH]
    with HubServer({"hf_alice": Account("alice")}) as hub:
        own = {"HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_alice", "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1"}
        run(commands, (tmp_path, place[1] | own))
        commits = {key: len(repo.commits) for key, repo in hub.repos.items()}
        assert commits == {
            ("dataset", "alice/multirads"): 2, ("space", "alice/multirads_f1"): 2,
            ("dataset", "alice/multirads-results"): 2, ("space", "alice/leaderboard"): 2,
        }  # fmt: skip
        page = hub.repos["space", "alice/leaderboard"].head.text("index.html")
        assert "baseline:bow" in page
        run(commands, (tmp_path, place[1] | own))
        assert {key: len(repo.commits) for key, repo in hub.repos.items()} == commits


def test_make_demo(place, tmp_path):
    """The environment exists already and the corpus is small; the rest is what a newcomer runs."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    out = run(["make", "-o", ".venv/light", f"BIN={BIN}", "DEMO=--num-reports 40", "demo"], place, cwd=tmp_path)
    for model in ("baseline:majority", "baseline:bow", "baseline:lexicon"):
        assert model in out
    for call in ('load_dataset("multirads"', "evaluate.load", "multirads show"):
        assert call in out
    assert (tmp_path / "demo" / "report.html").exists()


def test_results_table_is_what_the_baselines_reach(place):
    made = run([sys.executable, "-c", "import results; print(results.baselines())"], place, cwd=ROOT / "benchmarks")
    table = README[README.index("<!-- results -->") : README.index("<!-- /results -->")]
    assert made.strip() == table.removeprefix("<!-- results -->").strip()
