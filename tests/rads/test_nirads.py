"""NI-RADS: a wrong answer here sends a treated cancer patient to the wrong next step at one of two sites."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from multirads_hf import corpus
from multirads_hf.corpus.sample import reach, sample
from multirads_hf.draw import Draw
from multirads_hf.errors import StudyError
from multirads_hf.rads import get, lexicon

NIRADS = get("nirads")
CLEAR_NECK = {"neck_node_status": "none_abnormal"}
CLEAR_PRIMARY = {"primary_mucosa": "normal", "primary_deep": "none"}
MODALITIES = ("ct", "pet_ct", "mri")


def primary(modality: str = "ct", **fields: object) -> str:
    return NIRADS.split(NIRADS.categorise({"modality": modality, **CLEAR_NECK, **fields}))["primary"]


def neck(modality: str = "ct", **fields: object) -> str:
    return NIRADS.split(NIRADS.categorise({"modality": modality, **CLEAR_PRIMARY, **fields}))["neck"]


@pytest.mark.parametrize("modality", MODALITIES)
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"primary_mucosa": "normal", "primary_deep": "none"}, "1"),
        ({"primary_mucosa": "diffuse_linear", "primary_deep": "none"}, "1"),
        ({"primary_mucosa": "normal", "primary_deep": "expected_distortion"}, "1"),
        ({"primary_mucosa": "diffuse_linear", "primary_deep": "expected_distortion"}, "1"),
        ({"primary_deep": "expected_distortion", "primary_change": "stable"}, "1"),
        ({"primary_deep": "expected_distortion", "primary_change": "decreasing"}, "1"),
        ({"primary_mucosa": "focal_non_masslike"}, "2a"),
        ({"primary_mucosa": "focal_non_masslike", "primary_deep": "expected_distortion"}, "2a"),
        ({"primary_mucosa": "focal_non_masslike", "primary_change": "new"}, "2a"),
        ({"primary_deep": "ill_defined", "primary_enhancement": "none_or_mild"}, "2b"),
        ({"primary_deep": "ill_defined", "primary_mucosa": "diffuse_linear"}, "2b"),
        ({"primary_deep": "ill_defined", "primary_change": "first_baseline"}, "2b"),
        ({"primary_deep": "discrete_mass", "primary_enhancement": "definite"}, "3"),
        ({"primary_deep": "discrete_mass", "primary_change": "new"}, "3"),
        ({"primary_deep": "discrete_mass", "primary_change": "enlarging"}, "3"),
        ({"primary_mucosa": "masslike"}, "3"),
        ({"primary_mucosa": "masslike", "primary_change": "stable"}, "3"),
        ({"primary_deep": "discrete_mass", "primary_enhancement": "definite", "primary_path_proven": True}, "4"),
        ({"primary_deep": "discrete_mass", "primary_definite_progression": True}, "4"),
    ],
)
def test_each_primary_descriptor_has_its_category(modality: str, fields: dict[str, object], code: str) -> None:
    assert primary(modality, **fields) == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"neck_node_status": "none_abnormal"}, "1"),
        ({"neck_node_status": "residual_treated", "neck_morphology": ["hypoenhancing"]}, "1"),
        ({"neck_node_status": "residual_treated", "neck_morphology": ["hypoenhancing"], "neck_fdg": "none"}, "1"),
        (
            {
                "neck_node_status": "residual_treated",
                "neck_morphology": ["hypoenhancing", "irregular_border_treated_stable"],
            },
            "1",
        ),
        ({"neck_node_status": "residual_treated", "neck_morphology": ["heterogeneous_enhancement"]}, "2"),
        (
            {"neck_node_status": "residual_treated", "neck_morphology": ["hypoenhancing"], "neck_fdg": "mild_moderate"},
            "2",
        ),
        ({"neck_node_status": "new", "neck_morphology": ["none"]}, "2"),
        ({"neck_node_status": "enlarging", "neck_morphology": ["none"], "neck_fdg": "mild_moderate"}, "2"),
        ({"neck_node_status": "enlarging", "neck_morphology": ["none"], "neck_fdg": "intense_focal"}, "3"),
        ({"neck_node_status": "residual_treated", "neck_fdg": "intense_focal"}, "3"),
        ({"neck_node_status": "new", "neck_morphology": ["new_necrosis"]}, "3"),
        ({"neck_node_status": "enlarging", "neck_morphology": ["new_cystic_change"]}, "3"),
        ({"neck_node_status": "new", "neck_morphology": ["new_irregular_border"]}, "3"),
        ({"neck_node_status": "enlarging", "neck_morphology": ["new_extranodal_extension"]}, "3"),
        ({"neck_node_status": "new", "neck_morphology": ["hypoenhancing", "new_necrosis"]}, "3"),
        ({"neck_node_status": "residual_treated", "neck_path_proven": True}, "4"),
        ({"neck_node_status": "enlarging", "neck_definite_progression": True}, "4"),
    ],
)
def test_each_neck_descriptor_has_its_category(fields: dict[str, object], code: str) -> None:
    assert neck(**fields) == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({**CLEAR_PRIMARY, "primary_fdg": "none"}, "1"),
        ({"primary_mucosa": "diffuse_linear", "primary_fdg": "diffuse_or_physiologic"}, "1"),
        ({"primary_mucosa": "focal_non_masslike", "primary_fdg": "mild_moderate_focal"}, "2a"),
        ({"primary_deep": "ill_defined", "primary_fdg": "mild_moderate_focal"}, "2b"),
        ({"primary_deep": "discrete_mass", "primary_enhancement": "definite", "primary_fdg": "intense_focal"}, "3"),
        ({"primary_fdg": "intense_focal"}, "3"),
    ],
)
def test_uptake_that_agrees_with_ct_has_a_category(fields: dict[str, object], code: str) -> None:
    assert primary("pet_ct", **fields) == code


@pytest.mark.parametrize(
    "fields",
    [
        {**CLEAR_PRIMARY, "primary_fdg": "intense_focal"},
        {**CLEAR_PRIMARY, "primary_fdg": "mild_moderate_focal"},
        {"primary_deep": "discrete_mass", "primary_enhancement": "definite", "primary_fdg": "none"},
        {"primary_deep": "discrete_mass", "primary_change": "new", "primary_fdg": "mild_moderate_focal"},
        {"primary_mucosa": "masslike", "primary_fdg": "diffuse_or_physiologic"},
        {"primary_deep": "ill_defined", "primary_fdg": "intense_focal"},
        {"primary_deep": "ill_defined", "primary_fdg": "none"},
        {"primary_mucosa": "focal_non_masslike", "primary_fdg": "none"},
        {"primary_mucosa": "focal_non_masslike", "primary_fdg": "diffuse_or_physiologic"},
    ],
)
def test_pet_that_disagrees_with_ct_is_left_to_judgement(fields: dict[str, object]) -> None:
    with pytest.raises(StudyError, match="primary_fdg"):
        primary("pet_ct", **fields)


@pytest.mark.parametrize("proof", [{"primary_path_proven": True}, {"primary_definite_progression": True}])
def test_proof_outranks_every_finding(proof: dict[str, object]) -> None:
    quiet = {**CLEAR_PRIMARY, "primary_fdg": "intense_focal", "primary_change": "stable"}
    assert primary("pet_ct", **quiet, **proof) == "4"


@pytest.mark.parametrize("proof", [{"primary_path_proven": False}, {"primary_definite_progression": False}])
def test_a_frightening_mass_without_proof_is_not_definitive(proof: dict[str, object]) -> None:
    assert primary(primary_deep="discrete_mass", primary_enhancement="definite", primary_size_mm=60, **proof) == "3"


@pytest.mark.parametrize(
    ("signal", "fields", "code"),
    [
        ("low_t1_t2_scar", {"primary_deep": "expected_distortion"}, "1"),
        ("t2_bright_oedema", {"primary_deep": "expected_distortion"}, "1"),
        ("intermediate_t2", {"primary_deep": "ill_defined", "primary_enhancement": "none_or_mild"}, "2b"),
        ("matches_original_tumour", {"primary_deep": "discrete_mass"}, "3"),
        ("intermediate_t2", {"primary_deep": "discrete_mass", "primary_change": "new"}, "3"),
        ("not_applicable", {"primary_deep": "ill_defined"}, "2b"),
    ],
)
def test_mri_signal_goes_with_its_finding(signal: str, fields: dict[str, object], code: str) -> None:
    assert primary("mri", primary_mri_signal=signal, **fields) == code


@pytest.mark.parametrize(
    ("signal", "deep"),
    [
        ("t2_bright_oedema", "ill_defined"),
        ("matches_original_tumour", "expected_distortion"),
        ("low_t1_t2_scar", "discrete_mass"),
        ("intermediate_t2", "none"),
    ],
)
def test_mri_signal_that_contradicts_its_finding_is_refused(signal: str, deep: str) -> None:
    with pytest.raises(StudyError, match="primary_mri_signal"):
        primary("mri", primary_mri_signal=signal, primary_deep=deep, primary_change="new")


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"treatment_phase": "during_treatment"}, "treatment_phase"),
        ({"treatment_phase": "pre_treatment", "primary_path_proven": True}, "treatment_phase"),
        ({"modality": "ct", "primary_mri_signal": "intermediate_t2"}, "primary_mri_signal"),
        ({"modality": "mri", "primary_site_name": "unknown"}, "primary_site_name"),
        ({"prior_status": "known_pending"}, "timepoint"),
        ({"primary_deep": "ill_defined", "primary_change": "stable"}, "primary_change"),
        ({"primary_deep": "ill_defined", "primary_change": "decreasing"}, "primary_change"),
        ({"primary_mucosa": "focal_non_masslike", "primary_change": "enlarging"}, "primary_change"),
        ({"primary_deep": "ill_defined", "primary_enhancement": "definite"}, "primary site"),
        ({"primary_mucosa": "focal_non_masslike", "primary_deep": "ill_defined"}, "primary site"),
        ({"primary_deep": "discrete_mass", "primary_enhancement": "none_or_mild"}, "primary site"),
        ({"primary_deep": "discrete_mass", "primary_change": "stable"}, "primary site"),
        ({"neck_node_status": "residual_treated", "neck_morphology": ["new_necrosis"]}, "neck_node_status"),
        ({"neck_node_status": "none_abnormal", "neck_morphology": ["heterogeneous_enhancement"]}, "neck_node_status"),
        ({"neck_node_status": "none_abnormal", "neck_fdg": "mild_moderate"}, "neck_node_status"),
        ({"neck_morphology": ["new_necrosis"]}, "neck_node_status"),
        ({"neck_node_status": "enlarging", "neck_morphology": ["hypoenhancing"]}, "neck"),
        ({"neck_node_status": "new", "neck_morphology": ["none"], "neck_fdg": "none"}, "neck"),
        (
            {
                "timepoint": "subsequent",
                "neck_node_status": "residual_treated",
                "neck_morphology": ["heterogeneous_enhancement"],
            },
            "timepoint",
        ),
        ({"primary_mucosa": "bumpy"}, "primary_mucosa"),
        ({"lesions": []}, "lesions"),
    ],
)
def test_what_the_guideline_leaves_open_is_refused_by_field(fields: dict[str, object], names: str) -> None:
    with pytest.raises(StudyError, match=f"nirads: {names}"):
        NIRADS.categorise(fields)


@pytest.mark.parametrize(
    ("priors", "timepoint", "code"),
    [
        ("known_pending", "first_baseline", "0 // 0"),
        ("known_pending", "subsequent", "2b // 1"),
        ("none", "first_baseline", "2b // 1"),
        ("available", "first_baseline", "2b // 1"),
    ],
)
def test_only_pending_priors_at_a_baseline_are_incomplete(priors: str, timepoint: str, code: str) -> None:
    study = {"primary_deep": "ill_defined", "prior_status": priors, "timepoint": timepoint, **CLEAR_NECK}
    assert NIRADS.categorise(study) == code


def test_a_residual_node_is_low_suspicion_at_a_baseline_only() -> None:
    node = {"neck_node_status": "residual_treated", "neck_morphology": ["heterogeneous_enhancement"]}
    assert neck(**node, timepoint="first_baseline") == "2"


@pytest.mark.parametrize("size", [1, 9.9, 10, 150])
def test_size_is_description_only(size: float) -> None:
    assert primary(primary_deep="ill_defined", primary_size_mm=size) == "2b"
    node = {"neck_node_status": "residual_treated", "neck_morphology": ["hypoenhancing"]}
    assert neck(**node, neck_short_axis_mm=min(size, 100)) == "1"


def test_sites_are_never_merged_or_swapped() -> None:
    node = {"neck_node_status": "new", "neck_morphology": ["new_necrosis"]}
    mass = {"primary_deep": "discrete_mass", "primary_enhancement": "definite"}
    assert NIRADS.categorise({**CLEAR_PRIMARY, **node}) == "1 // 3"
    assert NIRADS.categorise({**mass, **CLEAR_NECK}) == "3 // 1"
    assert NIRADS.categorise({**CLEAR_PRIMARY, **node, "neck_path_proven": True}) == "1 // 4"
    assert NIRADS.categorise({**mass, **CLEAR_NECK, "primary_path_proven": True}) == "4 // 1"


def test_labels_are_the_twenty_pairs_and_the_incomplete_one() -> None:
    pairs = [f"{p} // {n}" for p in ("1", "2a", "2b", "3", "4") for n in "1234"]
    assert NIRADS.codes == ("0 // 0", *pairs) == NIRADS.core_codes
    assert all(NIRADS.join(NIRADS.split(code)) == code for code in NIRADS.codes)
    assert {alias for c in NIRADS.categories for alias in c.aliases} >= {"2a/1", "P1 N3", "primary 2b // neck 1"}


@pytest.mark.parametrize(
    ("code", "rank"), [("1 // 1", 0), ("0 // 0", 1), ("1 // 2", 2), ("2b // 1", 2), ("2a // 3", 3), ("4 // 1", 4)]
)
def test_a_pair_ranks_as_its_worse_site(code: str, rank: int) -> None:
    assert NIRADS.category(code).rank == rank


@pytest.mark.parametrize(
    ("modality", "interval"),
    [
        ("ct", "short-interval follow-up (about 3 months) or PET/CT"),
        ("pet_ct", "short-interval follow-up (about 3 months)"),
        ("mri", "short-interval MRI or PET/CT"),
    ],
)
def test_both_sites_get_the_advice_of_their_modality(modality: str, interval: str) -> None:
    study = {"modality": modality, "primary_deep": "ill_defined", **CLEAR_NECK}
    assert NIRADS.decide(study).management == f"Primary: {interval}. Neck: routine surveillance."


def test_the_reasons_name_both_sites() -> None:
    study = {"primary_mucosa": "focal_non_masslike", "neck_node_status": "new", "neck_morphology": ["new_necrosis"]}
    assert NIRADS.decide(study).reasons == (
        "primary: focal mucosal finding, not mass-like: 2a",
        "neck: new node with new necrosis: 3",
    )


@pytest.mark.parametrize("unseen", [False, True])
@pytest.mark.parametrize("modality", MODALITIES)
def test_every_pair_is_reached_in_every_modality(modality: str, unseen: bool) -> None:
    scenarios = [len(reach("nirads", unseen).get((modality, code), ())) for code in NIRADS.codes]
    assert min(scenarios) >= (1 if unseen else 2)


@pytest.fixture(scope="module")
def sampled() -> list[dict[str, object]]:
    plans = {
        (plan.scenario.name, plan.variant, plan.modality): plan
        for unseen in (False, True)
        for groups in reach("nirads", unseen).values()
        for group in groups
        for plan in group
    }
    return [sample(NIRADS, plan, Draw("test", *key, turn)) for key, plan in plans.items() for turn in range(12)]


def test_every_plan_samples_legal_studies(sampled: list[dict[str, object]]) -> None:
    assert {NIRADS.categorise(study) for study in sampled} == set(NIRADS.codes)


def test_nothing_uncertain_is_generated(sampled: list[dict[str, object]]) -> None:
    for study in sampled:
        changed = study["neck_node_status"] in ("new", "enlarging")
        bare = study.get("neck_morphology") == ["none"]
        assert not (changed and bare and study["modality"] != "mri")
        assert not (study["modality"] == "mri" and study.get("primary_mucosa") == "masslike")
        assert study["primary_site_name"] != "unknown"
        if study["modality"] == "mri" and NIRADS.categorise(study).startswith("3"):
            assert study["primary_change"] in ("new", "enlarging")


def test_a_baseline_is_never_told_as_a_change(sampled: list[dict[str, object]]) -> None:
    for study in sampled:
        if study["timepoint"] == "first_baseline":
            assert study.get("primary_change", "first_baseline") == "first_baseline"
            assert "irregular_border_treated_stable" not in study.get("neck_morphology", [])  # type: ignore[operator]
        else:
            assert study.get("primary_change") != "first_baseline"
            assert study["prior_status"] == "available"


def test_treated_nodes_lie_in_necks_that_were_not_dissected(sampled: list[dict[str, object]]) -> None:
    for study in sampled:
        if study["neck_node_status"] == "residual_treated":
            given = study.get("treatments", ["radiotherapy"])
            assert "radiotherapy" in given and "neck_dissection" not in given  # type: ignore[operator]  # noqa: PT018


def rows(split: str, number: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return rows with their studies."""
    found = corpus.records("all", split, num_reports=number, documents=["nirads"], seed=3)
    return [(row, json.loads(row["extraction"])) for row in found]


def test_pairs_stay_where_the_guideline_is_clear() -> None:
    """A new node of normal look on CT, or a mass at an MRI baseline, has no agreed category without proof."""
    for _, study in rows("test_contrast", 800):
        changed, forms = study.get("neck_node_status") in ("new", "enlarging"), study.get("neck_morphology") or ["none"]
        proven = study.get("neck_path_proven") or study.get("neck_definite_progression")
        assert not changed or proven or study["modality"] == "mri" or forms != ["none"], study
        mass = study.get("primary_deep") == "discrete_mass" and not study.get("primary_path_proven")
        assert not (mass and study["modality"] == "mri" and study["timepoint"] == "first_baseline"), study
        if study.get("primary_mucosa") == "focal_non_masslike" or study.get("primary_deep") == "ill_defined":
            assert study.get("primary_change") in ("first_baseline", "new"), study


def test_nobody_is_well_whose_tumor_has_visibly_grown() -> None:
    """An indication that denies what the findings prove makes the reader doubt the findings."""
    well = r"asymptomatic|clinically well|no new complaint|exam unremarkable|no disease|no new symptoms|no clinical"
    for row, study in rows("train", 800):
        if any(
            study.get(f"{site}_{sign}")
            for site in ("primary", "neck")
            for sign in ("definite_progression", "path_proven")
        ):
            assert not re.search(well, row["indication"]), row["indication"]


def test_mri_reports_describe_what_mri_shows() -> None:
    for split in ("train", "test_unseen"):
        reports = [row["report"] for row, study in rows(split, 400) if study["modality"] == "mri"]
        assert not [
            report for report in reports if re.search(r"emphysema|granuloma|calcified|periapical|reformat", report)
        ]


def test_pet_reports_cover_the_body_and_say_one_thing_of_it() -> None:
    for row, study in rows("train", 800):
        if study["modality"] == "pet_ct":
            clear = re.search(
                r"[Nn]o (?:FDG-avid|hypermetabolic) (?:lesion|disease|focus)|no further FDG-avid", row["findings"]
            )
            assert not (clear and re.search(r"uptake in the (?:cecum|sigmoid|ascending|descending)", row["findings"]))


def test_a_decrease_has_something_that_decreased(sampled: list[dict[str, object]]) -> None:
    for study in sampled:
        if study.get("primary_change") == "decreasing":
            assert {study.get("primary_mucosa"), study.get("primary_deep")} - {None, "normal", "none"}


def test_the_rules_for_prompts_are_plain_text() -> None:
    assert not re.search(r"[<>|{}]", str(lexicon("nirads")["rules"]))
