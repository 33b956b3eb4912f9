"""What others published: marked, on other data, never ranked, and no figure beyond what is stated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from page import Page
from test_tables import printed

from multirads_hf.reporting import dashboard, naming, published, results, sides, tables, views
from multirads_hf.reporting.figures import write_figures

Make = Callable[..., dict[str, Any]]
# Abstract of arXiv:2601.03232, in per cent: accuracy, validity, predictions.
GUIDED = {"GPT-5.2": (81.1, 99.8, 1600), "41 open models, pooled": (61.1, 96.8, 65_600)}
PROMPTS = {"guided": (78.5, 99.2), "zero_shot": (69.6, 96.7)}


def test_the_figures_are_those_of_the_abstract_and_no_others() -> None:
    rows = {
        own["model"]: (*(own["scores"][key] for key in ("category_accuracy", "validity")), own["predictions"])
        for own in published.stated()["rows"]
    }
    assert rows == {name: (pytest.approx(a / 100), pytest.approx(v / 100), n) for name, (a, v, n) in GUIDED.items()}
    prompts = {own["prompt"]: own["scores"] for own in published.stated()["prompts"]}
    expected = {
        name: {"category_accuracy": pytest.approx(a / 100), "validity": pytest.approx(v / 100)}
        for name, (a, v) in PROMPTS.items()
    }
    assert prompts == expected
    for own in (*published.stated()["rows"], *published.stated()["prompts"]):
        assert set(own["scores"]) <= set(results.BY_KEY)


def test_the_page_marks_each_row_as_not_comparable_and_ranks_none(make_result: Make) -> None:
    runs = [make_result("a", 0.4, task="category"), make_result("b", 0.3, task="category")]
    page = Page(dashboard.render(runs))
    assert len([own for own in page.all("tr") if "reference" in own.get("class", "")]) == len(GUIDED)
    for name, (accuracy, validity, n) in GUIDED.items():
        row = page.text[page.text.index(f"RXL-RADSet: {name}") :][:300]
        assert "other data, not comparable" in row
        assert f"{accuracy / 100:.3f}" in row
        assert f"{validity / 100:.3f}" in row
        assert f"{n:,}" in row
    assert "as the abstract of arXiv:2601.03232, January 2026 states it" in page.text
    best, worst = views.view(0, runs)["leaderboard"]["rows"]
    assert (best["rank"], worst["rank"]) == ("1", "2")  # though both published accuracies are higher


def test_a_metric_that_is_not_published_has_no_published_number(make_result: Make) -> None:
    board = views.view(0, [make_result("a")])["leaderboard"]
    for own in board["references"]:
        assert own["score"] is None
        assert own["mark"] is None
        assert own["beside"][1:3] == [results.MISSING] * 2  # macro-F1 and kappa


def test_prompts_stand_beside_the_published_pair_where_it_has_the_metric(make_result: Make) -> None:
    runs = [make_result("a", 0.8), make_result("a", 0.9, prompt="guided")]
    panes = {own["metric"].key: own["models"] for own in views.view(0, runs)["prompts"]}
    assert [own["model"] for own in panes["multirads_f1"]] == ["a"]
    for key, place in (("category_accuracy", 0), ("validity", 1)):
        own = panes[key][-1]
        assert own["model"] == "RXL-RADSet"
        assert "not comparable" in own["about"]
        shown = {row["prompt"]: row["score"].value for row in own["rows"]}
        assert shown == {name: pytest.approx(pair[place] / 100) for name, pair in PROMPTS.items()}
        assert not own["notes"]


def test_accuracy_against_size_has_dashed_lines_within_its_scale(make_result: Make) -> None:
    runs = [make_result("hf:x-8B", 0.95), make_result("hf:x-70B", 0.97)]
    view = sides.sizes(runs, naming.run_names(runs))
    assert view is not None
    assert [found.value for _, _, found in view["lines"]] == [0.811, 0.611]
    assert all(0 < y < 100 for y, *_ in view["lines"])


def test_figures_show_published_numbers_hollow_and_only_where_the_metric_has_one(
    make_result: Make, tmp_path: Path
) -> None:
    def hollow(path: Path) -> int:
        circles = ElementTree.parse(path).getroot().iter("{http://www.w3.org/2000/svg}circle")
        return sum(own.get("fill") == "#ffffff" for own in circles)

    category = [make_result("a", 0.4, task="category"), make_result("a", 0.3, task="category", prompt="guided")]
    for path in write_figures(category, tmp_path / "category"):
        assert hollow(path) == {"leaderboard": 2, "prompts": 2}.get(path.stem, 0)
    assert not any(hollow(path) for path in write_figures([make_result("a")], tmp_path / "extraction"))


def test_the_terminal_lists_them_last_with_a_word_on_their_data(make_result: Make) -> None:
    text = printed(tables.leaderboard([make_result("a", 0.3), make_result("b", 0.2)]))
    lines = [own for own in text.splitlines() if own.startswith(f" {results.MISSING} ")]
    for line, (name, (accuracy, validity, n)) in zip(lines, GUIDED.items(), strict=True):
        assert f"RXL-RADSet: {name.split()[0]}" in line  # the rest of a long name is on the next line
        assert all(word in line for word in (f"{accuracy / 100:.3f}", f"{validity / 100:.3f}", f"{n:,}"))
        assert text.index(line) > text.rindex(" b ")
    assert text.count("guided") == len(GUIDED)
    assert "other data, not comparable" in text
