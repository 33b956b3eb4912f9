"""A user's own copy of RXL-RADSet becomes rows of this dataset; what cannot be read is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasets import load_dataset
from fpdf import FPDF

from multirads_hf import rads
from multirads_hf.errors import OptionError
from multirads_hf.hub import rxl_radset
from multirads_hf.hub.features import label_names

REPORT = """Clinical information / Indication: 61-year-old female with an adnexal mass. Previous exam: O-RADS MRI 3.
Technique: Pelvic MRI with contrast.
Comparison: Ultrasound of May 2024, O-RADS US 4.
Findings:
Left ovarian cyst with enhancing solid tissue, 4 cm. The O-RADS score is 4. Previously scored O-RADS 3.
Impression:
1. Left adnexal lesion, O-RADS MRI category 4.
"""
THYROID = """Indication: thyroid nodule, 44 year old man.
Technique: Ultrasound of the neck.
Findings: Solid hypoechoic nodule of 16 mm.
Impression: TI-RADS 4 (TR4). FNA advised."""


def pdf(path: Path, text: str) -> None:
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=11)
    page.multi_cell(0, 6, text)
    page.output(str(path))


@pytest.fixture
def copy(tmp_path: Path) -> Callable[..., Path]:
    def make(lines: list[str], files: dict[str, str]) -> Path:
        folder = tmp_path / "copy"
        (folder / "reports").mkdir(parents=True)
        table = ["Report_Number,Modality,Profile,RADS_score", *lines]
        (folder / "metadata.csv").write_text("\n".join(table), encoding="utf-8")
        for name, text in files.items():
            pdf(folder / "reports" / f"{name}.pdf", text)
        return folder

    return make


GOOD = (
    ["R013_O_MRI,MRI,Senior subspecialist,4", "R_001_TI_US,US,Early-career generalist,TR4"],
    {"R013_O_MRI": REPORT, "R001_ti_us": THYROID},
)


def load(folder: Path, **options: Any) -> Any:
    return load_dataset(
        "multirads", "rxl_radset", data_dir=str(folder), cache_dir=str(folder.parent / "cache"), **options
    )


@pytest.mark.skipif("orads_mri" not in rads.keys(), reason="needs O-RADS MRI")
def test_a_copy_loads_into_the_same_features_with_its_category_masked(copy: Callable[..., Path]) -> None:
    rows = load(copy(*GOOD))
    assert list(rows) == ["test"]
    first, other = rows["test"]
    names = label_names()
    assert names["document"][first["document"]] == "orads_mri"
    assert names["profile"][first["profile"]] == "senior_subspecialist"
    assert (first["category"], first["age"], names["sex"][first["sex"]]) == ("4", 61, "female")
    assert json.loads(first["extraction"]) == {"document": "orads_mri", "category": "4"}
    assert "The O-RADS score is [masked]" in first["findings"]
    assert "category [masked]." in first["impression"]
    assert "O-RADS US 4" in first["comparison"]
    assert "O-RADS MRI 3" in first["indication"]
    assert "Previously scored O-RADS 3" in first["findings"]
    assert first["stated_category"] == ""
    assert names["document"][other["document"]] == "tirads"
    assert other["allowed_categories"] == list(rads.get("tirads").core_codes)
    assert "TI-RADS [masked] ([masked])" in other["impression"]
    assert (other["age"], names["sex"][other["sex"]]) == (44, "male")


def test_stated_leaves_the_report_as_it_is(copy: Callable[..., Path]) -> None:
    folder = copy(GOOD[0][1:], {"R001_ti_us": THYROID})
    (row,) = load(folder, condition="stated")["test"]
    assert "TI-RADS 4 (TR4)" in row["report"]
    assert row["stated_category"] == "TR4"


@pytest.mark.parametrize(
    ("number", "modality", "score", "document", "label"),
    [
        ("R_001_GB_US", "Ultrasound", "3", "gbrads", "3"),
        ("R073_B_Us", "US", "4a", "birads_us", "4A"),
        ("R5_B_Mammo", "Mammography", "4", "birads_mammography", "4"),
        ("R011_LI_CT", "CT", "Nonviable", "lirads_tra", "LR-TR Nonviable"),
        ("R012_LI_MRI", "MRI", "LR-TR Viable", "lirads_tra", "LR-TR Viable"),
        ("R013_LI_MRI", "MRI", "LR-5", "lirads_ctmri", "LR-5"),
        ("R014_LI_CT", "CT", "5", "lirads_ctmri", "LR-5"),
        ("R015_LI_US", "US", "US-3", "lirads_us", "US-3"),
        ("R016_NI_CT", "CECT", "2a/1", "nirads", "2a // 1"),
        ("R017_NI_CT", "CT", "1 // 1", "nirads", "1 // 1"),
        ("R018_TI_US", "US", "NC", "tirads", "NC"),
        ("R019_TI_US", "US", "5", "tirads", "TR5"),
        ("R020_Lung_CT", "LDCT", "4X", "lungrads", "4X"),
        ("R021_CAD_CT", "CCTA", "4A", "cadrads", "4A"),
        ("R022_PI_MRI", "MRI", "PI-RADS 4", "pirads", "4"),
        ("R023_VI_MRI", "MRI", "2", "virads", "2"),
        ("R024_O_US", "US", "2", "orads_us", "2"),
    ],
)
def test_labels_and_numbers_are_brought_to_ours(
    number: str, modality: str, score: str, document: str, label: str
) -> None:
    line = {"Modality": modality, "Profile": "", "RADS_score": score}
    row = rxl_radset._row(number, line)
    assert (row.document.key, row.category, row.profile) == (document, label, None)
    assert row.category in row.document.core_codes


def test_what_is_missing_or_odd_is_named_and_the_rest_read(copy: Callable[..., Path]) -> None:
    lines = [
        "R_001_TI_US,US,Senior resident,TR4", "R002_TI_US,US,,TR4", "R003_XX_US,US,,2", "R004_TI_US,US,,TR9", ",US,,1",
        "R005_TI_US,US,,TR2",
    ]  # fmt: skip
    files = {"R001_TI_US": THYROID, "R004_TI_US": THYROID, "R009_TI_US": THYROID}
    folder = copy(lines, files)
    (folder / "R005_TI_US.pdf").write_bytes(b"%PDF-1.4 broken")
    with pytest.warns(UserWarning, match="left out") as caught:
        rows = list(rxl_radset.records(folder))
    assert [row["id"] for row in rows] == ["R_001_TI_US"]
    assert rows[0]["profile"] == "senior_resident"
    (told,) = {str(warning.message) for warning in caught if "rxl_radset" in str(warning.message)}
    for part in (
        "R002_TI_US (no file R002_TI_US.pdf)", "R003_XX_US (Report_Number is none of", "RADS_score 'TR9' is no label",
        "a line without Report_Number", "R005_TI_US (R005_TI_US.pdf cannot be read", "R009_TI_US.pdf (no line in",
    ):  # fmt: skip
        assert part in told, told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "data_dir is missing. Required: the folder of your copy, with metadata.csv"),
        ({"data_dir": "/nowhere"}, "data_dir = '/nowhere'. Allowed: a folder that holds metadata.csv"),
        ({"data_dir": ".", "condition": "discordant"}, "condition = 'discordant'. Allowed: withheld, stated"),
        ({"data_dir": ".", "seed": 1}, "seed is given. Allowed: data_dir, and condition"),
    ],
)
def test_mistakes_are_named(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=message):
        load_dataset("multirads", "rxl_radset", cache_dir=str(tmp_path), **options)


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text("Report_Number,Modality\n")
    with pytest.raises(OptionError, match=r"metadata.csv has no column 'Profile'. Required: Report_Number"):
        list(rxl_radset.records(tmp_path))


def test_a_changed_copy_is_read_anew(copy: Callable[..., Path]) -> None:
    folder = copy(GOOD[0][1:], {"R001_ti_us": THYROID})
    assert load(folder)["test"][0]["category"] == "TR4"
    table = folder / "metadata.csv"
    table.write_text(table.read_text().replace("TR4", "TR5"))
    assert load(folder)["test"][0]["category"] == "TR5"
