"""How results are read: what is compared with what, and how numbers are printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from multirads_hf import scoring
from multirads_hf.errors import RunError
from multirads_hf.reporting import naming, plots, results

Make = Callable[..., dict[str, Any]]


def scored(
    value: float | None, low: float | None = None, high: float | None = None, model: str = "m"
) -> dict[str, Any]:
    scores = {"multirads_f1": {"value": value, "low": low, "high": high}}
    return {"model": model, "run_id": model, "n": 10, "scores": scores}


def test_an_estimate_prints_its_interval_with_the_digits_of_the_value() -> None:
    found = results.estimate(scored(0.9984, 0.9969, 0.9996), "multirads_f1")
    assert str(found) == "0.998 [0.997, 1.000]"


@pytest.mark.parametrize("bare", [0.5, {"value": 0.5}, {"value": 0.5, "low": None, "high": 0.7}])
def test_a_missing_interval_leaves_the_value(bare: object) -> None:
    assert results.text(results.estimate({"scores": {"validity": bare}}, "validity")) == "0.500"


@pytest.mark.parametrize("nothing", [None, {"value": None}, {"value": float("nan")}, {}, {"value": "high"}, True])
def test_what_is_no_number_is_shown_as_missing_and_never_as_zero(nothing: object) -> None:
    assert results.text(results.estimate({"scores": {"validity": nothing}}, "validity")) == results.MISSING


def test_runs_are_ordered_best_first_and_those_without_a_number_come_last() -> None:
    runs = [scored(None, model="none"), scored(0.2, model="low"), scored(0.9, model="high")]
    assert [run["model"] for run in results.ordered(runs, "multirads_f1")] == ["high", "low", "none"]


def test_runs_of_equal_score_are_ordered_by_accuracy() -> None:
    runs = [scored(0.0, model=name) for name in ("a", "b")]
    for run, accuracy in zip(runs, (0.1, 0.7), strict=True):
        run["scores"]["category_accuracy"] = accuracy
    assert [run["model"] for run in results.ordered(runs, "multirads_f1")] == ["b", "a"]


def test_every_metric_that_is_scored_has_a_title_and_its_direction() -> None:
    titled = {own.key: own.higher_is_better for own in results.METRICS}
    scored = (*scoring.METRICS, *scoring.CONDITION_METRICS)
    assert {own.name: own.higher_is_better for own in scored} == titled


def test_of_error_rates_the_lowest_is_best() -> None:
    runs = [{"model": str(rate), "n": 1, "scores": {"under_call_rate": rate}} for rate in (0.4, 0.1)]
    assert [run["model"] for run in results.ordered(runs, "under_call_rate")] == ["0.1", "0.4"]


def test_runs_that_cannot_be_told_apart_share_their_places() -> None:
    runs = [scored(0.9, 0.88, 0.92), scored(0.89, 0.87, 0.91), scored(0.5, 0.4, 0.6), scored(None)]
    assert results.ranks(runs, "multirads_f1") == ["1–2", "1–2", "3", results.MISSING]


def test_runs_on_other_reports_are_never_ranked_together(make_result: Make) -> None:
    other_size, other_condition = make_result("a", n=10), make_result("a", condition="stated")
    groups = results.settings([other_size, make_result("a"), make_result("b"), other_condition])
    assert [[run["model"] for run in group] for group in groups] == [["a", "b"], ["a"], ["a"]]


def test_settings_of_as_many_runs_stand_in_the_usual_order(make_result: Make) -> None:
    asked = [("test_noisy", "withheld"), ("own", "withheld"), ("test", "discordant"), ("test", "withheld")]
    groups = results.settings([make_result("a", split=split, condition=condition) for split, condition in asked])
    told = [(group[0]["split"], group[0]["condition"]) for group in groups]
    assert told == [("test", "withheld"), ("test", "discordant"), ("test_noisy", "withheld"), ("own", "withheld")]


def test_the_headline_of_a_category_task_is_accuracy(make_result: Make) -> None:
    assert results.headline([make_result("a", task="category")]).key == "category_accuracy"
    assert results.headline([make_result("a")]).key == "multirads_f1"


def test_two_runs_of_one_model_have_names_of_their_own(make_result: Make) -> None:
    runs = [make_result("a"), make_result("a", prompt="guided"), make_result("b")]
    assert naming.run_names(runs) == ["a · zero_shot", "a · guided", "b"]
    again = [make_result("a", run_id="111"), make_result("a", run_id="222")]
    assert len(set(naming.run_names(again))) == 2


def test_a_model_on_a_server_is_called_by_its_name_there_unless_another_has_it(make_result: Make) -> None:
    here, there = "openai:http://localhost:8000/v1#Qwen/Qwen3-8B", "openai:https://x.org/v1#Qwen/Qwen3-8B"
    assert naming.run_names([make_result(here), make_result("hf:Qwen/Qwen3-8B")]) == [
        "Qwen/Qwen3-8B",
        "hf:Qwen/Qwen3-8B",
    ]
    assert naming.run_names([make_result(here), make_result(there)]) == [here, there]
    prompted = [make_result(here), make_result(here, prompt="guided")]
    assert naming.run_names(prompted) == ["Qwen/Qwen3-8B · zero_shot", "Qwen/Qwen3-8B · guided"]
    assert naming.run_names([make_result("openai:http://localhost:8000/v1")]) == ["openai:http://localhost:8000/v1"]


@pytest.mark.parametrize("wrong", [[], [{"model": "a"}], ["a"], [{"model": "a", "n": 3, "scores": {}}, None]])
def test_what_is_no_result_is_refused_with_what_it_lacks(wrong: Any) -> None:
    with pytest.raises(RunError, match=r"results|Score at least one run"):
        results.checked(wrong)


@pytest.mark.parametrize("values", [[], [0.0], [1.0], [0.5], [0.31, 0.94], [0.871, 0.874], [-0.2, 0.7], [0.0, 1.0]])
def test_a_scale_holds_every_value_between_round_ends(values: list[float]) -> None:
    scale = plots.axis(values)
    assert scale.low < scale.high
    assert all(scale.low <= value <= scale.high for value in values)
    assert plots.LEAST_INTERVALS < len(scale.ticks) <= plots.MOST_INTERVALS + 1
    assert scale.low >= 0 or min(values) < 0
    assert scale.high <= 1
    assert scale.at(scale.low) == 0
    assert scale.at(scale.high) == 100


def test_a_scale_of_scores_ends_at_one_where_a_score_is_perfect() -> None:
    assert plots.axis([1.0]).high == 1.0
    assert plots.axis([0.3, 1.0]).high == 1.0


def test_shades_run_over_the_whole_ramp() -> None:
    scale = plots.axis([0.0, 1.0])
    assert (scale.shade(0.0), scale.shade(1.0)) == (0, plots.SHADES - 1)
    assert [scale.shade(i / 100) for i in range(101)] == sorted(scale.shade(i / 100) for i in range(101))


def test_a_stacked_bar_is_full_and_leaves_out_what_did_not_occur() -> None:
    pieces = plots.stack({"ok": 2, "error": 1, "empty": 0}, ["ok", "empty", "error"])
    assert [(piece.name, piece.number) for piece in pieces] == [("ok", 2), ("error", 1)]
    assert pieces[-1].x + pieces[-1].width == pytest.approx(100, abs=0.01)
    assert plots.stack({}, ["ok"]) == ()


def test_the_sides_of_a_diverging_bar_grow_from_the_middle() -> None:
    found, scale = results.Estimate(0.2, 0.1, 0.3), plots.axis([0.0, 0.4])
    left, right = plots.side(found, scale, -1), plots.side(found, scale, 1)
    assert left is not None
    assert right is not None
    assert (left.x, left.width) == (25, 25)
    assert (right.x, right.width) == (50, 25)
    assert left.mark.left < left.mark.x < left.mark.right
    assert plots.side(None, scale, 1) is None
