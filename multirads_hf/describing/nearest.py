"""Are texts copies of others? The largest Jaccard similarity of each to a set of references.

Shingles are columns of a sparse matrix by their exact hash, so that no two of them share a column as they would under
scikit-learn's HashingVectorizer, and only the references' shingles need one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multirads_hf.describing.words import encode, shingles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from multirads_hf.describing.words import Hashes

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

# Texts that share so many shingles are copies of each other, small changes apart.
COPY = 0.8
# Cells of a product held at once, some 50 MB where every text shares a shingle with every reference.
CELLS = 4_000_000
QUANTILES = {"median": 0.5, "q90": 0.9, "q99": 0.99, "max": 1.0}


@dataclass(frozen=True, slots=True)
class Nearest:
    """The reference that is nearest to each text.

    Attributes:
        similarity: its Jaccard similarity of word 5-grams, 0 to 1, shape ``(n,)``.
        place: its place among the references; -1 where none shares a shingle.
        exact: whether some reference is the same text, white space aside.
    """

    similarity: Floats
    place: Whole
    exact: NDArray[np.bool_]

    def numbers(self, prefix: str) -> dict[str, float]:
        """Return quantiles, the share of near copies and the number of exact ones, their names with a prefix."""
        import numpy as np  # noqa: PLC0415

        found = {f"{prefix}_{name}": float(np.quantile(self.similarity, q)) for name, q in QUANTILES.items()}
        found[f"{prefix}_copies"] = float(np.mean(self.similarity >= COPY))
        return found | {f"{prefix}_exact": int(self.exact.sum())}

    def only(self, rows: Sequence[int]) -> Nearest:
        """Return the same for some of the texts."""
        chosen = list(rows)
        return Nearest(self.similarity[chosen], self.place[chosen], self.exact[chosen])


def plain(text: str) -> str:
    """Return a text with every run of white space as one space."""
    return " ".join(text.split())


class References:
    """Texts that others are compared with."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np  # noqa: PLC0415

        self.texts = list(map(plain, texts))
        self.sets = [shingles(encode(text)) for text in texts]
        self.columns = np.unique(np.concatenate(self.sets)) if self.sets else np.empty(0, np.uint64)
        self.matrix = self._matrix(self.sets).T.tocsr()
        self.sizes = np.array(list(map(len, self.sets)), dtype=np.int64)

    def nearest(self, texts: Sequence[str], sets: Sequence[Hashes], advance: Callable[[int], object] = bool) -> Nearest:
        """Return the nearest reference of each text.

        Args:
            texts: the texts.
            sets: their shingles.
            advance: called with the number of texts done since the last call.
        """
        import numpy as np  # noqa: PLC0415

        known = set(self.texts)
        exact = np.array([plain(text) in known for text in texts], dtype=bool)
        return Nearest(*self._search(sets, leave_out=False, advance=advance), exact)

    def among_themselves(self, advance: Callable[[int], object] = bool) -> Nearest:
        """Return the nearest other reference of each reference: what is usual for texts of one kind."""
        import numpy as np  # noqa: PLC0415

        first: dict[str, int] = {}
        again = np.array([first.setdefault(text, place) != place for place, text in enumerate(self.texts)], dtype=bool)
        return Nearest(*self._search(self.sets, leave_out=True, advance=advance), again)

    def _matrix(self, sets: Sequence[Hashes]) -> Any:
        """Return text x shingle, 1 where the text has it; shingles that no reference has are left out."""
        import numpy as np  # noqa: PLC0415
        from scipy.sparse import csr_matrix  # noqa: PLC0415

        every = np.concatenate([*sets, np.empty(0, np.uint64)])
        places = np.searchsorted(self.columns, every)
        known = np.concatenate([self.columns, every[-1:]])[places] == every
        known[places == len(self.columns)] = False
        before = np.concatenate([[0], np.cumsum(known)])
        starts = before[np.cumsum([0, *map(len, sets)])]
        ones = np.ones(int(before[-1]), np.int32)
        return csr_matrix((ones, places[known], starts), (len(sets), len(self.columns)))

    def _search(
        self, sets: Sequence[Hashes], leave_out: bool, advance: Callable[[int], object]
    ) -> tuple[Floats, Whole]:
        import numpy as np  # noqa: PLC0415

        best, places = np.zeros(len(sets)), np.full(len(sets), -1, dtype=np.int64)
        rows = max(1, CELLS // max(1, len(self.sets)))
        for start in range(0, len(sets), rows):
            own = sets[start : start + rows]
            for row, others, shared in _overlaps(self._matrix(own) @ self.matrix):
                similar = shared / (len(own[row]) + self.sizes[others] - shared)
                if leave_out:
                    similar[others == start + row] = 0
                if len(similar) and similar.max() > 0:
                    best[start + row] = similar.max()
                    places[start + row] = others[similar == best[start + row]].min()
            advance(len(own))
        return best, places


def _overlaps(product: Any) -> Iterator[tuple[int, Whole, Whole]]:
    """Yield row, the columns that are not 0, and what stands there."""
    for row in range(product.shape[0]):
        inside = slice(product.indptr[row], product.indptr[row + 1])
        yield row, product.indices[inside], product.data[inside]
