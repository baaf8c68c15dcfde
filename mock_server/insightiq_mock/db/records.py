"""Stored resources: kinds, records, selections, and how values are written (evidence.md#values).

Values that queries need lie in columns beside the JSON. The table `_FACETS` is the one place that says in which order lists come (evidence.md#pagination: accounts newest
``updated_at`` first, contents newest ``published_at`` first; every other order is the proposal of
evidence.md#open-question-11), by which values they are filtered, and what is unique within a developer.
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
    "Kind",
    "Record",
    "Selection",
    "VirtualRows",
    "encode",
    "format_date",
    "format_timestamp",
    "record_of",
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


class Kind(enum.StrEnum):
    """Kind of a stored resource; the value is the noun that error codes and messages use.

    The last four are internal: the notes of `VirtualRows`.
    """

    WORK_PLATFORM = "work_platform"
    USER = "user"
    ACCOUNT = "account"
    PROFILE = "profile"
    AUDIENCE = "audience"
    CONTENT = "content"
    CONTENT_GROUP = "content_group"
    COMMENT = "comment"
    SOCIAL_TRANSACTION = "social_transaction"
    SOCIAL_PAYOUT = "social_payout"
    COMMERCE_TRANSACTION = "commerce_transaction"
    COMMERCE_PAYOUT = "commerce_payout"
    COMMERCE_BALANCE = "commerce_balance"
    WEBHOOK = "webhook"
    UNMADE_ACCOUNT = "unmade_account"
    ARCHIVE = "archive"
    ARCHIVE_CHANGE = "archive_change"
    ARCHIVE_ADDITION = "archive_addition"


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

    kind: Kind
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

    def prepare(self, developer_id: str, kind: Kind, resource_id: str) -> bool:
        """Make what the id belongs to; return whether there may be a row or computed resource now."""
        ...

    def prepare_key(self, developer_id: str, kind: Kind, natural_key: str) -> bool:
        """Make what the natural key belongs to; return whether there may be a row now."""
        ...

    def prepare_page(self, developer_id: str, kind: Kind, selection: Selection) -> bool:
        """Make what the page selects from; return whether there may be more on it now."""
        ...

    def get(self, developer_id: str, kind: Kind, resource_id: str) -> bytes | None:
        """Return a computed resource, or None where there is none."""
        ...

    def page(self, developer_id: str, kind: Kind, selection: Selection) -> list[bytes]:
        """Return a page of computed resources."""
        ...

    def owns(self, developer_id: str, kind: Kind, resource_id: str, account_id: str) -> bool:
        """Return whether there is such a computed resource and it belongs to the account."""
        ...

    def admit(self, developer_id: str, records: Iterable[Record]) -> Iterable[Record]:
        """Return new records as they are to be stored; called before every insert."""
        ...

    def replace(self, developer_id: str, record: Record) -> None:
        """Store the new state of a resource that has no row."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class _Facet:
    """Paths of the sort key and of the columns in a resource's JSON."""

    sort: tuple[str, ...]
    columns: Mapping[Column, tuple[str, ...]]


_OF_ACCOUNT = {Column.ACCOUNT_ID: ("account", "id")}
_TYPED = {**_OF_ACCOUNT, Column.TYPE: ("type",)}
_OF_USER = {
    Column.USER_ID: ("user", "id"),
    Column.WORK_PLATFORM_ID: ("work_platform", "id"),
}

_FACETS: Mapping[Kind, _Facet] = {
    Kind.WORK_PLATFORM: _Facet(("created_at",), {Column.NATURAL_KEY: ("name",)}),
    Kind.USER: _Facet(("created_at",), {Column.NATURAL_KEY: ("external_id",)}),
    Kind.ACCOUNT: _Facet(("updated_at",), _OF_USER),
    Kind.PROFILE: _Facet(("updated_at",), {**_OF_ACCOUNT, **_OF_USER}),
    # One audience per account, and it is asked for by the account.
    Kind.AUDIENCE: _Facet(("updated_at",), {Column.NATURAL_KEY: ("account", "id")}),
    Kind.CONTENT: _Facet(("published_at",), _OF_ACCOUNT),
    Kind.CONTENT_GROUP: _Facet(("published_at",), _OF_ACCOUNT),
    Kind.COMMENT: _Facet(("published_at",), {Column.CONTENT_ID: ("content", "id")}),
    Kind.SOCIAL_TRANSACTION: _Facet(("transaction_at",), _TYPED),
    Kind.SOCIAL_PAYOUT: _Facet(("payout_at",), _OF_ACCOUNT),
    Kind.COMMERCE_TRANSACTION: _Facet(("transaction_at",), _TYPED),
    Kind.COMMERCE_PAYOUT: _Facet(("payout_at",), _OF_ACCOUNT),
    Kind.COMMERCE_BALANCE: _Facet(("balance_at",), _OF_ACCOUNT),
    Kind.WEBHOOK: _Facet(("created_at",), {}),
}


def record_of(
    kind: Kind, resource: Mapping[str, typing.Any], *, sort_key: str | None = None
) -> Record:
    """Make the record of a resource.

    Args:
        kind: Its kind.
        resource: Its JSON value, keys in the order in which they are sent.
        sort_key: Overrides the kind's own order, for lists whose order is no date.

    Raises:
        TypeError: The resource holds text that UTF-8 cannot carry.
    """
    facet = _FACETS[kind]
    return Record(
        kind=kind,
        id=resource["id"],
        sort_key=_at(resource, facet.sort) if sort_key is None else sort_key,
        body=encode(resource),
        columns={column: _at(resource, path) for column, path in facet.columns.items()},
    )


def _at(resource: Mapping[str, typing.Any], path: tuple[str, ...]) -> str:
    value: typing.Any = resource
    for key in path:
        value = value[key]
    return str(value)
