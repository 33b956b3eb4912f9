"""What a set of texts is like by its texts alone: length, vocabulary, diversity, sentences that return."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from multirads_hf.describing.words import ngrams, sentences

if TYPE_CHECKING:
    from multirads_hf.describing.words import Hashes

ORDERS = (1, 2, 3, 4)
QUARTILES = {"q25": 0.25, "median": 0.5, "q75": 0.75}
# zlib looks back 32 kB, some 30 reports: the ratio tells how alike neighbours are, in any number of them.
ZLIB_LEVEL = 6
# Self-BLEU grows with the number of texts, so it is of a sample of one size. Smoothing: Chen and Cherry 2014, method 1.
BLEU_SAMPLE, BLEU_EPSILON = 100, 0.1


@dataclass(frozen=True, slots=True)
class Repeated:
    """The sentence that most texts have, numbers masked.

    Attributes:
        sentence: the sentence; empty where there is none.
        share: texts that have it, 0 to 1.
    """

    sentence: str
    share: float


def lengths(texts: Sequence[str], encoded: Sequence[Hashes]) -> dict[str, float]:
    """Return mean and quartiles of characters and words in a text."""
    import numpy as np  # noqa: PLC0415

    found = {}
    for name, counts in (("characters", list(map(len, texts))), ("words", list(map(len, encoded)))):
        found[f"{name}_mean"] = float(np.mean(counts))
        for part, share in QUARTILES.items():
            found[f"{name}_{part}"] = float(np.quantile(counts, share))
    return found


def diversity(texts: Sequence[str], encoded: Sequence[Hashes]) -> dict[str, float]:
    """Return vocabulary, distinct-n, compression ratio and self-BLEU; what does not exist is left out."""
    import numpy as np  # noqa: PLC0415

    found: dict[str, float] = {}
    for order in ORDERS:
        runs = np.concatenate([ngrams(one, order) for one in encoded])
        kinds = len(np.unique(runs))
        if order == 1:
            found["vocabulary"] = kinds
        if len(runs):
            found[f"distinct_{order}"] = kinds / len(runs)
    if any(texts):
        found["compression_ratio"] = compression_ratio(texts)
    step = max(1, len(encoded) // BLEU_SAMPLE)
    bleu = self_bleu(encoded[::step][:BLEU_SAMPLE])
    return found if bleu is None else found | {"self_bleu": bleu}


def compression_ratio(texts: Sequence[str]) -> float:
    """Return bytes before compression over bytes after it: the higher, the more repetitive.

    Source: Shaib et al., Standardizing the measurement of text diversity (arXiv:2403.00553), who use gzip.

    >>> compression_ratio(["The liver is normal."] * 50) > compression_ratio(["The liver is normal."])
    True
    """
    whole = "\n".join(texts).encode("utf-8", "replace")
    return len(whole) / len(zlib.compress(whole, ZLIB_LEVEL))


def repetition(bodies: Sequence[str]) -> tuple[dict[str, float], Repeated]:
    """Return the share of sentences that are distinct, and the sentence that most texts have."""
    listed = [sentences(body) for body in bodies]
    total = sum(map(len, listed))
    if not total:
        return {}, Repeated("", 0.0)
    holders = Counter(chain.from_iterable(dict.fromkeys(own) for own in listed))
    sentence, count = holders.most_common(1)[0]
    top = Repeated(sentence, count / len(bodies))
    return {"sentences": total, "distinct_sentences": len(holders) / total, "top_sentence_share": top.share}, top


def self_bleu(encoded: Sequence[Hashes]) -> float | None:
    """Return the mean BLEU-4 of every text against all others, 0 to 1; None with fewer than two texts.

    Source: Zhu et al., Texygen (SIGIR 2018).
    """
    import numpy as np  # noqa: PLC0415

    if len(encoded) < 2:
        return None
    sizes = [len(one) for one in encoded]
    precisions = np.array([list(_clipped(encoded, order)) for order in ORDERS])
    scores = np.exp(np.log(precisions).mean(axis=0))
    penalties = []
    for place, size in enumerate(sizes):
        others = sizes[:place] + sizes[place + 1 :]
        nearest = min(others, key=lambda other: (abs(other - size), other))
        penalties.append(1.0 if size >= nearest else float(np.exp(1 - nearest / max(size, 1))))
    return float(np.mean(scores * np.array(penalties)))


def _clipped(encoded: Sequence[Hashes], order: int) -> Iterator[float]:
    """Yield the share of each text's n-grams that some other text has at least as often."""
    counts = [Counter(ngrams(one, order).tolist()) for one in encoded]
    most: dict[int, tuple[int, int]] = {}
    for own in counts:
        for run, number in own.items():
            first, second = most.get(run, (0, 0))
            most[run] = (max(first, number), max(second, min(first, number)))
    for own in counts:
        right = sum(
            min(number, most[run][1] if number == most[run][0] else most[run][0]) for run, number in own.items()
        )
        yield max(right, BLEU_EPSILON) / max(own.total(), 1)
