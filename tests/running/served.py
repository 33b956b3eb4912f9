"""A real OpenAI-compatible server on the loopback, in a thread of its own, that does what a script says."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from multirads_hf import corpus

Body = dict[str, Any]


def completion(text: str | None, reason: str | None = "stop", **message: Any) -> web.Response:
    """Reply as such servers do."""
    said = {"role": "assistant", "content": text, **message}
    return web.json_response(
        {
            "id": "chatcmpl-1", "object": "chat.completion", "model": "tiny", "system_fingerprint": "fp_1",
            "choices": [{"index": 0, "message": said, "finish_reason": reason}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        }
    )  # fmt: skip


@dataclass
class Served:
    """A server. ``script`` gets each request and how often this very report was asked before.

    Attributes:
        asked: user message -> calls.
        bodies: every request, in order.
        times: when each came, by the monotonic clock.
        most: the most calls at once.
    """

    script: Callable[[web.Request, Body, int], Awaitable[web.StreamResponse]]
    asked: Counter[str] = field(default_factory=Counter)
    bodies: list[Body] = field(default_factory=list)
    headers: list[Any] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    most: int = 0
    port: int = 0
    _now: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def spec(self) -> str:
        return f"openai:{self.url}#tiny"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(ready),), daemon=True)
        self._thread.start()
        assert ready.wait(20)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(20)

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        ready.set()
        await self._ended.wait()
        await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        user = body["messages"][-1]["content"]
        before = self.asked[user]
        self.asked[user] += 1
        self.bodies.append(body)
        self.headers.append(request.headers)
        self.times.append(time.monotonic())
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            return await self.script(request, body, before)
        finally:
            self._now -= 1


def right(records: list[dict[str, Any]]) -> Callable[[Body], str]:
    """Return what finds the right answer to a request about one of the records."""
    by_report = {record["report"].strip(): record["extraction"] for record in records}
    return lambda body: str(by_report[body["messages"][-1]["content"].removeprefix("Report:\n").strip()])


def tirads(number: int) -> list[dict[str, Any]]:
    """The first test reports of TI-RADS."""
    return list(corpus.records("tirads", "test", 0, number))
