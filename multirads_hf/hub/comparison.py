"""``multirads_compare`` for ``evaluate``: the package's comparison of models behind the library's class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import datasets
import evaluate

from multirads_hf.errors import ScoringError, shown

DESCRIPTION = """
MultiRADS compare tells whether models differ on the same radiology reports by more than luck. For any two it gives the
difference in every number of multirads_f1 with an interval of the paired bootstrap, p-values of approximate
randomisation, of the bootstrap and of McNemar's test, adjusted over all pairs (Benjamini-Hochberg), and the smallest
difference that this many reports can show. Models that the reports cannot tell apart share a rank group.
"""
INPUTS = """
Args:
    predictions (dict of str to list of str): raw text of each model, by its name, one answer a report. Or a list with a
        dict of model to answer for each report. Or, in place of it, predictions1, predictions2 and so on, a list each.
    references (list of str): the column `extraction` of the dataset `multirads`, of the same reports.
    task (str): "extraction" (default), or "category" to compare the label alone, which may then be given in words.
    strict (bool): neither repair of broken JSON nor other spellings of names, values and labels. Default False.
    tolerance_mm (float): lengths that differ by no more agree. Default 0.5, half of the last digit that reports print.
    confidence_level (float): of every interval; tests are at one less it. Default 0.95.
    n_resamples (int): how often answers are swapped and reports drawn; at least 19 at the level 0.95. Default 10000.
    seed (int): of both. Default 0.
    condition (str): condition of the reports, for the signature. Default "withheld".
    rank_by (str): the number that orders and groups the models. Default "multirads_f1", or "category_accuracy".
    power (float): wanted probability of finding a difference, for the smallest that is detectable. Default 0.8.
    clusters (list of str): of each report what it shares with others, such as the column `study_id`; reports of one
        cluster are swapped and drawn as one. Default None.
Returns:
    `n`, `n_error`, `n_models`, `n_groups` and minimal_detectable_difference (in `rank_by`, between any two models).
    With two models also, for every number of multirads_f1, `_difference` (first less second) with `_low` and `_high`,
    and `_p_value`; and mcnemar_p_value, of the categories. P-values are two-sided and never 0.
    `signature` and `rank_by` (str); `groups` (lists of models, best first); `ranking` (models, best first, with value,
    group and range of rank); `scores` (of each model, with intervals); `pairs` (every two models, higher ranked first:
    differences, p-values, adjusted p-values, detectable differences, McNemar's table).
Examples:
    >>> import evaluate
    >>> comparison = evaluate.load("multirads_compare", module_type="comparison")
    >>> references = ['{"document": "tirads", "category": "TR4", "lesions": [{"composition": "solid"}]}'] * 20
    >>> right = '{"category": "TR4", "lesions": [{"composition": "solid"}]}'
    >>> wrong = right.replace("TR4", "TR3")
    >>> models = {"one": [right] * 18 + [wrong] * 2, "other": [right] * 8 + [wrong] * 12}
    >>> result = comparison.compute(predictions=models, references=references, rank_by="category_accuracy")
    >>> result["category_accuracy_difference"], round(result["mcnemar_p_value"], 4), result["groups"]
    (0.5, 0.002, [['one'], ['other']])
    >>> result = comparison.compute(predictions1=[right] * 20, predictions2=models["one"], references=references)
    >>> result["groups"], result["multirads_f1_p_value"]
    ([['predictions1', 'predictions2']], 1.0)
"""
CITATION = """
@software{multirads_hf,
  title = {MultiRADS: synthetic, exactly labelled radiology reports over the RADS},
  author = {{The multirads-hf authors}},
  year = {2026},
  license = {Apache-2.0}
}
"""
NUMBERED = re.compile(r"predictions[1-9]\d*")
# Members of the nested form that are returned as they are.
NESTED = ("signature", "rank_by", "groups", "ranking", "scores", "pairs")


@evaluate.utils.file_utils.add_start_docstrings(DESCRIPTION, INPUTS)
class MultiradsCompare(evaluate.Comparison):  # type: ignore[misc]
    """Differences of models on the same radiology reports, their significance, and rank groups."""

    def _info(self) -> evaluate.ComparisonInfo:
        text = datasets.Value("string")
        return evaluate.ComparisonInfo(
            module_type="comparison",
            description=DESCRIPTION,
            citation=CITATION,
            inputs_description=INPUTS,
            features=datasets.Features({"predictions": [{"model": text, "answer": text}], "references": text}),
            license="Apache-2.0",
        )

    def compute(self, *, predictions: Any = None, references: Any = None, **given: Any) -> dict[str, Any] | None:
        """Compute as the library does, with the models in any of the forms that are described below."""
        answers, options = _split(predictions, given)
        if answers is not None or references is not None:
            self.add_batch(predictions=answers, references=references)
        result: dict[str, Any] | None = super().compute(**options)
        return result

    def add_batch(self, *, predictions: Any = None, references: Any = None, **given: Any) -> None:
        """Add reports with the answers of every model, in any of the forms that are described below."""
        answers, others = _split(predictions, given)
        super().add_batch(predictions=_rows(answers, references), references=references, **others)

    def add(self, *, prediction: Any = None, reference: Any = None, **given: Any) -> None:
        """Add one report: ``prediction`` is a dict of model to answer, or there are predictions1, predictions2."""
        answers, others = _split(given.pop("predictions", prediction), given)
        reference = others.pop("references", reference)
        row = {model: [answer] for model, answer in answers.items()} if isinstance(answers, Mapping) else answers
        super().add_batch(predictions=_rows(row, [reference]), references=[reference], **others)

    def _compute(
        self,
        predictions: list[list[dict[str, str]]],
        references: list[str],
        *,
        task: Any = "extraction",
        strict: bool = False,
        tolerance_mm: float = 0.5,
        confidence_level: float = 0.95,
        n_resamples: int = 10_000,
        seed: int = 0,
        condition: str = "withheld",
        rank_by: str | None = None,
        power: float = 0.8,
        clusters: list[str] | None = None,
    ) -> dict[str, Any]:
        from multirads_hf.scoring.compare import compare  # noqa: PLC0415

        compared = compare(
            _by_model(predictions),
            references,
            task=task,
            strict=strict,
            tolerance_mm=tolerance_mm,
            confidence_level=confidence_level,
            n_resamples=n_resamples,
            seed=seed,
            condition=condition,
            rank_by=rank_by,
            power=power,
            clusters=clusters,
        )
        nested = compared.to_json()
        return {**compared.flat(), **{name: nested[name] for name in NESTED}}


def _split(predictions: Any, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the answers, those of predictions1, predictions2 and so on as a mapping, and what else is given."""
    numbered = sorted(filter(NUMBERED.fullmatch, given), key=lambda name: int(name.removeprefix("predictions")))
    if numbered and predictions is not None:
        raise ScoringError(f"predictions: got it and {numbered[0]}. Allowed: predictions, or predictions1 and so on.")
    others = {name: value for name, value in given.items() if name not in numbered}
    return {name: given[name] for name in numbered} if numbered else predictions, others


def _rows(answers: Any, references: Any) -> list[list[dict[str, str]]]:
    """Return for each report what every model answered, as the features have it."""
    expected = _listed(references, "references")
    if isinstance(answers, Mapping):
        columns = [_column(model, texts, len(expected)) for model, texts in answers.items()]
        listed: list[Mapping[str, Any]] = [dict(zip(answers, row, strict=True)) for row in zip(*columns, strict=True)]
        if len(answers) < 2:
            raise ScoringError(f"predictions: got {len(answers)} model(s). Allowed: two or more.")
    else:
        listed = _listed(answers, "predictions")
        _require_length("predictions", len(listed), len(expected))
    return [_row(place, row) for place, row in enumerate(listed)]


def _column(model: str, texts: Any, n: int) -> list[Any]:
    where = model if NUMBERED.fullmatch(str(model)) else f"predictions[{model!r}]"
    listed = _listed(texts, where)
    _require_length(where, len(listed), n)
    return listed


def _row(place: int, row: Any) -> list[dict[str, str]]:
    where = f"predictions[{place}]"
    if not isinstance(row, Mapping):
        raise ScoringError(
            f"{where}: got {shown(row)}. Allowed: a dict of model to answer; or predictions as a dict of model to "
            f"all its answers."
        )
    for model, answer in row.items():
        if not isinstance(model, str) or not (answer is None or isinstance(answer, str)):
            raise ScoringError(f"{where}: got {shown(answer)} of {shown(model)}. Allowed: the model's text, or None.")
    # An answer that is missing says as much as an empty one, and the library takes texts alone.
    return [{"model": model, "answer": answer or ""} for model, answer in row.items()]


def _by_model(rows: Sequence[list[dict[str, str]]]) -> dict[str, list[str]]:
    """Return the answers of each model; every report must have one of each."""
    answers: dict[str, list[str]] = {}
    if not rows:
        raise ScoringError("Nothing to compare: references is empty. Allowed: one or more reports.")
    for place, row in enumerate(rows):
        own = {entry["model"]: entry["answer"] for entry in row}
        if not place:
            answers = {model: [] for model in own}
        if set(own) != set(answers):
            got = f"answers of {', '.join(own)}; the first report has {', '.join(answers)}"
            raise ScoringError(f"predictions[{place}]: got {got}. Allowed: the same models for every report.")
        for model, answer in own.items():
            answers[model].append(answer)
    return answers


def _listed(values: Any, name: str) -> list[Any]:
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise ScoringError(f"{name}: got {shown(values)}. Allowed: a list, one member a report.")
    return list(values)


def _require_length(name: str, got: int, wanted: int) -> None:
    if got != wanted:
        raise ScoringError(f"{name}: got {got}, references {wanted}. Allowed: one for each reference.")
