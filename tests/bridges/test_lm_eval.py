"""A folder of tasks that lm-evaluation-harness would misread would give a user wrong numbers, or none."""

from __future__ import annotations

import importlib.util
import json
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from datasets import load_dataset

from multirads_hf import corpus, rads
from multirads_hf.bridges import lm_eval, lm_eval_folder
from multirads_hf.bridges.choice import Choice
from multirads_hf.cli import main
from multirads_hf.errors import UnknownNameError
from multirads_hf.scoring import METRICS, Task, score


class Loader(yaml.SafeLoader):
    """Reads a function as its place, as the harness does before it imports it."""


Loader.add_constructor("!function", lambda loader, node: ("function", loader.construct_scalar(node)))


def read(path: Path) -> dict[str, Any]:
    """Return a file with what it includes, local keys first."""
    own: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader)
    included = own.pop("include", None)
    return (read(path.parent / included) if included else {}) | own


def module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the defaults and one with every option."""
    out = tmp_path_factory.mktemp("tasks")
    lm_eval_folder.write(out)
    lm_eval_folder.write(out, split="validation", condition="stated", prompt="guided", task="category", seed=3)
    return out


OTHER = "_validation_stated_guided_category_seed3"


@pytest.mark.parametrize("end", ["", OTHER])
def test_every_document_is_a_task_and_the_groups_reach_all_of_them(folder: Path, end: str) -> None:
    choice = Choice(split="validation", condition="stated", prompt="guided", task="category", seed=3)
    groups = lm_eval_folder.task_names(choice if end else Choice())
    for key in rads.keys():
        own = read(folder / f"multirads_{key}{end}.yaml")
        assert own["task"] == f"multirads_{key}{end}"
        assert (own["dataset_path"], own["dataset_name"]) == ("multirads", rads.get(key).system)
        options = own.get("dataset_kwargs", {})
        assert options.get("condition", "withheld") == ("stated" if end else "withheld")
        split = own["test_split"]
        rows = corpus.records(
            own["dataset_name"],
            split,
            0,
            min(20, corpus.split_size(own["dataset_name"], split, corpus.options(options))),
            **options,
        )
        assert {row["document"] for row in rows} == {key}
    reached: list[str] = []
    for name in groups[f"multirads{end}"]:
        reached += groups.get(name, [name])
    assert sorted(reached) == sorted(f"multirads_{key}{end}" for key in rads.keys())
    for name, members in groups.items():
        own = read(folder / f"{name}_group.yaml")
        assert (own["group"], own["task"]) == (name, members)


@pytest.mark.parametrize("end", ["", OTHER])
def test_every_function_that_a_task_names_is_in_the_module_beside_it(folder: Path, end: str) -> None:
    module = module_of(folder / f"multirads{end}.py")
    own = read(folder / f"multirads_tirads{end}.yaml")
    named = [own["process_docs"], own["process_results"], *(m["aggregation"] for m in own["metric_list"])]
    places = [value[1] for value in named if value != "mean"]
    assert len(places) > 2
    for place in places:
        stem, name = place.split(".")
        assert stem == module.__name__
        assert callable(getattr(module, name))


def test_examples_come_from_train_and_an_answer_ends_where_a_further_report_starts(folder: Path) -> None:
    own = read(folder / "multirads_tirads.yaml")
    assert own["fewshot_split"] == "train"
    assert own["generation_kwargs"]["until"] == ["\n\nReport:\n"]
    assert '- "\\n\\nReport:\\n"' in (folder / "_multirads_yaml").read_text(encoding="utf-8")
    with pytest.raises(UnknownNameError, match="train"):
        lm_eval_folder.write(folder, split="train")


@pytest.mark.parametrize("task", ["extraction", "category"])
def test_the_functions_give_the_numbers_of_the_metric(folder: Path, task: Task) -> None:
    end = OTHER if task == "category" else ""
    module, own = module_of(folder / f"multirads{end}.py"), read(folder / f"multirads_tirads{end}.yaml")
    docs = module.process_docs(load_dataset("multirads", "tirads", split="test", num_reports=12))
    answers = ["no idea", '{"category": "TR1"}', *docs["answer"][2:]]
    each = [module.process_results(doc, [text]) for doc, text in zip(docs, answers, strict=True)]
    assert json.loads(json.dumps(each)) == each
    whole = score(answers, docs["extraction"], task=task, n_resamples=0).scores
    assert [own["metric"] for own in own["metric_list"]] == list(each[0])
    for metric in own["metric_list"]:
        name, aggregation = metric["metric"], metric["aggregation"]
        counted = [one[name] for one in each]
        number = sum(counted) / 12 if aggregation == "mean" else getattr(module, aggregation[1].split(".")[1])(counted)
        assert number == pytest.approx(whole[name].value), name


def test_the_perfect_answer_is_of_the_form_that_is_asked_for_and_scores_1() -> None:
    for key in rads.keys():
        document = rads.get(key)
        schema = document.json_schema("extraction")
        for row in corpus.records(document.system, "train", 0, 3, documents=[key]):
            perfect = lm_eval.answer(document, row["extraction"], "extraction")
            assert set(json.loads(perfect)) <= set(schema["properties"])
            numbers = lm_eval.process_results(row, [perfect], "extraction")
            assert numbers["exact_findings"] == numbers["category_accuracy"] == 1
            label = lm_eval.answer(document, row["extraction"], "category")
            assert json.loads(label) == {"category": row["category"]}


def test_a_number_that_does_not_exist_is_nan() -> None:
    row = next(corpus.records("tirads", "test", 0, 1))
    kept = lm_eval.process_results(row, ["nothing"], "extraction")["rule_consistency"]
    assert math.isnan(lm_eval.aggregate("rule_consistency", [kept], "extraction"))


def test_groups_average_only_what_averages_as_the_metric_does() -> None:
    """Shares of all reports weigh by reports, means over documents by document; the rest has no number there."""
    weighed = {own.name: own.share is not None for own in METRICS if lm_eval.is_averaged(own)}
    assert weighed["category_accuracy"] is True
    assert weighed["multirads_f1"] is False
    assert not {"weighted_kappa", "rule_consistency", "category_accuracy_valid", "under_call_rate"} & set(weighed)


def test_the_command_writes_the_folder_and_names_the_next_one(tmp_path: Path) -> None:
    out = tmp_path / "tasks"
    done = CliRunner().invoke(main, ["export", "lm-eval", "--out", str(out), "--prompt", "guided"])
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"{len(list(out.iterdir()))} files in {out}\n"
    assert f"--include_path {out} --tasks multirads_guided " in done.stderr
    refused = CliRunner().invoke(main, ["export", "lmeval", "--out", str(out)])
    assert refused.exit_code == 2
    assert refused.stderr.startswith("Error: Unknown harness 'lmeval'. Allowed: lm-eval.")
