"""Figures of texts alone, against counts by hand."""

from __future__ import annotations

import zlib

import pytest
from planted import text

from multirads_hf.describing import describe
from multirads_hf.describing.text import BLEU_SAMPLE, self_bleu
from multirads_hf.describing.words import encode

TEXTS = ["The liver is normal. The spleen is normal.", "The liver is normal. Cyst of 12 mm.", "Cyst of 14 mm."]


def numbers(texts: list[str]) -> dict[str, float]:
    return dict(describe(texts, progress=False).overall)


def test_lengths_are_those_counted_by_hand() -> None:
    found = numbers(TEXTS)
    assert found["reports"] == 3
    assert found["words_mean"] == (8 + 8 + 4) / 3
    assert (found["words_q25"], found["words_median"], found["words_q75"]) == (6, 8, 8)
    assert found["characters_mean"] == pytest.approx(sum(map(len, TEXTS)) / 3)


def test_distinct_runs_are_those_counted_by_hand() -> None:
    found = numbers(TEXTS)
    # the liver is normal spleen cyst of 12 mm 14
    assert found["vocabulary"] == 10
    assert found["distinct_1"] == 10 / 20
    # first: the-liver liver-is is-normal normal-the the-spleen spleen-is is-normal; second: normal-cyst cyst-of of-12
    # 12-mm; third: of-14 14-mm
    assert found["distinct_2"] == (6 + 4 + 2) / (7 + 7 + 3)


def test_the_sentence_of_most_reports_is_found_with_its_numbers_masked() -> None:
    found = describe([*TEXTS, "Cyst of 20 mm. Cyst of 21 mm."], progress=False)
    assert found.repeated["all"].sentence == "Cyst of 0 mm."
    assert found.overall["top_sentence_share"] == 3 / 4
    assert found.overall["sentences"] == 7
    assert found.overall["distinct_sentences"] == 3 / 7


def test_compression_is_that_of_zlib() -> None:
    whole = "\n".join(TEXTS).encode()
    assert numbers(TEXTS)["compression_ratio"] == len(whole) / len(zlib.compress(whole))
    assert numbers(TEXTS * 20)["compression_ratio"] > 5


def test_self_bleu_is_one_for_copies_nothing_for_strangers_and_right_in_between() -> None:
    assert self_bleu([encode(text(0))] * 3) == pytest.approx(1.0)
    assert self_bleu([encode(text(number)) for number in range(3)]) < 0.01
    # a b c d e against a b c d f: 4 of 5, 3 of 4, 2 of 3 and 1 of 2 runs
    wanted = (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    assert self_bleu([encode("a b c d e"), encode("a b c d f")]) == pytest.approx(wanted)
    # a run that is repeated counts as often as another text has it: "a a b" has one a of two in "a c d"
    one = encode("a a b c d e f")
    assert self_bleu([one, encode("a x y z u v w")]) == pytest.approx((1 / 7 * 0.1 / 6 * 0.1 / 5 * 0.1 / 4) ** 0.25)
    assert self_bleu([one]) is None


def test_self_bleu_of_many_reports_takes_a_sample_of_one_size() -> None:
    many = [text(number, 12) for number in range(BLEU_SAMPLE)]
    # every second text of the doubled list is one of `many`, and the sample takes these alone
    doubled = [own for number, one in enumerate(many) for own in (one, text(number, 30))]
    assert numbers(doubled)["self_bleu"] == numbers(many)["self_bleu"]


def test_texts_without_words_have_the_numbers_that_exist() -> None:
    found = numbers(["", "  "])
    assert found["words_mean"] == 0
    assert not {"distinct_1", "distinct_sentences"} & set(found)
