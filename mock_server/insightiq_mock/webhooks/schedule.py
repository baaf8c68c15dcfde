"""When a notification is tried again (evidence.md#webhook-delivery)."""

from __future__ import annotations

import datetime as dt
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["wait_after"]


def wait_after(number: int, retry_seconds: Sequence[float]) -> dt.timedelta | None:
    """Return how long after the start of a failed try the next one comes; None if it was the last.

    Counted from the try before, not from the first: after a night in which the server did not run,
    the tries that are left do not come all at once.

    Args:
        number: Which try failed; the first is 1.
        retry_seconds: When the tries after the first come, counted from the first.
    """
    tries = (0.0, *retry_seconds)
    if number >= len(tries):
        return None
    return dt.timedelta(seconds=max(0.0, tries[number] - tries[number - 1]))
