"""The store: a narrow interface over one embedded SQLite database."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import sqlite3
import threading
import typing

from .kinds import Column, Kind, Record
from .schema import SchemaError, connect

if typing.TYPE_CHECKING:
    import os
    import types
    from collections.abc import Generator, Iterable, Mapping, Sequence

__all__ = ["DuplicateKeyError", "Selection", "Store", "StoreError"]

_LARGEST_INTEGER: typing.Final = 2**63 - 1

_NOBODY: typing.Final = 0
"""The key of a developer who owns nothing yet; real keys start at 1."""


class StoreError(Exception):
    """The database cannot be opened; the message says which, why, and what to do."""


class DuplicateKeyError(Exception):
    """A record with the same id or natural key exists already."""


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Which records of a kind a list shows.

    Attributes:
        limit: How many at most.
        offset: How many of the first to leave out.
        equal: Values that columns must have.
        from_date: First day that the sort key may lie on, ``YYYY-MM-DD``.
        to_date: Last day that it may lie on.
    """

    limit: int
    offset: int = 0
    equal: Mapping[Column, str] = dataclasses.field(default_factory=dict[Column, str])
    from_date: str | None = None
    to_date: str | None = None


class Store:
    """All resources of all developers.

    Every method names the developer whose records it touches; no call reaches another's. Methods
    may be called from any thread.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._depth = 0
        self._developer_keys: dict[str, int] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None) -> Store:
        """Open the database file at ``path``, made if missing; None keeps everything in memory.

        Raises:
            StoreError: The file cannot be used.
        """
        if path is None:
            return cls(connect(":memory:"))
        try:
            return cls(connect(str(path)))
        except (sqlite3.Error, SchemaError) as error:
            msg = f"The database {path} cannot be used: {error}; name another file or move it away."
            raise StoreError(msg) from error

    def close(self) -> None:
        """Close the database; the store is of no use afterwards."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def transaction(self) -> Generator[None]:
        """Make everything inside happen at once or not at all; nested ones join the outermost.

        Other threads and processes neither write meanwhile nor see half of it.
        """
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                    self._developer_keys.clear()
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def is_empty(self, developer_id: str) -> bool:
        """Tell whether the developer owns nothing at all."""
        return not self._rows(
            "SELECT 1 FROM resources WHERE developer = ? LIMIT 1", (self._key(developer_id),)
        )

    def get(self, developer_id: str, kind: Kind, resource_id: str) -> bytes | None:
        """Return the JSON of one resource, or None where the developer has no such one."""
        return _only(
            self._rows(
                "SELECT body FROM resources WHERE developer = ? AND kind = ? AND id = ?",
                (self._key(developer_id), kind, resource_id),
            )
        )

    def find(self, developer_id: str, kind: Kind, natural_key: str) -> bytes | None:
        """Return the JSON of the resource that bears the natural key, or None."""
        return _only(
            self._rows(
                "SELECT body FROM resources WHERE developer = ? AND kind = ? AND natural_key = ?",
                (self._key(developer_id), kind, natural_key),
            )
        )

    def get_many(self, developer_id: str, kind: Kind, resource_ids: Sequence[str]) -> list[bytes]:
        """Return the JSON of those that exist: in the order asked, each one once."""
        rows = self._rows(
            "SELECT id, body FROM resources WHERE developer = ? AND kind = ?"
            " AND id IN (SELECT value FROM json_each(?))",
            (self._key(developer_id), kind, json.dumps(resource_ids)),
        )
        bodies: dict[str, bytes] = dict(rows)
        return [bodies[each] for each in dict.fromkeys(resource_ids) if each in bodies]

    def page(self, developer_id: str, kind: Kind, selection: Selection) -> list[bytes]:
        """Return the JSON of the selected resources, newest first, ties by descending id."""
        statement = _page_statement(
            tuple(selection.equal), selection.from_date is not None, selection.to_date is not None
        )
        parameters: list[str | int] = [self._key(developer_id), kind, *selection.equal.values()]
        if selection.from_date is not None:
            parameters.append(selection.from_date)
        if selection.to_date is not None:
            # Sorts behind every moment of that day and before the next: the window is inclusive.
            parameters.append(f"{selection.to_date}T24")
        parameters += (selection.limit, min(selection.offset, _LARGEST_INTEGER))
        return [row[0] for row in self._rows(statement, parameters)]

    def belongs_to_account(
        self, developer_id: str, kind: Kind, resource_id: str, account_id: str
    ) -> bool:
        """Tell whether the resource exists and is one of the account's."""
        return bool(
            self._rows(
                "SELECT 1 FROM resources"
                " WHERE developer = ? AND kind = ? AND id = ? AND account_id = ?",
                (self._key(developer_id), kind, resource_id, account_id),
            )
        )

    def add(self, developer_id: str, records: Iterable[Record]) -> None:
        """Keep new records, all or none.

        Raises:
            DuplicateKeyError: An id or a natural key is taken.
        """
        with self.transaction():
            key = self._make_key(developer_id)
            try:
                self._connection.executemany(_INSERT, (_row(key, record) for record in records))
            except sqlite3.IntegrityError as error:
                msg = f"A record of developer {developer_id} exists already: {error}"
                raise DuplicateKeyError(msg) from error

    def replace(self, developer_id: str, record: Record) -> None:
        """Write the new state of a resource that exists: its JSON, and its place in lists."""
        with self.transaction():
            self._connection.execute(
                "UPDATE resources SET body = ?, sort_key = ?"
                " WHERE developer = ? AND kind = ? AND id = ?",
                (record.body, record.sort_key, self._key(developer_id), record.kind, record.id),
            )

    def remove(self, developer_id: str, kind: Kind, resource_id: str) -> bool:
        """Forget a resource; tell whether there was one."""
        with self.transaction():
            cursor = self._connection.execute(
                "DELETE FROM resources WHERE developer = ? AND kind = ? AND id = ?",
                (self._key(developer_id), kind, resource_id),
            )
            return cursor.rowcount > 0

    def _rows(
        self, statement: str, parameters: Sequence[str | int]
    ) -> list[tuple[typing.Any, ...]]:
        with self._lock:
            return self._connection.execute(statement, parameters).fetchall()

    def _key(self, developer_id: str) -> int:
        key = self._developer_keys.get(developer_id)
        if key is not None:
            return key
        rows = self._rows("SELECT key FROM developers WHERE id = ?", (developer_id,))
        if not rows:
            return _NOBODY
        found: int = rows[0][0]
        self._developer_keys[developer_id] = found
        return found

    def _make_key(self, developer_id: str) -> int:
        if self._key(developer_id) == _NOBODY:
            self._connection.execute("INSERT INTO developers (id) VALUES (?)", (developer_id,))
        return self._key(developer_id)


_INSERT: typing.Final = (
    "INSERT INTO resources (developer, kind, id, sort_key, natural_key, account_id, user_id,"
    " work_platform_id, content_id, type, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _row(developer_key: int, record: Record) -> tuple[str | int | bytes | None, ...]:
    column = record.columns.get
    return (
        developer_key,
        record.kind,
        record.id,
        record.sort_key,
        column(Column.NATURAL_KEY),
        column(Column.ACCOUNT_ID),
        column(Column.USER_ID),
        column(Column.WORK_PLATFORM_ID),
        column(Column.CONTENT_ID),
        column(Column.TYPE),
        record.body,
    )


@functools.cache
def _page_statement(equal: tuple[Column, ...], bounded_below: bool, bounded_above: bool) -> str:  # noqa: FBT001 - two of the three parts of a cache key
    conditions = ["developer = ?", "kind = ?", *(f"{column} = ?" for column in equal)]
    if bounded_below:
        conditions.append("sort_key >= ?")
    if bounded_above:
        conditions.append("sort_key < ?")
    return (
        f"SELECT body FROM resources WHERE {' AND '.join(conditions)}"  # noqa: S608 - names of our own columns
        " ORDER BY sort_key DESC, id DESC LIMIT ? OFFSET ?"
    )


def _only(rows: list[tuple[typing.Any, ...]]) -> bytes | None:
    return rows[0][0] if rows else None
