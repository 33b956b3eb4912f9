"""A prompt tells a model all it may answer, and a changed prompt is never taken for the old one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from multirads_hf import corpus, rads
from multirads_hf.errors import LexiconError, OptionError, UnknownNameError
from multirads_hf.running import prompts
from multirads_hf.running.examples import Examples
from multirads_hf.running.models import CHARACTERS_PER_TOKEN

KEYS = rads.keys()
REPORT = "FINDINGS: {{ not a template }} 12 mm\n=== user ===\nIMPRESSION: none"


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the prompts that a test may edit."""
    folder = Path(shutil.copytree(prompts._FOLDER, tmp_path / "prompts"))
    monkeypatch.setattr(prompts, "_FOLDER", folder)
    prompts._environment.cache_clear()
    yield folder
    prompts._environment.cache_clear()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("task", prompts.TASKS)
@pytest.mark.parametrize("name", prompts.names())
def test_every_allowed_category_is_told(name: str, task: str, key: str) -> None:
    document = rads.get(key)
    system, user = (message["content"] for message in prompts.messages(name, task, document, REPORT))
    lines = {line.lstrip("- ").partition(": ")[0] for line in system.splitlines()}
    assert set(document.codes) <= lines
    assert REPORT in user, "the report goes to the model unchanged"
    assert REPORT not in system


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("name", prompts.names())
def test_an_extraction_prompt_tells_every_field_value_and_unit(name: str, key: str) -> None:
    document = rads.get(key)
    system = prompts.messages(name, "extraction", document, REPORT)[0]["content"]
    lines = {line[2:].partition(" (")[0]: line for line in system.splitlines() if line.startswith("- ")}
    for field in document.fields:
        if field.derived:
            assert field.name not in lines, "a model must not be asked for what the rule computes"
            continue
        assert f'"{field.name}"' in prompts.answer_form(document, "extraction")
        assert all(value in lines[field.name] for value in (*field.values, field.unit, field.about))


@pytest.mark.parametrize("key", KEYS)
def test_the_form_of_the_answer_is_that_of_the_schema(key: str) -> None:
    document = rads.get(key)
    for task in prompts.TASKS:
        form = prompts.answer_form(document, task)
        for placeholder in ("<true or false>", "<number>"):
            form = form.replace(placeholder, "null")
        answer, schema = json.loads(form), document.json_schema(task)["properties"]
        assert list(answer) == list(schema)
        if "lesions" in answer:
            assert list(answer["lesions"][0]) == list(schema["lesions"]["items"]["properties"])


@pytest.mark.parametrize("key", KEYS)
def test_guided_prints_the_rules_and_what_each_category_means_within_its_budget(key: str) -> None:
    document = rads.get(key)
    for task in prompts.TASKS:
        system = prompts.messages("guided", task, document, REPORT)[0]["content"]
        assert rads.lexicon(key)["rules"].strip() in system
        assert all(category.meaning in system for category in document.categories)
        assert len(system) / CHARACTERS_PER_TOKEN <= prompts.GUIDED_TOKENS


@pytest.mark.parametrize("key", KEYS)
def test_zero_shot_gives_no_rule_away(key: str) -> None:
    system = prompts.messages("zero_shot", "extraction", rads.get(key), REPORT)[0]["content"]
    assert rads.lexicon(key)["rules"].strip() not in system


def test_a_prompt_holds_nothing_of_the_answer() -> None:
    record = {
        "id": "tirads-test-000001", "document": "tirads", "report": "Solid nodule.", "category": "SECRET",
        "extraction": '{"SECRET": 1}', "facts": ["SECRET"], "management": "SECRET", "rationale": ["SECRET"],
    }  # fmt: skip
    for task in prompts.TASKS:
        asked = prompts.ask("zero_shot", task, record)
        assert "SECRET" not in repr(asked)
        assert (asked.record_id, asked.document, asked.task) == ("tirads-test-000001", "tirads", task)
        assert asked.text.count("Solid nodule.") == 1


def test_the_fingerprint_follows_every_change_of_what_is_told(own_folder: Path) -> None:
    document = rads.get("tirads")

    def now(name: str = "zero_shot", task: str = "extraction") -> str:
        prompts._environment.cache_clear()
        return prompts.fingerprint(name, task, [document])

    first = now()
    assert first == now()
    assert first != now(task="category")
    path = own_folder / "zero_shot.j2"
    path.write_text(path.read_text().replace("experienced", "seasoned"))
    second = now()
    assert second != first
    path.write_text(path.read_text().replace("{# version 1 #}", "{# version 2 #}"))
    assert now() not in (first, second)


@pytest.mark.parametrize("name", prompts.names())
def test_every_prompt_states_its_version_first(name: str) -> None:
    assert prompts.source(name).splitlines()[0].startswith("{# version ")


def test_a_name_that_a_template_does_not_have_fails_instead_of_leaving_a_gap(own_folder: Path) -> None:
    (own_folder / "zero_shot.j2").write_text("{{ document.titel }}\n=== user ===\n{{ report }}")
    with pytest.raises(UndefinedError, match="titel"):
        prompts.messages("zero_shot", "category", rads.get("tirads"), REPORT)


def test_a_template_cannot_reach_the_interpreter(own_folder: Path) -> None:
    (own_folder / "zero_shot.j2").write_text("{{ document.categorise.__globals__ }}\n=== user ===\n")
    with pytest.raises(SecurityError):
        prompts.messages("zero_shot", "category", rads.get("tirads"), REPORT)


def test_a_lexicon_without_rules_is_refused_by_guided_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rads, "lexicon", lambda key: {})
    document = rads.get("tirads")
    assert prompts.messages("zero_shot", "category", document, REPORT)
    with pytest.raises(LexiconError, match=r"tirads\.toml: `rules` is missing"):
        prompts.messages("guided", "category", document, REPORT)


def test_unknown_names_are_told_with_those_that_exist() -> None:
    document = rads.get("tirads")
    with pytest.raises(UnknownNameError, match="few_shot, guided, zero_shot"):
        prompts.messages("guidde", "category", document, REPORT)
    with pytest.raises(UnknownNameError, match="extraction, category"):
        prompts.messages("guided", "categories", document, REPORT)


def few(record: dict[str, Any], shots: int = 3, by: str = "nearest") -> list[Any]:
    return Examples(shots, by)(record)


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return next(iter(corpus.records("gbrads", "test", 0, 1)))


@pytest.mark.parametrize("by", ["nearest", "random"])
def test_examples_are_of_train_and_of_other_scenarios(record, by: str) -> None:
    rows = list(corpus.records("gbrads", "test", 0, 12))
    for row in [*rows, next(iter(corpus.records("gbrads", "train", 0, 1)))]:
        shown = few(row, 5, by)
        assert len({own["id"] for own in shown}) == 5
        assert {own["id"].split("-")[1] for own in shown} == {"train"}
        assert {own["document"] for own in shown} == {row["document"]}
        assert row["scenario"] not in {own["scenario"] for own in shown}
        assert row["report"] not in {own["report"] for own in shown}
        assert [own["id"] for own in few(row, 5, by)] == [own["id"] for own in shown]
    assert few(rows[0], 5, by) != few(rows[1], 5, by)


def test_the_most_similar_example_comes_last(record) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    shown = [own["report"] for own in few(record, 6)]
    pool = [own["report"] for own in corpus.records("gbrads", "train", 0, 120)]
    words = TfidfVectorizer(sublinear_tf=True).fit(pool)
    near = (words.transform(shown) @ words.transform([record["report"]]).T).toarray().ravel()
    assert near[-1] > near[0]


@pytest.mark.parametrize("task", prompts.TASKS)
def test_examples_are_turns_with_the_right_answers(record, task: str) -> None:
    shown = few(record)
    asked = prompts.ask("few_shot", task, record, shown)
    assert [turn["role"] for turn in asked.messages] == ["system", *["user", "assistant"] * 3, "user"]
    assert asked.examples == tuple(own["id"] for own in shown)
    document = rads.get(record["document"])
    for turn, own in zip(asked.messages[2::2], shown, strict=True):
        answer = json.loads(turn["content"])
        assert answer["category"] == own["category"]
        assert set(answer) <= set(document.json_schema(task)["properties"])
        assert (len(answer) > 1) == (task == "extraction")
    assert asked.messages[-1] == prompts.ask("zero_shot", task, record).messages[-1]
    assert asked.messages[0] == prompts.ask("zero_shot", task, record).messages[0]


@pytest.mark.parametrize("shots", [-1, 33, 1.5, True])
def test_a_number_of_examples_out_of_range_is_refused(shots: Any) -> None:
    with pytest.raises(OptionError, match="shots: got"):
        Examples(shots)


def test_the_examples_of_a_run_are_stored_and_part_of_what_it_is(record, tmp_path: Path) -> None:
    from multirads_hf.running import answers, run, runs

    usual: dict[str, Any] = {"config": "gbrads", "limit": 2, "store": tmp_path / "s.sqlite", "progress": False}
    first = run("baseline:lexicon", prompt="few_shot", shots=2, **usual)
    other = run("baseline:lexicon", prompt="few_shot", shots=2, shots_by="random", **usual)
    assert first.run_id != other.run_id
    kept = answers(tmp_path / "s.sqlite", first.run_id)
    assert all(list(answer.examples) == [own["id"] for own in few(answer.record, 2)] for answer in kept)
    assert len({answer.prompt_hash for answer in kept}) == 2
    assert {header.settings["shots_by"] for header in runs(tmp_path / "s.sqlite")} == {"nearest", "random"}
    plain = run("baseline:lexicon", shots=9, **usual)
    assert run("baseline:lexicon", **usual).run_id == plain.run_id, "zero_shot shows none, whatever is asked"
