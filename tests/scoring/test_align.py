"""A finding that is counted wrongly makes every score of it wrong."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import PATCH, laws, studies

from multirads_hf import rads
from multirads_hf.scoring import TOLERANCE_MM, align, read_study
from multirads_hf.scoring.book import UNKNOWN


def counted(given_study, expected, strict=False, tolerance_mm=TOLERANCE_MM):
    found = align(PATCH, read_study(PATCH, given_study, strict), read_study(PATCH, expected), tolerance_mm)
    assert sum(tp for tp, _, _ in found.fields.values()) == found.tp
    assert sum(fp for _, fp, _ in found.fields.values()) == found.fp
    assert sum(fn for _, _, fn in found.fields.values()) == found.fn
    return found.tp, found.fp, found.fn


def of_exam(field, value):
    return {field: value}


def of_lesion(field, value):
    return {"lesions": [{field: value}]}


@pytest.mark.parametrize(
    ("field", "expected", "spellings"),
    [
        ("colour", "dark_red", ["dark_red", "Dark red", "DARK-RED", " dark red ", "crimson", "Crimson"]),
        ("segment", "IVa", ["IVa", "iva", "4a", "4A", "segment 4a", "Seg. IVa", "S4a", "IV-a"]),
        ("segment", "V/VIII", ["V/VIII", "5/8", "segment V / VIII", "S5/8"]),
        ("segment", "I", ["I", "1", 1, 1.0, "segment 1"]),
        ("size_mm", 19, [19, 19.0, "19", "19 mm", "1.9 cm", "1,9 cm", "~19 mm", "19.0mm", 19.5, 18.5, "18.6 mm"]),
        (
            "signs",
            ["halo", "rim"],
            [["halo", "rim"], ["Rim", "ring"], ["rim", "halo", "halo"], "halo, rim", "rim;ring"],
        ),
        ("signs", ["spike"], ["spike", ["SPIKE"]]),
        ("old", "yes", ["yes", "Yes", True, "present", "positive"]),
        ("old", "no", ["no", False, "absent", "not present"]),
        ("old", "unknown", ["unknown", "Unknown"]),
    ],
)
def test_a_value_counts_in_every_usual_spelling(field, expected, spellings):
    for spelling in spellings:
        assert counted(of_lesion(field, spelling), of_lesion(field, expected)) == (1, 0, 0), spelling


@pytest.mark.parametrize(
    ("field", "expected", "spellings"),
    [
        ("seen", True, [True, "true", "Yes", "present", "visible", 1, "1"]),
        ("seen", False, [False, "false", "No", "absent", "not seen", 0, "none"]),
        ("since_months", 18, [18, "18", "18 months", "1.5 years", "18 mo"]),
        ("axes_mm", [12, 18], [[12, 18], [18, 12], ["1.8 cm", "12 mm"], [18.4, 12]]),
        ("axes_mm", [12, 18], ["18 x 12 mm", "1.8 x 1.2 cm", "18 mm by 12 mm"]),
        ("remark", "Left Side", ["left side", "Left-side."]),
    ],
)  # fmt: skip
def test_an_exam_value_counts_in_every_usual_spelling(field, expected, spellings):
    for spelling in spellings:
        assert counted(of_exam(field, spelling), of_exam(field, expected)) == (1, 0, 0), spelling


HOSTILE = ["blue", 7, -1, 2.5, True, [], {}, [[]], [{}], {"a": 1}, [None, "blue"], float("nan"), float("inf"), 10**400,
           "x" * 99_999, "1" * 5_000, "٣", "12 kg", "12 x 9 mm", "\x00", "1e9", "--5"]  # fmt: skip


@pytest.mark.parametrize("field", ["colour", "segment", "size_mm", "signs", "old"])
@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_a_value_of_a_wrong_kind_is_wrong_and_no_crash(field, value):
    expected = {"colour": "pale", "segment": "IVb", "size_mm": 30, "signs": ["rim"], "old": "unknown"}[field]
    assert counted(of_lesion(field, value), of_lesion(field, expected)) in {(0, 1, 1), (0, 0, 1)}
    assert counted(of_lesion(field, value), {}) in {(0, 1, 0), (0, 0, 0)}


@pytest.mark.parametrize("value", [None, [], "", "  ", "not mentioned", "N/A", "null"])
def test_what_is_absent_from_both_counts_for_nothing(value):
    study = {"seen": value, "lesions": [{"colour": value, "signs": value}]}
    assert counted(study, {}) == (0, 0, 0)
    assert counted(study, {"seen": True, "lesions": [{"colour": "pale"}]}) == (0, 0, 2)


def test_none_is_a_value_where_the_field_has_it():
    assert counted(of_lesion("colour", "none"), of_lesion("colour", "none")) == (1, 0, 0)


def test_lengths_agree_within_the_tolerance_and_other_numbers_exactly():
    assert counted(of_lesion("size_mm", 12.6), of_lesion("size_mm", 12)) == (0, 1, 1)
    assert counted(of_lesion("size_mm", 12.6), of_lesion("size_mm", 12), tolerance_mm=1) == (1, 0, 0)
    assert counted(of_lesion("size_mm", 12.1), of_lesion("size_mm", 12), tolerance_mm=0) == (0, 1, 1)
    assert counted(of_exam("since_months", 18.2), of_exam("since_months", 18), tolerance_mm=9) == (0, 1, 1)


def test_the_tolerance_is_one_of_millimetres_in_every_unit_of_length():
    document = rads.get("birads_us")
    wanted = read_study(document, {"lesions": [{"distance_from_nipple_cm": 3}]})
    for given_cm, tolerance_mm, agrees in ((3.04, 0.5, 1), (3.1, 0.5, 0), (3.1, 1, 1), (3.04, 0, 0), ("31 mm", 1, 1)):
        own = read_study(document, {"lesions": [{"distance_from_nipple_cm": given_cm}]})
        assert align(document, own, wanted, tolerance_mm).tp == agrees, (given_cm, tolerance_mm)


def test_strict_takes_the_own_values_names_and_types_alone():
    assert counted(of_lesion("colour", "dark_red"), of_lesion("colour", "dark_red"), strict=True) == (1, 0, 0)
    for field, value, expected in (
        ("colour", "crimson", "dark_red"), ("size_mm", "12", 12), ("signs", "rim", ["rim"]), ("old", True, "yes"),
    ):  # fmt: skip
        assert counted(of_lesion(field, value), of_lesion(field, expected), strict=True) == (0, 1, 1), field
    assert counted(of_lesion("Colour", "pale"), of_lesion("colour", "pale"), strict=True) == (0, 1, 1)
    assert counted(of_lesion("Colour", "pale"), of_lesion("colour", "pale")) == (1, 0, 0)


@pytest.mark.parametrize(
    ("extra", "false_positives"),
    [
        ({"shade": "grey"}, 1),
        ({"colour": "pale"}, 1),  # a field of lesions, not of the exam
        ({"Seen": False}, 1),  # named twice
        ({"shade": None, "tone": [], "hue": ""}, 0),
        ({"total": 7, "document": "patch", "category": "PT1"}, 0),  # derived, and no findings
    ],
)
def test_fields_that_the_document_has_not_are_false_positives(extra, false_positives):
    expected = {"seen": True, "lesions": [{"size_mm": 12}]}
    assert counted({**expected, **extra}, expected) == (2, false_positives, 0)


@pytest.mark.parametrize(
    ("lesions", "counts"),
    [
        ({"size_mm": 12}, (1, 0, 0)),
        ("a patch of 12 mm", (0, 1, 1)),
        (["a patch of 12 mm", 3, None], (0, 2, 1)),
        ([[{"size_mm": 12}]], (0, 1, 1)),
        ([{}, {"points": 4}], (0, 0, 1)),
        (None, (0, 0, 1)),
        (7, (0, 1, 1)),
    ],
)
def test_lesions_that_are_no_list_of_lesions_are_no_crash(lesions, counts):
    assert counted({"lesions": lesions}, of_lesion("size_mm", 12)) == counts


def test_lesions_are_paired_so_that_most_fields_agree():
    small, large = {"size_mm": 5, "colour": "pale"}, {"size_mm": 30, "colour": "dark_red", "segment": "I"}
    assert counted({"lesions": [large, small]}, {"lesions": [small, large]}) == (5, 0, 0)
    assert counted({"lesions": [large]}, {"lesions": [small, large]}) == (3, 0, 2)
    assert counted({"lesions": [small, large, {"size_mm": 5}]}, {"lesions": [large, small]}) == (5, 1, 0)
    # Pairing by the first field alone would leave the larger agreement aside.
    answered = [{"size_mm": 5, "colour": "dark_red", "segment": "I"}, {"size_mm": 30, "colour": "pale"}]
    assert counted({"lesions": answered}, {"lesions": [small, large]}) == (3, 2, 2)


def test_hundreds_of_answered_lesions_neither_hang_nor_hide():
    expected = [{"size_mm": 5 * n, "colour": "pale"} for n in range(1, 6)]
    wrong = [{"size_mm": 200 + n, "segment": "I", "signs": ["rim"]} for n in range(200)]
    assert counted({"lesions": wrong + expected}, {"lesions": expected}) == (10, 600, 0)
    many = [{"size_mm": 200}] * 20_000
    assert counted({"lesions": many}, {"lesions": expected}) == (0, 20_000, 10)


@laws
@given(studies(PATCH), studies(PATCH), st.randoms(use_true_random=False))
def test_the_order_of_lesions_keys_and_members_changes_no_count_of_any_field(answered, expected, rng):
    def shuffled(study):
        mixed = {name: study[name] for name in rng.sample(sorted(study), len(study))}
        mixed["lesions"] = [
            {
                n: rng.sample(v, len(v)) if isinstance(v, list) else v
                for n, v in rng.sample(sorted(one.items()), len(one))
            }
            for one in rng.sample(study["lesions"], len(study["lesions"]))
        ]
        return mixed

    first, second = (
        align(PATCH, read_study(PATCH, a), read_study(PATCH, e), TOLERANCE_MM)
        for a, e in ((answered, expected), (shuffled(answered), shuffled(expected)))
    )
    assert first == second


@laws
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_a_study(value):
    study = dict.fromkeys(("seen", "axes_mm", "lesions", "remark", "x"), value) | {"lesions": [value, {"signs": value}]}
    read_study(PATCH, study)
    read_study(PATCH, {"lesions": value})


def test_aliases_that_documents_list_are_read():
    for document in rads.documents():
        for field in document.fields:
            for value, aliases in {} if field.derived else field.aliases.items():
                right = [value] if field.kind == "list" else {"true": True, "false": False}.get(value, value)
                for alias in aliases:
                    given_study, expected = (
                        {"lesions": [{field.name: v}]} if field.level == "lesion" else {field.name: v}
                        for v in (alias, right)
                    )
                    found = align(document, read_study(document, given_study), read_study(document, expected), 0)
                    assert (found.tp, found.fp, found.fn) == (1, 0, 0), (
                        document.key,
                        field.name,
                        alias,
                        json.dumps(right),
                    )


def test_unknown_entries_are_counted_under_one_name():
    found = align(PATCH, read_study(PATCH, {"a": 1, "b": {"c": 2}}), read_study(PATCH, {}), 0)
    assert found.fields == {UNKNOWN: (0, 2, 0)}


def test_ties_between_pairings_do_not_depend_on_anything_but_the_lesions():
    rng = random.Random(0)
    answered = [{"size_mm": 5, "colour": "pale"}, {"size_mm": 5, "segment": "I"}, {"size_mm": 5, "old": "no"}]
    expected = [{"size_mm": 5, "old": "yes"}, {"size_mm": 5, "colour": "none"}]
    seen = set()
    for _ in range(20):
        a, e = (read_study(PATCH, {"lesions": rng.sample(x, len(x))}) for x in (answered, expected))
        seen.add(repr(sorted(align(PATCH, a, e, 0).fields.items())))
    assert len(seen) == 1
