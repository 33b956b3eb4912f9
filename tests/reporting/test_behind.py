"""From a cell to the reports behind it: which are on the page, what they say, and that a browser shows them."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from browser import BROWSER, ask
from page import Page

from multirads_hf import corpus, scoring
from multirads_hf.reporting import behind, dashboard
from multirads_hf.reporting.behind import Answered

HOSTILE = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>"
N = 40


def answers(records: Sequence[dict[str, Any]], wrong: str = '{"category": "TR1", "lesions": []}') -> list[str]:
    """Return right answers, but for every fourth."""
    return [wrong if place % 4 == 0 else own["extraction"] for place, own in enumerate(records)]


def run_of(name: str, records: Sequence[dict[str, Any]], texts: Sequence[str]) -> tuple[dict[str, Any], list[Answered]]:
    references = [own["extraction"] for own in records]
    scores = scoring.score(texts, references, n_resamples=50)
    result = {"model": name, "run_id": name, "prompt": "zero_shot", **scores.to_json()}
    answered = [Answered(*own) for own in zip(records, texts, scores.reports, strict=True)]
    return json.loads(json.dumps(result)), answered


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    return [dict(own) for own in corpus.records("tirads", "test", 0, N)]


def behind_of(page: str) -> Any:
    """Return what the page holds behind its cells, unpacked as the browser does it."""
    packed = re.findall(r'<script type="application/octet-stream" id="(\w+)-behind">([A-Za-z0-9+/=]*)</script>', page)
    return {name: json.loads(zlib.decompress(b64decode(text))) for name, text in packed}


def test_every_cell_has_its_reports_up_to_the_limit_and_the_page_says_which(records: list[dict[str, Any]]) -> None:
    result, answered = run_of("a", records, answers(records))
    page = dashboard.render([result], answered={"a": answered})
    own = behind_of(page)["s0"]
    (cells,) = own["cells"]["tirads"]
    matrix = result["by_document"]["tirads"]["confusion"]
    for i, expected in enumerate(matrix["labels"]):
        for j, given in enumerate(matrix["labels"]):
            shown = cells.get(f"{expected}\n{given}", [])
            assert len(shown) == min(behind.MOST_A_CELL, matrix["counts"][i][j])
            assert all(entry["id"] in own["reports"] for entry in shown)
    assert f"at most {behind.MOST_A_CELL} of each cell" in Page(page).text


def test_without_answers_no_cell_can_be_opened(records: list[dict[str, Any]]) -> None:
    page = dashboard.render([run_of("a", records, answers(records))[0]])
    assert behind_of(page) == {}
    assert 'data-role="behind"' not in page


def test_the_page_stays_small_whatever_models_write(
    records: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    result, answered = run_of("a", records, answers(records, "word " * 50_000))
    bare, whole = (len(dashboard.render([result], answered=own)) for own in ({}, {"a": answered}))
    assert whole - bare < 30_000
    monkeypatch.setattr(behind, "MOST_CHARACTERS", 20_000)
    few = dashboard.render([result], answered={"a": answered})
    assert len(json.dumps(behind_of(few))) < 45_000
    (cells,) = behind_of(few)["s0"]["cells"]["tirads"]
    expected, given = next(iter(cells)).split("\n")
    assert expected != given  # wrong ones come first


def test_runs_share_the_reports_that_most_of_them_have_wrong(records: list[dict[str, Any]]) -> None:
    texts = answers(records)
    hard = [place for place, own in enumerate(records) if own["category"] == records[-1]["category"]][-1]
    texts[hard] = '{"category": "TR1", "lesions": []}' if records[hard]["category"] != "TR1" else '{"category": "TR2"}'
    other = [own["extraction"] for own in records]
    other[hard] = texts[hard]
    runs = {"a": run_of("a", records, texts), "b": run_of("b", records, other)}
    page = dashboard.render([own for own, _ in runs.values()], answered={key: own for key, (_, own) in runs.items()})
    for cells in behind_of(page)["s0"]["cells"]["tirads"]:
        (first, *_) = next(own for cell, own in cells.items() if cell.split("\n")[0] == records[hard]["category"]
                           and cell.split("\n")[1] in ("TR1", "TR2"))  # fmt: skip
        assert first["id"] == records[hard]["id"]


def test_pieces_of_a_report_are_the_report_and_facts_lie_where_they_say(records: list[dict[str, Any]]) -> None:
    result, answered = run_of("a", records, answers(records))
    reports = behind_of(dashboard.render([result], answered={"a": answered}))["s0"]["reports"]
    texts = {own["id"]: own["report"] for own in records}
    for name, report in reports.items():
        assert "".join(words for words, _ in report["parts"]) == texts[name]
        assert {place for _, places in report["parts"] for place in places} == set(range(len(report["facts"])))
        assert report["reasons"]


def test_facts_are_marked_by_whether_the_answer_has_them(records: list[dict[str, Any]]) -> None:
    record = next(own for own in records if json.loads(own["extraction"])["lesions"])
    study = json.loads(record["extraction"])
    lesion = study["lesions"][0]
    missing, kept = sorted(set(lesion) - {"size_mm"})[:2]
    lesion.pop(missing)
    lesion["size_mm"] = 999
    counts = scoring.count(json.dumps(study), record["extraction"])
    found = behind.faults(counts)
    several = len(study["lesions"]) > 1
    assert found[f"lesions.{missing}"] == [several, "missed"]
    assert found["lesions.size_mm"][1] == "wrong"
    assert f"lesions.{kept}" not in found
    assert behind.faults(scoring.count(record["extraction"], record["extraction"])) == {}


@pytest.mark.parametrize("state", [state for state in scoring.STATES if state not in (*scoring.VALID, "error")])
def test_every_answer_without_a_category_is_explained(state: str) -> None:
    (line, *_) = behind.reasons(scoring.Counts("tirads", state, "TR3"))
    assert line == behind.STATES[state]


def test_why_a_category_is_wrong_tells_reading_from_reasoning(records: list[dict[str, Any]]) -> None:
    study = json.loads(records[0]["extraction"])
    other = next(own for own in ("TR1", "TR5") if own != study["category"])
    said = behind.reasons(scoring.count(json.dumps({**study, "category": other}), records[0]["extraction"]))
    assert said[0] == f"{other} was answered, the rule gives {study['category']}."
    assert said[1] == behind.FAULTS["reasoning"]
    bare = json.dumps({"category": other})
    assert behind.reasons(scoring.count(bare, records[0]["extraction"]))[1] == behind.UNUSABLE


def test_answers_are_escaped_wherever_they_stand(records: list[dict[str, Any]]) -> None:
    result, answered = run_of("a", records, answers(records, HOSTILE))
    page = dashboard.render([result], answered={"a": answered})
    assert HOSTILE not in page
    assert "<img" not in page
    assert len(Page(page).all("script")) == 3  # the matrices, the reports behind them, and the page's own
    assert any(
        entry["text"] == HOSTILE for cell in behind_of(page)["s0"]["cells"]["tirads"][0].values() for entry in cell
    )


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_in_a_browser_a_cell_opens_the_reports_behind_it(records: list[dict[str, Any]], tmp_path: Path) -> None:
    runs = [run_of("a", records, answers(records, HOSTILE)), run_of("b", records, answers(records))]
    page = dashboard.write([own for own, _ in runs], tmp_path / "p.html", answered={"a": runs[0][1], "b": runs[1][1]})
    place = "document.querySelector('[data-role=behind]')"
    heat = "[...document.querySelectorAll('button[data-setting]')].find((own) => own.title.startsWith('a, tirads'))"
    cell = "document.querySelector('.matrix td.right button')"
    shown = (
        f"new Promise((done) => {{ const look = () => {place}.querySelector('h4') ? "
        f"done({place}.querySelector('h4').textContent) : setTimeout(look, 20); look(); }})"
    )
    untouched, _, wrong, texts, cards, words, _, right, focused, title = ask(
        page, tmp_path / "profile",
        f"{place}.textContent",
        f"{heat}.click()",
        shown,
        f"[...{place}.querySelectorAll('pre')].map((own) => own.textContent)",
        f"{place}.querySelectorAll('details').length",
        f"[...{place}.querySelectorAll('mark.missed')].map((own) => own.textContent)",
        f"{place}.replaceChildren() || {cell}.click()",
        shown,
        "document.activeElement.dataset.role",
        "document.title + document.querySelectorAll('img').length",
    )  # fmt: skip
    assert untouched == ""
    assert wrong.startswith(f"a on tirads, wrong answers: {cards} of {N // 4}")
    assert cards > 0
    assert texts == [HOSTILE] * cards
    assert all(any(word in own["report"] for own in records) for word in words)
    assert words
    assert "answered as" in right
    assert focused == "behind"  # whoever opened a cell by keyboard reads on there
    assert title == "MultiRADS results0"
