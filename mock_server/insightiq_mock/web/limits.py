"""Rate limits and the maintenance window, per developer.

So many requests in a fixed second, so many open at once (evidence.md#rate-limits). A request counts
as soon as its operation and its developer are known, before its body is read. Requests with wrong
credentials or for unknown paths do not count. A rejected request counts in its window and is not
open. The API closes on Fridays from 09:30 to 09:45 UTC
(evidence.md#request-id-and-maintenance).
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from insightiq_mock.context import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from insightiq_mock.context import RequestContext
    from insightiq_mock.db.limits import Counts
    from insightiq_mock.simulation import Settings, Simulation

__all__ = ["RateLimiter", "Tenants", "check_maintenance"]

# A window lasts a second: after one second the request falls into a later window.
_RETRY_AFTER = {"Retry-After": "1"}

_TOO_FAST = "rate_limit_exceeded"
_TOO_MANY_AT_ONCE = "concurrency_limit_exceeded"

_FRIDAY = 4
_MAINTENANCE_START = dt.timedelta(hours=9, minutes=30)
_MAINTENANCE_LENGTH = dt.timedelta(minutes=15)

# Guessed credentials must not fill the memory.
_MOST_REMEMBERED = 10_000


class Tenants:
    """Credentials and settings of a simulation's developers, cached until one of them changes."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._version = -1
        self._settings: dict[str, Settings] = {}
        self._accepted: dict[bytes, str] = {}

    def check(self, client_id: str, client_secret: str, /) -> bool:
        """Return whether the secret is a live one of that developer."""
        return self._simulation.check_credentials(client_id, client_secret)

    def permitted(self, header: bytes) -> str | None:
        """Return the developer of an ``Authorization`` header that was accepted before."""
        self._notice_changes()
        return self._accepted.get(header)

    def remember(self, header: bytes, developer_id: str) -> None:
        """Note an ``Authorization`` header that was accepted."""
        if len(self._accepted) >= _MOST_REMEMBERED:
            self._accepted.clear()
        self._accepted[header] = developer_id

    def settings(self, developer_id: str) -> Settings:
        """Return a developer's settings."""
        self._notice_changes()
        settings = self._settings.get(developer_id)
        if settings is None:
            settings = self._simulation.developer(developer_id).settings
            if len(self._settings) >= _MOST_REMEMBERED:
                self._settings.clear()
            self._settings[developer_id] = settings
        return settings

    def _notice_changes(self) -> None:
        version = self._simulation.store.version()
        if version != self._version:
            self._version = version
            self._settings.clear()
            self._accepted.clear()


class RateLimiter:
    """Admits requests within their developer's limits, and none during maintenance.

    Args:
        tenants: The developers' settings.
        counts: Counts requests; None where nothing is limited.
        seconds: The server's clock, in seconds since 1970.
        world_time: Returns a developer's own time.
    """

    def __init__(
        self,
        tenants: Tenants,
        counts: Counts | None,
        *,
        seconds: Callable[[], float],
        world_time: Callable[[str], dt.datetime],
    ) -> None:
        self._tenants = tenants
        self._counts = counts
        self._seconds = seconds
        self._world_time = world_time

    def admit(self, context: RequestContext) -> None:
        """Count a request.

        Raises:
            ApiError: 429, it exceeds a limit; 503, the API is being maintained.
        """
        developer_id = context.developer_id
        if not developer_id:
            return
        settings = self._tenants.settings(developer_id)
        context.date_shift = settings.date_shift_seconds
        if self._counts is not None and settings.limits_enabled:
            self._count(self._counts, context, settings)
        if settings.maintenance_window:
            check_maintenance(self._world_time(developer_id))

    def release(self, context: RequestContext) -> None:
        """Note that the response of an admitted request was sent, or its client is gone."""
        if context.holds_slot and self._counts is not None:
            context.holds_slot = False
            self._counts.leave(context.developer_id)

    def _count(self, counts: Counts, context: RequestContext, settings: Settings) -> None:
        developer_id = context.developer_id
        now = self._seconds() + settings.date_shift_seconds
        tally = counts.enter(developer_id, math.floor(now))
        context.holds_slot = True
        if tally.in_window > settings.requests_per_second:
            self.release(context)
            exceeded = f"More than {settings.requests_per_second} requests in one second"
            raise _too_many(_TOO_FAST, exceeded)
        if tally.open > settings.concurrent_requests:
            self.release(context)
            exceeded = f"More than {settings.concurrent_requests} requests at the same time"
            raise _too_many(_TOO_MANY_AT_ONCE, exceeded)


def _too_many(code: str, exceeded: str) -> ApiError:
    message = f"{exceeded}; wait for the seconds in Retry-After."
    return ApiError(429, "TOO_MANY_REQUESTS", code, message, _RETRY_AFTER)


def check_maintenance(moment: dt.datetime) -> None:
    """Reject requests within the maintenance window.

    Raises:
        ApiError: 503, with the seconds that are left by the developer's clock.
    """
    moment = moment.astimezone(dt.UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + _MAINTENANCE_START + _MAINTENANCE_LENGTH
    if moment.weekday() == _FRIDAY and end - _MAINTENANCE_LENGTH <= moment < end:
        seconds = max(1, math.ceil((end - moment).total_seconds()))
        raise ApiError(
            503,
            "INTERNAL_SERVER_ERROR",
            "service_unavailable",
            "The API is being maintained.",
            {"Retry-After": str(seconds)},
        )
