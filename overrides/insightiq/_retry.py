"""Retry policy: decisions, waits, the retry budget, Retry-After and HTTP dates.

::

    attempt                                          GET, PUT, DELETE …,    any other
                                                     marked safe            (POST, PATCH)
    nothing reached the server                       retry                  retry
    rejected before processing:                      retry                  retry
      429, 503 with Retry-After
    sent, but no response;                           retry                  raise, maybe applied
      408, 500, 502, 503, 504, 520-529
    any other status                                 raise                  raise
    a success that cannot be read                    raise                  raise, maybe applied
    an address or certificate that cannot work       raise                  raise

Retries end with ``max_attempts``, with the deadline, or with the retry budget.
"""

from __future__ import annotations

import enum
import functools
import math
import threading
import time
import typing

from insightiq._response import Failure

if typing.TYPE_CHECKING:
    from insightiq._clock import Clock
    from insightiq._response import Response

__all__ = [
    "LONGEST_RETRY_AFTER",
    "Kind",
    "RetryBudget",
    "is_ambiguous",
    "is_retryable",
    "kind_of",
    "parse_http_date",
    "retry_after_seconds",
    "wait_before",
]

# RFC 9110, 9.2.2: sending such a request twice has the effect of sending it once.
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_UNAVAILABLE = 503
# The server did not begin; with 503 only if it says when to come back.
_REJECTING = frozenset({429, _UNAVAILABLE})
_TRANSIENT = frozenset({408, 500, 502, 503, 504, *range(520, 530)})

_FIRST_CEILING = 0.5
_HIGHEST_CEILING = 8.0
# A header that asks for more is a mistake, or an outage that no program should sit out.
LONGEST_RETRY_AFTER: typing.Final = 60.0


class Kind(enum.Enum):
    """Result of an attempt, as far as a retry is concerned."""

    SUCCESS = enum.auto()
    NOT_SENT = enum.auto()
    IMPOSSIBLE = enum.auto()
    NO_RESPONSE = enum.auto()
    REJECTED = enum.auto()
    TRANSIENT = enum.auto()
    FINAL = enum.auto()


def kind_of(outcome: Response[None] | Failure) -> Kind:
    """Return the kind of an attempt's outcome."""
    if isinstance(outcome, Failure):
        if outcome.permanent:
            return Kind.IMPOSSIBLE
        return Kind.NO_RESPONSE if outcome.sent else Kind.NOT_SENT
    if outcome.is_success:
        return Kind.SUCCESS
    status = outcome.status_code
    if status in _REJECTING and (status != _UNAVAILABLE or "retry-after" in outcome.headers):
        return Kind.REJECTED
    return Kind.TRANSIENT if status in _TRANSIENT else Kind.FINAL


def is_retryable(kind: Kind, *, method: str, retry_safe: bool) -> bool:
    """Return whether another attempt may succeed, and does no harm."""
    if kind in {Kind.SUCCESS, Kind.FINAL, Kind.IMPOSSIBLE}:
        return False
    return retry_safe or method in _IDEMPOTENT or kind in {Kind.NOT_SENT, Kind.REJECTED}


def is_ambiguous(kind: Kind, *, method: str, retry_safe: bool) -> bool:
    """Return whether the failed attempt may have changed something that matters."""
    if retry_safe or method in _READING:
        return False
    return kind in {Kind.SUCCESS, Kind.NO_RESPONSE, Kind.TRANSIENT}


def wait_before(
    outcome: Response[None] | Failure, *, attempt: int, now: float, chance: float
) -> float:
    """Return the seconds to wait after attempt number ``attempt``.

    ``Retry-After`` is followed, up to a minute; the random part comes on top, so that clients that
    were rejected together do not come back together.
    """
    ceiling = min(_FIRST_CEILING * 2.0 ** min(attempt - 1, 10), _HIGHEST_CEILING)
    asked = None
    if not isinstance(outcome, Failure):
        headers = outcome.headers
        asked = retry_after_seconds(headers.get("retry-after"), headers.get("date"), now)
    return min(asked or 0.0, LONGEST_RETRY_AFTER) + chance * ceiling


class RetryBudget:
    """A token bucket for the retries of all calls; it fills with time.

    In a short outage it is full, and every call is retried up to ``max_attempts``. In a long one it
    runs empty, so that the client does not add to the load: calls then fail at once, but for a few
    that notice the end.
    """

    def __init__(self, clock: Clock, *, capacity: float = 50.0, per_second: float = 1.0) -> None:
        self._clock = clock
        self._capacity = capacity
        self._per_second = per_second
        self._lock = threading.Lock()
        self._tokens = capacity
        self._seen = clock.monotonic()

    def take(self) -> bool:
        """Take a token for a retry; False when there is none."""
        with self._lock:
            now = self._clock.monotonic()
            gained = (now - self._seen) * self._per_second
            self._tokens = min(self._capacity, self._tokens + gained)
            self._seen = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True


def retry_after_seconds(
    retry_after: str | None, date: str | None, now: float | None = None
) -> float | None:
    """Return the seconds that ``retry_after`` asks to wait, None where it says nothing usable.

    A date is measured against ``date``, the clock of the server, or else against ``now``.
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _seconds_between(date, retry_after, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_between(start: str | None, end: str, now: float | None) -> float:
    """Return the seconds between two HTTP dates, or NaN; without a start it is now."""
    began = parse_http_date(start) if start else time.time() if now is None else now
    ended = parse_http_date(end)
    return math.nan if began is None or ended is None else ended - began


@functools.lru_cache(maxsize=16)
def parse_http_date(text: str) -> float | None:
    """Return the seconds from 1970-01-01 UTC to the HTTP date ``text``, None for an invalid one.

    Never raises: the text is a server's. Cached: all responses of a second carry the same date.
    """
    import email.utils

    try:
        moment = email.utils.parsedate_to_datetime(text)
        # A date "-0000" is in no zone, so it names no moment.
        return None if moment.tzinfo is None else moment.timestamp()
    except Exception:  # noqa: BLE001 - ValueError, TypeError, OverflowError, IndexError by version
        return None
