"""Stored resources: records, selections, and how values are written (evidence.md#values).

Values that queries need lie in columns beside the JSON.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import typing

import orjson

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Column",
    "Record",
    "Selection",
    "VirtualRows",
    "encode",
    "format_date",
    "format_timestamp",
]

_LENGTH = len("2026-04-26T09:31:07.482915")


def encode(value: object) -> bytes:
    """Write a JSON value as the compact text that is stored and sent.

    Raises:
        TypeError: ``value`` holds something that JSON text in UTF-8 cannot carry, for example half
            of a surrogate pair.
    """
    return orjson.dumps(value)


def format_timestamp(moment: dt.datetime) -> str:
    """Write an aware instant as the API does: UTC without a zone, always six fraction digits."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")[:_LENGTH]


def format_date(day: dt.date) -> str:
    """Write a day as a timestamp at midnight, as ``refresh_since`` has it."""
    return f"{day.isoformat()}T00:00:00.000000"


class Column(enum.StrEnum):
    """Columns that a selection can filter by."""

    NATURAL_KEY = "natural_key"
    ACCOUNT_ID = "account_id"
    USER_ID = "user_id"
    WORK_PLATFORM_ID = "work_platform_id"
    CONTENT_ID = "content_id"
    TYPE = "type"


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A resource as stored.

    Attributes:
        kind: Its kind.
        id: Its identifier, unique per developer and kind.
        sort_key: Lists come in descending order of this text; where it is a timestamp, date windows
            apply to it.
        body: The exact JSON text that is sent.
        columns: Values by which it can be selected; a kind carries only those it is selected by.
    """

    kind: str
    id: str
    sort_key: str
    body: bytes
    columns: Mapping[Column, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """The records of a kind that a list returns.

    Attributes:
        limit: The most records to return.
        offset: How many of the first to skip.
        equal: Values that columns must have.
        from_date: First day of the window on the sort key, ``YYYY-MM-DD``.
        to_date: Last day of the window, inclusive.
    """

    limit: int
    offset: int = 0
    equal: Mapping[Column, str] = dataclasses.field(default_factory=dict[Column, str])
    from_date: str | None = None
    to_date: str | None = None


class VirtualRows(typing.Protocol):
    """Resources that are made when first read, or computed on every read.

    A store asks only where its rows leave a question open. It lets the virtual rows prepare (make the
    missing rows), reads again, also where another thread or process was quicker, and takes what is
    still missing as computed. Every method may write to the store.
    """

    def prepare(self, developer_id: str, kind: str, resource_id: str) -> bool:
        """Make what the id belongs to; return whether there may be a row or computed resource now."""
        ...

    def prepare_key(self, developer_id: str, kind: str, natural_key: str) -> bool:
        """Make what the natural key belongs to; return whether there may be a row now."""
        ...

    def prepare_page(self, developer_id: str, kind: str, selection: Selection) -> bool:
        """Make what the page selects from; return whether there may be more on it now."""
        ...

    def get(self, developer_id: str, kind: str, resource_id: str) -> bytes | None:
        """Return a computed resource, or None where there is none."""
        ...

    def page(self, developer_id: str, kind: str, selection: Selection) -> list[bytes]:
        """Return a page of computed resources."""
        ...

    def owns(self, developer_id: str, kind: str, resource_id: str, account_id: str) -> bool:
        """Return whether there is such a computed resource and it belongs to the account."""
        ...

    def admit(self, developer_id: str, records: Iterable[Record]) -> Iterable[Record]:
        """Return new records as they are to be stored; called before every insert."""
        ...

    def replace(self, developer_id: str, record: Record) -> None:
        """Store the new state of a resource that has no row."""
        ...
