"""The store: a narrow interface over one embedded SQLite database."""

from __future__ import annotations

import dataclasses
import functools
import json
import sqlite3
import threading
import typing

from insightiq_mock.closing import Closing

from .checkpoints import Checkpoints
from .database_file import DatabaseFile, StoreError
from .kinds import Column, Kind, Record
from .schema import SchemaError, connect
from .transaction import Transaction

if typing.TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from .supply import Supply

__all__ = ["DuplicateKeyError", "Row", "Selection", "Store", "Value"]

Value: typing.TypeAlias = str | int | float | bytes | None
Row: typing.TypeAlias = tuple[typing.Any, ...]

_LARGEST_INTEGER: typing.Final = 2**63 - 1

_NOBODY: typing.Final = 0
"""The key of a developer who owns nothing yet; real keys start at 1."""


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


class Store(Closing):
    """All resources of all developers.

    Every method names the developer whose records it touches; no call reaches another's. Methods
    may be called from any thread.

    Attributes:
        supply: Whom to ask for what lies in no row yet.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        checkpoints: Checkpoints | None = None,
        file: DatabaseFile | None = None,
    ) -> None:
        self._connection = connection
        self._file = file
        self._lost: StoreError | None = None
        self._lock = threading.RLock()
        self._checkpoints = checkpoints
        self._transaction = Transaction(
            connection,
            self._lock,
            check=_nothing if file is None else self._check,
            failure=self._failure,
            committed=_nothing if checkpoints is None else checkpoints.note_commit,
            rolled_back=self.forget_keys,
        )
        self._developer_keys: dict[str, int] = {}
        self._version = 0
        self._others: int | None = None
        self.supply: Supply | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None) -> Store:
        """Open the database file at ``path``, made if missing; None keeps everything in memory.

        Raises:
            StoreError: The file cannot be used.
        """
        if path is None:
            return cls(connect(":memory:"))
        try:
            return cls(connect(str(path)), Checkpoints(str(path)), DatabaseFile(path))
        except (sqlite3.Error, SchemaError) as error:
            msg = f"The database {path} cannot be used: {error}; name another file or move it away."
            raise StoreError(msg) from error

    def share(self) -> None:
        """Expect other processes to write to the same file; `version` notices it from now on."""
        self._others = -1

    def version(self) -> int:
        """Return a number that is another one whenever developers or their rules may have changed.

        Writes of this process change it through `note_change`, those of others by themselves.
        """
        if self._others is not None:
            others: int = self.rows("PRAGMA data_version")[0][0]
            if others != self._others:
                self._others = others
                self._version += 1
                self._developer_keys.clear()
        return self._version

    def note_change(self) -> None:
        """Developers, their settings or their rules have changed."""
        self._version += 1

    def close(self) -> None:
        """Close the database; the store is of no use afterwards."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        with self._lock:
            self._connection.close()

    def transaction(self) -> Transaction:
        """Make everything inside happen at once or not at all; nested ones join the outermost.

        Other threads and processes neither write meanwhile nor see half of it.
        """
        return self._transaction

    def is_empty(self, developer_id: str) -> bool:
        """Tell whether the developer owns nothing at all."""
        return not self._rows(
            "SELECT 1 FROM resources WHERE developer = ? LIMIT 1", (self._key(developer_id),)
        )

    def get(self, developer_id: str, kind: Kind, resource_id: str) -> bytes | None:
        """Return the JSON of one resource, or None where the developer has no such one."""
        body = self._body(_BY_ID, developer_id, kind, resource_id)
        return self._supplied(developer_id, kind, resource_id) if body is None else body

    def find(self, developer_id: str, kind: Kind, natural_key: str) -> bytes | None:
        """Return the JSON of the resource that bears the natural key, or None."""
        body = self._body(_BY_NATURAL_KEY, developer_id, kind, natural_key)
        supply = self.supply
        if (
            body is None
            and supply is not None
            and supply.prepare_key(developer_id, kind, natural_key)
        ):
            body = self._body(_BY_NATURAL_KEY, developer_id, kind, natural_key)
        return body

    def get_many(self, developer_id: str, kind: Kind, resource_ids: Sequence[str]) -> list[bytes]:
        """Return the JSON of those that exist: in the order asked, each one once."""
        rows = self._rows(
            "SELECT id, body FROM resources WHERE developer = ? AND kind = ?"
            " AND id IN (SELECT value FROM json_each(?))",
            (self._key(developer_id), kind, json.dumps(resource_ids)),
        )
        kept: dict[str, bytes] = dict(rows)
        wanted = dict.fromkeys(resource_ids)
        bodies = (kept.get(each) or self._supplied(developer_id, kind, each) for each in wanted)
        return [body for body in bodies if body is not None]

    def page(self, developer_id: str, kind: Kind, selection: Selection) -> list[bytes]:
        """Return the JSON of the selected resources, newest first, ties by descending id."""
        bodies = self._page(developer_id, kind, selection)
        supply = self.supply
        # What belongs together is made together: a row of it proves that the others are there.
        if supply is None or (bodies and selection.equal):
            return bodies
        if not supply.prepare_page(developer_id, kind, selection):
            return bodies
        bodies = self._page(developer_id, kind, selection)
        return bodies or supply.page(developer_id, kind, selection)

    def _supplied(self, developer_id: str, kind: Kind, resource_id: str) -> bytes | None:
        """Return a resource of which there was no row just now."""
        supply = self.supply
        if supply is None or not supply.prepare(developer_id, kind, resource_id):
            return None
        body = self._body(_BY_ID, developer_id, kind, resource_id)
        return supply.get(developer_id, kind, resource_id) if body is None else body

    def _page(self, developer_id: str, kind: Kind, selection: Selection) -> list[bytes]:
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
        statement = (
            "SELECT 1 FROM resources WHERE developer = ? AND kind = ? AND id = ? AND account_id = ?"
        )
        parameters = (self._key(developer_id), kind, resource_id, account_id)
        rows = self._rows(statement, parameters)
        supply = self.supply
        if not rows and supply is not None and supply.prepare(developer_id, kind, resource_id):
            rows = self._rows(statement, parameters)
            return bool(rows) or supply.owns(developer_id, kind, resource_id, account_id)
        return bool(rows)

    def add(self, developer_id: str, records: Iterable[Record]) -> None:
        """Keep new records, all or none.

        Raises:
            DuplicateKeyError: An id or a natural key is taken.
        """
        with self.transaction():
            if self.supply is not None:
                records = self.supply.admit(developer_id, records)
            key = self._make_key(developer_id)
            try:
                self._connection.executemany(_INSERT, (_row(key, record) for record in records))
            except sqlite3.IntegrityError as error:
                msg = f"A record of developer {developer_id} exists already: {error}"
                raise DuplicateKeyError(msg) from error
            except sqlite3.DatabaseError as error:
                raise self._failure(error) from error

    def replace(self, developer_id: str, record: Record) -> None:
        """Write the new state of a resource that exists: its JSON, and its place in lists."""
        with self.transaction():
            found = self.change(
                "UPDATE resources SET body = ?, sort_key = ?"
                " WHERE developer = ? AND kind = ? AND id = ?",
                (record.body, record.sort_key, self._key(developer_id), record.kind, record.id),
            )
            if not found and self.supply is not None:
                self.supply.replace(developer_id, record)

    def remove(self, developer_id: str, kind: Kind, resource_id: str) -> bool:
        """Forget a resource; tell whether there was one."""
        with self.transaction():
            found = self.change(
                "DELETE FROM resources WHERE developer = ? AND kind = ? AND id = ?",
                (self._key(developer_id), kind, resource_id),
            )
            return found > 0

    def rows(self, statement: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Return what a statement selects: for the other modules of this package, which own tables."""
        with self._lock:
            try:
                return self._connection.execute(statement, parameters).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._failure(error) from error

    def change(self, statement: str, parameters: Sequence[Value] = ()) -> int:
        """Carry out a statement that changes rows and return how many; joins a transaction."""
        with self._lock:
            try:
                return self._connection.execute(statement, parameters).rowcount
            except sqlite3.DatabaseError as error:
                raise self._failure(error) from error

    def key_of(self, developer_id: str) -> int:
        """Return the number that stands for a developer in every table; 0 for one unknown."""
        return self._key(developer_id)

    def make_key(self, developer_id: str) -> int:
        """Return a developer's number, given out now if they had none."""
        with self.transaction():
            return self._make_key(developer_id)

    def forget_keys(self) -> None:
        """Read developers' numbers afresh: some of them are gone."""
        with self._lock:
            self._developer_keys.clear()
            self.note_change()

    def _check(self) -> None:
        """Refuse to write to a file that nobody will find again, and from then on to read from it."""
        if self._lost is None:
            assert self._file is not None, "only a file is looked for"
            try:
                self._file.check()
            except StoreError as error:
                self._lost = error
                # So that no read has to ask.
                self._connection.close()
        if self._lost is not None:
            raise StoreError(str(self._lost))

    def _failure(self, error: sqlite3.Error) -> Exception:
        """Return what is to be raised in place of an error of SQLite."""
        if self._lost is not None:
            return StoreError(str(self._lost))
        if self._file is None or isinstance(error, sqlite3.IntegrityError):
            return error
        return self._file.failure(error)

    def _body(self, statement: str, developer_id: str, kind: Kind, key: str) -> bytes | None:
        rows = self._rows(statement, (self._key(developer_id), kind, key))
        return rows[0][0] if rows else None

    def _rows(self, statement: str, parameters: Sequence[Value]) -> list[Row]:
        return self.rows(statement, parameters)

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
            self.change("INSERT INTO developers (id) VALUES (?)", (developer_id,))
        return self._key(developer_id)


def _nothing() -> None:
    """A database in memory has no log."""


_BY_ID: typing.Final = "SELECT body FROM resources WHERE developer = ? AND kind = ? AND id = ?"
_BY_NATURAL_KEY: typing.Final = (
    "SELECT body FROM resources WHERE developer = ? AND kind = ? AND natural_key = ?"
)
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
