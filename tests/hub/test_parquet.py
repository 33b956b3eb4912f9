"""The folder that ``multirads build`` writes: whole or not at all, and the same bytes everywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasets import Features, get_dataset_config_names, load_dataset

from multirads_hf import corpus, rads
from multirads_hf.errors import OptionError, UnknownNameError
from multirads_hf.hub import parquet
from multirads_hf.hub.features import features
from multirads_hf.hub.parquet import write_folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cached(tmp_path: Path) -> dict[str, str]:
    return {"cache_dir": str(tmp_path / "cache")}


def test_load_dataset_reads_what_the_builder_makes(tmp_path: Path) -> None:
    paths = write_folder(tmp_path / "out", num_reports=60, seed=2)
    assert all(path.is_file() for path in paths)
    assert set(paths) == {path for path in (tmp_path / "out").rglob("*") if path.is_file()}
    read = load_dataset(str(tmp_path / "out"), **cached(tmp_path))
    made = load_dataset("multirads", num_reports=60, seed=2, **cached(tmp_path))
    assert read["train"].features == made["train"].features
    assert {split: rows.to_list() for split, rows in read.items()} == {s: rows.to_list() for s, rows in made.items()}


def test_a_system_has_its_rows_of_all(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", splits=["test"], num_reports=70)
    folder = str(tmp_path / "out")
    assert get_dataset_config_names(folder) == list(corpus.configs())
    rows = load_dataset(folder, split="test", **cached(tmp_path)).to_list()
    for number, system in enumerate(rads.systems()):
        own = load_dataset(folder, system, split="test", **cached(tmp_path)).to_list()
        assert own == [row for row in rows if row["system"] == number]


def test_by_default_a_system_has_the_rows_of_its_own_config(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", splits=["test_styles"])
    for system in rads.systems():
        own = load_dataset(str(tmp_path / "out"), system, split="test_styles", **cached(tmp_path))
        assert own["id"][:] == [row["id"] for row in corpus.records(system, "test_styles")]


def test_a_system_without_rows_has_no_config_that_would_fail_to_load(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", splits=["train"], num_reports=1)
    (row,) = corpus.records("all", "train", num_reports=1)
    assert get_dataset_config_names(str(tmp_path / "out")) == ["all", row["system"]]
    for config in ("all", row["system"]):
        assert load_dataset(str(tmp_path / "out"), config, split="train", **cached(tmp_path))["id"][:] == [row["id"]]


def test_streams_and_reads_one_config(tmp_path: Path) -> None:
    system = rads.systems()[0]
    write_folder(tmp_path / "out", system, ["validation"], num_reports=20)
    assert sorted(path.name for path in (tmp_path / "out" / "data").iterdir()) == [system]
    stream = load_dataset(str(tmp_path / "out"), split="validation", streaming=True)
    expected = corpus.records(system, "validation", num_reports=20)
    assert [row["report"] for row in stream] == [row["report"] for row in expected]


def test_bytes_do_not_depend_on_processes(tmp_path: Path) -> None:
    options = {"splits": ["train", "test"], "num_reports": 600, "progress": False}
    write_folder(tmp_path / "one", num_proc=1, **options)
    write_folder(tmp_path / "two", num_proc=2, **options)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_smaller_build_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    write_folder(tmp_path / "small", splits=["train"], num_reports=30)
    write_folder(tmp_path / "large", splits=["train"], num_reports=90)
    small, large = (pq.read_table(tmp_path / name / "data" / "all") for name in ("small", "large"))
    assert large.slice(0, 30).equals(small)


def test_files_and_row_groups_have_their_sizes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_ROWS", 20)
    monkeypatch.setattr(parquet, "FILE_ROWS", 40)
    write_folder(tmp_path / "out", splits=["test"], num_reports=90)
    files = sorted((tmp_path / "out" / "data" / "all").iterdir())
    assert [path.name for path in files] == [f"test-{i:05d}-of-00003.parquet" for i in range(3)]
    groups = [pq.ParquetFile(path).metadata for path in files]
    assert [[g.row_group(i).num_rows for i in range(g.num_row_groups)] for g in groups] == [[20, 20], [20, 20], [10]]
    assert all(g.row_group(0).column(0).has_offset_index for g in groups)
    assert load_dataset(str(tmp_path / "out"), split="test", **cached(tmp_path)).num_rows == 90


def test_the_files_know_the_features_without_the_card(tmp_path: Path) -> None:
    *files, card = write_folder(tmp_path / "out", splits=["test"], num_reports=5)
    card.unlink()
    schema = pq.read_schema(files[0])
    assert Features.from_arrow_schema(schema) == features()
    # The name of a list type that datasets 3 does not know.
    assert b'"_type": "List"' not in schema.metadata[b"huggingface"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(OptionError, match=r"holds 'thesis.tex' and is no earlier build"):
        write_folder(tmp_path, num_reports=3)
    assert contents(tmp_path) == {"thesis.tex": b"years of work"}
    write_folder(tmp_path, splits=["test"], num_reports=3, overwrite=True)
    assert contents(tmp_path)["thesis.tex"] == b"years of work"
    with pytest.raises(OptionError, match="is a file"):
        write_folder(tmp_path / "thesis.tex")


def test_an_earlier_build_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", num_reports=8)
    write_folder(tmp_path / "out", splits=["test"], num_reports=5)
    write_folder(tmp_path / "fresh", splits=["test"], num_reports=5)
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_a_failed_build_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "out", splits=["test"], num_reports=5)
    before = contents(tmp_path / "out")
    monkeypatch.setattr(parquet, "render", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_folder(tmp_path / "out", splits=["test"], num_reports=9)
    assert contents(tmp_path / "out") == before


def test_a_killed_build_leaves_the_earlier_one_and_can_be_repeated(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_folder(out, splits=["test"], num_reports=5)
    before = contents(out)
    code = f"from multirads_hf.hub.parquet import write_folder; write_folder({str(out)!r}, num_reports=1_000_000)"
    build = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
    while not list((out / ".partial").rglob("train-*")):
        assert build.poll() is None
        time.sleep(0.05)
    os.kill(build.pid, signal.SIGKILL)
    build.wait()
    half = {name for name in contents(out) if name.startswith(".partial")}
    assert half
    assert {name: text for name, text in contents(out).items() if name not in half} == before
    assert load_dataset(str(out), split="test", **cached(tmp_path)).num_rows == 5
    write_folder(out, splits=["test"], num_reports=5)
    assert contents(out) == before


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"config": "tirad"}, UnknownNameError, "Unknown config 'tirad'"),
        ({"splits": ["tst"]}, UnknownNameError, "Unknown split 'tst'. Allowed: train"),
        ({"num_proc": 0}, OptionError, "num_proc = 0. Allowed: a whole number from 1"),
        ({"num_reports": 0}, OptionError, "num_reports: got 0"),
    ],
)
def test_what_is_not_allowed_is_said_before_anything_is_written(
    tmp_path: Path, options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        write_folder(tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
