"""How many reports of what: a split is a sequence of blocks, each with the exact counts of its plan.

Row ``i`` of a split depends on (seed, split, i) alone, so any prefix, shard or size agrees.
"""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from pathlib import Path

from multirads_hf import rads
from multirads_hf.corpus import contrast
from multirads_hf.corpus.cell import Cell
from multirads_hf.corpus.profiles import KEYS as PROFILES
from multirads_hf.corpus.sample import reach
from multirads_hf.draw import Draw

# Default sizes; those of the other splits follow from their plans.
SIZES = {"train": 8000, "validation": 1600, "test_balanced": 1600, "test_unseen": 1600}
SPLITS = (
    "train", "validation", "test", "test_balanced", "test_unseen", "test_contrast", "test_styles", "test_noisy",
)  # fmt: skip
# Rounds in a block of a balanced split, and of a document without published counts in ``test``.
PER_BLOCK, UNPUBLISHED = 10, 100
STYLES_STUDIES = 20
# Blocks of ``test_contrast``, each with one pair of either kind for every document.
CONTRAST_BLOCKS = 30
MARGINALS = Path(__file__).parent / "data" / "rxl_radset_marginals.csv"


@cache
def published() -> dict[str, tuple[tuple[str, str, int], ...]]:
    """Return document -> (modality, core category, reports) of RXL-RADSet (arXiv 2601.03232)."""
    with MARGINALS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    found: dict[str, list[tuple[str, str, int]]] = {}
    for row in rows:
        found.setdefault(row["document"], []).append((row["modality"], row["category"], int(row["n"])))
    return {document: tuple(cells) for document, cells in found.items()}


@cache
def _categories(key: str, unseen: bool) -> tuple[str, ...]:
    reached = {category for _, category in reach(key, unseen)}
    return tuple(code for code in rads.get(key).core_codes if code in reached)


@cache
def _modalities(key: str, category: str, unseen: bool) -> tuple[str, ...]:
    return tuple(m for m in rads.get(key).modalities if (m, category) in reach(key, unseen))


@lru_cache(maxsize=4096)
def _start(seed: int, split: str, *cell: object) -> int:
    return int(Draw(seed, split, "profile", *cell).random() * len(PROFILES))


def _profile(seed: int, split: str, place: int, *cell: object) -> str:
    """Return the writer of the ``place``-th row of a cell: all five in turn, from a drawn start."""
    return PROFILES[(place + _start(seed, split, *cell)) % len(PROFILES)]


@lru_cache(maxsize=64)
def block(seed: int, split: str, number: int) -> tuple[Cell, ...]:
    """Return the rows of one block of a split, in order."""
    if split == "test_styles":
        return _styles_block(seed, split, number)
    if split == "test_contrast":
        return _contrast_block(seed, split, number)
    if split == "test_noisy":
        return block(seed, "test", number)
    return _published_block(seed, number) if split == "test" else _balanced_block(seed, split, number)


def _balanced_block(seed: int, split: str, number: int) -> tuple[Cell, ...]:
    """Rounds in each of which every document has one row, so that every prefix is even to within one."""
    keys, cells = rads.keys(), []
    for turn in range(number * PER_BLOCK, (number + 1) * PER_BLOCK):
        order = Draw(seed, split, "round", turn).order(len(keys))
        first = turn * len(keys)
        cells += [_balanced_cell(seed, split, keys[place], turn, first + row) for row, place in enumerate(order)]
    return tuple(cells)


def _balanced_cell(seed: int, split: str, key: str, turn: int, study: int) -> Cell:
    """The ``turn``-th row of a document: its categories come in cycles, each in an order of its own."""
    unseen = split == "test_unseen"
    categories = _categories(key, unseen)
    cycle, place = divmod(turn, len(categories))
    category = categories[_cycle(seed, split, key, cycle, len(categories))[place]]
    modalities = _modalities(key, category, unseen)
    modality = modalities[(cycle + _start(seed, split, key, category)) % len(modalities)]
    return Cell(key, modality, category, _profile(seed, split, cycle, key, category), study, cycle)


@lru_cache(maxsize=256)
def _cycle(seed: int, split: str, key: str, cycle: int, length: int) -> list[int]:
    return Draw(seed, split, "cycle", key, cycle).order(length)


def _published_block(seed: int, number: int) -> tuple[Cell, ...]:
    """All published counts, in a drawn order."""
    cells = []
    for key in rads.keys():
        for modality, category, count in published().get(key) or _even(key):
            for place in range(count):
                cells.append((key, modality, category, _profile(seed, "test", place, key, modality, category, number)))
    order = Draw(seed, "test", "order", number).order(len(cells))
    return tuple(Cell(*cells[place], number * len(cells) + row) for row, place in enumerate(order))


def _even(key: str) -> list[tuple[str, str, int]]:
    """Return even counts for a document of which no counts are published."""
    categories = _categories(key, False)
    counts = [UNPUBLISHED // len(categories) + (i < UNPUBLISHED % len(categories)) for i in range(len(categories))]
    return [(_modalities(key, c, False)[0], c, n) for c, n in zip(categories, counts, strict=True)]


def _styles_block(seed: int, split: str, number: int) -> tuple[Cell, ...]:
    """One study of each document, told by all five writers."""
    cells = []
    for place, key in enumerate(rads.keys()):
        categories = _categories(key, False)
        category = categories[number % len(categories)]
        modality = Draw(seed, split, key, number, "modality").pick(_modalities(key, category, False))
        study = number * len(rads.keys()) + place
        cells += [Cell(key, modality, category, profile, study) for profile in PROFILES]
    return tuple(cells)


def _contrast_block(seed: int, split: str, number: int) -> tuple[Cell, ...]:
    """A pair that flips and one that holds of each document; rows ``2n`` and ``2n + 1`` are a pair."""
    kinds = [(key, flip) for flip in (True, False) for key in rads.keys() if contrast.starts(key, flip)]
    cells = []
    for place, (key, flip) in enumerate(kinds):
        starts = contrast.starts(key, flip)
        category = tuple(starts)[(number + _start(seed, split, key, flip)) % len(starts)]
        modality = Draw(seed, split, key, flip, number).pick(starts[category])
        profile = _profile(seed, split, number, key, flip)
        first = 2 * (number * len(kinds) + place)
        cells += [Cell(key, modality, category, profile, first + side, flip=flip) for side in (0, 1)]
    return tuple(cells)
