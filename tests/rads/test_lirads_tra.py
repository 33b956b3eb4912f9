"""LI-RADS treatment response: a wrong step, version or therapy here would mislabel every report drawn from it."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.contrast import changes
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads import lirads_tra as module

DOCUMENT = rads.get("lirads_tra")
NONEVALUABLE, NONVIABLE, EQUIVOCAL = "LR-TR Nonevaluable", "LR-TR Nonviable", "LR-TR Equivocal"
NONPROGRESSING, VIABLE = "LR-TR Nonprogressing", "LR-TR Viable"
LOCOREGIONAL = ("rfa", "mwa", "cryoablation", "pei", "tae", "ctace", "deb_tace")
NONRADIATION, RADIATION = (*LOCOREGIONAL, "surgical_margin"), ("tare", "sbrt")
PRESENT, UNCERTAIN = {"masslike_enhancement": "present"}, {"masslike_enhancement": "uncertain"}
DIFFUSION, T2 = {"af_diffusion_restriction": True}, {"af_t2_mild_moderate": True}
MRI = {"modality": "mri"}


def label(*lesions, **exam):
    return DOCUMENT.categorise({**exam, "lesions": list(lesions)})


def treated(treatment, *findings):
    lesion = {"treatment_type": treatment}
    for found in findings:
        lesion |= found
    return lesion


def sampled():
    """Draw a few studies from every plan."""
    plans = {}
    for unseen in (False, True):
        for groups in reach("lirads_tra", unseen).values():
            plans |= {(p.scenario.name, p.variant, p.modality): p for group in groups for p in group}
    for name, plan in plans.items():
        yield from (sample(DOCUMENT, plan, Draw("tra", *name, place)) for place in range(8))


def test_labels_of_the_published_table():
    assert set(DOCUMENT.core_codes) == {NONEVALUABLE, NONVIABLE, EQUIVOCAL, NONPROGRESSING, VIABLE}
    assert {c.code: c.rank for c in DOCUMENT.categories}[VIABLE] == 4


@pytest.mark.parametrize("treatment", NONRADIATION)
@pytest.mark.parametrize("change", [None, "na", "new", "increased", "stable", "decreased"])
def test_nonradiation_tissue_is_viable_whatever_its_change(treatment, change):
    assert label(treated(treatment, PRESENT, {"enhancement_change": change})) == VIABLE


@pytest.mark.parametrize("treatment", RADIATION)
@pytest.mark.parametrize(
    ("change", "code"),
    [("new", VIABLE), ("increased", VIABLE), ("stable", NONPROGRESSING), ("decreased", NONPROGRESSING)],
)
def test_radiation_tissue_is_judged_by_its_change(treatment, change, code):
    assert label(treated(treatment, PRESENT, {"enhancement_change": change})) == code


@pytest.mark.parametrize("treatment", [*NONRADIATION, *RADIATION])
def test_steps_that_all_algorithms_share(treatment):
    for version in ("v2018", "v2024")[treatment == "surgical_margin" :]:
        lost = treated(treatment, {"masslike_enhancement": "not_assessable", "quality_limit": "motion"})
        assert label(lost, tra_version=version) == NONEVALUABLE
        assert label(treated(treatment, {"masslike_enhancement": "absent"}), tra_version=version) == NONVIABLE


@pytest.mark.parametrize("treatment", NONRADIATION)
def test_uncertain_is_equivocal_without_radiation(treatment):
    assert label(treated(treatment, UNCERTAIN)) == EQUIVOCAL


@pytest.mark.parametrize("treatment", RADIATION)
def test_radiation_has_no_equivocal(treatment):
    assert label(treated(treatment, UNCERTAIN)) == NONPROGRESSING


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ({}, EQUIVOCAL),
        ({"aphe": "none", "washout": "none", "similar_to_pretreatment": "no"}, EQUIVOCAL),
        ({"aphe": "not_assessable", "washout": "not_assessable", "similar_to_pretreatment": "unknown"}, EQUIVOCAL),
        ({"aphe": "present"}, VIABLE),
        ({"washout": "present"}, VIABLE),
        ({"similar_to_pretreatment": "yes"}, VIABLE),
    ],
)
@pytest.mark.parametrize("treatment", LOCOREGIONAL)
def test_v2018_needs_one_of_three_features(treatment, findings, code):
    assert label(treated(treatment, PRESENT, findings), tra_version="v2018") == code
    assert label(treated(treatment, PRESENT, findings), tra_version="v2024") == VIABLE


def test_v2018_takes_no_ancillary_feature_and_needs_masslike_tissue():
    assert label(treated("mwa", UNCERTAIN, DIFFUSION, {"af_applied": True}), **MRI, tra_version="v2018") == EQUIVOCAL
    assert label(treated("mwa", UNCERTAIN, {"aphe": "present"}), tra_version="v2018") == EQUIVOCAL


def test_v2018_has_one_algorithm_for_radiation_too():
    stable = treated("tare", PRESENT, {"enhancement_change": "stable", "aphe": "present"})
    assert label(stable, tra_version="v2018") == VIABLE
    assert label(stable, tra_version="v2024") == label(stable) == NONPROGRESSING


@pytest.mark.parametrize("feature", [DIFFUSION, T2, DIFFUSION | T2])
def test_ancillary_features_raise_uncertain_tissue_unless_not_used(feature):
    assert label(treated("rfa", UNCERTAIN, feature), **MRI) == VIABLE
    assert label(treated("rfa", UNCERTAIN, feature, {"af_applied": True}), **MRI) == VIABLE
    assert label(treated("rfa", UNCERTAIN, feature, {"af_applied": False}), **MRI) == EQUIVOCAL
    assert label(treated("rfa", UNCERTAIN, dict.fromkeys(feature, False)), **MRI) == EQUIVOCAL


@pytest.mark.parametrize("treatment", ["rfa", "tare"])
def test_ancillary_features_never_count_without_enhancement(treatment):
    lesion = treated(treatment, {"masslike_enhancement": "absent", "af_new_or_increased": True}, DIFFUSION, T2)
    assert label(lesion, **MRI) == NONVIABLE


@pytest.mark.parametrize("feature", [DIFFUSION, T2])
def test_after_radiation_only_new_ancillary_features_count(feature):
    stable = treated("sbrt", PRESENT, feature, {"enhancement_change": "stable"})
    assert label(stable, **MRI) == NONPROGRESSING
    assert label(stable | {"af_new_or_increased": False}, **MRI) == NONPROGRESSING
    assert label(stable | {"af_new_or_increased": True}, **MRI) == VIABLE
    assert label(stable | {"af_new_or_increased": True, "af_applied": False}, **MRI) == NONPROGRESSING


@pytest.mark.parametrize(
    ("morphology", "code"),
    [
        ("none", NONVIABLE), ("smooth_thin_rim", NONVIABLE), ("perfusional_geographic", NONVIABLE),
        ("nodular", VIABLE), ("masslike", VIABLE), ("thick_irregular_rim", VIABLE), ("indeterminate", EQUIVOCAL),
        (None, NONVIABLE),
    ],
)  # fmt: skip
def test_morphology_tells_what_is_masslike_where_it_is_not_said(morphology, code):
    assert label(treated("deb_tace", {"enhancement_morphology": morphology})) == code


def test_what_is_said_of_masslike_enhancement_comes_before_morphology():
    assert label(treated("mwa", UNCERTAIN, {"enhancement_morphology": "nodular"})) == EQUIVOCAL


@pytest.mark.parametrize(
    ("size", "prior", "code"),
    [
        (20, 20, NONPROGRESSING), (22, 20, NONPROGRESSING), (24, 20, NONPROGRESSING), (25, 20, VIABLE),
        (14, 10, NONPROGRESSING), (15, 10, VIABLE),
        (45, 40, NONPROGRESSING), (49, 40, NONPROGRESSING), (50, 40, VIABLE),
        (18, 32, NONPROGRESSING), (10, 0, VIABLE), (3, 0, VIABLE),
    ],
)  # fmt: skip
def test_measured_growth_counts_where_no_word_is_said(size, prior, code):
    measured = {"enhancing_component_size_mm": size, "prior_enhancing_component_size_mm": prior}
    assert label(treated("tare", PRESENT, measured)) == code
    assert label(treated("tare", PRESENT, measured, {"enhancement_change": "na"})) == code
    assert label(treated("tare", PRESENT, measured, {"enhancement_change": "stable"})) == NONPROGRESSING
    assert label(treated("tare", PRESENT, measured, {"enhancement_change": "increased"})) == VIABLE


@pytest.mark.parametrize("limit", ["missing_phase", "motion", "beam_hardening_artifact", "mistimed_arterial"])
def test_a_limitation_alone_does_not_make_a_lesion_nonevaluable(limit):
    assert label(treated("ctace", PRESENT, {"quality_limit": limit, "aphe": "not_assessable"})) == VIABLE
    assert label(treated("ctace", {"quality_limit": limit, "masslike_enhancement": "absent"})) == NONVIABLE


@pytest.mark.parametrize("sizes", [(2, 1), (12, 80), (200, 4)])
def test_no_size_decides_without_radiation(sizes):
    found = dict(zip(("enhancing_component_size_mm", "treatment_zone_size_mm"), sizes, strict=True))
    assert label(treated("rfa", PRESENT, found)) == VIABLE
    assert label(treated("rfa", {"masslike_enhancement": "absent"}, found)) == NONVIABLE


def test_the_exam_takes_the_first_label_of_the_order():
    lesions = [
        treated("mwa", PRESENT), treated("mwa", UNCERTAIN), treated("tare", PRESENT, {"enhancement_change": "stable"}),
        treated("mwa", {"masslike_enhancement": "not_assessable"}), treated("sbrt", {"masslike_enhancement": "absent"}),
    ]  # fmt: skip
    for first, code in enumerate((VIABLE, EQUIVOCAL, NONPROGRESSING, NONEVALUABLE, NONVIABLE)):
        decision = DOCUMENT.decide({"lesions": lesions[first:][::-1]})
        assert decision.category == code
        assert decision.management == DOCUMENT.category(code).management


def test_an_untreated_observation_never_names_the_exam():
    clear = treated("rfa", {"masslike_enhancement": "absent"})
    for code in ("LR-3", "LR-5", "LR-M", "LR-TIV"):
        assert label(clear, study_category_diagnostic=code) == NONVIABLE


@pytest.mark.parametrize(
    ("study", "message"),
    [
        ({}, "lesions is empty"),
        ({"lesions": []}, "lesions is empty"),
        ({"lesions": [PRESENT]}, r"lesions\[0\].treatment_type is missing"),
        ({"lesions": [treated("mwa"), treated("tare", PRESENT)]}, r"lesions\[1\].enhancement_change is missing"),
        ({"modality": "ct", "lesions": [treated("mwa", DIFFUSION)]}, "restriction: got True. Allowed: on MRI alone"),
        ({"modality": "ct", "contrast_agent": "HBA", "lesions": [treated("mwa")]}, "contrast_agent: got 'HBA', ct"),
        ({"tra_version": "v2018", "lesions": [treated("surgical_margin")]}, "got 'surgical_margin', v2018"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused(study, message):
    with pytest.raises(StudyError, match=message):
        DOCUMENT.categorise(study)


def test_treatment_is_not_needed_where_all_algorithms_agree():
    assert label({"masslike_enhancement": "absent"}) == NONVIABLE
    assert label({"masslike_enhancement": "not_assessable"}) == NONEVALUABLE
    assert label(PRESENT | {"algorithm": "nonradiation"}) == VIABLE
    assert label(PRESENT, tra_version="v2018") == EQUIVOCAL


def test_studies_name_the_version_where_versions_disagree():
    for study in sampled():
        if "tra_version" not in study:
            assert len({DOCUMENT.categorise({**study, "tra_version": v}) for v in ("v2018", "v2024")}) == 1, study


def test_studies_have_possible_sizes_times_and_features():
    for study in sampled():
        for lesion in study["lesions"]:
            component, radiation = lesion.get("enhancing_component_size_mm", 0), lesion["treatment_type"] in RADIATION
            assert lesion.get("treatment_zone_size_mm", 999) > component
            assert lesion.get("pretreatment_size_mm", 999) >= component
            if radiation and lesion.get("masslike_enhancement") == "present":
                grew = module.change(lesion) in ("new", "increased")
                assert lesion.get("months_since_treatment", 12) in (range(6, 19) if grew else range(1, 13))
                assert lesion["prior_timepoint"] in (
                    ("post_treatment",) if grew else ("pretreatment", "post_treatment")
                )
            assert not (radiation and (study.get("tra_version") == "v2018" or "uncertain" in lesion.values()))
            assert not (study["modality"] == "ct" and any(name.startswith("af_") for name in lesion))
        segments = [lesion["segment"] for lesion in study["lesions"]]
        assert len(set(segments)) == len(segments)


def test_the_same_tissue_flips_with_the_therapy():
    edit = next(e for e in DOCUMENT.edits if e.field == "treatment_type" and "tare" in e.values)
    stable = treated("deb_tace", PRESENT, {"enhancement_change": "stable"})
    assert {label(stable | {"treatment_type": value}) for value in edit.values} == {VIABLE, NONPROGRESSING}


def test_pairs_hold_no_old_ancillary_feature_after_radiation():
    for study in sampled():
        for made in (study, *(change.study for change in changes(DOCUMENT, study))):
            for lesion in made["lesions"]:
                seen = any(lesion.get(name) for name in module.FEATURES)
                assert not seen or lesion["treatment_type"] not in RADIATION or lesion.get("af_new_or_increased"), made


def test_embolized_and_irradiated_tumors_are_not_put_into_the_caudate_lobe():
    lesions = [lesion for study in sampled() for lesion in study["lesions"]]
    assert {one["treatment_type"] for one in lesions if one["segment"] == "I"} <= set(module.ABLATION)
