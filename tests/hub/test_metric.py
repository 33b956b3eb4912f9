"""``evaluate`` users call the metric by name or by folder and read what its card says."""

from __future__ import annotations

import inspect
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hub.evaluation import HEADINGS, METRICS, REFERENCE, require_whole

FOLDER = METRICS / "multirads_f1"


@pytest.fixture
def metric(tmp_path: Path) -> Any:
    """Return the metric, its answers cached in a folder of the test."""
    from multirads_hf.hub.metric import MultiradsF1

    return MultiradsF1(cache_dir=str(tmp_path))


def test_the_metric_loads_from_its_folder_and_its_cases_and_card_hold(tmp_path: Path) -> None:
    require_whole("multirads_f1", "metric", tmp_path)


def test_the_cases_of_the_space_are_more_than_the_perfect_one() -> None:
    cases = runpy.run_path(str(FOLDER / "tests.py"))["test_cases"]
    assert {case["result"]["multirads_f1"] for case in cases} >= {0.0, 1.0, 0.8}


def test_numbers_come_first_and_everything_is_plain(metric: Any) -> None:
    result = metric.compute(predictions=[REFERENCE, ""], references=[REFERENCE] * 2, per_report=True)
    kinds = [type(value) for value in result.values()]
    numbers = [kind in {int, float} for kind in kinds]
    assert numbers == sorted(numbers, reverse=True)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert next(iter(result)) == "multirads_f1"
    assert [report["state"] for report in result["reports"]] == ["ok", "empty"]
    assert result["by_document"]["tirads"]["confusion"]["labels"] == ["TR4", "INVALID"]


def test_answers_may_come_in_batches_and_may_be_missing(metric: Any) -> None:
    metric.add_batch(predictions=[REFERENCE, None], references=[REFERENCE] * 2)
    metric.add(prediction="TR5", reference=REFERENCE)
    result = metric.compute()
    assert result["n"] == 3
    assert result["states"]["empty"] == result["states"]["not_json"] == 1


def test_options_reach_the_score(metric: Any) -> None:
    answer = '{"category": "TI-RADS 4", "lesions": [{"composition": "solid", "size_mm": 17}]}'
    pair = {"predictions": [answer], "references": [REFERENCE]}
    assert metric.compute(**pair)["multirads_recall"] == pytest.approx(1 / 3)
    assert metric.compute(**pair, tolerance_mm=1)["multirads_recall"] == pytest.approx(2 / 3)
    assert metric.compute(**pair, strict=True)["validity"] == 0
    assert "multirads_f1" not in metric.compute(**pair, task="category")
    assert "condition:stated" in metric.compute(**pair, condition="stated")["signature"]
    assert "multirads_f1_low" not in metric.compute(**pair, n_resamples=0)


def test_what_cannot_be_scored_is_said_in_our_words(metric: Any) -> None:
    for given, said in (
        ({"predictions": [], "references": []}, "Nothing to score"),
        ({"predictions": ["a"], "references": ["TR4"]}, r"references\[0\]: got 'TR4'"),
        ({"predictions": ["a"], "references": [REFERENCE], "task": "ner"}, "task: got 'ner'"),
    ):
        with pytest.raises(ValueError, match=said):
            metric.compute(**given)


def test_the_metric_can_be_combined_and_saved(metric: Any, tmp_path: Path) -> None:
    import evaluate

    pair = {"predictions": [REFERENCE], "references": [REFERENCE]}
    assert evaluate.combine([metric]).compute(**pair)["multirads_f1"] == 1.0
    assert evaluate.combine([metric, metric]).compute(**pair)["multirads_f1_1_multirads_f1"] == 1.0
    saved = evaluate.save(tmp_path / "result.json", **metric.compute(**pair))
    assert json.loads(Path(saved).read_text())["multirads_f1"] == 1.0


def test_arguments_are_named_and_described(metric: Any) -> None:
    parameters = inspect.signature(metric._compute).parameters.values()
    assert all(parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in parameters)
    for parameter in parameters:
        assert re.search(rf"^ +{parameter.name} \(", metric.inputs_description, re.MULTILINE), parameter.name
        assert f"- **{parameter.name}** (" in (FOLDER / "README.md").read_text(), parameter.name


def test_the_card_has_what_the_hub_reads_and_names_every_number(metric: Any) -> None:
    text = (FOLDER / "README.md").read_text()
    _, front, body = text.split("---\n", 2)
    settings = yaml.safe_load(front)
    assert settings["sdk"] == "gradio"
    assert re.fullmatch(r"\d+\.\d+\.\d+", settings["sdk_version"])
    assert {"evaluate", "metric"} <= set(settings["tags"])
    assert (FOLDER / settings["app_file"]).is_file()
    found = [line.strip("# ") for line in body.splitlines() if re.match(r"#{2,4} ", line)]
    wanted = ["Metric Description", *HEADINGS]
    assert [heading for heading in found if heading in wanted] == wanted
    result = metric.compute(predictions=[REFERENCE, "{}"], references=[REFERENCE, REFERENCE.replace("TR4", "TR5")])
    for name, value in result.items():
        if isinstance(value, float) and not name.endswith(("_low", "_high")):
            assert f"| `{name}` |" in body, name


def test_the_card_says_range_and_direction_of_every_number() -> None:
    from multirads_hf.scoring import CONDITION_METRICS, METRICS

    lines = (FOLDER / "README.md").read_text().splitlines()
    for own in (*METRICS, *CONDITION_METRICS):
        (row,) = [line for line in lines if line.startswith(f"| `{own.name}` |")]
        span = f"{own.low:g} and up" if own.high == float("inf") else f"{own.low:g} to {own.high:g}"
        assert f"| {span} | {'higher' if own.higher_is_better else 'lower'} |" in row, own.name


def test_columns_of_the_dataset_reach_the_score(metric: Any) -> None:
    pair = {"predictions": [REFERENCE, REFERENCE.replace("TR4", "TR5")], "references": [REFERENCE] * 2}
    columns = {"ages": [30, 80], "sexes": ["female", "male"], "study_ids": ["a", "a"], "clusters": ["x", "y"]}
    result = metric.compute(
        **pair, **columns, stated_categories=["", "TR5"], noisy_predictions=["", REFERENCE], n_resamples=20
    )
    assert (result["style_consistency"], result["anchoring_rate"]) == (0.0, 1.0)
    assert result["robustness_drop_f1"] == pytest.approx(1 - 2 / 3)
    assert set(result["by"]) == {"age_band", "sex"}
    assert result["gaps"]["sex"]["category_accuracy"]["lowest"] == "male"
    assert set(result["shortcuts"]) == {"constant", "printed"}
    assert result["few_reports"] == {"tirads": ["TR4"]}
    assert result["category_errors"] == {"reading": 0, "reasoning": 1, "both": 0}
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_the_function_gives_what_the_metric_gives(metric: Any) -> None:
    import multirads_hf

    pair = {"predictions": [REFERENCE, ""], "references": [REFERENCE] * 2}
    scores = multirads_hf.score(**pair)
    result = metric.compute(**pair)
    assert {name: result[name] for name in scores.flat()} == scores.flat()
    assert result["signature"] == scores.signature
    assert scores.scores["multirads_f1"].low == result["multirads_f1_low"]
    assert scores.by_document["tirads"].categories["TR4"].few
