"""The request log of several worker processes: the latest entries of all of them."""

from __future__ import annotations

import functools
import typing

import sqlalchemy as sa

from .database import bind
from .tables import request_log

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .database import Database

__all__ = ["RequestLogRows"]

_c = request_log.c
_COLUMNS: typing.Final = ("caller", "operation", "method", "status", "entry")
_ADD: typing.Final = sa.insert(request_log).values({c: bind(c) for c in _COLUMNS})
_PRUNE: typing.Final = sa.delete(request_log).where(
    _c.number
    <= sa.select(sa.func.max(_c.number)).correlate(None).scalar_subquery() - bind("capacity")
)
_CLEAR: typing.Final = sa.delete(request_log)
_CLEAR_CALLER: typing.Final = sa.delete(request_log).where(_c.caller == bind("caller"))


class RequestLogRows:
    """A bounded log in a database.

    Args:
        database: Where it lies.
        capacity: About how many entries it keeps.
    """

    def __init__(self, database: Database, capacity: int) -> None:
        self._database = database
        self._capacity = capacity

    def add(self, entries: Iterable[tuple[str, str | None, str, int, str]]) -> None:
        """Insert entries: caller, operation, method, status and the whole as JSON text."""
        with self._database.transaction():
            for entry in entries:
                self._database.change(_ADD, dict(zip(_COLUMNS, entry, strict=True)))
            self._database.change(_PRUNE, {"capacity": self._capacity})

    def latest(
        self,
        equal: Mapping[str, str | int],
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
        lowest, highest = statuses
        bounds = {"after": after, "lowest": lowest, "highest": highest, "limit": limit}
        rows = self._database.rows(_latest(tuple(equal)), {**equal, **bounds})
        return [(number, entry) for number, entry in reversed(rows)]

    def clear(self, caller: str | None) -> None:
        """Delete the entries of a developer, or all."""
        if caller is None:
            self._database.change(_CLEAR)
        else:
            self._database.change(_CLEAR_CALLER, {"caller": caller})


@functools.cache
def _latest(equal: tuple[str, ...]) -> sa.Executable:
    return (
        sa.select(_c.number, _c.entry)
        .where(_c.number > bind("after"), _c.status.between(bind("lowest"), bind("highest")))
        .where(*(_c[name] == bind(name) for name in equal))
        .order_by(_c.number.desc())
        .limit(bind("limit"))
    )
