"""Bounds, rows and combinations of VI-RADS 2018."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads.virads import index_tumor, judge, sequence_category
from multirads_hf.scoring import normalise_label

DOCUMENT = rads.get("virads")
# The muscle layer that gives each category on T2W, DWI and DCE, a tumor of 20 mm.
T2 = {2: "intact", 3: "no_clear_disruption", 4: "interrupted", 5: "extravesical"}
DWI = {2: "intact", 3: "no_clear_disruption", 4: "focal_invasion", 5: "extravesical"}
DCE = {2: "inner_layer_only", 3: "no_clear_disruption", 4: "focal_invasion", 5: "extravesical"}
SEQUENCES = ("t2", "dwi", "dce")
LOST = ["non_diagnostic", "not_performed"]
# 2018, combinations (SC, DW, CE) on which the printed list and the dominance of DWI agree.
COMBINATIONS = {
    "1": "111 1X1 11X",
    "2": "222 322 2X2 3X2 22X 32X",
    "3": "333 3X3 33X",
    "4": "444 344 343 443 544 4X4 3X4 5X4 44X 34X 54X",
    "5": "555 554 5X5 55X",
}
ROWS = [(combination, code) for code, row in COMBINATIONS.items() for combination in row.split()]
INTACT = {"t2_muscularis": "intact", "dwi_muscularis": "intact", "dce_muscularis": "no_early_enhancement"}


def category(*tumors, **exam):
    return DOCUMENT.categorise({**exam, "lesions": list(tumors)})


def tumor(t2, dwi, dce, **more):
    """Return a tumor of 20 mm that shows the given categories."""
    layers = {"t2_muscularis": T2[t2], "dwi_muscularis": DWI[dwi], "dce_muscularis": DCE[dce]}
    return {"size_mm": 20, **layers, **more}


@pytest.mark.parametrize(("combination", "code"), ROWS)
def test_every_listed_combination_as_stated_by_the_reader(combination, code):
    stated = {f"{name}_category": score for name, score in zip(SEQUENCES, combination, strict=True)}
    assert category(stated) == code


@pytest.mark.parametrize(("combination", "code"), ROWS)
def test_every_listed_combination_as_described(combination, code):
    lesion, exam = {"size_mm": 6 if "1" in combination else 20}, {}
    for name, score, layers in zip(SEQUENCES, combination, (T2, DWI, DCE), strict=True):
        if score == "X":
            exam[f"{name}_quality"] = "non_diagnostic"
        else:
            lesion[f"{name}_muscularis"] = layers[max(int(score), 2)]
    assert category(lesion, **exam) == code


def test_no_other_combination_is_ever_drawn():
    listed = dict(ROWS)
    for unseen in (False, True):
        for groups in reach("virads", unseen).values():
            for plan in (plan for group in groups for plan in group):
                draw = Draw("combinations", plan.scenario.name, plan.variant)
                for study in (sample(DOCUMENT, plan, draw) for _ in range(20)):
                    if DOCUMENT.categorise(study) == "NC":
                        continue
                    for lesion in study["lesions"]:
                        found = (sequence_category(lesion, study, name) or "X" for name in SEQUENCES)
                        assert listed["".join(map(str, found))] == str(judge(lesion, study)[0]), study


def test_no_drawn_tumor_is_near_ten_millimeters_or_small_and_sessile():
    for unseen in (False, True):
        for (_, code), groups in reach("virads", unseen).items():
            for plan in (plan for group in groups for plan in group):
                draw = Draw("sizes", plan.scenario.name, plan.variant)
                for lesion in (one for _ in range(20) for one in sample(DOCUMENT, plan, draw)["lesions"]):
                    size = lesion.get("size_mm", 20)
                    assert not 9.5 <= size <= 10.5, (code, lesion)
                    assert size > 10 or lesion.get("morphology") != "sessile"
                    assert "orifice" not in lesion["location"]


@pytest.mark.parametrize(("size", "code"), [(1, "1"), (4, "1"), (9, "1"), (11, "2"), (12, "2"), (60, "2")])
@pytest.mark.parametrize("morphology", ["exophytic_with_stalk", "exophytic_without_stalk", None])
def test_one_centimeter_parts_1_from_2_where_the_muscle_is_intact(size, code, morphology):
    assert category({**INTACT, "size_mm": size, "morphology": morphology}) == code
    assert (
        category({**INTACT, "dce_muscularis": "inner_layer_only", "size_mm": size}, dwi_quality="not_performed") == code
    )


@pytest.mark.parametrize("score", [3, 4, 5])
@pytest.mark.parametrize("size", [4, 9, 11, 80])
def test_size_changes_nothing_where_the_muscle_is_not_intact(score, size):
    assert category(tumor(score, score, score, size_mm=size)) == str(score)


@pytest.mark.parametrize("dwi", DWI)
@pytest.mark.parametrize("t2", T2)
@pytest.mark.parametrize("dce", DCE)
def test_dwi_decides_whatever_the_others_show(t2, dwi, dce):
    assert category(tumor(t2, dwi, dce)) == str(dwi)


@pytest.mark.parametrize("quality", LOST)
@pytest.mark.parametrize("t2", T2)
@pytest.mark.parametrize("dce", DCE)
def test_without_dwi_dce_decides_and_not_t2(quality, t2, dce):
    assert category(tumor(t2, 3, dce), dwi_quality=quality) == str(dce)


@pytest.mark.parametrize("quality", LOST)
@pytest.mark.parametrize("dwi", DWI)
def test_without_dce_nothing_changes(quality, dwi):
    assert category(tumor(3, dwi, 3), dce_quality=quality) == str(dwi)


@pytest.mark.parametrize("layer", ["no_early_enhancement", "inner_layer_only"])
def test_early_enhancement_of_the_inner_layer_alone_is_an_intact_muscle(layer):
    assert sequence_category({"size_mm": 22, "dce_muscularis": layer}, {}, "dce") == 2
    assert sequence_category({"size_mm": 7, "dce_muscularis": layer}, {}, "dce") == 1


def test_an_x_as_stated_is_a_lost_sequence():
    assert category({"t2_category": "3", "dwi_category": "X", "dce_category": "4"}) == "4"
    assert category(tumor(3, 3, 4, dwi_category="X")) == "4"


def test_stated_categories_go_before_what_is_described():
    assert category(tumor(3, 4, 4, dwi_category="2")) == "2"
    assert category(tumor(3, 4, 4, dwi_category="2"), dwi_quality="non_diagnostic") == "2"


def test_an_invaded_organ_is_beyond_the_bladder():
    assert category(tumor(5, 5, 5, adjacent_organ=True)) == "5"
    assert category({"adjacent_organ": True}) == "5"
    assert category({"adjacent_organ": True}, dwi_quality="non_diagnostic") == "5"
    assert category(tumor(4, 4, 4, adjacent_organ=False)) == "4"


@pytest.mark.parametrize("dce", LOST)
@pytest.mark.parametrize("dwi", LOST)
@pytest.mark.parametrize("t2", LOST)
def test_nc_where_no_sequence_can_be_read(t2, dwi, dce):
    exam = {"t2_quality": t2, "dwi_quality": dwi, "dce_quality": dce}
    assert category(**exam) == "NC"
    assert category({"location": "dome", "size_mm": 30}, **exam) == "NC"


@pytest.mark.parametrize("lost", [("t2",), ("dwi",), ("dce",), ("t2", "dce"), ("t2", "dwi")])
def test_a_failed_sequence_or_two_is_not_yet_nc(lost):
    exam = {f"{name}_quality": "non_diagnostic" for name in lost}
    assert category(tumor(3, 3, 3), **exam) == "3"


@pytest.mark.parametrize("reason", ["motion", "susceptibility", "collapsed_bladder", "incomplete_exam", "recent_turbt"])
def test_a_named_reason_is_nc(reason):
    decision = DOCUMENT.decide({"nc_reason": reason})
    assert decision.category == "NC"
    assert decision.reasons == (f"wall not judged ({reason.replace('_', ' ')}): NC",)


def test_a_tumor_with_three_x_is_nc_unless_another_can_be_scored():
    lost = dict.fromkeys(("t2_category", "dwi_category", "dce_category"), "X")
    assert category(lost) == "NC"
    assert category(lost, tumor(2, 2, 2)) == "2"


def test_the_most_invasive_tumor_names_the_exam_not_the_largest():
    small, large = tumor(4, 4, 4, size_mm=13), tumor(2, 2, 2, size_mm=52)
    decision = DOCUMENT.decide({"lesions": [large, small]})
    assert decision.category == "4"
    assert decision.reasons == ("DWI focal invasion: 4", "DWI decides: 4", "highest of 2 tumors: 4")


def test_index_tumor_by_category_then_size():
    assert index_tumor({"lesions": [tumor(2, 2, 2, size_mm=50), tumor(3, 3, 3), tumor(3, 3, 3, size_mm=31)]}) == 2


@pytest.mark.parametrize(
    "distractor", [{"nodes_suspicious": True}, {"bladder_distension": "inadequate"}, {"t2_quality": "non_diagnostic"}]
)
def test_nodes_filling_and_t2_quality_change_nothing(distractor):
    assert category(tumor(2, 2, 2), **distractor) == "2"


@pytest.mark.parametrize("sign", [{"morphology": "sessile"}, {"thickened_inner_layer": False}, {"location": "trigone"}])
def test_shape_inner_layer_and_place_alone_give_no_category(sign):
    assert category({**tumor(2, 2, 2), **sign}) == "2"
    assert category({**tumor(3, 3, 3), **sign}) == "3"


@pytest.mark.parametrize(
    ("lesion", "exam", "message"),
    [
        ({"size_mm": 20, "t2_muscularis": "interrupted"}, {}, r"dwi_muscularis is missing\. DWI decides"),
        ({"size_mm": 20, "t2_category": "3"}, {"dwi_quality": "not_performed"}, r"dce_muscularis is missing\. DCE"),
        (INTACT, {}, r"size_mm is missing\. Categories 1 and 2"),
        ({"dwi_category": "X", "dce_category": "X", "t2_category": "4"}, {}, "dce_category: got 'X'. VI-RADS has no"),
    ],
)
def test_what_the_rule_cannot_do_without_is_named(lesion, exam, message):
    with pytest.raises(StudyError, match=rf"virads: lesions\[0\]\.{message}"):
        category(lesion, **exam)


def test_t2_alone_gives_no_category():
    with pytest.raises(StudyError, match="no category where DWI and DCE are both X"):
        category(tumor(4, 4, 4), dwi_quality="non_diagnostic", dce_quality="not_performed")


def test_an_exam_without_a_tumor_has_no_category():
    with pytest.raises(StudyError, match=r"lesions: got \[\]\. VI-RADS scores a tumor"):
        category()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("1", "non-muscle-invasive"),
        ("2", "non-muscle-invasive"),
        ("3", "muscle in the specimen"),
        ("4", "for proof"),
        ("5", "Staging"),
    ],
)
def test_management_follows_the_category(code, advice):
    assert advice in DOCUMENT.decide({"lesions": [{"dwi_category": code}]}).management
    assert "Repeat MRI" in DOCUMENT.decide({"nc_reason": "motion"}).management


def test_reasons_name_the_sequence_that_decides():
    assert judge({**INTACT, "size_mm": 8}, {}) == (1, ("DWI intact, 8 mm: 1", "DWI decides: 1"))
    lost = judge(tumor(3, 3, 4), {"dwi_quality": "non_diagnostic"})
    assert lost == (4, ("DCE focal invasion: 4", "DWI X, DCE decides: 4"))
    assert judge({"dwi_category": "3"}, {}) == (3, ("DWI category as stated: 3", "DWI decides: 3"))


@pytest.mark.parametrize("written", ["VI-RADS 4", "VIRADS 4", "vi-rads score 4", "4", 4, "VI-RADS category 4"])
def test_labels_are_read_as_people_write_them(written):
    assert normalise_label(DOCUMENT, written) == "4"


def test_nc_is_read_as_a_label():
    assert normalise_label(DOCUMENT, "VI-RADS NC") == normalise_label(DOCUMENT, "NC") == "NC"


@pytest.mark.parametrize("field", ["location", "morphology", "t2_muscularis", "dwi_muscularis", "dce_category"])
def test_values_that_are_none_of_the_field_are_refused(field):
    with pytest.raises(StudyError, match=rf"virads: lesions\[0\]\.{field}: got 'sixth'\. Allowed: "):
        category({field: "sixth"})


def test_a_published_set_of_labels_is_covered():
    assert DOCUMENT.core_codes == ("1", "2", "3", "4", "5", "NC")


def test_no_tumor_says_that_organs_are_free_beside_one_that_invades_them():
    seen = 0
    for groups in reach("virads", False).values():
        for plan in (plan for group in groups for plan in group if plan.scenario.name == "in_an_organ"):
            draw = Draw("organs", plan.scenario.name, plan.variant)
            for study in (sample(DOCUMENT, plan, draw) for _ in range(100)):
                said = [lesion["adjacent_organ"] for lesion in study["lesions"] if "adjacent_organ" in lesion]
                assert said == [True], study
                seen += len(study["lesions"]) > 1
    assert seen
