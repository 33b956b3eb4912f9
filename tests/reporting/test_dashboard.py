"""The page of results: complete, self-contained, escaped, readable."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from browser import BROWSER, ask
from page import Page

from multirads_hf import corpus, scoring
from multirads_hf.errors import OptionError, RunError
from multirads_hf.reporting import dashboard

Make = Callable[..., dict[str, Any]]
HOSTILE = "\"'></title></style></script><script>document.title='owned'</script>"
# WCAG 2.2, success criterion 1.4.3: contrast of text at least 4.5 to 1.
LEAST_CONTRAST = 4.5


def shapes(make: Make) -> dict[str, list[dict[str, Any]]]:
    bare = {"model": "bare", "n": 5, "scores": {"category_accuracy": {"value": 0.4, "low": None, "high": None}}}
    unscored = make("unscored", states={}, by_document={}, environment={}, scores={"multirads_f1": {"value": None}})
    no_intervals = make("no intervals", 0.6)
    no_intervals["scores"] = {key: {"value": entry["value"]} for key, entry in no_intervals["scores"].items()}
    other = make("other", 0.4, keys=("tirads", "nirads"))
    return {
        "three": [make("baseline:majority", 0.3), make("baseline:lexicon", 0.93), make("baseline:bow", 0.7)],
        "one run of one document": [make("solo", 0.6, keys=("tirads",))],
        "a document missing in one run": [make("whole", 0.7), other | {"n": make("whole")["n"]}],
        "category task": [make("a", 0.5, task="category"), make("b", 0.6, task="category")],
        "two settings": [make("a", 0.5), make("a", 0.6, condition="stated"), make("b", 0.6)],
        "no intervals": [no_intervals],
        "least": [bare],
        "nothing known": [unscored],
        "perfect and null": [make("perfect", 1.0), make("null", 0.0)],
        "odd names": [make(HOSTILE, 0.5), make('"><img src=x onerror=alert(1)>', 0.4), make("{{ 7 * 7 }} 'é漢", 0.3)],
    }


NAMES = list(shapes(lambda *args, **kwargs: {"n": 0, "scores": {}}))


@pytest.fixture(params=NAMES)
def shape(request: pytest.FixtureRequest, make_result: Make) -> list[dict[str, Any]]:
    return shapes(make_result)[request.param]


def test_every_shape_of_results_makes_a_sound_page(shape: list[dict[str, Any]]) -> None:
    page = Page(dashboard.render(shape))
    assert page.wrong == []
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"][1:] for attributes in page.all("a")}
    assert targets <= set(ids)
    for result in shape:
        assert " ".join(str(result["model"]).split()) in page.text
    assert not re.search(r"\b(nan|None|Undefined)\b", page.text)


def test_the_page_fetches_nothing(shape: list[dict[str, Any]]) -> None:
    html = dashboard.render(shape)
    page = Page(html)
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert "src" not in attributes
        assert "style" not in attributes  # its own content policy would refuse it
        assert attributes.get("href", "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = [own["content"] for own in page.all("meta") if own.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_every_figure_is_well_formed_and_named(shape: list[dict[str, Any]]) -> None:
    figures = re.findall(r"<svg.*?</svg>", dashboard.render(shape), re.DOTALL)
    assert figures
    for figure in figures:
        root = ElementTree.fromstring(figure)
        assert root.get("aria-hidden") == "true" or (root.get("role") == "img" and root.get("aria-label"))
        for mark in root.iter():
            for side in ("x", "x1", "x2", "cx"):
                assert -0.01 <= float(mark.get(side, "0%").rstrip("%")) <= 100.01


def hostile_runs(make: Make) -> list[dict[str, Any]]:
    """Runs with markup and quotes wherever a model or a file puts in words."""
    runs = shapes(make)["odd names"]
    for run in runs:
        run |= {"prompt": HOSTILE, "signature": HOSTILE, "environment": {HOSTILE: HOSTILE}, "split": HOSTILE}
        run["states"] = {"ok": 3, HOSTILE: 2}
        part = run["by_document"].pop("tirads")
        part["fields"] = {HOSTILE: {"tp": 1, "fp": 0, "fn": 0, "f1": 1.0}}
        part["confusion"]["labels"][0] = HOSTILE
        run["by_document"][HOSTILE] = part
        run["usage"] = {"attempts": 1, HOSTILE: HOSTILE}
        run["scores"] |= {HOSTILE: {"value": 0.5}, "anchoring_rate": {"value": 0.5}}
    again = make(f"{HOSTILE}-7B", prompt=HOSTILE)
    return [*runs, make(HOSTILE, prompt="guided"), make("x-70B"), again]


def test_names_from_outside_are_escaped_everywhere(make_result: Make) -> None:
    html = dashboard.render(hostile_runs(make_result), title=HOSTILE)
    assert HOSTILE not in html
    page = Page(html)
    assert page.wrong == []
    assert len(page.all("script")) == 2  # the matrices and the page's own
    assert HOSTILE in page.text
    assert "{{ 7 * 7 }}" in page.text
    matrices = json.loads(page.scripts[0])
    assert any(HOSTILE in name for own in matrices.values() for name in own["names"])


def test_the_same_results_give_the_same_bytes_in_whatever_order(three: list[dict[str, Any]], tmp_path: Path) -> None:
    first = dashboard.write(three, tmp_path / "a.html").read_bytes()
    assert dashboard.write(three[::-1], tmp_path / "new" / "b.html").read_bytes() == first


def test_every_number_of_the_leaderboard_stands_with_its_interval(three: list[dict[str, Any]]) -> None:
    text = Page(dashboard.render(three)).text
    for result in three:
        entry = result["scores"]["multirads_f1"]
        assert f"{entry['value']:.3f} [{entry['low']:.3f}, {entry['high']:.3f}]" in text
    assert text.index("baseline:lexicon") < text.index("baseline:bow") < text.index("baseline:majority")


def test_all_matrices_are_in_the_page_as_they_were_counted(three: list[dict[str, Any]]) -> None:
    matrices = json.loads(Page(dashboard.render(three)).scripts[0])["s0"]
    for place, name in enumerate(matrices["names"]):
        (result,) = [own for own in three if own["model"] == name]
        for document, runs in matrices["matrices"].items():
            assert runs[place] == result["by_document"][document]["confusion"]


def test_where_results_come_with_scores_alone_empty_sections_are_left_out(make_result: Make) -> None:
    page = Page(dashboard.render(shapes(make_result)["least"]))
    ids = {attributes.get("id") for _, attributes in page.elements}
    assert "s0-leaderboard" in ids
    assert not ids & {"s0-map", "s0-confusion", "s0-fields", "s0-calls"}


def test_failed_calls_stand_apart_from_wrong_answers(make_result: Make) -> None:
    page = Page(dashboard.render([make_result("a", states={"ok": 20, "error": 1234})]))
    assert "1,234" in page.text
    assert [own for own in page.all("td") if "alarm" in own.get("class", "")]


def test_real_scores_of_answers_of_every_kind_fill_the_page() -> None:
    references = [own["extraction"] for own in corpus.records("tirads", "test", 0, 24)]
    odd = ["", "I am sorry, I cannot help with that.", "TI-RADS 5", '{"category": "BI-RADS 4"}', '{"category": "TR9"}']
    predictions: list[str | None] = [
        *references[:16],
        *odd,
        f"```json\n{references[21]}\n```",
        references[22][:40],
        None,
    ]
    errors = [answer is None for answer in predictions]
    scores = scoring.score(predictions, references, errors=errors, n_resamples=50)
    result = {"model": "odd", "run_id": "1", "prompt": "zero_shot", **scores.to_json()}
    page = Page(dashboard.render([json.loads(json.dumps(result))]))
    assert page.wrong == []
    assert scores.signature in page.text
    for state, number in scores.states.items():
        titles = f"{state}: {number}"
        assert (titles in page.text) == (number > 0)
    matrix = json.loads(page.scripts[0])["s0"]["matrices"]["tirads"][0]
    assert sum(map(sum, matrix["counts"])) == 23
    for field in result["by_document"]["tirads"]["fields"]:
        assert field in page.text


def test_parts_of_composite_labels_are_scored_apart(make_result: Make) -> None:
    runs = [make_result("a", 0.5), make_result("b", 0.4)]
    runs[0]["by_document"]["nirads"]["parts"] = {"primary": {"value": 0.7341, "low": 0.7, "high": 0.8}}
    text = Page(dashboard.render(runs)).text
    assert "nirads: primary" in text
    assert "0.734 [0.700, 0.800]" in text


def test_a_state_that_scoring_knows_has_a_colour_of_its_own() -> None:
    css = (Path(dashboard.__file__).parent / "template" / "page.css").read_text(encoding="utf-8")
    colours = [
        re.search(rf"^\.{state} {{ fill: (#\w+); background: \1;", css, re.MULTILINE) for state in scoring.STATES
    ]
    assert all(colours)
    assert len({found[1] for found in colours if found}) == len(scoring.STATES)


def test_a_page_cannot_be_written_over_a_folder(three: list[dict[str, Any]], tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"report\.html"):
        dashboard.write(three, tmp_path)
    with pytest.raises(RunError, match="No results"):
        dashboard.write([], tmp_path / "page.html")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def themes() -> list[dict[str, str]]:
    css = (Path(dashboard.__file__).parent / "template" / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    return [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in blocks]


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(theme: dict[str, str]) -> None:
    grounds = [("ink", "card"), ("ink", "page"), ("muted", "card"), ("muted", "page"), ("accent", "page")]
    grounds += [("alarm", "card"), ("muted", "none"), *((f"t{i}", f"q{i}") for i in range(9))]
    for ink, ground in grounds:
        assert contrast(theme[ink], theme[ground]) >= LEAST_CONTRAST, (ink, ground)


def test_tables_and_controls_tell_a_screen_reader_what_they_are(shape: list[dict[str, Any]]) -> None:
    html = dashboard.render(shape)
    page = Page(html)
    for attributes in page.all("th"):
        assert attributes.get("scope") in ("row", "col")
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        assert all("<th " in row for row in rows)
    for tag, attributes in page.elements:
        if attributes.get("role") == "region":
            assert attributes["aria-label"]
            assert "tabindex" in attributes
        if attributes.get("data-run"):
            assert (tag, attributes["type"]) == ("button", "button")
    assert html.count("<select") == len(re.findall(r"<label[^>]*>[^<]+<select", html))
    assert html.count("<section") == len(re.findall(r"<section[^>]* aria-labelledby=", html))


@pytest.mark.parametrize("theme", themes(), ids=["light", "dark"])
def test_the_ramp_gets_steadily_darker_or_lighter_so_that_it_reads_without_hue(theme: dict[str, str]) -> None:
    steps = [luminance(theme[f"q{i}"]) for i in range(9)]
    assert steps == sorted(steps, reverse=steps[0] > steps[-1])
    assert len(set(steps)) == 9


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_browser_runs_the_pages_script_and_nothing_else(make_result: Make, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=document.title='owned'>"
    best = make_result(hostile, 0.9)
    page = dashboard.write([make_result("a", 0.8), best], tmp_path / "page.html")
    flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    more = ("--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom")
    command = [str(BROWSER), *flags.split(), *more, page.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    drawn = Page(shown)
    assert 'class="matrix"' in shown  # drawn by the script, which the content policy let run
    counts = best["by_document"]["lirads_ctmri"]["confusion"]["counts"]
    right = sum(row[place] for place, row in enumerate(counts))
    assert f"{hostile} on lirads_ctmri: {right} of 320 right" in drawn.text
    assert "<title>MultiRADS results</title>" in shown
    panes = [own for own in drawn.all("div") if own.get("data-pane") == "s0-map"]
    assert ["hidden" in own for own in panes].count(False) == 1


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_in_a_browser_words_from_outside_stay_words(make_result: Make, tmp_path: Path) -> None:
    page = dashboard.write(hostile_runs(make_result), tmp_path / "page.html", "Results")
    every = "[...document.querySelectorAll('select')].every((own) => !own.dispatchEvent(new Event('change')) || true)"
    title, _, after, images = ask(
        page, tmp_path / "profile", "document.title", every, "document.title", "document.querySelectorAll('img').length"
    )
    assert (title, after, images) == ("Results", "Results", 0)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_in_a_browser_a_matrix_is_drawn_with_its_heads_and_is_reached_by_keyboard(
    three: list[dict[str, Any]], tmp_path: Path
) -> None:
    page = dashboard.write(three, tmp_path / "page.html")
    heat = "document.querySelector('button[data-setting]')"
    interval = "getComputedStyle(document.querySelector('#s0-map td button i')).display"
    scopes, caption, reached, moved, hidden, _, shown = ask(
        page, tmp_path / "profile",
        "[...document.querySelectorAll('.matrix th')].filter((own) => !own.scope).map((own) => own.textContent)",
        "document.querySelector('.matrix caption').textContent",
        f"{heat}.focus() || document.activeElement === {heat}",
        f"{heat}.click() || document.activeElement.dataset.role",
        interval, "document.querySelector('[data-intervals]').click()", interval,
    )  # fmt: skip
    assert scopes == []
    assert caption == "Confusion of baseline:lexicon on lirads_ctmri"
    assert reached is True
    assert moved == "run"
    assert (hidden, shown) == ("none", "block")
