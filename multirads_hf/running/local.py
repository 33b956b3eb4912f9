"""A causal language model in this process, by transformers: greedy decoding, in padded or continuous batches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import Any

from multirads_hf.running.continuous import Continuous
from multirads_hf.running.grammar import Grammars
from multirads_hf.running.models import Completion, Options, Prompt

# Prompts, and tokens of their answers, for which a batch is compared with each prompt alone.
CHECKED, CHECKED_TOKENS = 4, 32


@dataclass(frozen=True, slots=True)
class Encoded:
    """One prompt as token ids."""

    prompt: Prompt
    ids: list[int]


class HfModel:
    """A tokenizer and a causal language model. See `multirads_hf.running.models.Model`."""

    def __init__(self, name: str, revision: str, tokenizer: Any, network: Any, options: Options) -> None:
        self.name = f"hf:{name}"
        self.revision = revision
        self.tokenizer = tokenizer
        self.network = network
        self.options = options
        self.batch_check: dict[str, int] = {}
        network.generation_config = self._greedy()
        vocabulary = network.config.get_text_config().vocab_size
        self.grammars = Grammars(tokenizer, vocabulary, self.ends) if options.constrained else None
        wanted = options.batching == "continuous"
        self.continuous = Continuous(self.name, network, options.batch_size) if wanted else None

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Greedy decoding within ``max_new_tokens``, at the precision of the weights."""
        precision = str(self.network.dtype).removeprefix("torch.")
        settings = {"do_sample": False, "max_new_tokens": self.options.max_new_tokens, "dtype": precision}
        if self.options.quantization is not None:
            settings["quantization"] = dict(self.options.quantization)
        settings |= {"constrained": True} if self.options.constrained else {}
        settings |= {"batching": "continuous"} if self.continuous else {}
        return settings | ({"thinking": self.options.thinking} if self.options.thinking != "auto" else {})

    @property
    def engine(self) -> Mapping[str, Any]:
        """Versions, device, batch size, and whether answers were found to depend on it."""
        import torch  # noqa: PLC0415 (heavy)
        import transformers  # noqa: PLC0415 (heavy)

        device = self.network.device
        chip = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
        versions = {"torch": torch.__version__, "transformers": transformers.__version__}
        checked = {"batch_check": self.batch_check} if self.batch_check else {}
        return {**versions, "device": chip, "batch_size": self.options.batch_size, **checked}

    @cached_property
    def ends(self) -> frozenset[int]:
        """Ids of the tokens with which the model ends an answer."""
        own = self.network.generation_config.eos_token_id
        return frozenset(own or ())

    @cached_property
    def context(self) -> int | None:
        """Tokens that prompt and answer may have together, where the model says."""
        positions = getattr(self.network.config.get_text_config(), "max_position_embeddings", None)
        return positions if isinstance(positions, int) and positions > 0 else None

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncGenerator[Completion, None]:
        """Yield completions as they come, the longest prompts first: memory fails early or never."""
        encoded = sorted(map(self._encode, prompts), key=lambda e: len(e.ids), reverse=True)
        fitting = []
        for one in encoded:
            if problem := self._too_long(one):
                yield Completion(one.prompt.record_id, prompt_tokens=len(one.ids), error=problem)
            else:
                fitting.append(one)
        if len(fitting) > self.options.batch_size > 1 and not self.batch_check:
            await asyncio.to_thread(self._check_batching, fitting)
        async for completion in self._continuously(fitting) if self.continuous else self._batches(fitting):
            yield completion

    async def _batches(self, prompts: Sequence[Encoded]) -> AsyncGenerator[Completion, None]:
        for start in range(0, len(prompts), self.options.batch_size):
            for completion in await asyncio.to_thread(self._answer, prompts[start : start + self.options.batch_size]):
                yield completion

    async def _continuously(self, prompts: Sequence[Encoded]) -> AsyncGenerator[Completion, None]:
        if self.continuous is None or not prompts:
            return
        stream = self.continuous.stream([one.ids for one in prompts], self.options.max_new_tokens)
        async with aclosing(stream) as answers:
            async for ended in answers:
                yield self._completion(prompts[ended.place], ended.ids, ended.latency_s)

    def _check_batching(self, prompts: Sequence[Encoded]) -> None:
        """Note how many of a few prompts, long and short, begin another answer in a batch than alone."""
        step = max(1, len(prompts) // min(CHECKED, self.options.batch_size))
        few = prompts[::step][: min(CHECKED, self.options.batch_size)]
        import torch  # noqa: PLC0415 (heavy)

        try:
            together = self._decode(few, CHECKED_TOKENS)
            alone = [self._decode([one], CHECKED_TOKENS)[0] for one in few]
        except torch.OutOfMemoryError:
            return  # the batches say so themselves
        differ = sum(self._ended(a) != self._ended(b) for a, b in zip(alone, together, strict=True))
        self.batch_check = {"prompts": len(few), "tokens": CHECKED_TOKENS, "differ": differ}

    def _ended(self, ids: list[int]) -> list[int]:
        """Return the tokens of an answer up to its end: what follows is padding."""
        return ids[: next((place for place, token in enumerate(ids) if token in self.ends), None)]

    def _greedy(self) -> Any:
        from transformers import GenerationConfig  # noqa: PLC0415 (heavy)

        shipped = self.network.generation_config
        own = shipped.eos_token_id
        ends = [*(own if isinstance(own, list) else [own]), self.tokenizer.eos_token_id]
        ends = [token for token in dict.fromkeys(ends) if token is not None]
        pad = self.tokenizer.pad_token_id
        return GenerationConfig(
            do_sample=False, num_beams=1, max_new_tokens=self.options.max_new_tokens, eos_token_id=ends or None,
            pad_token_id=pad if pad is not None else next(iter(ends), 0),
            cache_implementation=shipped.cache_implementation,
        )  # fmt: skip

    def _encode(self, prompt: Prompt) -> Encoded:
        if not self.tokenizer.chat_template:
            return Encoded(prompt, self.tokenizer(prompt.text)["input_ids"])
        # The template writes the special tokens itself.
        return Encoded(prompt, self.tokenizer(self._chat(prompt), add_special_tokens=False)["input_ids"])

    def _chat(self, prompt: Prompt) -> str:
        from jinja2 import TemplateError  # noqa: PLC0415 (as light as this module is)

        def written(messages: list[dict[str, str]]) -> str:
            text = self.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=True, **self._thinking
            )
            return str(text)

        try:
            return written([dict(message) for message in prompt.messages])
        except TemplateError:  # templates without a system role (Gemma 2, Mistral v0.1) raise
            whole = "\n\n".join(message["content"] for message in prompt.messages)
            return written([{"role": "user", "content": whole}])

    @property
    def _thinking(self) -> dict[str, bool]:
        """What chat templates are told; the two names that they know (Qwen and others; DeepSeek)."""
        on = self.options.thinking == "on"
        return {} if self.options.thinking == "auto" else {"enable_thinking": on, "thinking": on}

    def _too_long(self, one: Encoded) -> str | None:
        need = len(one.ids) + self.options.max_new_tokens
        if self.context is None or need <= self.context:
            return None
        return (
            f"{self.name}: prompt of {len(one.ids)} tokens and max_new_tokens {self.options.max_new_tokens}. "
            f"Allowed: {self.context} together."
        )

    def _answer(self, batch: Sequence[Encoded]) -> list[Completion]:
        import torch  # noqa: PLC0415 (heavy)

        start = perf_counter()
        try:
            answers = self._decode(batch)
        except torch.OutOfMemoryError:
            problem = f"{self.name}: out of memory at batch size {len(batch)}; a smaller one resumes the run."
            return [Completion(one.prompt.record_id, prompt_tokens=len(one.ids), error=problem) for one in batch]
        latency = perf_counter() - start
        return [self._completion(one, ids, latency) for one, ids in zip(batch, answers, strict=True)]

    def _decode(self, batch: Sequence[Encoded], max_new_tokens: int | None = None) -> list[list[int]]:
        if self.continuous is not None:
            longest = max_new_tokens or self.options.max_new_tokens
            return self.continuous.decode([one.ids for one in batch], longest)
        import torch  # noqa: PLC0415 (heavy)

        width = max(len(one.ids) for one in batch)
        pad = self.network.generation_config.pad_token_id
        gaps = [width - len(one.ids) for one in batch]
        ids = [[pad] * gap + one.ids for one, gap in zip(batch, gaps, strict=True)]
        mask = [[0] * gap + [1] * len(one.ids) for one, gap in zip(batch, gaps, strict=True)]
        device = self.network.device
        how: dict[str, Any] = {"max_new_tokens": max_new_tokens} if max_new_tokens else {}
        if self.grammars is not None:
            how["logits_processor"] = [self.grammars.processor([one.prompt for one in batch])]
        with torch.inference_mode():
            out = self.network.generate(
                input_ids=torch.tensor(ids, device=device), attention_mask=torch.tensor(mask, device=device), **how
            )
        new: list[list[int]] = out[:, width:].tolist()
        return new

    def _completion(self, one: Encoded, ids: list[int], latency: float) -> Completion:
        end = next((place for place, token in enumerate(ids) if token in self.ends), None)
        answer = ids if end is None else ids[:end]
        return Completion(
            one.prompt.record_id,
            self.tokenizer.decode(answer, skip_special_tokens=True),
            "length" if end is None else "stop",
            prompt_tokens=len(one.ids),
            completion_tokens=len(answer) + (end is not None),
            latency_s=latency,
        )
