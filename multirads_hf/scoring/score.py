"""Scores of a set of answers: re-aggregated from the counts of single reports, with intervals.

Within a document counts are pooled (micro). Over documents a proportion is pooled too, and any other
number is the mean over documents (macro), so that no document weighs by its number of fields.
Proportions have Wilson intervals, other numbers percentile intervals of a bootstrap that draws
reports within each document. Failed calls are counted in the state ``error`` and in no score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from multirads_hf import rads
from multirads_hf.errors import ScoringError, shown
from multirads_hf.scoring.aggregate import document_scores, faults, scores_over
from multirads_hf.scoring.breakdown import breakdowns
from multirads_hf.scoring.counts import Counts, count, read_reference
from multirads_hf.scoring.given import beside, listed
from multirads_hf.scoring.parse import STATES, Task
from multirads_hf.scoring.relations import Relations
from multirads_hf.scoring.result import Estimate, Scores
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.shortcuts import shortcuts
from multirads_hf.scoring.signature import signature
from multirads_hf.scoring.subgroups import subgroups
from multirads_hf.scoring.values import TOLERANCE_MM

T = TypeVar("T")


def score(
    predictions: Iterable[str | bytes | None],
    references: Iterable[str],
    *,
    task: Task = "extraction",
    strict: bool = False,
    tolerance_mm: float = TOLERANCE_MM,
    confidence_level: float = 0.95,
    n_resamples: int = 1000,
    seed: int = 0,
    finish_reasons: Iterable[str | None] | None = None,
    errors: Iterable[bool] | None = None,
    pair_ids: Iterable[str] | None = None,
    study_ids: Iterable[str] | None = None,
    stated_categories: Iterable[str] | None = None,
    noisy_predictions: Iterable[str | bytes | None] | None = None,
    clusters: Iterable[str] | None = None,
    ages: Iterable[float | None] | None = None,
    sexes: Iterable[str | int | None] | None = None,
    condition: str = "withheld",
    by: Iterable[str] = (),
    groups: Mapping[str, Iterable[str]] | None = None,
) -> Scores:
    """Score raw answers against the references of their reports.

    Args:
        predictions: what the model wrote for each report. None is an answer that says nothing.
        references: the dataset's ``extraction`` of each report.
        task: ``category`` scores the label alone and takes it in words too.
        strict: neither repair of JSON nor other spellings of names, values and labels.
        tolerance_mm: lengths that differ by no more agree; 0.5 is half of the last digit that reports print.
        confidence_level: of every interval.
        n_resamples: bootstrap samples; 0 leaves bootstrap intervals out.
        seed: of the bootstrap.
        finish_reasons: why the model stopped, a report each: ``length`` means cut, ``stop`` whole.
        errors: True where the call failed: counted in the state ``error``, in no score.
        pair_ids: the dataset's ``pair_id`` of each report, for contrast consistency.
        study_ids: the dataset's ``study_id`` of each report, for style consistency: several reports a study.
        stated_categories: the dataset's ``stated_category`` of each report, for the anchoring rate.
        noisy_predictions: what the model wrote for the same studies with noise, for the robustness drop.
        clusters: of each report what it shares with others, such as the dataset's ``scenario``: intervals then
            count reports of one cluster as related. Without them those of a study, or else of a pair, are.
        ages: of the patients in years; also gives scores by age band.
        sexes: of the patients, names or class numbers; also gives scores by sex.
        condition: of the reports, for the signature.
        by: also gives scores by these groups: ``system``, ``document``, ``field`` (F1 alone), or a name in ``groups``.
        groups: name -> the group of each report, such as ``{"sex": ["female", "male", ...]}``.

    Raises:
        ScoringError: nothing to score, lengths that differ, a prediction that is no text, a reference
            that is none; the message names the place.
        OptionError: an option with a value that is not allowed.
    """
    bands = subgroups(ages, sexes)
    wanted = tuple(dict.fromkeys((*listed(by, "by"), *bands)))
    settings = Settings(task, strict, tolerance_mm, confidence_level, n_resamples, seed, condition, wanted)
    expected = listed(references, "references")
    given = beside(expected, predictions, "predictions")
    reasons = _column(expected, finish_reasons, "finish_reasons", None)
    failed = _column(expected, errors, "errors", False)
    reports = counts_of(given, expected, settings, reasons, failed)
    noisy = None if noisy_predictions is None else beside(expected, noisy_predictions, "noisy_predictions")
    return score_counts(
        reports,
        settings,
        _column(expected, pair_ids, "pair_ids", ""),
        {name: beside(expected, values, f"groups[{name!r}]") for name, values in {**(groups or {}), **bands}.items()},
        study_ids=_column(expected, study_ids, "study_ids", ""),
        stated_categories=_column(expected, stated_categories, "stated_categories", ""),
        noisy=() if noisy is None else counts_of(noisy, expected, settings),
        clusters=_column(expected, clusters, "clusters", ""),
        references=expected,
    )


def counts_of(
    predictions: Sequence[str | bytes | None],
    references: Sequence[str],
    settings: Settings | None = None,
    finish_reasons: Sequence[str | None] = (),
    errors: Sequence[bool] = (),
) -> list[Counts]:
    """Return the counts of each answer, which ``score_counts`` turns into scores.

    Args:
        predictions: what the model wrote for each report.
        references: the dataset's ``extraction`` of each report.
        settings: task, strictness and tolerance.
        finish_reasons: why the model stopped, a report each, or nothing.
        errors: True where the call failed, a report each, or nothing.

    Raises:
        ScoringError: a prediction that is no text, a reference that is none; the message names the place.
    """
    own = settings or Settings()
    reasons, failed = finish_reasons or [None] * len(references), errors or [False] * len(references)
    options: dict[str, Any] = {"task": own.task, "strict": own.strict, "tolerance_mm": own.tolerance_mm}
    reports: list[Counts] = []
    try:
        for text, reference, reason, error in zip(predictions, references, reasons, failed, strict=True):
            reports.append(count(text, reference, finish_reason=reason, error=bool(error), **options))
    except ScoringError:
        _require_pair(len(reports), predictions[len(reports)], references[len(reports)])
        raise
    return reports


def score_counts(
    reports: Sequence[Counts],
    settings: Settings | None = None,
    pair_ids: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    *,
    study_ids: Sequence[str] = (),
    stated_categories: Sequence[str] = (),
    noisy: Sequence[Counts] = (),
    clusters: Sequence[str] = (),
    references: Sequence[str] = (),
) -> Scores:
    """Return the scores that the counts of single reports make.

    The counts of two halves put together give what the whole gives.

    Args:
        reports: from ``count``, under the task, strictness and tolerance of ``settings``.
        settings: how to aggregate, and what the signature says.
        pair_ids: the pair of each report, empty where it is in none.
        groups: name -> the group of each report.
        study_ids: the study of each report, empty where it is in none.
        stated_categories: the category that each report prints, empty where it prints none.
        noisy: the counts of answers to the same studies with noise, in the same order.
        clusters: the cluster of each report, empty where it is one by itself.
        references: what the reports were compared with; without them there are no shortcuts.

    Raises:
        ScoringError: there are no reports, a pair of more than two, a study of two categories, or a
            category printed that is none.
        OptionError: ``settings.by`` names a group that is not given.
    """
    settings = settings or Settings()
    if not reports:
        raise ScoringError("Nothing to score: references is empty. Allowed: one or more reports.")
    related = Relations.of(reports, pair_ids, study_ids, stated_categories, noisy=noisy, clusters=clusters)
    own: dict[str, list[Counts]] = {}
    for report in reports:
        own.setdefault(report.document, []).append(report)
    tables = related.tables(reports, settings)
    states = Counter(report.state for report in reports)
    by, widest = breakdowns(reports, tables, settings, groups or {}, related.clusters)
    return Scores(
        signature=_signature(own, settings, states["error"], related.unit),
        task=settings.task,
        n=len(reports),
        n_error=states["error"],
        states={state: states[state] for state in STATES},
        scores={**scores_over(list(tables.values()), settings), **related.scores(reports, settings)},
        by_document={
            key: document_scores(key, mine, tables.get(key), settings, related.scores(reports, settings, key))
            for key, mine in sorted(own.items())
        },
        by=by,
        gaps=widest,
        faults=faults(reports),
        shortcuts=_shortcuts(reports, references, related.stated, settings),
        reports=tuple(reports),
    )


def _shortcuts(
    reports: Sequence[Counts], references: Sequence[str], stated: Sequence[str], settings: Settings
) -> Mapping[str, Mapping[str, Estimate]]:
    known = zip(reports, references, stated, strict=True) if references else ()
    answered = [(text, code) for report, text, code in known if report.state != "error"]
    return shortcuts(tuple(t for t, _ in answered), tuple(c for _, c in answered), settings) if answered else {}


def _require_pair(place: int, text: object, reference: object) -> None:
    try:
        read_reference(reference)
    except ScoringError as problem:
        raise ScoringError(f"references[{place}]: {problem}") from None
    if text is not None and not isinstance(text, (str, bytes)):
        raise ScoringError(f"predictions[{place}]: got {shown(text)}. Allowed: the model's text, or None.")


def _signature(own: Mapping[str, Sequence[Counts]], settings: Settings, failed: int, unit: str) -> str:
    labels = {key: sorted({r.expected for r in mine}, key=rads.get(key).codes.index) for key, mine in own.items()}
    return signature(
        labels,
        task=settings.task,
        condition=settings.condition,
        n=sum(map(len, own.values())),
        errors=failed,
        strict=settings.strict,
        tolerance_mm=float(settings.tolerance_mm),
        confidence=float(settings.confidence_level),
        resamples=settings.n_resamples,
        seed=settings.seed,
        unit=unit,
    )


def _column(expected: Sequence[str], values: Iterable[T] | None, name: str, default: T) -> list[T]:
    return [default] * len(expected) if values is None else beside(expected, values, name)
