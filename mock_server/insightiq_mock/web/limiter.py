"""The API's rate limits: so many requests in a fixed second, so many open at once, per developer.

A request counts when it arrives: as soon as its operation and its developer are known, before its
body is read, whatever becomes of it. What belongs to nobody, with wrong credentials or for a path
that does not exist, counts for nobody. A refused request counts in its window and is not open.
Source: evidence.md#rate-limits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from insightiq_mock.context import ApiError

if TYPE_CHECKING:
    from insightiq_mock.db.limits import Counts
    from insightiq_mock.simulation import Settings

__all__ = ["Limiter"]

# A window lasts a second: whoever waits one comes into a later window.
_RETRY_AFTER = {"Retry-After": "1"}


_TOO_FAST = "rate_limit_exceeded"
_TOO_MANY_AT_ONCE = "concurrency_limit_exceeded"


class Limiter:
    """Admits requests within a developer's limits."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def admit(self, developer_id: str, settings: Settings, now: float) -> None:
        """Count a request that arrives at ``now``, in seconds of the server's clock.

        Raises:
            ApiError: 429, it is one too many.
        """
        tally = self._counts.enter(developer_id, math.floor(now))
        if tally.in_window > settings.requests_per_second:
            self.leave(developer_id)
            what = f"More than {settings.requests_per_second} requests in one second"
            raise _too_many(_TOO_FAST, what)
        if tally.open > settings.concurrent_requests:
            self.leave(developer_id)
            what = f"More than {settings.concurrent_requests} requests at the same time"
            raise _too_many(_TOO_MANY_AT_ONCE, what)

    def leave(self, developer_id: str) -> None:
        """An admitted request has been answered."""
        self._counts.leave(developer_id)


def _too_many(code: str, what: str) -> ApiError:
    message = f"{what}; wait for the seconds in Retry-After."
    return ApiError(429, "TOO_MANY_REQUESTS", code, message, _RETRY_AFTER)
