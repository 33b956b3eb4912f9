"""One prompt's calls: repeated while the failure may pass, ended by an answer or by an error."""

from __future__ import annotations

import json
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

import aiohttp
import stamina

from multirads_hf.errors import RunError
from multirads_hf.running.endpoint.pace import LONGEST_WAIT_S, Pace, Patience
from multirads_hf.running.endpoint.reply import CallError, Reply, read
from multirads_hf.running.endpoint.request import Request
from multirads_hf.running.models import Completion, Prompt

FIRST_WAIT_S, LONGEST_BACKOFF_S, JITTER_S = 0.5, 30.0, 1.0
# Statuses that tell of the account or the address, not of the prompt; "payment required" at any time,
# the others where nothing has been answered yet: some servers refuse single prompts with them.
ACCOUNT = (301, 302, 303, 307, 308, 401, 403, 404, 405)
PAYMENT_REQUIRED = 402


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

    async def answer(self, prompt: Prompt) -> Completion:
        """Return the answer to a prompt, or its failure.

        Raises:
            RunError: no call can succeed: a wrong address, model or key, or an account without money.
        """
        patience, start = Patience(self.request.options.attempts), perf_counter()
        try:
            reply, attempts, start = await self._insist(prompt, patience)
        except CallError as error:
            self._stop_where_hopeless(error)
            latency, attempts = perf_counter() - start, patience.failures + patience.put_off
            return Completion(prompt.record_id, latency_s=latency, error=str(error), attempts=attempts)
        self.answered = True
        self.served[reply.served] = None
        return Completion(
            prompt.record_id, reply.text, reply.finish_reason, reply.prompt_tokens, reply.completion_tokens,
            perf_counter() - start, attempts=attempts, reasoning=reply.reasoning,
        )  # fmt: skip

    async def _insist(self, prompt: Prompt, patience: Patience) -> tuple[Reply, int, float]:
        """Return the reply, the calls that it took, and when the last of them started."""
        tokens = prompt.estimated_tokens + self.request.options.max_new_tokens
        try:  # most calls succeed at once, and need none of the machinery below
            await self.pace.turn(tokens)
            start = perf_counter()
            return await self._reply(prompt), 1, start
        except CallError as error:
            first = error
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
                return await self._reply(prompt), attempt.num, start
        raise first

    async def _reply(self, prompt: Prompt) -> Reply:
        """Make one call; one more at once where the server refuses a field of it that can be left out."""
        while True:
            body = self.request.body(prompt)
            try:
                return await self._posted(body)
            except CallError as error:
                if error.wait is not None and error.wait <= LONGEST_WAIT_S:
                    self.pace.pause(error.wait)
                if error.status not in (400, 422) or not self.request.adapt(body, str(error)):
                    raise

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
        hopeless = (error.unreachable or error.status in ACCOUNT) and not self.answered
        if hopeless or error.status == PAYMENT_REQUIRED:
            raise RunError(f"{self.name}: {self.request.url}: {error}") from error
