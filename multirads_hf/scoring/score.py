"""Scores of a set of answers: re-aggregated from the counts of single reports, with intervals.

Within a document counts are pooled (micro). Over documents a proportion is pooled too, and any other
number is the mean over documents (macro), so that no document weighs by its number of fields.
Proportions have Wilson intervals, other numbers percentile intervals of a bootstrap that draws
reports within each document. Failed calls are counted in the state ``error`` and in no score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import TypeVar

from multirads_hf.errors import ScoringError
from multirads_hf.scoring.aggregate import document_scores, faults, scores_over
from multirads_hf.scoring.breakdown import breakdowns
from multirads_hf.scoring.counting import counts_of
from multirads_hf.scoring.counts import Counts
from multirads_hf.scoring.given import beside, listed
from multirads_hf.scoring.parse import Task
from multirads_hf.scoring.relations import Relations
from multirads_hf.scoring.result import Estimate, Scores
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.shortcuts import shortcuts
from multirads_hf.scoring.signature import signature
from multirads_hf.scoring.subgroups import subgroups
from multirads_hf.scoring.table import tables_of
from multirads_hf.scoring.tally import Tally
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
        ScoringError: there are no reports, a column of another length, a pair of more than two, a study of
            two categories, or a category printed that is none.
        OptionError: ``settings.by`` names a group that is not given.
    """
    settings = settings or Settings()
    if not reports:
        raise ScoringError("Nothing to score: references is empty. Allowed: one or more reports.")
    columns = {"pair_ids": pair_ids, "study_ids": study_ids, "stated_categories": stated_categories, "noisy": noisy}
    columns |= {"clusters": clusters, "references": references}
    _require_lengths(len(reports), {**columns, **{f"groups[{n!r}]": own for n, own in (groups or {}).items()}})
    tally = Tally.of(reports)
    related = Relations.of(tally, pair_ids, study_ids, stated_categories, noisy=noisy, clusters=clusters)
    own = tally.by_document()
    tables = tables_of(tally, settings, related.clusters)
    by, widest = breakdowns(tally, tables, settings, groups or {}, related.clusters)
    failed = int((~tally.answered).sum())
    by_document = {
        key: document_scores(key, mine, tables.get(key), settings, related.scores(tally, settings, key))
        for key, mine in own.items()
    }
    return Scores(
        signature=_signature(own, settings, failed, related.unit),
        task=settings.task,
        n=len(tally),
        n_error=failed,
        states=tally.states(),
        scores={**scores_over(list(tables.values()), settings), **related.scores(tally, settings)},
        by_document=by_document,
        by=by,
        gaps=widest,
        faults=faults(tally),
        shortcuts=_shortcuts(tally, references, related.stated, settings),
        reports=tally,
    )


def _require_lengths(n: int, columns: Mapping[str, Sequence[object]]) -> None:
    for name, own in columns.items():
        if len(own) not in (0, n):
            raise ScoringError(f"{name}: got {len(own)}, reports {n}. Allowed: one for each report, or none.")


def _shortcuts(
    reports: Tally, references: Sequence[str], stated: Sequence[str], settings: Settings
) -> Mapping[str, Mapping[str, Estimate]]:
    answered = reports.answered.tolist()
    if not references or not any(answered):
        return {}
    return shortcuts(tuple(compress(references, answered)), tuple(compress(stated, answered)), settings)


def _signature(own: Mapping[str, Tally], settings: Settings, failed: int, unit: str) -> str:
    return signature(
        {key: mine.labels() for key, mine in own.items()},
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
