"""Reading the ``Retry-After`` header: seconds, or the date of an HTTP clock."""

from __future__ import annotations

import datetime as dt
import math

__all__ = ["seconds_to_wait"]


def seconds_to_wait(retry_after: str | None, date: str | None) -> float | None:
    """Return how many seconds ``retry_after`` asks to wait, or None where it says nothing usable.

    Args:
        retry_after: Value of the header.
        date: Value of the ``Date`` header: the server's clock, which a date is measured against.
    """
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        seconds = _seconds_between(date, retry_after)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_between(start: str | None, end: str) -> float:
    """Return the seconds between two HTTP dates, or NaN; without a start it is now."""
    import email.utils  # noqa: PLC0415 - slow to import, seldom needed

    try:
        now = email.utils.parsedate_to_datetime(start) if start else _now()
        return (email.utils.parsedate_to_datetime(end) - now).total_seconds()
    except (ValueError, TypeError):
        return math.nan


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
