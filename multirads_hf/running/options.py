"""How a model is run: the options of every backend, checked before any is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from multirads_hf.errors import OptionError, allowed, require_name, shown

# A thinking-free extraction of four lesions takes about 400 tokens; a budget that cuts answers
# short is scored as truncated, so the default leaves room.
MAX_NEW_TOKENS = 1024
BATCH_SIZE = 8
BATCHING = ("padded", "continuous")
THINKING = ("auto", "on", "off")


@dataclass(frozen=True, slots=True)
class Options:
    """How to run a model. A backend reads those that concern it.

    Attributes:
        batch_size: prompts that a local model answers at once.
        batching: how: ``padded`` (each batch to its end) or ``continuous`` (see
            `multirads_hf.running.continuous`).
        max_new_tokens: longest answer, in tokens.
        dtype: ``auto`` (as stored), ``float32``, ``float16`` or ``bfloat16``.
        device: ``auto`` (CUDA where there is one, else CPU) or a torch device.
        quantization: quantisation config of a local model, as transformers takes it.
        temperature: of sampling on a server; 0 is greedy.
        thinking: ``on``, ``off``, or ``auto``: as the model does by default.
        constrained: hold the answer to the JSON Schema of the task.
        concurrency: calls to a server at once.
        requests_per_minute: calls to a server in any minute, None for as many as there are.
        tokens_per_minute: tokens in any minute, by estimate, None for as many as there are.
        timeout_s: seconds that one call to a server may take.
        attempts: calls for one prompt until its failure stands; being told to wait is no failure.
    """

    batch_size: int = BATCH_SIZE
    batching: str = "padded"
    max_new_tokens: int = MAX_NEW_TOKENS
    dtype: str = "auto"
    device: str = "auto"
    quantization: Mapping[str, Any] | None = None
    temperature: float = 0.0
    thinking: str = "auto"
    constrained: bool = False
    concurrency: int = 16
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    timeout_s: float = 600.0
    attempts: int = 6

    def __post_init__(self) -> None:
        for name in ("batch_size", "max_new_tokens", "concurrency", "attempts"):
            require_number(name, getattr(self, name), whole=True)
        for name in ("requests_per_minute", "tokens_per_minute", "timeout_s"):
            if name == "timeout_s" or getattr(self, name) is not None:
                require_number(name, getattr(self, name))
        if self.temperature != 0:
            require_number("temperature", self.temperature)
        require_name("thinking", self.thinking, THINKING)
        require_name("batching", self.batching, BATCHING)


def require_number(name: str, value: object, *, whole: bool = False) -> None:
    """Raise OptionError unless ``value`` is a finite number above 0, or a whole one from 1."""
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not (number and 0 < value < float("inf")):  # type: ignore[operator]
        allowed_here = "a whole number from 1" if whole else "a number above 0"
        raise OptionError(f"{name}: got {shown(value)}. Allowed: {allowed_here}.")


def options_of(given: Mapping[str, Any]) -> Options:
    """Return options by name.

    Raises:
        OptionError: an unknown option, or a value that is not allowed.
    """
    names = [option.name for option in fields(Options)]
    for option in given:
        if option not in names:
            raise OptionError(f"Unknown option {shown(option)} of a model. {allowed(option, names)}")
    return Options(**given)
