"""A real browser, driven by its own protocol: opens a page and runs expressions in it."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0",
]  # fmt: skip
READY = "document.readyState === 'complete' && location.protocol === 'file:'"
NUMBERS = count(1)
START_S, ANSWER_S = 60, 30


def ask(page: Path, profile: Path, *expressions: str) -> list[Any]:
    """Return what JavaScript expressions give, one after the other, in a page that a browser opened."""
    command = [str(BROWSER), *FLAGS, f"--user-data-dir={profile}", page.as_uri()]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return asyncio.run(asyncio.wait_for(_ask(page.as_uri(), profile, expressions), START_S + ANSWER_S))
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _ask(address: str, profile: Path, expressions: tuple[str, ...]) -> list[Any]:
    port = await _port(profile / "DevToolsActivePort")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json") as listed:
            (target,) = [own for own in await listed.json() if own["url"] == address]
        async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            for _ in range(START_S * 10):
                if await _evaluate(socket, READY) is True:
                    break
                await asyncio.sleep(0.1)
            return [await _evaluate(socket, own) for own in expressions]


async def _port(path: Path) -> str:
    for _ in range(START_S * 10):
        if path.is_file() and (text := path.read_text()).count("\n"):
            return text.splitlines()[0]
        await asyncio.sleep(0.1)
    raise TimeoutError("the browser did not start")


async def _evaluate(socket: Any, expression: str) -> Any:
    asked = next(NUMBERS)
    parameters = {"expression": expression, "returnByValue": True, "awaitPromise": True}
    await socket.send_str(json.dumps({"id": asked, "method": "Runtime.evaluate", "params": parameters}))
    while True:
        message = json.loads((await socket.receive(timeout=ANSWER_S)).data)
        if message.get("id") == asked:
            return message["result"]["result"].get("value")
