"""``hf:<path or repo>``: a causal language model of the Hub or of a local folder, by transformers.

``hf:<repo>@<revision>`` pins a branch, tag or commit. Decoding is greedy with no penalties,
whatever generation config the model ships, so that two runs differ by their weights alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import Path
from time import perf_counter
from typing import Any

from multirads_hf.errors import MissingExtraError, OptionError, RunError, allowed, shown
from multirads_hf.running.models import Completion, Model, Options, Prompt

EXTRA = "pip install 'multirads-hf[run]'"
DTYPES = ("auto", "float32", "float16", "bfloat16")
# Files of a model folder that decide its answers: weights, configs, tokenizer, chat template.
DECISIVE = (".json", ".safetensors", ".bin", ".model", ".txt", ".jinja", ".py")
# transformers renamed ``torch_dtype`` to ``dtype`` in this version.
DTYPE_SINCE = (4, 56)


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
        network.generation_config = self._greedy()

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """Greedy decoding within ``max_new_tokens``, at the precision of the weights."""
        precision = str(self.network.dtype).removeprefix("torch.")
        return {"do_sample": False, "max_new_tokens": self.options.max_new_tokens, "dtype": precision}

    @cached_property
    def engine(self) -> Mapping[str, Any]:
        """Versions, device and batch size."""
        import torch  # noqa: PLC0415 (heavy)
        import transformers  # noqa: PLC0415 (heavy)

        device = self.network.device
        chip = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
        versions = {"torch": torch.__version__, "transformers": transformers.__version__}
        return {**versions, "device": chip, "batch_size": self.options.batch_size}

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

    async def generate(self, prompts: Sequence[Prompt]) -> AsyncIterator[Completion]:
        """Yield completions batch by batch, the longest prompts first: memory fails early or never."""
        encoded = sorted(map(self._encode, prompts), key=lambda e: len(e.ids), reverse=True)
        fitting = []
        for one in encoded:
            if problem := self._too_long(one):
                yield Completion(one.prompt.record_id, prompt_tokens=len(one.ids), error=problem)
            else:
                fitting.append(one)
        for start in range(0, len(fitting), self.options.batch_size):
            for completion in self._answer(fitting[start : start + self.options.batch_size]):
                yield completion

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
            text = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            return str(text)

        try:
            return written([dict(message) for message in prompt.messages])
        except TemplateError:  # templates without a system role (Gemma 2, Mistral v0.1) raise
            whole = "\n\n".join(message["content"] for message in prompt.messages)
            return written([{"role": "user", "content": whole}])

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

    def _decode(self, batch: Sequence[Encoded]) -> list[list[int]]:
        import torch  # noqa: PLC0415 (heavy)

        width = max(len(one.ids) for one in batch)
        pad = self.network.generation_config.pad_token_id
        gaps = [width - len(one.ids) for one in batch]
        ids = [[pad] * gap + one.ids for one, gap in zip(batch, gaps, strict=True)]
        mask = [[0] * gap + [1] * len(one.ids) for one, gap in zip(batch, gaps, strict=True)]
        device = self.network.device
        with torch.inference_mode():
            out = self.network.generate(
                input_ids=torch.tensor(ids, device=device), attention_mask=torch.tensor(mask, device=device)
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


def open_model(name: str, options: Options) -> Model:
    """Load tokenizer and model of a folder or a Hub repository.

    Raises:
        MissingExtraError: torch or transformers is not installed.
        OptionError: an unknown dtype or device.
        RunError: the folder or repository cannot be found or loaded.
    """
    try:
        import torch  # noqa: PLC0415 (heavy)
        import transformers  # noqa: PLC0415 (heavy)
    except ImportError as error:
        raise MissingExtraError(f"hf:{name} needs torch and transformers ({error}). Install: {EXTRA}") from error
    dtype, device = _dtype(options.dtype), _device(options.device)
    key = "dtype" if tuple(map(int, transformers.__version__.split(".")[:2])) >= DTYPE_SINCE else "torch_dtype"
    repo, revision = _located(name)
    pinned = {} if Path(repo).is_dir() else {"revision": revision}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(repo, **pinned)
        network = transformers.AutoModelForCausalLM.from_pretrained(repo, **{key: dtype}, **pinned)
        network = network.to(torch.device(device)).eval()
    except (OSError, ValueError, RuntimeError, ImportError, KeyError) as error:
        raise RunError(f"hf:{name}: cannot be loaded: {shown(str(error), 300)}") from error
    return HfModel(name, revision, tokenizer, network, options)


def _dtype(name: str) -> Any:
    import torch  # noqa: PLC0415 (heavy)

    if name not in DTYPES:
        raise OptionError(f"dtype: got {shown(name)}. {allowed(name, DTYPES)}")
    return name if name == "auto" else getattr(torch, name)


def _device(name: str) -> str:
    import torch  # noqa: PLC0415 (heavy)

    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as error:  # torch without CUDA asserts
        raise OptionError(f"device: got {shown(name)}, which torch refuses: {shown(str(error), 120)}.") from error
    return name


def _located(name: str) -> tuple[str, str]:
    """Return where a model is and its revision: the hash of a folder, the commit of a repository."""
    if Path(name).is_dir():
        return name, f"sha256:{_folder_hash(Path(name))}"
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 (heavy)

    repo, _, asked = name.partition("@")
    try:
        config = hf_hub_download(repo, "config.json", revision=asked or None)
    except (OSError, ValueError) as error:
        raise RunError(f"hf:{name}: no such folder, and no such repository: {shown(str(error), 300)}") from error
    return repo, Path(config).parent.name  # .../snapshots/<commit>/config.json


def _folder_hash(folder: Path) -> str:
    total = sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in DECISIVE and path.is_file():
            with path.open("rb") as file:
                total.update(f"{path.name} {file_digest(file, 'sha256').hexdigest()}\n".encode())
    return total.hexdigest()[:16]
