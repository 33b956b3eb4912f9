"""Consistency, anchoring and robustness: from whichever runs have them, each with what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from page import Page

from multirads_hf import scoring
from multirads_hf.reporting import changed, dashboard
from multirads_hf.reporting.figures import write_figures

Make = Callable[..., dict[str, Any]]
NAMES = {
    "contrast_consistency": "test_contrast",
    "style_consistency": "test_styles",
    "robustness_drop_f1": "test_noisy",
}


def runs_of(make: Make, model: str, value: float, **more: Any) -> list[dict[str, Any]]:
    runs = [make(model, split=split, **more) for split in NAMES.values()]
    runs.append(make(model, condition="discordant", **more))
    for run, name in zip(runs, (*NAMES, "anchoring_rate"), strict=True):
        run["scores"][name] = {"value": value, "low": value - 0.03, "high": value + 0.03}
    return runs


def test_each_way_of_changing_reports_has_its_runs_best_first(make_result: Make) -> None:
    listed = [*runs_of(make_result, "a", 0.4321), *runs_of(make_result, "b", 0.6), make_result("a")]
    views = changed.changes(listed)
    assert [own["title"] for own in views] == ["Contrast consistency", "Style consistency", "Anchoring", "Robustness"]
    for view in views:
        lower = not view["metrics"][0].higher_is_better
        assert [row["name"] for row in view["rows"]] == (["a", "b"] if lower else ["b", "a"])
    page = Page(dashboard.render(listed))
    assert page.text.count("0.432 [0.402, 0.462]") >= len(views)
    assert "changed" in {own.get("id") for own in page.all("section")}
    assert changed.changes([make_result("a")]) == []
    assert "changed" not in {own.get("id") for own in Page(dashboard.render([make_result("a")])).all("section")}


def test_what_all_runs_were_asked_is_told_once_and_the_rest_in_their_rows(make_result: Make) -> None:
    listed = [*runs_of(make_result, "a", 0.4), *runs_of(make_result, "a", 0.5, prompt="guided")]
    for view in changed.changes(listed):
        assert "extraction" in view["asked"]
        assert "reports" in view["asked"]
        assert {row["asked"] for row in view["rows"]} == {"zero_shot", "guided"}


def test_each_has_a_figure_of_its_own(make_result: Make, tmp_path: Path) -> None:
    listed = [*runs_of(make_result, "a", 0.4321), *runs_of(make_result, "b", 0.6)]
    written = {path.stem: path for path in write_figures(listed, tmp_path)}
    for own in changed.CHANGES:
        text = written[own.key].read_text(encoding="utf-8")
        assert "0.432 [0.402, 0.462]" in text
        assert "0.600 [0.570, 0.630]" in text


def test_every_metric_of_changed_reports_is_shown_in_one_place() -> None:
    shown = [name for own in changed.CHANGES for name in own.metrics]
    assert sorted(shown) == sorted(own.name for own in scoring.CONDITION_METRICS)
