"""Rows and bounds of GB-RADS 2022."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads.gbrads import complete, judge, obstacles
from multirads_hf.scoring.labels import normalise_label

DOCUMENT = rads.get("gbrads")
LAYERED = {"layering": "present", "liver_interface": "distinct"}
UNLAYERED = {"layering": "absent", "liver_interface": "distinct"}
LOST = {"layering": "absent", "liver_interface": "lost"}
FOCAL = {"extent": "focal", "location": "fundus"}
AROUND = {"extent": "circumferential", "symmetry": "symmetric", "location": "entire_wall"}


def exam(*regions, wall_thickness_mm=7.0, **more):
    return {"wall_thickness_mm": wall_thickness_mm, "lesions": list(regions), **more}


@pytest.mark.parametrize(
    ("wall", "code"), [(0.5, "1"), (1.0, "1"), (2.9, "1"), (3.0, "1"), (3.1, "2"), (3.5, "2"), (8.0, "2"), (40.0, "2")]
)
def test_a_wall_is_thickened_from_over_3_mm_and_more_does_not_grade(wall, code):
    assert DOCUMENT.categorise(exam({**AROUND, **LAYERED}, wall_thickness_mm=wall)) == code


@pytest.mark.parametrize("wall", [1.0, 2.4, 3.0])
def test_a_normal_wall_needs_no_region(wall):
    assert DOCUMENT.categorise({"wall_thickness_mm": wall}) == "1"
    assert DOCUMENT.categorise({"wall_thickness_mm": wall, "distension": "overdistended", "lesions": []}) == "1"


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ({**AROUND, **LAYERED}, "2"),
        ({**AROUND, **LAYERED, "intramural_findings": ["cysts"]}, "2"),
        ({**AROUND, **LAYERED, "symmetry": None}, "2"),
        ({**FOCAL, **LAYERED, "intramural_findings": ["cysts"]}, "2"),
        ({**FOCAL, **LAYERED, "intramural_findings": ["echogenic_foci"]}, "2"),
        ({**FOCAL, **LAYERED, "intramural_findings": ["comet_tail"]}, "2"),
        ({**FOCAL, **LAYERED, "intramural_findings": ["none"]}, "3"),
        ({**FOCAL, **LAYERED}, "3"),
        ({**FOCAL, **UNLAYERED}, "3"),
        ({**FOCAL, **UNLAYERED, "intramural_findings": ["cysts", "comet_tail"]}, "3"),
        ({**AROUND, **UNLAYERED}, "3"),
        ({**AROUND, **UNLAYERED, "symmetry": "asymmetric"}, "3"),
        ({**AROUND, **UNLAYERED, "intramural_findings": ["echogenic_foci"]}, "3"),
        ({**FOCAL, **LOST}, "4"),
        ({**AROUND, **LOST}, "4"),
        ({**FOCAL, **LOST, "extramural_invasion": ["none"]}, "4"),
        ({**FOCAL, **LOST, "intramural_findings": ["cysts"]}, "4"),
        ({**FOCAL, **LOST, "extramural_invasion": ["biliary"]}, "5"),
        ({**FOCAL, **LOST, "extramural_invasion": ["vascular"]}, "5"),
        ({**AROUND, **LOST, "extramural_invasion": ["liver_contiguous_mass"]}, "5"),
        ({**FOCAL, **LOST, "extramural_invasion": ["biliary", "vascular"]}, "5"),
    ],
)
def test_every_row_of_the_table(region, code):
    assert DOCUMENT.categorise(exam(region)) == code
    assert judge(region)[0] == code


def test_extent_does_not_matter_without_layers():
    assert DOCUMENT.categorise(exam(UNLAYERED)) == "3"
    assert DOCUMENT.categorise(exam(LOST)) == "4"


def test_category_4_needs_two_facts_and_5_a_third():
    codes = [{**FOCAL, **LAYERED}, {**FOCAL, **UNLAYERED}, {**FOCAL, **LOST}]
    codes.append({**FOCAL, **LOST, "extramural_invasion": ["vascular"]})
    assert [DOCUMENT.categorise(exam(region)) for region in codes] == ["3", "3", "4", "5"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"distension": "contracted"},
        {"wall_fully_visible": False},
        {"limitation": ["wall_echo_shadow"]},
        {"limitation": ["porcelain"]},
        {"limitation": ["intraluminal_gas"]},
        {"limitation": ["obesity"], "wall_fully_visible": False},
        {"limitation": ["bowel_gas", "dressing_or_scar"], "wall_fully_visible": False},
        {"limitation": ["obesity", "intraluminal_gas"], "wall_fully_visible": True},
    ],
)
@pytest.mark.parametrize("wall", [None, 2.0, 3.1, 6.0])
def test_a_wall_that_cannot_be_assessed_is_0_whatever_it_measures(hidden, wall):
    decision = DOCUMENT.decide({**hidden, "wall_thickness_mm": wall})
    assert decision.category == "0"
    assert decision.reasons[0].startswith("wall not assessable (")


@pytest.mark.parametrize("limit", ["inadequate_fasting", "obesity", "bowel_gas", "dressing_or_scar", "none"])
def test_a_hard_scan_counts_only_when_part_of_the_wall_is_not_seen(limit):
    assert DOCUMENT.categorise({"wall_thickness_mm": 2.2, "limitation": [limit]}) == "1"
    assert DOCUMENT.categorise({"wall_thickness_mm": 2.2, "limitation": [limit], "wall_fully_visible": True}) == "1"
    assert obstacles({"limitation": [limit]}) == []


@pytest.mark.parametrize("cause", ["acute_cholecystitis", "hepatitis", "chronic_liver_disease", "heart_failure"])
def test_other_causes_of_thickening_have_no_category(cause):
    study = exam({**FOCAL, **LOST}, acute_or_extracholecystic_cause=cause)
    with pytest.raises(StudyError, match=f"got '{cause}', outside the system. Allowed: none"):
        DOCUMENT.categorise(study)
    assert DOCUMENT.categorise({**study, "acute_or_extracholecystic_cause": "none"}) == "4"


def test_another_cause_comes_before_a_hidden_wall():
    with pytest.raises(StudyError, match="outside the system"):
        DOCUMENT.categorise({"distension": "contracted", "acute_or_extracholecystic_cause": "renal_failure"})


def test_the_worst_region_decides_in_any_order():
    benign = {**FOCAL, **LAYERED, "intramural_findings": ["cysts"]}
    regions = [benign, {**FOCAL, **UNLAYERED}, {**FOCAL, **LOST}]
    for count, code in ((1, "2"), (2, "3"), (3, "4")):
        for given in (regions[:count], regions[:count][::-1]):
            assert DOCUMENT.categorise(exam(*given)) == code
    assert "3 regions, the worst decides" in DOCUMENT.decide(exam(*regions)).reasons


def test_a_region_of_4_or_5_stands_in_a_partly_hidden_wall_and_lesser_ones_do_not():
    invading = {**FOCAL, **LOST, "extramural_invasion": ["liver_contiguous_mass"]}
    for region, code in (
        ({**AROUND, **LAYERED}, "0"),
        ({**FOCAL, **UNLAYERED}, "0"),
        ({**FOCAL, **LOST}, "4"),
        (invading, "5"),
    ):
        assert DOCUMENT.categorise(exam(region, wall_fully_visible=False)) == code
    assert DOCUMENT.categorise(exam({**FOCAL, **LOST}, invading, wall_fully_visible=False)) == "5"
    assert DOCUMENT.categorise(exam(invading, wall_fully_visible=False, wall_thickness_mm=3.0)) == "0"


@pytest.mark.parametrize(
    ("study", "message"),
    [
        ({}, "wall_thickness_mm is missing"),
        ({"wall_thickness_mm": 3.1}, r"lesions is empty, wall 3.1 mm. A wall over 3 mm needs at least one region"),
        (exam({**FOCAL, "liver_interface": "lost"}), r"lesions\[0\].layering is missing"),
        (exam({**FOCAL, "layering": "absent"}), r"lesions\[0\].liver_interface is missing"),
        (exam(LAYERED), r"lesions\[0\].extent is missing"),
        (exam({**FOCAL, "layering": "present", "liver_interface": "lost"}), "got 'lost', layering present"),
        (exam({**AROUND, **LAYERED, "symmetry": "asymmetric"}), "got 'asymmetric', circumferential with layers"),
        (exam({**FOCAL, **UNLAYERED, "extramural_invasion": ["biliary"]}), "got 'biliary', interface distinct"),
        (exam(LOST, {**FOCAL, **LAYERED, "extramural_invasion": ["vascular"]}), r"lesions\[1\].extramural_invasion"),
    ],
)  # fmt: skip
def test_what_the_table_does_not_mention_is_refused_by_place(study, message):
    with pytest.raises(StudyError, match=message):
        DOCUMENT.categorise(study)


def test_stones_fluid_flow_and_ducts_do_not_grade():
    bare = exam({**FOCAL, **UNLAYERED})
    study = exam({**FOCAL, **UNLAYERED, "doppler_flow": "present"}, gallstones="multiple", murphy_sign="negative",
                 pericholecystic_fluid=True, cbd_mm=12, fasting_hours=1)  # fmt: skip
    assert DOCUMENT.decide(study) == DOCUMENT.decide(bare)


def test_a_described_region_may_lack_the_thickness_of_the_wall():
    decision = DOCUMENT.decide({"lesions": [{**FOCAL, **LAYERED}]})
    assert (decision.category, decision.reasons[0]) == ("3", "thickened wall")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("0", "Repeat ultrasound"), ("1", "No further imaging"), ("2", "No further imaging"),
        ("3", "Multidisciplinary discussion"), ("4", "Multiphase contrast"), ("5", "Multiphase contrast"),
    ],
)  # fmt: skip
def test_management_of_each_category(code, advice):
    assert DOCUMENT.category(code).management.startswith(advice)


def test_concern_grows_with_the_category_and_an_incomplete_exam_is_no_normal_one():
    ranks = [DOCUMENT.category(code).rank for code in ("1", "2", "0", "3", "4", "5")]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 6


@pytest.mark.parametrize(
    ("written", "code"),
    [("GB-RADS 3", "3"), ("GBRADS 4", "4"), ("GB-RADS IV", "4"), ("GB RADS 0", "0"), ("category 5", "5"), ("2", "2")],
)
def test_labels_as_people_write_them(written, code):
    assert normalise_label(DOCUMENT, written) == code


def test_two_regions_never_share_a_place():
    for number in range(20):
        regions = [{"location": "body"}, {"location": "body"}]
        complete({"lesions": regions}, Draw(number))
        assert {region["location"] for region in regions} == {"body", "fundus"}


def test_a_contracted_gallbladder_holds_no_layer_of_sludge():
    for unseen in (False, True):
        for plan in (plan for group in reach("gbrads", unseen)["ultrasound", "0"] for plan in group):
            for place in range(30):
                study = sample(DOCUMENT, plan, Draw("gbrads", plan.scenario.name, place))
                assert study.get("distension") != "contracted" or study.get("gallstones") != "sludge"
