"""Which reports are asked about, and how: the options that both bridges take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from multirads_hf import corpus, rads
from multirads_hf.errors import require_name
from multirads_hf.running import prompts
from multirads_hf.schema import Document
from multirads_hf.scoring import TASKS, Task

# Prompts that need nothing but the report. Examples are the harness's own affair.
PROMPTS = ("zero_shot", "guided")
Role = Literal["system", "user"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Reports of one config and split, and the prompt that asks about them.

    Attributes:
        config: ``all`` or one RADS.
        split: of the corpus.
        condition: ``withheld``, ``stated`` or ``discordant``.
        prompt: ``zero_shot``, or ``guided`` with the rules of the document.
        task: ``extraction`` (findings and category) or ``category``.
        seed: of the corpus.

    Raises:
        UnknownNameError: a name that does not exist; the nearest one is suggested.
        OptionError: a seed that is none.
    """

    config: str = "all"
    split: str = "test"
    condition: str = "withheld"
    prompt: str = "zero_shot"
    task: Task = "extraction"
    seed: int = 0

    def __post_init__(self) -> None:
        """Check every value."""
        require_name("prompt", self.prompt, PROMPTS)
        require_name("task", self.task, TASKS)
        corpus.split_size(self.config, self.split, self._options())

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the dataset."""
        return corpus.records(self.config, self.split, seed=self.seed, condition=self.condition)

    def turns(self, record: Mapping[str, Any]) -> dict[Role, str]:
        """Return the system and the user message of a row; only its document and report are used."""
        system, user = prompts.messages(self.prompt, self.task, rads.get(record["document"]), record["report"])
        return {"system": system["content"], "user": user["content"]}

    def documents(self) -> tuple[Document, ...]:
        """Return the documents of the config, sorted by key."""
        return tuple(own for own in rads.documents() if self.config in ("all", own.system))

    def fingerprint(self) -> str:
        """Return a hash of all that the prompt tells a model."""
        return prompts.fingerprint(self.prompt, self.task, self.documents())

    def _options(self) -> corpus.Options:
        return corpus.Options(seed=self.seed, condition=self.condition)
