"""``multirads_corpus`` for ``evaluate``: the package's describing behind the library's measurement class."""

from __future__ import annotations

from typing import Any

import datasets
import evaluate

DESCRIPTION = """
MultiRADS corpus measures what a set of radiology reports is like. By their texts alone: length, vocabulary, distinct
n-grams, compression ratio, self-BLEU, sentences that return, duplicates and near-duplicates. With a column beside the
texts also what gives the label away: categories that are printed, and how much of the label can be told from the
writer, from the length, and from words learnt from other clinical scenarios. With reference texts: whether reports are
copies of them.
"""
INPUTS = """
Args:
    data (list of str): the reports.
    categories (list of str): the label of each report; adds what can be told from the length. Default None.
    documents (list of str): the RADS document of each, such as "tirads"; adds printed categories, and every number by
        document. Labels are then told apart within a document. Default None.
    profiles (list of str): the writer of each; with categories adds what can be told from it. Default None.
    scenarios (list of str): the clinical scenario of each; with categories adds what words give away. Default None.
    references (list of str, or path): texts that reports should not be copies of: a list, or a Parquet, JSONL, CSV or
        text file, or a folder of such files. Default None.
Returns:
    `reports`, characters and words (`_mean`, `_q25`, `_median`, `_q75`), `vocabulary`, `distinct_1` to `distinct_4`
    (0 to 1, higher is more diverse), `compression_ratio` and `self_bleu` (lower is more diverse), `sentences`,
    `distinct_sentences` (0 to 1), `top_sentence` (str) and `top_sentence_share`, `exact_duplicates` and
    `near_duplicates` (shares, lower is better), `near_duplicate_pairs`. Where columns are given: `leaks`, `leak_share`,
    `majority_accuracy`, and for `profile`, `length` and `words` `_accuracy` and `_gain` with `_gain_low` and
    `_gain_high`. With references: `nearest_` and `reference_` `median`, `q90`, `q99`, `max`, `copies` and `exact`.
    `pairs` and `leaking` list what was found, reports by their places in `data`; `by_document` has the numbers of each.
Examples:
    >>> import evaluate
    >>> measurement = evaluate.load("multirads_corpus", module_type="measurement")
    >>> reports = ["Solid nodule of 12 mm in the left lobe.", "Solid nodule of 14 mm in the left lobe.", "No nodule."]
    >>> result = measurement.compute(data=reports)
    >>> result["reports"], result["distinct_sentences"], result["exact_duplicates"]
    (3, 0.5, 0.0)
    >>> result["top_sentence"]
    'Solid nodule of 0 mm in the left lobe.'
    >>> result = measurement.compute(data=["Solid nodule, TR4.", "Spongiform nodule."], documents=["tirads", "tirads"])
    >>> result["leaks"], result["leaking"]
    (1, [{'report': 0, 'mentions': ['TR4']}])
    >>> result = measurement.compute(data=reports, references=["Solid nodule of 12 mm in the left lobe."])
    >>> result["nearest_exact"], result["nearest_max"]
    (1, 1.0)
"""
CITATION = """
@software{multirads_hf,
  title = {MultiRADS: synthetic, exactly labelled radiology reports over the RADS},
  author = {{The multirads-hf authors}},
  year = {2026},
  license = {Apache-2.0}
}
"""
# Numbers that need splits, which a list of texts does not have.
LEFT_OUT = ("pairs_across_splits",)


@evaluate.utils.file_utils.add_start_docstrings(DESCRIPTION, INPUTS)
class MultiradsCorpus(evaluate.Measurement):  # type: ignore[misc]
    """Diversity, duplicates, leaks and nearness to other texts of a set of radiology reports."""

    def _info(self) -> evaluate.MeasurementInfo:
        return evaluate.MeasurementInfo(
            module_type="measurement",
            description=DESCRIPTION,
            citation=CITATION,
            inputs_description=INPUTS,
            features=datasets.Features({"data": datasets.Value("string")}),
            license="Apache-2.0",
        )

    def compute(self, *, references: Any = None, **given: Any) -> dict[str, Any] | None:
        """Compute as the library does; it takes ``references`` for a column beside the reports and would drop them."""
        result: dict[str, Any] | None = super().compute(**given, against=references)
        return result

    def _compute(
        self,
        data: list[str],
        *,
        categories: list[str] | None = None,
        documents: list[str] | None = None,
        profiles: list[str] | None = None,
        scenarios: list[str] | None = None,
        against: Any = None,
    ) -> dict[str, Any]:
        from multirads_hf.describing import ALL, columns, describe  # noqa: PLC0415

        rows = columns(data, category=categories, document=documents, profile=profiles, scenario=scenarios)
        described = describe(rows, against=against, progress=False)
        result: dict[str, Any] = {name: own for name, own in described.overall.items() if name not in LEFT_OUT}
        pairs, leaks = described.near_duplicates, described.leaks
        result["top_sentence"] = described.repeated[ALL].sentence
        result["pairs"] = [[int(pair.first), int(pair.second), pair.similarity] for pair in pairs]
        result["leaking"] = [{"report": int(leak.id), "mentions": list(leak.mentions)} for leak in leaks]
        return result | {
            "by_document": {
                document: {name: own for name, own in numbers.items() if name not in LEFT_OUT}
                for document, numbers in described.by_document.items()
            }
        }
