"""The same reports answered by several models, as arrays that are resampled together.

The place of a report or model in what is given has no meaning, so both are put into an order of
their own before anything is drawn: reports by their names, those of one name by their counts, and
models by their counts. Equal answers hence get equal draws, whoever gives them and in what order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.metrics import PART, Metric, Sums, columns, sums_of
from multirads_hf.scoring.statistics import DRAWS_AT_ONCE, mean_known, ratio
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    import numpy as np

    from multirads_hf.scoring.statistics import Floats

    Draw = Callable[[np.random.Generator, int, int], Floats]

# Numbers of resampled sums held in memory at once, 128 MB.
SUMS_AT_ONCE = 16_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """The reports of one document.

    Attributes:
        key: the document's key.
        names: of the columns.
        rows: counts, shape ``(units, models, columns)``. A unit is what is drawn or swapped as one:
            a report, or the sum of those of a cluster.
    """

    key: str
    names: tuple[str, ...]
    rows: Floats


def blocks(models: Sequence[Tally], report_ids: Sequence[str], clusters: Sequence[str]) -> list[Block]:
    """Return the answered reports by document, units in an order that follows from names and counts alone.

    Args:
        models: the counts of each model, of the same reports in the same order.
        report_ids: a name of each report, which orders them.
        clusters: of each report the cluster, empty where it is one by itself.
    """
    units = [(1, cluster) if cluster else (0, name) for name, cluster in zip(report_ids, clusters, strict=True)]
    parts = [reports.answered_by_document() for reports in models]
    return [
        _block(key, [own[key][1] for own in parts], [units[place] for place in places.tolist()])
        for key, (places, _) in parts[0].items()
    ]


def over_documents(metric: Metric, tables: Sequence[Sums]) -> Floats:
    """Return a metric from the sums of each document: a proportion pooled, any other number averaged.

    Args:
        metric: which number.
        tables: sums by column, a mapping a document; arrays of one shape.
    """
    import numpy as np  # noqa: PLC0415

    if metric.share:
        above, below = (np.sum([table[name] for table in tables], axis=0) for name in metric.share)
        return ratio(above, below)
    if metric.value is None:
        return np.full(np.shape(tables[0]["n"]), np.nan)
    return mean_known(np.array([metric.value(table) for table in tables]))


def values(metrics: Sequence[Metric], blocks: Sequence[Block], sums: Sequence[Floats]) -> Floats:
    """Return every metric of one model, shape ``(metrics, samples)``.

    Args:
        metrics: which numbers.
        blocks: name the columns.
        sums: of the model, an array ``(columns, samples)`` a block.
    """
    import numpy as np  # noqa: PLC0415

    tables = [sums_of(block.names, own) for block, own in zip(blocks, sums, strict=True)]
    return np.array([over_documents(metric, tables) for metric in metrics])


def resampled(blocks: Sequence[Block], n_resamples: int, seed: int, draw: Draw) -> Iterator[list[Floats]]:
    """Yield sums over drawn units, some samples at a time: an array ``(models, columns, samples)`` a block.

    Every model gets the same draws, and every document draws of its own.

    Args:
        blocks: the reports.
        n_resamples: the number of samples in all.
        seed: with the document and the kind of draw it fixes the draws.
        draw: the weight of each unit, ``swaps`` or ``times``.
    """
    import numpy as np  # noqa: PLC0415

    sources = [np.random.default_rng([seed, *f"{draw.__name__}:{block.key}".encode()]) for block in blocks]
    widest = max(len(block.rows) for block in blocks)
    sums = sum(block.rows[0].size for block in blocks)
    at_once = max(1, min(DRAWS_AT_ONCE // widest, SUMS_AT_ONCE // sums))
    for start in range(0, n_resamples, at_once):
        size = min(at_once, n_resamples - start)
        drawn = [draw(random, size, len(block.rows)) for block, random in zip(blocks, sources, strict=True)]
        yield [_weighted(block, weights) for block, weights in zip(blocks, drawn, strict=True)]


def swaps(random: np.random.Generator, size: int, n: int) -> Floats:
    """Return for each of ``n`` units whether it is swapped, 0 or 1 alike likely; shape ``(size, n)``."""
    return (random.random((size, n)) < 0.5).astype(float)


def times(random: np.random.Generator, size: int, n: int) -> Floats:
    """Return how often each of ``n`` units is drawn in ``n`` draws with replacement; shape ``(size, n)``."""
    import numpy as np  # noqa: PLC0415

    drawn = random.integers(0, n, size=(size, n)) + n * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(float)


def _weighted(block: Block, weights: Floats) -> Floats:
    units, models, width = block.rows.shape
    sums: Floats = block.rows.reshape(units, models * width).T @ weights.T
    return sums.reshape(models, width, len(weights))


def _block(key: str, models: Sequence[Tally], units: Sequence[tuple[int, str]]) -> Block:
    import numpy as np  # noqa: PLC0415

    tables = [columns(rads.get(key), reports) for reports in models]
    names = [name for name in tables[0][0] if not name.startswith(PART)]
    rows = np.stack([counted[:, [own.index(name) for name in names]] for own, counted in tables], axis=1)
    rows, units = _clustered(rows, units)
    return Block(key, tuple(names), rows[_order(rows, units)])


def _clustered(rows: Floats, units: Sequence[tuple[int, str]]) -> tuple[Floats, list[tuple[int, str]]]:
    """Return rows with those of a cluster summed, and the name of each."""
    import numpy as np  # noqa: PLC0415

    alone = [place for place, (clustered, _) in enumerate(units) if not clustered]
    together: dict[str, list[int]] = {}
    for place, (clustered, name) in enumerate(units):
        if clustered:
            together.setdefault(name, []).append(place)
    summed = [rows[own].sum(axis=0) for own in together.values()]
    return (
        np.concatenate([rows[alone], np.array(summed).reshape(-1, *rows.shape[1:])]),
        [*(units[place] for place in alone), *((1, name) for name in together)],
    )


def _order(rows: Floats, units: Sequence[tuple[int, str]]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return places of units by name, then by the counts of the models, and these by all that they counted."""
    import numpy as np  # noqa: PLC0415

    known = {unit: rank for rank, unit in enumerate(sorted(set(units)))}
    distinct = np.unique(rows.reshape(-1, rows.shape[2]), axis=0, return_inverse=True)[1].reshape(rows.shape[:2])
    models = sorted(range(rows.shape[1]), key=lambda model: np.sort(distinct[:, model]).tolist())
    return np.lexsort((*distinct[:, models].T, np.array([known[unit] for unit in units])))
