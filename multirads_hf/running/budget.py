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
from typing import Any, Protocol, overload

from multirads_hf.errors import OptionError, RunError, shown
from multirads_hf.running.models import CHARACTERS_PER_TOKEN, Completion, Prompt, require_number

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


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls have taken: answers, their tokens, and those of calls that came to nothing."""

    answered: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    lost_prompt_tokens: int = 0
    lost_completion_tokens: int = 0


class Whole(Protocol):
    """What several runs may use together; see `multirads_hf.running.shared.SharedBudget`."""

    def limit(self, *, under_way: bool) -> str:
        """Return the limit that is reached, as a few words; empty for none."""
        ...


@dataclass(slots=True)
class Budget:
    """Counts what a run has used, earlier calls of the same run included, against what it may use.

    Attributes:
        max_tokens: of prompts and answers together, None for no limit.
        max_cost: in US dollars, None for no limit; needs a price.
        answer_tokens: an answer's length before the first one is there, for calls under way.
        whole: what it shares with other runs, None for nothing.
        prompt_tokens: used so far, those of calls that came to nothing included.
        completion_tokens: the same, of answers.
    """

    max_tokens: float | None = None
    max_cost: float | None = None
    price: Price | None = None
    answer_tokens: float = 0.0
    whole: Whole | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    _answered: int = 0
    _answer_tokens: int = 0
    _under_way: dict[str, int] = field(default_factory=dict)
    _asked_tokens: int = 0

    def __post_init__(self) -> None:
        require_limits(self.max_tokens, self.max_cost)
        if self.max_cost is not None and self.price is None:
            raise OptionError("max_cost: got no price of the model. Allowed: with a price file that names the model.")

    @property
    def cost(self) -> float | None:
        """What was used, in US dollars; None without a price."""
        return self.price.cost(self.prompt_tokens, self.completion_tokens) if self.price else None

    def spent(self, earlier: Spent) -> None:
        """Count what earlier calls took."""
        self.prompt_tokens += earlier.prompt_tokens + earlier.lost_prompt_tokens
        self.completion_tokens += earlier.completion_tokens + earlier.lost_completion_tokens
        self._answered += earlier.answered
        self._answer_tokens += earlier.completion_tokens

    def ended(self, completion: Completion) -> None:
        """Count a call that was under way; where no one counts its tokens, by the usual estimate."""
        estimate = self._under_way.pop(completion.record_id, 0)
        self._asked_tokens -= estimate
        lost = {name: getattr(completion, name) for name in ("lost_prompt_tokens", "lost_completion_tokens")}
        if completion.error is not None:
            self.spent(Spent(**lost))
            return
        prompt, answer = completion.prompt_tokens, completion.completion_tokens
        prompt = estimate if prompt is None else prompt
        answer = len(completion.text or "") // CHARACTERS_PER_TOKEN if answer is None else answer
        self.spent(Spent(1, prompt, answer, **lost))

    def taken(self, *, under_way: bool) -> tuple[float, float]:
        """Return tokens and US dollars that were used, those that calls under way may take included or not."""
        prompt, completion = float(self.prompt_tokens), float(self.completion_tokens)
        if under_way:
            each = self._answer_tokens / self._answered if self._answered else self.answer_tokens
            prompt, completion = prompt + self._asked_tokens, completion + each * self.under_way
        return prompt + completion, self.price.cost(prompt, completion) if self.price else 0.0

    def reached(self) -> str:
        """Return the limit that is reached with the calls under way, as a few words; empty for none."""
        return self._limit(under_way=True)

    def used_up(self) -> str:
        """Return the limit that is reached without the calls under way, as a few words; empty for none."""
        return self._limit(under_way=False)

    def _limit(self, *, under_way: bool) -> str:
        own = limit_of(self.max_tokens, self.max_cost, *self.taken(under_way=under_way))
        return own or (self.whole.limit(under_way=under_way) if self.whole else "")

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


def require_limits(max_tokens: object, max_cost: object) -> None:
    """Raise OptionError unless each limit is None or a number above 0."""
    for name, limit in (("max_tokens_total", max_tokens), ("max_cost", max_cost)):
        if limit is not None:
            require_number(name, limit)


def limit_of(max_tokens: float | None, max_cost: float | None, tokens: float, cost: float) -> str:
    """Return the limit that so many tokens and US dollars reach, as a few words; empty for none."""
    if max_tokens is not None and tokens >= max_tokens:
        return f"the limit of {max_tokens:,.0f} tokens"
    return f"the limit of {max_cost:,.2f} US dollars" if max_cost is not None and cost >= max_cost else ""


class Rationed(Sequence[Prompt]):
    """Prompts that end early, once the budget with all calls under way is used up.

    Attributes:
        cut: whether they did.
    """

    def __init__(self, prompts: Sequence[Prompt], budget: Budget) -> None:
        self.prompts = prompts
        self.budget = budget
        self.cut = False

    def __iter__(self) -> Iterator[Prompt]:
        for prompt in self.prompts:
            if self.budget.reached():
                self.cut = True
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
