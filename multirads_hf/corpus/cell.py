"""What one row of the corpus is to be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What one row is to be.

    Attributes:
        document: key of the document.
        modality: modality of the exam.
        category: core category that the rule must give.
        profile: the writer.
        study: number of the study in its split; rows with the same number tell the same study.
        turn: how many rows of this document and category came before, in a balanced split; else -1.
        flip: whether the pair changes its category, in ``test_contrast``.
    """

    document: str
    modality: str
    category: str
    profile: str
    study: int
    turn: int = -1
    flip: bool = False
