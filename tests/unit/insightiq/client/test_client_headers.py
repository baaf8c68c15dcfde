"""Headers of a server, whatever stands in them."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import insightiq
from insightiq import errors
from insightiq._call import Calls, Send
from insightiq._raw import raw_operation, raw_request
from insightiq._response import Response
from insightiq._retry import parse_http_date, retry_after_seconds
from insightiq.quota import Quota
from insightiq.testing import FakeClock, ScriptedTransport, response

HUGE = "9" * 5000
# A month or a weekday that is none, years and zones beyond what a date can hold.
DATES = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Wed", "Xyz", ""]),
    st.sampled_from(["21", "0", "99", "-1", HUGE]),
    st.sampled_from(["Oct", "Feb", "Foo", ""]),
    st.sampled_from(["2026", "0", "1", "69", "-5", "9999", "10000", "9" * 20, HUGE]),
    st.sampled_from(["07", "24", "-1", HUGE]),
    st.sampled_from(["28", "60", HUGE]),
    st.sampled_from(["00", "61", "1e9", HUGE]),
    st.sampled_from(["GMT", "-0000", "+9999", "-9999", "+" + "9" * 17, HUGE, "é", ""]),
)
NUMBERS = st.sampled_from(
    ["0", "1", "-1", "-0", "1e400", "-1e400", "nan", "inf", "1_0", "0x1", "٣", HUGE, f"-{HUGE}"]
) | st.integers().map(str)
# What a header can hold on the wire: no line breaks, no NUL.
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
VALUES = DATES | NUMBERS | TEXTS | st.just("x" * 60_000)
READ = (
    "date",
    "retry-after",
    "request-id",
    "content-type",
    "content-encoding",
    "content-length",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
)
HEADERS = st.fixed_dictionaries({}, optional=dict.fromkeys(READ, VALUES))


@given(VALUES)
@example("Wed, 21 Oct 99999999999999999999 07:28:00 GMT")
@example("Wed, 21 Oct 2026 07:28:00 +99999999999999999")
def test_no_date_header_raises(text: str) -> None:
    """What is out of every range is no date."""
    found = parse_http_date(text)
    assert found is None or abs(found) < 1e12


@given(VALUES, st.none() | VALUES)
@example("Wed, 21 Oct 99999999999999999999 07:28:00 GMT", None)
def test_no_retry_after_header_raises(value: str, date: str | None) -> None:
    """It says how long to wait, or nothing."""
    found = retry_after_seconds(value, date)
    assert found is None or 0 <= found < float("inf")


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@settings(max_examples=150, deadline=None)
@given(
    responses=st.lists(st.tuples(st.sampled_from([200, 404, 429, 500, 503]), HEADERS), max_size=4)
)
@example(responses=[(200, {"date": "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"})])
@example(responses=[(429, {"retry-after": "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"})])
def test_no_header_breaks_a_call_or_loses_a_slot(
    responses: list[tuple[int, dict[str, str]]], *, asynchronous: bool
) -> None:
    """A call succeeds or fails as the client's errors say, and gives its share of the quota back."""
    clock = FakeClock()
    script = [response(status, json={}, headers=headers) for status, headers in responses]
    transport = ScriptedTransport([*script, *[response(404)] * 4], clock=clock)
    quota = Quota(clock=clock)
    options: dict[str, Any] = {
        "client_id": "id",
        "client_secret": "planted-secret",
        "quota": quota,
        "clock": clock,
        "transport": transport,
    }
    if asynchronous:
        error = asyncio.run(_failure_async(insightiq.AsyncInsightIQ(**options)))
    else:
        error = _failure(insightiq.InsightIQ(**options))
    assert not quota._books.under_way
    assert clock.monotonic() < 3 * 70
    if error is not None:
        assert str(error).isprintable()
        assert len(str(error)) < 2000


def _failure(iq: insightiq.InsightIQ) -> errors.InsightIQError | None:
    try:
        iq.request("GET", "/v1/things")
    except errors.InsightIQError as error:
        return error
    return None


async def _failure_async(iq: insightiq.AsyncInsightIQ) -> errors.InsightIQError | None:
    try:
        await iq.request("GET", "/v1/things")
    except errors.InsightIQError as error:
        return error
    return None


def test_a_request_id_cannot_write_to_a_terminal(caplog: pytest.LogCaptureFixture) -> None:
    """It is the server's text: control sequences and a header of its full length stay out."""
    evil = "\x9b2J\x85" + "r" * 60_000
    script = ScriptedTransport([response(404, json={}, headers={"request-id": evil})])
    with (
        caplog.at_level(logging.INFO, logger="insightiq"),
        insightiq.InsightIQ(client_id="id", client_secret="s3cret", transport=script) as iq,
        pytest.raises(errors.NotFoundError) as caught,
    ):
        iq.users.get("u-1")
    for text in (str(caught.value), *caplog.messages):
        assert text.isprintable()
        assert len(text) < 1000
    assert caught.value.request_id == evil


def test_a_slot_comes_back_where_reading_the_response_fails() -> None:
    """Whatever a response does to its reader: what is not given back is lost for good."""

    class Odd(dict[str, str]):
        def get(self, name: str, default: Any = None) -> Any:
            if name == "date":
                raise ZeroDivisionError
            return super().get(name, default)

    clock = FakeClock()
    quota = Quota(clock=clock)
    iq = insightiq.InsightIQ(client_id="id", client_secret="s3", quota=quota, clock=clock)
    driver: Any = iq._driver
    with pytest.raises(ZeroDivisionError):
        _run(driver, Odd())
    assert not quota._books.under_way


def _run(driver: Any, headers: Any) -> None:
    operation = raw_operation("GET", "/v1/things")
    calls = Calls(driver._shared, driver._shared.sender.get("test"), driver.options)
    steps = calls.call(operation, raw_request(operation, None, None))
    effect = next(steps)
    while not isinstance(effect, Send):
        effect = steps.send(driver._carry_out(effect, None))
    steps.send(Response(None, 200, headers, b"{}"))
