"""What the Hub can answer to a publisher: which answers are worth waiting for, and a sentence for the others."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from multirads_hf.errors import MultiradsError, PublishError

T = TypeVar("T")

ATTEMPTS = 5
LONGEST_WAIT = 300.0
_STALE = 412
_TOO_MANY = 429
# A commit that came in between is no reason to wait; the others pass.
_PASSING = (408, _TOO_MANY, 500, 502, 503, 504)
_NO_ROOM = (413, 507)
_PAYMENT = 402
# The Hub has no status of its own for a full account: it says so in words.
_QUOTA = re.compile(r"quota|storage (limit|space|capacity)|limit exceeded", re.IGNORECASE)
_TOKEN = re.compile(r"\bhf_\w+|(?<=Bearer )\S+")
# huggingface.co/docs/hub/rate-limits: `RateLimit: "api";r=0;t=55`, r requests left, t seconds to the next window.
_RATE_LIMIT = re.compile(r"\br=0\b.*?\bt=(\d+)")
_SETTINGS = "https://huggingface.co/settings/tokens"
_AGAIN = "The same command goes on from there."


NO_TOKEN = (
    f"publish: there is no token. Allowed: one that may write ({_SETTINGS}), given to `hf auth login` or in HF_TOKEN."
)
NO_REPOSITORY = "there is no such repository, or this token may not see it."
READ_ONLY = f"publish: the token of {{user}} may only read. Allowed: one that may write ({_SETTINGS})."


def hub_errors() -> tuple[type[Exception], ...]:
    """Return what clients of the Hub raise: httpx2, httpx or requests below, by the version of huggingface_hub."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    # Its first base is the root of the HTTP library; uploads end in RuntimeError, refused input in ValueError.
    return (*HfHubHTTPError.__bases__[:1], OSError, RuntimeError, ValueError)


def insist(call: Callable[[], T], where: str) -> T:
    """Return what ``call`` returns, called again after errors that pass. For reading, and for what is safe to repeat.

    Raises:
        PublishError: it fails for good; ``where`` begins the message.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return call()
        except hub_errors() as error:
            pause(error, attempt, where)
    raise AssertionError("pause raises at the last attempt")


def pause(error: Exception, attempt: int, where: str) -> None:
    """Wait for as long as the Hub asks for, when the error is one that passes.

    Raises:
        PublishError: it is none, or this was the last attempt.
    """
    if isinstance(error, MultiradsError):
        raise error
    root = _root(error)
    seconds = _seconds(root, attempt)
    if seconds is None or attempt >= ATTEMPTS or seconds > LONGEST_WAIT:
        raise PublishError(masked(f"{where}: {_sentence(root)}")) from None
    if seconds:
        reason = _status(root) or type(root).__name__
        logging.getLogger("multirads_hf").warning("%s: waiting %.0f s (%s).", where, seconds, reason)
        time.sleep(seconds)


def masked(text: str) -> str:
    """Return the text in one line and with every token in it hidden."""
    from huggingface_hub import get_token  # noqa: PLC0415

    token = get_token()
    hidden = text.replace(token, "***") if token else text
    return " ".join(_TOKEN.sub("***", hidden).split())


def _root(error: Exception) -> Exception:
    """Return the error of the HTTP client that another one was raised from, if there is one."""
    causes = [error, *_causes(error)]
    answered = [cause for cause in causes if _status(cause)]
    unanswered = [cause for cause in causes if isinstance(cause, hub_errors()[0])]
    return (answered or unanswered or causes)[0]


def _causes(error: BaseException) -> Iterator[Exception]:
    while isinstance(error := error.__cause__, Exception):  # type: ignore[assignment]
        yield error


def _status(error: BaseException) -> int:
    """Return the HTTP status of the answer that the error is about, 0 when there was no answer."""
    return int(getattr(getattr(error, "response", None), "status_code", 0) or 0)


def _seconds(error: Exception, attempt: int) -> float | None:
    """Return how long to wait before another attempt, None when it would be in vain."""
    status = _status(error)
    if status == _STALE:
        return 0.0
    if status in _PASSING:
        asked = _asked_for(getattr(error, "response").headers)  # noqa: B009
        return 2.0 ** (attempt - 1) if asked is None else asked
    dropped = not status and _unanswered(error) and "Connect" not in type(error).__name__
    return 2.0 ** (attempt - 1) if dropped else None


def _unanswered(error: Exception) -> bool:
    """Whether a connection ended, or never came about: an error of the HTTP client, about no file of ours."""
    own = isinstance(error, OSError) and error.filename is not None
    return isinstance(error, hub_errors()[:2]) and not own and type(error).__name__ not in _REASONS


def _asked_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the headers ask to wait: ``Retry-After`` (number or date), else ``RateLimit``."""
    after = headers.get("Retry-After", "").strip()
    if after.isdigit():
        return float(after)
    if after:
        try:
            return max(0.0, (parsedate_to_datetime(after) - datetime.now(UTC)).total_seconds())
        except (TypeError, ValueError):
            return None
    limited = _RATE_LIMIT.search(headers.get("RateLimit", ""))
    return float(limited[1]) if limited else None


def _sentence(error: Exception) -> str:
    """Return one sentence for an error that is final."""
    from huggingface_hub import constants  # noqa: PLC0415

    status, said = _status(error), _said(error)
    name = type(error).__name__
    if not status and "xet" in str(error).lower():
        return f"the store of large files failed ({said}). HF_HUB_DISABLE_XET=1 sends them another way."
    if not status and _unanswered(error):
        return f"{constants.ENDPOINT} does not answer ({name}). {_AGAIN}"
    if status in _NO_ROOM or (status in (0, 403) and _QUOTA.search(said)):
        return f"the account has no room for this ({said})."
    if status == _TOO_MANY:
        seconds = _asked_for(getattr(error, "response").headers)  # noqa: B009
        return f"the Hub takes no more requests for now; try again in {seconds or 60:.0f} s. {_AGAIN}"
    if status >= 500:
        return f"the Hub failed {ATTEMPTS} times ({status}). {_AGAIN}"
    return _REASONS.get(name) or _BY_STATUS.get(status, "{said}.").format(said=said)


_REASONS = {
    "GatedRepoError": "the repository is gated and this account is not on its list. Allowed: one of your own.",
    "OfflineModeIsEnabled": "HF_HUB_OFFLINE is set. Allowed: to publish without it.",
}
_BY_STATUS = {
    401: f"the Hub does not know this token. Allowed: one that may write ({_SETTINGS}).",
    _PAYMENT: "the Hub asks for a payment ({said}).",
    403: "this token may not write there. Allowed: a namespace of your own or of your organisations.",
    404: NO_REPOSITORY,
    _STALE: f"other commits came in between, {ATTEMPTS} times. {_AGAIN}",
}


def _said(error: Exception) -> str:
    """Return the server's own words, else the first line of the error."""
    response: Any = getattr(error, "response", None)
    own = response.headers.get("X-Error-Message") if response is not None else None
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return str(own or (lines or [type(error).__name__])[-1]).rstrip(".")
