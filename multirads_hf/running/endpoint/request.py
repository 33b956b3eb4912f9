"""What is sent to a server: the body of one chat-completions call."""

from __future__ import annotations

import re
from typing import Any

from yarl import URL

from multirads_hf.running.endpoint.constraining import Constraint
from multirads_hf.running.models import Options, Prompt

# Servers of the protocol's author: they know no chat_template_kwargs, and want schemas in strict form.
OPENAI_HOSTS = ("api.openai.com",)
_UNKNOWN = re.compile(r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|not permitted", re.IGNORECASE)


class Request:
    """Writes bodies, and leaves out what the server has refused to know.

    Attributes:
        url: where calls go.
        adapted: what was left out or renamed so, for the record.
        constraint: how the schema of an answer is sent; None where answers are free.
    """

    def __init__(self, base_url: str, model: str, options: Options) -> None:
        self.url = URL(f"{base_url}/chat/completions")
        self.options = options
        self.adapted: set[str] = set()
        self._official = self.url.host in OPENAI_HOSTS
        self.constraint = Constraint(official=self._official) if options.constrained else None
        self._fields: dict[str, Any] = {
            "model": model, "temperature": options.temperature, "max_tokens": options.max_new_tokens,
            **self._thinking(),
        }  # fmt: skip

    @property
    def on_trial(self) -> bool:
        """Whether a spelling of the schema has yet to prove itself."""
        return self.constraint is not None and self.constraint.on_trial

    def body(self, prompt: Prompt) -> dict[str, Any]:
        """Return the body of the call for one prompt."""
        body = {**self._fields, "messages": [dict(message) for message in prompt.messages]}
        return body if self.constraint is None else body | self.constraint.fields(prompt)

    def adapt(self, body: dict[str, Any], problem: str) -> bool:
        """Leave out or rename a field of ``body`` that the server refuses to know; return whether that helps.

        A temperature that a model does not let be set, and the older name of the token limit.
        """
        if not _UNKNOWN.search(problem):
            return False
        if "max_tokens" in body and "max_completion_tokens" in problem:
            self._fields.pop("max_tokens", None)
            self._fields["max_completion_tokens"] = self.options.max_new_tokens
            self.adapted.add("max_completion_tokens instead of max_tokens")
            return True
        if "temperature" in body and "temperature" in problem:
            self._fields.pop("temperature", None)
            self.adapted.add("temperature left out")
            return True
        return False

    def _thinking(self) -> dict[str, Any]:
        if self.options.thinking == "auto":
            return {}
        on = self.options.thinking == "on"
        if self._official:
            return {"reasoning_effort": "medium" if on else "none"}
        # The two names that chat templates give it (Qwen and others; DeepSeek).
        return {"chat_template_kwargs": {"enable_thinking": on, "thinking": on}}
