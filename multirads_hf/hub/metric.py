"""``multirads_f1`` for ``evaluate``: the package's scoring behind the library's metric class."""

from __future__ import annotations

from typing import Any

import datasets
import evaluate

DESCRIPTION = """
MultiRADS F1 scores structured extraction from radiology reports. A model reads a report and answers with JSON: the
category of a RADS document (such as TR4) and the findings that lead to it. The score is F1 over single findings, micro
within a document and mean over documents; beside it stand validity, category accuracy, macro-F1 over categories,
quadratic-weighted kappa, under- and over-calls and the consistency of category and findings, each with an interval, and
what an answer scores that does not read the report.
"""
INPUTS = """
Args:
    predictions (list of str): raw text of the model, one answer a report; JSON, alone or amid other text.
    references (list of str): the column `extraction` of the dataset `multirads`, of the same reports.
    task (str): "extraction" (default), or "category" to score the label alone, which may then be given in words.
    strict (bool): neither repair of broken JSON nor other spellings of names, values and labels. Default False.
    tolerance_mm (float): lengths that differ by no more agree. Default 0.5, half of the last digit that reports print.
    confidence_level (float): of every interval. Default 0.95.
    n_resamples (int): bootstrap samples, drawn by report; 0 leaves bootstrap intervals out. Default 1000.
    seed (int): of the bootstrap. Default 0.
    condition (str): condition of the reports, for the signature. Default "withheld".
    pair_ids (list of str): the column `pair_id` of the split `test_contrast`, for contrast consistency. Default None.
    study_ids (list of str): the column `study_id` of the split `test_styles`, for style consistency. Default None.
    stated_categories (list of str): the column `stated_category` of the condition `discordant`, for the anchoring rate.
        Default None.
    noisy_predictions (list of str): answers to the split `test_noisy`, the same studies in the same order, for the
        robustness drop. Default None.
    clusters (list of str): what reports share, such as the column `scenario`; intervals then count those of one cluster
        as related. Default None: the reports of a study, or else of a pair, where such are given.
    ages (list of float): the column `age`: also return scores by age band. Default None.
    sexes (list of str or int): the column `sex`: also return scores by sex. Default None.
    by (list of str): also return scores by "system", "document", "field" (F1 alone), or names in `groups`.
    groups (dict of str to list of str): the group of each report under each name, such as the column `profile` as
        names, or age bands. Default None.
    per_report (bool): also return state, category and counts of every report. Default False.
Returns:
    multirads_f1 (float, 0 to 1, higher is better), and the other numbers that exist, each with `_low` and `_high`:
    multirads_precision, multirads_recall, exact_findings, validity, category_accuracy, category_accuracy_valid,
    category_accuracy_coarse (4A and 4B taken together), category_macro_f1, weighted_kappa (-1 to 1), rule_consistency:
    higher is better; management_error_rate (another management than the reference's), under_call_rate, over_call_rate,
    rank_distance (0 and up, in ranks): lower is better. With `pair_ids` also contrast_consistency (pairs with both
    categories right), contrast_flip and contrast_hold, with `study_ids` style_consistency (studies whose reports all
    get one category) and style_accuracy: higher is better. With `stated_categories` anchoring_rate (wrong printed
    categories that are repeated), with `noisy_predictions` robustness_drop_f1, robustness_drop_accuracy and
    robustness_drop_validity (-1 to 1): lower is better. `n`, `n_error`; `signature` (str), `states` (answers by what
    became of them), `category_errors` (by reading, reasoning or both), `few_reports` (categories with fewer than 10),
    `shortcuts` (scores of answers that read nothing) and `by_document` (scores, confusion, categories and findings of
    each document); with `by`, `ages` or `sexes` also `by` and `gaps`, the widest between groups. The category task has
    no numbers of findings.
Examples:
    >>> import evaluate
    >>> metric = evaluate.load("multirads_f1")
    >>> nodule = '{"composition": "solid", "echogenicity": "hypoechoic", "size_mm": 16}'
    >>> reference = '{"document": "tirads", "category": "TR4", "lesions": [' + nodule + ']}'
    >>> answer = '{"category": "TI-RADS 4", "lesions": [{"composition": "solid", "size_mm": "1.6 cm"}]}'
    >>> result = metric.compute(predictions=[answer], references=[reference])
    >>> round(result["multirads_f1"], 3), result["category_accuracy"]
    (0.8, 1.0)
    >>> silent = metric.compute(predictions=["I cannot tell."], references=[reference])
    >>> silent["multirads_f1"], silent["validity"]
    (0.0, 0.0)
    >>> worded = metric.compute(predictions=["The nodule is TR4."], references=[reference], task="category")
    >>> worded["category_accuracy"]
    1.0
"""
CITATION = """
@software{multirads_hf,
  title = {MultiRADS: synthetic, exactly labelled radiology reports over the RADS},
  author = {{The multirads-hf authors}},
  year = {2026},
  license = {Apache-2.0}
}
"""
# Breakdowns that every result has.
NESTED = ("states", "category_errors", "few_reports", "shortcuts", "by_document")


@evaluate.utils.file_utils.add_start_docstrings(DESCRIPTION, INPUTS)
class MultiradsF1(evaluate.Metric):  # type: ignore[misc]
    """Field-level F1 of structured extraction from radiology reports, with what stands beside it."""

    def _info(self) -> evaluate.MetricInfo:
        texts = {name: datasets.Value("string") for name in ("predictions", "references")}
        return evaluate.MetricInfo(
            module_type="metric",
            description=DESCRIPTION,
            citation=CITATION,
            inputs_description=INPUTS,
            features=datasets.Features(texts),
            license="Apache-2.0",
        )

    def _compute(
        self,
        predictions: list[str | None],
        references: list[str],
        *,
        task: Any = "extraction",
        strict: bool = False,
        tolerance_mm: float = 0.5,
        confidence_level: float = 0.95,
        n_resamples: int = 1000,
        seed: int = 0,
        condition: str = "withheld",
        pair_ids: list[str] | None = None,
        study_ids: list[str] | None = None,
        stated_categories: list[str] | None = None,
        noisy_predictions: list[str | None] | None = None,
        clusters: list[str] | None = None,
        ages: list[float | None] | None = None,
        sexes: list[str | int | None] | None = None,
        by: tuple[str, ...] | list[str] = (),
        groups: dict[str, list[str]] | None = None,
        per_report: bool = False,
    ) -> dict[str, Any]:
        from multirads_hf.scoring import score  # noqa: PLC0415

        scores = score(
            predictions,
            references,
            task=task,
            strict=strict,
            tolerance_mm=tolerance_mm,
            confidence_level=confidence_level,
            n_resamples=n_resamples,
            seed=seed,
            condition=condition,
            pair_ids=pair_ids,
            study_ids=study_ids,
            stated_categories=stated_categories,
            noisy_predictions=noisy_predictions,
            clusters=clusters,
            ages=ages,
            sexes=sexes,
            by=by,
            groups=groups,
        )
        nested = scores.to_json()
        result: dict[str, Any] = {**scores.flat(), "signature": scores.signature}
        wanted = (*NESTED, *(("by", "gaps") if nested["by"] else ()))
        result |= {name: nested[name] for name in wanted}
        return result | ({"reports": [report.to_json() for report in scores.reports]} if per_report else {})
