"""How fast the runner asks a server, beside what a user would take instead, on one server in one run.

    python benchmarks/runner.py [--calls 3000] [--parallel 64] [--latency 0.05] [--repeats 3]
    python benchmarks/runner.py --local hf:Qwen/Qwen3-0.6B [--calls 64] [--parallel 16]

The server answers each chat completion after a fixed latency, from a process of its own. Calls per second of wall-clock
time and CPU time of the client per call, best of the interleaved repeats; each prompt has about 1.2 kB:

* ``bare aiohttp``: post, read, take the text out; nothing is kept, nothing is repeated;
* ``multirads``: the model alone: retries, limits, reasons and tokens;
* ``multirads, stored``: the same with every answer committed to the store as it comes;
* the openai SDK, inspect-ai and lm-eval, where they are installed.

``--local`` takes a model in this process instead, in padded batches of ``--parallel`` and continuously.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import multiprocessing
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from rich.console import Console
from rich.table import Table

from multirads_hf import corpus
from multirads_hf.running import prompts as texts
from multirads_hf.running.asking import ask_missing
from multirads_hf.running.budget import Budget
from multirads_hf.running.identity import RunHeader
from multirads_hf.running.models import Model, Prompt, open_model
from multirads_hf.running.options import BATCHING
from multirads_hf.running.store import Store

BARE, STORED = "bare aiohttp", "multirads, stored"
# What the store must not cost: share of bare aiohttp that the runner reaches with it on.
SHARE = 0.7
PROMPT_CHARS = 1200
ANSWER = '{"category": "TR4"}'
Way = Callable[[str, Sequence[dict[str, Any]], int], Awaitable[int]]


def serve(ready: Connection, latency: float) -> None:
    """Answer chat completions for ever, each after ``latency`` seconds; send the port when up."""
    reply = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "bench",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 300, "completion_tokens": 8, "total_tokens": 308},
    }  # fmt: skip
    content = json.dumps(reply).encode()

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(latency)
        return web.Response(body=content, content_type="application/json")

    async def up() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(up())


def prompt_of(record: dict[str, Any]) -> Prompt:
    """Return a prompt of about `PROMPT_CHARS` characters."""
    text = (record["report"] * 3)[:PROMPT_CHARS]
    return Prompt(record["id"], record["document"], "category", record["report"], ({"role": "user", "content": text},))


async def bare(url: str, records: Sequence[dict[str, Any]], parallel: int) -> int:
    """Ask with aiohttp and nothing else."""
    texts, waiting = [], iter([prompt_of(record) for record in records])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=parallel)) as session:

        async def work() -> None:
            for prompt in waiting:
                body = {"model": "bench", "messages": list(prompt.messages), "temperature": 0, "max_tokens": 1024}
                async with session.post(f"{url}/chat/completions", json=body) as response:
                    texts.append((await response.json())["choices"][0]["message"]["content"])

        await asyncio.gather(*(work() for _ in range(parallel)))
    return len(texts)


def opened(url: str, parallel: int) -> Model:
    """Open the runner's model."""
    return open_model(f"openai:{url}#bench", concurrency=parallel)


async def unstored(url: str, records: Sequence[dict[str, Any]], parallel: int) -> int:
    """Ask with the runner's model alone."""
    prompts = [prompt_of(record) for record in records]
    return len([own async for own in opened(url, parallel).generate(prompts) if own.error is None])


async def stored(url: str, records: Sequence[dict[str, Any]], parallel: int) -> int:
    """Ask as a run does, every answer kept."""
    header = RunHeader("bench", "bench", "", "", "", "category", "", "", "", 0, {}, "", len(records), "")
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "answers.sqlite") as store:
        await ask_missing(
            store, opened(url, parallel), header, records, asked=prompt_of, budget=Budget(), progress=False
        )
        return len(store.answered("bench"))


async def openai_sdk(url: str, records: Sequence[dict[str, Any]], parallel: int) -> int:
    """Ask with the openai SDK."""
    import openai

    texts, waiting = [], iter([prompt_of(record) for record in records])
    async with openai.AsyncOpenAI(base_url=url, api_key="none") as client:

        async def work() -> None:
            for prompt in waiting:
                reply = await client.chat.completions.create(
                    model="bench", messages=list(prompt.messages), temperature=0, max_tokens=1024
                )
                texts.append(reply.choices[0].message.content)

        await asyncio.gather(*(work() for _ in range(parallel)))
    return len(texts)


async def inspect_ai(url: str, records: Sequence[dict[str, Any]], parallel: int) -> int:
    """Ask with inspect-ai, its log on."""
    os.environ |= {"BENCH_API_KEY": "none", "BENCH_BASE_URL": url}
    from inspect_ai import Task, eval_async
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.solver import generate

    samples = [Sample(input=prompt_of(record).messages[0]["content"], target="TR4") for record in records]
    with tempfile.TemporaryDirectory() as folder:
        (log,) = await eval_async(
            Task(dataset=MemoryDataset(samples), solver=generate()), model="openai-api/bench/bench",
            max_connections=parallel, max_samples=parallel, log_dir=folder,
        )  # fmt: skip
    return log.results.completed_samples if log.results else 0


async def lm_eval(url: str, records: Sequence[dict[str, Any]], parallel: int) -> int:
    """Ask with the client of lm-eval."""
    from lm_eval.api.instance import Instance
    from lm_eval.models.openai_completions import LocalChatCompletion

    client = LocalChatCompletion(
        model="bench", base_url=f"{url}/chat/completions", num_concurrent=parallel, tokenizer_backend=None,
        tokenized_requests=False, max_retries=3,
    )  # fmt: skip
    asked = [json.dumps(list(prompt_of(record).messages)) for record in records]
    from lm_eval.models.api_models import JsonChatStr

    arguments = [(JsonChatStr(text), {"until": [], "max_gen_toks": 1024, "temperature": 0}) for text in asked]
    requests = [Instance("generate_until", {}, own, place) for place, own in enumerate(arguments)]
    return len(await asyncio.to_thread(client.generate_until, requests, True))


WAYS: dict[str, tuple[Way, str, int]] = {  # way, package that it needs, share of the calls that it makes
    BARE: (bare, "aiohttp", 1), "multirads": (unstored, "aiohttp", 1), STORED: (stored, "aiohttp", 1),
    "openai SDK": (openai_sdk, "openai", 3), "inspect-ai": (inspect_ai, "inspect_ai", 10),
    "lm-eval": (lm_eval, "lm_eval", 3),
}  # fmt: skip


def measured(way: Way, url: str, records: Sequence[dict[str, Any]], parallel: int) -> tuple[float, float]:
    """Return calls per second, and milliseconds of CPU time of a call."""
    start, cpu = time.perf_counter(), time.process_time()
    done = asyncio.run(way(url, records, parallel))
    if done != len(records):
        raise SystemExit(f"{done} of {len(records)} calls were answered")
    return done / (time.perf_counter() - start), (time.process_time() - cpu) / done * 1000


def local(spec: str, records: Sequence[dict[str, Any]], parallel: int, repeats: int) -> None:
    """Print how long a local model takes for all reports, by each way of batching."""
    prompts = [texts.ask("zero_shot", "category", own) for own in records]

    async def asked(model: Model) -> int:
        return len([own async for own in model.generate(prompts) if own.error is None])

    for batching in BATCHING:
        model = open_model(spec, batching=batching, batch_size=parallel, max_new_tokens=128)
        asyncio.run(asked(model))  # warm, and the check of batches is done
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            done = asyncio.run(asked(model))
            seconds.append(time.perf_counter() - start)
        print(f"{batching:>10}: {min(seconds):8.2f} s for {done} reports, engine {dict(model.engine)}")


def main() -> None:
    """Run the benchmark and print a table; exit with 1 where the store costs too much."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--parallel", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--local", metavar="hf:MODEL")
    options = parser.parse_args()
    if options.local:
        few = list(corpus.records("tirads", "test", 0, min(options.calls, 64)))
        local(options.local, few, options.parallel, options.repeats)
        return
    for name in ("httpx", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, options.latency), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}/v1"
    records = list(corpus.records("tirads", "train", num_reports=options.calls))
    ways = {name: own for name, own in WAYS.items() if find_spec(own[1])}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(options.repeats):
        for name, (way, _, part) in ways.items():
            found[name].append(measured(way, url, records[: len(records) // part], options.parallel))
    server.kill()
    show({name: (max(r for r, _ in own), min(c for _, c in own)) for name, own in found.items()}, options)


def show(found: dict[str, tuple[float, float]], options: argparse.Namespace) -> None:
    """Print the rates and what they are of bare aiohttp."""
    table = Table(title=f"{options.parallel} calls at once, {options.latency * 1000:.0f} ms latency of the server")
    for heading in ("what", "calls/s", "CPU ms/call", "of bare aiohttp"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, (rate, cpu) in found.items():
        table.add_row(name, f"{rate:,.0f}", f"{cpu:.2f}", f"{rate / found[BARE][0]:.2f}x")
    Console().print(table)
    if found[STORED][0] < SHARE * found[BARE][0]:
        raise SystemExit(f"with the store on, less than {SHARE} of bare aiohttp")


if __name__ == "__main__":
    main()
