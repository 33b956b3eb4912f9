"""A schema reaches a server in a spelling that it heeds, or the run says that there is none; never in silence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import CliRunner
from served import completion

from multirads_hf import rads
from multirads_hf.cli import main
from multirads_hf.errors import RunError
from multirads_hf.running import answers, run, runs
from multirads_hf.running.endpoint.constraining import SPELLINGS, answer_schema, has_form

pytestmark = pytest.mark.usefixtures("impatient")
LIMIT = 12
USUAL: dict[str, Any] = {
    "config": "tirads", "task": "category", "limit": LIMIT, "progress": False, "constrained": True, "concurrency": 6,
}  # fmt: skip
GOOD, FREE = '{"category": "TR4"}', "The nodule is TR4."
Body = dict[str, Any]


def refusal(message: Any, status: int = 400) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status)


def vllm_old(body: Body) -> web.Response:
    """vLLM before 0.6: it knows ``guided_json`` and forbids all other fields."""
    if "response_format" in body and body["response_format"]["type"] != "json_object":
        return refusal(
            "[{'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or 'json_object'\"}]"
        )
    if "structured_outputs" in body:
        return refusal("[{'type': 'extra_forbidden', 'loc': ('body', 'structured_outputs'), 'msg': 'Extra inputs'}]")
    return completion(GOOD if "guided_json" in body else FREE)


def vllm_between(body: Body) -> web.Response:
    """A vLLM that refuses the type and ignores fields that it does not know."""
    if "response_format" in body:
        return refusal("response_format type is not supported")
    return completion(GOOD if "guided_json" in body else FREE)


def vllm_new(body: Body) -> web.Response:
    if "response_format" in body:
        return refusal("json_schema is not supported for this model", 501)
    return completion(GOOD if "structured_outputs" in body else FREE)


def azure(body: Body) -> web.Response:
    """OpenAI's strict form, which other hosts want too."""
    schema = body["response_format"]["json_schema"]["schema"]
    for part in (schema, schema["properties"].get("lesions", {}).get("items", {"properties": {}, "required": []})):
        if list(part["properties"]) != part["required"]:
            return refusal("Invalid schema for response_format: 'required' is required to include every key", 400)
    return completion(GOOD)


def llama_old(body: Body) -> web.Response:
    """llama.cpp refused by an internal error."""
    form = body.get("response_format", {})
    if form.get("type") not in ("text", "json_object", None):
        message = f"response_format type must be one of text or json_object, but got: {form['type']}"
        return web.json_response({"error": {"code": 500, "message": message}}, status=500)
    return completion(GOOD if "schema" in form else FREE)


def tgi(body: Body) -> web.Response:
    form = body.get("response_format", {})
    if form and (form["type"] not in ("json", "json_object", "regex") or "value" not in form):
        text = "Failed to deserialize the JSON body: response_format: unknown variant `json_schema`, expected `json`"
        return web.Response(status=422, text=text)
    return completion(GOOD if form else FREE)


SERVERS = {
    "structured_outputs json": vllm_new, "guided_json": vllm_old,
    "response_format json_schema": lambda _: completion(GOOD),
    "response_format json_object with schema": llama_old, "response_format json with value": tgi,
}  # fmt: skip


def script(answer: Callable[[Body], web.Response]) -> Any:
    async def called(request: web.Request, body: Body, before: int) -> web.Response:
        return answer(body)

    return called


@pytest.mark.parametrize("spelling", list(SERVERS))
def test_a_server_gets_the_schema_in_the_spelling_that_it_knows(serve, tmp_path: Path, spelling: str) -> None:
    server = serve(script(SERVERS[spelling]))
    done = run(server.spec, store=tmp_path / "s.sqlite", **USUAL)
    assert (done.answered, done.errors, done.broken) == (LIMIT, 0, 0)
    assert {own.text for own in answers(tmp_path / "s.sqlite", done.run_id)} == {GOOD}
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == spelling
    place = [own.name for own in SPELLINGS].index(spelling)
    assert len(server.bodies) == LIMIT + place, "each spelling is tried once, not by every call under way"
    told = [line for line in done.warnings if "was sent as" in line]
    assert len(told) == (place > 0)
    assert all(f"sent as {spelling};" in line and SPELLINGS[0].name in line for line in told)


def test_a_spelling_that_is_taken_and_ignored_is_found_out_and_what_it_took_is_counted(serve, tmp_path: Path) -> None:
    server = serve(script(vllm_between))
    done = run(server.spec, store=tmp_path / "s.sqlite", **USUAL)
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == "guided_json"
    assert (done.answered, done.broken, len(server.bodies)) == (LIMIT, 0, LIMIT + 3)
    assert "structured_outputs json (answered 'The nodule is TR4.')" in done.warnings[0]
    assert (done.prompt_tokens, done.completion_tokens) == ((LIMIT + 1) * 100, (LIMIT + 1) * 10)


def test_a_server_that_wants_every_property_gets_it(serve, tmp_path: Path) -> None:
    server = serve(script(azure))
    done = run(server.spec, store=tmp_path / "s.sqlite", **USUAL | {"task": "extraction", "limit": 3})
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == "response_format json_schema, all required"
    assert done.errors == 0


@pytest.mark.parametrize("refuses", [False, True], ids=["ignores every spelling", "refuses every spelling"])
def test_where_no_spelling_is_heeded_the_run_ends_at_once_and_names_the_way_out(serve, tmp_path, refuses) -> None:
    def answer(body: Body) -> web.Response:
        held = body.keys() & {"response_format", "structured_outputs", "guided_json"}
        return refusal(f"Unexpected fields in the request: {held}", 422) if refuses and held else completion(FREE)

    server = serve(script(answer))
    with pytest.raises(RunError, match=r"no way to send a schema.*--no-constrained") as told:
        run(server.spec, store=tmp_path / "s.sqlite", **USUAL)
    assert all(own.name in str(told.value) for own in SPELLINGS)
    assert len(server.bodies) == len(SPELLINGS), "one call a spelling"
    assert runs(tmp_path / "s.sqlite")[0].answered == 0
    said = CliRunner().invoke(
        main, ["run", server.spec, "--config", "tirads", "--limit", "3", "--constrained", "-q", "--store",
               str(tmp_path / "s.sqlite")],
    )  # fmt: skip
    assert (said.exit_code, said.stderr.count("\n")) == (2, 1)
    free = run(server.spec, store=tmp_path / "s.sqlite", **USUAL | {"constrained": False})
    assert (free.answered, free.errors) == (LIMIT, 0)


def test_a_schema_that_is_refused_after_others_were_heeded_is_the_errors_of_its_reports(serve, tmp_path: Path) -> None:
    def answer(body: Body) -> web.Response:
        if len(server.bodies) > 3:
            return refusal("grammar is too complex")
        return completion(GOOD)

    server = serve(script(answer))
    done = run(server.spec, store=tmp_path / "s.sqlite", **USUAL | {"concurrency": 1})
    assert (done.errors, len(server.bodies)) == (LIMIT - 3, LIMIT)
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == SPELLINGS[0].name


@pytest.mark.parametrize("problem", ["maximum context length is 4096 tokens", "bad request"])
def test_what_is_refused_for_another_reason_changes_no_spelling(serve, tmp_path: Path, problem: str) -> None:
    server = serve(script(lambda body: refusal(problem) if len(server.bodies) == 1 else completion(GOOD)))
    done = run(server.spec, store=tmp_path / "s.sqlite", **USUAL | {"concurrency": 1})
    assert (done.errors, len(server.bodies)) == (1, LIMIT)
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == SPELLINGS[0].name


def test_an_answer_that_was_cut_shows_no_more_than_its_beginning(serve, tmp_path: Path) -> None:
    texts = iter([("<think>the nodule", "length"), ('{"category": "T', "length")])
    server = serve(script(lambda body: completion(*next(texts, (GOOD, "stop")))))
    done = run(server.spec, store=tmp_path / "s.sqlite", **USUAL | {"concurrency": 1})
    assert (done.truncated, done.broken, done.errors) == (2, 0, 0)
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == SPELLINGS[0].name


def test_an_answer_that_was_cut_where_it_began_otherwise_shows_that_no_schema_holds_it(serve, tmp_path: Path) -> None:
    server = serve(script(lambda body: completion("The nod" if "response_format" in body else GOOD, "length")))
    run(server.spec, store=tmp_path / "s.sqlite", **USUAL)
    assert runs(tmp_path / "s.sqlite")[0].engines[-1]["schema_as"] == "structured_outputs json"


@pytest.mark.parametrize(
    ("answer", "formed"),
    [({"category": "TR5", "lesions": [{"size_mm": 900}]}, True), ({"category": "TR6"}, False), ({}, False),
     ({"category": "TR5", "lesions": [{"colour": "red"}]}, False), ({"category": "TR5", "lesions": "one"}, False)],
)  # fmt: skip
def test_the_form_of_an_answer_is_its_names_types_and_words(answer: Body, formed: bool) -> None:
    assert has_form(json.dumps(answer), "tirads", "extraction") is formed


@pytest.mark.parametrize("key", rads.keys())
def test_schemas_use_what_grammars_know(key: str) -> None:
    known = {
        "type",
        "properties",
        "required",
        "enum",
        "items",
        "additionalProperties",
        "description",
        "minimum",
        "maximum",
    }

    def used(schema: Any) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        inner = [*schema.get("properties", {}).values(), schema.get("items")]
        return set(schema).union(*map(used, inner))

    assert used(answer_schema(key, "extraction")) <= known
