"""A budget of a whole sweep is kept, by runs side by side and by the next call; what failed calls took counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from served import Served, completion

from multirads_hf.running import answers, evaluate, run, runs
from multirads_hf.running.sweep import sweep_of
from multirads_hf.running.sweeping import SweepResult, run_sweep

pytestmark = pytest.mark.usefixtures("impatient")
GOOD, EACH = '{"category": "TR4"}', 110
USAGE = {"prompt_tokens": 100, "completion_tokens": 10}
USUAL: dict[str, Any] = {"config": "tirads", "task": "category", "progress": False}


async def good(*_: Any) -> web.Response:
    return completion(GOOD)


def swept(store: Path, server: Served, **changed: Any) -> list[SweepResult]:
    given: dict[str, Any] = {
        "store": str(store), "side_by_side": 4, "limit": 20, "concurrency": 4, "configs": ["tirads"],
        "tasks": ["category"], "conditions": ["withheld", "stated"],
        "models": ["baseline:lexicon", f"openai:{server.url}#one", f"openai:{server.url}#two"],
    }  # fmt: skip
    return run_sweep(sweep_of(given | changed), progress=False)


@pytest.mark.parametrize("side_by_side", [1, 4])
def test_the_tokens_of_a_sweep_are_shared_and_earlier_calls_count(serve, tmp_path: Path, side_by_side: int) -> None:
    server, store = serve(good), tmp_path / "s.sqlite"
    usual = {"side_by_side": side_by_side}
    done = swept(store, server, max_tokens_total=20 * EACH, **usual)
    assert len(server.bodies) == 20
    assert sum(own.summary.prompt_tokens + own.summary.completion_tokens for own in done) == 20 * EACH
    assert [own.whole for own in done[:2]] == [True, True], "what calls no one takes nothing"
    assert {own.summary.stopped for own in done[2:]} <= {"", "the limit of 2,200 tokens of the whole sweep"}
    assert not all(own.whole for own in done)
    again = swept(store, server, max_tokens_total=20 * EACH, **usual)
    assert (len(server.bodies), sum(own.summary.asked for own in again)) == (20, 0)
    swept(store, server, max_tokens_total=50 * EACH, **usual)
    assert len(server.bodies) == 50
    assert all(own.whole for own in swept(store, server, **usual))
    assert len(server.bodies) == 80


def test_what_was_spent_by_runs_that_start_last_counts_from_the_first_call_on(serve, tmp_path: Path) -> None:
    server, store = serve(good), tmp_path / "s.sqlite"
    run(f"openai:{server.url}#two", store=store, limit=20, condition="stated", **USUAL)
    done = swept(store, server, max_tokens_total=25 * EACH, side_by_side=1)
    assert len(server.bodies) == 25
    assert [own.summary.asked for own in done] == [20, 20, 5, 0, 0, 0]


def test_the_dollars_of_a_sweep_are_shared_each_at_its_price(serve, tmp_path: Path) -> None:
    server, store, prices = serve(good), tmp_path / "s.sqlite", tmp_path / "p.yaml"
    prices.write_text("one: {input: 100, output: 0}\ntwo: {input: 0, output: 1000}\n")  # a cent a call, each
    done = swept(store, server, max_cost=0.3, prices=str(prices))
    assert 30 <= len(server.bodies) <= 31
    assert sum(own.summary.cost or 0 for own in done) == pytest.approx(0.01 * len(server.bodies))


def test_a_budget_of_a_model_is_that_of_each_of_its_runs(serve, tmp_path: Path) -> None:
    server = serve(good)
    model = {"model": server.spec, "max_tokens_total": 5 * EACH}
    done = swept(tmp_path / "s.sqlite", server, models=[model, f"openai:{server.url}#two"])
    assert [own.summary.asked for own in done] == [5, 5, 20, 20]


def test_a_run_that_fails_holds_nothing_of_the_budget(serve, tmp_path: Path) -> None:
    server = serve(good)
    models = ["openai:http://127.0.0.1:9/v1#none", server.spec]
    done = swept(tmp_path / "s.sqlite", server, models=models, max_tokens_total=30 * EACH, attempts=1)
    assert [own.summary is None for own in done] == [True, True, False, False]
    assert len(server.bodies) == 30


async def failing_first(request: web.Request, body: dict[str, Any], before: int) -> web.Response:
    if before == 0:
        return web.json_response({"error": {"message": "lost the connection to the GPU"}, "usage": USAGE}, status=500)
    return completion(GOOD)


def test_tokens_of_calls_that_are_made_again_count(serve, tmp_path: Path) -> None:
    store = tmp_path / "s.sqlite"
    done = run(serve(failing_first).spec, store=store, limit=6, **USUAL)
    assert (done.prompt_tokens, done.completion_tokens, done.errors) == (6 * 200, 6 * 20, 0)
    kept = answers(store, done.run_id)
    assert {(own.prompt_tokens, own.lost_prompt_tokens, own.lost_completion_tokens) for own in kept} == {(100, 100, 10)}
    (tmp_path / "p.yaml").write_text("tiny: {input: 1, output: 10}")
    usage = evaluate(store, done.run_id, prices=tmp_path / "p.yaml", n_resamples=20)["usage"]
    assert (usage["prompt_tokens"], usage["lost_prompt_tokens"], usage["lost_completion_tokens"]) == (600, 600, 60)
    assert usage["cost"] == pytest.approx((1200 * 1 + 120 * 10) / 1e6)


@pytest.mark.parametrize("reply", ["500", "error in 200", "no choices"])
def test_tokens_of_calls_that_failed_for_good_count_also_the_next_time(serve, tmp_path: Path, reply: str) -> None:
    body = {"no choices": {"choices": []}}.get(reply, {"error": {"message": "no"}}) | {"usage": USAGE}

    async def down(*_: Any) -> web.Response:
        return web.json_response(body, status=500 if reply == "500" else 200)

    store, server = tmp_path / "s.sqlite", serve(down)
    asked = {"limit": 6, "attempts": 2, "concurrency": 1, "max_tokens_total": 8 * EACH, **USUAL}
    first = run(server.spec, store=store, **asked)
    assert (len(server.bodies), first.errors) == (8, 4), "two calls each"
    assert first.prompt_tokens + first.completion_tokens == 8 * EACH
    again = run(server.spec, store=store, **asked)
    assert (len(server.bodies), again.asked) == (8, 0)
    assert again.stopped
    run(server.spec, store=store, **asked | {"max_tokens_total": 12 * EACH})
    assert len(server.bodies) == 12
    (header,) = runs(store)
    lost = sum(own.lost_prompt_tokens + own.lost_completion_tokens for own in answers(store, header.run_id))
    assert lost == 12 * EACH


def test_what_a_replaced_answer_took_is_not_forgotten(tmp_path: Path) -> None:
    from test_store import RECORDS, header

    from multirads_hf.running.budget import Spent
    from multirads_hf.running.models import Completion
    from multirads_hf.running.store import Store

    one, name = header(), RECORDS[0]["id"]
    with Store(tmp_path / "s.sqlite") as store:
        store.begin(one, {})
        store.keep(one.run_id, RECORDS[0], Completion(name, "TR4", "stop", 100, 10))
        store.keep(one.run_id, RECORDS[0], Completion(name, "TR5", "stop", 100, 20))
        assert store.spent(one.run_id) == Spent(1, 100, 20, 100, 10)


def test_a_server_that_counts_nothing_is_held_to_the_estimate_also_the_next_time(serve, tmp_path: Path) -> None:
    async def silent(*_: Any) -> web.Response:
        return web.json_response({"choices": [{"message": {"content": GOOD}, "finish_reason": "stop"}]})

    server, store = serve(silent), tmp_path / "s.sqlite"
    asked = {"limit": 20, "concurrency": 2, "max_tokens_total": 2000, **USUAL}
    first = run(server.spec, store=store, **asked)
    assert 2 <= len(server.bodies) < 20
    assert first.prompt_tokens + first.completion_tokens >= 2000
    again = run(server.spec, store=store, **asked)
    assert (again.asked, again.prompt_tokens, again.completion_tokens) == (
        0, first.prompt_tokens, first.completion_tokens,
    )  # fmt: skip
    assert {own.prompt_tokens for own in answers(store, first.run_id)} == {None}, "an estimate is no count"
