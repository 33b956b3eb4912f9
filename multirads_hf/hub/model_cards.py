"""Results on the page of a model: ``.eval_results/multirads.yaml``, and the older ``model-index`` of its card.

Format: hub-docs, eval-results.md. One entry a task of the benchmark, its value the category accuracy as a fraction
from 0 to 1. Runs by other prompts than the plain one have a file each, as the Hub wants it for variants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import yaml

from multirads_hf.errors import PublishError, shown
from multirads_hf.hub.model_tasks import Benchmark, TaskScore, task_scores
from multirads_hf.hub.naming import hub_repo
from multirads_hf.hub.proposals import Edit, Proposal
from multirads_hf.hub.results_row import Submission

if TYPE_CHECKING:
    from huggingface_hub import EvalResult, EvalResultEntry

CARD = "README.md"
PLAIN = "zero_shot"
TITLE = "MultiRADS results"
_SOURCE = "MultiRADS results"
_NOTES = (
    "Category accuracy as a fraction; prompt {prompt}, task {task}, n={n}, {confidence:.0%} CI {low:.3f} to "
    "{high:.3f}; {model}, run {run_id} of the source"
)
_DESCRIPTION = (
    "Category accuracy on {dataset}, synthetic radiology reports whose category is known by rule, as a fraction. "
    "Every answer stands in {source}; `multirads verify` scores them again."
)


def proposals(
    submissions: Sequence[Submission], benchmark: Benchmark, source: str, *, model_index: bool = False
) -> tuple[list[Proposal], list[str]]:
    """Return a proposal for each open model, and why the other runs get none.

    Args:
        submissions: runs.
        benchmark: the published dataset that they ran over.
        source: address of the results repository.
        model_index: add the older ``model-index`` to the card of the model too.

    Raises:
        PublishError: two runs of a model would be the same entry.
    """
    files: dict[str, dict[str, list[TaskScore]]] = {}
    skipped = []
    for own in submissions:
        results = own.parsed
        repo = hub_repo(results)
        found = task_scores(own, benchmark) if repo else "its model is no repository of the Hub"
        if repo is None or isinstance(found, str):
            skipped.append(f"Run {own.row['run_id']} ({results['model']}): no pull request, {found}.")
            continue
        path = _path(results["prompt"])
        if path in files.setdefault(repo, {}):
            raise PublishError(
                f"--model-cards: {repo!r} has several runs by prompt {results['prompt']!r}. Allowed: one of them; the "
                "others are published without --model-cards."
            )
        files[repo][path] = found
    return [_proposal(repo, own, benchmark, source, model_index) for repo, own in files.items()], skipped


def _path(prompt: str) -> str:
    return f".eval_results/multirads{'' if prompt == PLAIN else f'_{prompt}'}.yaml"


def _proposal(
    repo: str, files: Mapping[str, Sequence[TaskScore]], benchmark: Benchmark, source: str, model_index: bool
) -> Proposal:
    edits: dict[str, Edit] = {
        path: partial(_with_entries, repo, path, [_entry(own, benchmark, source) for own in scores])
        for path, scores in files.items()
    }
    if model_index:
        scores = [own for found in files.values() for own in found]
        edits[CARD] = partial(_with_model_index, repo, [_legacy(own, benchmark, source) for own in scores])
    return Proposal(repo, TITLE, _DESCRIPTION.format(dataset=benchmark.repo, source=source), edits)


def _entry(score: TaskScore, benchmark: Benchmark, source: str) -> EvalResultEntry:
    try:
        from huggingface_hub import EvalResultEntry  # noqa: PLC0415 (heavy)
    except ImportError:
        raise PublishError(
            f"--model-cards: got huggingface_hub {version('huggingface_hub')}, which knows no evaluation results. "
            "Allowed: a later one, such as 2.4."
        ) from None
    return EvalResultEntry(
        benchmark.repo, score.task_id, score.value, dataset_revision=benchmark.commit, date=score.date,
        source_url=source, source_name=_SOURCE, notes=_NOTES.format(**score.told),
    )  # fmt: skip


def _with_entries(repo: str, path: str, entries: Sequence[EvalResultEntry], text: str | None) -> str:
    """Return the file with our entries in it; entries of others stay.

    Raises:
        PublishError: the file is none of this format.
    """
    from huggingface_hub import eval_result_entries_to_yaml  # noqa: PLC0415 (heavy)

    own = eval_result_entries_to_yaml(list(entries))
    known = _read(repo, path, text)
    ours = {_key(item) for item in own}
    if {_key(item): _undated(item) for item in known}.items() >= {_key(item): _undated(item) for item in own}.items():
        return text or ""
    kept = [item for item in known if _key(item) not in ours]
    return yaml.safe_dump([*kept, *own], sort_keys=False, allow_unicode=True, width=120)


def _read(repo: str, path: str, text: str | None) -> list[dict[str, Any]]:
    try:
        known = yaml.safe_load(text or "") or []
    except yaml.YAMLError:
        known = None
    if not isinstance(known, list) or not all(isinstance(item, dict) and item.get("dataset") for item in known):
        raise PublishError(f"publish model {repo}: its {path!r} is no list of results. Allowed: a file that is one.")
    return known


def _key(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item["dataset"].get("id")), str(item["dataset"].get("task_id"))


def _undated(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry without the commit of the dataset, which moves on without the reports changing."""
    dataset = {name: value for name, value in item["dataset"].items() if name != "revision"}
    return {**item, "dataset": dataset}


def _legacy(score: TaskScore, benchmark: Benchmark, source: str) -> EvalResult:
    from huggingface_hub import EvalResult  # noqa: PLC0415 (heavy)

    return EvalResult(
        task_type="text-classification", dataset_type=benchmark.repo, dataset_name="MultiRADS",
        dataset_config=score.config, dataset_split="test", metric_type="accuracy", metric_name="Category accuracy",
        metric_value=score.value, metric_args={"prompt": score.told["prompt"]}, source_name=_SOURCE, source_url=source,
    )  # fmt: skip


def _with_model_index(repo: str, results: Sequence[EvalResult], text: str | None) -> str:
    """Return the card with our results in its ``model-index``; results of others stay.

    Raises:
        PublishError: its front matter cannot be read.
    """
    from huggingface_hub import ModelCard  # noqa: PLC0415 (heavy)

    try:
        card = ModelCard(text or "---\n{}\n---\n", ignore_metadata_errors=False)
    except (ValueError, yaml.YAMLError) as error:
        said = shown(str(error), 200)
        raise PublishError(
            f"publish model {repo}: its card cannot be read: {said}. Allowed: without --model-index."
        ) from None
    data: Any = card.data
    known = data.eval_results or []
    ours = {_place(own) for own in results}
    if {(_place(own), own.metric_value) for own in known} >= {(_place(own), own.metric_value) for own in results}:
        return text or ""
    data.eval_results = [*(own for own in known if _place(own) not in ours), *results]
    data.model_name = data.model_name or repo.rpartition("/")[2]
    return str(card)


def _place(own: EvalResult) -> tuple[str, ...]:
    parts: Iterable[Any] = (own.dataset_type, own.dataset_config, own.dataset_split, own.metric_type, own.metric_args)
    return tuple(map(str, parts))
