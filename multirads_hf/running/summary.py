"""What one call of `multirads_hf.running.run` did, and what a reader of its results must know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Share of answers cut by the token limit from which on it is worth a word.
TRUNCATED_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one call of `run` did.

    Attributes:
        n: records that the run was asked for.
        asked: those that the model was asked now.
        reused: those whose answers were in the store.
        errors: those whose call failed now; the next call asks them again.
        problem: why the last of these failed; empty where none did.
        path: the store.
        answered: answers that the whole run has now.
        truncated: those of them that the token limit cut.
        broken: those of a constrained run that its schema does not allow.
        stopped: the budget that ended it before all were asked; empty where none did.
        prompt_tokens: of the whole run so far, as far as they were counted.
        completion_tokens: of the whole run so far, as far as they were counted.
        cost: of the whole run so far, in US dollars; None without a price.
        notes: what the model has to say of how it was asked, one sentence each.
        batch_differs: of a few prompts, those that a local model answered otherwise alone than in a batch.
    """

    run_id: str
    model: str
    n: int
    asked: int
    reused: int
    errors: int
    path: Path
    answered: int = 0
    truncated: int = 0
    broken: int = 0
    stopped: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float | None = None
    batch_differs: int = 0
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """What is not as it should be, one sentence each."""
        said = list(self.notes)
        if self.stopped:
            said.append(f"Stopped at {self.stopped}, {self.n - self.asked - self.reused} reports were not asked.")
        if self.truncated and self.truncated >= TRUNCATED_SHARE * self.answered:
            share = self.truncated / self.answered
            said.append(
                f"{self.truncated} of {self.answered} answers ({share:.1%}) were cut by the token limit and count as "
                "truncated: raise max_new_tokens."
            )
        if self.broken:
            said.append(
                f"{self.broken} of {self.answered} answers break the schema that they were to be constrained by: "
                "the server ignored it, at least in part."
            )
        if self.batch_differs:
            said.append(
                f"{self.batch_differs} of a few prompts were answered otherwise alone than in a batch: results depend "
                "on the batch size, batch size 1 repeats them."
            )
        if self.errors:
            problem = self.problem.rstrip(".")
            said.append(f"{self.errors} calls failed, the last for: {problem}. The same command asks them again.")
        return said
