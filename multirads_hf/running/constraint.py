"""Whether answers keep to the schema that they were constrained by: servers ignore it more often than they say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from multirads_hf import rads
from multirads_hf.running.store import StoredAnswer
from multirads_hf.scoring.thinking import without_thinking


@cache
def _validator(key: str, task: str) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (slow to import)

    return Draft202012Validator(rads.get(key).json_schema(task))  # type: ignore[arg-type]


def honoured(text: str, key: str, task: str) -> bool:
    """Return whether an answer, its thinking apart, is JSON that the schema of document and task allows."""
    body, _ = without_thinking(text)
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return bool(_validator(key, task).is_valid(answer))


def broken(answers: Iterable[StoredAnswer], task: str) -> int:
    """Return how many answers break their schema; those that the token limit cut are counted elsewhere."""
    return sum(
        not honoured(answer.text or "", answer.record["document"], task)
        for answer in answers
        if answer.error is None and answer.finish_reason != "length"
    )
