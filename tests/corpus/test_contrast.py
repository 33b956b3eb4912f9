"""Minimal pairs: one finding differs, the rule says what it does to the category, and the text differs only there."""

import json
from collections import Counter
from difflib import SequenceMatcher

import pytest

from multirads_hf import corpus, rads
from multirads_hf.corpus.contrast import changes
from multirads_hf.schema import Between, Category, Decision, Document, Edit, Field

# Pairs of either kind for every document: the least that the split promises is 60 together.
PAIRS = 30
every_document = pytest.mark.parametrize("key", rads.keys())
_PAIRS = {}


def pairs(key):
    if key not in _PAIRS:
        rows = list(corpus.records("all", "test_contrast", documents=[key]))
        _PAIRS[key] = list(zip(rows[::2], rows[1::2], strict=True))
    return _PAIRS[key]


def core(row):
    return rads.get(row["document"]).core(row["category"])


def findings(row):
    """Return (lesion, field) -> value of everything a report says."""
    study = json.loads(row["extraction"])
    told = {(-1, name): value for name, value in study.items() if name not in ("document", "category", "lesions")}
    return told | {(i, n): v for i, lesion in enumerate(study.get("lesions", ())) for n, v in lesion.items()}


@every_document
def test_every_document_has_its_pairs_of_both_kinds(key):
    kinds = Counter(core(first) != core(other) for first, other in pairs(key))
    assert kinds == {True: PAIRS, False: PAIRS}
    for first, other in pairs(key):
        assert first["pair_id"] == other["pair_id"]
        assert (first["age"], first["sex"], first["profile"]) == (other["age"], other["sex"], other["profile"])
        if core(first) == core(other):
            assert first["category"] == other["category"]
    assert len({first["pair_id"] for first, _ in pairs(key)}) == 2 * PAIRS


@every_document
def test_one_finding_differs_and_several_kinds_of_it(key):
    document = rads.get(key)
    fields = Counter()
    for first, other in pairs(key):
        ours, theirs = findings(first), findings(other)
        assert set(ours) == set(theirs)
        apart = {place for place, value in ours.items() if value != theirs[place]}
        assert len({lesion for lesion, _ in apart}) == 1
        names = {name for _, name in apart}
        edits = [edit for edit in document.edits if names <= {edit.field, *edit.also}]
        assert edits, apart
        fields[core(first) != core(other), edits[0].field] += 1
    assert len({field for flips, field in fields if flips}) >= 3, fields
    assert len({field for flips, field in fields if not flips}) >= 3, fields


@every_document
def test_texts_differ_only_in_sentences_that_say_the_changed_finding(key):
    for first, other in pairs(key):
        ours, theirs = findings(first), findings(other)
        apart = {place for place, value in ours.items() if value != theirs[place]}
        said = [
            [row["report"][f["start"] : f["end"]] for f in row["facts"] if (f["lesion"], f["field"]) in apart]
            for row in (first, other)
        ]
        assert all(said)
        blocks = SequenceMatcher(None, first["report"], other["report"], autojunk=False).get_opcodes()
        changed = sum(max(b - a, d - c) for op, a, b, c, d in blocks if op != "equal")
        assert changed
        assert first["report"] != other["report"]
        # A changed finding is said twice at most, in the findings and in the impression.
        assert changed <= 500, (first["report"], other["report"])


def test_pairs_cover_many_categories():
    for key in rads.keys():
        starts = {core(first) for first, _ in pairs(key)}
        assert len(starts) >= 0.7 * len(rads.get(key).core_codes), (key, starts)


TOY = Document(
    key="toy", system="toy", system_names=("Toy",), title="", edition="", source="", modalities=("ct",),
    categories=(Category("A", "", "", 0), Category("B", "", "", 1)),
    fields=(
        Field("size_mm", "float", "", "lesion", low=1, high=20), Field("long_mm", "float", "", "lesion"),
        Field("shape", "enum", "", "lesion", ("round", "oval", "odd")), Field("prior", "bool", ""),
    ),
    scenarios=(),
    rule=lambda study: Decision("B" if study["lesions"][0]["size_mm"] >= 10 else "A", (), ""),
    edits=(
        Edit("size_mm", steps=(1,), also=("long_mm",), where={"prior": None, "size_mm": Between(5, 20)}),
        Edit("shape", ("round", "oval"), where={"size_mm": Between(1, 9)}),
        Edit("prior", (False, True)),
    ),
)  # fmt: skip


def changed(**lesion):
    return [change.study for change in changes(TOY, {"lesions": [lesion]})]


def test_numbers_move_together_and_stay_in_range():
    assert changed(size_mm=20, long_mm=22) == [{"lesions": [{"size_mm": 19, "long_mm": 21}]}]
    assert changed(size_mm=8) == [{"lesions": [{"size_mm": 7}]}, {"lesions": [{"size_mm": 9}]}]


def test_where_and_values_limit_an_edit():
    assert changed(size_mm=4, shape="round") == [{"lesions": [{"size_mm": 4, "shape": "oval"}]}]
    assert changed(size_mm=4, shape="odd") == []
    exam = [change.study for change in changes(TOY, {"prior": True, "lesions": [{"size_mm": 8}]})]
    assert exam == [{"prior": False, "lesions": [{"size_mm": 8}]}]
