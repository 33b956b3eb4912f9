"""Continuous batching answers as padded batches do, is told apart from them, and ends cleanly whatever happens."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from test_hf import answers, opened

from multirads_hf.errors import OptionError, RunError, UnknownNameError
from multirads_hf.running import run, runs
from multirads_hf.running.models import Prompt

transformers = pytest.importorskip("transformers", reason="extra `run` is not installed")
continuous = pytest.importorskip("multirads_hf.running.continuous")
if tuple(map(int, transformers.__version__.split(".")[:2])) < continuous.SINCE:
    pytest.skip("transformers is older", allow_module_level=True)


@pytest.fixture(autouse=True)
def no_thread_left() -> Any:
    before = threading.active_count()
    yield
    assert threading.active_count() <= before + 1, "but for the event loop's own"


@pytest.mark.parametrize("fixture", ["plain_model", "chat_model", "absolute_model"])
@pytest.mark.parametrize("places", [1, 3, 16])
def test_answers_are_those_of_padded_batches(
    fixture: str, places: int, request: pytest.FixtureRequest, few_prompts: Sequence[Prompt]
) -> None:
    folder = request.getfixturevalue(fixture)
    padded = answers(opened(folder, batch_size=1), few_prompts)
    found = answers(opened(folder, batch_size=places, batching="continuous"), few_prompts)
    assert len({own.text for own in padded.values()}) > 1
    for name, own in padded.items():
        assert (found[name].text, found[name].finish_reason) == (own.text, own.finish_reason)
        assert (found[name].prompt_tokens, found[name].completion_tokens) == (own.prompt_tokens, own.completion_tokens)
        assert found[name].latency_s > 0


def test_an_answer_that_ends_early_comes_before_longer_ones(
    make_model: Callable[..., Path], plain_model: Path, few_prompts: Sequence[Prompt]
) -> None:
    model = opened(plain_model, max_new_tokens=60)
    last = few_prompts[0]
    third = model._decode([model._encode(last)])[0][2]
    ending = opened(make_model(ends=third), batch_size=4, batching="continuous", max_new_tokens=60)

    async def order() -> list[str]:
        return [own.record_id async for own in ending.generate([*few_prompts[7:], last])]

    came = asyncio.run(order())
    expected = answers(opened(make_model(ends=third), batch_size=1, max_new_tokens=60), [*few_prompts[7:], last])
    by_length = sorted(came, key=lambda name: expected[name].completion_tokens)
    assert [expected[name].completion_tokens for name in came] == [expected[n].completion_tokens for n in by_length]
    assert expected[last.record_id].finish_reason == "stop"


def test_a_prompt_beyond_the_context_is_an_error_here_too(plain_model: Path, few_prompts: Sequence[Prompt]) -> None:
    long = Prompt("long", "toy", "extraction", "", ({"role": "user", "content": "solid nodule " * 4000},))
    found = answers(opened(plain_model, batching="continuous"), [long, few_prompts[1]])
    assert "Allowed: 4096 together" in found["long"].error
    assert found[few_prompts[1].record_id].error is None


def test_how_it_was_batched_is_part_of_the_run(chat_model: Path, tmp_path: Path) -> None:
    usual: dict[str, Any] = {
        "config": "tirads", "task": "category", "limit": 6, "max_new_tokens": 8, "device": "cpu", "batch_size": 4,
        "store": tmp_path / "s.sqlite", "progress": False,
    }  # fmt: skip
    one, other = (run(f"hf:{chat_model}", batching=own, **usual) for own in ("padded", "continuous"))
    assert (one.answered, other.answered, other.errors, other.batch_differs) == (6, 6, 0, 0)
    first, second = runs(tmp_path / "s.sqlite")
    assert first.run_id != second.run_id
    assert (first.settings.get("batching"), second.settings["batching"]) == (None, "continuous")
    assert second.engines[-1]["batch_check"] == {"prompts": 4, "tokens": 32, "differ": 0}


def test_a_run_that_is_left_in_the_middle_leaves_nothing_running(plain_model: Path, few_prompts) -> None:
    model = opened(plain_model, batch_size=2, batching="continuous", max_new_tokens=400)

    async def first() -> str:
        stream = model.generate(few_prompts)
        found = await anext(stream)
        await stream.aclose()
        return found.record_id

    assert asyncio.run(first()) in {prompt.record_id for prompt in few_prompts}
    assert len(answers(opened(plain_model, batching="continuous"), few_prompts[:3])) == 3


def test_a_network_that_fails_ends_the_run_with_its_reason(plain_model: Path, few_prompts, monkeypatch) -> None:
    model = opened(plain_model, batching="continuous")

    def broken(*_: Any, **__: Any) -> Any:
        raise NotImplementedError("no kernel for this device")

    monkeypatch.setattr(model.network, "forward", broken)
    with pytest.raises(RunError, match=r"continuous batching failed: no kernel for this device\. Allowed: .* padded"):
        answers(model, few_prompts)


def test_an_attention_that_does_not_do_it_is_told(plain_model: Path, few_prompts, monkeypatch) -> None:
    model = opened(plain_model, batching="continuous")
    monkeypatch.setattr(model.network.config, "_attn_implementation", "flex_attention")
    with pytest.raises(RunError, match=r"flex_attention is not supported.*Allowed: batching padded"):
        answers(model, few_prompts)


def test_what_cannot_be_batched_so_is_refused(plain_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match=r"Allowed: padded, where .* is constrained"):
        opened(plain_model, batching="continuous", constrained=True)
    with pytest.raises(UnknownNameError, match="padded, continuous"):
        opened(plain_model, batching="continous")
    monkeypatch.setattr(sys.modules["transformers"], "__version__", "4.57.1")
    with pytest.raises(OptionError, match=r"needs transformers 5\.23 or later, 4\.57\.1 is installed"):
        opened(plain_model, batching="continuous")
