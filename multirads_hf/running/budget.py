"""A budget: tokens or money at which a run stops. Prices come from the user's own file, or there are none.

The file is YAML or JSON. It maps models (whole specs, the server's name of the model, or patterns
such as ``*gpt-oss*``) to US dollars for a million tokens::

    openai:https://api.openai.com/v1#gpt-5.2: {input: 1.75, output: 14.0}
    "*Qwen3-8B*": {input: 0.0, output: 0.0}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from os import PathLike
from pathlib import Path
from typing import Any, overload

from multirads_hf.errors import OptionError, RunError, shown
from multirads_hf.running.models import Completion, Prompt, require_number

MILLION = 1_000_000
SIDES = ("input", "output")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens of prompts (``input``) and of answers (``output``)."""

    input: float
    output: float

    def cost(self, prompt_tokens: float, completion_tokens: float) -> float:
        """Return the price of so many tokens, in US dollars."""
        return (prompt_tokens * self.input + completion_tokens * self.output) / MILLION


def read_prices(path: str | PathLike[str]) -> dict[str, Price]:
    """Return the prices of a file, by model or pattern.

    Raises:
        RunError: the file cannot be read or is not of the form above.
    """
    import yaml  # noqa: PLC0415 (slow to import)

    try:
        given = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise RunError(f"Prices {path}: cannot be read: {error}") from error
    if not isinstance(given, dict):
        raise RunError(f"Prices {path}: got {shown(given)}. Allowed: a mapping of models to prices.")
    return {str(model): _price(path, model, own) for model, own in given.items()}


def price_of(prices: Mapping[str, Price], model: str) -> Price | None:
    """Return the price of a model spec: by the spec itself, by the name in it, else by the first pattern."""
    name = model.rpartition("#")[2] if "#" in model else model.partition(":")[2]
    exact = prices.get(model) or prices.get(name)
    return exact or next((own for pattern, own in prices.items() if fnmatchcase(model, pattern)), None)


@dataclass(slots=True)
class Budget:
    """Counts what a run has used, earlier calls of the same run included, against what it may use.

    Attributes:
        max_tokens: of prompts and answers together, None for no limit.
        max_cost: in US dollars, None for no limit; needs a price.
        answer_tokens: an answer's length before the first one is there, for calls under way.
    """

    max_tokens: float | None = None
    max_cost: float | None = None
    price: Price | None = None
    answer_tokens: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    answered: int = 0
    _under_way: dict[str, int] = field(default_factory=dict)
    _asked_tokens: int = 0

    def __post_init__(self) -> None:
        for name in ("max_tokens", "max_cost"):
            if getattr(self, name) is not None:
                require_number(name, getattr(self, name))
        if self.max_cost is not None and self.price is None:
            raise OptionError("max_cost: got no price of the model. Allowed: with a price file that names the model.")

    @property
    def cost(self) -> float | None:
        """What was used, in US dollars; None without a price."""
        return self.price.cost(self.prompt_tokens, self.completion_tokens) if self.price else None

    def spent(self, prompt_tokens: int | None, completion_tokens: int | None) -> None:
        """Count what an answer took."""
        self.prompt_tokens += prompt_tokens or 0
        self.completion_tokens += completion_tokens or 0
        self.answered += 1

    def ended(self, completion: Completion) -> None:
        """Count a call that was under way; where no one counts its tokens, by the usual estimate."""
        estimate = self._under_way.pop(completion.record_id, 0)
        self._asked_tokens -= estimate
        prompt = completion.prompt_tokens
        self.spent(estimate if prompt is None and completion.error is None else prompt, completion.completion_tokens)

    def reached(self) -> str:
        """Return the limit that is reached with the calls under way, as a few words; empty for none."""
        each = self.completion_tokens / self.answered if self.answered else self.answer_tokens
        return self._over(self.prompt_tokens + self._asked_tokens, self.completion_tokens + each * self.under_way)

    def used_up(self) -> str:
        """Return the limit that is reached without the calls under way, as a few words; empty for none."""
        return self._over(self.prompt_tokens, self.completion_tokens)

    def _over(self, prompt_tokens: float, completion_tokens: float) -> str:
        if self.max_tokens is not None and prompt_tokens + completion_tokens >= self.max_tokens:
            return f"the limit of {self.max_tokens:,.0f} tokens"
        cost = self.price.cost(prompt_tokens, completion_tokens) if self.price else 0.0
        return f"the limit of {self.max_cost:,.2f} US dollars" if self.max_cost and cost >= self.max_cost else ""

    def forget(self) -> None:
        """Count no call as under way."""
        self._under_way.clear()
        self._asked_tokens = 0

    def start(self, prompt: Prompt) -> None:
        """Count a call as under way, by the usual estimate."""
        self._under_way[prompt.record_id] = tokens = prompt.estimated_tokens
        self._asked_tokens += tokens

    @property
    def under_way(self) -> int:
        """Calls that have started and not ended."""
        return len(self._under_way)


class Rationed(Sequence[Prompt]):
    """Prompts that end early, once the budget with all calls under way is used up."""

    def __init__(self, prompts: Sequence[Prompt], budget: Budget) -> None:
        self.prompts = prompts
        self.budget = budget

    def __iter__(self) -> Iterator[Prompt]:
        for prompt in self.prompts:
            if self.budget.reached():
                return
            self.budget.start(prompt)
            yield prompt

    def __len__(self) -> int:
        return len(self.prompts)

    @overload
    def __getitem__(self, place: int) -> Prompt: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Prompt]: ...
    def __getitem__(self, place: int | slice) -> Prompt | Sequence[Prompt]:
        return self.prompts[place]


def _price(path: str | PathLike[str], model: object, given: Any) -> Price:
    good = isinstance(given, dict) and set(given) == set(SIDES)
    if not good or not all(isinstance(own, int | float) and 0 <= own < float("inf") for own in given.values()):
        raise RunError(
            f"Prices {path}: {shown(model)}: got {shown(given)}. "
            "Allowed: {input: NUMBER, output: NUMBER}, US dollars for a million tokens."
        )
    return Price(float(given["input"]), float(given["output"]))
