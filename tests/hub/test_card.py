"""The card must say what the package holds, and be valid where the Hub reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import DatasetCard

from multirads_hf import __version__, corpus, rads
from multirads_hf.errors import OptionError
from multirads_hf.hub import card
from multirads_hf.hub.features import COLUMNS
from multirads_hf.hub.parquet import write_folder

ROOT = Path(__file__).parents[2]


def test_the_card_in_the_repository_is_current() -> None:
    assert card.main(["--check", str(ROOT / "dataset_card.md")]) == 0


def test_every_document_category_split_and_field_is_listed() -> None:
    text = card.render()
    for document in rads.documents():
        assert f"| `{document.key}` | `{document.system}` | " in text
        assert document.edition in text
        assert all(f"`{code}`" in text for code in document.core_codes)
    for split in corpus.SPLITS:
        assert f"| `{split}` | {corpus.split_size('all', split):,} | " in text
    for column, meaning in COLUMNS.items():
        assert f"| `{column}` | " in text
        assert meaning in text


def test_every_split_is_described() -> None:
    assert all(f"| `{split}` |" in card.render() and card.ABOUT_SPLITS[split] for split in corpus.SPLITS)


def test_the_front_matter_is_what_the_hub_reads() -> None:
    read = DatasetCard(card.render()).data
    assert read.license == "cc-by-4.0"
    assert read.annotations_creators == ["machine-generated"]
    assert read.size_categories == ["10K<n<100K"]
    assert "synthetic" in read.tags


def test_a_build_says_what_it_is_and_where_its_files_are(tmp_path: Path) -> None:
    *files, written = write_folder(tmp_path, splits=["test"], num_reports=20, seed=5, condition="stated")
    text = written.read_text()
    assert f"This copy: version {__version__}, seed `5`, condition `stated`, num_reports `20`." in text
    front = DatasetCard(text).data
    assert front["configs"][0] == {
        "config_name": "all",
        "default": True,
        "data_files": [{"split": "test", "path": "data/all/test-*.parquet"}],
    }
    described = {config["config_name"]: config for config in front["dataset_info"]}
    assert described["all"]["splits"][0]["num_examples"] == 20
    assert described["all"]["download_size"] == sum(p.stat().st_size for p in files if p.parent.name == "all")
    assert [feature["name"] for feature in described["all"]["features"]] == list(COLUMNS)


def test_prose_outside_the_markers_is_kept() -> None:
    filled = card.fill("Mine.\n<!-- generated:splits -->\nstale\n<!-- /generated -->\nMine too.\n")
    assert filled.startswith("Mine.\n<!-- generated:splits -->\n| split |")
    assert filled.endswith("<!-- /generated -->\nMine too.\n")
    assert "stale" not in filled


def test_an_unknown_marker_is_an_error() -> None:
    with pytest.raises(OptionError, match=r"unknown marker 'split'.*Did you mean 'splits'"):
        card.fill("<!-- generated:split -->\n<!-- /generated -->")


def test_check_fails_on_a_stale_card_and_write_mends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "dataset_card.md"
    assert card.main(["--check", str(path)]) == 1
    assert "is stale: run python -m multirads_hf.hub.card --write" in capsys.readouterr().out
    assert card.main(["--write", str(path)]) == 0
    assert card.main(["--check", str(path)]) == 0
    path.write_text(path.read_text().replace("| `train` |", "| `trein` |"))
    assert card.main(["--check", str(path)]) == 1
