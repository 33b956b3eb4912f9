"""Rows and bounds of BI-RADS ultrasound, 5th edition (2013)."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.contrast import changes
from multirads_hf.corpus.plan import published
from multirads_hf.corpus.sample import reach, study_of
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads.birads_us import course

DOCUMENT = rads.get("birads_us")

OVAL = {
    "mass_shape": "oval", "mass_margin": "circumscribed", "us_orientation": "parallel", "us_echo_pattern": "hypoechoic",
    "size_mm": 12,
}  # fmt: skip
LOBULATED = {**OVAL, "mass_margin": "microlobulated"}
INDISTINCT = {**OVAL, "mass_margin": "indistinct"}
COMPLEX = {**OVAL, "us_echo_pattern": "complex_cystic_solid", "us_vascularity": "internal"}
IRREGULAR = {
    "mass_shape": "irregular", "mass_margin": "angular", "us_orientation": "not_parallel",
    "us_echo_pattern": "hypoechoic", "size_mm": 14,
}  # fmt: skip
STELLATE = {**IRREGULAR, "mass_margin": "spiculated", "us_posterior_features": "shadowing"}
CANCER = {**STELLATE, "biopsy_proven": "malignant"}
CYST, DEBRIS, MICROCYSTS = (
    {"special_case": case} for case in ("simple_cyst", "complicated_cyst", "clustered_microcysts")
)
STABLE, SMALLER = {"temporal_change": "stable"}, {"temporal_change": "decreasing"}


def label(*lesions, **exam):
    return DOCUMENT.categorise({**exam, "lesions": list(lesions)})


def grown(size, prior, **more):
    return {**OVAL, "temporal_change": "enlarging", "size_mm": size, "prior_size_mm": prior, **more}


@pytest.mark.parametrize(
    ("lesion", "code"),
    [
        (CYST, "2"),
        ({**CYST, "us_echo_pattern": "anechoic", "us_posterior_features": "enhancement"}, "2"),
        ({**CYST, "palpable": True}, "2"),
        ({**CYST, "temporal_change": "new"}, "2"),
        ({"special_case": "intramammary_lymph_node", "us_vascularity": "internal"}, "2"),
        ({"special_case": "lipoma", "us_echo_pattern": "hyperechoic", "palpable": True}, "2"),
        ({"special_case": "implant"}, "2"),
        ({"special_case": "skin_lesion"}, "2"),
        ({"special_case": "postsurgical_scar_stable", "us_posterior_features": "shadowing", **STABLE}, "2"),
        ({"special_case": "multiple_bilateral_circumscribed_masses", "mass_shape": "oval"}, "2"),
        (OVAL, "3"),
        ({**OVAL, "us_echo_pattern": "isoechoic", "us_vascularity": "internal"}, "3"),
        ({**OVAL, "us_elasticity": "soft", "us_posterior_features": "enhancement"}, "3"),
        (DEBRIS, "3"),
        (MICROCYSTS, "3"),
        (LOBULATED, "4A"),
        ({**DEBRIS, "palpable": True}, "4A"),
        (COMPLEX, "4B"),
        ({**COMPLEX, "mass_shape": "round", "us_posterior_features": "enhancement"}, "4B"),
        ({"us_echo_pattern": "complex_cystic_solid", "us_vascularity": "internal"}, "4B"),
        (INDISTINCT, "4B"),
        ({**INDISTINCT, "mass_shape": "round", "palpable": True, "temporal_change": "new"}, "4B"),
        (IRREGULAR, "4C"),
        ({**IRREGULAR, "mass_margin": "indistinct", "us_posterior_features": "shadowing", "palpable": True}, "4C"),
        (STELLATE, "5"),
        ({**STELLATE, "associated_features": ["axillary_adenopathy"]}, "5"),
        ({**STELLATE, "associated_features": ["skin_thickening", "architectural_distortion"]}, "5"),
        ({**STELLATE, "us_elasticity": "hard", "us_calcifications": "in_mass", "us_vascularity": "rim"}, "5"),
        (CANCER, "6"),
        ({"biopsy_proven": "malignant"}, "6"),
        ({**OVAL, "biopsy_proven": "benign_concordant"}, "2"),
        ({**OVAL, "biopsy_proven": "benign_concordant", **STABLE, "palpable": True}, "2"),
    ],
)  # fmt: skip
def test_every_row_of_the_table(lesion, code):
    assert label(lesion) == code


@pytest.mark.parametrize("lesion", [OVAL, DEBRIS, MICROCYSTS])
@pytest.mark.parametrize(("months", "code"), [(6, "3"), (12, "3"), (24, "2"), (25, "2"), (60, "2")])
def test_surveillance_ends_at_24_months(lesion, months, code):
    assert label({**lesion, **STABLE, "stable_months": months}) == code
    assert label({**lesion, "stable_months": months}) == code


@pytest.mark.parametrize("months", [1, 5, 13, 18, 23])
def test_intervals_between_the_follow_ups_are_refused(months):
    with pytest.raises(StudyError, match=rf"course stable for {months} months"):
        label({**OVAL, **STABLE, "stable_months": months})


def test_stable_for_an_unknown_time_is_refused():
    with pytest.raises(StudyError, match="course stable"):
        label({**OVAL, **STABLE})


@pytest.mark.parametrize("lesion", [OVAL, DEBRIS, MICROCYSTS])
def test_what_became_smaller_is_benign(lesion):
    assert label({**lesion, **SMALLER}) == "2"


@pytest.mark.parametrize(("size", "prior"), [(13, 10), (8, 5), (26, 20), (33, 25), (20, 10)])
def test_growth_of_30_percent_and_3_mm_needs_a_biopsy(size, prior):
    assert label(grown(size, prior)) == "4A"
    assert label(grown(size, prior, temporal_change=None)) == "4A"
    assert label(grown(size, prior, **STABLE, stable_months=12)) == "4A"


@pytest.mark.parametrize(("size", "prior"), [(12, 10), (7, 5), (25, 20), (32, 25), (5, 4)])
def test_lesser_growth_is_refused(size, prior):
    assert course(grown(size, prior)) == "enlarging"
    with pytest.raises(StudyError, match="course enlarging"):
        label(grown(size, prior))


def test_growth_cannot_be_judged_without_the_prior_size():
    with pytest.raises(StudyError, match="course enlarging"):
        label(grown(18, None))


def test_a_biopsied_mass_that_has_grown_is_no_longer_benign():
    assert label(grown(20, 12, biopsy_proven="benign_concordant")) == "4A"
    assert label(grown(20, 12, biopsy_proven="benign_concordant", **STABLE)) == "4A"


@pytest.mark.parametrize(
    "lesion",
    [
        {**OVAL, "palpable": True},
        {**OVAL, "temporal_change": "new"},
        {**OVAL, "mass_shape": "round"},
        {**OVAL, "us_orientation": "not_parallel"},
        {**OVAL, "us_posterior_features": "shadowing"},
        {**OVAL, "us_calcifications": "in_mass"},
        {**OVAL, "us_elasticity": "hard"},
        {**OVAL, "us_vascularity": "rim"},
        {**OVAL, "associated_features": ["skin_retraction"]},
        {**OVAL, "us_echo_pattern": "heterogeneous"},
        {**DEBRIS, "us_vascularity": "internal"},
        {**CYST, "mass_margin": "indistinct"},
        {**LOBULATED, "us_echo_pattern": "isoechoic"},
        {**COMPLEX, "us_vascularity": "absent"},
        {**INDISTINCT, "us_posterior_features": "enhancement"},
        {**IRREGULAR, "us_orientation": "parallel"},
        {**IRREGULAR, "us_elasticity": "hard"},
        {**STELLATE, "us_posterior_features": "none"},
        {"special_case": "lipoma", "associated_features": ["axillary_adenopathy"]},
    ],
)
def test_what_readers_disagree_about_is_refused(lesion):
    with pytest.raises(StudyError, match=r"birads_us: lesions\[1\]: got .* Allowed: the patterns of the table"):
        label(CYST, lesion)


@pytest.mark.parametrize("name", ["mass_shape", "mass_margin", "us_echo_pattern"])
def test_a_mass_without_a_main_descriptor_is_refused_by_name(name):
    with pytest.raises(StudyError, match=rf"birads_us: lesions\[0\]\.{name} is missing"):
        label({**OVAL, name: None})


def test_descriptors_that_are_not_mentioned_are_harmless():
    bare = {"mass_shape": "oval", "mass_margin": "circumscribed", "us_echo_pattern": "hypoechoic"}
    told = {
        **bare, "us_orientation": "parallel", "us_posterior_features": "none", "us_calcifications": "none",
        "us_vascularity": "absent", "palpable": False, "us_elasticity": "not_done",
        "associated_features": [], "temporal_change": "baseline", "biopsy_proven": "none",
    }  # fmt: skip
    assert label(bare) == label(told) == "3"


def test_three_similar_masses_in_both_breasts_are_benign():
    right, left = {**OVAL, "laterality": "right"}, {**OVAL, "laterality": "left"}
    assert label(right, left, right) == "2"
    assert label(right, left) == "3"
    assert label(right, right, right) == "3"
    assert label(right, left, {**right, "mass_margin": "microlobulated"}) == "4A"


def test_several_cysts_in_both_breasts_are_benign():
    right, left = {**CYST, "laterality": "right"}, {**DEBRIS, "laterality": "left"}
    assert label(right, left, right) == "2"
    assert label(right, left, {**DEBRIS, "laterality": "right", "palpable": True}) == "2"
    assert label(right, left) == "3"
    assert label(left, left, left) == "3"


def test_masses_and_cysts_are_not_counted_together():
    mass, cysts = {**OVAL, "laterality": "right"}, {**DEBRIS, "laterality": "left"}
    assert label(mass, cysts, cysts) == "3"


def test_no_lesion_is_negative():
    assert label() == DOCUMENT.categorise({}) == "1"


@pytest.mark.parametrize(
    ("exam", "advice"),
    [
        ({"additional_imaging_needed": True}, "additional imaging"),
        ({"prior_comparison_needed": True}, "prior studies"),
        ({"technically_adequate": False}, "additional imaging"),
    ],
)
@pytest.mark.parametrize("lesions", [[], [CYST], [OVAL]])
def test_an_incomplete_exam_has_no_assessment_yet(exam, advice, lesions):
    decision = DOCUMENT.decide({**exam, "lesions": lesions})
    assert decision.category == "0"
    assert advice in decision.management


@pytest.mark.parametrize(
    ("lesion", "code"), [(LOBULATED, "4A"), (INDISTINCT, "4B"), (IRREGULAR, "4C"), (STELLATE, "5"), (CANCER, "6")]
)
def test_poor_images_do_not_undo_a_suspicious_lesion(lesion, code):
    assert label(CYST, lesion, technically_adequate=False) == code


@pytest.mark.parametrize(
    ("lesions", "code"),
    [
        ([CYST, OVAL], "3"),
        ([CANCER, CYST], "6"),
        ([CANCER, OVAL], "6"),
        ([CANCER, LOBULATED], "4A"),
        ([CANCER, COMPLEX], "4B"),
        ([CANCER, IRREGULAR], "4C"),
        ([CANCER, STELLATE], "5"),
        ([CYST, CYST, IRREGULAR, OVAL], "4C"),
        ([LOBULATED, INDISTINCT], "4B"),
    ],
)
def test_the_most_concerning_lesion_decides(lesions, code):
    assert label(*lesions) == label(*lesions[::-1]) == code


@pytest.mark.parametrize("lesion", [OVAL, LOBULATED, STELLATE])
def test_a_screening_ultrasound_may_end_in_any_category(lesion):
    assert label(lesion, exam_purpose="screening") == label(lesion, exam_purpose="diagnostic")


@pytest.mark.parametrize(
    ("lesion", "advice"),
    [(CYST, "Routine screening"), (OVAL, "6-month"), (LOBULATED, "Tissue diagnosis"), (CANCER, "excision")],
)
def test_management_of_a_complete_exam(lesion, advice):
    assert advice in DOCUMENT.decide({"lesions": [lesion]}).management


def test_undivided_4_is_no_label_of_this_document():
    assert DOCUMENT.codes == ("0", "1", "2", "3", "4A", "4B", "4C", "5", "6")
    assert {code for _, code, _ in published()["birads_us"]} <= set(DOCUMENT.codes)


@pytest.mark.parametrize("unseen", [False, True])
def test_studies_contain_only_what_the_table_describes(unseen):
    for modality, code in reach("birads_us", unseen):
        for place in range(40):
            study, _, _ = study_of(DOCUMENT, modality, code, Draw("us", code, place), unseen)
            codes = {label(lesion) for lesion in study["lesions"]}
            assert code != "0" or not codes & {"4A", "4B", "4C", "5", "6"}
            assert not (
                study.get("comparison_available") is False and study.get("exam_purpose") == "category_3_follow_up"
            )
            for lesion in study["lesions"]:
                assert lesion.get("stable_months") not in range(13, 24)
                assert not (lesion.get("palpable") and study.get("exam_purpose") == "screening")
                if lesion.get("temporal_change") == "enlarging":
                    assert course(lesion) == "grown"


def drawn():
    for unseen in (False, True):
        for modality, code in reach("birads_us", unseen):
            yield from (study_of(DOCUMENT, modality, code, Draw("us", code, place), unseen)[0] for place in range(40))


def graded(study):
    for change in changes(DOCUMENT, study):
        try:
            yield change.study, {label(lesion) for lesion in change.study["lesions"]}
        except StudyError:
            continue


def test_no_pair_holds_something_suspicious_in_an_exam_that_waits():
    for study, codes in (pair for one in drawn() for pair in graded(one)):
        waiting = study.get("additional_imaging_needed") or study.get("prior_comparison_needed")
        assert not (waiting and codes & {"4A", "4B", "4C", "5", "6"})


def test_an_inadequate_exam_does_not_say_that_no_more_imaging_is_needed():
    for study in drawn():
        for one in (study, *(after for after, _ in graded(study))):
            assert not (one.get("technically_adequate") is False and one.get("additional_imaging_needed") is False)


def test_no_pair_turns_a_cyst_into_one_with_debris_beside_earlier_studies():
    for study in (study for study in drawn() if study.get("comparison_available")):
        for change in changes(DOCUMENT, study):
            cases = [lesion.get("special_case") for lesion in study["lesions"]]
            after = [lesion.get("special_case") for lesion in change.study["lesions"]]
            assert cases == after or "simple_cyst" not in set(cases) ^ set(after)
