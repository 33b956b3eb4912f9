"""How much of the label can be told without reading the findings: from the writer, from the length, or from words.

Words are no shortcut in themselves, for findings are words. They are learnt from other clinical scenarios than those
they are tried on, so what they reach is what findings of any scenario give away, and no scenario is recognised.

Writer and length are judged by the best rule there is, less what such a rule reaches by luck where they are shuffled.
Cross-validation would err here: where a writer has every category equally often, what is scarce among the reports that
are asked about is plenty among those learnt from, and the guess is worse than chance. Luck, too, is less there than
where writers are shuffled, so such a gain would come out slightly below 0; it counts as none.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multirads_hf.describing.reports import Report
from multirads_hf.describing.words import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Right = NDArray[np.bool_]
    Whole = NDArray[np.int64]

FOLDS = 5
# Lengths are judged by tenths.
LENGTH_BINS = 10
SHUFFLES = 50
# Of the intervals, two-sided 95 %.
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Shortcut:
    """How one predictor did, report by report.

    Attributes:
        right: where it was right.
        majority: where the most frequent category would be.
        groups: number of the group of each report; reports of a group are not independent.
        luck: share of reports in which the rule is right by luck alone.
        luck_error: standard deviation of that share.
    """

    right: Right
    majority: Right
    groups: Whole
    luck: float = 0.0
    luck_error: float = 0.0

    def numbers(self, name: str) -> dict[str, float]:
        """Return accuracy, and its gain over the most frequent category with its interval."""
        import numpy as np  # noqa: PLC0415

        gain = self.right.astype(float) - self.majority
        own = np.bincount(self.groups, weights=gain - gain.mean())
        groups = len(np.unique(self.groups))
        variance = float((own**2).sum()) * groups / max(1, groups - 1) / len(gain) ** 2
        error = math.sqrt(variance + self.luck_error**2)
        middle = float(gain.mean()) - self.luck
        # Where the best rule gains less than luck would give it, nothing can be told: the majority is as good.
        least = 0.0 if self.luck else middle
        ends = {"_gain": max(least, middle), "_gain_low": middle - Z * error}
        ends["_gain_high"] = max(ends["_gain"], middle + Z * error)
        accuracy = {f"{name}_accuracy": float(self.majority.mean()) + ends["_gain"]}
        return accuracy | {name + end: value for end, value in ends.items()}


def joined(parts: Sequence[Shortcut]) -> Shortcut:
    """Return what was found in several documents together."""
    import numpy as np  # noqa: PLC0415

    starts = np.cumsum([0, *(part.groups.max() + 1 for part in parts)])
    groups = [part.groups + start for part, start in zip(parts, starts, strict=False)]
    sizes = np.array([len(part.right) for part in parts])
    weights = sizes / sizes.sum()
    return Shortcut(
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.majority for part in parts]),
        np.concatenate(groups),
        float(weights @ np.array([part.luck for part in parts])),
        float(np.hypot.reduce(weights * np.array([part.luck_error for part in parts]))),
    )


def shortcuts(reports: Sequence[Report]) -> dict[str, Shortcut]:
    """Return predictor -> how it did on reports of one document.

    A predictor is left out where its column is missing or there is nothing to tell apart.
    """
    known = [report for report in reports if report.category]
    written = [report for report in known if report.profile]
    told = [report for report in known if report.scenario and words(report.text)]
    found = {}
    if len({report.profile for report in written}) > 1 and _differ(written):
        found["profile"] = _best_rule(written, [report.profile for report in written])
    if _differ(known):
        found["length"] = _best_rule(known, _tenths([len(report.text) for report in known]))
    if len({report.scenario for report in told}) > 1 and _differ(told):
        found["words"] = _cross_validated(told)
    return found


def majority(reports: Sequence[Report]) -> dict[str, float]:
    """Return the share of the most frequent category; empty where none is known."""
    counts = Counter(report.core for report in reports if report.category)
    return {"majority_accuracy": max(counts.values()) / counts.total()} if counts else {}


def _differ(reports: Sequence[Report]) -> bool:
    return len({report.core for report in reports}) > 1


def _tenths(lengths: Sequence[int]) -> list[int]:
    import numpy as np  # noqa: PLC0415

    edges = np.unique(np.quantile(lengths, np.linspace(0, 1, LENGTH_BINS + 1)[1:-1]))
    return [int(place) for place in np.searchsorted(edges, lengths)]


def _best_rule(reports: Sequence[Report], bins: Sequence[object]) -> Shortcut:
    """Answer the most frequent category of each bin."""
    import numpy as np  # noqa: PLC0415

    labels, columns = (np.array(_numbered(values)) for values in ([report.core for report in reports], bins))
    groups = np.array(_numbered([report.case for report in reports]))
    counts = _table(labels, columns)
    right = counts.argmax(axis=0)[columns] == labels
    majority = labels == counts.sum(axis=1).argmax()
    _, alone = np.unique(groups, return_index=True)  # the first report of each case: copies bring no luck
    luck, error = _luck(labels[alone], columns[alone])
    # What is right for a reason cannot be right by luck: of a rule that is always right nothing is taken off.
    left = float(1 - right.mean()) / max(1 - majority[alone].mean() - luck, 1 / len(alone))
    return Shortcut(right, majority, groups, left * luck, left * error)


def _luck(labels: Whole, columns: Whole) -> tuple[float, float]:
    """Return what the best rule gains over the most frequent label where bins are shuffled: mean and deviation."""
    import numpy as np  # noqa: PLC0415

    random = np.random.default_rng(0)
    reached = [_table(labels, random.permutation(columns)).max(axis=0).sum() for _ in range(SHUFFLES)]
    gained = (np.array(reached) - np.bincount(labels).max()) / len(labels)
    return float(gained.mean()), float(gained.std())


def _table(labels: Whole, columns: Whole) -> Whole:
    """Return how often each label stands in each bin, shape ``(labels, bins)``."""
    import numpy as np  # noqa: PLC0415

    shape = (int(labels.max()) + 1, int(columns.max()) + 1)
    return np.bincount(labels * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)


def _cross_validated(reports: Sequence[Report]) -> Shortcut:
    """Answer what words predict that were learnt from reports of other scenarios."""
    import numpy as np  # noqa: PLC0415

    labels, groups = [report.core for report in reports], _numbered([report.scenario for report in reports])
    fold = np.array(folds(labels, groups))
    right = np.zeros(len(reports), dtype=bool)
    for number in sorted(set(fold.tolist())):
        inside = np.flatnonzero(fold == number)
        learnt, asked = ([reports[int(at)] for at in np.flatnonzero(own)] for own in (fold != number, fold == number))
        right[inside] = [
            answer == report.core for answer, report in zip(_from_words(learnt, asked), asked, strict=True)
        ]
    most = _most(labels)
    return Shortcut(right, np.array([label == most for label in labels]), np.array(groups))


def folds(labels: Sequence[str], groups: Sequence[int], number: int = FOLDS) -> list[int]:
    """Return the fold of each report: a group is in one, and the groups of a category are spread over all.

    >>> folds(["a", "a", "b", "b", "a", "b"], [0, 0, 1, 1, 2, 3], 2)
    [0, 0, 0, 0, 1, 1]
    """
    own: dict[int, list[str]] = {}
    for label, group in zip(labels, groups, strict=True):
        own.setdefault(group, []).append(label)
    order = sorted(own, key=lambda group: (_most(own[group]), -len(own[group]), group))
    place = {group: turn % number for turn, group in enumerate(order)}
    return [place[group] for group in groups]


def _numbered(names: Sequence[object]) -> list[int]:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return [numbers[name] for name in names]


def _most(labels: Sequence[str]) -> str:
    """Return the most frequent label, the first in the alphabet of equals."""
    return min(Counter(labels).items(), key=lambda found: (-found[1], found[0]))[0]


def _from_words(learnt: Sequence[Report], asked: Sequence[Report]) -> list[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 (heavy)
    from sklearn.linear_model import RidgeClassifier  # noqa: PLC0415 (heavy)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 (of scikit-learn)

    labels = [report.core for report in learnt]
    if len(set(labels)) == 1:
        return [labels[0]] * len(asked)
    vectors = TfidfVectorizer(analyzer=words, sublinear_tf=True)
    model = RidgeClassifier(solver="sparse_cg")
    with threadpool_limits(1):  # sums in one order on every machine
        model.fit(vectors.fit_transform([report.text for report in learnt]), labels)
        return [str(answer) for answer in model.predict(vectors.transform([report.text for report in asked]))]
