"""What ``load_dataset("multirads", ...)`` returns, and when it makes rows anew."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from datasets import ClassLabel, load_dataset, load_dataset_builder

from multirads_hf import corpus, rads
from multirads_hf.errors import OptionError, UnknownNameError
from multirads_hf.hub import tables
from multirads_hf.hub.features import COLUMNS, features, label_names

CONFIGS = ("all", rads.systems()[0])


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Any]:
    def from_empty_cache(*args: Any, **kwargs: Any) -> Any:
        return load_dataset("multirads", *args, cache_dir=str(tmp_path / "cache"), **kwargs)

    return from_empty_cache


@pytest.fixture
def cache_folder(tmp_path: Path) -> Callable[..., Path]:
    def folder(*args: Any, **kwargs: Any) -> Path:
        return Path(load_dataset_builder("multirads", *args, cache_dir=str(tmp_path / "cache"), **kwargs).cache_dir)

    return folder


def with_names(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with the numbers of labels replaced by their names."""
    return row | {column: names[row[column]] for column, names in label_names().items()}


@pytest.mark.parametrize("config", CONFIGS)
def test_rows_are_those_of_the_corpus(load: Callable[..., Any], config: str) -> None:
    reports = load(config, num_reports=40, seed=3, condition="stated")
    assert tuple(reports) == corpus.SPLITS
    for split, rows in reports.items():
        expected = list(corpus.records(config, split, num_reports=40, seed=3, condition="stated"))
        assert [with_names(row) for row in rows] == expected


def test_every_column_is_described_and_typed() -> None:
    row = next(corpus.records())
    assert list(row) == list(COLUMNS) == list(features())
    labels = {name: feature.names for name, feature in features().items() if isinstance(feature, ClassLabel)}
    assert labels == label_names()
    assert labels["document"] == list(rads.keys())


def test_a_second_load_reads_the_first(load: Callable[..., Any]) -> None:
    (first,) = load(num_reports=12, split="test").cache_files
    written = Path(first["filename"]).stat().st_mtime_ns
    assert load(num_reports=12, split="test").cache_files == [first]
    assert Path(first["filename"]).stat().st_mtime_ns == written


def test_explicit_defaults_name_the_same_cache(cache_folder: Callable[..., Path]) -> None:
    default = cache_folder()
    assert cache_folder("all", num_reports=None, seed=0, condition="withheld") == default
    assert cache_folder("all", num_reports=7, seed=0) == cache_folder(num_reports=7)


def test_another_corpus_names_another_cache(
    cache_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variants: list[dict[str, Any]] = [
        {}, {"name": CONFIGS[1]}, {"seed": 1}, {"seed": 2}, {"num_reports": 5}, {"num_reports": 6},
        {"condition": "stated"}, {"condition": "discordant"}, {"seed": 1, "condition": "stated"},
    ]  # fmt: skip
    folders = [cache_folder(**variant) for variant in variants]
    monkeypatch.setattr(tables, "__version__", "0.0.0")
    folders.append(cache_folder())
    (tmp_path / "phrases.toml").write_text("one = 'phrase more'\n")
    monkeypatch.setattr(rads, "__path__", [*rads.__path__, str(tmp_path)])
    folders.append(cache_folder())
    assert len(set(folders)) == len(variants) + 2


def test_the_cache_notices_a_change_in_any_module_that_makes_rows(run: Callable[..., CompletedProcess[str]]) -> None:
    done = run("""
import sys
from pathlib import Path
from multirads_hf import corpus, rads
rads.documents()
[list(corpus.records("all", split, 0, 9, condition="stated")) for split in corpus.SPLITS]
used = {Path(module.__file__) for name, module in sys.modules.items() if name.startswith("multirads_hf")}
from multirads_hf.hub.tables import sources
hashed = set(sources())
print(sorted(path.name for path in used - hashed))
print({path.suffix for path in hashed} >= {".py", ".toml", ".csv"})
""")
    # Those left out hold no content: names, versions (hashed by itself) and messages.
    left_out = ["__init__.py", "_hook.py", "_version.py", "errors.py"]
    assert done.stdout.splitlines() == [str(left_out), "True"], done.stderr


def test_streaming_gives_the_same_rows_in_shards(load: Callable[..., Any]) -> None:
    stream = load(split="train", num_reports=600, streaming=True)
    assert stream.n_shards == 3
    taken = [row["id"] for row in stream.skip(240).take(20)]
    assert taken == [row["id"] for row in corpus.records("all", "train", 240, 260, num_reports=600)]


def test_a_stream_resumes_where_it_was_left(load: Callable[..., Any]) -> None:
    stream = load(split="validation", num_reports=300, streaming=True)
    rows = iter(stream)
    seen = [next(rows)["id"] for _ in range(255)]
    state = stream.state_dict()
    resumed = load(split="validation", num_reports=300, streaming=True)
    resumed.load_state_dict(state)
    assert seen + [row["id"] for row in resumed] == [row["id"] for row in stream]


def test_a_stream_can_be_sent_to_a_worker(load: Callable[..., Any]) -> None:
    stream = load(split="test", num_reports=9, streaming=True)
    sent = pickle.loads(pickle.dumps(stream))
    assert [row["id"] for row in sent] == [row["id"] for row in stream]


def test_dials_choose_rows_and_name_the_cache(load: Callable[..., Any], cache_folder: Callable[..., Path]) -> None:
    dials: dict[str, Any] = {"documents": ["tirads"], "weights": {"TR5": 3}, "noise": 1, "num_reports": 12}
    rows = load(split="train", **dials)
    assert [with_names(row) for row in rows] == list(corpus.records("all", "train", **dials))
    assert cache_folder(documents="tirads") == cache_folder(documents=["tirads"], profiles=[], noise=None)
    folders = {cache_folder(), cache_folder(documents=["tirads"]), cache_folder(noise=0), cache_folder(noise=1),
               cache_folder(weights={"TR5": 2}), cache_folder(weights={"TR5": 3})}  # fmt: skip
    assert len(folders) == 6


def test_a_choice_may_leave_a_split_without_rows(load: Callable[..., Any]) -> None:
    rows = load(documents=["tirads"], modalities=["ultrasound"], categories=["NC"], profiles=["senior_resident"])
    assert {name: split.num_rows for name, split in rows.items()}["test"] == 3
    assert rows["test_contrast"].features == rows["test"].features


def test_processes_change_nothing_but_the_files(run: Callable[..., CompletedProcess[str]]) -> None:
    done = run("""
from datasets import load_dataset
if __name__ == "__main__":
    two = load_dataset("multirads", split="validation", num_reports=300, num_proc=2)
    one = load_dataset("multirads", split="validation", num_reports=300, download_mode="force_redownload")
    print(len(two.cache_files), len(one.cache_files), two.to_list() == one.to_list())
""")
    assert done.stdout.split() == ["2", "1", "True"], done.stderr


def test_a_smaller_corpus_is_the_beginning_of_a_larger_one(load: Callable[..., Any]) -> None:
    small, large = load(num_reports=15), load(num_reports=60)
    for split in corpus.SPLITS:
        assert small[split].to_list() == large[split].to_list()[:15]


def test_splits_are_cut_and_joined(load: Callable[..., Any]) -> None:
    cuts = ["train[:10]", "train[:50%]", "train+test", "train[10:20]+test[:5]"]
    assert [rows.num_rows for rows in load(split=cuts, num_reports=40)] == [10, 20, 80, 15]


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("split", corpus.SPLITS)
def test_shards_cover_every_row_once(config: str, split: str) -> None:
    numbers = [
        number for start, stop in tables.ranges(config, split, corpus.Options()) for number in range(start, stop)
    ]
    assert numbers == list(range(corpus.split_size(config, split)))


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"name": "tirad"}, UnknownNameError, "Unknown config 'tirad'. Allowed: all, .*Did you mean 'tirads'"),
        (
            {"condition": "hidden"},
            UnknownNameError,
            "Unknown condition 'hidden'. Allowed: withheld, stated, discordant",
        ),
        ({"num_reports": -1}, OptionError, "num_reports: got -1. Allowed: a whole number from 1"),
        ({"num_reports": 2.5}, OptionError, "num_reports: got 2.5"),
        ({"seed": "x"}, OptionError, "seed: got 'x'"),
        ({"num_report": 3}, OptionError, "unknown option 'num_report'.*Did you mean 'num_reports'"),
        ({"data_files": "rows.csv"}, OptionError, "data_files = 'rows.csv'. Allowed: none"),
        ({"data_dir": "rows"}, OptionError, "data_dir = 'rows'. Allowed: none"),
        ({"documents": ["tyrads"]}, UnknownNameError, "value of documents 'tyrads'.*Did you mean 'tirads'"),
        ({"noise": 9}, OptionError, "noise: got 9. Allowed: 0, 1, 2, 3"),
        ({"weights": {"TR5": "much"}}, OptionError, "weights: TR5: got 'much'"),
    ],
)
def test_what_is_not_allowed_is_said(
    load: Callable[..., Any], given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        load(**given)


def test_an_unknown_split_names_those_there_are(load: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match=r'Unknown split "tst". Should be one of \[\'train\', '):
        load(split="tst", num_reports=3)


def test_the_loading_script_names_the_builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "loading_script")
    monkeypatch.delitem(sys.modules, "multirads", raising=False)
    from multirads import Multirads

    builder = Multirads(cache_dir=str(tmp_path), num_reports=5)
    builder.download_and_prepare()
    expected = [row["id"] for row in corpus.records("all", "test", num_reports=5)]
    assert builder.as_dataset("test")["id"][:] == expected
