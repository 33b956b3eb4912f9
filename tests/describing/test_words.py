"""Texts as words: what counts as a word, a sentence and a shared run decides every other number."""

from __future__ import annotations

import doctest

import pytest

from multirads_hf.describing import shortcuts, text, words
from multirads_hf.describing.words import encode, jaccard, ngrams, sentences, shingles


@pytest.mark.parametrize("module", [words, text, shortcuts])
def test_examples_in_the_documentation_hold(module: object) -> None:
    done = doctest.testmod(module)  # type: ignore[arg-type]
    assert done.failed == 0
    assert done.attempted


def test_ngrams_tell_order_and_are_the_same_everywhere() -> None:
    assert len(ngrams(encode("a b a b a"), 2)) == 4
    assert len(set(ngrams(encode("a b a b a"), 2).tolist())) == 2
    assert ngrams(encode("a b"), 2).tolist() != ngrams(encode("b a"), 2).tolist()
    assert ngrams(encode("solid nodule"), 2).tolist() == [6399400828696515236]
    assert ngrams(encode("a b"), 3).tolist() == []


def test_jaccard_is_that_of_sets_of_five_words_counted_by_hand() -> None:
    one, other = (shingles(encode(own)) for own in ("a b c d e f g h", "a b c d e f g x"))
    assert (len(one), len(other)) == (4, 4)
    assert jaccard(one, other) == 3 / 5
    assert jaccard(one, one) == 1.0


@pytest.mark.parametrize(("own", "size"), [("", 0), ("...", 0), ("nodule", 1), ("no nodule seen", 1)])
def test_short_texts_are_one_shingle_or_none(own: str, size: int) -> None:
    found = shingles(encode(own))
    assert len(found) == size
    assert jaccard(found, found) == float(size > 0)


def test_sentences_end_at_stops_and_lines_but_not_inside_numbers() -> None:
    body = "Nodule of 1.6 cm, solid. Second nodule of 9 mm!\nFURTHER OBSERVATIONS:\nNone.\n- Thyroid of normal size"
    assert sentences(body) == ["Nodule of 0 cm, solid.", "Second nodule of 0 mm!", "- Thyroid of normal size"]
