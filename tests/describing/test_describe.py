"""The whole: what it takes, what it refuses, what it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from planted import real, text

from multirads_hf.describing import MEASURES, Description, describe
from multirads_hf.describing.measures import BY_KEY
from multirads_hf.describing.page import axis, render
from multirads_hf.describing.reading import rows_of
from multirads_hf.errors import OptionError, UnknownNameError

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def described() -> Description:
    from multirads_hf import corpus

    rows = [*corpus.records("tirads", "test", 0, 40), *corpus.records("nirads", "test", 0, 30)]
    rows[3] = {**rows[3], "report": rows[3]["report"] + " TR5."}
    rows.append({**rows[1], "id": HOSTILE, "study_id": "another"})
    rows.append({**rows[2], "id": "broken", "facts": [], "study_id": "x", "report": f"{text(1)}. {HOSTILE}"})
    return describe({"test": rows}, against=[rows[5]["report"], HOSTILE, text(4)], progress=False)


def test_numbers_of_documents_and_of_all_are_named_and_add_up(described: Description) -> None:
    assert tuple(described.by_document) == ("nirads", "tirads")
    for key in ("reports", "near_duplicate_pairs", "leaks", "nearest_exact"):
        assert described.overall[key] == sum(own[key] for own in described.by_document.values())
    for numbers in (described.overall, *described.by_document.values()):
        ends = re.compile(r"(_gain)_(low|high)$|:test$|^count_")
        assert {name for name in numbers if not ends.search(name)} <= set(BY_KEY)
    assert {measure.key for measure in MEASURES} - set(described.overall) == set()


def test_json_and_parquet_hold_the_same_numbers(described: Description, tmp_path: Path) -> None:
    paths = described.write(tmp_path / "new" / "folder")
    assert [path.name for path in paths] == ["description.json", "description.parquet", "description.html"]
    whole = json.loads(paths[0].read_text(encoding="utf-8"))
    assert whole == json.loads(json.dumps(described.to_json()))
    table = pq.read_table(paths[1])
    assert table.column_names == ["document", "measure", "value"]
    found = {(row["document"], row["measure"]): row["value"] for row in table.to_pylist()}
    parts = {"all": whole["overall"], **whole["by_document"]}
    assert found == {(name, measure): value for name, own in parts.items() for measure, value in own.items()}
    first = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in described.write(tmp_path / "again")] == first


def test_the_page_fetches_nothing_and_escapes_what_reports_bring(described: Description) -> None:
    page = render(described, HOSTILE)
    assert HOSTILE not in page
    assert page.count("&lt;script&gt;") >= 2
    assert "default-src 'none'" in page
    assert "unsafe" not in page
    assert not re.search(r"<(script|link|img|iframe)\b|\bsrc=|\bstyle=|\bon\w+=|url\(|@import|https?:", page)
    assert not re.search(r"\b(nan|None|Undefined)\b", page)
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page


def test_the_page_is_well_formed_and_its_links_lead_somewhere(described: Description) -> None:
    for own in (described, describe([text(0), text(1)], progress=False), describe(["a"], progress=False)):
        page = render(own)
        stack: list[str] = []
        for closing, tag in re.findall(r"<(/?)(\w+)\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)):
            if tag in ("meta", "wbr", "doctype", "line", "circle", "rect"):
                continue
            if closing:
                assert stack.pop() == tag
            else:
                stack.append(tag)
        assert stack == []
        ids = re.findall(r'\bid="([\w-]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([\w-]+)"', page)) <= set(ids)
        for mark in re.findall(r'\b(?:x|x1|x2|cx)="(-?[\d.]+)%"', page):
            assert 0 <= float(mark) <= 100


def test_sections_without_numbers_are_left_out(described: Description) -> None:
    full, plain = render(described), render(describe([text(0), text(1)], progress=False))
    for section in ("plan", "shortcuts", "checks", "privacy"):
        assert f'<section id="{section}"' in full
        assert f'<section id="{section}"' not in plain
        assert f'href="#{section}"' not in plain


def test_what_should_not_be_stands_out(described: Description) -> None:
    assert 'class="number alarm">1<' in render(described)
    assert "alarm" not in re.sub(
        r"<style>.*?</style>", "", render(describe(real("train", 30), progress=False)), flags=re.S
    )


def test_a_folder_is_not_written_over_a_file(described: Description, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OptionError, match=r"thesis\.txt"):
        described.write(tmp_path / "thesis.txt")


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([], OptionError, "reports: got none"),
        ({"test": []}, OptionError, "reports: got none"),
        ("one report", OptionError, "Allowed: a list of texts or rows"),
        (7, OptionError, "Allowed: a list of texts or rows"),
        ([text(0), None], OptionError, r"reports\[1\]: got None"),
        ({"train": [{"text": "a"}]}, OptionError, r"reports\['train'\]\[0\]: .*a text as 'report'"),
        ([{"report": "a", "document": "thyroid"}], UnknownNameError, r"reports\[0\] 'thyroid'. Allowed: .*tirads"),
    ],
)
def test_what_cannot_be_described_is_said(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        describe(given, progress=False)


def test_a_dataset_with_its_labels_as_numbers_is_read_as_its_rows_are() -> None:
    from datasets import Dataset

    from multirads_hf.hub.features import features
    from multirads_hf.hub.tables import rows_table

    rows = real("test", 24)
    dataset = Dataset(rows_table(rows), info=None).cast(features())
    assert isinstance(dataset[0]["document"], int)
    assert describe(dataset, progress=False) == describe(rows, progress=False)
    assert describe({"test": dataset}, progress=False).overall == describe(rows, progress=False).overall


def test_a_built_folder_is_read_as_its_rows_are(tmp_path: Path) -> None:
    from multirads_hf.hub.parquet import write_folder

    write_folder(tmp_path / "corpus", "tirads", ["test", "train"], num_reports=12, progress=False)
    found = rows_of(tmp_path / "corpus", "tirads")
    assert list(found) == ["train", "test"]
    assert found["test"] == real("test", 12, num_reports=12)
    assert [len(rows) for rows in rows_of(tmp_path / "corpus", "tirads", ["test"], 5).values()] == [5]
    with pytest.raises(UnknownNameError, match="Allowed: tirads"):
        rows_of(tmp_path / "corpus")
    with pytest.raises(UnknownNameError, match="Did you mean 'test'"):
        rows_of(tmp_path / "corpus", "tirads", ["tset"])
    with pytest.raises(OptionError, match="multirads build"):
        rows_of(tmp_path)


@pytest.mark.parametrize("values", [[0.0, 1.0], [0.0], [-0.31, 0.0, 0.52], [0.0, 187.0], [3.0, 3.0]])
def test_scales_have_round_ends_that_hold_every_value(values: list[float]) -> None:
    scale = axis(values)
    assert scale.low <= min(values) <= max(values) <= scale.high
    assert 2 <= len(scale.ticks) <= 9
    assert scale.low < scale.high


def test_a_bar_is_shown_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "0")
    describe([text(0)], progress=False)
    assert capsys.readouterr().err == ""
