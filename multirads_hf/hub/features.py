"""The columns of the dataset and their types: one schema for every config and split."""

from __future__ import annotations

from typing import Any

from multirads_hf import corpus, rads
from multirads_hf.schema import MODALITIES, SEXES

COLUMNS = {
    "id": "document, split and number; with the condition where it is not `withheld`",
    "study_id": "ties the same study across conditions, writers and noise",
    "document": "which RADS document the report is judged by",
    "system": "the RADS that the document belongs to",
    "modality": "how the study was acquired",
    "profile": "who writes: one of five radiologists, independent of the category",
    "scenario": "the clinical plan that the findings were drawn from",
    "age": "age of the patient in years",
    "sex": "sex of the patient",
    "indication": "why the study was done",
    "technique": "how it was done",
    "comparison": "what it is compared with",
    "findings": "the findings section",
    "impression": "the impression section",
    "report": "the whole report: what a model is given",
    "category": "the category that the guideline's rule gives the findings: the label",
    "management": "what the guideline advises",
    "extraction": "JSON of the category and all stated findings: what a perfect model answers",
    "facts": "every stated finding with its place in `report`; `value` is JSON, lesion -1 is the whole exam",
    "rationale": "the steps of the rule that led to the category",
    "allowed_categories": "the categories to choose from",
    "pair_id": "ties the two reports of a minimal pair; empty elsewhere",
    "stated_category": "the category that the report prints; empty where it is withheld",
    "noise": "how much the text is disturbed: 0 not at all, to 3",
}
FACT = {"lesion": "int32", "field": "string", "value": "string", "unit": "string", "start": "int32", "end": "int32"}
LISTS = ("rationale", "allowed_categories")


def label_names() -> dict[str, list[str]]:
    """Return the names of every ``ClassLabel`` column, in the order of their numbers."""
    return {
        "document": list(rads.keys()),
        "system": list(rads.systems()),
        "modality": list(MODALITIES),
        "profile": list(corpus.PROFILES),
        "sex": list(SEXES),
    }


def features() -> Any:
    """Return the ``datasets.Features`` of every config: the names and order of ``COLUMNS``.

    Lists are written as Python lists: ``Sequence`` of a mapping would turn it inside out, and
    ``List`` does not exist before datasets 4.
    """
    from datasets import ClassLabel, Features, Value  # noqa: PLC0415

    types: dict[str, Any] = dict.fromkeys(COLUMNS, Value("string"))
    types |= {column: ClassLabel(names=names) for column, names in label_names().items()}
    types |= {column: [Value("string")] for column in LISTS}
    types |= dict.fromkeys(("age", "noise"), Value("int32"))
    types |= {"facts": [{name: Value(kind) for name, kind in FACT.items()}]}
    return Features(types)
