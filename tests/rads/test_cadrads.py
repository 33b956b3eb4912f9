"""CAD-RADS 2.0: a lesion graded one step wrong sends a patient to the catheter lab, or home."""

import pytest

from multirads_hf import corpus
from multirads_hf.corpus.contrast import changes
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads.cadrads import DOCUMENT, TOGETHER, grade, management

RARE = {"left_main": 50, "three_vessels": 70, "calcium": 1000}


def lesion(pct=None, vessel="LAD", **more):
    return {"vessel": vessel, **({} if pct is None else {"stenosis_pct": pct}), **more}


def unread(diameter=None, **more):
    return {"vessel": "OM1", "nondiagnostic_reason": "motion", "segment_diameter_mm": diameter, **more}


def category(*lesions, **exam):
    return DOCUMENT.categorise({"sis": 2, **exam, "lesions": list(lesions)})


def core(*lesions, **exam):
    return DOCUMENT.core(category(*lesions, **exam))


@pytest.mark.parametrize(
    ("pct", "expected"),
    [(0, "1"), (1, "1"), (24, "1"), (25, "2"), (49, "2"), (50, "3"), (69, "3"), (70, "4A"), (99, "4A"), (100, "5")],
)
def test_the_worst_stenosis_decides_and_a_bound_belongs_to_the_higher_grade(pct, expected):
    assert core(lesion(pct)) == expected
    assert core(lesion(5, "RCA"), lesion(pct, "OM1")) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("none", "1"), ("minimal", "1"), ("mild", "2"), ("moderate", "3"), ("severe", "4A"), ("occluded", "5")],
)
def test_a_word_stands_for_its_band_and_a_per_cent_outweighs_it(word, expected):
    assert core(lesion(stenosis_grade_words=word)) == expected
    assert core(lesion(52, stenosis_grade_words=word)) == "3"


def test_no_plaque_is_0_and_any_sign_of_plaque_is_1():
    assert category(agatston_score=0, sis=0) == "0"
    assert category(sis=None) == "0"
    assert category(sis=1) == "1/P1"
    assert category(sis=None, agatston_score=1) == "1/P1"
    assert category(sis=None, visual_plaque_rca="mild") == "1/P1"


@pytest.mark.parametrize(
    ("pct", "expected"), [(49, "2"), (RARE["left_main"], "4B"), (51, "4B"), (99, "4B"), (100, "5")]
)
def test_a_left_main_of_half_the_lumen_is_high_risk_alone(pct, expected):
    assert core(lesion(pct, "LM")) == expected
    assert core(lesion(pct, "LM"), lesion(40)) == expected


@pytest.mark.parametrize(
    ("lad", "lcx", "rca", "expected"),
    [
        (71, 71, 71, "4B"),
        (RARE["three_vessels"],) * 3 + ("4B",),
        (99, 99, 69, "4A"),
        (99, 69, 99, "4A"),
        (69, 75, 75, "4A"),
        (75, 75, 100, "5"),
        (100, 100, 100, "5"),
    ],
)
def test_three_vessels_must_all_be_severe(lad, lcx, rca, expected):
    assert core(lesion(lad, "LAD"), lesion(lcx, "LCX"), lesion(rca, "RCA")) == expected


@pytest.mark.parametrize("branch", ["D1", "D2"])
def test_diagonals_belong_to_the_lad(branch):
    assert core(lesion(75, branch), lesion(75, "LCX"), lesion(75, "RCA")) == "4B"
    assert core(lesion(75, branch), lesion(75, "LAD"), lesion(75, "RCA")) == "4A"


@pytest.mark.parametrize("branch", ["OM1", "OM2", "RI"])
def test_marginals_and_ramus_belong_to_the_circumflex(branch):
    assert core(lesion(75), lesion(75, branch), lesion(75, "RCA")) == "4B"
    assert core(lesion(75), lesion(75, branch), lesion(75, "LCX")) == "4A"


@pytest.mark.parametrize("branch", ["PDA", "PLB"])
@pytest.mark.parametrize(
    ("dominance", "with_lcx", "with_rca"),
    [("right", "4B", "4A"), ("codominant", "4B", "4A"), (None, "4B", "4A"), ("left", "4A", "4B")],
)
def test_posterior_branches_go_by_dominance(branch, dominance, with_lcx, with_rca):
    assert core(lesion(75), lesion(75, "LCX"), lesion(75, branch), dominance=dominance) == with_lcx
    assert core(lesion(75), lesion(75, "RCA"), lesion(75, branch), dominance=dominance) == with_rca


def test_a_graft_lesion_counts_in_the_vessel_that_it_feeds():
    others = lesion(75), lesion(75, "RCA")
    graft = lesion(75, "GRAFT", graft_target="LCX")
    assert category(*others, graft, graft_present=True) == "4B/P1/G"
    assert category(*others, {**graft, "graft_target": "RCA"}, graft_present=True) == "4A/P1/G"
    assert category(*others, lesion(75, "GRAFT"), graft_present=True) == "4A/P1/G"
    assert category(lesion(55, "GRAFT"), graft_present=True) == "3/P1/G"


@pytest.mark.parametrize(("diameter", "expected"), [(1.2, "2"), (1.5, "2"), (1.6, "4A"), (2.4, "4A"), (None, "4A")])
def test_segments_up_to_1_5_mm_are_not_graded(diameter, expected):
    assert core(lesion(30), lesion(70, "D2", segment_diameter_mm=diameter)) == expected


def test_native_disease_behind_a_patent_graft_is_not_graded():
    native = lesion(100, bypassed_by_patent_graft=True)
    assert category(native, lesion(30, "RCA"), graft_present=True) == "2/P1/G"
    assert category({**native, "bypassed_by_patent_graft": False}, lesion(30, "RCA"), graft_present=True) == "5/P1/G"


def test_a_lesion_in_a_stent_is_graded_like_any_other():
    assert category(lesion(stenosis_grade_words="none", in_stent=True), stent_present=True) == "1/P1/S"
    assert category(lesion(69, in_stent=True), stent_present=True) == "3/P1/S"
    assert category(lesion(100, in_stent=True), stent_present=True) == "5/P1/S"


@pytest.mark.parametrize(
    ("pct", "expected"), [(0, "N/P1"), (49, "N/P1"), (50, "3/P1/N"), (75, "4A/P1/N"), (100, "5/P1/N")]
)
def test_an_unreadable_segment_hides_the_number_only_below_half_the_lumen(pct, expected):
    assert category(lesion(pct), unread()) == expected
    assert category(unread(2.0), lesion(pct)) == expected


@pytest.mark.parametrize(("diameter", "expected"), [(1.4, "2"), (1.5, "2"), (1.6, "N"), (3.0, "N"), (None, "N")])
def test_small_unreadable_segments_and_poor_images_change_nothing(diameter, expected):
    assert core(lesion(30), unread(diameter)) == expected
    assert core(lesion(30), study_quality="limited") == "2"


def test_an_unreadable_segment_without_plaque_has_no_burden():
    assert category(unread(), sis=None, agatston_score=0) == "N"
    assert category(unread(), sis=0) == "N"
    assert category(unread(), sis=None, agatston_score=40) == "N/P1"
    assert category(lesion(60, "LM"), unread()) == "4B/P1/N"


@pytest.mark.parametrize(
    ("score", "level"),
    [(1, "P1"), (100, "P1"), (101, "P2"), (300, "P2"), (301, "P3"), (999, "P3"), (RARE["calcium"], "P4"), (1001, "P4")],
)
def test_plaque_burden_by_calcium_score(score, level):
    assert category(lesion(30), sis=None, agatston_score=score) == f"2/{level}"


@pytest.mark.parametrize(
    ("segments", "level"), [(1, "P1"), (2, "P1"), (3, "P2"), (4, "P2"), (5, "P3"), (7, "P3"), (8, "P4"), (18, "P4")]
)
def test_plaque_burden_by_involved_segments(segments, level):
    assert category(lesion(30), sis=segments) == f"2/{level}"


@pytest.mark.parametrize(
    ("looks", "level"),
    [
        (("mild",), "P1"),
        (("mild", "mild"), "P1"),
        (("mild", "mild", "mild"), "P2"),
        (("moderate",), "P2"),
        (("moderate", "moderate", "mild"), "P2"),
        (("moderate", "moderate", "moderate"), "P3"),
        (("severe",), "P3"),
        (("severe", "moderate", "moderate"), "P3"),
        (("severe", "severe"), "P4"),
        (("severe", "severe", "severe"), "P4"),
    ],
)
def test_plaque_burden_by_eye(looks, level):
    vessels = ("visual_plaque_rca", "visual_plaque_lad", "visual_plaque_lcx")
    sheet = dict.fromkeys(vessels, "none") | dict(zip(vessels, looks, strict=False))
    assert category(lesion(30), sis=None, **sheet) == f"2/{level}"


def test_of_several_methods_the_highest_level_counts():
    assert category(lesion(30), agatston_score=12, sis=8) == "2/P4"
    assert category(lesion(30), agatston_score=350, sis=1) == "2/P3"
    assert category(lesion(30), agatston_score=0, sis=1, visual_plaque_lad="moderate") == "2/P2"


def test_plaque_without_any_burden_is_refused():
    for exam in ({"sis": None}, {"sis": None, "agatston_score": 0}, {"sis": 0, "visual_plaque_lad": "none"}):
        with pytest.raises(StudyError, match=r"sis is missing\. With plaque, the plaque burden needs it"):
            category(lesion(30), **exam)


@pytest.mark.parametrize(
    ("features", "label"),
    [
        ([], "2/P1"),
        (["napkin_ring"], "2/P1"),
        (["napkin_ring", "napkin_ring"], "2/P1"),
        (["napkin_ring", "low_attenuation_lt30hu"], "2/P1/HRP"),
        (["spotty_calcification", "positive_remodelling_gt1_1"], "2/P1/HRP"),
    ],
)
def test_two_features_of_one_plaque_make_it_high_risk(features, label):
    assert category(lesion(30, hrp_features=features)) == label


def test_features_of_two_plaques_are_not_added_up():
    one, other = lesion(30, hrp_features=["napkin_ring"]), lesion(30, "RCA", hrp_features=["spotty_calcification"])
    assert category(one, other) == "2/P1"


@pytest.mark.parametrize(
    ("ratio", "sign"),
    [(0.5, "I+"), (0.75, "I+"), (0.76, "I±"), (0.8, "I±"), (0.81, "I-"), (1.0, "I-")],
)
def test_ct_ffr_decides_the_ischemia_modifier(ratio, sign):
    assert category(lesion(55, ct_ffr=ratio)) == f"3/P1/{sign}"


@pytest.mark.parametrize(
    ("result", "label"),
    [
        ("normal", "3/P1/I-"),
        ("fixed_defect", "3/P1/I-"),
        ("reversible_defect", "3/P1/I+"),
        ("inconclusive", "3/P1/I±"),
        ("not_done", "3/P1"),
        (None, "3/P1"),
    ],
)
def test_perfusion_decides_the_ischemia_modifier_and_no_test_gives_none(result, label):
    assert category(lesion(55, ctp=result)) == label


def test_the_worst_of_several_tests_counts():
    assert category(lesion(55, ct_ffr=0.9), lesion(60, "RCA", ct_ffr=0.7)) == "3/P1/I+"
    assert category(lesion(55, ct_ffr=0.78), lesion(60, "RCA", ct_ffr=0.9)) == "3/P1/I±"


def test_modifiers_stand_in_the_order_of_the_guideline():
    risky = ["napkin_ring", "low_attenuation_lt30hu"]
    assert category(lesion(55, hrp_features=risky, ct_ffr=0.7)) == "3/P1/HRP/I+"
    assert category(lesion(75, hrp_features=risky), stent_present=True, sis=6) == "4A/P3/HRP/S"
    assert category(lesion(55), unread(), stent_present=True) == "3/P1/N/S"
    assert category(exceptions=["fistula"], sis=0) == "0/E"
    assert category(lesion(30), exceptions=["anomalous_origin"]) == "2/P1/E"


def test_labels_outside_the_list_are_refused_with_what_is_allowed():
    with pytest.raises(
        StudyError, match=r"modifiers: got 'S/G' with category 2\. Allowed: HRP, S, G, E, I\+, I±, I-\."
    ):
        category(lesion(30), stent_present=True, graft_present=True)


def test_what_cannot_be_graded_is_refused():
    with pytest.raises(StudyError, match=r"lesions\[\]\.stenosis_pct is missing\. A lesion that counts needs it"):
        category(lesion())
    with pytest.raises(StudyError, match=r"nondiagnostic_reason: got 'motion' beside a stenosis, 40\. Allowed: null"):
        category(unread(stenosis_pct=40))
    assert category(lesion(30), lesion(None, "D2", segment_diameter_mm=1.2)) == "2/P1"


@pytest.mark.parametrize(
    ("core", "added", "setting", "advice"),
    [
        ("0", [], None, "Reassurance"),
        ("0", [], "acute_chest_pain", "No further workup"),
        ("2", [], "acute_chest_pain", "Preventive care; admission"),
        ("3", [], "stable_chest_pain", "Functional assessment"),
        ("3", ["I+"], "other", "Invasive coronary angiography and"),
        ("4A", ["I-"], None, "Invasive coronary angiography or functional"),
        ("4B", [], "acute_chest_pain", "Admission; invasive"),
        ("5", [], "acute_chest_pain", "Admission; rapid"),
        ("N", [], "acute_chest_pain", "Other or repeat test"),
    ],
)
def test_management_goes_by_category_setting_and_ischemia(core, added, setting, advice):
    assert management(core, added, setting).startswith(advice)


def test_unreadable_segments_and_exceptions_add_to_the_management():
    assert management("3", ["N"]).endswith("Other test for the unreadable segment.")
    assert management("0", ["E"]).endswith("by its cause.")


def test_the_setting_never_changes_the_label():
    labels = {
        category(lesion(55), clinical_setting=s) for s in ("stable_chest_pain", "acute_chest_pain", "other", None)
    }
    assert labels == {"3/P1"}


def test_labels_are_finite_ordered_and_split_into_their_parts():
    assert DOCUMENT.core_codes == ("0", "1", "2", "N", "3", "4A", "4B", "5")
    assert set(DOCUMENT.core_codes) == set(TOGETHER)
    assert len(DOCUMENT.codes) < 250
    assert DOCUMENT.split("3/P2/N/S") == {"category": "3", "plaque_burden": "P2", "modifiers": "N/S"}
    assert DOCUMENT.split("0/E") == {"category": "0", "plaque_burden": "", "modifiers": "E"}
    assert DOCUMENT.split("N") == {"category": "N", "plaque_burden": "", "modifiers": ""}
    assert "3/P2/HRP/I positive" in DOCUMENT.category("3/P2/HRP/I+").aliases


def studies():
    for unseen in (False, True):
        for groups in reach("cadrads", unseen).values():
            for plan in (plan for group in groups for plan in group):
                draw = Draw("cadrads", plan.scenario.name, plan.variant)
                yield from (sample(DOCUMENT, plan, draw) for _ in range(12))


def test_no_study_holds_what_the_sources_disagree_on():
    for study in studies():
        lesions = study["lesions"]
        main = [one.get("stenosis_pct") for one in lesions if one["vessel"] == "LM"]
        assert RARE["left_main"] not in main, study
        if any(one.get("stenosis_grade_words") == "occluded" or one.get("stenosis_pct") == 100 for one in lesions):
            assert not main, study
        if DOCUMENT.core(DOCUMENT.categorise(study)) == "4B" and not main:
            assert RARE["three_vessels"] not in [one["stenosis_pct"] for one in lesions], study
        assert study.get("agatston_score") != RARE["calcium"]


def test_studies_are_coherent():
    for study in studies():
        lesions = study["lesions"]
        places = [(one["vessel"], one.get("segment")) for one in lesions]
        assert len(set(places)) == len(places)
        native = [one for one in lesions if one["vessel"] != "GRAFT" and "nondiagnostic_reason" not in one]
        assert study.get("sis", 18) >= len(native)
        assert "agatston_score" in study or "sis" in study
        assert not ("agatston_score" in study and (study.get("stent_present") or study.get("graft_present")))
        for one in native:
            if "stenosis_pct" in one and "stenosis_grade_words" in one:
                assert one["stenosis_grade_words"] == grade(one["stenosis_pct"])
            if study.get("agatston_score") == 0:
                assert one.get("plaque_type") == "noncalcified", study
            assert not (
                "spotty_calcification" in one.get("hrp_features", []) and one.get("plaque_type") == "noncalcified"
            )


def test_many_diseased_segments_go_with_more_than_a_trace_of_calcium():
    for study in studies():
        if study.get("agatston_score") and study.get("sis", 0) >= 8:
            assert study["agatston_score"] > 100, study


def test_a_main_vessel_is_thin_only_far_from_its_origin():
    for study in studies():
        for one in study["lesions"]:
            if one["vessel"] in ("LM", "LAD", "LCX", "RCA") and one.get("segment_diameter_mm", 9) < 2.2:
                assert one["segment"] == "distal", study


def test_a_minimal_pair_never_makes_the_beginning_of_a_main_vessel_too_thin_to_grade():
    thin = 0
    for study in studies():
        for change in changes(DOCUMENT, study):
            for one in change.study["lesions"]:
                if one.get("segment_diameter_mm", 9) <= 1.5:
                    thin += 1
                    assert one["vessel"] not in ("LM", "LAD", "LCX", "RCA") or one["segment"] == "distal", change
    assert thin


def test_reports_do_not_name_a_series_or_a_stenosis_that_is_not_there():
    said = 0
    for row in corpus.records("all", "train", num_reports=400, documents=["cadrads"]):
        assert "additional stenosis" not in row["report"]
        if "WITHOUT CONTRAST" in row["report"]:
            said += 1
            assert '"agatston_score"' in row["extraction"], row["report"]
    assert said
