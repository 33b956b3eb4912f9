"""The numbers: what each is, and how it follows from the summed counts of a document's reports."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from multirads_hf.schema import Document
from multirads_hf.scoring.parse import Task
from multirads_hf.scoring.statistics import mean_known, ratio
from multirads_hf.scoring.tally import Tally
from multirads_hf.scoring.vocabulary import Same

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

Sums = Mapping[str, "Floats"]
_FINER = re.compile(r"(?<=\d)[A-Za-z]\b")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a set of answers.

    Attributes:
        name: its key.
        about: what it is.
        higher_is_better: which way is better.
        low: its smallest value.
        high: its largest value.
        share: numerator and denominator of a proportion, pooled over documents; else ``value`` gives
            it for one document, and over several it is the mean.
        value: from the sums of a document's columns.
        findings: it needs findings, so the category task has it not.
    """

    name: str
    about: str
    higher_is_better: bool = True
    low: float = 0.0
    high: float = 1.0
    share: tuple[str, str] | None = None
    value: Callable[[Sums], Floats] | None = None
    findings: bool = False


def f1(sums: Sums, of: str = "") -> Floats:
    """Return F1 of fields: ``2 tp / (2 tp + fp + fn)``."""
    tp, fp, fn = (sums[f"{name}{of}"] for name in ("tp", "fp", "fn"))
    return ratio(2 * tp, 2 * tp + fp + fn)


def precision(sums: Sums) -> Floats:
    """Return the share of answered fields that are right; 0 where none is answered and some are expected."""
    import numpy as np  # noqa: PLC0415

    answered = sums["tp"] + sums["fp"]
    return np.where((answered == 0) & (sums["fn"] > 0), 0.0, ratio(sums["tp"], answered))


def recall(sums: Sums) -> Floats:
    """Return the share of expected fields that are answered right."""
    return ratio(sums["tp"], sums["tp"] + sums["fn"])


def macro_f1(sums: Sums) -> Floats:
    """Return mean F1 over categories with support; an invalid answer is a class that costs recall."""
    import numpy as np  # noqa: PLC0415

    support, hit, called = np.moveaxis(sums[LABELS], 1, 0)
    return mean_known(np.where(support > 0, ratio(2 * hit, support + called), np.nan))


def weighted_kappa(sums: Sums) -> Floats:
    """Return Cohen's kappa with quadratic weights on rank, over valid answers.

    Quadratic weights need no confusion matrix: the disagreement expected by chance follows from the
    sums of ranks and of their squares. Equal to scikit-learn's ``cohen_kappa_score`` over all ranks.
    """
    n, r, p = sums["valid"], sums["rank"], sums["called_rank"]
    chance = n * sums["rank2"] + n * sums["called_rank2"] - 2 * r * p
    return 1 - ratio(n * sums["distance2"], chance)


def rank_distance(sums: Sums) -> Floats:
    """Return how many ranks valid answers are off, on average."""
    return ratio(sums["distance"], sums["valid"])


def coarse(document: Document, code: str) -> str:
    """Return a label without modifiers and without the finer split of a number: ``4A`` and ``4`` are ``4``."""
    return _FINER.sub("", document.core(code))


METRICS = (
    Metric("multirads_f1", "F1 over findings", value=f1, findings=True),
    Metric("multirads_precision", "answered findings that are right", value=precision, findings=True),
    Metric("multirads_recall", "findings of the reference answered right", value=recall, findings=True),
    Metric("exact_findings", "reports with every finding right, none added", share=("exact", "n"), findings=True),
    Metric("validity", "answers that name one of the document's categories", share=("valid", "n")),
    Metric("category_accuracy", "answers with the right category, of all", share=("correct", "n")),
    Metric("category_accuracy_valid", "the same, of valid answers", share=("correct", "valid")),
    Metric("category_macro_f1", "mean F1 over categories with support", value=macro_f1),
    Metric("category_accuracy_coarse", "the same, finer splits of a category taken together", share=("coarse", "n")),
    Metric("management_error_rate", "valid answers that lead to other management", False, share=("managed", "valid")),
    Metric("under_call_rate", "valid answers of lower rank", False, share=("under", "valid")),
    Metric("over_call_rate", "valid answers of higher rank", False, share=("over", "valid")),
    # The largest value is the document's highest rank less its lowest.
    Metric("rank_distance", "ranks that valid answers are off", False, high=math.inf, value=rank_distance),
    Metric("weighted_kappa", "quadratic-weighted kappa on rank, valid answers", low=-1.0, value=weighted_kappa),
    Metric(
        "rule_consistency", "valid answers whose category the rule makes of their findings",
        share=("consistent", "valid"), findings=True,
    ),
)  # fmt: skip
SHARES = ("n", "valid", "correct", "coarse", "managed", "under", "over", "exact", "consistent")
MOMENTS = ("rank", "called_rank", "rank2", "called_rank2", "distance", "distance2")
KINDS = ("tp", "fp", "fn")
OF_LABELS = ("support", "hit", "called")
LABELS, PART, PREFIXES = "labels", "part:", tuple(f"{kind}:" for kind in OF_LABELS)


def metrics_of(task: Task) -> list[Metric]:
    """Return the metrics of a task."""
    return [metric for metric in METRICS if task == "extraction" or not metric.findings]


def columns(document: Document, reports: Tally) -> tuple[list[str], Floats]:
    """Return the names and the counts, one row a report, of which every metric over all fields is made.

    Args:
        document: of the reports.
        reports: none of another document.
    """
    import numpy as np  # noqa: PLC0415

    labels = np.unique(reports.expected).tolist()
    names = [*SHARES, *MOMENTS, *KINDS]
    names += [f"{kind}:{document.codes[label]}" for label in labels for kind in OF_LABELS]
    names += [f"{PART}{name}" for name in parts_of(document)]
    own = of_labels(document, reports)
    own[:, SHARES.index("exact")], own[:, SHARES.index("consistent")] = reports.exact, reports.consistent
    shared = len(SHARES) + len(MOMENTS)
    return names, np.hstack([own[:, :shared], reports.totals, _by_label(labels, reports), own[:, shared:]])


def field_columns(reports: Tally) -> tuple[tuple[str, ...], Floats]:
    """Return the fields that any reference or answer holds, and their counts, shape ``(reports, fields, 3)``.

    Args:
        reports: all of one document.
    """
    import numpy as np  # noqa: PLC0415

    names = reports.names[0]
    held = sorted(np.flatnonzero(reports.fields.any(axis=(0, 2))).tolist(), key=names.__getitem__)
    return tuple(names[place] for place in held), reports.fields[:, held].astype(float)


def sums_of(names: Sequence[str], sums: Floats) -> Sums:
    """Return sums by column, and by ``LABELS`` those of all labels, of support, hits and calls each.

    Args:
        names: of the columns.
        sums: the columns are the first axis.
    """
    own = [place for place, name in enumerate(names) if name.startswith(PREFIXES)]
    labels = sums[own[0] : own[-1] + 1] if own else sums[:0]
    return {
        **dict(zip(names, sums, strict=True)),
        LABELS: labels.reshape(len(labels) // len(OF_LABELS), len(OF_LABELS), *sums.shape[1:]),
    }


def parts_of(document: Document) -> tuple[str, ...]:
    """Return the parts of composite labels; none where labels are of one part."""
    return document.part_names if len(document.part_names) > 1 else ()


def of_labels(document: Document, reports: Tally) -> Floats:
    """Return what follows from the two labels of each report: shares, moments, and which parts are right."""
    import numpy as np  # noqa: PLC0415

    width = len(document.codes) + 1
    distinct, which = np.unique(reports.expected * width + reports.given + 1, return_inverse=True)
    key = Same(document)
    rows: Floats = np.array([_row(key, *divmod(pair, width)) for pair in distinct.tolist()], dtype=float)[which]
    return rows


def _by_label(labels: Sequence[int], reports: Tally) -> Floats:
    """Return for each label of a reference whether a report has it, is rightly answered, and is answered with it."""
    import numpy as np  # noqa: PLC0415

    expected, given = (own[:, None] == np.array(labels) for own in (reports.expected, reports.given))
    return np.stack([expected, expected & given, given], axis=2).reshape(len(reports), -1).astype(float)


@lru_cache(maxsize=8192)
def _row(key: Same[Document], expected: int, answered: int) -> tuple[float, ...]:
    """Return what the labels of one report count for, as ``of_labels`` does; ``answered`` is 0 for no label."""
    document = key.held
    parts = parts_of(document)
    if not answered:
        return (1.0, *[0.0] * (len(SHARES) - 1 + len(MOMENTS) + len(parts)))
    wanted, called = document.categories[expected], document.categories[answered - 1]
    rank, called_rank = wanted.rank, called.rank
    own = {"n": 1, "valid": 1, "correct": wanted.code == called.code}
    own |= {"coarse": coarse(document, called.code) == coarse(document, wanted.code)}
    own |= {"managed": called.management != wanted.management}
    own |= {"under": called_rank < rank, "over": called_rank > rank, "distance": abs(rank - called_rank)}
    own |= {"rank": rank, "called_rank": called_rank, "distance2": (rank - called_rank) ** 2}
    own |= {"rank2": rank**2, "called_rank2": called_rank**2}
    sides = document.split(wanted.code), document.split(called.code)
    same = [sides[0].get(name) == sides[1].get(name) for name in parts]
    return tuple(map(float, (*(own.get(name, 0) for name in (*SHARES, *MOMENTS)), *same)))
