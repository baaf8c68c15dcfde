"""The file that a store lies in: that it is one server's alone, and still where it was."""

from __future__ import annotations

import contextlib
import os
import sys
import typing

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Generator

__all__ = ["DatabaseFile", "StoreError", "owned_database"]


class StoreError(Exception):
    """The database cannot be used; the message says which, why, and what to do."""


class DatabaseFile:
    """A database file that is open.

    Args:
        path: Where it lies.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._identity = self._found()

    def check(self) -> None:
        """Find the file where it was opened: SQLite would go on writing to one that is deleted.

        Raises:
            StoreError: It is gone, or another file lies there.
        """
        if self._found() != self._identity:
            msg = (
                f"The database {self._path} was deleted or replaced while the server ran, and keeps"
                " nothing any more; start the server again."
            )
            raise StoreError(msg)

    def failure(self, error: Exception) -> StoreError:
        """Say what SQLite complains about."""
        return StoreError(
            f"The database {self._path} cannot be used: {error}; name another file or move it away."
        )

    def _found(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - with every write: a Path costs more than the call
        except OSError:
            return None
        return found.st_dev, found.st_ino


@contextlib.contextmanager
def owned_database(path: pathlib.Path | None) -> Generator[Callable[[], None]]:
    """Own a database file, so that no second server opens it.

    The lock is on a file beside it: closing any file descriptor of a database would end the locks
    that SQLite holds on it.

    Args:
        path: The database; None for one in memory, which nobody else can open.

    Yields:
        What a forked process calls to leave the ownership to its parent.

    Raises:
        StoreError: Another server owns it.
    """
    if path is None or sys.platform == "win32":
        # On Windows, which has no such locks, a second server is not noticed.
        yield _nothing
        return
    import fcntl  # noqa: PLC0415 - see above

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
    """Nobody to leave anything to."""
