"""What becomes of a model when the same study is written otherwise: by another writer, misleadingly, or badly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.errors import ScoringError, allowed, shown
from multirads_hf.scoring.aggregate import share_of
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.metrics import METRICS, Metric, Sums, columns
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import mean_known, percentiles, ratio, resampled_sums
from multirads_hf.scoring.table import OF_FIELDS, clustered

if TYPE_CHECKING:
    from multirads_hf.scoring.statistics import Floats

# Each exists where its column of the dataset is given; none of them is made from columns of counts alone.
CONDITION_METRICS = (
    Metric("contrast_consistency", "minimal pairs with both categories right"),
    Metric("contrast_flip", "the same, of pairs whose category changes"),
    Metric("contrast_hold", "the same, of pairs whose category must not change"),
    Metric("style_consistency", "studies whose writers all get one and the same category"),
    Metric("style_accuracy", "studies whose writers all get the right category"),
    Metric("anchoring_rate", "answers that repeat a wrong category which the report prints", False),
    Metric("robustness_drop_f1", "F1 over findings lost to noise", False, low=-1.0, findings=True),
    Metric("robustness_drop_accuracy", "category accuracy lost to noise", False, low=-1.0),
    Metric("robustness_drop_validity", "validity lost to noise", False, low=-1.0),
)
DROPS = {
    "robustness_drop_f1": "multirads_f1",
    "robustness_drop_accuracy": "category_accuracy",
    "robustness_drop_validity": "validity",
}
Studies = Mapping[str, Sequence[Counts]]


def versions(reports: Sequence[Counts], study_ids: Sequence[str]) -> Studies:
    """Return study id -> its reports, of studies that have several. An empty id is no study.

    Raises:
        ScoringError: reports of one study are of two documents or have two categories.
    """
    found: dict[str, list[Counts]] = {}
    for report, name in zip(reports, study_ids, strict=True):
        if name:
            found.setdefault(name, []).append(report)
    for name, members in found.items():
        if len({(report.document, report.expected) for report in members}) > 1:
            raise ScoringError(f"study_ids: reports of {name!r} differ. Allowed: one document and category a study.")
    return {name: members for name, members in found.items() if len(members) > 1}


def style(studies: Studies, settings: Settings, document: str = "") -> dict[str, Estimate]:
    """Return the share of studies whose reports all get one category, and of those in which it is right.

    An answer without a category agrees with none. Studies with a failed call are left out.

    Args:
        studies: from ``versions``.
        settings: gives the level of confidence.
        document: count the studies of this document alone.
    """
    own = [
        members
        for members in studies.values()
        if document in ("", members[0].document) and all(report.state != "error" for report in members)
    ]
    if not own:
        return {}
    same = sum(len({r.given for r in members}) == 1 and members[0].valid for members in own)
    right = sum(all(r.correct for r in members) for members in own)
    shares = {"style_consistency": same, "style_accuracy": right}
    return {name: share_of(number, len(own), settings) for name, number in shares.items()}


def require_stated(reports: Sequence[Counts], stated: Sequence[str]) -> None:
    """Check that what reports print are categories of their documents; an empty text where they print none.

    Raises:
        ScoringError: the message names the place.
    """
    for place, (report, code) in enumerate(zip(reports, stated, strict=True)):
        codes = rads.get(report.document).codes
        if code and code not in codes:
            raise ScoringError(f"stated_categories[{place}]: got {shown(code)}. {allowed(code, codes)}")


def anchoring(
    reports: Sequence[Counts], stated: Sequence[str], settings: Settings, document: str = ""
) -> dict[str, Estimate]:
    """Return how often the category that a report wrongly prints is the answer.

    Args:
        reports: the counts of every report; failed calls are left out.
        stated: the category that each prints, empty for none; one that is right says nothing.
        settings: gives the level of confidence.
        document: count the reports of this document alone.
    """
    misled = [
        report.given == code
        for report, code in zip(reports, stated, strict=True)
        if code and code != report.expected and report.state != "error" and document in ("", report.document)
    ]
    return {"anchoring_rate": share_of(sum(misled), len(misled), settings)} if misled else {}


def drops(
    clean: Sequence[Counts],
    noisy: Sequence[Counts],
    settings: Settings,
    clusters: Sequence[str] = (),
    document: str = "",
) -> dict[str, Estimate]:
    """Return by how much scores fall from reports to the same reports with noise.

    Every bootstrap sample draws the same studies on both sides.

    Args:
        clean: the counts of every report.
        noisy: of the same studies in the same order; a study with a failed call on either side is left out.
        settings: how to resample.
        clusters: of each report the cluster, empty where it is one by itself.
        document: count the reports of this document alone.
    """
    names = clusters or [""] * len(clean)
    both = [
        pair
        for pair in zip(clean, noisy, names, strict=True)
        if "error" not in (pair[0].state, pair[1].state) and document in ("", pair[0].document)
    ]
    keys = sorted({report.document for report, _, _ in both})
    tables = [_sides(key, [pair for pair in both if pair[0].document == key], settings) for key in keys]
    wanted = {m.name: m for m in METRICS if settings.task == "extraction" or not m.findings}
    known = {name: wanted[own] for name, own in DROPS.items() if own in wanted and tables}
    return {name: _drop(metric, tables, settings) for name, metric in known.items()}


def _sides(key: str, pairs: Sequence[tuple[Counts, Counts, str]], settings: Settings) -> tuple[Sums, Sums]:
    """Return the sums of both sides by column: over the reports first, then of every sample."""
    import numpy as np  # noqa: PLC0415

    document = rads.get(key)
    sides = [columns(document, [clean for clean, _, _ in pairs]), columns(document, [noisy for _, noisy, _ in pairs])]
    kept = [[place for place, name in enumerate(names) if not name.startswith(OF_FIELDS)] for names, _ in sides]
    rows = np.hstack([rows[:, own] for (_, rows), own in zip(sides, kept, strict=True)])
    units = clustered(rows, [pair[2] for pair in pairs])
    sums = np.vstack([rows.sum(axis=0), resampled_sums(units, settings.n_resamples, settings.seed, key)]).T
    parts = np.split(sums, [len(kept[0])])
    first, other = (
        {names[place]: column for place, column in zip(own, part, strict=True)}
        for (names, _), own, part in zip(sides, kept, parts, strict=True)
    )
    return first, other


def _drop(metric: Metric, tables: Sequence[tuple[Sums, Sums]], settings: Settings) -> Estimate:
    clean, noisy = (_over(metric, [table[side] for table in tables]) for side in (0, 1))
    differences = clean - noisy
    if math.isnan(differences[0]):
        return Estimate()
    low, high = percentiles(differences[1:], settings.confidence_level) or (None, None)
    return Estimate(float(differences[0]), low, high)


def _over(metric: Metric, tables: Sequence[Sums]) -> Floats:
    import numpy as np  # noqa: PLC0415

    if metric.share:
        above, below = (np.sum([table[name] for table in tables], axis=0) for name in metric.share)
        return ratio(above, below)
    return mean_known(np.array([metric.value(table) for table in tables if metric.value]))
