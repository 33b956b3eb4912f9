"""One prompt's calls: repeated while the failure may pass, ended by an answer or by an error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

import aiohttp
import stamina

from multirads_hf.errors import RunError
from multirads_hf.running.endpoint.constraining import UnheededSchemaError
from multirads_hf.running.endpoint.pace import LONGEST_WAIT_S, Pace, Patience
from multirads_hf.running.endpoint.reply import CallError, Reply, Tokens, read
from multirads_hf.running.endpoint.request import Request
from multirads_hf.running.models import Completion, Prompt

FIRST_WAIT_S, LONGEST_BACKOFF_S, JITTER_S = 0.5, 30.0, 1.0
# Statuses that tell of the account or the address, not of the prompt; "payment required" at any time,
# the others where nothing has been answered yet: some servers refuse single prompts with them.
ACCOUNT = (301, 302, 303, 307, 308, 401, 403, 404, 405)
PAYMENT_REQUIRED = 402
KEY = ". The key is MULTIRADS_API_KEY, for OpenAI OPENAI_API_KEY, for the router that of `hf auth login`."
ADDRESS = ". The base URL ends where /chat/completions begins, and the model is named as the server names it."
HINTS = {401: KEY, 403: KEY, 404: ADDRESS, 405: ADDRESS}
FREE = "Allowed: a server with structured outputs, or --no-constrained (constrained=False)."


class Call:
    """Asks a server about prompts. One object serves all calls of a run."""

    def __init__(
        self, session: aiohttp.ClientSession, request: Request, pace: Pace, name: str,
        served: MutableMapping[str, None],
    ) -> None:  # fmt: skip
        self.session = session
        self.request = request
        self.pace = pace
        self.name = name
        self.served = served
        self.answered = False
        self._trial = asyncio.Lock()

    async def answer(self, prompt: Prompt) -> Completion:
        """Return the answer to a prompt, or its failure.

        Raises:
            RunError: no call can succeed: a wrong address, model or key, an account without money, or a
                server that takes no schema.
        """
        patience, lost, start = Patience(self.request.options.attempts), Tokens(), perf_counter()
        try:
            reply, attempts, start = await self._insist(prompt, patience, lost)
        except UnheededSchemaError as error:
            raise RunError(f"{self.name}: no way to send a schema holds its answers to it: {error}. {FREE}") from error
        except CallError as error:
            self._stop_where_hopeless(error)
            latency, attempts = perf_counter() - start, patience.failures + patience.put_off
            return Completion(
                prompt.record_id, latency_s=latency, error=str(error), attempts=attempts,
                lost_prompt_tokens=lost.prompt, lost_completion_tokens=lost.completion,
            )  # fmt: skip
        self.answered = True
        self.served[reply.served] = None
        return Completion(
            prompt.record_id, reply.text, reply.finish_reason, reply.prompt_tokens, reply.completion_tokens,
            perf_counter() - start, attempts=attempts, reasoning=reply.reasoning, lost_prompt_tokens=lost.prompt,
            lost_completion_tokens=lost.completion,
        )  # fmt: skip

    async def _insist(self, prompt: Prompt, patience: Patience, lost: Tokens) -> tuple[Reply, int, float]:
        """Return the reply, the calls that it took, and when the last of them started."""
        tokens = prompt.estimated_tokens + self.request.options.max_new_tokens
        try:  # most calls succeed at once, and need none of the machinery below
            await self.pace.turn(tokens)
            start = perf_counter()
            return await self._reply(prompt, lost), 1, start
        except CallError as error:
            first = error
        if first.unreachable and not self.answered:  # nobody is there
            raise first
        async for attempt in stamina.retry_context(
            patience,
            attempts=None,
            timeout=None,
            wait_initial=FIRST_WAIT_S,
            wait_max=LONGEST_BACKOFF_S,
            wait_jitter=JITTER_S,
        ):
            with attempt:
                if attempt.num == 1:
                    raise first
                await self.pace.turn(tokens)
                start = perf_counter()
                return await self._reply(prompt, lost), attempt.num, start
        raise first

    async def _reply(self, prompt: Prompt, lost: Tokens) -> Reply:
        """Make one call; more at once where the server refuses a field of it that can be changed."""
        while True:
            async with self._turn():
                reply = await self._tried(prompt, lost)
            if reply is not None:
                return reply

    async def _tried(self, prompt: Prompt, lost: Tokens) -> Reply | None:
        """Make one call; None where another body may do better."""
        body, constraint = self.request.body(prompt), self.request.constraint
        try:
            reply = await self._posted(body)
        except CallError as error:
            lost.add(error.tokens)
            if error.wait is not None and error.wait <= LONGEST_WAIT_S:
                self.pace.pause(error.wait)
            if error.status in (400, 422) and self.request.adapt(body, str(error)):
                return None
            if constraint and constraint.refused(error):
                return None
            raise
        if constraint and constraint.ignored(prompt, reply):
            lost.add(reply.tokens)
            return None
        return reply

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Hold a call back while another one finds out how the server takes a schema."""
        if self.request.on_trial:
            async with self._trial:
                if self.request.on_trial:
                    yield
                    return
        yield

    async def _posted(self, body: dict[str, Any]) -> Reply:
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        try:
            async with self.session.post(
                self.request.url, data=content, headers=headers, allow_redirects=False
            ) as response:
                return read(response.status, response.headers, await response.read())
        except TimeoutError as error:
            raise CallError(f"no reply within {self.request.options.timeout_s:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            absent = isinstance(error, aiohttp.ClientConnectorError)
            raise CallError(f"{type(error).__name__}: {error}", unreachable=absent) from error

    def _stop_where_hopeless(self, error: CallError) -> None:
        if error.unreachable and not self.answered:
            raise RunError(f"{self.name}: no server answers at {self.request.url}: {error}") from error
        if error.status == PAYMENT_REQUIRED or (error.status in ACCOUNT and not self.answered):
            hint = HINTS.get(error.status, "")
            raise RunError(f"{self.name}: {self.request.url}: {error}{hint}") from error
