"""What ``pip install`` brings must be enough: no file of the package may be left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "multirads_hf"


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(ZipFile(wheel).namelist())


def test_every_file_of_the_package_is_in_it(names: set[str]) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    files = {name for name in files if "__pycache__" not in name}
    assert files - names == set()
    assert {Path(name).suffix for name in files} >= {".py", ".toml", ".csv", ".md", ".j2", ".typed"}


def test_it_holds_the_hook_and_nothing_of_the_repository(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert "multirads_hf_hook.pth" in tops
    assert {top for top in tops if not top.endswith(".dist-info")} == {"multirads_hf", "multirads_hf_hook.pth"}


def test_the_hook_is_one_line_that_survives_the_removal_of_the_package() -> None:
    (line,) = (ROOT / "packaging" / "multirads_hf_hook.pth").read_text().splitlines()
    assert line.startswith("import ")
    absent = ["-I", "-c", f"import sys; sys.modules['multirads_hf'] = None\n{line}\nprint('started')"]
    done = subprocess.run([sys.executable, *absent], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("started\n", "")


def test_the_command_is_installed(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        (entries,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "multirads = multirads_hf.cli:main" in archive.read(entries).decode()


def test_an_editable_installation_has_the_hook_too(environment: Path, tmp_path: Path) -> None:
    python = str(environment / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*install, "--no-build-isolation", "--editable", str(ROOT)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    code = """
from datasets import load_dataset
print(next(iter(load_dataset('multirads', split='test', streaming=True)))['id'])
"""
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "-test-000000" in done.stdout, done.stderr
