"""Continuous batching of a local model, by transformers: an answer that ends makes room for the next prompt at once.

Prompts share one paged cache of ``batch_size`` places, in which equal beginnings of prompts lie once. No
prompt waits for the longest answer of a batch, and none is padded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from multirads_hf.errors import OptionError, RunError

# The version of transformers from which this is known to work.
SINCE = (5, 23)
# Tokens of a page of the cache, and those that one step may read.
PAGE, STEP_TOKENS = 64, 2048
# Seconds between two looks at whether the model still runs.
LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Ended:
    """An answer that has ended: the place of its prompt, its tokens, and the seconds that it took."""

    place: int
    ids: list[int]
    latency_s: float


def require_continuous(name: str, constrained: bool) -> None:
    """Raise OptionError where a model cannot be asked so."""
    import transformers  # noqa: PLC0415 (heavy)

    if tuple(map(int, transformers.__version__.split(".")[:2])) < SINCE:
        wanted = ".".join(map(str, SINCE))
        raise OptionError(
            f"batching: got 'continuous'. Allowed: padded; continuous needs transformers {wanted} or later, "
            f"{transformers.__version__} is installed."
        )
    if constrained:
        raise OptionError(f"batching: got 'continuous'. Allowed: padded, where hf:{name} is constrained by a grammar.")


class Continuous:
    """Asks one network. Its generation config decides how.

    Args:
        name: of the model, for messages.
        network: of transformers, with an attention of ``sdpa``, ``eager`` or flash.
        places: prompts at once.
    """

    def __init__(self, name: str, network: Any, places: int) -> None:
        self.name = name
        self.network = network
        self.places = places

    async def stream(self, prompts: Sequence[list[int]], max_new_tokens: int) -> AsyncGenerator[Ended, None]:
        """Yield answers as they end.

        Raises:
            RunError: the network cannot be asked so, or fails.
        """
        with self._session(prompts, max_new_tokens) as session:
            for _ in prompts:
                yield await asyncio.to_thread(self._next, session)

    def decode(self, prompts: Sequence[list[int]], max_new_tokens: int) -> list[list[int]]:
        """Return the tokens of all answers, in the order of the prompts. Raises as `stream` does."""
        with self._session(prompts, max_new_tokens) as session:
            ended = sorted((self._next(session) for _ in prompts), key=lambda own: own.place)
        return [own.ids for own in ended]

    @contextmanager
    def _session(self, prompts: Sequence[list[int]], max_new_tokens: int) -> Iterator[Any]:
        from transformers import ContinuousBatchingConfig  # noqa: PLC0415 (heavy)

        longest = max(map(len, prompts)) + max_new_tokens
        at_once = min(self.places, len(prompts))
        config = ContinuousBatchingConfig(
            page_size=PAGE, num_blocks=at_once * (-(-longest // PAGE) + 1) + 1,
            max_batch_tokens=max(STEP_TOKENS, at_once), max_requests_per_batch=at_once, auto_switch_to_flash=False,
        )  # fmt: skip
        how = deepcopy(self.network.generation_config)  # transformers writes into it
        try:
            session = self.network.init_continuous_batching(how, config)
        except (ValueError, AttributeError, NotImplementedError) as error:
            raise self._failure(error) from error
        session.start()
        try:
            for place, ids in enumerate(prompts):
                session.add_request(ids, request_id=str(place), max_new_tokens=max_new_tokens)
            yield session
        finally:
            session.stop(hard_stop=True)

    def _next(self, session: Any) -> Ended:
        while True:
            found = session.get_result(timeout=LOOK_S)
            if found is None and not session.is_running():
                raise self._failure(session.background_thread_status.fatal_error)
            if found is not None and found.error is not None:
                raise self._failure(found.error)
            if found is not None and found.is_finished():
                began, ended = found.lifespan
                return Ended(int(found.request_id), list(found.generated_tokens), ended - began)

    def _failure(self, problem: object) -> RunError:
        return RunError(f"{self.name}: continuous batching failed: {problem}. Allowed: batching padded.")
