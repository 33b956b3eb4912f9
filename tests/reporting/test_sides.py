"""Runs from other sides: rank groups, prompts, sizes, costs, changed reports, and what others published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from page import Page

from multirads_hf.reporting import dashboard, naming, results, sides

Make = Callable[..., dict[str, Any]]


def comparison(*ranking: tuple[str, int | None, int | None, int | None]) -> dict[str, Any]:
    keys = ("model", "group", "best_rank", "worst_rank")
    ids = [own[0] for own in ranking]
    difference = {"value": 0.034, "low": 0.01, "high": 0.05, "p_value": 0.0004, "p_adjusted": 0.0004}
    pairs = [
        {"first": one, "second": other, "differences": {"multirads_f1": {**difference, "detectable": 0.01}}}
        for place, one in enumerate(ids)
        for other in ids[place + 1 :]
    ]
    ranked = [dict(zip(keys, own, strict=True)) for own in ranking]
    return {"signature": "compared<>", "rank_by": "multirads_f1", "models": ids, "ranking": ranked, "pairs": pairs}


def test_places_and_groups_come_from_paired_tests_where_there_are_any(make_result: Make) -> None:
    runs = [make_result(name, quality, run_id=name) for name, quality in (("a", 0.9), ("b", 0.8), ("c", 0.79))]
    made = comparison(("a", 1, 1, 1), ("b", 2, 2, 3), ("c", 2, 2, 3))
    text = Page(dashboard.render(runs, comparisons=[made])).text
    assert "1group 1" in text
    assert text.count("2–3group 2") == 2
    assert "paired tests on the same reports" in text
    assert "compared<>" in text
    alone = Page(dashboard.render(runs)).text
    assert "group 1" not in alone
    assert "intervals overlap share their places" in alone


def test_a_comparison_of_other_runs_or_by_another_metric_ranks_nothing(make_result: Make) -> None:
    runs = [make_result(name, 0.8, run_id=name) for name in ("a", "b")]
    other = comparison(("a", 1, 1, 1), ("x", 2, 2, 2))
    assert "group 1" not in Page(dashboard.render(runs, comparisons=[other])).text
    own = comparison(("a", 1, 1, 1), ("b", 2, 2, 2))
    assert sides.standings(runs, results.BY_KEY["validity"], own) == [("1–2", "")] * 2
    nothing = comparison(("a", 1, 1, 1), ("b", None, None, None))
    assert sides.standings(runs, results.BY_KEY["multirads_f1"], nothing) == [("1", "1"), (results.MISSING, "")]


def test_prompts_of_one_model_stand_side_by_side_with_their_difference(make_result: Make) -> None:
    runs = [make_result("a", 0.8, run_id="z"), make_result("a", 0.9, run_id="g", prompt="guided"), make_result("b")]
    made = comparison(("g", 1, 1, 1), ("z", 2, 2, 2), (runs[2]["run_id"], 3, 3, 3))
    page = Page(dashboard.render(runs, comparisons=[made]))
    assert "s0-prompts" in {own.get("id") for own in page.all("section")}
    assert "guided less zero_shot: 0.034 [0.010, 0.050], p <0.001" in page.text
    alone = Page(dashboard.render(runs[1:]))
    assert "s0-prompts" not in {own.get("id") for own in alone.all("section")}


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("hf:Qwen/Qwen3-0.6B", 6e8), ("router:openai/gpt-oss-120b:groq", 1.2e11),
        ("hf:HuggingFaceTB/SmolLM2-135M", 1.35e8),
        ("openai:http://localhost:8000/v1#Qwen/Qwen3-30B-A3B", 3e10), ("hf:mistralai/Mixtral-8x7B-v0.1", 5.6e10),
        ("baseline:bow", None), ("openai:https://api.openai.com/v1#gpt-5.2", None), ("hf:org/model-v3b1", None),
    ],
)  # fmt: skip
def test_the_size_of_a_model_is_what_its_name_states(model: str, size: float | None) -> None:
    assert sides.size_of(model) == (None if size is None else pytest.approx(size))


def test_accuracy_stands_against_size_where_two_sizes_are_known(make_result: Make) -> None:
    runs = [make_result("hf:x-8B", 0.8), make_result("hf:x-70B", 0.9), make_result("baseline:bow", 0.5)]
    view = sides.sizes(runs, naming.run_names(runs))
    assert view is not None
    small, large = sorted(view["points"], key=lambda own: own["x"])
    assert (small["size"], large["size"]) == ("8B", "70B")
    assert 0 <= small["x"] < large["x"] <= 100
    assert small["y"] > large["y"]
    assert sides.sizes(runs[1:], naming.run_names(runs[1:])) is None
    assert "70B" in Page(dashboard.render(runs)).text


def test_what_a_run_took_is_told_for_each_report(make_result: Make) -> None:
    used = {"attempts": 1700, "prompt_tokens": 880_000, "completion_tokens": 88_000, "cost": 1.76}
    used |= {"latency_s_p50": 0.5, "latency_s_p95": 1.25}
    run = make_result("a", n=880, usage=used)
    (row,) = sides.usage([run], ["a"])
    assert row["tokens"] == ["1,000", "100"]
    assert (row["cost"], row["each"]) == ("1.76", "2.00")
    text = Page(dashboard.render([run])).text
    assert "0.5 / 1.25" in text
    quick = Page(dashboard.render([make_result("a", usage={"attempts": 1, "latency_s_p50": 3e-6})])).text
    assert "<0.001 / –" in quick
    unpriced = Page(dashboard.render([make_result("a", usage={"attempts": 3})])).text
    assert "Cost and latency" in unpriced
    assert "Cost and latency" not in Page(dashboard.render([make_result("a")])).text
