"""Moving what was written from the write-ahead log into the database file, beside the work.

SQLite does it within the write that makes the log long enough, which then waits for the disk, for
tens of milliseconds, and everybody behind it. A thread with a connection of its own makes nobody
wait, but for the moment in which the log begins anew.
"""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3
import threading
import typing

__all__ = ["Checkpoints"]

_COMMITS_BETWEEN: typing.Final = 1_000

# Under steady load the log never comes to an end by itself. Forty megabytes of it are enough.
_LONGEST_LOG_PAGES: typing.Final = 10_000

_BUSY_SECONDS: typing.Final = 5.0


class Checkpoints:
    """Keeps the log of a database file short.

    Args:
        database: Path of the file.
    """

    def __init__(self, database: str) -> None:
        self._database = database
        self._commits = 0
        self._due = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None

    def note_commit(self) -> None:
        """Something was written; called for every transaction, by one thread at a time."""
        self._commits += 1
        if self._commits < _COMMITS_BETWEEN:
            return
        self._commits = 0
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()
        self._due.set()

    def close(self) -> None:
        """Let go of the file."""
        self._closed = True
        if self._thread is not None:
            self._due.set()
            self._thread.join()

    def _run(self) -> None:
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
                # What fails here is tried again, and in the end by a write, which can say so.
                with contextlib.suppress(sqlite3.Error):
                    _checkpoint(connection)


def _checkpoint(connection: sqlite3.Connection) -> None:
    pages_in_log: int
    _, pages_in_log, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if pages_in_log > _LONGEST_LOG_PAGES:
        # Writers wait for this one: so what came in meanwhile is moved before.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
