"""The kinds of resources, and which of their values lie beside the JSON so that queries find them.

The table `_FACETS` is the one place that says in which order lists come (evidence.md#pagination: accounts newest
``updated_at`` first, contents newest ``published_at`` first; every other order is the proposal of
evidence.md#open-question-11), by which values they are filtered, and what is unique within a developer.
"""

from __future__ import annotations

import dataclasses
import enum
import typing

from .wire import encode

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Column", "Kind", "Record", "record_of"]


class Kind(enum.StrEnum):
    """What a stored resource is; the value is the noun that error codes and messages use.

    The last four are nobody's to read: they say what a `Supply` has still to make or computes.
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
    """Columns that a selection can ask for by equality."""

    NATURAL_KEY = "natural_key"
    ACCOUNT_ID = "account_id"
    USER_ID = "user_id"
    WORK_PLATFORM_ID = "work_platform_id"
    CONTENT_ID = "content_id"
    TYPE = "type"


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A resource as it lies in the store.

    Attributes:
        kind: What it is.
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
class _Facet:
    """Where in a resource's JSON the sort key and the columns stand, as paths of keys."""

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
    """Make the record of a resource, as every writer does.

    Args:
        kind: What it is.
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
