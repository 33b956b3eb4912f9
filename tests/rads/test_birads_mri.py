"""Every row, bound and gate of BI-RADS MRI (5th edition)."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads.birads_mri import DISMISSED, FEATURES, INVASION, course

DOCUMENT = rads.get("birads_mri")
SMOOTH = {
    "finding_type": "mass", "mass_shape": "oval", "mass_margin": "circumscribed",
    "mri_internal_enhancement": "homogeneous", "kinetics_delayed": "persistent", "t2_signal": "hyperintense",
}  # fmt: skip
SEPTATE = {**SMOOTH, "mri_internal_enhancement": "dark_internal_septations"}
IRREGULAR = {
    "finding_type": "mass", "mass_shape": "irregular", "mass_margin": "irregular",
    "mri_internal_enhancement": "heterogeneous", "kinetics_delayed": "plateau",
}  # fmt: skip
STELLATE = {**IRREGULAR, "mass_margin": "spiculated", "kinetics_delayed": "washout"}
CLUMPED = {"finding_type": "nme", "nme_distribution": "segmental", "nme_internal_enhancement": "clumped"}
RINGS = {"finding_type": "nme", "nme_distribution": "focal", "nme_internal_enhancement": "clustered_ring"}
NEW_OVAL = {
    "finding_type": "mass", "mass_shape": "oval", "mass_margin": "irregular",
    "kinetics_delayed": "washout", "temporal_change": "new",
}  # fmt: skip
FOCUS = {
    "finding_type": "focus",
    "t2_signal": "hyperintense",
    "kinetics_delayed": "persistent",
    "temporal_change": "stable",
}
CYST = {"finding_type": "special_case", "special_case": "nonenhancing_finding"}
NODE = {"finding_type": "special_case", "special_case": "intramammary_lymph_node"}
CANCER = {**STELLATE, "biopsy_proven": "malignant"}


def stable(lesion, months):
    return {**lesion, "temporal_change": "stable", "stable_months": months}


def category(*lesions, **exam):
    return DOCUMENT.categorise({**exam, "lesions": list(lesions)})


def test_mri_has_no_divided_category_four():
    assert DOCUMENT.codes == ("0", "1", "2", "3", "4", "5", "6")
    assert DOCUMENT.core_codes == DOCUMENT.codes


@pytest.mark.parametrize(
    ("lesion", "code", "row"),
    [
        (CYST, "2", "MR-2a"),
        ({**CYST, "temporal_change": "new"}, "2", "MR-2a"),
        ({**CYST, "temporal_change": "enlarging"}, "2", "MR-2a"),
        *(({"finding_type": "special_case", "special_case": case}, "2", "MR-2a") for case in DISMISSED),
        (NODE, "2", "MR-2b"),
        ({"special_case": "fat_necrosis_typical", "mri_internal_enhancement": "rim"}, "2", "MR-2b"),
        (stable(SEPTATE, 24), "2", "MR-2c"),
        ({**SMOOTH, "temporal_change": "decreasing"}, "2", "MR-2d"),
        (FOCUS, "2", "MR-2e"),
        (SMOOTH, "3", "MR-3a"),
        (IRREGULAR, "4", "MR-4a"),
        (CLUMPED, "4", "MR-4b"),
        ({**CLUMPED, "nme_distribution": "linear", "kinetics_delayed": "persistent"}, "4", "MR-4b"),
        (RINGS, "4", "MR-4c"),
        (NEW_OVAL, "4", "MR-4d"),
        ({**NEW_OVAL, "mri_internal_enhancement": "homogeneous", "kinetics_initial": "fast"}, "4", "MR-4d"),
        (STELLATE, "5", "MR-5a"),
        ({**STELLATE, "mri_internal_enhancement": "rim", "temporal_change": "new"}, "5", "MR-5a"),
        *(({**STELLATE, "associated_features": [feature]}, "5", "MR-5b") for feature in FEATURES),
        ({**STELLATE, "associated_features": list(INVASION)}, "5", "MR-5b"),
    ],
)
def test_rows_of_the_table(lesion, code, row):
    decision = DOCUMENT.decide({"lesions": [lesion]})
    assert decision.category == code
    assert f"({row})" in decision.reasons[0]


@pytest.mark.parametrize(("months", "code"), [(6, "3"), (12, "3"), (24, "2"), (36, "2")])
def test_time_of_follow_up_decides_between_2_and_3(months, code):
    assert category(stable(SMOOTH, months)) == code


@pytest.mark.parametrize("months", [1, 5, 13, 18, 23])
def test_stability_that_the_table_does_not_have_is_refused(months):
    with pytest.raises(StudyError, match=r"course stable\. Allowed: the patterns of the table"):
        category(stable(SMOOTH, months))


@pytest.mark.parametrize("months", [6, 12, 23])
def test_dark_septations_are_benign_from_24_months_only(months):
    with pytest.raises(StudyError, match="dark_internal_septations"):
        category(stable(SEPTATE, months))


@pytest.mark.parametrize(
    ("lesion", "expected"),
    [
        ({}, "baseline"),
        ({"temporal_change": "new", "stable_months": 12}, "new"),
        ({"stable_months": 6}, "stable for 6 to 12 months"),
        ({"temporal_change": "stable"}, "stable"),
        ({"temporal_change": "stable", "stable_months": 23}, "stable"),
        ({"temporal_change": "stable", "stable_months": 24}, "stable for 24 months or more"),
    ],
)
def test_course_of_a_lesion(lesion, expected):
    assert course(lesion) == expected


@pytest.mark.parametrize(
    ("lesion", "told"),
    [
        ({**SMOOTH, "temporal_change": "enlarging"}, "course enlarging"),
        ({**SMOOTH, "temporal_change": "new"}, "course new"),
        ({**SMOOTH, "kinetics_delayed": "washout"}, "kinetics_delayed washout"),
        ({**SMOOTH, "kinetics_initial": "fast"}, "kinetics_initial fast"),
        ({**SMOOTH, "t2_signal": "isointense"}, "mass_shape oval"),
        ({**SMOOTH, "mass_shape": "round"}, "mass_shape round"),
        ({**SMOOTH, "associated_features": ["skin_thickening"]}, "skin_thickening"),
        ({**IRREGULAR, "kinetics_delayed": "washout"}, "kinetics_delayed washout"),
        ({**IRREGULAR, "associated_features": ["axillary_adenopathy"]}, "axillary_adenopathy"),
        (stable(IRREGULAR, 24), "course stable for 24 months or more"),
        ({**STELLATE, "kinetics_delayed": "plateau"}, "kinetics_delayed plateau"),
        ({**STELLATE, "mri_internal_enhancement": "homogeneous"}, "mri_internal_enhancement homogeneous"),
        ({**NEW_OVAL, "temporal_change": "baseline"}, "mass_margin irregular"),
        ({**NEW_OVAL, "mri_internal_enhancement": "rim"}, "mri_internal_enhancement rim"),
        ({**CLUMPED, "nme_internal_enhancement": "homogeneous"}, "nme_internal_enhancement homogeneous"),
        ({**CLUMPED, "nme_distribution": "regional"}, "nme_distribution regional"),
        ({**CLUMPED, "kinetics_delayed": "washout"}, "kinetics_delayed washout"),
        ({**RINGS, "nme_distribution": "segmental"}, "nme_distribution segmental"),
        ({**FOCUS, "temporal_change": "baseline"}, "finding_type focus"),
        ({**NODE, "kinetics_delayed": "washout"}, "kinetics_delayed washout"),
        ({**NODE, "temporal_change": "new"}, "course new"),
        ({"finding_type": "mass"}, "finding_type mass"),
        ({"size_mm": 12}, "course baseline"),
    ],
)
def test_what_readers_would_dispute_is_refused_with_its_descriptors(lesion, told):
    with pytest.raises(StudyError, match=rf"lesions\[0\]: got .*{told}.*Allowed: the patterns"):
        category(lesion)


@pytest.mark.parametrize(
    "lesion", [SMOOTH, IRREGULAR, STELLATE, CLUMPED, {"finding_type": "nme", "nme_distribution": "diffuse"}]
)
def test_proof_comes_before_the_table(lesion):
    assert category({**lesion, "biopsy_proven": "malignant"}) == "6"


@pytest.mark.parametrize("change", [None, "baseline", "stable", "decreasing"])
def test_a_concordant_benign_biopsy_is_benign_unless_it_grows(change):
    assert category({**SMOOTH, "temporal_change": change, "biopsy_proven": "benign_concordant"}) == "2"


@pytest.mark.parametrize("change", ["new", "enlarging"])
def test_growth_after_a_benign_biopsy_is_not_dismissed(change):
    with pytest.raises(StudyError, match=f"course {change}"):
        category({**SMOOTH, "temporal_change": change, "biopsy_proven": "benign_concordant"})
    assert category({**STELLATE, "temporal_change": change, "biopsy_proven": "benign_concordant"}) == "5"


def test_nothing_to_describe_is_negative():
    assert category() == "1"
    assert DOCUMENT.decide({}).reasons == ("no finding: 1",)


@pytest.mark.parametrize(
    ("lesions", "code"),
    [
        ([CYST, NODE, stable(SMOOTH, 12)], "3"),
        ([stable(SMOOTH, 24), stable(SMOOTH, 6)], "3"),
        ([CYST, CYST, CLUMPED], "4"),
        ([IRREGULAR, STELLATE], "5"),
        ([CANCER, CYST], "6"),
        ([CANCER, stable(SMOOTH, 12)], "6"),
        ([CANCER, RINGS], "4"),
        ([CANCER, STELLATE], "5"),
    ],
)
def test_the_exam_takes_its_most_concerning_lesion(lesions, code):
    assert category(*lesions) == category(*lesions[::-1]) == code


@pytest.mark.parametrize(
    ("exam", "lesions", "code"),
    [
        ({"technically_adequate": False}, [], "0"),
        ({"technically_adequate": False}, [CYST], "0"),
        ({"technically_adequate": False}, [stable(SMOOTH, 12)], "0"),
        ({"technically_adequate": False}, [IRREGULAR], "4"),
        ({"technically_adequate": False}, [STELLATE], "5"),
        ({"technically_adequate": False}, [CANCER], "6"),
        ({"technically_adequate": True}, [], "1"),
        ({"additional_imaging_needed": True}, [], "0"),
        ({"additional_imaging_needed": True}, [CYST], "0"),
        ({"additional_imaging_needed": True}, [{**SMOOTH, "kinetics_delayed": "washout"}], "0"),
        ({"additional_imaging_needed": False}, [CYST], "2"),
        ({"prior_comparison_needed": True}, [], "0"),
        ({"prior_comparison_needed": True}, [{**SMOOTH, "t2_signal": "isointense"}], "0"),
        ({"prior_comparison_needed": False}, [], "1"),
    ],
)
def test_an_incomplete_exam_is_0(exam, lesions, code):
    assert category(*lesions, **exam) == code


@pytest.mark.parametrize(("lesion", "code"), [(stable(SMOOTH, 6), "3"), (CLUMPED, "4"), (STELLATE, "5")])
def test_a_screening_mri_may_end_in_3_to_5(lesion, code):
    assert category(lesion, exam_purpose="screening") == code


@pytest.mark.parametrize("field", ["mri_fgt", "mri_bpe", "mri_bpe_symmetry"])
def test_composition_and_background_decide_nothing(field):
    codes = {category(CYST, **{field: value}) for value in DOCUMENT.exam_fields[field].values}
    assert codes == {"2"}


@pytest.mark.parametrize("size", [1, 4, 5, 40, 200])
def test_size_decides_nothing(size):
    assert category({**stable(SMOOTH, 12), "size_mm": size, "prior_size_mm": 9}) == "3"


@pytest.mark.parametrize(
    ("study", "advice"),
    [
        ({"lesions": []}, "lifetime risk is 20% or more"),
        ({"lesions": [CYST]}, "lifetime risk is 20% or more"),
        ({"lesions": [stable(SMOOTH, 12)]}, "Short-interval"),
        ({"lesions": [CLUMPED]}, "Tissue diagnosis"),
        ({"lesions": [STELLATE]}, "Tissue diagnosis"),
        ({"lesions": [CANCER]}, "excision"),
        ({"additional_imaging_needed": True}, "additional imaging"),
        ({"technically_adequate": False}, "additional imaging"),
        ({"prior_comparison_needed": True}, "prior studies"),
    ],
)
def test_management(study, advice):
    assert advice in DOCUMENT.decide(study).management


def studies(times=12):
    for unseen in (False, True):
        for groups in reach("birads_mri", unseen).values():
            for plan in (plan for group in groups for plan in group):
                draw = Draw("mri", plan.scenario.name, plan.variant)
                yield from (sample(DOCUMENT, plan, draw) for _ in range(times))


def test_reports_hold_no_combination_that_readers_grade_differently():
    for study in studies():
        lesions = study["lesions"]
        decision = DOCUMENT.decide(study)
        assert "MR-3a" not in " ".join(decision.reasons)
        assert [one["finding_type"] for one in lesions] != ["focus"]
        assert not {13, 18, 23} & {one.get("stable_months") for one in lesions}
        waiting = study.get("additional_imaging_needed") or study.get("prior_comparison_needed")
        graded = [DOCUMENT.decide({"lesions": [one]}).category for one in lesions] if not waiting else []
        assert not {"4", "5", "6"} & set(graded) or study.get("technically_adequate") is not False


def test_studies_tell_one_story():
    for study in studies():
        changes = {one.get("temporal_change") for one in study["lesions"]}
        assert not ("baseline" in changes and study.get("comparison_available"))
        assert not (changes & {"stable", "new", "enlarging", "decreasing"} and not study.get("comparison_available"))
        for one in study["lesions"]:
            size, prior = one.get("size_mm"), one.get("prior_size_mm")
            if prior:
                relation = {"enlarging": prior < size, "stable": prior == size, "decreasing": prior > size}
                assert relation[one["temporal_change"]]
            if one["finding_type"] == "focus":
                assert size < 5
            if "nipple_invasion" in one.get("associated_features", ()):
                assert one["location_quadrant"] == "retroareolar"
            if {"pectoralis_invasion", "chest_wall_invasion"} & set(one.get("associated_features", ())):
                assert one["location_depth"] == "posterior"
            assert ("mass_shape" in one) == (one["finding_type"] == "mass")


def test_who_awaits_earlier_studies_tells_of_no_change():
    for study in (study for study in studies(60) if study.get("prior_comparison_needed")):
        told = {"temporal_change", "stable_months", "prior_size_mm"}
        assert not any(told & set(lesion) for lesion in study["lesions"])


def test_nothing_is_left_of_a_biopsy_where_no_images_were_made_before():
    for study in studies():
        cases = {lesion.get("special_case") for lesion in study["lesions"]}
        assert not (cases & {"clip", "fat_necrosis_typical"} and study.get("comparison_available") is False)
