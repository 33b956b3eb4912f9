"""Real, tiny language models with random weights, saved as a user's own would be, and real servers on the loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from served import Served

from multirads_hf.running.endpoint import call
from multirads_hf.running.models import Prompt

WORDS = (
    "You are an experienced radiologist. Answer with one JSON object: category, lesions, size_mm, composition. "
    "FINDINGS: Solid hypoechoic nodule in the right upper pole, 12 mm, taller than wide, punctate echogenic foci. "
    "IMPRESSION: Ground-glass nodule of the left lower lobe, unchanged. Report: "
)
CHAT = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" + CHAT


def save_tokenizer(folder: Path, chat: str | None, pad: bool) -> int:
    """Save a byte-level BPE tokenizer trained on ``WORDS`` and return the size of its vocabulary."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<eos>", "<pad>"] if pad else ["<eos>"]
    trained.train_from_iterator(
        [WORDS] * 4, trainers.BpeTrainer(vocab_size=500, special_tokens=special, initial_alphabet=alphabet)
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=trained, eos_token="<eos>", pad_token="<pad>" if pad else None)
    tokenizer.chat_template = chat
    tokenizer.save_pretrained(folder)
    return len(tokenizer)


def save_model(
    folder: Path, *, kind: str = "llama", chat: str | None = None, pad: bool = False, ends: int | None = None
) -> Path:
    """Save a two-layer causal language model of random weights, and a tokenizer."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    size = save_tokenizer(folder, chat, pad)
    torch.manual_seed(7)
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 4096}
    wide = {"intermediate_size": 64} if kind == "llama" else {"n_inner": 64}
    config = AutoConfig.for_model(
        kind, vocab_size=size, eos_token_id=0, bos_token_id=None, initializer_range=0.5, **shape, **wide
    )
    network = AutoModelForCausalLM.from_config(config)
    network.generation_config.eos_token_id = ends if ends is not None else 0
    network.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    pytest.importorskip("transformers", reason="extra `run` is not installed")
    torch = pytest.importorskip("torch", reason="extra `run` is not installed")
    torch.set_num_threads(1)  # as in the processes that tests start: they share few cores
    return lambda **options: save_model(tmp_path_factory.mktemp("model"), **options)


@pytest.fixture(scope="session")
def plain_model(make_model: Callable[..., Path]) -> Path:
    return make_model()


@pytest.fixture(scope="session")
def chat_model(make_model: Callable[..., Path]) -> Path:
    return make_model(chat=CHAT, pad=True)


@pytest.fixture(scope="session")
def no_system_model(make_model: Callable[..., Path]) -> Path:
    """A chat model whose template refuses a system role."""
    return make_model(chat=NO_SYSTEM)


@pytest.fixture(scope="session")
def absolute_model(make_model: Callable[..., Path]) -> Path:
    """A model with absolute positions, which padding shifts when it is done wrong."""
    return make_model(kind="gpt2")


@pytest.fixture(scope="session")
def few_prompts() -> list[Prompt]:
    """Ten prompts of very different lengths."""
    reports = ["solid nodule " * (3 * place + 1) + str(place) for place in range(10)]
    system = {"role": "system", "content": "Answer with one JSON object."}
    return [
        Prompt(f"toy-test-{place:06d}", "toy", "extraction", report, (system, {"role": "user", "content": report}))
        for place, report in enumerate(reports)
    ]


@pytest.fixture
def serve() -> Iterator[Callable[..., Served]]:
    """Start a server that does what a script says."""
    started: list[Served] = []

    def start(script: Any) -> Served:
        server = Served(script)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait milliseconds between calls, and know no keys of whoever runs the tests."""
    monkeypatch.setattr(call, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(call, "LONGEST_BACKOFF_S", 0.02)
    monkeypatch.setattr(call, "JITTER_S", 0.0)
    for name in ("MULTIRADS_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
