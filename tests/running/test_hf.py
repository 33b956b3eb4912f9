"""A local transformers model answers as it would alone, and says truthfully how each answer ended."""

from __future__ import annotations

import asyncio
import builtins
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from multirads_hf.errors import MissingExtraError, OptionError, RunError
from multirads_hf.running.models import Completion, Model, Prompt, open_model


def answers(model: Model, prompts: Sequence[Prompt]) -> dict[str, Completion]:
    async def collected() -> list[Completion]:
        return [completion async for completion in model.generate(prompts)]

    found = asyncio.run(collected())
    assert len(found) == len(prompts)
    return {completion.record_id: completion for completion in found}


def opened(folder: Path, **options: Any) -> Any:
    return open_model(f"hf:{folder}", device="cpu", **{"max_new_tokens": 12, **options})


@pytest.mark.parametrize("fixture", ["plain_model", "chat_model", "absolute_model"])
def test_an_answer_does_not_depend_on_its_batch(fixture: str, request: pytest.FixtureRequest, few_prompts) -> None:
    folder = request.getfixturevalue(fixture)
    alone = answers(opened(folder, batch_size=1), few_prompts)
    together = answers(opened(folder, batch_size=4), few_prompts)
    assert {key: c.text for key, c in together.items()} == {key: c.text for key, c in alone.items()}
    assert len({c.text for c in alone.values()}) > 1, "answers that are all alike would hide a padding fault"


def test_answers_are_those_of_transformers_itself(plain_model: Path, few_prompts) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(plain_model)
    network = AutoModelForCausalLM.from_pretrained(plain_model).eval()
    ids = tokenizer(few_prompts[3].text, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        for _ in range(12):
            ids = torch.cat([ids, network(ids).logits[:, -1:].argmax(-1)], dim=1)
    expected = tokenizer.decode(ids[0, -12:], skip_special_tokens=True)
    found = answers(opened(plain_model), few_prompts)[few_prompts[3].record_id]
    assert found.text == expected
    assert found.prompt_tokens == ids.shape[1] - 12


def test_an_answer_cut_by_the_budget_is_told_from_one_that_ended(
    make_model: Callable[..., Path], plain_model: Path, few_prompts
) -> None:
    cut = answers(opened(plain_model), few_prompts[:4])
    assert {(c.finish_reason, c.completion_tokens, c.error) for c in cut.values()} == {("length", 12, None)}
    model = opened(plain_model)
    fourth = model._decode([model._encode(few_prompts[0])])[0][3]
    ended = answers(opened(make_model(ends=fourth)), few_prompts[:4])
    first = ended[few_prompts[0].record_id]
    assert first.finish_reason == "stop"
    assert first.completion_tokens is not None
    assert first.completion_tokens <= 4
    assert cut[few_prompts[0].record_id].text.startswith(first.text)


def test_a_chat_model_gets_its_template(chat_model: Path, no_system_model: Path, few_prompts) -> None:
    model = opened(chat_model)
    told = model.tokenizer.decode(model._encode(few_prompts[0]).ids)
    assert told == "<|system|>Answer with one JSON object.<eos><|user|>solid nodule 0<eos><|assistant|>"
    merged = opened(no_system_model)
    told = merged.tokenizer.decode(merged._encode(few_prompts[0]).ids)
    assert told == "<|user|>Answer with one JSON object.\n\nsolid nodule 0<eos><|assistant|>"


def test_a_prompt_beyond_the_context_is_an_error_not_a_cut_report(plain_model: Path, few_prompts) -> None:
    from dataclasses import replace

    long = replace(few_prompts[0], messages=({"role": "user", "content": "solid nodule " * 4000},))
    found = answers(opened(plain_model), [long, few_prompts[1]])
    assert found[long.record_id].text is None
    assert "Allowed: 4096 together" in found[long.record_id].error
    assert found[few_prompts[1].record_id].error is None


def test_sampling_settings_of_the_model_are_not_obeyed(
    make_model: Callable[..., Path], plain_model: Path, few_prompts
) -> None:
    folder = make_model()
    shipped = {"do_sample": True, "temperature": 5.0, "top_k": 3, "repetition_penalty": 9.0, "num_beams": 3}
    path = folder / "generation_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | shipped))
    assert {k: c.text for k, c in answers(opened(folder), few_prompts).items()} == {
        k: c.text for k, c in answers(opened(plain_model), few_prompts).items()
    }


def test_the_revision_follows_the_weights_and_nothing_else(plain_model: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(plain_model, tmp_path / "copied"))
    (copied / "README.md").write_text("a card")
    assert opened(copied).revision == opened(plain_model).revision
    weights = copied / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-2] ^= 1
    weights.write_bytes(content)
    assert opened(copied).revision != opened(plain_model).revision


def test_precision_is_part_of_the_settings(plain_model: Path) -> None:
    assert opened(plain_model).settings == {"do_sample": False, "max_new_tokens": 12, "dtype": "float32"}
    assert opened(plain_model, dtype="bfloat16").settings["dtype"] == "bfloat16"


@pytest.mark.parametrize(
    ("options", "told"),
    [({"dtype": "int3"}, "float32"), ({"device": "abacus"}, "device"), ({"batch_size": 0}, "from 1")],
)
def test_bad_options_are_refused(plain_model: Path, options: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        open_model(f"hf:{plain_model}", **options)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RunError, match="cannot be loaded"):
        opened(tmp_path)


@pytest.mark.parametrize("name", ["nobody/nothing", "nobody/nothing@v1", "no/such/folder"])
def test_a_repository_that_cannot_be_had_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    import huggingface_hub.constants

    pytest.importorskip("transformers", reason="extra `run` is not installed")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(RunError, match="no such folder, and no such repository"):
        open_model(f"hf:{name}")


def test_a_repository_is_named_by_its_commit(plain_model: Path, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    cached = tmp_path / "hub" / "models--lab--tiny"
    shutil.copytree(plain_model, cached / "snapshots" / commit)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(commit)
    script = "from multirads_hf.running import open_model; m = open_model('hf:lab/tiny'); print(m.name, m.revision)"
    called = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert called.returncode == 0, called.stderr
    assert called.stdout.split() == ["hf:lab/tiny", commit]


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("No module named 'torch'")
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"multirads-hf\[run\]"):
        open_model(f"hf:{tmp_path}")


def test_a_run_says_whether_answers_depend_on_the_batch(plain_model: Path, few_prompts, monkeypatch) -> None:
    model = opened(plain_model, batch_size=4)
    answers(model, few_prompts)
    assert model.engine["batch_check"] == {"prompts": 4, "tokens": 32, "differ": 0}
    from multirads_hf.running.local import HfModel

    real = HfModel._decode

    def unsteady(self: Any, batch: Sequence[Any], *rest: Any) -> list[list[int]]:
        return [[*ids[:-1], len(batch) + 1] for ids in real(self, batch, *rest)]

    monkeypatch.setattr(HfModel, "_decode", unsteady)
    model = opened(plain_model, batch_size=4)
    answers(model, few_prompts)
    assert model.engine["batch_check"]["differ"] == 4
    alone = opened(plain_model, batch_size=1)
    answers(alone, few_prompts[:2])
    assert "batch_check" not in alone.engine


def test_thinking_goes_to_the_chat_template(make_model: Callable[..., Path], few_prompts) -> None:
    chat = "{{ 'thinks' if enable_thinking is not defined or enable_thinking else 'answers' }}"
    folder = make_model(chat=chat)
    told = {own: opened(folder, thinking=own)._chat(few_prompts[0]) for own in ("auto", "on", "off")}
    assert told == {"auto": "thinks", "on": "thinks", "off": "answers"}
    assert opened(folder, thinking="off").settings["thinking"] == "off"


def test_what_a_local_model_cannot_do_is_refused_not_ignored(plain_model: Path) -> None:
    with pytest.raises(OptionError, match="no chat template"):
        opened(plain_model, thinking="off")
    with pytest.raises(OptionError, match="constrained: got thinking on"):
        opened(plain_model, constrained=True, thinking="on")


@pytest.mark.parametrize("batch_size", [1, 4])
def test_a_constrained_model_answers_what_the_schema_allows(chat_model: Path, tmp_path: Path, batch_size: int) -> None:
    pytest.importorskip("xgrammar", reason="extra `constrained` is not installed")
    from multirads_hf.running import answers as stored
    from multirads_hf.running import constraint, run, runs

    usual: dict[str, Any] = {"task": "category", "limit": 10, "max_new_tokens": 40, "progress": False}
    store = tmp_path / "s.sqlite"
    held = run(f"hf:{chat_model}", constrained=True, store=store, batch_size=batch_size, device="cpu", **usual)
    kept = stored(store, held.run_id)
    assert len({answer.record["document"] for answer in kept}) > 3
    for answer in kept:
        assert constraint.honoured(answer.text, answer.record["document"], "category"), answer.text
        assert answer.finish_reason == "stop"
    assert (held.broken, held.truncated, held.errors) == (0, 0, 0)
    free = run(f"hf:{chat_model}", store=store, device="cpu", **usual)
    assert free.run_id != held.run_id
    assert runs(store)[0].settings["constrained"] is True


def test_a_missing_grammar_library_is_named(plain_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xgrammar", None)
    with pytest.raises(MissingExtraError, match=r"multirads-hf\[constrained\]"):
        opened(plain_model, constrained=True)


def test_a_quantisation_config_reaches_transformers(plain_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import transformers

    given: dict[str, Any] = {}
    real = transformers.AutoModelForCausalLM.from_pretrained

    def loaded(repo: str, **options: Any) -> Any:
        given.update(options)
        return real(repo)

    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", loaded)
    config = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    model = opened(plain_model, quantization=config)
    assert (given["quantization_config"], given["device_map"]) == (config, "cpu")
    assert model.settings["quantization"] == config
    monkeypatch.undo()
    with pytest.raises(RunError, match="cannot be loaded"):
        opened(plain_model, quantization={"quant_method": "abacus"})
