"""Whether a failed attempt is repeated, and after how long: pure functions.

::

    what happened                                    GET, PUT, DELETE …,    any other
                                                     marked safe            (POST, PATCH)
    nothing reached the server                       repeat                 repeat
    refused before processing:                       repeat                 repeat
      429, 503 with Retry-After
    sent, but no answer;                             repeat                 raise, maybe applied
      408, 500, 502, 503, 504, 520-529
    any other status                                 raise                  raise
    a success that cannot be read                    raise                  raise, maybe applied
    an address or certificate that cannot work       raise                  raise

Repeating ends with ``max_attempts``, with the deadline, or with the retry budget.
"""

from __future__ import annotations

import enum
import typing

from insightiq._retry_after import seconds_to_wait
from insightiq._wire import Failure

if typing.TYPE_CHECKING:
    from insightiq._wire import Answer

__all__ = [
    "LONGEST_RETRY_AFTER",
    "Action",
    "Kind",
    "decide",
    "is_ambiguous",
    "kind_of",
    "wait_before",
]

# RFC 9110, 9.2.2: sending such a request twice has the effect of sending it once.
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_UNAVAILABLE = 503
# The server did not begin; with 503 only if it says when to come back.
_REFUSING = frozenset({429, _UNAVAILABLE})
_TRANSIENT = frozenset({408, 500, 502, 503, 504, *range(520, 530)})

_FIRST_CEILING = 0.5
_HIGHEST_CEILING = 8.0
# A header that asks for more is a mistake, or an outage that no program should sit out.
LONGEST_RETRY_AFTER: typing.Final = 60.0


class Kind(enum.Enum):
    """What became of an attempt, as far as repeating it is concerned."""

    SUCCESS = enum.auto()
    NOT_SENT = enum.auto()
    IMPOSSIBLE = enum.auto()
    NO_ANSWER = enum.auto()
    REFUSED = enum.auto()
    TRANSIENT = enum.auto()
    FINAL = enum.auto()


class Action(enum.Enum):
    """What to do after an attempt."""

    RETURN = enum.auto()
    REPEAT = enum.auto()
    RAISE_FINAL = enum.auto()
    RAISE_UNSAFE = enum.auto()
    RAISE_EXHAUSTED = enum.auto()


def kind_of(outcome: Answer | Failure) -> Kind:
    """Return what ``outcome`` is."""
    if isinstance(outcome, Failure):
        if outcome.permanent:
            return Kind.IMPOSSIBLE
        return Kind.NO_ANSWER if outcome.sent else Kind.NOT_SENT
    status = outcome.status
    if 200 <= status < 300:  # noqa: PLR2004 - the range is the definition of success
        return Kind.SUCCESS
    if status in _REFUSING and (status != _UNAVAILABLE or "retry-after" in outcome.headers):
        return Kind.REFUSED
    return Kind.TRANSIENT if status in _TRANSIENT else Kind.FINAL


def decide(kind: Kind, *, method: str, retry_safe: bool, attempt: int, max_attempts: int) -> Action:
    """Return what to do after attempt number ``attempt``."""
    if kind is Kind.SUCCESS:
        return Action.RETURN
    if kind in {Kind.FINAL, Kind.IMPOSSIBLE}:
        return Action.RAISE_FINAL
    repeatable = retry_safe or method in _IDEMPOTENT or kind in {Kind.NOT_SENT, Kind.REFUSED}
    if not repeatable:
        return Action.RAISE_UNSAFE
    return Action.REPEAT if attempt < max_attempts else Action.RAISE_EXHAUSTED


def is_ambiguous(kind: Kind, *, method: str, retry_safe: bool) -> bool:
    """Tell whether the attempt, although it failed, may have changed something that matters."""
    if retry_safe or method in _READING:
        return False
    return kind in {Kind.SUCCESS, Kind.NO_ANSWER, Kind.TRANSIENT}


def wait_before(outcome: Answer | Failure, *, attempt: int, now: float, chance: float) -> float:
    """Return the seconds to wait after attempt number ``attempt``.

    What ``Retry-After`` asks for is waited for, up to a minute; the random part comes on top, so
    that those who were refused together do not come back together.

    Args:
        outcome: What the attempt ended with.
        attempt: 1 after the first.
        now: Seconds since 1970-01-01 UTC.
        chance: A random number from 0 to 1: full jitter.
    """
    ceiling = min(_FIRST_CEILING * 2.0 ** min(attempt - 1, 10), _HIGHEST_CEILING)
    asked = None
    if not isinstance(outcome, Failure):
        headers = outcome.headers
        asked = seconds_to_wait(headers.get("retry-after"), headers.get("date"), now)
    return min(asked or 0.0, LONGEST_RETRY_AFTER) + chance * ceiling
