"""Reading dates as HTTP writes them."""

from __future__ import annotations

import functools

__all__ = ["epoch_seconds"]


@functools.lru_cache(maxsize=16)
def epoch_seconds(text: str) -> float | None:
    """Return the seconds from 1970-01-01 UTC to the HTTP date ``text``, or None if it is none.

    Never raises: the text is a server's. Cached: all responses of a second carry the same date.
    """
    import email.utils  # noqa: PLC0415 - slow to import, needed when an answer is there

    try:
        moment = email.utils.parsedate_to_datetime(text)
        # A date "-0000" is in no zone, so it names no moment.
        return None if moment.tzinfo is None else moment.timestamp()
    except Exception:  # noqa: BLE001 - ValueError, TypeError, OverflowError, IndexError by version
        return None
