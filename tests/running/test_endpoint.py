"""A server that misbehaves costs time, never an answer; what it does not answer is told from what is wrong."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from served import Served, completion, right, tirads

from multirads_hf.errors import OptionError, RunError, UnknownNameError
from multirads_hf.running import answers, evaluate, open_model, run, runs
from multirads_hf.running.endpoint import call
from multirads_hf.running.models import router
from multirads_hf.running.store import Store

pytestmark = pytest.mark.usefixtures("impatient")
LIMIT = 8
USUAL = {"config": "tirads", "limit": LIMIT, "progress": False}
GOOD = '{"category": "TR4"}'


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "answers.sqlite"


async def good(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
    return completion(GOOD)


def test_every_answer_is_kept_with_all_that_came_with_it(serve, store: Path) -> None:
    async def thinking(*_: Any) -> web.StreamResponse:
        return completion(GOOD, reasoning_content="solid, hypoechoic")

    server = serve(thinking)
    done = run(server.spec, store=store, **USUAL)
    assert (done.asked, done.errors, done.answered, done.warnings) == (LIMIT, 0, LIMIT, [])
    for answer in answers(store, done.run_id):
        assert (answer.text, answer.finish_reason, answer.attempts, answer.error) == (GOOD, "stop", 1, None)
        assert (answer.prompt_tokens, answer.completion_tokens) == (100, 10)
        assert answer.reasoning == "solid, hypoechoic"
        assert 0 < answer.latency_s < 60
        assert len(answer.prompt_hash) == 16
    (header,) = runs(store)
    assert (header.model, header.settings) == (server.spec, {"temperature": 0.0, "max_new_tokens": 1024})
    assert header.engines[-1]["served"] == ["tiny fp_1"]
    assert {(body["model"], body["temperature"], body["max_tokens"]) for body in server.bodies} == {("tiny", 0.0, 1024)}
    assert [turn["role"] for turn in server.bodies[0]["messages"]] == ["system", "user"]


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ((f"```json\n{GOOD}\n```",), "ok"),
        ((f"<think>TR5? no</think>{GOOD}",), "ok"),
        (("I am sorry, but I cannot help with medical questions.",), "refusal"),
        ((None, "content_filter"), "refusal"),
        (("",), "empty"),
        ((None,), "empty"),
        (('{"category": "TR', "length"), "truncated"),
        (("<think>let me see", "length"), "truncated"),
        ((GOOD, "eos_token"), "ok"),
        (([{"type": "text", "text": GOOD}],), "ok"),
    ],
)
def test_what_a_model_says_is_an_answer_however_it_is_said(serve, store: Path, reply: Any, state: str) -> None:
    async def says(*_: Any) -> web.StreamResponse:
        return completion(*reply)

    server = serve(says)
    done = run(server.spec, store=store, **USUAL | {"limit": 2})
    assert evaluate(store, done.run_id, n_resamples=50)["states"][state] == 2
    assert len(server.bodies) == 2


def test_a_refusal_apart_from_the_text_is_a_refusal(serve, store: Path) -> None:
    async def says(*_: Any) -> web.StreamResponse:
        return completion(None, refusal="I can't.")

    done = run(serve(says).spec, store=store, **USUAL | {"limit": 1})
    assert evaluate(store, done.run_id, n_resamples=50)["states"]["refusal"] == 1


async def cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "5000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"choices": [{"message": {"content": "')
    request.transport.close()
    return response


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    raise AssertionError


FAULTS: dict[str, Callable[[web.Request], Any]] = {
    "500": lambda request: _ready(web.Response(status=500, text="oops")),
    "503": lambda request: _ready(web.Response(status=503, headers={"Retry-After": "0"})),
    "429": lambda request: _ready(web.Response(status=429)),
    "no JSON": lambda request: _ready(web.Response(text='{"choices": [{"mess', content_type="application/json")),
    "no choices": lambda request: _ready(web.json_response({"choices": []})),
    "null": lambda request: _ready(web.json_response(None)),
    "error in 200": lambda request: _ready(web.json_response({"error": {"message": "provider down"}})),
    "cut off": cut_off,
    "hang": hang,
}


async def _ready(response: web.Response) -> web.Response:
    return response


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_that_passes_is_asked_again(serve, store: Path, fault: str) -> None:
    async def once(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        return await FAULTS[fault](request) if before == 0 else completion(GOOD)

    server = serve(once)
    done = run(server.spec, store=store, timeout_s=0.5, **USUAL | {"limit": 3})
    assert (done.asked, done.errors) == (3, 0)
    assert {answer.attempts for answer in answers(store, done.run_id)} == {2}
    assert set(server.asked.values()) == {2}


@pytest.mark.parametrize("fault", ["500", "cut off", "hang", "no JSON"])
def test_a_fault_that_stays_is_an_error_and_is_asked_again_on_resume(serve, store: Path, fault: str) -> None:
    async def broken(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        if healthy or "1" in request.headers.get("X-None", ""):
            return completion(GOOD)
        return await FAULTS[fault](request)

    healthy: list[bool] = []
    server = serve(broken)
    options: dict[str, Any] = {"attempts": 2, "timeout_s": 0.3, "concurrency": 4}
    first = run(server.spec, store=store, **USUAL, **options)
    assert (first.errors, first.answered) == (LIMIT, 0)
    assert "calls failed" in first.warnings[0]
    failed = answers(store, first.run_id)
    assert {answer.attempts for answer in failed} == {2}
    assert all(answer.text is None and answer.error for answer in failed)
    healthy.append(True)
    second = run(server.spec, store=store, **USUAL, **options)
    assert (second.run_id, second.asked, second.errors, second.answered) == (first.run_id, LIMIT, 0, LIMIT)
    assert {answer.attempts for answer in answers(store, second.run_id)} == {3}


def test_a_wait_that_is_asked_for_holds_every_call_back(serve, store: Path) -> None:
    async def busy(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        if len(server.bodies) == 1:
            return web.Response(status=429, headers={"Retry-After": "1"})
        return completion(GOOD)

    server = serve(busy)
    done = run(server.spec, store=store, concurrency=1, **USUAL | {"limit": 4})
    assert (done.asked, done.errors) == (4, 0)
    assert server.times[1] - server.times[0] >= 1.0


def test_being_put_off_often_is_no_failure(serve, store: Path) -> None:
    async def busy(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        if before < 12:
            return web.Response(status=429, headers={"retry-after-ms": "5"})
        return completion(GOOD)

    done = run(serve(busy).spec, store=store, attempts=2, **USUAL | {"limit": 3})
    assert (done.asked, done.errors) == (3, 0)
    assert {answer.attempts for answer in answers(store, done.run_id)} == {13}


def test_a_wait_of_a_day_fails_at_once(serve, store: Path) -> None:
    async def quota(*_: Any) -> web.StreamResponse:
        return web.Response(status=429, headers={"Retry-After": "86400"}, text="quota of the day")

    server = serve(quota)
    done = run(server.spec, store=store, **USUAL)
    assert done.errors == LIMIT
    assert set(server.asked.values()) == {1}
    assert "quota of the day" in answers(store, done.run_id)[0].error


def test_calls_run_side_by_side_up_to_the_limit(serve, store: Path) -> None:
    async def slow(*_: Any) -> web.StreamResponse:
        await asyncio.sleep(0.1)
        return completion(GOOD)

    server = serve(slow)
    run(server.spec, store=store, concurrency=5, **USUAL | {"limit": 20})
    assert server.most == 5


def test_calls_a_minute_are_not_exceeded(serve, store: Path) -> None:
    server = serve(good)
    run(server.spec, store=store, requests_per_minute=600, **USUAL | {"limit": 25})
    took = server.times[-1] - server.times[0]
    assert took >= (25 - 10 - 1) / 10, "600 a minute are 10 a second, after the first second's 10"


def test_tokens_a_minute_are_not_exceeded(serve, store: Path) -> None:
    server = serve(good)
    run(server.spec, store=store, tokens_per_minute=400_000, max_new_tokens=4000, **USUAL | {"limit": 8})
    spent = sum(len(m["content"]) // 4 for body in server.bodies for m in body["messages"]) + 8 * 4000
    assert server.times[-1] - server.times[0] >= (spent - 12_000 - 6000) / 400_000 * 60


@pytest.mark.parametrize("status", [401, 403, 404, 307])
def test_a_wrong_key_model_or_address_ends_the_run_at_once(serve, store: Path, status: int) -> None:
    async def refuses(*_: Any) -> web.StreamResponse:
        return web.json_response({"error": {"message": "no such model 'tiny'"}}, status=status)

    server = serve(refuses)
    with pytest.raises(RunError, match=f"HTTP {status}: no such model 'tiny'"):
        run(server.spec, store=store, **USUAL, concurrency=2)
    assert len(server.bodies) <= 2


def test_an_account_without_money_ends_the_run_and_keeps_what_there_is(serve, store: Path) -> None:
    async def pays_twice(*_: Any) -> web.StreamResponse:
        return completion(GOOD) if len(server.bodies) <= 2 else web.Response(status=402, text="no credit")

    server = serve(pays_twice)
    with pytest.raises(RunError, match="no credit"):
        run(server.spec, store=store, **USUAL, concurrency=1)
    assert (runs(store)[0].answered, runs(store)[0].errors) == (2, 0)


def test_a_single_prompt_that_is_refused_is_an_error_of_its_own(serve, store: Path) -> None:
    async def picky(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        return web.Response(status=400, text="context length") if len(server.bodies) == 3 else completion(GOOD)

    server = serve(picky)
    done = run(server.spec, store=store, concurrency=1, **USUAL)
    assert (done.asked, done.errors) == (LIMIT, 1)
    assert len(server.bodies) == LIMIT, "what is refused is not asked again in the same call"


def test_a_server_that_only_fails_ends_the_run(serve, store: Path) -> None:
    async def down(*_: Any) -> web.StreamResponse:
        return web.Response(status=500, text="CUDA error")

    server = serve(down)
    with pytest.raises(RunError, match="calls failed one after the other: HTTP 500: CUDA error"):
        run(server.spec, store=store, concurrency=4, attempts=1, config="tirads", limit=60, progress=False)
    assert len(server.bodies) < 40


def test_no_server_at_all_ends_the_run_with_its_address_before_any_call_is_made_again(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "FIRST_WAIT_S", 3600.0)
    with pytest.raises(RunError, match=r"no server answers at http://127\.0\.0\.1:9/v1/chat/completions"):
        run("openai:http://127.0.0.1:9/v1#tiny", store=store, **USUAL)


@pytest.mark.parametrize(
    ("path", "told"),
    [("/v1#none", r"HTTP 404: no model none\. .*named as the server"),
     ("#tiny", r"HTTP 404: .*The base URL ends where /chat/completions begins"),
     ("/v1#tiny", r"HTTP 401: bad key\. The key is MULTIRADS_API_KEY")],
)  # fmt: skip
def test_what_is_wrong_with_address_model_or_key_is_one_sentence_and_a_call_or_two(
    serve, store: Path, monkeypatch: pytest.MonkeyPatch, path: str, told: str
) -> None:
    async def strict(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        if request.headers["Authorization"] != "Bearer right":
            return web.json_response({"error": {"message": "bad key"}}, status=401)
        if body["model"] != "tiny":
            return web.json_response({"detail": f"no model {body['model']}"}, status=404)
        return completion(GOOD)

    monkeypatch.setenv("MULTIRADS_API_KEY", "wrong" if "bad key" in told else "right")
    server = serve(strict)
    with pytest.raises(RunError, match=told) as raised:
        run(f"openai:{server.url.removesuffix('/v1')}{path}", store=store, concurrency=2, config="all", progress=False)
    assert "\n" not in str(raised.value)
    assert len(server.bodies) <= 2, "of 1,600 reports"


def test_fields_that_a_server_refuses_to_know_are_left_out_and_noted(serve, store: Path) -> None:
    async def strict(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        for name, message in (
            ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
            ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
        ):
            if name in body:
                return web.json_response({"error": {"message": message, "param": name}}, status=400)
        return completion(GOOD)

    server = serve(strict)
    done = run(server.spec, store=store, **USUAL)
    assert (done.errors, done.answered) == (0, LIMIT)
    assert server.bodies[-1]["max_completion_tokens"] == 1024
    noted = runs(store)[0].engines[-1]["adapted"]
    assert noted == ["max_completion_tokens instead of max_tokens", "temperature left out"]


def test_with_a_fifth_of_the_calls_failing_every_report_is_answered_once_and_scores_are_the_same(
    serve, store: Path, tmp_path: Path
) -> None:
    records, dice = tirads(40), random.Random(3)
    answer_of, answered = right(records), []

    async def flaky(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        if dice.random() < 0.2:
            return await FAULTS[dice.choice(["500", "cut off", "no JSON", "429", "hang"])](request)
        answered.append(body["messages"][-1]["content"])
        return completion(answer_of(body))

    async def faultless(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        return completion(answer_of(body))

    usual: dict[str, Any] = USUAL | {"limit": 40, "timeout_s": 1}
    done = run(serve(flaky).spec, store=store, **usual)
    assert (done.asked, done.errors, done.answered) == (40, 0, 40)
    assert len(answered) == len(set(answered)) == 40
    other = run(serve(faultless).spec, store=tmp_path / "faultless.sqlite", **usual)
    scores = [
        evaluate(path, own.run_id, n_resamples=50)
        for path, own in ((store, done), (tmp_path / "faultless.sqlite", other))
    ]
    assert scores[0]["scores"] == scores[1]["scores"]
    assert scores[0]["states"] == scores[1]["states"]


def test_a_store_that_cannot_be_written_ends_the_run(serve, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RunError("Store: database or disk is full.")

    monkeypatch.setattr(Store, "keep_all", full)
    with pytest.raises(RunError, match="disk is full"):
        run(serve(good).spec, store=store, **USUAL)


def test_another_model_of_the_same_server_never_gets_the_answers_of_the_first(serve, store: Path) -> None:
    async def named(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
        return completion(json.dumps({"category": "TR1" if body["model"] == "one" else "TR2"}))

    server = serve(named)
    done = [run(f"openai:{server.url}#{model}", store=store, **USUAL) for model in ("one", "two")]
    assert [own.asked for own in done] == [LIMIT, LIMIT]
    texts = [{answer.text for answer in answers(store, own.run_id)} for own in done]
    assert texts == [{'{"category": "TR1"}'}, {'{"category": "TR2"}'}]


RUN = "from multirads_hf.running import run; run({spec!r}, store={store!r}, **{options!r})"


def started(server: Served, store: Path, **options: Any) -> subprocess.Popen[str]:
    script = RUN.format(spec=server.spec, store=str(store), options=USUAL | {"limit": 24} | options)
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(server: Served, calls: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while len(server.bodies) < calls and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


async def unhurried(request: web.Request, body: dict[str, Any], before: int) -> web.StreamResponse:
    await asyncio.sleep(0.1)
    return completion(GOOD)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_or_stopped_asks_only_what_it_has_no_answer_to(serve, store: Path, sent: int) -> None:
    server = serve(unhurried)
    process = started(server, store, concurrency=2)
    wait_for(server, 9, process)
    process.send_signal(sent)
    told = process.communicate(timeout=30)[1]
    assert process.returncode != 0
    before = {answer.record_id: answer for answer in answers(store, runs(store)[0].run_id)}
    assert 5 <= len(before) < 24, told
    assert not any(answer.error for answer in before.values())
    resumed = run(server.spec, store=store, **USUAL | {"limit": 24})
    assert (resumed.asked, resumed.reused, resumed.errors) == (24 - len(before), len(before), 0)
    assert len(server.bodies) <= 24 + 2 + 1, "beside those in flight, nothing is asked twice"
    after = {answer.record_id: answer for answer in answers(store, resumed.run_id)}
    assert all(after[name] == answer for name, answer in before.items())


def test_two_processes_on_one_store_lose_and_spoil_nothing(serve, store: Path) -> None:
    server = serve(unhurried)
    both = [started(server, store), started(server, store), started(server, store, condition="stated")]
    told = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0, 0], told
    assert {header.condition: (header.answered, header.errors) for header in runs(store)} == {
        "withheld": (24, 0), "stated": (24, 0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({}, None),
        ({"MULTIRADS_API_KEY": "mine"}, "Bearer mine"),
        ({"OPENAI_API_KEY": "openai's"}, None),
        ({"OPENAI_API_KEY": "openai's", "OPENAI_BASE_URL": "http://127.0.0.1/v1"}, "Bearer openai's"),
    ],
)
def test_a_key_goes_where_it_belongs(serve, store, monkeypatch, environment: dict[str, str], sent: str | None) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    server = serve(good)
    run(server.spec, store=store, **USUAL | {"limit": 1})
    assert server.headers[0].get("Authorization") == sent
    assert "mine" not in repr(open_model(server.spec)) + repr(vars(open_model(server.spec)))


def test_the_router_gets_the_token_of_the_hub(serve, store, monkeypatch) -> None:
    server = serve(good)
    monkeypatch.setattr(router, "URL", server.url)
    monkeypatch.setenv("HF_TOKEN", "hf_mine")
    done = run("router:lab/tiny:groq", store=store, **USUAL | {"limit": 1})
    assert done.model == "router:lab/tiny:groq"
    assert server.headers[0]["Authorization"] == "Bearer hf_mine"
    assert server.bodies[0]["model"] == "lab/tiny:groq"


@pytest.mark.parametrize(
    "name", ["tiny", "http://x/v1", "http://x/v1#", "ftp://x#y", "http://#y", "http://u:p@x/v1#y", "http://x:q/v1#y"]
)
def test_a_spec_that_is_no_url_and_model_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="http://localhost:8000/v1#Qwen/Qwen3-8B"):
        open_model(f"openai:{name}")


@pytest.mark.parametrize(
    "options",
    [{"concurrency": 0}, {"timeout_s": 0}, {"requests_per_minute": -1}, {"attempts": 0}, {"temperature": -1.0},
     {"tokens_per_minute": float("nan")}, {"timeout_s": None}],
)  # fmt: skip
def test_numbers_that_are_not_allowed_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=next(iter(options))):
        open_model("openai:http://x/v1#y", **options)


def test_thinking_is_asked_for_by_the_chat_template(serve, store: Path) -> None:
    server = serve(good)
    run(server.spec, store=store, thinking="off", **USUAL | {"limit": 1})
    assert server.bodies[0]["chat_template_kwargs"] == {"enable_thinking": False, "thinking": False}
    run(server.spec, store=store, **USUAL | {"limit": 1})
    assert "chat_template_kwargs" not in server.bodies[1]
    assert [header.settings.get("thinking") for header in runs(store)] == ["off", None]


def test_cut_answers_are_warned_about_from_one_in_a_hundred(serve, store: Path) -> None:
    async def cut(*_: Any) -> web.StreamResponse:
        return completion('{"cat', "length") if len(server.bodies) <= cuts else completion(GOOD)

    cuts = 1
    server = serve(cut)
    done = run(server.spec, store=store, concurrency=1, **USUAL | {"limit": 40})
    assert done.truncated == 1
    assert "1 of 40 answers (2.5%) were cut" in done.warnings[0]
