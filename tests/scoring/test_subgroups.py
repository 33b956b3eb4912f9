"""A model that reads one sex or age worse must not pass unseen, nor chance pass for such a model."""

import json

import pytest

from multirads_hf.errors import OptionError, ScoringError
from multirads_hf.scoring import age_band, score

REFERENCE = json.dumps({"document": "tirads", "category": "TR4", "lesions": [{"composition": "solid"}]})
OTHER = json.dumps({"document": "lungrads", "category": "2", "lesions": [{"nodule_type": "solid"}]})


def gaps(answers, references, **options):
    return score(answers, references, n_resamples=500, **options).gaps


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "0-17"), (17.9, "0-17"), (18, "18-39"), (40, "40-59"), (74, "60-74"), (75, "75+"), (120, "75+")],
)
def test_every_age_has_a_band(age, band):
    assert age_band(age) == band


@pytest.mark.parametrize("age", [-1, "40", True, float("nan")])
def test_what_is_no_age_or_sex_is_named(age):
    with pytest.raises(ScoringError, match="ages: got"):
        score([""], [REFERENCE], ages=[age])
    with pytest.raises(ScoringError, match=r"sexes: got 'f'. Allowed: female, male"):
        score([""], [REFERENCE], sexes=["f"])


def test_ages_and_sexes_are_all_that_is_needed():
    answers, references = [REFERENCE, REFERENCE, "", ""], [REFERENCE] * 4
    result = score(answers, references, n_resamples=0, ages=[30, 50, 50, None], sexes=["female", 0, 1, "male"])
    assert {band: own["multirads_f1"].value for band, own in result.by["age_band"].items()} == {
        "18-39": 1, "40-59": pytest.approx(2 / 3),
    }  # fmt: skip
    told = result.to_json()["gaps"]["sex"]["category_accuracy"]
    assert told == {"gap": 1.0, "lowest": "male", "highest": "female", "p_value": None}


def test_subgroups_without_their_column_are_refused():
    for name, column in (("age_band", "ages"), ("sex", "sexes")):
        with pytest.raises(OptionError, match=rf"by: got '{name}' without {column}"):
            score([""], [REFERENCE], by=[name])


def test_a_gap_that_chance_does_not_make_has_a_small_p_value_and_never_zero():
    answers = [REFERENCE] * 40 + [""] * 40
    found = gaps(answers, [REFERENCE] * 80, sexes=["female"] * 40 + ["male"] * 40)["sex"]
    assert found["multirads_f1"].p_value == found["category_accuracy"].p_value == 1 / 501
    assert (found["validity"].lowest, found["validity"].gap) == ("male", 1)


def test_a_gap_that_chance_makes_has_none():
    answers = [REFERENCE, ""] * 40
    found = gaps(answers, [REFERENCE] * 80, groups={"half": ["a", "a", "b", "b"] * 20}, by=["half"])["half"]
    assert found["category_accuracy"].p_value == 1


def test_a_document_that_is_harder_is_no_gap_between_the_patients_it_is_for():
    answers, references = [REFERENCE] * 30 + [""] * 30, [REFERENCE] * 30 + [OTHER] * 30
    found = gaps(answers, references, sexes=["female"] * 30 + ["male"] * 30)["sex"]["category_accuracy"]
    assert (found.gap, found.p_value) == (1, 1)


def test_reports_of_one_patient_are_shuffled_together():
    answers = [REFERENCE] * 20 + [""] * 20
    sexes, studies = ["female"] * 20 + ["male"] * 20, [f"{place // 10}" for place in range(40)]
    tied = gaps(answers, [REFERENCE] * 40, sexes=sexes, study_ids=studies)["sex"]["category_accuracy"].p_value
    # Four studies fall into two pairs in six ways, of which two part them as they were.
    assert tied == pytest.approx(1 / 3, abs=0.08)


def test_documents_and_fields_are_not_shuffled():
    found = gaps([REFERENCE, ""], [REFERENCE, OTHER], by=["document", "system", "field"])
    assert {gap.p_value for name in found for gap in found[name].values()} == {None}
