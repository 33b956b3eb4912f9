"""Bounds of ACR TI-RADS 2017."""

import json
import re

import pytest

from multirads_hf import corpus, rads
from multirads_hf.errors import StudyError
from multirads_hf.rads.tirads import level, management, points

DOCUMENT = rads.get("tirads")
LOBE_SIZES = (
    r"[Rr]ight (?:thyroid )?lobe (?:is|measures|spans|extends)[^.]*\d|[Ll]ob(?:e|ar) (?:length|measure)|of the lobes"
)


def nodule(composition="solid", echogenicity="isoechoic", size_mm=12, **more):
    return {"composition": composition, "echogenicity": echogenicity, "size_mm": size_mm, **more}


@pytest.mark.parametrize(
    ("total", "code"), [(0, "TR1"), (2, "TR2"), (3, "TR3"), (4, "TR4"), (6, "TR4"), (7, "TR5"), (13, "TR5")]
)
def test_level_of_points(total, code):
    assert level(total) == code


def test_one_point_has_no_level():
    with pytest.raises(StudyError, match=r"1 point\. Allowed: 0, 2 or more"):
        DOCUMENT.categorise({"lesions": [nodule("cystic", "anechoic", echogenic_foci=["macrocalcification"])]})


@pytest.mark.parametrize(
    ("study", "code"),
    [
        (nodule("cystic", "anechoic"), "TR1"),
        (nodule("spongiform", "hypoechoic"), "TR1"),
        (nodule("spongiform", "isoechoic", echogenic_foci=["punctate_echogenic_foci"]), "TR1"),
        (nodule("mixed", "isoechoic"), "TR2"),
        (nodule("mixed", "hyperechoic", echogenic_foci=["large_comet_tail"]), "TR2"),
        (nodule("mixed", "hypoechoic"), "TR3"),
        (nodule("mixed", "isoechoic", echogenic_foci=["macrocalcification"]), "TR3"),
        (nodule("solid", "hyperechoic"), "TR3"),
        (nodule("solid", "isoechoic", margin="ill_defined"), "TR3"),
        (nodule("solid", "hypoechoic"), "TR4"),
        (nodule("solid", "very_hypoechoic"), "TR4"),
        (nodule("mixed", "isoechoic", echogenic_foci=["peripheral_calcification"]), "TR4"),
        (nodule("solid", "isoechoic", echogenic_foci=["punctate_echogenic_foci"]), "TR4"),
        (nodule("solid", "hypoechoic", margin="lobulated_or_irregular"), "TR4"),
        (nodule("undetermined_calcification", "undetermined", echogenic_foci=["macrocalcification"]), "TR4"),
        (nodule("undetermined_calcification", "undetermined", echogenic_foci=["peripheral_calcification"]), "TR4"),
        (nodule("solid", "hypoechoic", echogenic_foci=["punctate_echogenic_foci"]), "TR5"),
        (nodule("solid", "hypoechoic", shape="taller_than_wide"), "TR5"),
        (nodule("solid", "very_hypoechoic", margin="lobulated_or_irregular"), "TR5"),
        (nodule("solid", "hypoechoic", margin="extrathyroidal_extension"), "TR5"),
        (nodule("solid", "isoechoic", echogenic_foci=["macrocalcification", "punctate_echogenic_foci"]), "TR5"),
    ],
)
def test_archetypes(study, code):
    assert DOCUMENT.categorise({"lesions": [study]}) == code


def test_foci_are_added_once_each():
    once = nodule(echogenic_foci=["macrocalcification", "punctate_echogenic_foci"])
    twice = nodule(echogenic_foci=["macrocalcification", "macrocalcification", "punctate_echogenic_foci"])
    assert points(once)[0] == points(twice)[0] == 2 + 1 + 1 + 3


def test_missing_features_are_benign():
    assert points({"composition": "solid", "echogenicity": "hypoechoic"})[0] == 4
    assert points({"composition": "cystic"})[0] == 0


@pytest.mark.parametrize("broken", [{"size_mm": 9}, {"composition": "solid"}, {"composition": "mixed", "shape": None}])
def test_points_need_composition_and_echogenicity(broken):
    with pytest.raises(StudyError, match="is missing"):
        DOCUMENT.categorise({"lesions": [broken]})


def test_no_nodule_and_no_reason_is_refused():
    with pytest.raises(StudyError, match="lesions is empty"):
        DOCUMENT.categorise({"lesions": []})


def test_not_categorizable_comes_first():
    study = {"categorizable": False, "nc_reason": "retrosternal_or_deep", "lesions": [nodule("solid", "hypoechoic")]}
    assert DOCUMENT.categorise(study) == "NC"


def test_most_points_win_over_size():
    bland, small = nodule("mixed", "isoechoic", 42), nodule("solid", "hypoechoic", 8)
    assert DOCUMENT.categorise({"lesions": [bland, small]}) == "TR4"


@pytest.mark.parametrize(
    ("code", "size", "advice"),
    [
        ("TR1", 60, "No FNA"), ("TR2", 40, "No FNA"),
        ("TR3", 14, "No FNA"), ("TR3", 15, "Follow-up"), ("TR3", 24, "Follow-up"), ("TR3", 25, "Ultrasound-guided FNA"),
        ("TR4", 9, "No FNA"), ("TR4", 10, "Follow-up"), ("TR4", 14, "Follow-up"), ("TR4", 15, "Ultrasound-guided FNA"),
        ("TR5", 4, "No FNA"), ("TR5", 5, "Follow-up"), ("TR5", 9, "Follow-up"), ("TR5", 10, "Ultrasound-guided FNA"),
    ],
)  # fmt: skip
def test_size_decides_management(code, size, advice):
    assert management(code, size).startswith(advice)


def test_size_never_changes_the_level():
    levels = {DOCUMENT.categorise({"lesions": [nodule("solid", "hypoechoic", size)]}) for size in (2, 9, 10, 15, 80)}
    assert levels == {"TR4"}


def test_punctate_foci_are_never_given_to_a_partly_cystic_nodule():
    """Bright dots there may be colloid: a pair that hinges on them would have two right answers."""
    rows = list(corpus.records("all", "test_contrast", num_reports=240, documents=["tirads"], seed=3))
    nodules = [nodule for row in rows for nodule in json.loads(row["extraction"])["lesions"]]
    mixed = [nodule for nodule in nodules if nodule.get("composition") == "mixed"]
    assert mixed
    assert not [nodule for nodule in mixed if "punctate_echogenic_foci" in (nodule.get("echogenic_foci") or [])]


@pytest.mark.parametrize("split", ["train", "test_unseen"])
def test_gland_is_measured_once(split):
    """Two sentences with two sizes of a lobe or of the isthmus contradict each other."""
    for row in corpus.records("all", split, num_reports=200, documents=["tirads"], seed=3):
        assert len(re.findall(LOBE_SIZES, row["findings"])) <= 1
        assert len(re.findall(r"(?i)(?:isthm|midline)[^.]*\d\.\d mm", row["findings"])) <= 1
