"""What holds without the harnesses: the same counts make the same scores, and bad options are refused by name."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from multirads_hf import corpus
from multirads_hf.bridges import counts
from multirads_hf.bridges.choice import PROMPTS, Choice
from multirads_hf.errors import MultiradsError, OptionError, UnknownNameError
from multirads_hf.running import prompts
from multirads_hf.scoring import Settings, Task, count, score

ANSWERS = ("", "I cannot answer this.", '{"category": "TR4"}', "{")


@pytest.mark.parametrize("task", ["extraction", "category"])
def test_kept_counts_make_the_scores_of_the_answers(task: Task) -> None:
    rows = list(corpus.records("tirads", "test", 0, 12))
    answers = [ANSWERS[n] if n < len(ANSWERS) else row["extraction"] for n, row in enumerate(rows)]
    references = [row["extraction"] for row in rows]
    each = [count(text, own, task=task) for text, own in zip(answers, references, strict=True)]
    kept = json.loads(json.dumps([counts.to_json(own) for own in each]))
    assert [counts.from_json(own) for own in kept] == each
    again = counts.scores_of(kept, Settings(task))
    whole = score(answers, references, task=task)
    # Counts do not hold what a reader of the references alone would reach.
    assert again.to_json() == {**whole.to_json(), "shortcuts": {}}


def test_a_choice_gives_the_prompts_of_the_runner() -> None:
    for prompt in PROMPTS:
        choice = Choice("birads", prompt=prompt)
        row = next(choice.records())
        assert tuple(choice.turns(row).values()) == tuple(
            turn["content"] for turn in prompts.ask(prompt, "extraction", row).messages
        )


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"config": "birad"}, UnknownNameError, "birads"),
        ({"split": "tset"}, UnknownNameError, "test"),
        ({"condition": "said"}, UnknownNameError, "stated"),
        ({"prompt": "zero"}, UnknownNameError, "zero_shot"),
        ({"task": "label"}, UnknownNameError, "category"),
        ({"seed": -1}, OptionError, "seed"),
    ],
)
def test_what_is_not_allowed_is_refused_by_name(
    options: dict[str, object], error: type[MultiradsError], named: str
) -> None:
    with pytest.raises(error, match=named):
        Choice(**options)  # type: ignore[arg-type]


def test_without_inspect_ai_the_tasks_name_the_extra() -> None:
    code = """
import sys
sys.modules["inspect_ai"] = None
import multirads_hf.bridges.inspect_ai
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "MissingExtraError" in done.stderr
    assert "pip install 'multirads-hf[inspect]'" in done.stderr
