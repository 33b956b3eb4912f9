"""What a server says about waiting and about its failure is understood in every form that it may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from multirads_hf.running.endpoint.reply import CallError, read, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "Retry-After": "1"}, 0.25),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "-3"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"Retry-After": ""}, None),
        ({}, None),
    ],
)
def test_a_wait_is_a_number_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_to_come_is_the_time_until_then() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 57 <= (retry_after({"Retry-After": later}) or 0) <= 61


@pytest.mark.parametrize(
    ("status", "passing"),
    [(400, False), (401, False), (404, False), (422, False), (408, True), (429, True), (500, True), (502, True),
     (529, True), (302, False)],
)  # fmt: skip
def test_what_may_pass_is_told_from_what_will_not(status: int, passing: bool) -> None:
    with pytest.raises(CallError) as told:
        read(status, {"Retry-After": "3"}, b"no")
    assert (told.value.status, told.value.passing, told.value.wait) == (status, passing, 3.0 if passing else None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"error": {"message": "too  long\\n by 3"}}', "too long by 3"),
        (b'{"error": "too long"}', "too long"),
        (b'{"message": "too long"}', "too long"),
        (b'{"detail": [{"loc": ["body"], "msg": "too long"}]}', "too long"),
        (b"<html>Bad Gateway</html>", "Bad Gateway"),
        (b"\xff", "\ufffd"),
        (b"", "no reason given"),
        (b"x" * 5000, "x" * 300),
    ],
)
def test_the_reason_is_found_in_every_shape(content: bytes, said: str) -> None:
    with pytest.raises(CallError) as told:
        read(500, {}, content)
    assert said in str(told.value)
    assert len(str(told.value)) < 400
