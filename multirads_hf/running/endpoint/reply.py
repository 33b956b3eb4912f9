"""What a server replied: an answer, or why there is none and whether to ask again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from multirads_hf.errors import shown

# Statuses after which the same call may succeed: time-outs, conflicts, "too early", "too many".
PASSING = (408, 409, 423, 425, 429)
# "Slow down": the server is well, the client is too quick.
BUSY = (429, 503)
PROBLEM_CHARS = 300
# Other servers' words for why a model stopped -> the protocol's.
REASONS = {
    "eos_token": "stop", "stop_sequence": "stop", "end_turn": "stop", "max_tokens": "length",
    "max_output_tokens": "length",
}  # fmt: skip


@dataclass(slots=True)
class Tokens:
    """Tokens of prompts and of answers that a server counted."""

    prompt: int = 0
    completion: int = 0

    def add(self, other: Tokens) -> None:
        """Count what another call took."""
        self.prompt += other.prompt
        self.completion += other.completion


class CallError(Exception):
    """A call without an answer.

    Attributes:
        status: of HTTP, 0 where there was no reply.
        passing: whether the same call may succeed later.
        wait: seconds that the server asks to wait, None where it names none.
        unreachable: whether there was no server at all.
        tokens: what the server counted all the same.
    """

    def __init__(
        self, problem: str, status: int = 0, *, passing: bool = True, wait: float | None = None,
        unreachable: bool = False, tokens: Tokens | None = None,
    ) -> None:  # fmt: skip
        super().__init__(problem)
        self.status = status
        self.passing = passing
        self.wait = wait
        self.unreachable = unreachable
        self.tokens = tokens or Tokens()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and what came with it. See `multirads_hf.running.models.Completion`."""

    text: str
    finish_reason: str | None
    reasoning: str | None
    prompt_tokens: int | None
    completion_tokens: int | None
    served: str

    @property
    def tokens(self) -> Tokens:
        """Tokens of prompt and answer, as far as they were counted."""
        return Tokens(self.prompt_tokens or 0, self.completion_tokens or 0)


def read(status: int, headers: Mapping[str, str], content: bytes) -> Reply:
    """Return the answer in a reply.

    Raises:
        CallError: there is none.
    """
    if status != 200:
        raise _refusal(status, headers, content)
    try:
        body = json.loads(content)
    except ValueError as error:
        raise CallError(f"the reply is no JSON: {shown(content[:80])}", status) from error
    if isinstance(body, dict) and body.get("error"):  # routers report a provider's failure so
        raise CallError(f"the reply is an error: {_problem(content)}", status, tokens=_tokens(body))
    try:
        return _reply(body)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        problem = f"the reply holds no answer: {shown(content[:80])}"
        raise CallError(problem, status, tokens=_tokens(body)) from error


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait: a number or a date of HTTP, None for neither."""
    if (milliseconds := _number(headers.get("retry-after-ms", ""))) is not None:
        return milliseconds / 1000
    given = headers.get("Retry-After", "")
    if (seconds := _number(given)) is not None:
        return seconds
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _reply(body: Any) -> Reply:
    choice = body["choices"][0]
    message = choice["message"]
    text, reason = _text(message.get("content")), choice.get("finish_reason")
    if not text and message.get("refusal"):
        text, reason = str(message["refusal"]), "content_filter"
    return Reply(
        text=text,
        finish_reason=REASONS.get(reason, reason),
        reasoning=message.get("reasoning_content") or message.get("reasoning") or None,
        prompt_tokens=_count(body, "prompt_tokens"),
        completion_tokens=_count(body, "completion_tokens"),
        served=" ".join(filter(None, [str(body.get("model") or ""), body.get("system_fingerprint")])),
    )


def _tokens(body: Any) -> Tokens:
    return Tokens(_count(body, "prompt_tokens") or 0, _count(body, "completion_tokens") or 0)


def _count(body: Any, name: str) -> int | None:
    """Return a number of the usage that came with a reply; None where there is none."""
    usage = body.get("usage") if isinstance(body, dict) else None
    number = usage.get(name) if isinstance(usage, dict) else None
    return number if isinstance(number, int) and number >= 0 else None


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content)
    if content is not None and not isinstance(content, str):
        raise TypeError(content)
    return content or ""


def _refusal(status: int, headers: Mapping[str, str], content: bytes) -> CallError:
    passing = status in PASSING or status >= 500
    wait = retry_after(headers) if passing else None
    problem = f"HTTP {status}: {_problem(content)}"
    return CallError(problem, status, passing=passing, wait=wait, tokens=_tokens(_body(content)))


def _body(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")


def _problem(content: bytes) -> str:
    """Return the message of an error body, of whichever shape."""
    body = _body(content)
    for name in ("error", "message", "detail"):
        body = body.get(name, body) if isinstance(body, dict) else body
    return " ".join(str(body).split())[:PROBLEM_CHARS] or "no reason given"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
