"""The numbers: what each is, and how it follows from the summed counts of a document's reports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multirads_hf.schema import Document
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.statistics import mean_known, ratio

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
        low: its smallest value; every metric's largest is 1.
        share: numerator and denominator of a proportion, pooled over documents; else ``value`` gives
            it for one document, and over several it is the mean.
        value: from the sums of a document's columns.
        findings: it needs findings, so the category task has it not.
    """

    name: str
    about: str
    higher_is_better: bool = True
    low: float = 0.0
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

    labels = [name.removeprefix("support:") for name in sums if name.startswith("support:")]
    scores = []
    for label in labels:
        support = sums[f"support:{label}"]
        own = ratio(2 * sums[f"hit:{label}"], support + sums[f"called:{label}"])
        scores.append(np.where(support > 0, own, np.nan))
    return mean_known(np.array(scores))


def weighted_kappa(sums: Sums) -> Floats:
    """Return Cohen's kappa with quadratic weights on rank, over valid answers.

    Quadratic weights need no confusion matrix: the disagreement expected by chance follows from the
    sums of ranks and of their squares. Equal to scikit-learn's ``cohen_kappa_score`` over all ranks.
    """
    n, r, p = sums["valid"], sums["rank"], sums["called_rank"]
    chance = n * sums["rank2"] + n * sums["called_rank2"] - 2 * r * p
    return 1 - ratio(n * sums["distance2"], chance)


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
    Metric("weighted_kappa", "quadratic-weighted kappa on rank, valid answers", low=-1.0, value=weighted_kappa),
    Metric(
        "rule_consistency", "valid answers whose category the rule makes of their findings",
        share=("consistent", "valid"), findings=True,
    ),
)  # fmt: skip
SHARES = ("n", "valid", "correct", "coarse", "managed", "under", "over", "exact", "consistent")
MOMENTS = ("rank", "called_rank", "rank2", "called_rank2", "distance2")


def columns(document: Document, reports: Sequence[Counts]) -> tuple[list[str], Floats]:
    """Return the names and the counts, one row a report, of which every metric is made."""
    import numpy as np  # noqa: PLC0415

    ranks = {category.code: category.rank for category in document.categories}
    rows = [dict(_row(document, ranks, report)) for report in reports]
    supported = {report.expected for report in reports}
    labels = [code for code in document.codes if code in supported]
    fields = dict.fromkeys(name for report in reports if report.agreement for name in report.agreement.fields)
    names = [*SHARES, *MOMENTS, "tp", "fp", "fn"]
    names += [f"{kind}:{label}" for label in labels for kind in ("support", "hit", "called")]
    names += [f"{kind}:{name}" for name in sorted(fields) for kind in ("tp", "fp", "fn")]
    names += [f"part:{name}" for name in document.part_names if len(document.part_names) > 1]
    return names, np.array([[row.get(name, 0) for name in names] for row in rows], dtype=float)


def _row(document: Document, ranks: Mapping[str, int], report: Counts) -> Iterable[tuple[str, int]]:
    yield from (("n", 1), ("valid", report.valid), ("correct", report.correct))
    yield from (("exact", report.exact), ("consistent", report.consistent), (f"support:{report.expected}", 1))
    if report.agreement:
        yield from (("tp", report.agreement.tp), ("fp", report.agreement.fp), ("fn", report.agreement.fn))
        for name, counted in report.agreement.fields.items():
            yield from zip((f"tp:{name}", f"fp:{name}", f"fn:{name}"), counted, strict=True)
    if report.given is None:
        return
    wanted, called = ranks[report.expected], ranks[report.given]
    yield "coarse", coarse(document, report.given) == coarse(document, report.expected)
    yield "managed", document.category(report.given).management != document.category(report.expected).management
    yield from ((f"called:{report.given}", 1), (f"hit:{report.expected}", report.correct))
    yield from (("under", called < wanted), ("over", called > wanted), ("rank", wanted), ("called_rank", called))
    yield from (("rank2", wanted**2), ("called_rank2", called**2), ("distance2", (wanted - called) ** 2))
    expected, given = document.split(report.expected), document.split(report.given)
    for name in document.part_names:
        yield f"part:{name}", expected.get(name) == given.get(name)
