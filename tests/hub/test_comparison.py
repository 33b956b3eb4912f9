"""``evaluate`` users call the comparison by name or by folder and read what its card says."""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hub.evaluation import HEADINGS, METRICS, REFERENCE, require_whole

FOLDER = METRICS / "multirads_compare"
WRONG = REFERENCE.replace("TR4", "TR5")
MODELS = {"one": [REFERENCE] * 10 + [WRONG], "other": [WRONG] * 11}
REFERENCES = [REFERENCE] * 11


@pytest.fixture
def comparison(tmp_path: Path) -> Any:
    """Return the comparison, its answers cached in a folder of the test."""
    from multirads_hf.hub.comparison import MultiradsCompare

    return MultiradsCompare(cache_dir=str(tmp_path))


def test_it_loads_from_its_folder_and_its_cases_and_card_hold(tmp_path: Path) -> None:
    require_whole("multirads_compare", "comparison", tmp_path)


def test_it_loads_by_name_with_no_import_of_ours(run: Any, hub: tuple[str, list[str]]) -> None:
    address, asked = hub
    code = f"""
import evaluate
for named in ({{}}, {{"module_type": "comparison"}}):
    comparison = evaluate.load("multirads_compare", **named)
    result = comparison.compute(predictions={MODELS!r}, references={REFERENCES!r}, n_resamples=19)
    print(type(comparison).__name__, result["n_models"])
"""
    done = run(code, HF_ENDPOINT=address)
    assert done.stdout.split() == ["MultiradsCompare", "2"] * 2, done.stderr
    assert asked == []


def test_models_may_be_given_in_three_ways_and_one_by_one(comparison: Any) -> None:
    options = {"n_resamples": 99}
    named = comparison.compute(predictions=MODELS, references=REFERENCES, **options)
    rows = [dict(zip(MODELS, row, strict=True)) for row in zip(*MODELS.values(), strict=True)]
    assert comparison.compute(predictions=rows, references=REFERENCES, **options) == named
    numbered = {f"predictions{n}": answers for n, answers in enumerate(MODELS.values(), 1)}
    found = comparison.compute(**numbered, references=REFERENCES, **options)
    assert found["category_accuracy_difference"] == named["category_accuracy_difference"] == pytest.approx(10 / 11)
    assert list(found["scores"]) == list(numbered)
    comparison.add_batch(predictions={name: own[:6] for name, own in MODELS.items()}, references=REFERENCES[:6])
    comparison.add_batch(predictions=rows[6:9], references=REFERENCES[6:9])
    comparison.add(prediction=rows[9], reference=REFERENCE)
    comparison.add(predictions=rows[10], references=REFERENCE)
    assert comparison.compute(**options) == named
    comparison.add(predictions1=REFERENCE, predictions2=None, references=REFERENCE)
    assert comparison.compute(**options)["validity_difference"] == 1


def test_numbers_come_first_and_everything_is_plain(comparison: Any) -> None:
    for models in (MODELS, {**MODELS, "third": [""] * 11}):
        result = comparison.compute(predictions=models, references=REFERENCES)
        numbers = [type(value) in {int, float} for value in result.values()]
        assert numbers == sorted(numbers, reverse=True)
        assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_the_scores_are_those_of_the_metric(comparison: Any, tmp_path: Path) -> None:
    from multirads_hf.hub.metric import MultiradsF1

    result = comparison.compute(predictions=MODELS, references=REFERENCES)
    for model, answers in MODELS.items():
        wanted = MultiradsF1(cache_dir=str(tmp_path)).compute(predictions=answers, references=REFERENCES)
        for name, own in result["scores"][model].items():
            assert own["value"] == wanted.get(name), name


def test_options_reach_the_comparison(comparison: Any) -> None:
    given = {"predictions": MODELS, "references": REFERENCES}
    plain = comparison.compute(**given)
    assert plain["rank_by"] == "multirads_f1"
    found = comparison.compute(**given, rank_by="category_accuracy", seed=3, n_resamples=50, condition="stated")
    assert found["n_groups"] == 2
    assert "|condition:stated|" in found["signature"]
    assert "|resamples:50|seed:3|" in found["signature"]
    larger = comparison.compute(**given, rank_by="category_accuracy", power=0.99)["minimal_detectable_difference"]
    assert larger > found["minimal_detectable_difference"]
    assert "multirads_f1_p_value" not in comparison.compute(**given, task="category")
    assert "mcnemar_p_value" not in comparison.compute(**given, clusters=["a"] * 6 + ["b"] * 5)
    millimetre = [answer.replace("16", "17") for answer in REFERENCES]
    near = {"predictions1": REFERENCES, "predictions2": millimetre, "references": REFERENCES}
    assert comparison.compute(**near)["multirads_f1_difference"] > 0
    assert comparison.compute(**near, tolerance_mm=1)["multirads_f1_difference"] == 0
    worded = [answer.replace("TR4", "TI-RADS 4") for answer in REFERENCES]
    strictly = comparison.compute(predictions1=REFERENCES, predictions2=worded, references=REFERENCES, strict=True)
    assert strictly["validity_difference"] == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"predictions": {"a": [], "b": []}, "references": []}, "Nothing to compare"),
        ({"predictions": {"a": ["x"]}, "references": [REFERENCE]}, r"predictions: got 1 model\(s\)"),
        ({"predictions1": ["x"], "references": [REFERENCE]}, r"predictions: got 1 model\(s\)"),
        ({"predictions": {"a": ["x"], "b": []}, "references": [REFERENCE]}, r"predictions\['b'\]: got 0, references 1"),
        ({"predictions1": ["x"], "predictions2": [], "references": [REFERENCE]}, "predictions2: got 0, references 1"),
        (
            {"predictions": [["x"], ["y"]], "references": [REFERENCE] * 2},
            r"predictions\[0\]: got \['x'\]. Allowed: a dict",
        ),
        ({"predictions": [["x"], ["y"]], "references": [REFERENCE]}, "predictions: got 2, references 1"),
        ({"predictions": ["x"], "predictions1": ["x"], "references": [REFERENCE]}, "got it and predictions1"),
        ({"predictions": "x", "references": [REFERENCE]}, "predictions: got 'x'. Allowed: a list"),
        ({"predictions": {"a": ["x"], "b": [1]}, "references": [REFERENCE]}, r"predictions\[0\]: got 1 of 'b'"),
        ({"predictions": {"a": ["x"], "b": "y"}, "references": [REFERENCE]}, r"predictions\['b'\]: got 'y'"),
        ({"predictions": {"a": ["x"], "b": ["x"]}, "references": ["TR4"]}, r"references\[0\]: got 'TR4'"),
        ({"predictions": {"a": ["x"], "b": ["x"]}}, "references: got None"),
        ({"references": [REFERENCE]}, "predictions: got None"),
        (
            {"predictions": [{"a": "x", "b": "x"}, {"a": "x", "c": "x"}], "references": [REFERENCE] * 2},
            r"predictions\[1\]: got answers of a, c; the first report has a, b",
        ),
        ({"predictions": {"a": ["x"], "b": ["x"]}, "references": [REFERENCE], "rank_by": "f1"}, "rank_by: got 'f1'"),
    ],
)
def test_what_cannot_be_compared_is_said_in_our_words(comparison: Any, given: dict[str, Any], said: str) -> None:
    from multirads_hf import MultiradsError

    with pytest.raises(MultiradsError, match=said):
        comparison.compute(**given)
    assert comparison.compute(predictions=MODELS, references=REFERENCES, n_resamples=19)["n"] == 11


def test_an_unknown_option_is_no_silence(comparison: Any) -> None:
    with pytest.raises(TypeError, match="resamples"):
        comparison.compute(predictions=MODELS, references=REFERENCES, resamples=10)


def test_arguments_are_named_and_described(comparison: Any) -> None:
    parameters = inspect.signature(comparison._compute).parameters.values()
    assert all(parameter.kind is not inspect.Parameter.VAR_KEYWORD for parameter in parameters)
    for parameter in parameters:
        assert re.search(rf"^ +{parameter.name} \(", comparison.inputs_description, re.MULTILINE), parameter.name
        assert f"- **{parameter.name}** (" in (FOLDER / "README.md").read_text(encoding="utf-8"), parameter.name


def test_the_card_has_what_the_hub_reads_and_names_every_number(comparison: Any) -> None:
    _, front, body = (FOLDER / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    settings = yaml.safe_load(front)
    assert settings["sdk"] == "gradio"
    assert {"evaluate", "comparison"} <= set(settings["tags"])
    assert (FOLDER / settings["app_file"]).is_file()
    found = [line.strip("# ") for line in body.splitlines() if re.match(r"#{2,4} ", line)]
    wanted = ["Comparison Description", *HEADINGS]
    assert [heading for heading in found if heading in wanted] == wanted
    result = comparison.compute(predictions=MODELS, references=REFERENCES)
    for name in result:
        if "_difference" not in name or name.startswith("multirads_f1"):
            assert f"`{name}`" in body or name.endswith("_p_value"), name
    pair = result["pairs"][0]
    for name in (*pair, *pair["mcnemar"], *pair["differences"]["multirads_f1"], *result["ranking"][0]):
        assert f"`{name}`" in body or name == "model", name


def test_the_values_of_the_card_are_those_of_the_baselines(comparison: Any, tmp_path: Path) -> None:
    from multirads_hf.running import results
    from multirads_hf.running.run import run

    store = tmp_path / "answers.sqlite"
    answers = {}
    for name in ("majority", "bow", "lexicon"):
        run(f"baseline:{name}", config="tirads", store=store, progress=False)
        answers[name] = results.answers(store, results.runs(store)[-1].run_id)
    references = [answer.record["extraction"] for answer in answers["bow"]]
    models = {name: [answer.text for answer in own] for name, own in answers.items()}
    result = comparison.compute(predictions=models, references=references, rank_by="category_accuracy")
    pairs = {(pair["first"], pair["second"]): pair["differences"]["category_accuracy"] for pair in result["pairs"]}
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = card[card.index("<!-- values -->") : card.index("<!-- /values -->")]
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    assert len(rows) == 3
    for first, second, values in rows:
        own = pairs[first, second]
        given = (own[key] for key in ("value", "low", "high", "p_adjusted", "detectable"))
        # Phrases come and go; the card is to be renewed once it tells another story.
        assert tuple(map(float, values.split(" | "))) == pytest.approx(tuple(given), abs=0.1)
    assert f"{len(references)} reports" in card
