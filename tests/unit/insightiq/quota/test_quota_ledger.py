"""The books: what they allow, and what they make of rejections and of strange clocks."""

from __future__ import annotations

import math

import pytest

from insightiq.errors import ConfigurationError
from insightiq.quota.ledger import Ledger, Ticket


def started(ledger: Ledger, now: float) -> Ticket:
    """Start a request that must be allowed."""
    outcome = ledger.try_start(now)
    assert isinstance(outcome, Ticket), f"rejected at {now}, ask again at {outcome}"
    return outcome


def burst(ledger: Ledger, now: float) -> list[Ticket]:
    """Start as many requests as are allowed at once."""
    tickets = []
    while isinstance(outcome := ledger.try_start(now), Ticket):
        tickets.append(outcome)
    return tickets


def aware(offset: float = 0.0, **limits: int) -> Ledger:
    """Return a ledger that knows the server's clock to a tenth of a second since its second 8."""
    ledger = Ledger(**limits)
    for server_time in (3.95, 8.0):
        now = server_time - offset
        ticket = started(ledger, now)
        date = math.floor(server_time + 0.01)
        ledger.finish(ticket, now + 0.02, server_date=date, status=200)
    assert ledger.bounds.width(8.0) < 0.1
    return ledger


def test_next_second_of_server_is_used_at_once() -> None:
    """The ten of a second start together, and the next ten as soon as the server's clock turns."""
    ledger = aware(offset=0.4)
    tickets = burst(ledger, 12.61)
    assert len(tickets) == 10
    for ticket in tickets:
        ledger.finish(ticket, 12.7, server_date=13, status=200)
    ask_at = ledger.may_start(12.7)
    assert ask_at is not None
    assert ask_at == pytest.approx(13.6, abs=0.03)
    assert len(burst(ledger, ask_at)) == 10


def test_unknown_clock_cuts_first_burst() -> None:
    """Half starts at once, the rest evenly, so that the responses show where a second ends."""
    ledger = Ledger()
    assert len(burst(ledger, 0.0)) == 5
    assert ledger.may_start(0.0) == pytest.approx(0.2, abs=1e-3)
    assert len(burst(ledger, 0.21)) == 1


def test_without_dates_request_makes_room_one_second_after_its_end() -> None:
    """The rolling log needs nothing but our own clock."""
    ledger = Ledger(requests_per_second=2)
    for ticket in burst(ledger, 0.0):
        ledger.finish(ticket, 0.3, server_date=None, status=200)
    assert ledger.may_start(0.4) == pytest.approx(1.3, abs=1e-3)
    assert len(burst(ledger, 1.31)) == 2


def test_concurrency_cap_holds_until_request_ends() -> None:
    """No time can be named: only the end of another request makes room."""
    ledger = aware(concurrency=3)
    tickets = burst(ledger, 12.5)
    assert len(tickets) == 3
    assert ledger.may_start(12.6) == math.inf
    ledger.finish(tickets[0], 12.7, server_date=12, status=200)
    assert ledger.may_start(12.7) is None


def test_error_closes_until_server_s_next_second() -> None:
    """Not for as long as a rounded-up header says, and not one request earlier."""
    ledger = aware()
    tickets = burst(ledger, 12.3)
    ledger.finish(tickets[0], 12.4, server_date=12, status=429)
    assert ledger.may_start(12.5) == pytest.approx(13.0, abs=0.1)


def test_error_without_date_closes_for_second() -> None:
    ledger = Ledger()
    ledger.finish(started(ledger, 5.0), 5.1, server_date=None, status=429)
    assert ledger.may_start(5.2) == pytest.approx(6.1, abs=1e-3)


def test_unexplained_error_is_adaptive_limit() -> None:
    """Less is sent from then on, the bounds widen, and one by one the belief comes back."""
    ledger = aware()
    slack = ledger.bounds.slack
    ledger.finish(started(ledger, 12.3), 12.4, server_date=12, status=429)
    assert ledger.rate.value == 9
    assert ledger.bounds.slack > slack
    assert ledger.may_start(41.0) is None
    assert ledger.rate.value == 9
    assert ledger.may_start(43.0) is None
    assert ledger.rate.value == 10


def test_errors_of_one_burst_lower_rate_once() -> None:
    """Ten responses 429 to ten requests of one moment are one message."""
    ledger = aware()
    for ticket in burst(ledger, 12.3):
        ledger.finish(ticket, 12.4, server_date=12, status=429)
    assert ledger.rate.value == 9


def test_repeated_errors_lower_faster() -> None:
    """Somebody else uses the same credentials: give way."""
    ledger = aware()
    for now in (12.3, 15.3, 18.3):
        ledger.finish(started(ledger, now), now + 0.1, server_date=int(now), status=429)
    assert ledger.rate.value == 4


def test_rejected_crowd_lowers_concurrency() -> None:
    """The smallest crowd that was rejected is one too many."""
    ledger = aware()
    tickets = burst(ledger, 12.3)
    for ticket in reversed(tickets):
        status = 429 if ticket.open_requests > 6 else 200
        ledger.finish(ticket, 12.4, server_date=12, status=status)
    assert ledger.open_limit.value == 6
    assert ledger.rate.value == 9


def test_error_while_beginning_lowers_nothing() -> None:
    """An earlier run of the program may have used the second up; that says nothing for later."""
    ledger = Ledger()
    tickets = burst(ledger, 0.5)
    for ticket in tickets:
        ledger.finish(ticket, 0.6, server_date=0, status=429)
    assert ledger.rate.value == 10
    assert ledger.open_limit.value == 10


def test_contradicting_date_falls_back_to_rolling_log() -> None:
    """After a jump of either clock nothing is trusted but our own, until two responses agree."""
    ledger = aware()
    ledger.finish(started(ledger, 12.3), 12.4, server_date=500, status=200)
    assert not ledger.bounds.known(12.4)
    tickets = burst(ledger, 12.5)
    assert 0 < len(tickets) < 10
    ledger.finish(tickets[0], 12.6, server_date=500, status=200)
    assert ledger.bounds.known(12.6)
    for ticket in tickets[1:]:
        ledger.finish(ticket, 12.6, server_date=500, status=200)
    assert len(tickets) + len(burst(ledger, 12.7)) <= 10


def test_dates_that_always_contradict_never_stop_traffic() -> None:
    """Servers whose clocks differ by hours, behind one name: the rolling log carries on."""
    ledger = Ledger()
    now, count = 0.0, 0
    while now < 20.0:
        outcome = ledger.try_start(now)
        if isinstance(outcome, Ticket):
            count += 1
            now += 0.05
            date = now + (9999.0 if count % 2 else 0.0)
            ledger.finish(outcome, now, server_date=date, status=200)
        else:
            assert outcome > now
            now = outcome
    assert count > 150


def test_end_is_taken_in_once() -> None:
    """A second release of the same request changes nothing."""
    ledger = aware(requests_per_second=3)
    first, second, third = burst(ledger, 12.5)
    for _ in range(3):
        ledger.finish(first, 12.6, server_date=12, status=200)
    ledger.finish(second, 12.6, server_date=12, status=200)
    ledger.finish(third, 12.6, server_date=12, status=200)
    assert len(burst(ledger, 13.1)) == 3


def test_request_that_was_never_sent_leaves_no_trace() -> None:
    """Its place in the second goes to somebody else."""
    ledger = aware(requests_per_second=1)
    ledger.cancel(started(ledger, 12.5))
    assert ledger.may_start(12.5) is None


def test_long_requests_use_up_every_second_they_last() -> None:
    """No one knows in which second a slow request was counted; an uplink limit shows."""
    slow = Ledger(requests_per_second=2)
    assert len(burst(slow, 0.0)) == 2
    assert slow.may_start(30.0) == math.inf
    known = Ledger(requests_per_second=2, uplink_limit=0.5)
    assert len(burst(known, 0.0)) == 2
    assert known.may_start(0.1) == pytest.approx(1.5, abs=1e-3)
    assert started(known, 1.51)


def test_memory_stays_small() -> None:
    """Weeks of requests leave a handful of numbers."""
    ledger = Ledger()
    now = 0.0
    for _ in range(3000):
        outcome = ledger.try_start(now)
        if isinstance(outcome, Ticket):
            ledger.finish(outcome, now + 0.01, server_date=now + 1e9, status=200)
            now += 0.09
        else:
            now = outcome
    assert len(ledger.state.counts) < 20
    assert len(ledger.state.free_at) < 20


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"requests_per_second": 0}, "requests_per_second=0"),
        ({"requests_per_second": 2.5}, "requests_per_second=2.5"),
        ({"concurrency": -1}, "concurrency=-1"),
        ({"concurrency": True}, "concurrency=True"),
        ({"concurrency": -(10**5000)}, "concurrency=a number of thousands of digits"),
        ({"uplink_limit": math.inf}, "uplink_limit=inf"),
        ({"uplink_limit": math.nan}, "uplink_limit=nan"),
    ],
)
def test_impossible_limits_are_rejected(limits: dict[str, float], named: str) -> None:
    """One sentence says which, and what to give instead."""
    with pytest.raises(ConfigurationError, match=named):
        Ledger(**limits)  # type: ignore[arg-type]  # the point of the test
