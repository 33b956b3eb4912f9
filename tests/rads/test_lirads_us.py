"""US LI-RADS: a wrong answer here sends a patient to CT for nothing, or leaves a tumor for six months."""

from __future__ import annotations

import pytest

from multirads_hf.errors import StudyError
from multirads_hf.rads import get
from multirads_hf.rads.lirads_us import MONTHS
from multirads_hf.schema import Study

US = get("lirads_us")
CYST = {"benign_entity": "simple_cyst", "size_mm": 40, "lobe": "right"}


def category(*lesions: Study, **exam: object) -> str:
    return US.split(US.categorise({**exam, "lesions": list(lesions)}))["category"]


def vis(**exam: object) -> str:
    return US.split(US.categorise({**exam, "lesions": []}))["vis"]


def advice(*lesions: Study, **exam: object) -> str:
    return US.decide({**exam, "lesions": list(lesions)}).management


@pytest.mark.parametrize(
    ("size", "code"), [(1, "US-2"), (4, "US-2"), (9, "US-2"), (10, "US-3"), (11, "US-3"), (90, "US-3")]
)
def test_ten_millimetres_is_positive(size: int, code: str) -> None:
    assert category({"size_mm": size}) == code
    assert category({"size_mm": size, "definitely_benign": False, "benign_entity": "none"}) == code


@pytest.mark.parametrize(
    "entity", ["simple_cyst", "focal_fat_sparing", "focal_fat", "confirmed_hemangioma", "granuloma_calcified"]
)
@pytest.mark.parametrize("size", [None, 5, 9, 10, 70])
def test_what_is_definitely_benign_is_negative_at_any_size(entity: str, size: int | None) -> None:
    assert category({"benign_entity": entity, "size_mm": size}) == "US-1"
    assert category({"benign_entity": entity, "size_mm": size, "definitely_benign": True}) == "US-1"


def test_a_benign_observation_needs_no_name() -> None:
    assert category({"size_mm": 14, "definitely_benign": True}) == "US-1"
    assert category({"size_mm": 14, "definitely_benign": True, "benign_entity": "none"}) == "US-1"


@pytest.mark.parametrize("echogenicity", ["hypoechoic", "hyperechoic", "isoechoic", "anechoic", "mixed"])
def test_echogenicity_alone_proves_nothing(echogenicity: str) -> None:
    assert category({"size_mm": 9, "echogenicity": echogenicity}) == "US-2"
    assert category({"size_mm": 10, "echogenicity": echogenicity}) == "US-3"


@pytest.mark.parametrize(("exams", "code"), [(0, "US-2"), (1, "US-2"), (2, "US-1"), (3, "US-1")])
def test_v2024_counts_follow_up_exams(exams: int, code: str) -> None:
    lesion = {"size_mm": 8, "us2_stable_exams": exams}
    assert category(lesion) == category(lesion, version="v2024") == code
    assert category(lesion, version="v2017") == "US-2"


@pytest.mark.parametrize(("months", "code"), [(6, "US-2"), (23, "US-2"), (24, "US-1"), (36, "US-1")])
def test_v2017_counts_months(months: int, code: str) -> None:
    lesion = {"size_mm": 8, "stable_months": months}
    assert category(lesion, version="v2017") == code
    assert category(lesion, version="v2024") == category(lesion) == "US-2"


def test_the_version_decides_between_exams_and_months() -> None:
    lesion = {"size_mm": 8, "us2_stable_exams": 3, "stable_months": 18}
    assert category(lesion, version="v2017") == "US-2"
    assert category(lesion, version="v2024") == "US-1"


@pytest.mark.parametrize("version", ["v2017", "v2024"])
def test_a_large_observation_stays_positive_however_long_it_is_known(version: str) -> None:
    assert category({"size_mm": 10, "us2_stable_exams": 4, "stable_months": 48}, version=version) == "US-3"


def test_an_earlier_size_changes_nothing() -> None:
    assert category({"size_mm": 9, "prior_size_mm": 4}) == "US-2"
    assert category({"size_mm": 10, "prior_size_mm": 10}) == "US-3"


@pytest.mark.parametrize(("size", "code"), [(9, "US-1"), (10, "US-3"), (30, "US-3")])
def test_distortion_counts_from_ten_millimetres(size: int, code: str) -> None:
    assert category(distortion_mm=size) == code


@pytest.mark.parametrize(("thrombus", "code"), [("none", "US-1"), ("new", "US-3"), ("chronic_unchanged", "US-1")])
def test_only_a_new_thrombus_is_positive(thrombus: str, code: str) -> None:
    assert category(venous_thrombus=thrombus) == category(CYST, venous_thrombus=thrombus) == code


def test_thrombus_of_unknown_age_is_refused_unless_the_exam_is_positive_anyway() -> None:
    with pytest.raises(StudyError, match=r"venous_thrombus: got 'indeterminate'. Allowed .*: none, new"):
        category(venous_thrombus="indeterminate")
    with pytest.raises(StudyError, match="venous_thrombus"):
        category({"size_mm": 9}, venous_thrombus="indeterminate")
    assert category({"size_mm": 10}, venous_thrombus="indeterminate") == "US-3"
    assert category(venous_thrombus="indeterminate", distortion_mm=20) == "US-3"


def test_no_observation_is_negative() -> None:
    assert category() == "US-1"
    assert US.categorise({}) == "US-1 VIS-A"


def test_the_highest_finding_names_the_exam() -> None:
    assert category(CYST, {"size_mm": 6}) == "US-2"
    assert category(CYST, {"size_mm": 6}, {"size_mm": 12}) == "US-3"
    assert category({"size_mm": 9}, {"size_mm": 9}, {"size_mm": 8}) == "US-2"
    assert category({"size_mm": 6, "us2_stable_exams": 2}, {"size_mm": 6, "us2_stable_exams": 1}) == "US-2"
    assert category({"size_mm": 6}, venous_thrombus="new") == "US-3"


@pytest.mark.parametrize(("word", "label"), [("minimal", "VIS-A"), ("moderate", "VIS-B"), ("severe", "VIS-C")])
def test_the_stated_limitation_is_the_score(word: str, label: str) -> None:
    assert vis(vis_severity=word) == label
    assert vis(vis_severity=word, vis_limitations=["bowel_gas"]) == label


@pytest.mark.parametrize(
    ("percent", "label"),
    [(0, "VIS-A"), (9, "VIS-A"), (10, "VIS-B"), (40, "VIS-B"), (60, "VIS-C"), (100, "VIS-C")],
)
def test_the_share_not_seen_gives_the_score_where_no_word_does(percent: int, label: str) -> None:
    assert (
        vis(vis_percent_not_seen=percent) == vis(vis_percent_not_seen=percent, vis_limitations=["steatosis"]) == label
    )


@pytest.mark.parametrize("percent", [41, 50, 59])
def test_between_the_shares_the_word_decides(percent: int) -> None:
    assert vis(vis_percent_not_seen=percent, vis_severity="moderate") == "VIS-B"
    assert vis(vis_percent_not_seen=percent, vis_severity="severe") == "VIS-C"
    with pytest.raises(StudyError, match="vis_severity is missing"):
        vis(vis_percent_not_seen=percent)


@pytest.mark.parametrize(
    ("word", "percent"), [("minimal", 10), ("minimal", 50), ("moderate", 9), ("moderate", 60), ("severe", 40)]
)
def test_a_word_that_contradicts_the_share_is_refused(word: str, percent: int) -> None:
    with pytest.raises(StudyError, match=rf"vis_severity: got '{word}'. Allowed with {percent}% not seen"):
        vis(vis_severity=word, vis_percent_not_seen=percent)


def test_nothing_said_of_the_view_is_a_clear_view() -> None:
    assert vis() == vis(vis_limitations=["none"]) == vis(vis_limitations=[]) == "VIS-A"


def test_a_limited_study_without_a_word_for_how_much_is_refused() -> None:
    with pytest.raises(StudyError, match="vis_severity is missing"):
        vis(vis_limitations=["bowel_gas", "dome_not_seen"])


@pytest.mark.parametrize("word", ["minimal", "moderate", "severe"])
@pytest.mark.parametrize(
    ("lesions", "code"), [([], "US-1"), ([CYST], "US-1"), ([{"size_mm": 9}], "US-2"), ([{"size_mm": 10}], "US-3")]
)
def test_category_and_visualization_do_not_touch_each_other(word: str, lesions: list[Study], code: str) -> None:
    label = {"minimal": "VIS-A", "moderate": "VIS-B", "severe": "VIS-C"}[word]
    assert US.categorise({"vis_severity": word, "lesions": lesions}) == f"{code} {label}"


@pytest.mark.parametrize("risk", ["cirrhosis", "chronic_hbv", "other_high_risk"])
def test_patient_and_laboratory_never_change_the_label(risk: str) -> None:
    patient = {"risk_factor": risk, "child_pugh": "B", "bmi": 41, "afp_ng_ml": 400, "afp_positive": True}
    assert US.categorise({**patient, "lesions": [{"size_mm": 9}]}) == "US-2 VIS-A"


def test_each_category_has_its_advice() -> None:
    assert advice() == advice(CYST, vis_severity="moderate") == "Surveillance ultrasound in 6 months."
    assert advice({"size_mm": 9}) == "Repeat ultrasound in 3-6 months."
    assert advice({"size_mm": 10}) == advice(venous_thrombus="new") == "Diagnostic multiphase CT or MRI."


@pytest.mark.parametrize(("afp", "positive"), [(19, False), (20, True), (300, True)])
def test_a_positive_afp_leads_to_ct_or_mri_under_v2024_alone(afp: float, positive: bool) -> None:
    assert ("CT or MRI" in advice(afp_ng_ml=afp)) is positive
    assert ("CT or MRI" in advice({"size_mm": 9}, afp_ng_ml=afp)) is positive
    assert advice(afp_ng_ml=afp, version="v2017") == "Surveillance ultrasound in 6 months."


def test_a_rising_afp_may_be_low() -> None:
    assert "CT or MRI" in advice(afp_ng_ml=12, afp_positive=True)
    assert advice(afp_ng_ml=12, afp_positive=False) == "Surveillance ultrasound in 6 months."
    with pytest.raises(StudyError, match="afp_positive: got False"):
        advice(afp_ng_ml=20, afp_positive=False)


@pytest.mark.parametrize(
    ("patient", "persistent"),
    [
        ({}, False), ({"cirrhosis_etiology": "viral"}, False), ({"cirrhosis_etiology": "other"}, False),
        ({"cirrhosis_etiology": "MASH"}, True), ({"cirrhosis_etiology": "alcohol"}, True),
        ({"child_pugh": "A"}, False), ({"child_pugh": "B"}, True), ({"child_pugh": "C"}, True),
        ({"bmi": 34}, False), ({"bmi": 35}, True),
    ],
)  # fmt: skip
def test_a_severely_limited_view_changes_the_advice_under_v2024(patient: Study, persistent: bool) -> None:
    expected = (
        "Consider alternative surveillance with MRI or CT." if persistent else "Repeat ultrasound within 3 months."
    )
    assert advice(**patient, vis_severity="severe") == expected
    assert advice(**patient, vis_severity="severe", version="v2017") == "Surveillance ultrasound in 6 months."
    assert advice(**patient, vis_severity="moderate") == "Surveillance ultrasound in 6 months."
    assert advice({"size_mm": 10}, **patient, vis_severity="severe") == "Diagnostic multiphase CT or MRI."


@pytest.mark.parametrize(
    ("lesion", "message"),
    [
        ({"lobe": "right"}, r"size_mm is missing"),
        ({"definitely_benign": False}, r"size_mm is missing"),
        ({**CYST, "definitely_benign": False}, r"definitely_benign: got False. Allowed with simple_cyst: true"),
        ({"size_mm": 9.6}, r"size_mm: got 9.6. Allowed: a whole number"),
    ],
)
def test_what_cannot_be_judged_is_refused(lesion: Study, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        category(lesion)


def test_average_risk_is_no_risk_factor() -> None:
    with pytest.raises(StudyError, match="risk_factor: got 'average'"):
        category(risk_factor="average")


def test_there_are_nine_labels_and_three_core_ones() -> None:
    assert len(US.codes) == 12
    assert US.core_codes == ("US-1", "US-2", "US-3")
    assert US.split("US-2 VIS-B") == {"category": "US-2", "vis": "VIS-B"}


def test_people_write_the_label_in_many_ways() -> None:
    aliases = US.category("US-2 VIS-C").aliases
    assert {"US-2C", "US LI-RADS 2C", "US-2, VIS-C", "US-2, visualization score C"} <= set(aliases)
    every = [alias for one in US.categories for alias in (one.code, *one.aliases)]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(("exams", "months"), [(n, m) for n, group in MONTHS.items() for m in group])
def test_generated_follow_up_fits_three_to_six_months_each(exams: int, months: int) -> None:
    assert 3 * exams <= months <= 6 * exams
