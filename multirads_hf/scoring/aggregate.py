"""From the counts of single reports to the numbers of a document, and of several together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.schema import Document
from multirads_hf.scoring.metrics import metrics_of
from multirads_hf.scoring.result import INVALID, CategoryScores, DocumentScores, Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import effective_n, mean_known, wilson
from multirads_hf.scoring.table import Table, clustered, estimates
from multirads_hf.scoring.tally import FAULTS, Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from multirads_hf.scoring.statistics import Floats

    Flags = NDArray[np.bool_]
    Integers = NDArray[np.int64]


def scores_over(tables: Sequence[Table], settings: Settings) -> dict[str, Estimate]:
    """Return every metric of the task over documents: proportions pooled, other numbers averaged."""
    wanted = metrics_of(settings.task)
    if not tables:
        return {metric.name: Estimate() for metric in wanted}
    averaged = iter(tables[0].estimates[len(tables[0].fields) :] if len(tables) == 1 else _averaged(tables, settings))
    return {m.name: _share(m.share, tables, settings) if m.share else next(averaged) for m in wanted}


def _averaged(tables: Sequence[Table], settings: Settings) -> list[Estimate]:
    """Return the metrics that are no proportions, each the mean over documents."""
    import numpy as np  # noqa: PLC0415

    values, samples = zip(*(table.numbers for table in tables), strict=True)
    means = mean_known(np.stack(values, axis=1).T), mean_known(np.stack(samples))
    return estimates(*means, settings.confidence_level)


def field_f1(field: str, tables: Sequence[Table], settings: Settings) -> Estimate:
    """Return F1 of one field, the mean over the documents that have it."""
    import numpy as np  # noqa: PLC0415

    own = [(table.field_f1, table.fields.index(field)) for table in tables if field in table.fields]
    total, resampled = (mean_known(np.array([f1[side][place, None] for f1, place in own])) for side in (0, 1))
    return estimates(total, resampled, settings.confidence_level)[0]


def document_scores(
    key: str, reports: Tally, table: Table | None, settings: Settings, others: Mapping[str, Estimate]
) -> DocumentScores:
    """Return the scores of one document; ``table`` is None where every call failed, ``others`` are added."""
    document = rads.get(key)
    labels, confusion = _confusion(document, table.reports if table else reports.take(reports.answered))
    parts = document.part_names if len(document.part_names) > 1 else ()
    return DocumentScores(
        n=len(reports),
        scores={**scores_over([table] if table else [], settings), **others},
        labels=(*labels, INVALID),
        confusion=tuple(map(tuple, confusion)),
        under=_sum(table, "under"),
        over=_sum(table, "over"),
        faults=faults(reports),
        fields=_fields(table) if table else {},
        parts={part: _share((f"part:{part}", "n"), [table], settings) for part in parts if table},
        categories={label: _category(place, confusion, settings) for place, label in enumerate(labels)},
    )


def faults(reports: Tally) -> dict[str, int]:
    """Return how many valid categories are wrong by each cause."""
    import numpy as np  # noqa: PLC0415

    found = np.bincount(reports.fault, minlength=len(FAULTS)).tolist()
    return {name: found[place] for place, name in enumerate(FAULTS) if name}


def _confusion(document: Document, reports: Tally) -> tuple[list[str], list[list[int]]]:
    """Return the categories that references or answers have, and how often each is answered for each.

    Rows are references and columns answers, both of these categories and then of ``INVALID``.
    """
    import numpy as np  # noqa: PLC0415

    width = len(document.codes) + 1
    # An answer of no category has the place -1, the last one.
    pairs = np.bincount(reports.expected * width + reports.given % width, minlength=width * width)
    counts = pairs.reshape(width, width)
    seen = np.flatnonzero(counts.sum(axis=0)[:-1] + counts.sum(axis=1)[:-1]).tolist()
    own = [*seen, width - 1]
    return [document.codes[place] for place in seen], counts[np.ix_(own, own)].tolist()


def share_of(above: int, below: int, settings: Settings) -> Estimate:
    """Return a proportion with its Wilson interval; nothing where ``below`` is 0."""
    return Estimate(above / below, *wilson(above, below, settings.confidence_level)) if below else Estimate()


def share_over(hits: Flags, places: Integers, clusters: Sequence[str], settings: Settings) -> Estimate:
    """Return the share of units that hit, with its Wilson interval; clusters widen it.

    Args:
        hits: whether each unit does.
        places: the report of each, which is in its cluster.
        clusters: the cluster of every report, empty where it is one by itself; or nothing.
        settings: gives the level of confidence.
    """
    import numpy as np  # noqa: PLC0415

    own = [clusters[place] for place in places.tolist()] if clusters else ()
    units = clustered(np.stack([hits, np.ones(len(hits))], axis=1), own)
    return _clustered_share(int(hits.sum()), len(hits), units if any(own) else None, settings)


def _share(names: tuple[str, str], tables: Sequence[Table], settings: Settings) -> Estimate:
    """Return a proportion, pooled over documents; clusters widen its interval."""
    import numpy as np  # noqa: PLC0415

    above, below = (sum(_sum(table, name) for table in tables) for name in names)
    if not any(table.is_clustered for table in tables):
        return share_of(above, below, settings)
    units = np.concatenate([table.columns(names) for table in tables])
    return _clustered_share(above, below, units, settings)


def _clustered_share(above: int, below: int, units: Floats | None, settings: Settings) -> Estimate:
    """Return a proportion with the interval that its clusters leave it; ``units`` are their sums of both."""
    if units is None or not below:
        return share_of(above, below, settings)
    n = effective_n(*units.T)
    return Estimate(above / below, *wilson(above / below * n, n, settings.confidence_level))


def _sum(table: Table | None, column: str) -> int:
    return int(table.total[column][0]) if table and column in table.total else 0


def _category(place: int, confusion: Sequence[Sequence[int]], settings: Settings) -> CategoryScores:
    support, hit, called = sum(confusion[place]), confusion[place][place], sum(row[place] for row in confusion)
    f1 = 2 * hit / (support + called) if support + called else None
    return CategoryScores(support, called, hit, share_of(hit, support, settings), share_of(hit, called, settings), f1)


def _fields(table: Table) -> Mapping[str, tuple[int, int, int, Estimate]]:
    own = zip(table.fields, table.field_totals, table.estimates, strict=False)
    return {name: (tp, fp, fn, f1) for name, (tp, fp, fn), f1 in own}
