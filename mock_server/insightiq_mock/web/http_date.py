"""The ``Date`` header, from the same clock that counts requests."""

from __future__ import annotations

import functools
from email.utils import formatdate

__all__ = ["date_header"]


def date_header(seconds: float) -> tuple[bytes, bytes]:
    """Return the header for a moment in seconds since 1970."""
    return _in_second(int(seconds // 1))


# A second is asked for thousands of times; clocks that are shifted differently ask in turns.
@functools.lru_cache(maxsize=64)
def _in_second(second: int) -> tuple[bytes, bytes]:
    return (b"date", formatdate(second, usegmt=True).encode("ascii"))
