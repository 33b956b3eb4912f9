"""Texts as words, sentences and n-grams. N-grams are 64-bit numbers, the same on every machine."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

SHINGLE = 5
# Shorter pieces are remarks such as "None.", and those that end in a colon headings, which every report may share.
LEAST_SENTENCE = 12
MASK = "0"
_WORD = re.compile(r"\w+(?:[.,'’/-]\w+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_END = re.compile(r"(?<=[.!?])\s+|\n+")
# Odd multipliers of the places in an n-gram: the first 64 bits of the fractional parts of square roots of primes.
_PLACES = (
    0x6A09E667F3BCC909, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1, 0x510E527FADE682D1,
)  # fmt: skip


def words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case.

    >>> words("Nodule, 1.6 cm; T2-dark.")
    ['nodule', '1.6', 'cm', 't2-dark']
    """
    return _WORD.findall(text.lower())


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, numbers masked; headings, and up to ``LEAST_SENTENCE`` letters, are left out.

    >>> sentences("Liver: normal. Lesion of 12 x 9.5 mm.")
    ['Liver: normal.', 'Lesion of 0 x 0 mm.']
    """
    found = (" ".join(piece.split()) for piece in _END.split(text))
    return [_NUMBER.sub(MASK, piece) for piece in found if len(piece) > LEAST_SENTENCE and piece[-1] != ":"]


@lru_cache(maxsize=1 << 18)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def encode(text: str) -> Hashes:
    """Return the hashes of the words of a text, in order."""
    import numpy as np  # noqa: PLC0415

    return np.array([_hash(word) for word in words(text)], dtype=np.uint64)


def ngrams(encoded: Hashes, n: int) -> Hashes:
    """Return the hash of every run of ``n`` words, 1 to 5, in order; none where there are fewer words.

    Args:
        encoded: hashes of words, shape ``(k,)``.
        n: words in a run.
    """
    import numpy as np  # noqa: PLC0415

    if len(encoded) < n:
        return np.empty(0, dtype=np.uint64)
    length = len(encoded) - n + 1
    mixed = np.zeros(length, dtype=np.uint64)
    for place, factor in enumerate(_PLACES[:n]):
        mixed += encoded[place : place + length] * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(32))


def shingles(encoded: Hashes) -> Hashes:
    """Return the distinct runs of ``SHINGLE`` words, sorted; a shorter text is one run of all its words."""
    import numpy as np  # noqa: PLC0415

    return np.unique(ngrams(encoded, min(SHINGLE, max(1, len(encoded)))))


def jaccard(one: Hashes, other: Hashes) -> float:
    """Return what share of the shingles of two texts both have, 0 to 1; 0 where neither has any."""
    import numpy as np  # noqa: PLC0415

    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / max(1, len(one) + len(other) - both)
