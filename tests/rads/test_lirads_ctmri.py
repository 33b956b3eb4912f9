"""LI-RADS CT/MRI: a wrong cell, bound or order here would mislabel every report drawn from it."""

import pytest

from multirads_hf import rads
from multirads_hf.corpus.contrast import changes
from multirads_hf.corpus.sample import _plan, reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads import lirads_ctmri as module

DOCUMENT = rads.get("lirads_ctmri")
WASHOUT, CAPSULE, GROWTH = {"washout": "nonperipheral"}, {"capsule": "enhancing"}, {"threshold_growth": True}
APHE, NO_APHE = {"aphe": "nonrim"}, {"aphe": "none"}
GADOXETATE = {"modality": "mri", "contrast_agent": "HBA"}
HCC = {"size_mm": 34, **APHE, **WASHOUT, **CAPSULE}
CYST = {"size_mm": 12, "benign_assessment": "definite", "benign_entity": "cyst"}
PROBABLE = {"size_mm": 12, "benign_assessment": "probable", "benign_entity": "hemangioma"}
SIDEROTIC = {"benign_entity": "distinctive_nodule"}
RESTRICTED = {"af_malignancy": ["restricted_diffusion", "mild_moderate_t2_hyperintensity"]}


def label(*lesions, **exam):
    return DOCUMENT.categorise({**exam, "lesions": list(lesions)})


@pytest.mark.parametrize("aphe", [NO_APHE, {}, {"aphe": "not_assessable"}, {"aphe": None}])
@pytest.mark.parametrize(
    ("features", "under", "over"),
    [
        ({}, "LR-3", "LR-3"),
        (WASHOUT, "LR-3", "LR-4"), (CAPSULE, "LR-3", "LR-4"), (GROWTH, "LR-3", "LR-4"),
        (WASHOUT | CAPSULE, "LR-4", "LR-4"), (WASHOUT | GROWTH, "LR-4", "LR-4"), (CAPSULE | GROWTH, "LR-4", "LR-4"),
        (WASHOUT | CAPSULE | GROWTH, "LR-4", "LR-4"),
    ],
)  # fmt: skip
def test_table_without_aphe(aphe, features, under, over):
    for size, expected in ((1, under), (9, under), (10, under), (19, under), (20, over), (21, over), (120, over)):
        assert label({"size_mm": size, **aphe, **features}) == expected, size


@pytest.mark.parametrize(
    ("features", "tiny", "small", "large"),
    [
        ({}, "LR-3", "LR-3", "LR-4"),
        (WASHOUT, "LR-4", "LR-5", "LR-5"),
        (CAPSULE, "LR-4", "LR-4", "LR-5"),
        (GROWTH, "LR-4", "LR-5", "LR-5"),
        (WASHOUT | CAPSULE, "LR-4", "LR-5", "LR-5"),
        (WASHOUT | GROWTH, "LR-4", "LR-5", "LR-5"),
        (CAPSULE | GROWTH, "LR-4", "LR-5", "LR-5"),
        (WASHOUT | CAPSULE | GROWTH, "LR-4", "LR-5", "LR-5"),
    ],
)
def test_table_with_nonrim_aphe(features, tiny, small, large):
    for size, expected in ((1, tiny), (9, tiny), (10, small), (11, small), (19, small), (20, large), (21, large)):
        assert label({"size_mm": size, **APHE, **features}) == expected, size


@pytest.mark.parametrize(
    ("size", "prior", "months", "source", "expected"),
    [
        (18, 12, 6, "mri", "LR-5"), (18, 12, 6, "ct", "LR-5"),
        (17, 12, 6, "mri", "LR-3"),
        (18, 12, 6.5, "mri", "LR-3"), (18, 12, 7, "mri", "LR-3"),
        (18, 12, 6, "ultrasound", "LR-3"), (18, 12, 6, "none", "LR-3"),
        (15, 10, 3, "ct", "LR-5"), (14, 10, 3, "ct", "LR-3"),
        (24, 12, 9, "ct", "LR-4"),
        (30, 20, 6, "mri", "LR-5"), (29, 20, 6, "mri", "LR-4"),
    ],
)  # fmt: skip
def test_threshold_growth_is_half_in_six_months_against_ct_or_mri(size, prior, months, source, expected):
    growth = {"prior_size_mm": prior, "prior_interval_months": months, "prior_modality": source}
    assert label({"size_mm": size, **APHE, **growth, "af_applied": False}) == expected


def test_measured_growth_overrules_the_words():
    stable = {"prior_size_mm": 15, "prior_interval_months": 6, "prior_modality": "ct", "threshold_growth": True}
    assert label({"size_mm": 16, **APHE, **stable}) == "LR-3"
    assert label({"size_mm": 16, **APHE, **stable, "prior_size_mm": 10, "threshold_growth": False}) == "LR-5"


def test_stated_growth_counts_where_a_measurement_is_missing():
    assert label({"size_mm": 16, **APHE, **GROWTH, "prior_modality": "ct"}) == "LR-5"
    assert label({"size_mm": 16, **APHE, **GROWTH, "prior_modality": "ultrasound"}) == "LR-3"


@pytest.mark.parametrize(
    ("size", "prior", "months", "expected"),
    [
        (16, 8, 7, "LR-4"), (16, 8, 6.5, "LR-4"),
        (15, 8, 7, "LR-3"),
        (12, 0, 24, "LR-4"), (10, 0, 24, "LR-4"), (12, 0, 25, "LR-3"), (9, 0, 3, "LR-3"),
        (15, 12, 5, "LR-3"),
    ],
)  # fmt: skip
def test_subthreshold_growth_that_measurements_tell(size, prior, months, expected):
    growth = {"prior_size_mm": prior, "prior_interval_months": months, "prior_modality": "ct"}
    assert label({"size_mm": size, **APHE, **growth}) == expected
    assert label({"size_mm": size, **APHE, **growth, "prior_modality": "ultrasound"}) == "LR-3"


@pytest.mark.parametrize("stated", [{"subthreshold_growth": True}, {"af_malignancy": ["subthreshold_growth"]}])
def test_stated_subthreshold_growth_is_ancillary_and_no_major_feature(stated):
    assert label({"size_mm": 13, **APHE, **stated}) == "LR-4"
    assert label({"size_mm": 24, **APHE, **stated}) == "LR-4"


@pytest.mark.parametrize("feature", module.TARGETOID)
def test_a_targetoid_feature_wins_over_an_lr5_table(feature):
    assert label({**HCC, "lrm_targetoid": [feature]}) == "LR-M"
    assert label({"lrm_targetoid": [feature]}) == "LR-M"


@pytest.mark.parametrize("told", [{"aphe": "rim"}, {"washout": "peripheral"}])
def test_rim_aphe_and_peripheral_washout_are_targetoid_wherever_they_are_told(told):
    assert label({**HCC, **told}) == "LR-M"


@pytest.mark.parametrize(
    "feature", ["infiltrative", "marked_diffusion_restriction", "necrosis_or_severe_ischemia", "other_non_hcc"]
)
def test_other_lrm_features_leave_lr5_alone_and_turn_the_rest(feature):
    told = {"lrm_nontargetoid": [feature]}
    assert label({**HCC, **told}) == "LR-5"
    assert label({"size_mm": 19, **APHE, **CAPSULE, **told}) == "LR-M"
    assert label({"size_mm": 90, **NO_APHE, **told}) == "LR-M"
    assert label(told) == "LR-M", "without APHE it cannot be LR-5, whatever the size"
    with pytest.raises(StudyError, match="size_mm is missing"):
        label({**APHE, **told})


def test_order_of_the_steps():
    everything = {
        **HCC,
        "nc_reason": "motion",
        "tiv": "definite",
        "benign_assessment": "definite",
        "lrm_targetoid": ["rim_aphe"],
    }
    expected = ["LR-NC", "LR-TIV", "LR-1", "LR-M", "LR-5"]
    found = [label(everything)]
    for step in ("nc_reason", "tiv", "benign_assessment", "lrm_targetoid"):
        everything.pop(step)
        found.append(label(everything))
    assert found == expected
    assert label({**HCC, "benign_assessment": "probable", "lrm_targetoid": ["rim_aphe"]}) == "LR-2"


def test_only_definite_tumor_in_vein_is_lr_tiv():
    assert label({**HCC, "tiv": "equivocal", "tiv_vein": "right portal vein"}) == "LR-5"
    assert label({**HCC, "tiv": "none"}) == "LR-5"
    assert label({"tiv": "definite"}) == "LR-TIV"


@pytest.mark.parametrize(
    "entity", [v for v in DOCUMENT.lesion_fields["benign_entity"].values if v not in ("none", "distinctive_nodule")]
)
def test_a_named_entity_is_definite_unless_called_probable(entity):
    assert label({"benign_entity": entity}) == "LR-1"
    assert label({"benign_entity": entity, "benign_assessment": "definite"}) == "LR-1"
    assert label({"benign_entity": entity, "benign_assessment": "probable"}) == "LR-2"
    assert label({"size_mm": 12, **APHE, "benign_entity": entity, "benign_assessment": "none"}) == "LR-3"


@pytest.mark.parametrize(
    ("nodule", "expected"),
    [
        ({"size_mm": 8}, "LR-2"), ({"size_mm": 19}, "LR-2"), ({"size_mm": 20}, "LR-3"),
        ({"size_mm": 19, "af_malignancy": ["us_visibility"]}, "LR-3"),
        ({"size_mm": 20, "af_malignancy": ["us_visibility"]}, "LR-4"),
        ({"size_mm": 25, "benign_assessment": "probable"}, "LR-3"),
        ({"size_mm": 12, "benign_assessment": "probable"}, "LR-2"),
        ({"size_mm": 12, **WASHOUT}, "LR-3"), ({"size_mm": 12, **APHE}, "LR-3"),
        ({"size_mm": 12, **APHE, **WASHOUT}, "LR-5"),
        ({"size_mm": 12, "lrm_targetoid": ["targetoid_dwi"]}, "LR-M"),
        ({"size_mm": 12, "lrm_nontargetoid": ["infiltrative"]}, "LR-M"),
    ],
)  # fmt: skip
def test_distinctive_nodule(nodule, expected):
    assert label({**SIDEROTIC, **nodule}) == expected


@pytest.mark.parametrize(
    ("lesion", "expected"),
    [
        ({"size_mm": 14, **APHE, "af_malignancy": ["restricted_diffusion"]}, "LR-4"),
        ({"size_mm": 14, **APHE, "af_malignancy": ["restricted_diffusion", "us_visibility", "corona_enhancement"]},
         "LR-4"),
        ({"size_mm": 24, **APHE, "af_malignancy": ["restricted_diffusion", "us_visibility"]}, "LR-4"),
        ({**HCC, "af_malignancy": ["us_visibility"]}, "LR-5"),
        ({**PROBABLE, "af_malignancy": ["us_visibility"]}, "LR-3"),
        ({"size_mm": 14, **APHE, "capsule": "nonenhancing"}, "LR-4"),
        ({"size_mm": 14, **APHE, "af_benign": ["size_stability_2y"]}, "LR-2"),
        ({"size_mm": 14, **APHE, "af_benign": ["size_stability_2y", "parallels_blood_pool"]}, "LR-2"),
        ({"size_mm": 24, **APHE, "af_benign": ["size_stability_2y"]}, "LR-3"),
        ({**HCC, "af_benign": ["size_reduction"]}, "LR-4"),
        ({**PROBABLE, "af_benign": ["size_stability_2y"]}, "LR-1"),
        ({"size_mm": 14, **APHE, "af_benign": ["size_stability_2y"], "af_malignancy": ["us_visibility"]}, "LR-3"),
        ({"aphe": "rim", "af_benign": ["size_stability_2y"]}, "LR-M"),
        ({"tiv": "definite", "af_benign": ["size_stability_2y"]}, "LR-TIV"),
        ({**CYST, "af_malignancy": ["us_visibility"]}, "LR-1"),
    ],
)  # fmt: skip
def test_ancillary_features_move_one_step_and_never_up_to_lr5(lesion, expected):
    assert label(lesion) == expected


@pytest.mark.parametrize("feature", ["af_malignancy", "af_benign"])
def test_ancillary_features_that_are_not_applied_move_nothing(feature):
    value = {"af_malignancy": "us_visibility", "af_benign": "size_stability_2y"}[feature]
    assert label({"size_mm": 14, **APHE, feature: [value], "af_applied": False}) == "LR-3"


@pytest.mark.parametrize(
    ("phase", "expected"), [(None, "LR-5"), ("PVP", "LR-5"), ("DP", "LR-3"), ("TP", "LR-3"), ("HBP", "LR-3")]
)
def test_gadoxetate_shows_washout_in_the_portal_venous_phase_alone(phase, expected):
    assert label({"size_mm": 14, **APHE, **WASHOUT, "washout_phase": phase}, **GADOXETATE) == expected


@pytest.mark.parametrize("exam", [{"modality": "ct"}, {"modality": "mri", "contrast_agent": "ECA"}, {}])
def test_delayed_phase_washout_counts_on_ct_and_extracellular_agents(exam):
    assert label({"size_mm": 14, **APHE, **WASHOUT, "washout_phase": "DP"}, **exam) == "LR-5"


def test_images_that_cannot_be_read():
    lost = {"image_quality": "noncategorizable"}
    assert label({"size_mm": 14, **APHE}, **lost) == "LR-NC"
    assert label(CYST, **lost) == "LR-1"
    assert label({"tiv": "definite"}, **lost) == "LR-TIV"
    assert label(**lost) == "LR-NC"
    assert label({**HCC, "nc_reason": "artifact"}) == "LR-NC"
    assert label({**HCC, "nc_reason": "none"}) == "LR-5"
    assert label({**HCC, "nc_reason": "motion"}, image_quality="limited_but_categorizable") == "LR-5"
    assert label(HCC, image_quality="limited_but_categorizable") == "LR-5"


def test_the_exam_takes_the_first_category_in_the_order():
    lesions = {
        "LR-TIV": {"tiv": "definite"}, "LR-M": {"aphe": "rim"}, "LR-5": HCC, "LR-4": {"size_mm": 22, **APHE},
        "LR-3": {"size_mm": 12, **APHE}, "LR-NC": {"nc_reason": "motion"}, "LR-2": PROBABLE, "LR-1": CYST,
    }  # fmt: skip
    while lesions:
        assert label(*reversed(lesions.values())) == next(iter(lesions))
        del lesions[next(iter(lesions))]
    assert label() == "NO_OBS"
    assert DOCUMENT.categorise({}) == "NO_OBS"


@pytest.mark.parametrize(
    ("beside", "reason"),
    [([HCC], "if contiguous with the LR-5 mass: definitely due to HCC"), ([CYST], "probably due to HCC"),
     ([{"aphe": "rim"}], "if contiguous with the LR-M mass: may be due to non-HCC malignancy")],
)  # fmt: skip
def test_etiology_of_tumor_in_vein(beside, reason):
    assert reason in DOCUMENT.decide({"lesions": [{"tiv": "definite"}, *beside]}).reasons


@pytest.mark.parametrize(
    ("study", "message"),
    [
        ({"modality": "ct", "contrast_agent": "HBA"}, r"contrast_agent: got 'HBA', ct\. Allowed: iodinated\."),
        ({"modality": "mri", "contrast_agent": "iodinated"}, r"Allowed: ECA, HBA\."),
        ({"modality": "ct", "lesions": [{**HCC, "af_malignancy": ["restricted_diffusion"]}]},
         r"lesions\[0\]\.af_malignancy.*on MRI alone"),
        ({"modality": "ct", "lesions": [CYST, {**HCC, "af_benign": ["marked_t2_hyperintensity"]}]},
         r"lesions\[1\]\.af_benign"),
        ({"modality": "ct", "lesions": [{**HCC, "lrm_targetoid": ["targetoid_tp_hbp"]}]}, "hepatobiliary agent alone"),
        ({"contrast_agent": "ECA", "lesions": [{**HCC, "af_malignancy": ["hbp_hypointensity"]}]},
         "hepatobiliary agent alone"),
        ({"contrast_agent": "ECA", "lesions": [{**HCC, "washout_phase": "TP"}]}, "washout_phase: got 'TP'"),
        ({"contrast_agent": "iodinated", "lesions": [{**HCC, "lrm_nontargetoid": ["marked_diffusion_restriction"]}]},
         "on MRI alone"),
        ({"lesions": [{}]}, "size_mm is missing"),
        ({"lesions": [{"aphe": "nonrim"}]}, "size_mm is missing"),
        ({"lesions": [SIDEROTIC]}, "size_mm is missing"),
        ({"lesions": [{"size_mm": 14.5}]}, "a whole number"),
        ({"lesions": [{"size_mm": 0}]}, "from 1 to 300 mm"),
        ({"lesions": [{"aphe": "non-rim"}]}, "Did you mean 'nonrim'"),
        ({"modality": "CT"}, "Allowed: ct, mri"),
    ],
)  # fmt: skip
def test_refusals_name_the_field_and_what_is_allowed(study, message):
    with pytest.raises(StudyError, match=message):
        DOCUMENT.categorise(study)


@pytest.mark.parametrize(
    ("lesion", "expected"),
    [
        ({"segment": "VIII", "size_mm": 18, **APHE, **WASHOUT, "capsule": "none"}, "LR-5"),
        ({"segment": "VI", "size_mm": 14, **APHE, "washout": "none", "capsule": "none"}, "LR-3"),
        ({"size_mm": 24, **APHE}, "LR-4"),
        ({"size_mm": 16, **APHE, **CAPSULE, "washout": "none"}, "LR-4"),
        ({"aphe": "rim", "washout": "peripheral", "lrm_targetoid": ["delayed_central_enhancement"]}, "LR-M"),
        ({"lrm_nontargetoid": ["infiltrative"], "tiv": "none"}, "LR-M"),
        ({"tiv": "definite", "tiv_vein": "right portal vein"}, "LR-TIV"),
        ({"benign_entity": "cyst"}, "LR-1"),
        ({**SIDEROTIC, "size_mm": 12}, "LR-2"),
        ({"size_mm": 13, **APHE, **RESTRICTED, "af_applied": True}, "LR-4"),
        ({"size_mm": 13, **APHE, "af_benign": ["size_stability_2y"], "af_applied": True}, "LR-2"),
        ({"size_mm": 13, "aphe": "not_assessable", "washout": "not_assessable", "nc_reason": "motion"}, "LR-NC"),
    ],
)  # fmt: skip
def test_phrases_as_radiologists_write_them(lesion, expected):
    assert label(lesion) == expected


def _studies(draws=40):
    for scenario in DOCUMENT.scenarios:
        for modality in scenario.modalities or DOCUMENT.modalities:
            for variant in range(len(scenario.variants)):
                plan, draw = (
                    _plan(DOCUMENT, scenario, variant, modality),
                    Draw("test", scenario.name, variant, modality),
                )
                for _ in range(draws):
                    yield scenario.name, sample(DOCUMENT, plan, draw)


def _studies_and_pairs():
    """The sampled studies, and what the minimal pairs make of them."""
    kept = {scenario.name for scenario in DOCUMENT.scenarios if not scenario.unseen}
    for name, study in _studies():
        yield name, study
        yield from ((name, change.study) for change in changes(DOCUMENT, study) if name in kept)


def test_every_scenario_gives_one_category_and_only_legal_studies():
    found = {}
    for name, study in _studies():
        found.setdefault(name, set()).add(DOCUMENT.categorise(study))
        assert all(value is not None for lesion in study["lesions"] for value in lesion.values())
    assert all(len(categories) == 1 for categories in found.values()), found


@pytest.mark.parametrize("unseen", [False, True])
def test_every_category_is_reached_in_both_modalities(unseen):
    assert set(reach("lirads_ctmri", unseen)) == {(m, c) for m in ("ct", "mri") for c in DOCUMENT.core_codes}


def test_no_study_that_a_reader_would_dispute_is_generated():
    for name, study in _studies_and_pairs():
        codes = {module.diagnose(lesion, study)[0] for lesion in study["lesions"]}
        assert not {"LR-M", "LR-5"} <= codes or "LR-TIV" in codes, name
        assert "LR-NC" not in codes or codes <= {"LR-NC", "LR-1"}, name
        for lesion in study["lesions"]:
            solid = "aphe" in lesion and not any(
                k in lesion for k in ("benign_entity", "lrm_targetoid", "lrm_nontargetoid", "nc_reason")
            )
            bare = lesion.get("aphe") == "none" and not module.major_features(lesion, study.get("contrast_agent"))
            assert not (solid and bare and lesion["size_mm"] < 20), name
            assert lesion.get("prior_interval_months") != 0, name


def test_an_adjusted_category_is_always_said_to_be_adjusted():
    for name, study in _studies_and_pairs():
        for lesion in study["lesions"]:
            plain = {**lesion, "af_applied": False}
            moved = module.diagnose(lesion, study)[0] != module.diagnose(plain, study)[0]
            assert moved == (lesion.get("af_applied") is True), (name, lesion)


def test_what_two_fields_say_agrees():
    for name, study in _studies_and_pairs():
        for lesion in study["lesions"]:
            listed = lesion.get("lrm_targetoid", [])
            assert ("rim_aphe" in listed) == (lesion.get("aphe") == "rim"), name
            assert ("peripheral_washout" in listed) == (lesion.get("washout") == "peripheral"), name
            assert "washout_phase" not in lesion or lesion["washout"] == "nonperipheral", name
            assert ("prior_modality" in lesion) == ("prior_interval_months" in lesion), name


def test_no_large_mass_lies_in_the_caudate_lobe():
    lesions = [lesion for _, study in _studies() for lesion in study["lesions"]]
    assert all(lesion["size_mm"] <= module.CAUDATE_MM for lesion in lesions if lesion.get("segment") == "I")


def test_an_exam_is_compared_with_one_other_for_the_lesion_that_hangs_on_it():
    for name, study in _studies():
        compared = ["prior_modality" in lesion for lesion in study["lesions"]]
        assert sum(compared) <= 1, name
        growing = ["threshold_growth" in lesion or "af_benign" in lesion for lesion in study["lesions"]]
        benign = ["benign_entity" in lesion for lesion in study["lesions"]]
        assert all(c or b or not g for c, b, g in zip(compared, benign, growing, strict=True)), name
