"""Comparison of models on the same reports: differences, whether they are more than luck, and rank groups.

Built on the counts of single reports that ``score`` aggregates, so every number of a model is the
one that ``score`` gives. A report on which the call of some model failed is left out for all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import TypeVar

from multirads_hf.errors import OptionError, ScoringError, allowed, shown
from multirads_hf.scoring.comparison import Comparison
from multirads_hf.scoring.counting import counts_of
from multirads_hf.scoring.counts import Counts, read_reference
from multirads_hf.scoring.evidence import gather
from multirads_hf.scoring.given import beside, listed
from multirads_hf.scoring.metrics import Metric, metrics_of
from multirads_hf.scoring.parse import Task
from multirads_hf.scoring.ranking import standings
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.signature import signature
from multirads_hf.scoring.tally import Tally
from multirads_hf.scoring.values import TOLERANCE_MM

T = TypeVar("T")
Given = Mapping[str, Iterable[T]]
# Convention of the planning of studies: a real difference is found four times out of five.
POWER = 0.8
N_RESAMPLES = 10_000
TEST = "approximate_randomisation+bh"


def compare(
    predictions: Given[str | bytes | None],
    references: Iterable[str],
    *,
    task: Task = "extraction",
    strict: bool = False,
    tolerance_mm: float = TOLERANCE_MM,
    confidence_level: float = 0.95,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
    condition: str = "withheld",
    rank_by: str | None = None,
    power: float = POWER,
    clusters: Iterable[str] | None = None,
    finish_reasons: Given[str | None] | None = None,
    errors: Given[bool] | None = None,
) -> Comparison:
    """Compare the raw answers of two or more models to the same reports.

    Args:
        predictions: model -> what it wrote for each report.
        references: the dataset's ``extraction`` of each report.
        task: ``category`` compares the label alone.
        strict: neither repair of JSON nor other spellings.
        tolerance_mm: lengths that differ by no more agree.
        confidence_level: of every interval; one less it is the level of the tests.
        n_resamples: swaps and bootstrap samples, so many that a p-value can be significant.
        seed: of both.
        condition: of the reports, for the signature.
        rank_by: the metric that orders and groups the models; ``multirads_f1``, for categories ``category_accuracy``.
        power: wanted probability of finding a difference, for the smallest that is detectable.
        clusters: of each report what it shares with others, such as ``study_id``; those are swapped and drawn as one.
        finish_reasons: model -> why it stopped, a report each, see ``score``.
        errors: model -> True where the call failed.

    Raises:
        ScoringError: fewer than two models, nothing to compare, lengths that differ, a prediction
            that is no text, a reference that is none; the message names the place.
        OptionError: an option with a value that is not allowed.
    """
    settings = Settings(
        task=task, strict=strict, tolerance_mm=tolerance_mm, confidence_level=confidence_level,
        n_resamples=n_resamples, seed=seed, condition=condition,
    )  # fmt: skip
    given = _mapping(predictions, "predictions")
    expected = _references(references)
    unknown = dict.fromkeys(given, [None] * len(expected))
    reasons = {**unknown, **(finish_reasons or {})}
    failed = {**unknown, **(errors or {})}
    counts: dict[str, Sequence[Counts]] = {}
    for model, texts in given.items():
        own = beside(expected, texts, f"predictions[{model!r}]")
        why = beside(expected, reasons[model], f"finish_reasons[{model!r}]")
        error = [bool(failing) for failing in beside(expected, failed[model], f"errors[{model!r}]")]
        _require_text(model, own)
        counts[model] = counts_of(own, expected, settings, why, error)
    units = beside(expected, [""] * len(expected) if clusters is None else clusters, "clusters")
    return compare_counts(counts, settings, report_ids=expected, clusters=units, rank_by=rank_by, power=power)


def compare_counts(
    counts: Mapping[str, Sequence[Counts]],
    settings: Settings | None = None,
    *,
    report_ids: Sequence[str] = (),
    clusters: Sequence[str] = (),
    rank_by: str | None = None,
    power: float = POWER,
) -> Comparison:
    """Compare models by the counts of single reports.

    Args:
        counts: model -> the counts of each report, from ``count`` under the task, strictness and
            tolerance of ``settings``; the same reports in the same order.
        settings: level of confidence, resamples, seed, and what the signature says.
        report_ids: names of the reports. They order the draws; without them the counts alone do.
        clusters: of each report the cluster, empty where it is one by itself.
        rank_by: see ``compare``.
        power: see ``compare``.

    Raises:
        ScoringError: fewer than two models, no report that all answered, reports that differ.
        OptionError: an option with a value that is not allowed.
    """
    settings = settings or Settings(n_resamples=N_RESAMPLES)
    metrics = metrics_of(settings.task)
    metric = _metric(rank_by, metrics)
    _require_options(settings, power)
    tallies = _same(counts)
    n = len(next(iter(tallies.values())))
    columns = (own.answered.tolist() for own in tallies.values())
    kept = [place for place, answers in enumerate(zip(*columns, strict=True)) if all(answers)]
    if not kept:
        raise ScoringError("Nothing to compare: allowed is one or more reports that no call failed on.")
    answered = {model: own.take(kept) for model, own in tallies.items()}
    ids, units = ([own[place] for place in kept] for own in (report_ids or [""] * n, clusters or [""] * n))
    evidence = gather(answered, metrics, settings, ids, units)
    scores = {model: {own.name: evidence.estimate(model, own) for own in metrics} for model in counts}
    values = {model: own[metric.name].value for model, own in scores.items()}
    places = standings(values, metric.higher_is_better, partial(evidence.differ, metric=metric))
    ordered = [own.model for own in places]
    return Comparison(
        signature=_signature(
            answered, settings, errors=n - len(kept), n=n, rank_by=metric.name, power=float(power), clustered=any(units)
        ),
        task=settings.task,
        models=tuple(counts),
        rank_by=metric.name,
        n=n,
        n_error=n - len(kept),
        scores=scores,
        standings=tuple(places),
        pairs=tuple(evidence.pair(first, second, power) for first, second in combinations(ordered, 2)),
    )


def _metric(rank_by: str | None, metrics: Sequence[Metric]) -> Metric:
    names = [metric.name for metric in metrics]
    wanted = rank_by or next(name for name in ("multirads_f1", "category_accuracy") if name in names)
    if wanted not in names:
        raise OptionError(f"rank_by: got {shown(rank_by)}. {allowed(rank_by, names)}")
    return metrics[names.index(wanted)]


def _require_options(settings: Settings, power: object) -> None:
    if isinstance(power, bool) or not isinstance(power, (int, float)) or not 0 < power < 1:
        raise OptionError(f"power: got {shown(power)}. Allowed: a number between 0 and 1, such as 0.8.")
    level = 1 - settings.confidence_level
    least = math.ceil(1 / level) - 1
    if settings.n_resamples < least:
        raise OptionError(
            f"n_resamples: got {settings.n_resamples}. Allowed: {least} or more, so that a p-value can reach {level:g}."
        )


def _same(counts: Mapping[str, Sequence[Counts]]) -> dict[str, Tally]:
    """Return the counts of each model, whose reports must be the same."""
    given = _mapping(counts, "counts")
    for model, own in given.items():
        first, reports = next(iter(given.items()))
        if len(own) != len(reports):
            got = f"{len(own)} reports of {model!r}, {len(reports)} of {first!r}"
            raise ScoringError(f"counts: got {got}. Allowed: the same reports of every model.")
    if not len(reports):
        raise ScoringError("Nothing to compare: allowed is one or more reports that no call failed on.")
    tallies = {model: Tally.of(own) for model, own in given.items()}
    known = tallies[first].asked()
    for model, tally in tallies.items():
        for place, (one, other) in enumerate(zip(known, tally.asked(), strict=True)):
            if one != other:
                got = f"{' '.join(other)} of {model!r}, {' '.join(one)} of {first!r}"
                raise ScoringError(f"counts[{place}]: got {got}. Allowed: the same reports in the same order.")
    return tallies


def _mapping(given: Mapping[str, T], name: str) -> Mapping[str, T]:
    if not isinstance(given, Mapping):
        raise ScoringError(f"{name}: got {shown(given)}. Allowed: a mapping of each model to its reports.")
    wrong = next((model for model in given if not isinstance(model, str) or not model), None)
    if wrong is not None:
        raise ScoringError(f"{name}: got a model named {shown(wrong)}. Allowed: a text that is not empty.")
    if len(given) < 2:
        raise ScoringError(f"{name}: got {len(given)} model(s). Allowed: two or more.")
    return given


def _references(references: Iterable[str]) -> list[str]:
    expected = listed(references, "references")
    if not expected:
        raise ScoringError("Nothing to compare: references is empty. Allowed: one or more reports.")
    for place, text in enumerate(expected):
        try:
            read_reference(text)
        except ScoringError as problem:
            raise ScoringError(f"references[{place}]: {problem}") from None
    return expected


def _require_text(model: str, texts: Sequence[object]) -> None:
    for place, text in enumerate(texts):
        if text is not None and not isinstance(text, (str, bytes)):
            where = f"predictions[{model!r}][{place}]"
            raise ScoringError(f"{where}: got {shown(text)}. Allowed: the model's text, or None.")


def _signature(answered: Mapping[str, Tally], settings: Settings, **parts: object) -> str:
    labels = {key: own.labels() for key, own in next(iter(answered.values())).by_document().items()}
    given = {
        "task": settings.task,
        "condition": settings.condition,
        "strict": settings.strict,
        "tolerance_mm": float(settings.tolerance_mm),
        "test": TEST,
        "models": len(answered),
        "confidence": float(settings.confidence_level),
        "resamples": settings.n_resamples,
        "seed": settings.seed,
    }
    return signature(labels, **given, **parts).replace("multirads_f1|", "multirads_compare|", 1)
