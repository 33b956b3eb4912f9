"""References as arrays: read once for all models that are scored against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from multirads_hf.errors import ScoringError
from multirads_hf.schema import Document
from multirads_hf.scoring.align import Rows, Stack
from multirads_hf.scoring.book import Book
from multirads_hf.scoring.counts import read_reference
from multirads_hf.scoring.tally import places

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expected:
    """References as arrays.

    Attributes:
        book: of the numbers in ``rows``.
        order: places of the reports by document, the order of all that follows: a document's readers and rule at
            once are quicker than in turn with others.
        back: places in that order of the reports as given.
        documents: of the reports, each once.
        document: place of each report's document.
        category: place of its category.
        ruled: place of the category that the rule gives, -1 for none.
        rows: the findings.
    """

    book: Book
    order: Sequence[int]
    back: Integers
    documents: tuple[Document, ...]
    document: Integers
    category: Integers
    ruled: Integers
    rows: Rows


@lru_cache(maxsize=32)
def expected_of(known: Book, texts: tuple[str, ...]) -> Expected:
    """Return references as arrays.

    Raises:
        ScoringError: one is none.
    """
    import numpy as np  # noqa: PLC0415

    given = [read_reference(text) for text in texts]
    order = sorted(range(len(given)), key=lambda place: given[place].document.key)
    references = [given[place] for place in order]
    documents = {own.document.key: own.document for own in references}
    keys = sorted(documents)
    coders = {key: known.coder(documents[key]) for key in keys}
    rows = Stack()
    for own in references:
        rows.add(coders[own.document.key].numbers(own.reading.exam, own.reading.lesions))
    width = max(len(coder.fields) for coder in coders.values())
    return Expected(
        book=known,
        order=order,
        back=np.argsort(order),
        documents=tuple(documents[key] for key in keys),
        document=np.array([keys.index(own.document.key) for own in references]),
        category=np.array([places(own.document.key)[own.category] for own in references]),
        ruled=np.array([places(own.document.key)[own.ruled] for own in references]),
        rows=rows.array(known, width),
    )


def expected_at(known: Book, references: Sequence[str], start: int) -> Expected:
    """Return references as arrays; the message about one that is none names its place, counted from ``start``."""
    try:
        return expected_of(known, tuple(references))
    except (ScoringError, TypeError):
        for place, text in enumerate(references, start):
            try:
                read_reference(text)
            except ScoringError as problem:
                raise ScoringError(f"references[{place}]: {problem}") from None
        raise
