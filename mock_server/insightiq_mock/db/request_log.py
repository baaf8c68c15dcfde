"""What was called, where several processes serve together: the latest entries of all of them."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .store import Store, Value

__all__ = ["TABLES", "RequestLogRows"]

# `caller` is a developer's id: entries are no part of a world, and neither reset nor copied with it.
TABLES: typing.Final = """
CREATE TABLE request_log (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    caller TEXT NOT NULL,
    operation TEXT,
    method TEXT NOT NULL,
    status INTEGER NOT NULL,
    entry TEXT NOT NULL
) STRICT;
CREATE INDEX request_log_of_caller ON request_log (caller, number);
"""

_COLUMNS: typing.Final = frozenset({"caller", "operation", "method", "status"})


class RequestLogRows:
    """A bounded log in a store.

    Args:
        store: Where it lies.
        capacity: How many entries it keeps, more or less.
    """

    def __init__(self, store: Store, capacity: int) -> None:
        self._store = store
        self._capacity = capacity

    def add(self, entries: Iterable[tuple[str, str | None, str, int, str]]) -> None:
        """Keep entries: caller, operation, method, status and the whole as JSON text."""
        with self._store.transaction():
            for entry in entries:
                self._store.change(
                    "INSERT INTO request_log (caller, operation, method, status, entry)"
                    " VALUES (?, ?, ?, ?, ?)",
                    entry,
                )
            self._store.change(
                "DELETE FROM request_log WHERE number <= (SELECT max(number) FROM request_log) - ?",
                (self._capacity,),
            )

    def latest(
        self,
        equal: typing.Mapping[str, str | int],
        statuses: tuple[int, int],
        *,
        after: int,
        limit: int,
    ) -> list[tuple[int, str]]:
        """Return numbers and texts of the latest entries that fit, the oldest of them first.

        Args:
            equal: Values that columns must have.
            statuses: The lowest and the highest status.
            after: Only entries with a higher number.
            limit: How many at most.
        """
        assert equal.keys() <= _COLUMNS, "names of our own columns"
        conditions = "".join(f" AND {column} = ?" for column in equal)
        parameters: Sequence[Value] = (after, *statuses, *equal.values(), limit)
        rows = self._store.rows(
            "SELECT number, entry FROM request_log WHERE number > ? AND status BETWEEN ? AND ?"  # noqa: S608 - names of our own columns
            f"{conditions} ORDER BY number DESC LIMIT ?",
            parameters,
        )
        return [(number, entry) for number, entry in reversed(rows)]

    def clear(self, caller: str | None) -> None:
        """Forget the entries of a developer, or all."""
        if caller is None:
            self._store.change("DELETE FROM request_log")
        else:
            self._store.change("DELETE FROM request_log WHERE caller = ?", (caller,))
