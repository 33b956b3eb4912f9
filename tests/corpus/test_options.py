"""The dials: what is left keeps its id and its text, weights are exact, and mistakes are named."""

from collections import Counter

import pytest

from multirads_hf import corpus
from multirads_hf.errors import OptionError, UnknownNameError

SIZE = 800


@pytest.fixture(scope="module")
def every():
    return list(corpus.records("all", "train", 0, SIZE))


@pytest.mark.parametrize(
    ("given", "column", "kept"),
    [
        ({"documents": ["tirads", "nirads"]}, "document", ("tirads", "nirads")),
        ({"modalities": "pet_ct"}, "modality", ("pet_ct",)),
        ({"profiles": ["senior_resident"]}, "profile", ("senior_resident",)),
        ({"categories": ["TR5", "tirads:TR4"]}, "category", ("TR5", "TR4")),
        ({"categories": ["tirads:TR5"], "documents": ["tirads"]}, "category", ("TR5",)),
    ],
)
def test_a_choice_is_a_part_of_the_corpus(every, given, column, kept):
    wanted = [row for row in every if row[column] in kept]
    assert wanted
    assert list(corpus.records("all", "train", 0, len(wanted), **given)) == wanted
    assert list(corpus.records("all", "train", 1, 3, num_reports=9, **given)) == wanted[1:3]


def test_a_config_and_a_choice_go_together(every):
    chosen = list(corpus.records("lirads", "train", 0, 5, modalities=["ct"]))
    assert chosen == [row for row in every if row["system"] == "lirads" and row["modality"] == "ct"][:5]


def test_weights_are_exact():
    weighted = list(corpus.records("tirads", "train", num_reports=400, weights={"TR5": 4, "tirads:NC": 0}))
    counts = Counter(row["category"] for row in weighted)
    assert set(counts) == {"TR1", "TR2", "TR3", "TR4", "TR5"}
    assert counts["TR5"] == pytest.approx(200, abs=4)
    assert all(counts[code] == pytest.approx(50, abs=2) for code in ("TR1", "TR2", "TR3", "TR4"))
    every = list(corpus.records("tirads", "train", num_reports=200))
    assert all(row in every for row in weighted[:20])


def test_weights_leave_splits_with_counts_of_their_own_alone():
    for split in ("test", "test_contrast", "test_styles", "test_noisy"):
        given = corpus.options({"weights": {"TR5": 9}})
        assert corpus.split_size("tirads", split, given) == corpus.split_size("tirads", split)


def test_defaults_and_spellings_are_one_choice():
    assert corpus.options({"documents": None, "noise": None}) == corpus.Options()
    assert corpus.options({"documents": "tirads"}) == corpus.Options(documents=("tirads",))
    assert corpus.options({"weights": {"TR5": 2}}) == corpus.options({"weights": [["TR5", 2.0]]})
    assert corpus.Options(seed=3, profiles=["senior_resident"]).given() == {"seed": 3, "profiles": ("senior_resident",)}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"documents": ["tyrads"]}, UnknownNameError, "value of documents 'tyrads'.*Did you mean 'tirads'"),
        ({"modalities": ["xray"]}, UnknownNameError, "Allowed: mammography, ultrasound"),
        ({"categories": ["TR9"]}, UnknownNameError, "value of categories 'TR9'"),
        ({"profiles": "senior"}, UnknownNameError, "value of profiles 'senior'"),
        ({"profiles": 7}, OptionError, "profiles: got 7. Allowed: a list of names"),
        ({"weights": {"TR9": 1}}, UnknownNameError, "label in weights 'TR9'"),
        ({"weights": {"TR5": -1}}, OptionError, "weights: TR5: got -1. Allowed: a number from 0 up"),
        ({"weights": 3}, OptionError, "weights: got 3"),
        ({"noise": 4}, OptionError, "noise: got 4. Allowed: 0, 1, 2, 3"),
        ({"noise": True}, OptionError, "noise: got True"),
        ({"nose": 1}, OptionError, "unknown option 'nose'.*Did you mean 'noise'"),
    ],
)
def test_mistakes_are_named(given, error, message):
    with pytest.raises(error, match=message):
        corpus.records("all", "train", **given)


def test_a_choice_without_reports_says_so():
    nothing = {"documents": ["tirads"], "modalities": ["mri"]}
    assert list(corpus.records("all", "train", **nothing)) == []
    with pytest.raises(OptionError, match=r"no report that documents=\('tirads',\), modalities=\('mri',\) leave"):
        next(corpus.records("all", "train", num_reports=5, **nothing))
