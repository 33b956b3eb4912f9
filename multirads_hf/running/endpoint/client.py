"""A model behind an OpenAI-compatible server: many calls at once, each repeated until it has an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.request import getproxies

import aiohttp

from multirads_hf._version import __version__
from multirads_hf.errors import RunError
from multirads_hf.running.endpoint.call import Call
from multirads_hf.running.endpoint.pace import Pace
from multirads_hf.running.endpoint.request import Request
from multirads_hf.running.models import Completion, Options, Prompt

# stamina notes every repeated call as a warning, which Python prints where nobody configured logging.
logging.getLogger("stamina").addHandler(logging.NullHandler())

# Calls that may fail one after the other, none succeeding, before the run stops: at least so many.
FAILURES_IN_A_ROW = 20
CONNECT_S = 30.0
# Tokens of the longest prompt, for the limit of tokens a minute: a longer one counts as this long.
LARGEST_PROMPT = 8000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is served.

    Attributes:
        name: the spec by which results name it.
        url: up to ``/v1``, without a slash at the end.
        model: the server's name for it.
        key: sent as bearer token; None for none.
    """

    name: str
    url: str
    model: str
    key: str | None = field(default=None, repr=False)


class ChatModel:
    """See `multirads_hf.running.models.Model`.

    What the server says about itself is no part of a run's identity, since it is known only
    afterwards: `engine` lists it. Name the model by a version to be sure what answers.
    """

    revision = "as served"

    def __init__(self, endpoint: Endpoint, options: Options) -> None:
        self.endpoint = endpoint
        self.options = options
        self.request = Request(endpoint.url, endpoint.model, options)
        self.served: dict[str, None] = {}

    @property
    def name(self) -> str:
        """The spec."""
        return self.endpoint.name

    @property
    def concurrency(self) -> int:
        """Calls at once."""
        return self.options.concurrency

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """What is asked of the server's decoding."""
        own = self.options
        settings: dict[str, Any] = {"temperature": own.temperature, "max_new_tokens": own.max_new_tokens}
        settings |= {"thinking": own.thinking} if own.thinking != "auto" else {}
        return settings | ({"constrained": True} if own.constrained else {})

    @property
    def engine(self) -> Mapping[str, Any]:
        """The client, what the server says it serves, and what it refused to be asked."""
        known: dict[str, Any] = {"multirads-hf": __version__, "aiohttp": aiohttp.__version__}
        known |= {"served": list(self.served)} if self.served else {}
        if (constraint := self.request.constraint) is not None and not constraint.on_trial:
            known["schema_as"] = constraint.spelling.name
        return known | ({"adapted": sorted(self.request.adapted)} if self.request.adapted else {})

    @property
    def notes(self) -> Sequence[str]:
        """What a reader of the results must know of the server, one sentence each."""
        constraint = self.request.constraint
        return [constraint.told] if constraint is not None and constraint.told else []

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        """Yield completions as they come, ``concurrency`` calls at once.

        Raises:
            RunError: the server cannot be reached, refuses every call, or stops answering.
        """
        failed, most = 0, max(FAILURES_IN_A_ROW, 2 * self.options.concurrency)
        async with self._session() as session, aclosing(self._answers(session, iter(prompts))) as answers:
            async for completion in answers:
                yield completion
                failed = failed + 1 if completion.error else 0
                if failed > most:
                    raise RunError(f"{self.name}: {failed} calls failed one after the other: {completion.error}")

    async def _answers(
        self, session: aiohttp.ClientSession, prompts: Iterator[Prompt]
    ) -> AsyncGenerator[Completion, None]:
        ready: asyncio.Queue[Completion | None] = asyncio.Queue()
        pace = Pace(self.options, self.options.max_new_tokens + LARGEST_PROMPT)
        call = Call(session, self.request, pace, self.name, self.served)

        async def work() -> None:
            for prompt in prompts:  # each worker takes the next one
                ready.put_nowait(await call.answer(prompt))

        workers = [asyncio.create_task(work()) for _ in range(self.options.concurrency)]
        ended = asyncio.gather(*workers)
        ended.add_done_callback(lambda _: ready.put_nowait(None))
        try:
            while (completion := await ready.get()) is not None:
                yield completion
            await ended
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(ended, *workers, return_exceptions=True)

    def _session(self) -> aiohttp.ClientSession:
        headers = {"User-Agent": f"multirads-hf/{__version__}"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        return aiohttp.ClientSession(
            headers=headers,
            connector=aiohttp.TCPConnector(limit=self.options.concurrency),
            trust_env=bool(getproxies()),
            timeout=aiohttp.ClientTimeout(total=self.options.timeout_s, sock_connect=CONNECT_S),
        )
