"""State of the limiter: the moment at which a request may start so that the server accepts it.

The server counts the requests that arrive in each whole second of *its* clock, and rejects those
beyond its limit; it also rejects more than some number at once. A client does not see that clock,
and does not know when a request arrives. It knows bounds for both:

- the ``Date`` of each response bounds how far the server's clock is ahead (``ClockBounds``),
- a request arrives after it was sent and before its response was received.

So the ledger **charges each request to every window in which it may have been counted**: from the
second in which it was sent, by the lowest clock, to the second in which its response came, by the
highest, and never later than the response's own ``Date``. While a request is under way, each window
that can still come is among them; with the response, its charge shrinks to the few that remain.

A request may start when every window in which it could be counted has room. That is one proof that
the server will not reject it. There is a second one, which needs no clock but our own: a request
whose response came more than a second ago cannot be counted in the same second as one that is sent
now. Either proof is enough; the second carries the client while the server's clock is unknown, and
all the time with a server that sends no ``Date``.

::

                ┌──────────────┐   a date came, and a second passed    ┌──────────────────┐
    start ────▶ │ rolling log  │ ────────────────────────────────────▶ │ windows          │
                │ (own clock)  │ ◀──────────────────────────────────── │ (server's clock) │
                └──────────────┘   a date contradicts the bounds, or   └──────────────────┘
                       │           the server rejected without reason          │
                       │ 429                                                   │ 429
                       ▼                                                       ▼
                ┌─────────────────────────────────────────────────────────────────────────┐
                │ closed until the server's next second; if the state does not explain the│
                │ rejection: the assumed limits are lowered, and raised slowly            │
                └─────────────────────────────────────────────────────────────────────────┘

In the first second or two the bounds are wide. So that they narrow early, a burst at the beginning
is cut: half of the limit starts at once, the rest evenly, until two responses show where the server's
second ends.

The ledger has no clock and does no input or output. Times are seconds on one clock that never goes
back; an earlier time than the latest one known counts as that one.

Source: evidence.md#rate-limits.
"""

from __future__ import annotations

import bisect
import dataclasses
import math
import typing

from insightiq._config import shown
from insightiq.errors import ConfigurationError

__all__ = ["DRIFT", "ROUNDING", "AdaptiveLimit", "ClockBounds", "Ledger", "LedgerState", "Ticket"]

_FACTOR = 0.7
_PATIENCE = 30.0
_MOST_PATIENCE = 600.0


class AdaptiveLimit:
    """An adaptive limit: lowered when the server contradicts it, raised again slowly.

    A first contradiction takes one off, a second one soon after takes three tenths. Every half
    minute without one gives one back; where that is contradicted at once, the pause doubles, up
    to ten minutes.

    Args:
        ceiling: What the limit is said to be.

    Attributes:
        value: What it is believed to be, at least 1.
    """

    __slots__ = ("_ceiling", "_changed_at", "_patience", "_raised", "value")

    def __init__(self, ceiling: int) -> None:
        self._ceiling = ceiling
        self._changed_at = 0.0
        self._patience = _PATIENCE
        self._raised = False
        self.value = ceiling

    @property
    def lowered(self) -> bool:
        """Whether less is believed than was said."""
        return self.value < self._ceiling

    def lower(self, now: float) -> None:
        """Believe less: the server rejected what this value allowed."""
        soon = self.lowered and now - self._changed_at < self._patience
        self.lower_to(int(self.value * _FACTOR) if soon else self.value - 1, now)

    def lower_to(self, value: int, now: float) -> None:
        """Believe ``value``, unless less is believed already."""
        if self._raised:
            early = now - self._changed_at < self._patience
            self._patience = min(2 * self._patience, _MOST_PATIENCE) if early else _PATIENCE
        self._raised = False
        self.value = min(self.value, max(1, value))
        self._changed_at = now

    def recover(self, now: float) -> bool:
        """Believe one more if it is time; return whether that was so."""
        if not self.lowered or now - self._changed_at < self._patience:
            return False
        self.value += 1
        self._changed_at = now
        self._raised = True
        return True

    def dump(self) -> list[float]:
        """Return the state as numbers, for a file."""
        return [self.value, self._changed_at, self._patience, float(self._raised)]

    def load(self, state: list[float]) -> None:
        """Take over a state that ``dump`` returned."""
        value, self._changed_at, self._patience, raised = state
        self.value = int(value)
        self._raised = bool(raised)


# Two undisciplined quartz clocks part by less than this many seconds in a second.
DRIFT = 100e-6
# A wider interval names so many windows that it says nothing.
_USELESS = 3.0
# Seconds since 1970 have steps of up to 0.5 microseconds as floats.
ROUNDING = 4e-6

_MOST_SLACK = 0.5


class ClockBounds:
    """Bounds of ``server clock - our clock``.

    Attributes:
        slack: Seconds by which the clock that dates the responses may differ from the one that
            counts the requests; grows when the server rejects what should have been allowed.
    """

    __slots__ = ("_at", "_contradicted", "_high", "_low", "slack")

    def __init__(self) -> None:
        self._low = -math.inf
        self._high = math.inf
        self._at = 0.0
        self._contradicted = False
        self.slack = 0.0

    def known(self, now: float) -> bool:
        """Return whether the bounds can be worked with."""
        return not self._contradicted and self.width(now) <= _USELESS

    def width(self, now: float) -> float:
        """Return how far the bounds are apart."""
        return self._high - self._low + 2 * self._drift(now)

    def low(self, moment: float) -> float:
        """Return the least that the server's clock may be ahead at ``moment``."""
        return self._low - self._drift(moment) - ROUNDING

    def high(self, moment: float) -> float:
        """Return the most that the server's clock may be ahead at ``moment``."""
        return self._high + self._drift(moment) + ROUNDING

    def learn(self, sent: float, received: float, date: float) -> bool:
        """Take in the ``Date`` of a response.

        Returns:
            False when it contradicts what was believed.
        """
        second = math.floor(date)
        drift = DRIFT * (received - sent)
        low = second - received - self.slack - drift
        high = second + 1 - sent + self.slack + drift
        trusted = self.known(received)
        common_low = max(low, self.low(received))
        common_high = min(high, self.high(received))
        if common_low <= common_high:
            self._set(common_low, common_high, received)
            self._contradicted = False
            return True
        self._set(low, high, received)
        self._contradicted = self._contradicted or trusted
        return not trusted

    def moment_of(self, second: int, now: float) -> float:
        """Return a moment after ``now`` when the server's clock has certainly reached ``second``."""
        pause = max(0.0, second - self.low(now) - now)
        return now + pause * (1 + 2 * DRIFT) + 2 * ROUNDING

    def last_second(self, date: float) -> int:
        """Return the latest window that a request whose response has this ``Date`` can count in."""
        return math.floor(math.floor(date) + 1 + self.slack - ROUNDING)

    def loosen(self, seconds: float) -> None:
        """Widen the bounds for good: these responses are dated by another clock than they count by."""
        wider = min(self.slack + seconds, _MOST_SLACK) - self.slack
        self.slack += wider
        self._low -= wider
        self._high += wider

    def tighten(self, factor: float) -> None:
        """Forget part of the slack; the next responses narrow the bounds accordingly."""
        self.slack *= factor
        if self.slack < ROUNDING:
            self.slack = 0.0

    def _drift(self, moment: float) -> float:
        return DRIFT * abs(moment - self._at)

    def _set(self, low: float, high: float, moment: float) -> None:
        self._low, self._high, self._at = low, high, moment

    def dump(self) -> list[float]:
        """Return the state as numbers, for a file."""
        return [self._low, self._high, self._at, float(self._contradicted), self.slack]

    def load(self, state: list[float]) -> None:
        """Take over a state that ``dump`` returned."""
        self._low, self._high, self._at, contradicted, self.slack = state
        self._contradicted = bool(contradicted)


# A second of a server whose clock is slower than ours.
_WINDOW = 1.0 + 2 * DRIFT
_TOO_MANY_REQUESTS = 429
# How much further the bounds are set apart by a rejection that the state does not explain.
_LOOSER = 0.03
_TIGHTER = 0.5
# Wider bounds let bursts start so late in a second that they reach into the next one.
_WIDE = 0.5
_LEARNING = 2.0
# Windows before the present one that are kept: bounds may be set back by less than this.
_KEPT = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket:
    """A request that was allowed to start.

    Attributes:
        id: Which one.
        started_at: When, on the ledger's clock.
        open_requests: How many were under way then, with this one.
    """

    id: int
    started_at: float
    open_requests: int


@dataclasses.dataclass(slots=True)
class LedgerState:
    """State of a limiter without the requests under way; plain numbers, for a file.

    Attributes:
        latest: The latest time known.
        counts: Completed requests charged to each window of the server.
        free_at: When each request whose response came lately can no longer share a second with a
            new one; ascending.
        windows_from: Until then the counts are incomplete, and only the rolling log holds.
        closed_until: Until then nothing starts: the server rejected.
        incident_at: When the last rejection was taken in; those of earlier requests belong to it.
        incident_explained: Whether the counts were incomplete then.
        last_start: When the last request started.
        learning_since: When the server's clock was last unknown.
        next_id: Id of the next ticket.
    """

    latest: float = -math.inf
    counts: dict[int, int] = dataclasses.field(default_factory=dict[int, int])
    free_at: list[float] = dataclasses.field(default_factory=list[float])
    windows_from: float = -math.inf
    closed_until: float = -math.inf
    incident_at: float = -math.inf
    incident_explained: bool = True
    last_start: float = -math.inf
    learning_since: float = -math.inf
    next_id: int = 0

    def dump(self) -> list[typing.Any]:
        """Return the state as numbers and lists, for a file."""
        return [
            self.latest,
            list(self.counts.items()),
            self.free_at,
            self.windows_from,
            self.closed_until,
            self.incident_at,
            self.incident_explained,
            self.last_start,
            self.learning_since,
            self.next_id,
        ]

    @classmethod
    def load(cls, dumped: list[typing.Any]) -> typing.Self:
        """Return the state that ``dump`` returned."""
        latest, counts, *others = dumped
        return cls(latest, dict(counts), *others)


class Ledger:
    """Tells when a request may start, and remembers what follows from those that did.

    Not safe for threads: its owner has a lock.

    Args:
        requests_per_second: What the server allows in each second of its clock.
        concurrency: How many requests may be under way at once.
        uplink_limit: Seconds after which a request has certainly reached the server, or None for
            no such certainty. Worth setting where responses take longer than a second: without it, a
            request is charged to every second that passes until its response.

    Raises:
        ConfigurationError: An argument is not a positive number.
    """

    def __init__(
        self,
        *,
        requests_per_second: int = 10,
        concurrency: int = 10,
        uplink_limit: float | None = None,
    ) -> None:
        _check("requests_per_second", requests_per_second, whole=True)
        _check("concurrency", concurrency, whole=True)
        if uplink_limit is not None:
            _check("uplink_limit", uplink_limit, whole=False)
        self.requests_per_second = requests_per_second
        self.concurrency = concurrency
        self.uplink_limit = uplink_limit
        self.bounds = ClockBounds()
        self.rate = AdaptiveLimit(requests_per_second)
        self.open_limit = AdaptiveLimit(concurrency)
        self.under_way: dict[int, Ticket] = {}
        self.state = LedgerState()

    # Asking

    def try_start(self, now: float) -> Ticket | float:
        """Start a request if it may, else return when to ask again, as ``may_start`` does."""
        ask_at = self.may_start(now)
        return self.start(now) if ask_at is None else ask_at

    def may_start(self, now: float) -> float | None:
        """Return None if a request may start now, else when to ask again.

        That is ``math.inf`` where only the end of another request can change that. ``start``
        must follow None before anything else happens to the ledger.
        """
        state = self.state
        now = state.latest = max(now, state.latest)
        if self.rate.lowered or self.open_limit.lowered:
            self._recover(now)
        if len(self.under_way) >= self.open_limit.value:
            return math.inf
        if now < state.closed_until:
            return state.closed_until
        by_windows = self._by_windows(now)
        if by_windows is not None:
            by_rolling_log = self._by_rolling_log(now)
            if by_rolling_log is not None:
                return min(by_windows, by_rolling_log)
        return self._learning_pause(now)

    def may_start_after(self, others: int, now: float) -> float | None:
        """Return what ``may_start`` would if ``others`` more had started now."""
        most = min(others, self.concurrency, self.requests_per_second)
        stand_ins = {-number: Ticket(-number, now, 0) for number in range(1, most + 1)}
        self.under_way |= stand_ins
        outcome = self.may_start(now)
        for number in stand_ins:
            del self.under_way[number]
        return outcome

    def start(self, now: float) -> Ticket:
        """Enter a request that is sent from ``now`` on."""
        state = self.state
        now = state.latest = max(now, state.latest)
        if now - state.last_start > _LEARNING and self.bounds.width(now) > _WIDE:
            state.learning_since = now
        state.last_start = now
        ticket = Ticket(state.next_id, now, len(self.under_way) + 1)
        state.next_id += 1
        self.under_way[ticket.id] = ticket
        return ticket

    def _by_windows(self, now: float) -> float | None:
        """Ask the counts of the server's seconds; the outcome is that of ``may_start``."""
        if not self.bounds.known(now):
            return math.inf
        if now < self.state.windows_from:
            return self.state.windows_from
        low, high = self.bounds.low(now), self.bounds.high(now)
        counts, limit = self.state.counts, self.rate.value
        for window in range(math.floor(now + high), math.floor(now + low) - 1, -1):
            on_the_way = self._on_the_way(window - high)
            if counts.get(window, 0) + on_the_way >= limit:
                if on_the_way >= limit and self.uplink_limit is None:
                    return math.inf
                return self.bounds.moment_of(window + 1, now)
        return None

    def _by_rolling_log(self, now: float) -> float | None:
        """Ask our own clock alone; the outcome is that of ``may_start``."""
        free_at = self.state.free_at
        past = bisect.bisect_right(free_at, now)
        on_the_way = self._on_the_way(now - _WINDOW)
        excess = len(free_at) - past + on_the_way + 1 - self.rate.value
        if excess <= 0:
            return None
        if self.uplink_limit is not None:
            free_at, past = self._arrivals(now), 0
        index = past + excess - 1
        return free_at[index] + ROUNDING if index < len(free_at) else math.inf

    def _arrivals(self, now: float) -> list[float]:
        """Return ``free_at`` with the requests under way, which have arrived by a known moment."""
        assert self.uplink_limit is not None
        longest = self.uplink_limit + _WINDOW
        times = self.state.free_at + [
            ticket.started_at + longest for ticket in self.under_way.values()
        ]
        return sorted(moment for moment in times if moment > now)

    def _on_the_way(self, moment: float) -> int:
        """Count the requests under way that may arrive at ``moment`` or later."""
        if self.uplink_limit is None:
            return len(self.under_way)
        earliest = moment - self.uplink_limit - ROUNDING
        return sum(1 for ticket in self.under_way.values() if ticket.started_at >= earliest)

    def _learning_pause(self, now: float) -> float | None:
        """Cut a burst while it is unknown where the server's second ends."""
        state = self.state
        if now - state.learning_since >= _LEARNING or self.bounds.width(now) <= _WIDE:
            return None
        half = (self.rate.value + 1) // 2
        lately = len(self.under_way) + len(state.free_at) - bisect.bisect_right(state.free_at, now)
        if lately < max(half, 2):
            return None
        moment = state.last_start + _WINDOW / max(half, 2)
        return moment if now < moment else None

    # Responses

    def finish(
        self, ticket: Ticket, now: float, *, server_date: float | None, status: int | None
    ) -> None:
        """Take in the end of a request; a second time, or for an unknown one, nothing happens.

        Args:
            ticket: What ``start`` returned.
            now: When the response had come, or was given up.
            server_date: Its ``Date`` in seconds since 1970-01-01 UTC, or None.
            status: Its status, or None when none came.
        """
        if self.under_way.pop(ticket.id, None) is None:
            return
        state = self.state
        now = state.latest = max(now, state.latest)
        sent = ticket.started_at
        if server_date is not None and not self.bounds.learn(sent, now, server_date):
            self._distrust_counts(now)
        self._charge(sent, now, server_date)
        if status == _TOO_MANY_REQUESTS:
            self._refused(ticket, now, server_date)

    def cancel(self, ticket: Ticket) -> None:
        """Forget a request that was never sent."""
        self.under_way.pop(ticket.id, None)

    def _charge(self, sent: float, now: float, server_date: float | None) -> None:
        state = self.state
        arrived = now if self.uplink_limit is None else min(now, sent + self.uplink_limit)
        del state.free_at[: bisect.bisect_right(state.free_at, now)]
        bisect.insort(state.free_at, arrived + _WINDOW)
        if not self.bounds.known(now):
            # No one knows which window to charge, so the counts lack this request.
            state.windows_from = max(state.windows_from, arrived + _WINDOW)
            return
        first = math.floor(sent + self.bounds.low(sent))
        last = math.floor(arrived + self.bounds.high(arrived))
        if server_date is not None:
            last = min(last, self.bounds.last_second(server_date))
        counts = state.counts
        for window in range(first, max(first, last) + 1):
            counts[window] = counts.get(window, 0) + 1
        if len(counts) > 2 * _KEPT:
            present = math.floor(now + self.bounds.low(now))
            for window in [window for window in counts if window < present - _KEPT]:
                del counts[window]

    def _refused(self, ticket: Ticket, now: float, server_date: float | None) -> None:
        """Believe the server: close until its next second, and narrow unless this was to be."""
        state = self.state
        closed_until = now + _WINDOW
        if server_date is not None and self.bounds.known(now):
            next_second = self.bounds.last_second(server_date) + 1
            closed_until = min(closed_until, self.bounds.moment_of(next_second, now))
        state.closed_until = max(state.closed_until, closed_until)
        crowded = ticket.open_requests > max(1, self.open_limit.value // 2)
        if ticket.started_at > state.incident_at:
            state.incident_at = now
            settling = now < state.windows_from or now - state.learning_since < _LEARNING
            state.incident_explained = settling
            if not settling:
                self.rate.lower(now)
                self.bounds.loosen(_LOOSER)
                self._distrust_counts(now)
        # One burst may be rejected many times over. It says once that the rate is too high, but the
        # smallest crowd that was rejected says most about the crowd that is allowed.
        if crowded and not state.incident_explained:
            self.open_limit.lower_to(ticket.open_requests - 1, now)

    def _distrust_counts(self, now: float) -> None:
        """Rely on the rolling log until what was charged by other bounds is past."""
        self.state.windows_from = max(self.state.windows_from, now + _WINDOW)
        self.state.learning_since = now

    def _recover(self, now: float) -> None:
        self.open_limit.recover(now)
        if self.rate.recover(now):
            self.bounds.tighten(_TIGHTER)


def _check(name: str, value: object, *, whole: bool) -> None:
    """Reject a limit that nothing could be allowed by."""
    fits = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not fits or not 0 < typing.cast("float", value) < math.inf:
        kind = "a whole number of at least 1" if whole else "a positive number of seconds"
        msg = f"{name}={shown(value)}: give {kind}."
        raise ConfigurationError(msg)
