"""The clock through the control API."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest

from insightiq_mock.control import ControlRefusedError, MockControl
from insightiq_mock.control.stretches import stretch
from insightiq_mock.testing import MockTenant

JANUARY_31 = dt.datetime(2027, 1, 31, 12, tzinfo=dt.UTC)


def test_frozen_clock_stands_still_until_it_is_advanced(control: MockControl) -> None:
    """A tenant's clock stands; advancing adds up all parts."""
    before = control.clock()
    assert before.mode == "frozen"
    advanced = control.advance(days=1, hours=2, minutes=3, seconds=4.5)
    assert advanced.clock.now - before.now == dt.timedelta(days=1, hours=2, minutes=3, seconds=4.5)
    assert control.clock() == advanced.clock


@pytest.mark.parametrize(
    ("months", "end"),
    [(1, (2027, 2, 28)), (2, (2027, 3, 31)), (11, (2027, 12, 31)), (13, (2028, 2, 29))],
)
def test_months_are_those_of_the_calendar(months: int, end: tuple[int, int, int]) -> None:
    """A month after the last of January is the last of February."""
    assert JANUARY_31 + stretch(JANUARY_31, {"months": months}) == dt.datetime(
        *end, 12, tzinfo=dt.UTC
    )


def test_months_reach_the_clock(control: MockControl) -> None:
    """An advance by a month is one by as many days as the month has."""
    before = control.clock().now
    assert control.advance(months=1).clock.now - before == stretch(before, {"months": 1})


def test_clock_runs_at_a_factor(control: MockControl) -> None:
    """A running clock begins where it is told to, and says how fast it is."""
    clock = control.set_clock("running", at=JANUARY_31, factor=1000)
    assert (clock.mode, clock.factor) == ("running", 1000.0)
    assert clock.now >= JANUARY_31


def test_real_clock_shows_the_time_of_the_wall(control: MockControl) -> None:
    """A real clock follows the machine's."""
    shown = control.set_clock("real").now
    assert abs(shown - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mode": "real", "at": JANUARY_31}, "cannot be set to a moment"),
        ({"mode": "frozen", "factor": 2.0}, "factor goes with mode running"),
        ({"mode": "stopped"}, "is not one of"),
    ],
)
def test_impossible_clocks_are_refused(
    control: MockControl, arguments: dict[str, object], message: str
) -> None:
    """The refusal says what goes with what."""
    with pytest.raises(ControlRefusedError, match=message) as refused:
        control.set_clock(**arguments)  # type: ignore[arg-type] # what the test is about
    assert refused.value.status == 400


def test_moment_without_zone_is_refused_at_once(control: MockControl) -> None:
    """A naive moment never leaves the client: it could mean any hour."""
    with pytest.raises(ValueError, match="has no time zone"):
        control.set_clock("frozen", at=dt.datetime(2027, 1, 1))  # noqa: DTZ001 - what the test is about


@pytest.mark.parametrize("parts", [{"days": -1}, {"months": 1200, "days": 36600 * 99}])
def test_impossible_advances_are_refused(control: MockControl, parts: dict[str, int]) -> None:
    """Neither backwards, nor beyond what a clock can show."""
    before = control.clock()
    with pytest.raises(ControlRefusedError) as refused:
        control.advance(**parts)
    assert refused.value.status == 400
    assert control.clock() == before


def test_what_is_due_happens_in_order_before_the_answer(
    tenant: MockTenant, control: MockControl, api: httpx.Client
) -> None:
    """Advancing by an hour finishes the first syncs, and their notifications are there."""
    receiver = tenant.receiver()
    events = ["ACCOUNTS.CONNECTED", "PROFILES.ADDED", "CONTENTS.ADDED"]
    api.post("/v1/webhooks", json={"name": "w", "url": receiver.url, "events": events})
    account = control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
    jobs = control.advance(hours=1).jobs
    assert [job.due_at for job in jobs] == sorted(job.due_at for job in jobs)
    synced = api.get(f"/v1/accounts/{account['id']}").json()["data"]
    assert {synced["identity"]["status"], synced["engagement"]["status"]} == {"SYNCED"}
    assert [notification.event for notification in receiver.received][:2] == events[:2]


def test_api_tells_the_time_of_the_clock(control: MockControl, api: httpx.Client) -> None:
    """What is created bears the moment that the clock shows."""
    control.set_clock("frozen", at=JANUARY_31)
    user = api.post("/v1/users", json={"name": "Ada", "external_id": "a"}).json()
    assert user["created_at"] == "2027-01-31T12:00:00.000000"
