"""The document's own string formats. All others are those of JSON Schema, enforced as they are.

What is asked may be written more freely than what is answered: the vendor's examples print ids without
hyphens, so that whoever takes an id from one must be able to ask for it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FORMATS", "REQUEST_FORMATS"]

_DATE = r"\d{4}-\d{2}-\d{2}"
_TIME = r"\d{2}:\d{2}:\d{2}"

_UUID = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.ASCII | re.IGNORECASE
)
_LOCAL = re.compile(rf"{_DATE}T{_TIME}(?:\.\d{{1,6}})?", re.ASCII)
# Webhook notifications came in three spellings: T, a blank, and T with Z. Source: evidence.md#values.
_LENIENT = re.compile(rf"{_DATE}(?:[T ]{_TIME}\.\d{{3,6}}|T{_TIME}\.\d{{3,6}}Z)", re.ASCII)


def _is_calendar_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_local_date_time(text: str) -> bool:
    """Tell whether ``text`` is a real date and time without zone."""
    return _LOCAL.fullmatch(text) is not None and _is_calendar_time(text)


def is_lenient_date_time(text: str) -> bool:
    """Tell whether ``text`` is a real date and time in a spelling of webhook notifications."""
    return _LENIENT.fullmatch(text) is not None and _is_calendar_time(text)


def is_uuid(text: str) -> bool:
    """Tell whether ``text`` is a UUID, with its four hyphens or without any, in either case."""
    return _UUID.fullmatch(text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "date-time-local": is_local_date_time,
    "date-time-lenient": is_lenient_date_time,
}
REQUEST_FORMATS = {**FORMATS, "uuid": is_uuid}
