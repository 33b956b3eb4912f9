"""Scores of a set of answers: re-aggregated from the counts of single reports, with intervals.

Within a document counts are pooled (micro). Over documents a proportion is pooled too, and any other
number is the mean over documents (macro), so that no document weighs by its number of fields.
Proportions have Wilson intervals, other numbers percentile intervals of a bootstrap that draws
reports within each document. Failed calls are counted in the state ``error`` and in no score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from multirads_hf import rads
from multirads_hf.errors import ScoringError, shown
from multirads_hf.scoring.aggregate import document_scores, scores_over
from multirads_hf.scoring.breakdown import breakdown
from multirads_hf.scoring.counts import Counts, count, read_reference
from multirads_hf.scoring.pairs import consistency, paired
from multirads_hf.scoring.parse import STATES, Task
from multirads_hf.scoring.result import Scores
from multirads_hf.scoring.settings import Settings
from multirads_hf.scoring.signature import signature
from multirads_hf.scoring.table import Table
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
        condition: of the reports, for the signature.
        by: also gives scores by these groups: ``system``, ``document``, ``field`` (F1 alone), or a name in ``groups``.
        groups: name -> the group of each report, such as ``{"sex": ["female", "male", ...]}``.

    Raises:
        ScoringError: nothing to score, lengths that differ, a prediction that is no text, a reference
            that is none; the message names the place.
        OptionError: an option with a value that is not allowed.
    """
    wanted = tuple(_listed(by, "by"))
    settings = Settings(task, strict, tolerance_mm, confidence_level, n_resamples, seed, condition, wanted)
    expected = _listed(references, "references")
    given = _beside(expected, predictions, "predictions")
    unknown = [None] * len(expected)
    reasons = _beside(expected, unknown if finish_reasons is None else finish_reasons, "finish_reasons")
    failed = _beside(expected, unknown if errors is None else errors, "errors")
    pairs = _beside(expected, [""] * len(expected) if pair_ids is None else pair_ids, "pair_ids")
    counting = partial(count, task=task, strict=strict, tolerance_mm=tolerance_mm)
    reports = []
    for place, (text, reference, reason, error) in enumerate(zip(given, expected, reasons, failed, strict=True)):
        _require_pair(place, text, reference)
        reports.append(counting(text, reference, finish_reason=reason, error=bool(error)))
    own = {name: _beside(expected, values, f"groups[{name!r}]") for name, values in (groups or {}).items()}
    return score_counts(reports, settings, pairs, own)


def score_counts(
    reports: Sequence[Counts],
    settings: Settings | None = None,
    pair_ids: Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Scores:
    """Return the scores that the counts of single reports make.

    The counts of two halves put together give what the whole gives.

    Args:
        reports: from ``count``, under the task, strictness and tolerance of ``settings``.
        settings: how to aggregate, and what the signature says.
        pair_ids: the pair of each report, empty where it is in none.
        groups: name -> the group of each report.

    Raises:
        ScoringError: there are no reports, or a pair of more than two.
        OptionError: ``settings.by`` names a group that is not given.
    """
    settings = settings or Settings()
    if not reports:
        raise ScoringError("Nothing to score: references is empty. Allowed: one or more reports.")
    own = {key: [r for r in reports if r.document == key] for key in sorted({r.document for r in reports})}
    answered = {key: [r for r in mine if r.state != "error"] for key, mine in own.items()}
    tables = {key: Table(key, mine, settings) for key, mine in answered.items() if mine}
    states = Counter(report.state for report in reports)
    pairs = paired(reports, pair_ids or [""] * len(reports))
    return Scores(
        signature=_signature(own, settings, states["error"]),
        task=settings.task,
        n=len(reports),
        n_error=states["error"],
        states={state: states[state] for state in STATES},
        scores={**scores_over(list(tables.values()), settings), **consistency(pairs, settings)},
        by_document={
            key: document_scores(key, mine, tables.get(key), settings, consistency(pairs, settings, key))
            for key, mine in own.items()
        },
        by={name: breakdown(name, reports, tables, settings, groups or {}) for name in settings.by},
        reports=tuple(reports),
    )


def _require_pair(place: int, text: object, reference: object) -> None:
    try:
        read_reference(reference)
    except ScoringError as problem:
        raise ScoringError(f"references[{place}]: {problem}") from None
    if text is not None and not isinstance(text, (str, bytes)):
        raise ScoringError(f"predictions[{place}]: got {shown(text)}. Allowed: the model's text, or None.")


def _signature(own: Mapping[str, Sequence[Counts]], settings: Settings, failed: int) -> str:
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
    )


def _listed(values: Iterable[T], name: str) -> list[T]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise ScoringError(f"{name}: got {shown(values)}. Allowed: a list, one member a report.")
    return list(values)


def _beside(expected: Sequence[str], values: Iterable[T], name: str) -> list[T]:
    """Return ``values`` as a list, which has to be as long as the references."""
    listed = _listed(values, name)
    if len(listed) != len(expected):
        raise ScoringError(f"{name}: got {len(listed)}, references {len(expected)}. Allowed: one for each reference.")
    return listed
