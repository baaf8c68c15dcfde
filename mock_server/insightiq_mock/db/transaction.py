"""Making several statements happen at once or not at all."""

from __future__ import annotations

import sqlite3
import typing

if typing.TYPE_CHECKING:
    import threading
    import types
    from collections.abc import Callable

__all__ = ["Transaction"]


class Transaction:
    """The transaction of a connection, a context manager that is entered again and again.

    A class, because every write enters it at least once, and a generator costs three times as much.

    Args:
        connection: Whose transaction.
        lock: Held inside, so that other threads neither write meanwhile nor see half of it.
        check: Called before anything is written; it may raise.
        failure: Gives what is raised in place of an error of SQLite.
        committed: Called when what was done inside holds.
        rolled_back: Called when nothing of it does.
    """

    __slots__ = (
        "_check",
        "_committed",
        "_connection",
        "_depth",
        "_failure",
        "_lock",
        "_rolled_back",
    )

    def __init__(  # noqa: PLR0913 - one keyword per moment
        self,
        connection: sqlite3.Connection,
        lock: threading.RLock,
        *,
        check: Callable[[], None],
        failure: Callable[[sqlite3.Error], Exception],
        committed: Callable[[], None],
        rolled_back: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._lock = lock
        self._check = check
        self._failure = failure
        self._committed = committed
        self._rolled_back = rolled_back
        self._depth = 0

    def __enter__(self) -> None:
        """Begin; inside another one, join it."""
        self._lock.acquire()
        try:
            if self._depth == 0:
                self._check()
                self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            self._lock.release()
            raise self._failure(error) from error
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
        """End the outermost: with all that was done inside, or after an error without any of it."""
        try:
            self._depth -= 1
            if self._depth > 0:
                return
            if exception_type is not None:
                self._undo()
                return
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                self._undo()
                raise self._failure(error) from error
            except BaseException:
                self._undo()
                raise
            self._committed()
        finally:
            self._lock.release()

    def _undo(self) -> None:
        # Some faults, such as a full disk, have ended the transaction already.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._rolled_back()
