"""What a client tells about its work, as it happens.

A call is told as one ``AttemptStarted`` and one ``ResponseReceived`` or ``AttemptFailed`` for each
time it is sent, with ``QuotaWaited`` before, and ``RetryScheduled`` between two attempts.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable

__all__ = [
    "AttemptFailed",
    "AttemptStarted",
    "Event",
    "EventHook",
    "PageReceived",
    "QuotaWaited",
    "RateLimited",
    "ResponseReceived",
    "RetryScheduled",
]


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptStarted:
    """A request is about to be sent.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        template: The path with ``{…}`` in the place of ids, as a name for metrics.
        attempt: 1 for the first.
    """

    operation: str
    method: str
    path: str
    template: str
    attempt: int


@dataclasses.dataclass(frozen=True, slots=True)
class ResponseReceived:
    """An answer came, of whatever status.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        status_code: HTTP status.
        request_id: The id that the vendor's support asks for, or None where the answer has none.
        attempt: 1 for the first.
        seconds: How long the attempt took.
    """

    operation: str
    method: str
    path: str
    status_code: int
    request_id: str | None
    attempt: int
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptFailed:
    """No answer came.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        method: HTTP method.
        path: Path without the query.
        timed_out: A timeout ended the wait.
        sent: The server may have received the request.
        attempt: 1 for the first.
        seconds: How long the attempt took.
    """

    operation: str
    method: str
    path: str
    timed_out: bool
    sent: bool
    attempt: int
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class RetryScheduled:
    """The request will be sent again.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        attempt: Number of the attempt that failed.
        wait: Seconds until the next.
        reason: What it failed with: ``status 503``, ``no connection``, …
    """

    operation: str
    attempt: int
    wait: float
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class QuotaWaited:
    """The call had to wait for its turn under the rate limit.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        seconds: How long.
    """

    operation: str
    seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class RateLimited:
    """The API answered 429.

    Attributes:
        operation: ``<resource>.<method>`` of the call.
        retry_after: Seconds to wait, where the answer says so.
        request_id: The id that the vendor's support asks for, or None where the answer has none.
    """

    operation: str
    retry_after: float | None
    request_id: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class PageReceived:
    """A page of a list came.

    Attributes:
        operation: ``<resource>.<method>`` of the list.
        offset: Place of the page's first item.
        items: Number of items of the page.
    """

    operation: str
    offset: int
    items: int


Event: typing.TypeAlias = (
    AttemptStarted
    | ResponseReceived
    | AttemptFailed
    | RetryScheduled
    | QuotaWaited
    | RateLimited
    | PageReceived
)
EventHook: typing.TypeAlias = Callable[[Event], None]
"""Called with each event, in the thread of the call; what it raises is logged, not passed on."""
