"""Tasks of inspect-ai: ``inspect eval multirads_hf/tirads -T prompt=guided --model openai/gpt-5``.

One task a RADS, and ``multirads_hf/all``. Installing ``multirads-hf[inspect]`` is enough: inspect
finds this module by the package's entry point. Samples have whole numbers as ids, the place of a
report in its split counted from 1, since viewers of logs read ids as numbers; the id of the row
stands in the sample's metadata.

A score keeps the sufficient counts of its answer in its metadata, and the metrics aggregate them as
``multirads_f1`` does, each with the bounds of its interval. Calls that fail are errors of inspect,
and in no score. With epochs every answer counts, and there are no intervals: several answers to one
report tell less than as many reports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from multirads_hf import corpus
from multirads_hf._version import __version__
from multirads_hf.bridges import counts
from multirads_hf.bridges.choice import Choice
from multirads_hf.errors import MissingExtraError
from multirads_hf.scoring import VALID, Counts, Scores, Settings, Task, count

try:
    from inspect_ai import Task as InspectTask
    from inspect_ai import task as inspect_task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.log import HeadlineMetric
    from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig

    # Imported and not only checked, as inspect reads the annotations of scorers and metrics.
    from inspect_ai.scorer import SampleScore, Score, Target, metric, scorer
    from inspect_ai.solver import TaskState, generate
except ImportError as error:
    raise MissingExtraError(f"inspect-ai cannot be used ({error}): pip install 'multirads-hf[inspect]'") from error

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog

# What scoring calls the reasons for which inspect says that a model stopped.
FINISH_REASONS = {
    "stop": "stop", "max_tokens": "length", "model_length": "length", "content_filter": "content_filter",
}  # fmt: skip
# inspect's words for answers without a category; any other state is a format that is not kept.
REASONS = {"empty": "no_response", "refusal": "refusal"}
KEPT = ("id", "study_id", "document", "system", "modality", "profile", "scenario", "pair_id", "stated_category")


@metric(scores="unreduced")  # type: ignore[untyped-decorator]
def multirads_scores() -> Any:
    """Return every number of ``multirads_f1`` that the task has, with ``_low`` and ``_high``."""

    def aggregate(scores: Sequence[SampleScore]) -> dict[str, float]:
        found = _scores([own.score for own in scores])
        if len({own.sample_id for own in scores}) < len(scores):
            return {name: own.value for name, own in found.scores.items() if own.value is not None}
        return {name: value for name, value in found.flat().items() if name not in ("n", "n_error")}

    return aggregate


@scorer(metrics=[multirads_scores()])  # type: ignore[untyped-decorator]
def multirads_scorer(task: Task = "extraction") -> Any:
    """Score an answer against the dataset's ``extraction`` of its report.

    The value says whether the category is right and valid and how many findings are right (``tp``),
    wrong or added (``fp``), wrong or missed (``fn``).

    Args:
        task: ``category`` scores the label alone, which may then be given in words.
    """

    async def score(state: TaskState, target: Target) -> Score:
        del target  # what a reader of the log sees; the reference is in the metadata, whatever the task
        reason = FINISH_REASONS.get(state.output.stop_reason)
        counted = count(state.output.completion, state.metadata["extraction"], task=task, finish_reason=reason)
        kept = {"task": task, "condition": state.metadata["condition"], "pair_id": state.metadata["pair_id"]}
        return Score(
            value=_value(counted),
            answer=counted.given,
            explanation=_explanation(counted),
            reason=None if counted.state in VALID else REASONS.get(counted.state, "invalid_response_format"),
            metadata=kept | counts.to_json(counted),
        )

    return score


def scores(log: EvalLog) -> Scores:
    """Return the scores of a log with all its samples: by document, with signature, and with intervals.

    With epochs every answer counts as a report of its own, and the intervals are too narrow.

    Args:
        log: from ``inspect_ai.log.read_eval_log``.

    Raises:
        ScoringError: no sample of it was scored by `multirads_scorer`.
    """
    found = [sample.scores or {} for sample in log.samples or []]
    return _scores([own["multirads_scorer"] for own in found if "multirads_scorer" in own])


def _scores(found: Sequence[Score]) -> Scores:
    kept = [own.metadata or {} for own in found]
    options = {name: kept[0][name] for name in ("task", "condition")} if kept else {}
    # Epochs ask about a report several times, which is then no longer a pair of two.
    pairs = [own["pair_id"] for own in kept]
    once = all(times <= 2 for pair, times in Counter(pairs).items() if pair)
    return counts.scores_of(kept, Settings(**options), pairs if once else ())


def _value(counted: Counts) -> dict[str, int]:
    value = {"category": int(counted.correct), "valid": int(counted.valid)}
    if counted.agreement is None:
        return value
    return value | {"tp": counted.agreement.tp, "fp": counted.agreement.fp, "fn": counted.agreement.fn}


def _explanation(counted: Counts) -> str:
    if counted.correct:
        return f"{counted.state}: {counted.expected} is right."
    fault = f" Error of {counted.fault}." if counted.fault else ""
    return f"{counted.state}: {counted.given or 'no category'}, expected {counted.expected}.{fault}"


def _sample(number: int, choice: Choice, record: dict[str, Any]) -> Sample:
    turns = choice.turns(record)
    return Sample(
        input=[ChatMessageSystem(content=turns["system"]), ChatMessageUser(content=turns["user"])],
        target=record["extraction" if choice.task == "extraction" else "category"],
        id=number,
        metadata={
            **{name: record[name] for name in KEPT},
            "condition": choice.condition,
            "extraction": record["extraction"],
        },
    )


def _task(config: str) -> Callable[..., InspectTask]:
    def build(
        split: str = "test",
        condition: str = "withheld",
        prompt: str = "zero_shot",
        task: Task = "extraction",
        seed: int = 0,
    ) -> InspectTask:
        choice = Choice(config, split, condition, prompt, task, seed)
        samples = [_sample(number, choice, record) for number, record in enumerate(choice.records(), 1)]
        return InspectTask(
            dataset=MemoryDataset(samples, name=f"multirads/{config}/{split}"),
            solver=generate(),
            scorer=multirads_scorer(task),
            config=GenerateConfig(temperature=0.0),
            version=__version__,
            metadata={"multirads_hf": __version__, "prompt_hash": choice.fingerprint()},
            headline_metric=HeadlineMetric(metric="category_accuracy" if task == "category" else "multirads_f1"),
        )

    registered: Callable[..., InspectTask] = inspect_task(name=config)(build)
    return registered


TASKS = {config: _task(config) for config in corpus.configs()}
