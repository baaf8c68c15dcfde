"""A database: one connection, its transactions, and the numbers that stand for developers."""

from __future__ import annotations

import threading
import typing

import sqlalchemy as sa

from insightiq_mock.closing import Closing

from .sqlite import Connection
from .tables import developers

if typing.TYPE_CHECKING:
    import os
    import types
    from collections.abc import Mapping

__all__ = ["ONE", "Database", "Parameters", "Row", "Transaction", "bind"]

Row: typing.TypeAlias = tuple[typing.Any, ...]
Parameters: typing.TypeAlias = "Mapping[str, object]"

ONE: typing.Final[sa.ColumnClause[int]] = sa.literal_column("1")
"""The column of statements that only ask whether there is a row."""


def bind(name: str) -> sa.BindParameter[typing.Any]:
    """Return a parameter of a statement."""
    return sa.bindparam(name)


_NO_KEY: typing.Final = 0
"""The key of a developer who owns nothing yet; real keys start at 1."""

_KEY_OF: typing.Final = sa.select(developers.c.key).where(developers.c.id == bind("id"))
_ADD: typing.Final = sa.insert(developers).values(id=bind("id"))


class Transaction:
    """The transaction of a connection, a context manager that is entered again and again.

    A class, because every write enters it at least once, and a generator costs three times as much.
    """

    __slots__ = ("_connection", "_database", "_depth", "_lock")

    def __init__(self, database: Database, connection: Connection, lock: threading.RLock) -> None:
        self._database = database
        self._connection = connection
        self._lock = lock
        self._depth = 0

    def __enter__(self) -> None:
        """Begin; inside another one, join it."""
        self._lock.acquire()
        if self._depth == 0:
            try:
                self._connection.begin()
            except BaseException:
                self._lock.release()
                raise
        self._depth += 1

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        """End the outermost: commit it, or after an error undo all of it."""
        try:
            self._depth -= 1
            if self._depth > 0:
                return
            if exception_type is not None:
                self._undo()
                return
            try:
                self._connection.commit()
            except BaseException:
                self._undo()
                raise
        finally:
            self._lock.release()

    def _undo(self) -> None:
        self._connection.rollback()
        self._database.forget_keys()


class Database(Closing):
    """A connection for any number of threads; repositories run their statements through it."""

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self.connection = Connection(path)
        self._compile = self.connection.compile
        self._execute = self.connection.execute
        self._lock = threading.RLock()
        self._transaction = Transaction(self, self.connection, self._lock)
        self._keys: dict[str, int] = {}
        self._version = 0
        self._version_of_others: int | None = None

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None) -> typing.Self:
        """Open the database file at ``path``, made if missing; None keeps everything in memory.

        Raises:
            StoreError: The file cannot be used.
        """
        return cls(path)

    def close(self) -> None:
        """Close the database."""
        self.connection.stop_background()
        with self._lock:
            self.connection.close()

    def transaction(self) -> Transaction:
        """Make everything inside happen at once or not at all; nested ones join the outermost.

        Other threads and processes neither write meanwhile nor see half of it.
        """
        return self._transaction

    def rows(self, statement: sa.Executable, parameters: Parameters | None = None) -> list[Row]:
        """Return the rows that a statement selects or returns."""
        sql, constants = self._compile(statement)
        values = {**constants, **(parameters or {})} if constants else parameters or {}
        with self._lock:
            try:
                return self._execute(sql, values).fetchall()
            except self.connection.DatabaseError as error:
                raise self.connection.failure(error) from error

    def change(self, statement: sa.Executable, parameters: Parameters | None = None) -> int:
        """Run a statement that changes rows and return how many; joins a transaction."""
        sql, constants = self._compile(statement)
        values = {**constants, **(parameters or {})} if constants else parameters or {}
        with self._lock:
            try:
                return self._execute(sql, values).rowcount
            except self.connection.DatabaseError as error:
                raise self.connection.failure(error) from error

    def share(self) -> None:
        """Expect other processes to write to the same file; `version` notices it from now on."""
        self._version_of_others = -1

    def version(self) -> int:
        """Return a number that changes whenever developers or their rules may have changed.

        Writes of this process change it through `note_change`, those of others by themselves.
        """
        if self._version_of_others is not None:
            with self._lock:
                try:
                    others = self.connection.version_of_others()
                except self.connection.DatabaseError as error:
                    raise self.connection.failure(error) from error
            if others != self._version_of_others:
                self._version_of_others = others
                self._version += 1
                self._keys.clear()
        return self._version

    def note_change(self) -> None:
        """Note that developers, their settings or their rules have changed."""
        self._version += 1

    def key_of(self, developer_id: str) -> int:
        """Return the number that stands for a developer in every table; 0 for an unknown one."""
        key = self._keys.get(developer_id)
        if key is None:
            rows = self.rows(_KEY_OF, {"id": developer_id})
            if not rows:
                return _NO_KEY
            key = self._keys[developer_id] = rows[0][0]
        return key

    def make_key(self, developer_id: str) -> int:
        """Return a developer's number, given out now if they had none."""
        key = self.key_of(developer_id)
        if key == _NO_KEY:
            with self.transaction():
                if self.key_of(developer_id) == _NO_KEY:
                    self.change(_ADD, {"id": developer_id})
                key = self.key_of(developer_id)
        return key

    def forget_keys(self) -> None:
        """Read developers' numbers again: some of them are gone."""
        with self._lock:
            self._keys.clear()
            self.note_change()
