"""How fast a server is asked: calls and tokens a minute, pauses that it asks for, patience with failures."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter

from multirads_hf.running.endpoint.reply import BUSY, CallError
from multirads_hf.running.models import Options

# The longest wait that is obeyed; a server that asks for more (a quota of the day) fails the call.
LONGEST_WAIT_S = 900.0
# Calls for one prompt that the server may put off before that, too, counts as a failure.
LONGEST_QUEUE = 60
MINUTE_S = 60.0


@dataclass(slots=True)
class Pace:
    """Holds calls back. Belongs to the event loop in which it is made.

    Calls are spread over the minute: no window of 60 s holds more than the limit and one second's
    share of it. Tokens may come in a burst of ``burst_tokens``, the largest call.
    """

    options: Options
    burst_tokens: int
    _calls: AsyncLimiter | None = field(init=False, default=None)
    _tokens: AsyncLimiter | None = field(init=False, default=None)
    _paused_until: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        if (calls := self.options.requests_per_minute) is not None:
            burst = max(1.0, calls / MINUTE_S)
            self._calls = AsyncLimiter(burst, burst * MINUTE_S / calls)
        if (tokens := self.options.tokens_per_minute) is not None:
            most = max(tokens / MINUTE_S, min(tokens, self.burst_tokens))
            self._tokens = AsyncLimiter(most, most * MINUTE_S / tokens)

    async def turn(self, tokens: int) -> None:
        """Wait until a call of so many tokens may start."""
        if self._calls is not None:
            await self._calls.acquire()
        if self._tokens is not None:
            await self._tokens.acquire(min(tokens, self._tokens.max_rate))
        clock = asyncio.get_running_loop().time
        while (left := self._paused_until - clock()) > 0:
            await asyncio.sleep(left)

    def pause(self, seconds: float) -> None:
        """Start no call for so long: the server asked one of them to wait."""
        self._paused_until = max(self._paused_until, asyncio.get_running_loop().time() + seconds)


@dataclass(slots=True)
class Patience:
    """Decides, for one prompt, whether a failed call is made again, and when.

    Attributes:
        attempts: failures after which the failure stands.
    """

    attempts: int
    failures: int = 0
    put_off: int = 0

    def __call__(self, error: Exception) -> bool | float:
        """Return False to give up, True to wait longer each time, or the seconds to wait."""
        if not isinstance(error, CallError):
            return False
        wait = error.wait if error.wait is not None and error.wait <= LONGEST_WAIT_S else None
        if error.status in BUSY and wait is not None:
            self.put_off += 1
            return wait if self.put_off < LONGEST_QUEUE else False
        self.failures += 1
        if self.failures >= self.attempts or not error.passing or wait != error.wait:
            return False
        return True if error.wait is None else error.wait
