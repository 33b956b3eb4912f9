"""A budget is kept, and a constraint that a server ignored is found out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from multirads_hf import corpus, rads
from multirads_hf.errors import OptionError, RunError
from multirads_hf.running import constraint, evaluate, run
from multirads_hf.running.budget import Price, price_of, read_prices
from multirads_hf.running.endpoint.constraining import answer_schema
from multirads_hf.running.endpoint.request import Request
from multirads_hf.running.models import Completion, Options, Prompt

LIMIT = 20
USUAL = {"config": "tirads", "limit": LIMIT, "progress": False, "task": "category"}
PRICES = '"lab:*": {input: 2.0, output: 10.0}\nlab:two: {input: 1, output: 1}\n'


@dataclass
class Metered:
    """Answers each prompt with 1000 and 100 tokens, one at a time or all at once."""

    eager: bool = False
    name: str = "lab:one"
    revision: str = "1"
    settings: dict[str, Any] = field(default_factory=dict)
    engine: dict[str, Any] = field(default_factory=dict)
    answer: str = '{"category": "TR4"}'
    asked: int = 0

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        for prompt in sorted(prompts, key=lambda own: own.record_id) if self.eager else prompts:
            self.asked += 1
            yield Completion(prompt.record_id, self.answer, "stop", 1000, 100)


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text(PRICES)
    return path


@pytest.mark.parametrize("eager", [False, True])
def test_a_run_stops_at_its_tokens_and_goes_on_with_more(tmp_path: Path, eager: bool) -> None:
    store, model = tmp_path / "s.sqlite", Metered(eager)
    first = run(model, store=store, max_tokens_total=5500, **USUAL)
    used = first.prompt_tokens + first.completion_tokens
    assert (used, first.answered, model.asked) == (5500, 5, 5)
    assert (first.asked, first.reused, first.errors) == (5, 0, 0)
    assert first.warnings == [f"Stopped at the limit of 5,500 tokens, {LIMIT - 5} reports were not asked."]
    with pytest.raises(RunError, match=f"5 of {LIMIT} records"):
        evaluate(store, first.run_id)
    again = run(model, store=store, max_tokens_total=5500, **USUAL)
    assert (again.asked, again.reused, model.asked) == (0, 5, 5), "earlier calls count"
    rest = run(model, store=store, **USUAL)
    assert (rest.asked, rest.reused, rest.stopped, rest.answered) == (LIMIT - 5, 5, "", LIMIT)


def test_a_run_stops_at_its_cost(tmp_path: Path, prices: Path) -> None:
    done = run(Metered(), store=tmp_path / "s.sqlite", max_cost=0.0089, prices=prices, **USUAL)
    assert done.cost == pytest.approx(0.009)  # 3 answers of 1000 x 2 and 100 x 10 dollars a million
    assert done.answered == 3
    assert "0.01 US dollars" in done.stopped
    whole = run(Metered(), store=tmp_path / "s.sqlite", prices=prices, **USUAL)
    assert (whole.stopped, whole.cost) == ("", pytest.approx(0.06))


def test_a_budget_that_suffices_is_no_word_worth(tmp_path: Path) -> None:
    done = run(Metered(), store=tmp_path / "s.sqlite", max_tokens_total=LIMIT * 1100, **USUAL)
    assert (done.answered, done.stopped, done.warnings) == (LIMIT, "", [])


def test_calls_under_way_count(tmp_path: Path) -> None:
    from multirads_hf.running.budget import Budget, Rationed

    budget = Budget(max_tokens=1000, answer_tokens=50)
    prompts = [Prompt(str(n), "tirads", "category", "", ({"role": "user", "content": "x" * 400},)) for n in range(20)]
    assert len(list(Rationed(prompts, budget))) == 7, "100 + 50 tokens each"
    for n in range(7):
        budget.ended(Completion(str(n), "TR1", "stop", 100, 10))
    assert (budget.under_way, budget.reached()) == (0, "")


def test_the_price_is_that_of_the_nearest_name(prices: Path) -> None:
    known = read_prices(prices)
    assert price_of(known, "lab:two") == Price(1.0, 1.0)
    assert price_of(known, "lab:one") == Price(2.0, 10.0)
    assert price_of(known, "hf:one") is None
    assert price_of({"tiny": Price(3, 4)}, "openai:http://x/v1#tiny") == Price(3, 4)


@pytest.mark.parametrize(
    "content",
    ["- 1", "m: 3", "m: {input: 1}", "m: {input: 1, output: -2}", "m: {input: a, output: 1}", "{",
     "m: {input: .nan, output: 1}"],
)  # fmt: skip
def test_a_price_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.yaml").write_text(content)
    with pytest.raises(RunError, match=r"p\.yaml"):
        read_prices(tmp_path / "p.yaml")


def test_a_cost_without_a_price_is_refused_before_anything_is_asked(tmp_path: Path, prices: Path) -> None:
    for options in ({"max_cost": 1}, {"max_cost": 1, "prices": prices}):
        with pytest.raises(OptionError, match="no price"):
            run("baseline:lexicon", store=tmp_path / "s.sqlite", **USUAL | options)
    with pytest.raises(OptionError, match="max_tokens"):
        run(Metered(), store=tmp_path / "s.sqlite", max_tokens_total=0, **USUAL)
    assert not (tmp_path / "s.sqlite").exists()


@pytest.mark.parametrize(
    ("answer", "broken"),
    [('{"category": "TR4"}', 0), ('<think>so</think>{"category": "TR4"}', 0), ("TR4", LIMIT),
     ('{"category": "4"}', LIMIT), ('{"category": "TR4", "size": 3}', LIMIT),
     ('```json\n{"category": "TR4"}\n```', LIMIT)],
)  # fmt: skip
def test_a_constraint_that_was_not_honoured_is_counted(tmp_path: Path, answer: str, broken: int) -> None:
    model = Metered(settings={"constrained": True}, answer=answer)
    done = run(model, store=tmp_path / "s.sqlite", **USUAL)
    assert done.broken == broken
    assert any("break the schema" in line for line in done.warnings) == bool(broken)
    usage = evaluate(tmp_path / "s.sqlite", done.run_id, n_resamples=50)["usage"]
    assert usage["constraint_broken"] == broken
    free = run(Metered(answer=answer), store=tmp_path / "s.sqlite", **USUAL)
    assert free.broken == 0


@pytest.mark.parametrize("key", rads.keys())
@pytest.mark.parametrize("strict", [False, True])
def test_the_right_answer_fits_the_schema_that_servers_get(key: str, strict: bool) -> None:
    schema = answer_schema(key, "extraction", strict)
    jsonschema.Draft202012Validator.check_schema(schema)
    record = next(row for row in corpus.records(rads.get(key).system, "train", 0, 40) if row["document"] == key)
    study = {name: own for name, own in json.loads(record["extraction"]).items() if name != "document"}
    assert constraint.honoured(json.dumps(study), key, "extraction")
    if strict:
        assert schema["required"] == list(schema["properties"])
        study = {name: study.get(name) for name in schema["properties"]}
        for lesion in study.get("lesions") or []:
            lesion |= {n: lesion.get(n) for n in schema["properties"]["lesions"]["items"]["properties"]}
    jsonschema.validate(study, schema)


def test_a_server_gets_the_schema_of_the_document_and_task() -> None:
    request = Request("http://x/v1", "m", Options(constrained=True))
    body = request.body(Prompt("r", "tirads", "category", "", ({"role": "user", "content": "x"},)))
    form = body["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["schema"]["properties"]["category"]["enum"] == list(rads.get("tirads").codes)
    assert list(form["json_schema"]["schema"]["properties"]) == ["category"]
    official = Request("https://api.openai.com/v1", "m", Options(constrained=True, thinking="off"))
    body = official.body(Prompt("r", "tirads", "extraction", "", ({"role": "user", "content": "x"},)))
    assert "lesions" in body["response_format"]["json_schema"]["schema"]["required"]
    assert body["reasoning_effort"] == "none"
    assert "chat_template_kwargs" not in body
