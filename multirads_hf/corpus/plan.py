"""How many reports of what: a split is a sequence of blocks, each with the exact counts of its plan.

Row ``i`` of a split depends on (seed, split, i) alone, so any prefix, shard or size agrees.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from multirads_hf import rads
from multirads_hf.corpus.profiles import KEYS as PROFILES
from multirads_hf.corpus.sample import reach
from multirads_hf.draw import Draw
from multirads_hf.errors import OptionError, require_name, shown

# Default sizes; those of the other splits follow from their plans.
SIZES = {"train": 8000, "validation": 1600, "test_balanced": 1600, "test_unseen": 1600}
SPLITS = ("train", "validation", "test", "test_balanced", "test_unseen", "test_styles")
# Reports of each document in a block of a balanced split, and of a document without published counts in ``test``.
PER_BLOCK, UNPUBLISHED = 50, 100
STYLES_STUDIES = 20
MARGINALS = Path(__file__).parent / "data" / "rxl_radset_marginals.csv"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one row is to be.

    Attributes:
        document: key of the document.
        modality: modality of the exam.
        category: core category that the rule must give.
        profile: the writer.
        study: number of the study in its split; rows with the same number tell the same study.
    """

    document: str
    modality: str
    category: str
    profile: str
    study: int


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
    cells = _published_block(seed, split, number) if split == "test" else _balanced_block(seed, split, number)
    first = number * len(cells)
    order = Draw(seed, split, "order", number).order(len(cells))
    return tuple(Cell(*cells[place], study=first + row) for row, place in enumerate(order))


def _balanced_block(seed: int, split: str, number: int) -> list[tuple[str, str, str, str]]:
    cells = []
    for key in rads.keys():
        categories = _categories(key, split == "test_unseen")
        for place in range(number * PER_BLOCK, (number + 1) * PER_BLOCK):
            category, round_ = categories[place % len(categories)], place // len(categories)
            modalities = _modalities(key, category, split == "test_unseen")
            modality = modalities[(round_ + _start(seed, split, key, category)) % len(modalities)]
            cells.append((key, modality, category, _profile(seed, split, round_, key, category)))
    return cells


def _published_block(seed: int, split: str, number: int) -> list[tuple[str, str, str, str]]:
    cells = []
    for key in rads.keys():
        for modality, category, count in published().get(key) or _even(key):
            for place in range(count):
                cells.append((key, modality, category, _profile(seed, split, place, key, modality, category, number)))
    return cells


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


def configs() -> tuple[str, ...]:
    """Return the names of the configs: ``all``, then the systems."""
    return ("all", *rads.systems())


@lru_cache(maxsize=256)
def _places(seed: int, split: str, number: int, config: str) -> tuple[int, ...]:
    """Return the places in a block whose rows belong to a config."""
    cells = block(seed, split, number)
    if config == "all":
        return tuple(range(len(cells)))
    return tuple(place for place, cell in enumerate(cells) if rads.get(cell.document).system == config)


def default_size(split: str) -> int:
    """Return the rows that a split of config ``all`` has by default."""
    if split == "test":
        return len(block(0, split, 0))
    return len(block(0, split, 0)) * STYLES_STUDIES if split == "test_styles" else SIZES[split]


def split_size(config: str, split: str, num_reports: int | None = None, seed: int = 0) -> int:
    """Return the rows of a split: ``num_reports``, or what its default size holds of the config.

    Raises:
        UnknownNameError: no such config or split.
        OptionError: ``num_reports`` is not a positive whole number.
    """
    check(config, split, num_reports, seed)
    if num_reports is not None:
        return num_reports
    blocks, rest = divmod(default_size(split), len(block(seed, split, 0)))
    tail = sum(place < rest for place in _places(seed, split, blocks, config)) if rest else 0
    return blocks * len(_places(seed, split, 0, config)) + tail


def check(config: str, split: str, num_reports: int | None, seed: int) -> None:
    """Raise unless config, split, size and seed are allowed."""
    require_name("config", config, configs())
    require_name("split", split, SPLITS)
    for name, value, least in (("num_reports", num_reports, 1), ("seed", seed, 0)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < least):
            raise OptionError(f"{name}: got {shown(value)}. Allowed: a whole number from {least} up.")


def row(seed: int, split: str, config: str, number: int) -> tuple[int, Cell]:
    """Return where in the split the ``number``-th row of a config stands, and what it is to be."""
    size = len(block(seed, split, 0))
    share = len(_places(seed, split, 0, config))
    place = _places(seed, split, number // share, config)[number % share]
    return number // share * size + place, block(seed, split, number // share)[place]
