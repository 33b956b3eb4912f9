"""From the counts of single reports to the numbers of a document, and of several together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.metrics import METRICS, Metric, Sums, columns, f1
from multirads_hf.scoring.result import INVALID, DocumentScores, Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import mean_known, percentiles, resampled_sums, wilson

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

FAULTS = ("reading", "reasoning", "both")


class Table:
    """The answered reports of one document, summed and resampled.

    Attributes:
        key: the document's key.
        reports: its reports whose calls did not fail.
        total: sums of the counts by column, arrays of one.
        resampled: the same of every bootstrap sample.
    """

    def __init__(self, key: str, reports: Sequence[Counts], settings: Settings) -> None:
        self.key, self.reports = key, reports
        names, rows = columns(rads.get(key), reports)
        sums = resampled_sums(rows, settings.n_resamples, settings.seed, key)
        self.total: Sums = dict(zip(names, rows.sum(axis=0, keepdims=True).T, strict=True))
        self.resampled: Sums = dict(zip(names, sums.T, strict=True))

    @property
    def fields(self) -> list[str]:
        """The fields that any of the reports or answers holds."""
        return [column.removeprefix("tp:") for column in self.total if column.startswith("tp:")]


def scores_over(tables: Sequence[Table], settings: Settings) -> dict[str, Estimate]:
    """Return every metric of the task over documents: proportions pooled, other numbers averaged."""
    wanted = [metric for metric in METRICS if settings.task == "extraction" or not metric.findings]
    return {metric.name: _over(metric, tables, settings) for metric in wanted}


def field_f1(field: str, tables: Sequence[Table], settings: Settings) -> Estimate:
    """Return F1 of one field, the mean over the documents that have it."""
    import numpy as np  # noqa: PLC0415

    own = [table for table in tables if field in table.fields]
    total = mean_known(np.array([f1(table.total, f":{field}") for table in own]))
    resampled = mean_known(np.array([f1(table.resampled, f":{field}") for table in own]))
    return _estimate(total, resampled, settings.confidence_level)


def document_scores(
    key: str, reports: Sequence[Counts], table: Table | None, settings: Settings, contrast: Mapping[str, Estimate]
) -> DocumentScores:
    """Return the scores of one document; ``table`` is None where every call failed, ``contrast`` is of its pairs."""
    document = rads.get(key)
    answered = table.reports if table else []
    seen = {r.expected for r in answered} | {r.given for r in answered if r.given}
    labels = (*(code for code in document.codes if code in seen), INVALID)
    pairs = Counter((r.expected, r.given or INVALID) for r in answered)
    parts = document.part_names if len(document.part_names) > 1 else ()
    return DocumentScores(
        n=len(reports),
        scores={**scores_over([table] if table else [], settings), **contrast},
        labels=labels,
        confusion=tuple(tuple(pairs[row, column] for column in labels) for row in labels),
        under=_sum(table, "under"),
        over=_sum(table, "over"),
        faults={fault: sum(r.fault == fault for r in answered) for fault in FAULTS},
        fields=_fields(table, settings) if table else {},
        parts={part: _share(_sum(table, f"part:{part}"), _sum(table, "n"), settings) for part in parts},
    )


def _over(metric: Metric, tables: Sequence[Table], settings: Settings) -> Estimate:
    import numpy as np  # noqa: PLC0415

    if not tables:
        return Estimate()
    if metric.share:
        above, below = (sum(_sum(table, name) for table in tables) for name in metric.share)
        return _share(above, below, settings)
    if metric.value is None:
        return Estimate()
    total = mean_known(np.array([metric.value(table.total) for table in tables]))
    resampled = mean_known(np.array([metric.value(table.resampled) for table in tables]))
    return _estimate(total, resampled, settings.confidence_level)


def _estimate(value: Floats, resampled: Floats, confidence_level: float) -> Estimate:
    number = float(value[0])
    if math.isnan(number):
        return Estimate()
    low, high = percentiles(resampled, confidence_level) or (None, None)
    return Estimate(number, low, high)


def _share(above: int, below: int, settings: Settings) -> Estimate:
    return Estimate(above / below, *wilson(above, below, settings.confidence_level)) if below else Estimate()


def _sum(table: Table | None, column: str) -> int:
    return int(table.total[column][0]) if table else 0


def _fields(table: Table, settings: Settings) -> Mapping[str, tuple[int, int, int, Estimate]]:
    return {name: _field(table, name, settings) for name in table.fields}


def _field(table: Table, name: str, settings: Settings) -> tuple[int, int, int, Estimate]:
    tp, fp, fn = (_sum(table, f"{kind}:{name}") for kind in ("tp", "fp", "fn"))
    return tp, fp, fn, field_f1(name, [table], settings)
