"""Which rows of a split a config and its options take. Rows that are left out change no other row."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from multirads_hf import rads
from multirads_hf.corpus.cell import Cell
from multirads_hf.corpus.options import Options
from multirads_hf.corpus.plan import CONTRAST_BLOCKS, SIZES, SPLITS, STYLES_STUDIES, block
from multirads_hf.errors import OptionError, require_name

# So many blocks in a row without a single report mean that a choice leaves none.
MOST_EMPTY = 200
DEFAULTS = Options()
_BLOCKS = {"test": 1, "test_noisy": 1, "test_styles": STYLES_STUDIES, "test_contrast": CONTRAST_BLOCKS}


def configs() -> tuple[str, ...]:
    """Return the names of the configs: ``all``, then the systems."""
    return ("all", *rads.systems())


def default_size(split: str) -> int:
    """Return the rows that a split of config ``all`` has by default."""
    return SIZES[split] if split in SIZES else _BLOCKS[split] * len(block(0, split, 0))


def split_size(config: str, split: str, options: Options = DEFAULTS) -> int:
    """Return the rows of a split: ``num_reports``, or what its default size holds of the choice.

    Raises:
        UnknownNameError: no such config or split.
    """
    require_name("config", config, configs())
    require_name("split", split, SPLITS)
    if options.num_reports is not None:
        return options.num_reports
    blocks, rest = divmod(default_size(split), len(block(options.seed, split, 0)))
    if config == "all" and not options.chooses:
        return default_size(split)
    whole = sum(len(_places(split, number, config, options)) for number in range(blocks))
    return whole + sum(place < rest for place in _places(split, blocks, config, options) if rest)


def row(config: str, split: str, options: Options, number: int) -> tuple[int, Cell]:
    """Return where in the split the ``number``-th row of a choice stands, and what it is to be.

    Raises:
        OptionError: the choice leaves no report.
    """
    size = len(block(options.seed, split, 0))
    if config == "all" and not options.chooses:
        return number, block(options.seed, split, number // size)[number % size]
    ends = _ends(split, config, options)
    while not ends or ends[-1] <= number:
        ends.append((ends[-1] if ends else 0) + len(_places(split, len(ends), config, options)))
        if len(ends) >= MOST_EMPTY and ends[-1] == ends[-MOST_EMPTY]:
            raise OptionError(f"split {split!r} of config {config!r} has no report that {_chosen(options)} leave.")
    at = bisect_right(ends, number)
    place = _places(split, at, config, options)[number - (ends[at - 1] if at else 0)]
    return at * size + place, block(options.seed, split, at)[place]


@lru_cache(maxsize=256)
def _ends(split: str, config: str, options: Options) -> list[int]:
    """Return the rows kept up to the end of each block; grows as rows are asked for."""
    del split, config, options
    return []


@lru_cache(maxsize=256)
def _places(split: str, number: int, config: str, options: Options) -> tuple[int, ...]:
    """Return the places in a block whose rows are kept."""
    cells = block(options.seed, split, number)
    return tuple(place for place, cell in enumerate(cells) if _kept(cell, config, options))


def _kept(cell: Cell, config: str, options: Options) -> bool:
    if config != "all" and rads.get(cell.document).system != config:
        return False
    labels = (cell.category, f"{cell.document}:{cell.category}")
    return (
        (not options.documents or cell.document in options.documents)
        and (not options.modalities or cell.modality in options.modalities)
        and (not options.categories or any(label in options.categories for label in labels))
        and (not options.profiles or cell.profile in options.profiles)
        and (cell.turn < 0 or not options.weights or _due(cell.turn, options.weight(cell.document, cell.category)))
    )


def _due(turn: int, share: float) -> bool:
    """Whether the ``turn``-th row is kept when ``share`` of all rows are: evenly spread and exact."""
    return int((turn + 1) * share + 1e-9) > int(turn * share + 1e-9)


def _chosen(options: Options) -> str:
    names = ("documents", "modalities", "categories", "weights", "profiles")
    return ", ".join(f"{name}={getattr(options, name)!r}" for name in names if getattr(options, name)) or "the options"
