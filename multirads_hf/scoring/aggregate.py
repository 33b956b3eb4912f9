"""From the counts of single reports to the numbers of a document, and of several together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.metrics import METRICS, RANK_DISTANCE, Metric
from multirads_hf.scoring.result import INVALID, CategoryScores, DocumentScores, Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import bounds, effective_n, mean_known, percentiles, wilson
from multirads_hf.scoring.table import Table

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

FAULTS = ("reading", "reasoning", "both")


def scores_over(tables: Sequence[Table], settings: Settings) -> dict[str, Estimate]:
    """Return every metric of the task over documents: proportions pooled, other numbers averaged."""
    wanted = [m for m in (*METRICS, RANK_DISTANCE) if settings.task == "extraction" or not m.findings]
    return {metric.name: _over(metric, tables, settings) for metric in wanted}


def field_f1(field: str, tables: Sequence[Table], settings: Settings) -> Estimate:
    """Return F1 of one field, the mean over the documents that have it."""
    import numpy as np  # noqa: PLC0415

    own = [(table.field_f1, table.fields.index(field)) for table in tables if field in table.fields]
    total = mean_known(np.array([[f1[0][place]] for f1, place in own]))
    resampled = mean_known(np.array([f1[1][place] for f1, place in own]))
    return _estimate(total, resampled, settings.confidence_level)


def document_scores(
    key: str, reports: Sequence[Counts], table: Table | None, settings: Settings, others: Mapping[str, Estimate]
) -> DocumentScores:
    """Return the scores of one document; ``table`` is None where every call failed, ``others`` are added."""
    document = rads.get(key)
    answered = table.reports if table else []
    pairs = Counter((r.expected, r.given or INVALID) for r in answered)
    seen = {label for pair in pairs for label in pair}
    labels = (*(code for code in document.codes if code in seen), INVALID)
    parts = document.part_names if len(document.part_names) > 1 else ()
    return DocumentScores(
        n=len(reports),
        scores={**scores_over([table] if table else [], settings), **others},
        labels=labels,
        confusion=tuple(tuple(pairs[row, column] for column in labels) for row in labels),
        under=_sum(table, "under"),
        over=_sum(table, "over"),
        faults=faults(answered),
        fields=_fields(table, settings) if table else {},
        parts={part: _share((f"part:{part}", "n"), [table], settings) for part in parts if table},
        categories={label: _category(label, table, settings) for label in labels if table and label != INVALID},
    )


def faults(reports: Sequence[Counts]) -> dict[str, int]:
    """Return how many valid categories are wrong by each cause."""
    found: Counter[str] = Counter(report.fault for report in reports)
    return {fault: found[fault] for fault in FAULTS}


def share_of(above: int, below: int, settings: Settings) -> Estimate:
    """Return a proportion with its Wilson interval; nothing where ``below`` is 0."""
    return Estimate(above / below, *wilson(above, below, settings.confidence_level)) if below else Estimate()


def _over(metric: Metric, tables: Sequence[Table], settings: Settings) -> Estimate:
    import numpy as np  # noqa: PLC0415

    if not tables:
        return Estimate()
    if metric.share:
        return _share(metric.share, tables, settings)
    numbers = [table.number(metric) for table in tables]
    total, resampled = (mean_known(np.array([own[place] for own in numbers])) for place in (0, 1))
    return _estimate(total, resampled, settings.confidence_level)


def _estimate(value: Floats, resampled: Floats, confidence_level: float) -> Estimate:
    number = float(value[0])
    if math.isnan(number):
        return Estimate()
    low, high = percentiles(resampled, confidence_level) or (None, None)
    return Estimate(number, low, high)


def _share(names: tuple[str, str], tables: Sequence[Table], settings: Settings) -> Estimate:
    """Return a proportion, pooled over documents; clusters widen its interval."""
    import numpy as np  # noqa: PLC0415

    above, below = (sum(_sum(table, name) for table in tables) for name in names)
    if not below or not any(table.is_clustered for table in tables):
        return share_of(above, below, settings)
    units = (np.concatenate([table.units[name] for table in tables]) for name in names)
    n = effective_n(*units)
    return Estimate(above / below, *wilson(above / below * n, n, settings.confidence_level))


def _sum(table: Table | None, column: str) -> int:
    return int(table.total[column][0]) if table and column in table.total else 0


def _category(label: str, table: Table | None, settings: Settings) -> CategoryScores:
    support, hit, called = (_sum(table, f"{kind}:{label}") for kind in ("support", "hit", "called"))
    if not support and table:
        called = sum(report.given == label for report in table.reports)
    f1 = 2 * hit / (support + called) if support + called else None
    return CategoryScores(support, called, hit, share_of(hit, support, settings), share_of(hit, called, settings), f1)


def _fields(table: Table, settings: Settings) -> Mapping[str, tuple[int, int, int, Estimate]]:
    totals, samples = table.field_f1
    values, lows, highs = (own.tolist() for own in (totals, *bounds(samples, settings.confidence_level)))
    numbers = zip(table.fields, values, lows, highs, strict=True)
    return {
        name: (*(_sum(table, f"{kind}:{name}") for kind in ("tp", "fp", "fn")), Estimate(*map(_known, three)))  # type: ignore[misc]
        for name, *three in numbers
    }


def _known(number: float) -> float | None:
    return None if math.isnan(number) else number
