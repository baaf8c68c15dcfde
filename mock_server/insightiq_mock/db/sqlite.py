"""SQLite: opening a file, its locks, its write-ahead log, its errors.

Everything that only SQLite has is here; the rest of the package works with any engine that offers what
`Connection` does.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pathlib
import sqlite3
import sys
import threading
import typing

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from .tables import METADATA

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    import sqlalchemy as sa

__all__ = ["Connection", "StoreError", "owned_database"]

_VERSION: typing.Final = 4

# Waiting for another process's write is normal with several workers; five seconds of it is not.
_BUSY_SECONDS: typing.Final = 5.0

# Every distinct selection is a statement of its own; preparing one costs more than running it.
_PREPARED_STATEMENTS: typing.Final = 256

# `_Checkpoints` keeps the log much shorter; this is for the case that it cannot.
_PAGES_IN_LOG: typing.Final = 32_000

_COMMITS_BETWEEN_CHECKPOINTS: typing.Final = 1_000

# Under steady load the log never comes to an end by itself. Forty megabytes of it are enough.
_LONGEST_LOG_PAGES: typing.Final = 10_000

# Parameters are passed by name, as the drivers of other engines take them, too.
_DIALECT: typing.Final = sqlite.dialect(paramstyle="named")


class StoreError(Exception):
    """The database cannot be used; the message says which, why, and what to do."""


class _FormatError(Exception):
    """The file is not a database of this version."""


class Connection:
    """A connection to a database file, made if missing, or to a database in memory.

    It commits each statement unless a transaction is begun, and may be used from any thread as long
    as only one uses it at a time.

    Args:
        path: The file; None for memory.

    Raises:
        StoreError: The file cannot be used.
    """

    DatabaseError = sqlite3.DatabaseError
    IntegrityError = sqlite3.IntegrityError

    def __init__(self, path: str | os.PathLike[str] | None) -> None:
        self._path = None if path is None else os.fspath(path)
        self._lost: str | None = None
        try:
            self.driver = _connect(self._path or ":memory:")
        except (sqlite3.Error, _FormatError) as error:
            raise StoreError(self._unusable(error)) from error
        self.execute = self.driver.execute
        self.executemany = self.driver.executemany
        self._identity = self._found()
        self._checkpoints = None if self._path is None else _Checkpoints(self._path)

    @staticmethod
    @functools.cache
    def compile(statement: sa.Executable) -> tuple[str, Mapping[str, typing.Any]]:
        """Return the SQL text of a statement, and the values of its constants by name."""
        compiled = typing.cast("sa.ClauseElement", statement).compile(dialect=_DIALECT)
        return str(compiled), {k: v for k, v in (compiled.params or {}).items() if v is not None}

    def begin(self) -> None:
        """Begin a transaction; other connections cannot write until it ends.

        Raises:
            StoreError: The file was deleted or replaced, or is locked or broken.
        """
        if self._path is not None and self._lost is None and self._found() != self._identity:
            # SQLite would go on writing to a file that is deleted.
            self._lost = (
                f"The database {self._path} was deleted or replaced while the server ran, and keeps"
                " nothing any more; start the server again."
            )
            # So that no read has to check.
            self.driver.close()
        if self._lost is not None:
            raise StoreError(self._lost)
        self._run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the transaction permanent."""
        self._run("COMMIT")
        if self._checkpoints is not None:
            self._checkpoints.note_commit()

    def rollback(self) -> None:
        """Undo the transaction, unless a fault such as a full disk has ended it already."""
        if self.driver.in_transaction:
            self.driver.execute("ROLLBACK")

    def version_of_others(self) -> int:
        """Return a number that changes whenever another connection writes to the file."""
        version: int = self.driver.execute("PRAGMA data_version").fetchone()[0]
        return version

    def failure(self, error: sqlite3.Error) -> Exception:
        """Return the exception to raise in place of an error of SQLite."""
        if self._lost is not None:
            return StoreError(self._lost)
        if self._path is None or isinstance(error, sqlite3.IntegrityError):
            return error
        return StoreError(self._unusable(error))

    def stop_background(self) -> None:
        """End the thread that keeps the log short."""
        if self._checkpoints is not None:
            self._checkpoints.close()

    def close(self) -> None:
        """Close the connection."""
        self.driver.close()

    def _run(self, sql: str) -> None:
        try:
            self.driver.execute(sql)
        except sqlite3.Error as error:
            raise self.failure(error) from error

    def _unusable(self, error: Exception) -> str:
        return (
            f"The database {self._path} cannot be used: {error}; name another file or move it away."
        )

    def _found(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path or "")  # noqa: PTH116 - with every write: a Path costs more than the call
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _connect(database: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        database,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_PREPARED_STATEMENTS,
    )
    try:
        # First of all: a file that is not ours must not be changed in the least.
        _create_or_check(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL mode this survives a killed process; only a power cut could lose the last writes.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_PAGES_IN_LOG}")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _create_or_check(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            _create(connection)
        else:
            _check(version)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _check(version: int) -> None:
    if version < _VERSION:
        msg = f"it has format {version}, which this mock server no longer reads"
        raise _FormatError(msg)
    if version != _VERSION:
        msg = f"it has format {version}, and this mock server reads format {_VERSION}"
        raise _FormatError(msg)


def _create(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        msg = "it belongs to another program"
        raise _FormatError(msg)
    for statement in _definitions():
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {_VERSION}")


@functools.cache
def _definitions() -> list[str]:
    def texts() -> Iterable[CreateTable | CreateIndex]:
        for table in METADATA.sorted_tables:
            yield CreateTable(table)
            yield from map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))

    return [str(each.compile(dialect=_DIALECT)) for each in texts()]


class _Checkpoints:
    """A thread that moves commits from the write-ahead log into the file, beside the writes.

    SQLite does it within the write that makes the log long enough, which then waits for the disk, for
    tens of milliseconds, and everybody behind it. A thread with a connection of its own makes no one
    wait, but for the moment in which the log begins anew.
    """

    def __init__(self, database: str) -> None:
        self._database = database
        self._commits = 0
        self._due = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def note_commit(self) -> None:
        """Count a transaction; called by one thread at a time."""
        self._commits += 1
        if self._commits < _COMMITS_BETWEEN_CHECKPOINTS:
            return
        self._commits = 0
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="checkpoints", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        if self._thread is not None:
            self._due.set()
            self._thread.join()

    def _work(self) -> None:
        # A file that has been deleted must not be made anew.
        existing = f"{pathlib.Path(self._database).absolute().as_uri()}?mode=rw"
        try:
            connection = sqlite3.connect(
                existing, timeout=_BUSY_SECONDS, isolation_level=None, uri=True
            )
        except sqlite3.Error:
            return
        with contextlib.closing(connection):
            while self._due.wait() and not self._closed:
                self._due.clear()
                # A failed checkpoint is tried again, in the end by a write, which can report it.
                with contextlib.suppress(sqlite3.Error):
                    _checkpoint(connection)


def _checkpoint(connection: sqlite3.Connection) -> None:
    pages_in_log: int
    _, pages_in_log, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if pages_in_log > _LONGEST_LOG_PAGES:
        # Writers wait for this one: so what came in meanwhile is moved before.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()


@contextlib.contextmanager
def owned_database(path: pathlib.Path | None) -> Generator[Callable[[], None]]:
    """Own a database file, so that no second server opens it.

    The lock is on a file beside it: closing any file descriptor of a database would end the locks
    that SQLite holds on it.

    Args:
        path: The database; None for one in memory, which no other process can open.

    Yields:
        A function for forked processes: it leaves the ownership to the parent.

    Raises:
        StoreError: Another server owns it.
    """
    if path is None or sys.platform == "win32":
        # On Windows, which has no such locks, a second server is not noticed.
        yield _nothing
        return
    import fcntl

    lock = f"{os.path.realpath(path)}-lock"
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        # Opening the database itself fails for the same reason, and says so.
        yield _nothing
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            msg = (
                f"The database {path} is in use by another insightiq-mock server; stop that one, or"
                " name another file."
            )
            raise StoreError(msg) from error
        yield lambda: os.close(descriptor)
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _nothing() -> None:
    """There is no ownership to give up."""
