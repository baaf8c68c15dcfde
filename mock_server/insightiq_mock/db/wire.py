"""How values are written on the wire (evidence.md#values): compact JSON, naive timestamps, six digits."""

from __future__ import annotations

import datetime as dt

import orjson

__all__ = ["encode", "format_date", "format_timestamp"]

_LENGTH = len("2026-04-26T09:31:07.482915")


def encode(value: object) -> bytes:
    """Write a JSON value as the compact text that is stored and sent.

    Raises:
        TypeError: ``value`` holds something that JSON text in UTF-8 cannot carry, for example half
            of a surrogate pair.
    """
    return orjson.dumps(value)


def format_timestamp(moment: dt.datetime) -> str:
    """Write an aware instant as the wire does: UTC without a zone, always six fraction digits."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")[:_LENGTH]


def format_date(day: dt.date) -> str:
    """Write a day as a timestamp at midnight, as ``refresh_since`` has it."""
    return f"{day.isoformat()}T00:00:00.000000"
