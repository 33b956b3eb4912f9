"""What the tasks of lm-evaluation-harness call: prompts, answers and scores of the rows that it loads.

`multirads_hf.bridges.lm_eval_folder` writes the tasks. The harness tells them neither that a call
failed nor why a model stopped: it ends at the first failed call, and an answer that was cut is known
by its text alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from multirads_hf import rads
from multirads_hf.bridges import counts
from multirads_hf.bridges.choice import Choice
from multirads_hf.schema import Document, Field
from multirads_hf.scoring import METRICS, Metric, Settings, Task, count

# Numerators of metrics over all reports that stand in the counts of a single one as true or false.
_MEANS = ("exact", "valid", "correct")


def process_docs(docs: Any, prompt: str, task: Task) -> Any:
    """Return rows of the dataset with the columns that the tasks use.

    Args:
        docs: ``datasets.Dataset`` of one split.
        prompt: ``zero_shot`` or ``guided``.
        task: ``extraction`` or ``category``.

    Returns:
        The same rows with ``instructions`` (the system message), ``question`` (the user message) and
        ``answer`` (what a perfect model answers, in the form that the prompt asks for).
    """
    choice = Choice(prompt=prompt, task=task)
    keys = [docs.features["document"].int2str(number) for number in docs["document"]]
    asked = [{"document": key, "report": report} for key, report in zip(keys, docs["report"], strict=True)]
    turns = [choice.turns(own) for own in asked]
    answers = [answer(rads.get(key), text, task) for key, text in zip(keys, docs["extraction"], strict=True)]
    docs = docs.add_column("instructions", [own["system"] for own in turns])
    docs = docs.add_column("question", [own["user"] for own in turns])
    return docs.add_column("answer", answers)


def answer(document: Document, extraction: str, task: Task) -> str:
    """Return what a perfect model answers to the prompt: of the dataset's ``extraction``, what is asked for."""
    study = json.loads(extraction)
    asked: dict[str, Any] = {"category": study["category"]}
    if task == "extraction":
        asked |= _asked(study, document.exam_fields)
        if document.has_lesions:
            asked["lesions"] = [_asked(lesion, document.lesion_fields) for lesion in study["lesions"]]
    return json.dumps(asked, ensure_ascii=False)


def process_results(doc: Mapping[str, Any], results: Sequence[str], task: Task) -> dict[str, Any]:
    """Return what one answer counts for, by metric: 0 or 1 where the metric is a mean, else its counts."""
    counted = count(results[0], doc["extraction"], task=task)
    kept = counts.to_json(counted)
    return {
        own.name: int(getattr(counted, own.share[0])) if own.share and is_mean(own) else kept for own in metrics(task)
    }


def aggregate(name: str, kept: Iterable[Mapping[str, Any]], task: Task) -> float:
    """Return one metric over the counts of reports, as ``multirads_f1`` gives it; NaN where it does not exist."""
    value = counts.scores_of(kept, Settings(task, n_resamples=0)).scores[name].value
    return math.nan if value is None else value


def metrics(task: Task) -> list[Metric]:
    """Return the metrics of a task."""
    return [own for own in METRICS if task == "extraction" or not own.findings]


def is_mean(metric: Metric) -> bool:
    """Return whether a metric is a mean of 0 and 1 over reports, of which the harness knows the standard error."""
    return metric.share is not None and metric.share[1] == "n" and metric.share[0] in _MEANS


def is_averaged(metric: Metric) -> bool:
    """Return whether the harness can average a metric over documents as ``multirads_f1`` does.

    It cannot where a share is of valid answers alone, nor where a document may have no value.
    """
    return metric.share[1] == "n" if metric.share else metric.name != "weighted_kappa"


def _asked(values: Mapping[str, Any], fields: Mapping[str, Field]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in fields and not fields[name].derived}
