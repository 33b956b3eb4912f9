"""Patterns, gates and precedence of BI-RADS mammography (5th edition, 2013)."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.contrast import changes
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads._birads import CODES, HOURS, LEAST_FELT, RANK, categories, compare, overall, settle
from multirads_hf.rads.birads_mammography import BENIGN_CALCIFICATIONS, BENIGN_CASES, BESIDE_CANCER, GROUP_MM
from multirads_hf.scoring.labels import normalise_label

DOCUMENT = rads.get("birads_mammography")


def mass(shape="oval", margin="circumscribed", density="equal", **more):
    return {"finding_type": "mass", "mass_shape": shape, "mass_margin": margin, "mass_density": density, **more}


def calcs(morphology, distribution="grouped", **more):
    return {
        "finding_type": "calcifications",
        "calc_morphology": morphology,
        "calc_distribution": distribution,
        "laterality": "left",
        **more,
    }


def asymmetry(kind="focal", **more):
    return {"finding_type": "asymmetry", "asymmetry_type": kind, **more}


def case(name, **more):
    return {"finding_type": "special_case", "special_case": name, **more}


def stable(months):
    return {"temporal_change": "stable", "stable_months": months}


NEW, BASELINE, ENLARGING = ({"temporal_change": change} for change in ("new", "baseline", "enlarging"))
DISTORTION = {"finding_type": "architectural_distortion"}
STELLATE = mass("irregular", "spiculated", "high")
CANCER = {"finding_type": "mass", "biopsy_proven": "malignant"}
CYST_LIKE, BLAND = mass(**BASELINE), calcs("vascular")


def grade(*lesions, **exam):
    return DOCUMENT.categorise({"exam_purpose": "diagnostic", **exam, "lesions": list(lesions)})


@pytest.mark.parametrize("form", BENIGN_CALCIFICATIONS)
@pytest.mark.parametrize("spread", ["grouped", "regional", None])
def test_typically_benign_calcifications_are_2_wherever_they_lie(form, spread):
    assert grade(calcs(form, spread)) == "2"


@pytest.mark.parametrize("name", BENIGN_CASES)
def test_findings_with_a_name_are_2(name):
    assert grade(case(name)) == "2"


@pytest.mark.parametrize(
    ("lesion", "code"),
    [
        (calcs("round", "diffuse", laterality=None), "2"), (calcs("punctate", "regional", laterality=None), "2"),
        (mass(density="fat_containing"), "2"), (mass("round", density="fat_containing", palpable=True), "2"),
        (case("lipoma", mass_density="fat_containing"), "2"),
        (mass(**stable(24)), "2"), (mass("round", density="high", **stable(24)), "2"),
        (mass(palpable=True, **stable(36)), "2"),
        (case("multiple_bilateral_circumscribed_masses"), "2"), (asymmetry("global"), "2"),
        (asymmetry("global", **stable(8)), "2"),
        (asymmetry(**stable(24)), "2"), (calcs("punctate", **stable(30)), "2"),
        (mass(**BASELINE), "3"), (mass("round", density="low", **BASELINE), "3"), (mass(), "3"),
        (mass(palpable=False), "3"),
        (asymmetry(**BASELINE), "3"), (calcs("punctate", **BASELINE), "3"),
        (mass(**stable(6)), "3"), (mass(**stable(12)), "3"), (asymmetry(**stable(12)), "3"),
        (calcs("punctate", **stable(6)), "3"),
        (mass(margin="obscured", **NEW), "4A"), (mass(margin="obscured", **ENLARGING), "4A"),
        (mass(margin="obscured", palpable=True, **NEW), "4A"),
        (calcs("amorphous"), "4B"), (calcs("amorphous", **NEW), "4B"), (calcs("coarse_heterogeneous", **NEW), "4B"),
        (calcs("fine_pleomorphic"), "4B"), (calcs("fine_pleomorphic", **stable(12)), "4B"),
        (mass(margin="indistinct"), "4B"), (mass("round", "indistinct", **NEW), "4B"),
        (mass("irregular", "indistinct", "high", **NEW), "4C"), (calcs("fine_linear_branching", **NEW), "4C"),
        (DISTORTION, "4"), ({**DISTORTION, **NEW}, "4"),
        (STELLATE, "5"), ({**STELLATE, "palpable": True}, "5"),
        ({**calcs("fine_linear_branching", "segmental"), **mass("irregular", "indistinct", "equal")}, "5"),
        ({**calcs("fine_linear_branching", "linear"), **mass("oval", "spiculated", "high")}, "5"),
        ({**calcs("fine_linear_branching", "linear"), "finding_type": "mass", "mass_margin": "spiculated"}, "5"),
    ],
)  # fmt: skip
def test_each_row_of_the_table(lesion, code):
    assert grade(lesion) == code


@pytest.mark.parametrize("feature", BESIDE_CANCER)
def test_associated_features_leave_a_spiculated_mass_at_5(feature):
    assert grade({**STELLATE, "associated_features": [feature]}) == "5"


@pytest.mark.parametrize(
    "lesion",
    [
        mass(**stable(13)), mass(**stable(23)), mass(**stable(3)), mass(palpable=True), mass(density="high"),
        mass(**NEW), mass(**ENLARGING),
        mass(associated_features=["skin_thickening"]), mass(calc_morphology="fine_pleomorphic"),
        mass(calc_morphology="dystrophic"),
        mass(margin="obscured"), mass("round", "obscured", **NEW), mass(margin="obscured", density="low", **NEW),
        mass("irregular", "indistinct", "high"), mass("irregular", "indistinct", "equal", **NEW),
        mass(margin="microlobulated"),
        mass("irregular", "spiculated", "equal"), {**STELLATE, "associated_features": ["trabecular_thickening"]},
        calcs("round"), calcs("round", "diffuse"), calcs("punctate", **NEW), calcs("punctate", palpable=True),
        calcs("amorphous", "segmental"),
        calcs("coarse_heterogeneous"), calcs("fine_linear_branching"),
        calcs("fine_linear_branching", "segmental", **NEW),
        asymmetry("asymmetry"), asymmetry("developing", **NEW), asymmetry(**NEW), asymmetry("global", **NEW),
        asymmetry("global", palpable=True),
        {**DISTORTION, "associated_features": ["skin_retraction"]}, {"finding_type": "mass"}, {},
    ],
)  # fmt: skip
def test_what_the_table_leaves_to_judgement_is_refused(lesion):
    with pytest.raises(StudyError, match=r"lesions\[0\]: got .* Allowed: the patterns of the table"):
        grade(lesion)


def test_refusal_names_the_lesion_and_what_was_seen():
    with pytest.raises(StudyError, match=r"lesions\[1\]: got finding_type mass, mass_shape oval, mass_margin microlob"):
        grade(BLAND, mass(margin="microlobulated"))
    with pytest.raises(StudyError, match=r"lesions\[0\]: got no descriptor"):
        grade({"laterality": "left"})


@pytest.mark.parametrize(
    "lesion", [CYST_LIKE, mass(margin="obscured", **NEW), calcs("amorphous"), DISTORTION, STELLATE]
)  # fmt: skip
def test_a_screening_exam_recalls_what_is_not_benign(lesion):
    assert grade(lesion, exam_purpose="screening") == "0"
    assert grade(lesion, exam_purpose=None) == grade(lesion) != "0"


def test_a_screening_exam_keeps_1_2_and_6():
    assert grade(exam_purpose="screening") == "1"
    assert grade(BLAND, exam_purpose="screening") == "2"
    assert grade(CANCER, exam_purpose="screening") == "6"


def test_an_incomplete_exam_is_0_and_says_what_is_needed():
    for lesions in ([], [BLAND], [CYST_LIKE]):
        assert grade(*lesions, technically_adequate=False) == "0"
        assert grade(*lesions, additional_imaging_needed=True) == "0"
        assert grade(*lesions, prior_comparison_needed=True) == "0"
    advice = lambda **exam: DOCUMENT.decide({**exam, "lesions": []}).management  # noqa: E731
    assert advice(additional_imaging_needed=True) == "Recall for additional imaging."
    assert advice(prior_comparison_needed=True) == "Obtain prior studies for comparison."
    both = advice(additional_imaging_needed=True, prior_comparison_needed=True)
    assert both == "Recall for additional imaging. Obtain prior studies for comparison."


def test_poor_images_do_not_hide_a_suspicious_lesion():
    assert grade(STELLATE, technically_adequate=False) == "5"
    assert grade(CANCER, technically_adequate=False) == "6"
    assert grade(STELLATE, technically_adequate=False, exam_purpose="screening") == "0"


def test_an_asymmetry_on_one_view_awaits_further_views():
    assert grade(asymmetry("asymmetry"), additional_imaging_needed=True) == "0"
    assert grade(asymmetry("developing", **NEW), exam_purpose="screening", additional_imaging_needed=True) == "0"


def test_known_cancer_is_6_unless_a_new_lesion_is_suspicious():
    assert grade(CANCER, exam_purpose="known_cancer_staging") == "6"
    assert grade(CANCER, BLAND) == grade(CANCER, CYST_LIKE) == "6"
    assert grade(CANCER, mass(margin="obscured", **NEW)) == "4A"
    assert grade(CANCER, DISTORTION) == "4"
    assert grade(CANCER, STELLATE) == "5"
    assert grade({**STELLATE, "biopsy_proven": "malignant"}) == "6"


def test_a_concordant_benign_biopsy_is_2_until_the_lesion_grows():
    proven = {"biopsy_proven": "benign_concordant"}
    assert grade(mass(margin="indistinct", **proven)) == "2"
    assert grade(mass(margin="indistinct", **proven, **stable(6))) == "2"
    assert grade(mass(margin="indistinct", **proven, **ENLARGING)) == "4B"


def test_the_worst_lesion_decides_in_any_order():
    assert grade(BLAND, CYST_LIKE) == grade(CYST_LIKE, BLAND) == "3"
    assert grade(calcs("amorphous"), mass(margin="obscured", **NEW), BLAND) == "4B"
    assert grade(BLAND, case("clip"), mass("irregular", "indistinct", "high", **NEW)) == "4C"


def test_category_4_is_divided_or_not():
    with pytest.raises(StudyError, match=r"got 4 and 4B\. Allowed: category 4 undivided or 4A to 4C, not both"):
        grade(DISTORTION, calcs("amorphous"))
    assert grade(DISTORTION, STELLATE) == "5"


def test_three_similar_masses_in_both_breasts_are_2_and_two_are_3():
    right, left = {**CYST_LIKE, "laterality": "right"}, {**CYST_LIKE, "laterality": "left"}
    assert grade(right, left, left) == "2"
    assert grade(right, left) == "3"
    assert grade(left, left, left) == "3"
    assert grade(right, left, left, calcs("amorphous")) == "4B"


def test_rank_of_the_outcome_monitoring():
    order = ["1", "2", "3", "6", "0", "4A", "4B", "4C", "5"]
    assert sorted(order, key=RANK.__getitem__) == order
    assert RANK["4"] == RANK["4C"]
    assert overall("birads_mammography", []) == "1"
    assert [c.code for c in DOCUMENT.categories] == list(CODES)


def test_every_suspicious_category_advises_tissue():
    advice = {c.code: c.management for c in categories(*CODES)}
    assert {advice[code] for code in ("4", "4A", "4B", "4C", "5")} == {"Tissue diagnosis."}
    assert "6-month" in advice["3"]
    assert advice["1"] == advice["2"] == "Routine screening."
    assert [c.management for c in categories("1", routine="Routine MRI.")] == ["Routine MRI."]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("BI-RADS 4a", "4A"), ("BIRADS IVb", "4B"), ("Cat 4C", "4C"), ("BI-RADS: 4 (b)", "4B"),
        ("ACR BI-RADS category 4", "4"), ("6", "6"), ("BI-RADS V", "5"),
    ],
)  # fmt: skip
def test_labels_are_read_as_people_write_them(written, code):
    assert normalise_label(DOCUMENT, written) == code


@pytest.mark.parametrize(
    ("side", "quadrant", "hours"),
    [
        ("left", "upper_outer", (1, 2)), ("right", "upper_outer", (10, 11)),
        ("left", "lower_inner", (7, 8)), ("right", "lower_outer", (7, 8)),
    ],
)  # fmt: skip
def test_clock_positions_mirror_each_other(side, quadrant, hours):
    assert HOURS[side, quadrant] == hours
    study = {"lesions": [{"laterality": side, "location_quadrant": quadrant, "location_clock": 12}]}
    settle(study, Draw("clock"))
    assert study["lesions"][0]["location_clock"] in hours


def test_lesions_get_places_of_their_own():
    study = {"lesions": [{"laterality": "left", "location_quadrant": "central"} for _ in range(4)]}
    settle(study, Draw("places"))
    assert len({lesion["location_quadrant"] for lesion in study["lesions"]}) == 4


def test_what_is_said_of_earlier_studies_agrees():
    first = {"comparison_available": True, "lesions": [{**BASELINE}, stable(24)]}
    compare(first)
    assert first == {"comparison_available": False, "lesions": [BASELINE, {}]}
    later = {"lesions": [{**NEW}]}
    compare(later)
    assert later["comparison_available"] is True


def test_no_study_mixes_divided_and_undivided_4_or_holds_0_beside_cancer():
    for unseen in (False, True):
        for (_, code), groups in reach("birads_mammography", unseen).items():
            for plan in (plan for group in groups for plan in group):
                if code == "4":
                    assert plan.scenario.name in ("distortion", "second_lesion_beside_cancer", "hidden_among_benign")
                assert not (code == "0" and "cancer" in plan.scenario.name)


def test_a_screening_exam_has_no_lump():
    study = {"exam_purpose": "screening", "lesions": [{**case("lipoma"), "laterality": "left", "palpable": True}]}
    assert "palpable" not in DOCUMENT.complete(study, Draw(1))["lesions"][0]


def studies(times=12):
    for unseen in (False, True):
        for groups in reach("birads_mammography", unseen).values():
            for plan in (plan for group in groups for plan in group):
                draw = Draw("mammography", plan.scenario.name, plan.variant)
                yield from (sample(DOCUMENT, plan, draw) for _ in range(times))


def test_a_group_of_calcifications_lies_within_2_cm():
    for lesion in (lesion for study in studies() for lesion in study["lesions"]):
        assert lesion.get("calc_distribution") != "grouped" or lesion.get("size_mm", 0) <= GROUP_MM


def test_nothing_is_left_of_a_biopsy_where_no_images_were_made_before():
    for study in studies():
        after = [one for one in study["lesions"] if one.get("special_case") == "clip" or "biopsy_proven" in one]
        assert not (after and study.get("comparison_available") is False)


def test_what_is_3_at_first_sight_is_not_left_without_a_word_beside_earlier_studies():
    first_sight = ("MG-3a", "MG-3b", "MG-3c")
    for study in studies(30):
        changes_told = {lesion.get("temporal_change") for lesion in study["lesions"]} - {None, "baseline"}
        if not (study.get("comparison_available") or changes_told):
            continue
        reasons = DOCUMENT.decide({**study, "exam_purpose": "diagnostic"}).reasons
        assert not any(f"({row}): 3" in reason for row in first_sight for reason in reasons)


def test_no_pair_makes_a_lump_a_matter_of_screening():
    for study in studies(6):
        for change in changes(DOCUMENT, study):
            felt = any(lesion.get("palpable") for lesion in change.study["lesions"])
            assert not (felt and change.study.get("exam_purpose") == "screening")


def test_nobody_feels_a_tiny_lesion():
    for lesion in (lesion for study in studies() for lesion in study["lesions"] if lesion.get("palpable")):
        assert lesion["size_mm"] >= LEAST_FELT


def test_an_intramammary_node_that_must_move_lies_in_the_axillary_tail():
    node = {**case("intramammary_lymph_node"), "laterality": "left", "location_quadrant": "upper_outer"}
    study = {"lesions": [{**STELLATE, "laterality": "left", "location_quadrant": "upper_outer"}, node]}
    settle(study, Draw("node"))
    assert study["lesions"][1]["location_quadrant"] == "axillary_tail"
