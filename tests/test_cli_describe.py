"""The verb describe as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from multirads_hf import corpus
from multirads_hf.cli import main

Run = Callable[..., Result]
FILES = ["description.json", "description.parquet", "description.html"]


@pytest.fixture
def multirads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object, **environment: str) -> Result:
        return CliRunner().invoke(main, [str(own) for own in arguments], env={"COLUMNS": "80", **environment})

    return call


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built corpus of 24 reports in two splits."""
    folder = tmp_path_factory.mktemp("built") / "corpus"
    arguments = ["build", "--out", str(folder), "--split", "train", "--split", "test", "--num-reports", "24", "-q"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.stderr
    return folder


def test_a_folder_is_described_in_a_table_and_three_files(multirads: Run, built: Path, tmp_path: Path) -> None:
    done = multirads("describe", built, "-q")
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "…" not in done.stdout
    (whole,) = [line.split() for line in lines if line.strip().startswith("all ")]
    assert whole[1] == "48"
    assert lines[-3:] == [str(Path("description") / name) for name in FILES]
    assert sorted(path.name for path in (tmp_path / "description").iterdir()) == sorted(FILES)


def test_made_reports_have_the_numbers_of_the_library(multirads: Run) -> None:
    from multirads_hf.describing import describe

    done = multirads("describe", "--config", "tirads", "--split", "test", "--num-reports", 12, "--seed", 3, "--json")
    assert done.exit_code == 0, done.stderr
    rows = {"test": corpus.records("tirads", "test", num_reports=12, seed=3)}
    assert json.loads(done.stdout) == json.loads(json.dumps(describe(rows, progress=False).to_json()))


def test_one_split_and_some_of_its_reports_can_be_chosen(multirads: Run, built: Path) -> None:
    found = json.loads(multirads("describe", built, "--split", "test", "--num-reports", 5, "--json", "-q").stdout)
    assert found["overall"]["reports"] == 5
    assert {count["split"] for count in found["counts"]} == {"test"}


def test_copies_of_a_reference_are_told(multirads: Run, built: Path, tmp_path: Path) -> None:
    row = next(iter(corpus.records("all", "test", 0, 1, num_reports=24)))
    (tmp_path / "real.csv").write_text('report\n"' + row["report"].replace('"', '""') + '"\n', encoding="utf-8")
    done = multirads("describe", built, "--split", "test", "--against", "real.csv", "--out", "d", "-q")
    assert done.exit_code == 0, done.stderr
    assert "exact 1" in " ".join(done.stdout.split())
    copies = json.loads((tmp_path / "d" / "description.json").read_text(encoding="utf-8"))["copies"]
    assert copies == [{"id": row["id"], "reference": 0, "similarity": 1.0}]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["missing"], ["'missing'", "multirads build"]),
        (["--split", "tset"], ["'tset'", "Did you mean 'test'?"]),
        (["--config", "thyroid"], ["'thyroid'", "tirads"]),
        (["--num-reports", "0"], ["num_reports", "0"]),
        (["BUILT", "--num-reports", "0"], ["--num-reports", "0"]),
        (["BUILT", "--split", "validation"], ["'validation'", "train, test"]),
        (["BUILT", "--config", "thyroid"], ["'thyroid'", "tirads"]),
        (["BUILT", "--seed", "1"], ["--seed", "FOLDER"]),
        (["--against", "nowhere.csv"], ["nowhere.csv", "a file or a folder"]),
        (["--out", "taken"], ["'taken'", "is a file"]),
    ],
)
def test_bad_input_ends_with_one_line(
    multirads: Run, built: Path, tmp_path: Path, arguments: list[str], named: list[str]
) -> None:
    (tmp_path / "taken").write_text("mine")
    ended = multirads("describe", *(str(built) if own == "BUILT" else own for own in arguments), "-q")
    assert (ended.exit_code, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("Error: ")
    for word in named:
        assert word in line
    assert (tmp_path / "taken").read_text() == "mine"


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    code = """
import sys
from multirads_hf.cli import main
main(["describe", "--help"], standalone_mode=False)
print(sorted({"numpy", "scipy", "sklearn", "pyarrow", "datasketch", "jinja2", "rich"} & set(sys.modules)))
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert shown.stdout.splitlines()[-1] == "[]"
