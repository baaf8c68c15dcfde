"""The store: the resources of all developers, as the JSON that is sent."""

from __future__ import annotations

import functools
import typing

import sqlalchemy as sa

from .database import ONE, Database, bind
from .records import Column
from .tables import resources

if typing.TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from .records import Record, Selection, VirtualRows

__all__ = ["DuplicateKeyError", "Store"]

_LARGEST_INTEGER: typing.Final = 2**63 - 1

_c = resources.c
_OWN: typing.Final = (_c.developer == bind("developer"), _c.kind == bind("kind"))
_ONE: typing.Final = (*_OWN, _c.id == bind("id"))

_ANY: typing.Final = sa.select(ONE).where(_c.developer == bind("developer")).limit(1)
_BY_ID: typing.Final = sa.select(_c.body).where(*_ONE)
_BY_NATURAL_KEY: typing.Final = sa.select(_c.body).where(*_OWN, _c.natural_key == bind("key"))
_OF_ACCOUNT: typing.Final = sa.select(ONE).where(*_ONE, _c.account_id == bind("account_id"))
_INSERT: typing.Final = sa.insert(resources).values({c: bind(c.name) for c in resources.columns})
_UPDATE: typing.Final = (
    sa.update(resources).where(*_ONE).values(body=bind("body"), sort_key=bind("sort_key"))
)
_DELETE: typing.Final = sa.delete(resources).where(*_ONE)


class DuplicateKeyError(Exception):
    """A record with the same id or natural key exists already."""


class Store(Database):
    """A database with its resources.

    Every method names the developer whose records it touches; none reaches another's. Methods may be
    called from any thread.

    Attributes:
        virtual_rows: Makes or computes the resources that have no row yet.
    """

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        super().__init__(path)
        self.virtual_rows: VirtualRows | None = None

    def is_empty(self, developer_id: str) -> bool:
        """Return whether the developer owns nothing at all."""
        return not self.rows(_ANY, {"developer": self.key_of(developer_id)})

    def get(self, developer_id: str, kind: str, resource_id: str) -> bytes | None:
        """Return the JSON of one resource, or None where the developer has no such one."""
        body = self._by_id(developer_id, kind, resource_id)
        return self._virtual(developer_id, kind, resource_id) if body is None else body

    def find(self, developer_id: str, kind: str, natural_key: str) -> bytes | None:
        """Return the JSON of the resource that bears the natural key, or None."""
        own = {"developer": self.key_of(developer_id), "kind": kind, "key": natural_key}
        rows = self.rows(_BY_NATURAL_KEY, own)
        virtual = self.virtual_rows
        if not rows and virtual and virtual.prepare_key(developer_id, kind, natural_key):
            rows = self.rows(_BY_NATURAL_KEY, {**own, "developer": self.key_of(developer_id)})
        return rows[0][0] if rows else None

    def get_many(self, developer_id: str, kind: str, resource_ids: Sequence[str]) -> list[bytes]:
        """Return the JSON of those that exist: in the order asked, each one once."""
        wanted = list(dict.fromkeys(resource_ids))
        if not wanted:
            return []
        # A statement for each power of two: the rest is filled with repeated ids.
        size = 1 << (len(wanted) - 1).bit_length()
        filled = wanted + wanted[-1:] * (size - len(wanted))
        rows = self.rows(
            _by_ids(size),
            {
                "developer": self.key_of(developer_id),
                "kind": kind,
                **{f"id_{number}": each for number, each in enumerate(filled)},
            },
        )
        found: dict[str, bytes] = dict(rows)
        bodies = (found.get(each) or self._virtual(developer_id, kind, each) for each in wanted)
        return [body for body in bodies if body is not None]

    def page(self, developer_id: str, kind: str, selection: Selection) -> list[bytes]:
        """Return the JSON of the selected resources, newest first, ties by descending id."""
        bodies = self._page(developer_id, kind, selection)
        virtual = self.virtual_rows
        # What belongs together is made together: a row of it proves that the others are there.
        if virtual is None or (bodies and selection.equal):
            return bodies
        if not virtual.prepare_page(developer_id, kind, selection):
            return bodies
        bodies = self._page(developer_id, kind, selection)
        return bodies or virtual.page(developer_id, kind, selection)

    def belongs_to_account(
        self, developer_id: str, kind: str, resource_id: str, account_id: str
    ) -> bool:
        """Return whether the resource exists and belongs to the account."""

        def has_row() -> bool:
            own = {"developer": self.key_of(developer_id), "kind": kind, "id": resource_id}
            return bool(self.rows(_OF_ACCOUNT, {**own, "account_id": account_id}))

        if has_row():
            return True
        virtual = self.virtual_rows
        if virtual is None or not virtual.prepare(developer_id, kind, resource_id):
            return False
        return has_row() or virtual.owns(developer_id, kind, resource_id, account_id)

    def add(self, developer_id: str, records: Iterable[Record]) -> None:
        """Insert new records, all or none.

        Raises:
            DuplicateKeyError: An id or a natural key is taken.
        """
        with self.transaction():
            if self.virtual_rows is not None:
                records = self.virtual_rows.admit(developer_id, records)
            key = self.make_key(developer_id)
            sql, _ = self.connection.compile(_INSERT)
            try:
                self.connection.executemany(sql, (_values(key, record) for record in records))
            except self.connection.IntegrityError as error:
                msg = f"A record of developer {developer_id} exists already: {error}"
                raise DuplicateKeyError(msg) from error
            except self.connection.DatabaseError as error:
                raise self.connection.failure(error) from error

    def replace(self, developer_id: str, record: Record) -> None:
        """Write the new state of a resource that exists: its JSON, and its place in lists."""
        with self.transaction():
            found = self.change(
                _UPDATE,
                {
                    "developer": self.key_of(developer_id),
                    "kind": record.kind,
                    "id": record.id,
                    "body": record.body,
                    "sort_key": record.sort_key,
                },
            )
            if not found and self.virtual_rows is not None:
                self.virtual_rows.replace(developer_id, record)

    def remove(self, developer_id: str, kind: str, resource_id: str) -> bool:
        """Delete a resource; return whether there was one."""
        with self.transaction():
            own = {"developer": self.key_of(developer_id), "kind": kind, "id": resource_id}
            return self.change(_DELETE, own) > 0

    def _by_id(self, developer_id: str, kind: str, resource_id: str) -> bytes | None:
        rows = self.rows(
            _BY_ID, {"developer": self.key_of(developer_id), "kind": kind, "id": resource_id}
        )
        return rows[0][0] if rows else None

    def _virtual(self, developer_id: str, kind: str, resource_id: str) -> bytes | None:
        """Return a resource that had no row just now."""
        virtual = self.virtual_rows
        if virtual is None or not virtual.prepare(developer_id, kind, resource_id):
            return None
        body = self._by_id(developer_id, kind, resource_id)
        return virtual.get(developer_id, kind, resource_id) if body is None else body

    def _page(self, developer_id: str, kind: str, selection: Selection) -> list[bytes]:
        has_start, has_end = selection.from_date is not None, selection.to_date is not None
        parameters: dict[str, object] = {
            "developer": self.key_of(developer_id),
            "kind": kind,
            "limit": selection.limit,
            "offset": min(selection.offset, _LARGEST_INTEGER),
        }
        parameters.update(selection.equal.items())
        if has_start:
            parameters["from_date"] = selection.from_date
        if has_end:
            # Sorts behind every moment of that day and before the next: the window is inclusive.
            parameters["to_date"] = f"{selection.to_date}T24"
        rows = self.rows(_page_of(tuple(selection.equal), has_start, has_end), parameters)
        return [row[0] for row in rows]


@functools.cache
def _by_ids(size: int) -> sa.Executable:
    ids = [bind(f"id_{number}") for number in range(size)]
    return sa.select(_c.id, _c.body).where(*_OWN, _c.id.in_(ids))


@functools.cache
def _page_of(equal: tuple[Column, ...], has_start: bool, has_end: bool) -> sa.Executable:  # noqa: FBT001 - parts of a cache key
    statement = sa.select(_c.body).where(*_OWN, *(_c[name] == bind(name.value) for name in equal))
    if has_start:
        statement = statement.where(_c.sort_key >= bind("from_date"))
    if has_end:
        statement = statement.where(_c.sort_key < bind("to_date"))
    statement = statement.order_by(_c.sort_key.desc(), _c.id.desc())
    return statement.limit(bind("limit")).offset(bind("offset"))


def _values(developer_key: int, record: Record) -> dict[str, str | int | bytes | None]:
    column = record.columns.get
    return {
        "developer": developer_key,
        "kind": record.kind,
        "id": record.id,
        "sort_key": record.sort_key,
        "natural_key": column(Column.NATURAL_KEY),
        "account_id": column(Column.ACCOUNT_ID),
        "user_id": column(Column.USER_ID),
        "work_platform_id": column(Column.WORK_PLATFORM_ID),
        "content_id": column(Column.CONTENT_ID),
        "type": column(Column.TYPE),
        "body": record.body,
    }
