"""What becomes of a model when the same study is written otherwise: by another writer, misleadingly, or badly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from multirads_hf import rads
from multirads_hf.errors import ScoringError, allowed, shown
from multirads_hf.scoring.aggregate import share_over
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.metrics import Metric, Sums, columns, metrics_of, sums_of
from multirads_hf.scoring.result import Estimate
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.statistics import mean_known, percentiles, ratio, resampled_sums
from multirads_hf.scoring.table import clustered
from multirads_hf.scoring.tally import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from multirads_hf.scoring.statistics import Floats

    Integers = NDArray[np.int64]

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
Studies = Sequence[Sequence[int]]


def versions(reports: Tally, study_ids: Sequence[str]) -> Studies:
    """Return the places of the reports of each study that has several. An empty id is no study.

    Raises:
        ScoringError: reports of one study are of two documents or have two categories.
    """
    found: dict[str, list[int]] = {}
    for place, name in enumerate(study_ids):
        if name:
            found.setdefault(name, []).append(place)
    for name, members in found.items():
        if len(set(zip(reports.document[members].tolist(), reports.expected[members].tolist(), strict=True))) > 1:
            raise ScoringError(f"study_ids: reports of {name!r} differ. Allowed: one document and category a study.")
    return [members for members in found.values() if len(members) > 1]


def style(
    reports: Tally, studies: Studies, settings: Settings, clusters: Sequence[str] = (), document: str = ""
) -> dict[str, Estimate]:
    """Return the share of studies whose reports all get one category, and of those in which it is right.

    An answer without a category agrees with none. Studies with a failed call are left out.

    Args:
        reports: every report.
        studies: from ``versions``.
        settings: gives the level of confidence.
        clusters: of each report the cluster, empty where it is one by itself; a study is in that of its first.
        document: count the studies of this document alone.
    """
    import numpy as np  # noqa: PLC0415

    counted, given, correct = reports.answered & reports.is_of(document), reports.given, reports.correct
    own = [members for members in studies if counted[members].all()]
    if not own:
        return {}
    first = np.array([members[0] for members in own])
    same = [given[members[0]] >= 0 and (given[members] == given[members[0]]).all() for members in own]
    shares = {"style_consistency": same, "style_accuracy": [correct[members].all() for members in own]}
    return {name: share_over(np.array(hits, dtype=bool), first, clusters, settings) for name, hits in shares.items()}


def stated_places(reports: Tally, stated: Sequence[str]) -> Integers:
    """Return the place of the category that each report prints among its document's, -1 for none.

    Raises:
        ScoringError: a printed category is none of the document's; the message names the place.
    """
    import numpy as np  # noqa: PLC0415

    known = [{code: at for at, code in enumerate(rads.get(key).codes)} for key in reports.keys]
    places = np.full(len(reports), -1)
    for place, code in enumerate(stated):
        if code:
            codes = known[reports.document[place]]
            if code not in codes:
                raise ScoringError(f"stated_categories[{place}]: got {shown(code)}. {allowed(code, tuple(codes))}")
            places[place] = codes[code]
    return places


def anchoring(
    reports: Tally, stated: Integers, settings: Settings, clusters: Sequence[str] = (), document: str = ""
) -> dict[str, Estimate]:
    """Return how often the category that a report wrongly prints is the answer.

    Args:
        reports: every report; failed calls are left out.
        stated: from ``stated_places``; a printed category that is right says nothing.
        settings: gives the level of confidence.
        clusters: of each report the cluster, empty where it is one by itself.
        document: count the reports of this document alone.
    """
    import numpy as np  # noqa: PLC0415

    wrongly = (stated >= 0) & (stated != reports.expected) & reports.answered & reports.is_of(document)
    misled = np.flatnonzero(wrongly)
    hits = reports.given[misled] == stated[misled]
    return {"anchoring_rate": share_over(hits, misled, clusters, settings)} if len(misled) else {}


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
        clean: every report.
        noisy: of the same studies in the same order; a study with a failed call on either side is left out.
        settings: how to resample.
        clusters: of each report the cluster, empty where it is one by itself.
        document: count the reports of this document alone.
    """
    import numpy as np  # noqa: PLC0415

    first, other = Tally.of(clean), Tally.of(noisy)
    both = np.flatnonzero(first.answered & other.answered & first.is_of(document))
    units = [clusters[place] for place in both.tolist()] if clusters else [""] * len(both)
    sides = first.take(both).answered_by_document(), other.take(both).answered_by_document()
    tables = [
        _sides(key, (own, sides[1][key][1]), [units[place] for place in places.tolist()], settings)
        for key, (places, own) in sides[0].items()
    ]
    wanted = {metric.name: metric for metric in metrics_of(settings.task)}
    known = {name: wanted[own] for name, own in DROPS.items() if own in wanted and tables}
    return {name: _drop(metric, tables, settings) for name, metric in known.items()}


def _sides(key: str, both: tuple[Tally, Tally], clusters: Sequence[str], settings: Settings) -> tuple[Sums, Sums]:
    """Return the sums of both sides by column: over the reports first, then of every sample."""
    import numpy as np  # noqa: PLC0415

    sides = [columns(rads.get(key), reports) for reports in both]
    rows = np.hstack([rows for _, rows in sides])
    units = clustered(rows, clusters)
    sums = np.vstack([rows.sum(axis=0), resampled_sums(units, settings.n_resamples, settings.seed, key)]).T
    first, other = np.split(sums, [len(sides[0][0])])
    return sums_of(sides[0][0], first), sums_of(sides[1][0], other)


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
