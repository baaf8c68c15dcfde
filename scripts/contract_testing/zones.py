"""A process that believes to live in another time zone."""

from __future__ import annotations

import contextlib
import os
import time
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["far_from_utc"]

# Half an hour off, and on another day than UTC for more than a fifth of it.
_ZONE: typing.Final = "Asia/Kolkata"


@contextlib.contextmanager
def far_from_utc() -> Generator[None]:
    """Let the block run in a zone that is not UTC.

    Where machines run in UTC, as most servers do, reading UTC as local time goes unseen.
    """
    before = os.environ.get("TZ")
    _set(_ZONE)
    try:
        yield
    finally:
        _set(before)


def _set(zone: str | None) -> None:
    if zone is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = zone
    if hasattr(time, "tzset"):
        time.tzset()
