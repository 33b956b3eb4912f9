"""Bounds and rows of PI-RADS v2.1."""

import pytest

from multirads_hf import corpus, rads
from multirads_hf.errors import StudyError
from multirads_hf.rads.pirads import T2_SCORES, dwi_score, index_lesion, judge, t2_score
from multirads_hf.scoring import normalise_label

DOCUMENT = rads.get("pirads")
MARKED = {"dwi_shape": "focal", "adc_signal": "markedly_hypointense", "high_b_signal": "markedly_hyperintense"}
MILD = {"dwi_shape": "focal", "adc_signal": "hypointense", "high_b_signal": "hyperintense"}
# Signals and a size in mm that give each DWI score.
DWI = {
    1: {"dwi_shape": "none"}, 2: {"dwi_shape": "linear_wedge", "adc_signal": "hypointense"}, 3: MILD,
    4: {**MARKED, "size_mm": 12}, 5: {**MARKED, "size_mm": 20},
}  # fmt: skip
PZ_T2 = {
    1: "normal_bright", 2: "linear_wedge", 3: "heterogeneous_or_noncircumscribed",
    4: "circumscribed_moderate_hypointense", 5: "circumscribed_moderate_hypointense",
}  # fmt: skip
TZ_T2 = {
    1: "normal_or_typical_nodule", 2: "atypical_nodule", 3: "heterogeneous_obscured",
    4: "lenticular_or_noncircumscribed_homogeneous", 5: "lenticular_or_noncircumscribed_homogeneous",
}  # fmt: skip


def category(*lesions, **exam):
    return DOCUMENT.categorise({**exam, "lesions": list(lesions)})


def peripheral(**more):
    return {"zone": "PZ", **more}


def transition(pattern, **more):
    return {"zone": "TZ", "t2_pattern": pattern, **more}


@pytest.mark.parametrize("score", [1, 2, 4, 5])
@pytest.mark.parametrize("dce", ["positive", "negative", "X", None])
def test_in_the_peripheral_zone_dwi_decides_whatever_dce_shows(score, dce):
    assert category(peripheral(**DWI[score], dce=dce)) == str(score)


@pytest.mark.parametrize(("dce", "code"), [("positive", "4"), ("negative", "3"), ("X", "3"), (None, "3")])
def test_dce_decides_on_peripheral_dwi_3_alone(dce, code):
    assert category(peripheral(**MILD, dce=dce)) == code


@pytest.mark.parametrize("pattern", T2_SCORES)
def test_t2_plays_no_part_in_the_peripheral_zone(pattern):
    assert category(peripheral(**MILD, t2_pattern=pattern)) == "3"


@pytest.mark.parametrize(
    ("t2", "codes"), [(1, "11111"), (2, "22233"), (3, "33334"), (4, "44444"), (5, "55555")]
)  # the codes for DWI 1 to 5
def test_every_cell_of_the_transition_zone(t2, codes):
    for dwi, code in enumerate(codes, start=1):
        assert category({"zone": "TZ", "t2_score": str(t2), "dwi_score": str(dwi)}) == code


@pytest.mark.parametrize("dce", ["positive", "negative", "X"])
def test_dce_plays_no_part_in_the_transition_zone(dce):
    assert category(transition("atypical_nodule", **MILD, dce=dce)) == "2"
    assert category(transition("heterogeneous_obscured", **MILD, dce=dce)) == "3"
    assert category(transition("normal_or_typical_nodule", **DWI[5], dce=dce)) == "1"


@pytest.mark.parametrize(("size", "code"), [(12, "3"), (14, "3"), (15, "4"), (16, "4")])
def test_transition_t2_3_needs_dwi_5(size, code):
    assert category(transition("heterogeneous_obscured", **MARKED, size_mm=size)) == code


@pytest.mark.parametrize("size", [12, 15, 30])
def test_transition_t2_2_with_marked_restriction_is_3_at_any_size(size):
    assert category(transition("atypical_nodule", **MARKED, size_mm=size)) == "3"
    assert category(transition("homogeneous_mild_between_nodules", **MARKED, size_mm=size)) == "3"


@pytest.mark.parametrize(("size", "code"), [(5, "4"), (14, "4"), (14.9, "4"), (15, "5"), (15.1, "5"), (40, "5")])
def test_fifteen_millimetres_are_large_in_both_zones(size, code):
    assert category(peripheral(**MARKED, size_mm=size)) == code
    assert category(transition("lenticular_or_noncircumscribed_homogeneous", size_mm=size)) == code


@pytest.mark.parametrize(
    ("invasion", "code"),
    [
        ({"epe": "definite"}, "5"),
        ({"svi": True}, "5"),
        ({"epe": "possible"}, "4"),
        ({"epe": "none", "svi": False}, "4"),
    ],
)
def test_definite_invasion_makes_a_small_lesion_a_5(invasion, code):
    assert category(peripheral(**MARKED, size_mm=9, **invasion)) == code
    assert category(transition("lenticular_or_noncircumscribed_homogeneous", size_mm=9, **invasion)) == code


def test_invasion_needs_no_size_and_raises_no_lesser_score():
    assert category(peripheral(**MARKED, epe="definite")) == "5"
    assert category(peripheral(**MILD, epe="definite")) == "3"


@pytest.mark.parametrize(
    ("signals", "score"),
    [
        (("hypointense", "hyperintense"), 3), (("markedly_hypointense", "hyperintense"), 3),
        (("hypointense", "markedly_hyperintense"), 3), (("markedly_hypointense", "normal"), 3),
        (("normal", "markedly_hyperintense"), 3), (("markedly_hypointense", None), 3),
        (("markedly_hypointense", "markedly_hyperintense"), 4),
    ],
)  # fmt: skip
def test_only_marked_on_both_is_more_than_3(signals, score):
    adc, high_b = signals
    lesion = {"dwi_shape": "focal", "adc_signal": adc, "high_b_signal": high_b, "size_mm": 14}
    assert dwi_score(lesion) == score


def test_a_band_stays_2_however_dark():
    assert dwi_score({**MARKED, "dwi_shape": "linear_wedge", "size_mm": 30}) == 2


def test_abnormal_signal_without_a_shape_is_focal():
    assert dwi_score({"adc_signal": "hypointense"}) == 3
    assert dwi_score({"adc_signal": "normal", "high_b_signal": "normal"}) == 1
    assert dwi_score({}) is None


@pytest.mark.parametrize("patterns", [PZ_T2, TZ_T2], ids=["PZ", "TZ"])
def test_t2_score_of_every_pattern(patterns):
    for score, pattern in patterns.items():
        assert t2_score({"t2_pattern": pattern, "size_mm": 20 if score == 5 else 10}, {}) == score
    assert T2_SCORES["diffuse_mild"] == T2_SCORES["homogeneous_mild_between_nodules"] == 2


@pytest.mark.parametrize("zone", ["PZ", "TZ", "AFMS", None])
@pytest.mark.parametrize("status", ["inadequate", "not_performed"])
def test_without_dwi_t2_decides_in_every_zone(zone, status):
    for score, pattern in (PZ_T2 if zone == "PZ" else TZ_T2).items():
        lesion = {"zone": zone, "t2_pattern": pattern, "size_mm": 20 if score == 5 else 10}
        assert category({**lesion, "dce": "negative"}, dwi_status=status) == str(score)
        assert category({**lesion, "dce": "positive"}, dwi_status=status) == str(4 if score == 3 else score)


def test_a_dwi_score_of_x_is_a_missing_dwi():
    lesion = peripheral(t2_pattern="heterogeneous_or_noncircumscribed", dwi_score="X", dce="positive")
    assert category(lesion) == "4"


@pytest.mark.parametrize("status", ["inadequate", "not_performed"])
def test_without_dce_the_study_is_categorised_as_with_negative_dce(status):
    assert category(peripheral(**MILD), dce_status=status) == "3"
    assert category(peripheral(**MILD, dce="positive"), dce_status=status) == "3"
    assert category(peripheral(**MARKED, size_mm=15), dce_status=status) == "5"
    assert category(transition("heterogeneous_obscured", **MILD), dce_status=status) == "3"
    assert category(dce_status=status) == "1"


def test_without_dwi_and_dce_there_is_no_category():
    lesion = transition("heterogeneous_obscured", size_mm=12)
    with pytest.raises(StudyError, match=r"dwi_status: got 'inadequate'\. PI-RADS has no category"):
        category(lesion, dwi_status="inadequate", dce_status="not_performed")
    with pytest.raises(StudyError, match=r"lesions\[0\].dce: got 'X'. PI-RADS has no category"):
        category({**lesion, "dce": "X"}, dwi_status="inadequate")


@pytest.mark.parametrize("stated", [{"dwi_score": "4"}, {"dwi_score": "4", "t2_score": "2"}])
def test_stated_scores_go_before_what_is_described(stated):
    assert category(peripheral(**MILD, size_mm=20, **stated)) == "4"
    assert category(peripheral(**stated), dwi_status="inadequate") == "4"


def test_scores_alone_are_enough():
    assert category(peripheral(dwi_score="3", dce="positive")) == "4"
    assert category({"zone": "TZ", "t2_score": "3", "dwi_score": "4", "dce": "positive"}) == "3"


def test_zone_decides_what_the_same_signals_mean():
    assert category(peripheral(t2_score="2", dwi_score="4")) == "4"
    assert category({"zone": "TZ", "t2_score": "2", "dwi_score": "4"}) == "3"
    assert category({"zone": "TZ", "t2_score": "4", "dwi_score": "2"}) == "4"


@pytest.mark.parametrize("zone", ["AFMS", "CZ", None])
def test_other_zones_count_where_both_tables_agree(zone):
    assert category({"zone": zone, "t2_score": "5", "dwi_score": "5"}) == "5"
    assert category({"zone": zone, "t2_score": "4", "dwi_score": "4"}) == "4"
    with pytest.raises(StudyError, match=r"by the PZ table this is 4, by the TZ table 3\. Allowed: PZ, TZ"):
        category({"zone": zone, "t2_score": "2", "dwi_score": "4"})


def test_silence_on_dwi_is_normal_in_the_transition_zone_alone():
    assert category(transition("atypical_nodule")) == "2"
    assert category(transition("heterogeneous_obscured")) == "3"
    with pytest.raises(StudyError, match=r"lesions\[0\].dwi_shape is missing"):
        category(peripheral(t2_pattern="linear_wedge"))


@pytest.mark.parametrize(
    ("lesion", "exam", "missing"),
    [
        ({"zone": "TZ", **MILD}, {}, "t2_pattern is missing"),
        (transition("heterogeneous_obscured"), {"t2_status": "inadequate"}, "t2_pattern is missing"),
        (peripheral(dce="positive"), {"dwi_status": "inadequate"}, "t2_pattern is missing"),
        (peripheral(**MARKED), {}, "size_mm is missing"),
        (transition("lenticular_or_noncircumscribed_homogeneous"), {}, "size_mm is missing"),
    ],
)
def test_what_the_rule_cannot_do_without_is_named(lesion, exam, missing):
    with pytest.raises(StudyError, match=rf"lesions\[0\]\.{missing}"):
        category(lesion, **exam)


def test_a_gland_without_lesions_is_1_when_t2_can_be_read():
    assert category() == "1"
    assert DOCUMENT.categorise({}) == "1"
    with pytest.raises(StudyError, match="t2_status: got 'inadequate'"):
        category(t2_status="inadequate")


def test_the_highest_lesion_names_the_exam_not_the_largest():
    large = transition("heterogeneous_obscured", **MILD, size_mm=31)
    small = peripheral(**MARKED, size_mm=8)
    decision = DOCUMENT.decide({"lesions": [large, small]})
    assert decision.category == "4"
    assert decision.reasons == ("PZ, DWI 4: 4", "highest of 2 lesions: 4")


def test_index_lesion_by_category_then_extension_then_size():
    small, large = peripheral(**MARKED, size_mm=16), peripheral(**MARKED, size_mm=30)
    through = peripheral(**MARKED, size_mm=9, epe="definite")
    nodule = transition("normal_or_typical_nodule", size_mm=40)
    assert index_lesion({"lesions": [nodule, small, large]}) == 2
    assert index_lesion({"lesions": [nodule, large, through]}) == 2
    assert index_lesion({"lesions": []}) is None


@pytest.mark.parametrize("distractor", [{"psa_ng_ml": 64.0}, {"psa_density": 0.9}, {"prostate_volume_ml": 20}])
def test_psa_and_volume_change_nothing(distractor):
    assert category(peripheral(**MILD), **distractor) == "3"


@pytest.mark.parametrize(
    ("code", "advice"),
    [("1", "No targeted biopsy."), ("2", "PSA follow-up"), ("3", "PSA density"), ("4", "Targeted"), ("5", "staging")],
)
def test_management_follows_the_category(code, advice):
    score = peripheral(dwi_score=code)
    assert advice in DOCUMENT.decide({"lesions": [score]}).management


def test_reasons_name_the_row_of_the_table():
    assert judge(peripheral(**MILD, dce="positive"), {}) == (4, "PZ, DWI 3, DCE positive: 4")
    assert judge(transition("atypical_nodule", **MARKED, size_mm=9), {}) == (3, "TZ, T2W 2, DWI 4: 3")
    lost = transition("heterogeneous_obscured", dce="negative")
    assert judge(lost, {"dwi_status": "inadequate"}) == (3, "no DWI, T2W 3, DCE negative: 3")


@pytest.mark.parametrize("written", ["PI-RADS 4", "PIRADS 4", "pi-rads category 4", "4", 4, "PI-RADS v2.1 category 4"])
def test_labels_are_read_as_people_write_them(written):
    assert normalise_label(DOCUMENT, written) == "4"


@pytest.mark.parametrize("field", ["zone", "t2_score", "dwi_score", "dce", "epe"])
def test_values_that_are_none_of_the_field_are_refused(field):
    with pytest.raises(StudyError, match=rf"pirads: lesions\[0\]\.{field}: got 'sixth'\. Allowed: "):
        category({field: "sixth"})


def test_the_impression_says_no_more_of_a_capsule_than_the_findings():
    bare = 0
    for row in corpus.records("all", "train", num_reports=600, documents=["pirads"]):
        if any(words in row["findings"] for words in ("without a capsule", "lacking a capsule", "no capsule")):
            bare += 1
            assert "ostly encapsulated" not in row["impression"], row["report"]
    assert bare


def test_a_transition_zone_with_nodules_is_not_called_normal():
    for row in corpus.records("all", "train", num_reports=600, documents=["pirads"]):
        if row["scenario"] == "normal_gland":
            assert "transition zone normal" not in row["findings"], row["report"]


def test_the_impression_leaves_the_shape_of_a_band_to_the_findings():
    bands = 0
    for row in corpus.records("all", "train", num_reports=600, documents=["pirads"]):
        if row["scenario"] == "peripheral_band":
            bands += 1
            assert not row["impression"].startswith(("Wedge", "Band", "1. Wedge", "1. Band")), row["report"]
    assert bands
