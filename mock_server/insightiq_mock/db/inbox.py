"""Messages of the built-in receivers."""

from __future__ import annotations

import dataclasses
import json
import typing

import sqlalchemy as sa

from .database import bind
from .tables import inbox_messages

if typing.TYPE_CHECKING:
    from .database import Database, Row

__all__ = ["InboxMessage", "InboxMessages"]

_PRUNE_EVERY: typing.Final = 64

_c = inbox_messages.c
_ADD: typing.Final = (
    sa.insert(inbox_messages)
    .values({c: bind(c.name) for c in inbox_messages.columns if c.name != "id"})
    .returning(_c.id)
)
_LATEST: typing.Final = (
    sa.select(_c.id, _c.name, _c.received_at, _c.response_status, _c.headers, _c.body)
    .where(_c.name == bind("name"))
    .order_by(_c.id.desc())
    .limit(bind("limit"))
)
_CLEAR: typing.Final = sa.delete(inbox_messages).where(_c.name == bind("name"))
_KEEP_NUMBER: typing.Final = sa.delete(inbox_messages).where(
    _c.id
    <= sa.select(_c.id)
    .order_by(_c.id.desc())
    .limit(1)
    .offset(bind("kept"))
    .correlate(None)
    .scalar_subquery()
)
_sizes = sa.select(_c.id, sa.func.sum(_c.size).over(order_by=_c.id.desc()).label("held")).subquery()
_KEEP_BYTES: typing.Final = sa.delete(inbox_messages).where(
    _c.id
    <= sa.select(sa.func.max(_sizes.c.id)).where(_sizes.c.held > bind("kept")).scalar_subquery()
)


@dataclasses.dataclass(frozen=True, slots=True)
class InboxMessage:
    """One request that an inbox received.

    Attributes:
        id: Grows with every message.
        name: The inbox.
        received_at: Real time, as the API writes it.
        response_status: HTTP status of the response.
        headers: Names in lower case, in the order in which they came.
        body: The raw bytes, over which a signature can be checked.
    """

    id: int
    name: str
    received_at: str
    response_status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class InboxMessages:
    """The messages of all inboxes; the oldest are pruned.

    Args:
        database: Where they lie.
        kept: How many are kept, over all inboxes.
        kept_bytes: How much text they may hold together.
    """

    def __init__(
        self, database: Database, *, kept: int = 10_000, kept_bytes: int = 32 * 2**20
    ) -> None:
        self._database = database
        self._kept = kept
        self._kept_bytes = kept_bytes

    def add(
        self,
        name: str,
        *,
        received_at: str,
        response_status: int,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
    ) -> None:
        """Insert a message."""
        written = json.dumps(headers)
        values = {
            "name": name,
            "received_at": received_at,
            "response_status": response_status,
            "size": len(written) + len(body),
            "headers": written,
            "body": body,
        }
        with self._database.transaction():
            if self._database.rows(_ADD, values)[0][0] % _PRUNE_EVERY == 0:
                self._database.change(_KEEP_NUMBER, {"kept": self._kept})
                self._database.change(_KEEP_BYTES, {"kept": self._kept_bytes})

    def of(self, name: str, limit: int = 100) -> list[InboxMessage]:
        """Return the last messages of an inbox, oldest first."""
        rows = self._database.rows(_LATEST, {"name": name, "limit": limit})
        return [_message(row) for row in reversed(rows)]

    def clear(self, name: str) -> int:
        """Delete the messages of an inbox and return how many there were."""
        with self._database.transaction():
            return self._database.change(_CLEAR, {"name": name})


def _message(row: Row) -> InboxMessage:
    number, name, received_at, response_status, headers, body = row
    pairs = tuple((key, value) for key, value in json.loads(headers))
    return InboxMessage(number, name, received_at, response_status, pairs, body)
