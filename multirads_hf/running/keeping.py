"""Keeping: each answer is committed as it comes; those of many calls that come at once, together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from multirads_hf.running.models import Completion, Prompt
from multirads_hf.running.store import Store


class Keeper:
    """Commits the completions of one run.

    Args:
        store: where the records lie already.
        run_id: of a run that has begun.
        hashes: record id -> record hash.
        prompts: record id -> what was asked.
        together: commit what arrives within one turn of the event loop in one go, which is before
            anything else is read from the network; for models that leave the loop to others.
        told: called for every completion.

    Attributes:
        ended: completions that were kept.
        errors: those of them that failed.
        problem: why the last of these did.
    """

    def __init__(
        self, store: Store, run_id: str, hashes: Mapping[str, str], prompts: Mapping[str, Prompt], *, together: bool,
        told: Callable[[Completion], object],
    ) -> None:  # fmt: skip
        self.ended = self.errors = 0
        self.problem = ""
        self._store, self._run_id, self._hashes, self._prompts = store, run_id, hashes, prompts
        self._together, self._told = together, told
        self._pending: list[Completion] = []
        self._failure: Exception | None = None

    def keep(self, completion: Completion) -> None:
        """Keep one completion.

        Raises:
            RunError: the store cannot be written.
        """
        if self._failure is not None:
            raise self._failure
        self._pending.append(completion)
        if not self._together:
            self.flush()
        elif len(self._pending) == 1:
            asyncio.get_running_loop().call_soon(self._flush_later)
        self._told(completion)

    def flush(self) -> None:
        """Commit what is pending."""
        pending, self._pending = self._pending, []
        if pending:
            self._store.keep_all(
                self._run_id, [(self._hashes[own.record_id], own, self._prompts[own.record_id]) for own in pending]
            )
        self.ended += len(pending)
        problems = [own.error for own in pending if own.error is not None]
        self.errors += len(problems)
        self.problem = problems[-1] if problems else self.problem

    def _flush_later(self) -> None:
        try:
            self.flush()
        except Exception as error:
            self._failure = error

    def close(self) -> None:
        """Commit what is pending.

        Raises:
            RunError: it, or something before it, could not be written.
        """
        self.flush()
        if self._failure is not None:
            raise self._failure
