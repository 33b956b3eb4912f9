"""Synthetic reports must not be somebody's real ones: copies of a reference are found, and near ones measured."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from planted import text

from multirads_hf.describing import describe
from multirads_hf.describing import nearest as module
from multirads_hf.describing.nearest import References
from multirads_hf.describing.reading import texts_of
from multirads_hf.describing.words import encode, jaccard, shingles
from multirads_hf.errors import OptionError


def mixed(seed: int, number: int) -> list[str]:
    """Return texts that share some runs of words with each other."""
    draw = random.Random(seed)
    pieces = [text(place, 8) for place in range(20)]
    return [" ".join(draw.sample(pieces, 4)) for _ in range(number)]


@pytest.mark.parametrize("cells", [1, 50, 10**6])
def test_it_is_the_largest_jaccard_over_all_pairs(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setattr(module, "CELLS", cells)
    own, others = mixed(0, 40), mixed(1, 30)
    sets = [[shingles(encode(one)) for one in texts] for texts in (own, others)]
    table = np.array([[jaccard(one, other) for other in sets[1]] for one in sets[0]])
    found = References(others).nearest(own, sets[0])
    assert found.similarity == pytest.approx(table.max(axis=1))
    assert found.place.tolist() == table.argmax(axis=1).tolist()
    among = np.array([[jaccard(one, other) for other in sets[1]] for one in sets[1]])
    np.fill_diagonal(among, 0)
    assert References(others).among_themselves().similarity == pytest.approx(among.max(axis=1))


def test_copies_are_found_and_the_references_give_the_yardstick() -> None:
    own = [text(0), f" {text(1)}\n", text(2).rsplit(" ", 2)[0] + " other words", text(3)]
    found = describe(own, against=[text(1), text(2), text(9), text(9)], progress=False)
    assert [(copy.id, copy.reference) for copy in found.copies] == [("1", 0), ("2", 1)]
    overall = found.overall
    assert (overall["nearest_exact"], overall["nearest_copies"], overall["nearest_max"]) == (1, 0.5, 1.0)
    assert (overall["reference_exact"], overall["reference_copies"], overall["reference_median"]) == (1, 0.5, 0.5)


def test_strangers_are_at_nothing_and_empty_texts_do_no_harm() -> None:
    found = describe([text(0), ""], against=[text(1)], progress=False)
    assert found.overall["nearest_max"] == found.overall["reference_max"] == 0
    assert found.copies == ()


def written(folder: Path, kind: str) -> Path:
    texts = ["first, with a comma", 'second\nof "two" lines']
    path = folder / f"texts.{kind}"
    if kind == "parquet":
        pq.write_table(pa.table({"id": [1, 2], "text": texts}), path)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps({"report": own}) + "\n" for own in texts), encoding="utf-8")
    elif kind == "csv":
        rows = ",".join(["note", "id"]) + "\n" + "".join('"' + t.replace('"', '""') + '",1\n' for t in texts)
        path.write_text(rows, encoding="utf-8")
    else:
        path.write_text(texts[0], encoding="utf-8")
    return path


@pytest.mark.parametrize(("kind", "number"), [("parquet", 2), ("jsonl", 2), ("csv", 2), ("txt", 1)])
def test_references_are_read_from_every_kind_of_file_and_folder(tmp_path: Path, kind: str, number: int) -> None:
    path = written(tmp_path, kind)
    wanted = ["first, with a comma", 'second\nof "two" lines'][:number]
    assert texts_of(path) == texts_of(str(tmp_path)) == wanted


def test_a_folder_of_a_built_corpus_is_read_once_and_not_for_every_config(tmp_path: Path) -> None:
    for config in ("all", "tirads"):
        (tmp_path / "data" / config).mkdir(parents=True)
        pq.write_table(pa.table({"report": [config]}), tmp_path / "data" / config / "test-0.parquet")
    assert texts_of(tmp_path) == ["all"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.csv", None, "there is no .*missing.csv"),
        ("a.xlsx", "x", r"unknown kind. Allowed: .parquet, .jsonl, .csv, .txt"),
        ("a.csv", "id,label\n1,2\n", "has the columns id, label. Allowed: one of report, text, note"),
        ("a.jsonl", "{not json}\n", "cannot be read"),
        ("a.jsonl", "[1]\n", "columns 1|cannot be read"),
        ("a.parquet", "no parquet", "cannot be read"),
        ("a.txt", "  \n", "holds no text"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(OptionError, match=message):
        texts_of(tmp_path / name)


@pytest.mark.parametrize(("given", "message"), [([], "at least one"), (["a", 3], r"references\[1\]: got int")])
def test_lists_that_hold_no_texts_are_refused(given: list[Any], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        describe([text(0)], against=given, progress=False)
