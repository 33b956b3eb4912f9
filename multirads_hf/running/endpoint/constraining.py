"""How a server is told the JSON Schema of an answer: the spellings that servers know, tried one after the other.

=============================================  =====================================================
spelling                                       who takes it
=============================================  =====================================================
``response_format: json_schema``               OpenAI, vLLM, SGLang, llama.cpp, Ollama, LM Studio
the same, every property required              Azure OpenAI and others that want OpenAI's strict form
``structured_outputs: {"json": ...}``          vLLM from 0.11
``guided_json``                                vLLM before 0.12
``response_format: json_object, schema``       llama-cpp-python, older llama.cpp, Together
``response_format: json, value``               Text Generation Inference
=============================================  =====================================================

A server that refuses a spelling says so; one that does not know it may ignore it and say nothing. So a
spelling is on trial until an answer under it has the form of the schema, and until then one call is
made at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from multirads_hf import rads
from multirads_hf.errors import shown
from multirads_hf.running.endpoint.reply import CallError, Reply
from multirads_hf.running.models import Prompt
from multirads_hf.scoring.thinking import without_thinking

Schema = dict[str, Any]


class UnheededSchemaError(Exception):
    """A server takes no spelling of a schema; the text says what it made of each."""


# Statuses with which servers refuse a field; llama.cpp and others did so with "internal error".
REFUSALS = (400, 422, 500, 501)
# Keywords of JSON Schema that some grammars leave out.
BOUNDS = ("minimum", "maximum")
_NAMED = re.compile(r"response_?format|schema|json_object|structured|guided|grammar", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to send a schema.

    Attributes:
        name: by which runs note it.
        fields: name of the answer and its schema -> fields of the body.
        strict: whether every property is required; null stands for what is absent.
    """

    name: str
    fields: Callable[[str, Schema], dict[str, Any]]
    strict: bool = False


def _openai(name: str, schema: Schema) -> dict[str, Any]:
    form = {"name": name, "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


STRICT = Spelling("response_format json_schema, all required", _openai, strict=True)
SPELLINGS = (
    Spelling("response_format json_schema", _openai),
    STRICT,
    Spelling("structured_outputs json", lambda _, schema: {"structured_outputs": {"json": schema}}),
    Spelling("guided_json", lambda _, schema: {"guided_json": schema}),
    Spelling(
        "response_format json_object with schema",
        lambda _, schema: {"response_format": {"type": "json_object", "schema": schema}},
    ),
    Spelling(
        "response_format json with value", lambda _, schema: {"response_format": {"type": "json", "value": schema}}
    ),
)


class Constraint:
    """The spelling that a server is sent, and what became of those before it.

    Attributes:
        spelling: the one in use.
        on_trial: whether no answer has yet shown that the server heeds it.
        passed_over: spelling -> why it is not in use.
    """

    def __init__(self, *, official: bool) -> None:
        self._next = iter((STRICT,) if official else SPELLINGS)
        self.spelling = next(self._next)
        self.on_trial = True
        self.passed_over: dict[str, str] = {}

    @property
    def told(self) -> str:
        """One sentence on what is in use instead of what, empty where the first spelling is."""
        if self.on_trial or not self.passed_over:
            return ""
        return f"The schema of answers was sent as {self.spelling.name}; what the server did not take: {self._why()}."

    def fields(self, prompt: Prompt) -> dict[str, Any]:
        """Return the fields of a body that hold the answer to its schema.

        Raises:
            UnheededSchemaError: no spelling is left.
        """
        if self.spelling.name in self.passed_over:
            raise UnheededSchemaError(self._why())
        schema = answer_schema(prompt.document, prompt.task, self.spelling.strict)
        return self.spelling.fields(f"{prompt.document}_{prompt.task}", schema)

    def refused(self, error: CallError) -> bool:
        """Return whether a call failed for a spelling on trial alone; then the next one is in use."""
        refused = self.on_trial and error.status in REFUSALS and _NAMED.search(str(error)) is not None
        if refused:
            self._pass_over(str(error))
        return refused

    def ignored(self, prompt: Prompt, reply: Reply) -> bool:
        """Return whether an answer shows that a spelling on trial is not heeded; then the next one is in use."""
        if not self.on_trial or reply.finish_reason == "content_filter":
            return False
        body = without_thinking(reply.text)[0].strip()
        cut = reply.finish_reason == "length"
        if cut and not body:  # it has not begun
            return False
        if body.startswith("{") if cut else has_form(body, prompt.document, prompt.task):
            self.on_trial = False
            return False
        self._pass_over(f"answered {shown(' '.join(body.split()))}")
        return True

    def _pass_over(self, why: str) -> None:
        self.passed_over[self.spelling.name] = why
        self.spelling = next(self._next, self.spelling)

    def _why(self) -> str:
        return "; ".join(f"{name} ({why})" for name, why in self.passed_over.items())


def has_form(text: str, key: str, task: str) -> bool:
    """Return whether an answer is JSON of the names, types and words of its schema, whatever its numbers.

    Grammars hold an answer to these; not every one knows the least and the largest number.
    """
    try:
        answer = json.loads(text)
    except ValueError:
        return False
    return bool(_form_of(key, task).is_valid(answer))


@cache
def _form_of(key: str, task: str) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 (slow to import)

    return Draft202012Validator(_unbounded(answer_schema(key, task)))


def _unbounded(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_unbounded(own) for own in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _unbounded(own) for name, own in schema.items() if name not in BOUNDS}


@cache
def answer_schema(key: str, task: str, strict: bool = False) -> Schema:
    """Return the JSON Schema of an answer.

    Args:
        key: of the document.
        task: ``extraction`` or ``category``.
        strict: every property required, as OpenAI's strict mode wants it; null stands for what is absent.
    """
    schema = rads.get(key).json_schema(task)  # type: ignore[arg-type]
    schema.pop("$schema")  # of no use to a grammar, and some servers refuse it
    whole: Schema = json.loads(json.dumps(schema))
    return _all_required(whole) if strict else whole


def _all_required(schema: Schema) -> Schema:
    if "properties" in schema:
        properties = {name: _all_required(own) for name, own in schema["properties"].items()}
        return {**schema, "properties": properties, "required": list(properties)}
    return {**schema, "items": _all_required(schema["items"])} if isinstance(schema.get("items"), dict) else schema
