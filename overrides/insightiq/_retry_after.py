"""Reading the ``Retry-After`` header: seconds, or the date of an HTTP clock."""

from __future__ import annotations

import math
import time

from insightiq._http_date import epoch_seconds

__all__ = ["seconds_to_wait"]


def seconds_to_wait(
    retry_after: str | None, date: str | None, now: float | None = None
) -> float | None:
    """Return how many seconds ``retry_after`` asks to wait, or None where it says nothing usable.

    Args:
        retry_after: Value of the header.
        date: Value of the ``Date`` header: the server's clock, which a date is measured against.
        now: Seconds since 1970-01-01 UTC, for an answer without ``Date``; None asks the machine.
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
    began = epoch_seconds(start) if start else time.time() if now is None else now
    ended = epoch_seconds(end)
    return math.nan if began is None or ended is None else ended - began
