"""The weekly maintenance window: Friday, 09:30 to 09:45 UTC. Source: evidence.md#request-id-and-maintenance."""

from __future__ import annotations

import datetime as dt
import math

from insightiq_mock.context import ApiError

__all__ = ["maintenance_ends_in", "under_maintenance"]

_FRIDAY = 4
_START = dt.timedelta(hours=9, minutes=30)
_LENGTH = dt.timedelta(minutes=15)


def maintenance_ends_in(moment: dt.datetime) -> dt.timedelta | None:
    """Return how long the maintenance still lasts at an aware moment; None outside of it."""
    moment = moment.astimezone(dt.UTC)
    if moment.weekday() != _FRIDAY:
        return None
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    end = midnight + _START + _LENGTH
    return end - moment if end - _LENGTH <= moment < end else None


def under_maintenance(remaining: dt.timedelta) -> ApiError:
    """503, with the seconds until it is over, as the developer's clock counts them."""
    seconds = max(1, math.ceil(remaining.total_seconds()))
    return ApiError(
        503,
        "INTERNAL_SERVER_ERROR",
        "service_unavailable",
        "The API is being maintained.",
        {"Retry-After": str(seconds)},
    )
