"""The registration of a published dataset as a benchmark of the Hub: ``eval.yaml``, which inspect-ai runs.

``inspect eval hf/ORG/multirads/tirads_category`` asks a model for the category of every report of ``test``.
Format: hub-docs, eval-results.md; inspect_ai, ``_eval/task/hf.py``. Both name solvers and scorers by a closed
list, and a ``ClassLabel`` would reach them as a number, so the tasks use text columns and a pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from multirads_hf import rads

SPLIT = "test"
WHOLE = "all"
# The last line of its kind counts, since a model may think aloud; marks of Markdown around it do not.
PATTERN = r"(?m)(?s:.*)^\W*CATEGORY\W*:\W*(.+?)[\s.*`\"'>]*$"
_SYSTEM = (
    "You are a radiologist. Read the report and assign its {name} category.\n"
    "Allowed categories: {{allowed_categories}}.\n"
    "End with one line of the form\nCATEGORY: <one of the allowed categories>"
)


def eval_yaml(configs: Sequence[str]) -> str:
    """Return the text of ``eval.yaml``: a task for each config, that of ``all`` named ``overall``.

    Args:
        configs: configs that have the split ``test``.
    """
    registration = {
        "name": "MultiRADS",
        "description": "RADS category of synthetic radiology reports, labelled by the rule of the guideline.",
        "evaluation_framework": "inspect-ai",
        "tasks": [_task(config) for config in configs],
    }
    return yaml.safe_dump(registration, sort_keys=False, allow_unicode=True, width=120)


def _task(config: str) -> dict[str, Any]:
    system = _SYSTEM.format(name="RADS" if config == WHOLE else _name(config))
    return {
        "id": "overall" if config == WHOLE else f"{config}_category",
        "config": config,
        "split": SPLIT,
        "field_spec": {"input": "report", "target": "category", "metadata": ["id", "allowed_categories"]},
        "solvers": [
            {"name": "system_message", "args": {"template": system}},
            {"name": "generate", "args": {"temperature": 0.0}},
        ],
        "scorers": [{"name": "pattern", "args": {"pattern": PATTERN, "ignore_case": True}}],
    }


def _name(system: str) -> str:
    return next(document.system_names[0] for document in rads.documents() if document.system == system)
