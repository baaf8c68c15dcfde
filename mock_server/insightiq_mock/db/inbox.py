"""What the built-in receivers were sent."""

from __future__ import annotations

import dataclasses
import json
import typing

if typing.TYPE_CHECKING:
    from .store import Row, Store

__all__ = ["TABLES", "InboxMessage", "InboxMessages"]

# No developer owns an inbox: whoever knows its name can send to it, like any receiver.
TABLES: typing.Final = """
CREATE TABLE inbox_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    received_at TEXT NOT NULL,
    answered INTEGER NOT NULL,
    size INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX inbox_messages_by_name ON inbox_messages (name, id);
"""

_PRUNE_EVERY: typing.Final = 64


@dataclasses.dataclass(frozen=True, slots=True)
class InboxMessage:
    """One request that an inbox received.

    Attributes:
        id: Grows with every message.
        name: The inbox.
        received_at: When, in real time, as the wire writes it.
        answered: The HTTP status that the inbox answered with.
        headers: Names in lower case, in the order in which they came.
        body: The raw bytes, over which a signature can be checked.
    """

    id: int
    name: str
    received_at: str
    answered: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class InboxMessages:
    """The messages of all inboxes; the oldest are forgotten.

    Args:
        store: Where they lie.
        kept: How many are remembered, over all inboxes.
        kept_bytes: How much text they may hold together.
    """

    def __init__(self, store: Store, *, kept: int = 10_000, kept_bytes: int = 32 * 2**20) -> None:
        self._store = store
        self._kept = kept
        self._kept_bytes = kept_bytes

    def add(
        self,
        name: str,
        *,
        received_at: str,
        answered: int,
        headers: tuple[tuple[str, str], ...],
        body: bytes,
    ) -> None:
        """Keep a new message."""
        written = json.dumps(headers)
        with self._store.transaction():
            rows = self._store.rows(
                "INSERT INTO inbox_messages (name, received_at, answered, size, headers, body)"
                " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (name, received_at, answered, len(written) + len(body), written, body),
            )
            if rows[0][0] % _PRUNE_EVERY == 0:
                self._prune()

    def of(self, name: str, limit: int = 100) -> list[InboxMessage]:
        """Return the last messages of an inbox, in the order in which they came."""
        rows = self._store.rows(
            "SELECT id, name, received_at, answered, headers, body FROM inbox_messages"
            " WHERE name = ? ORDER BY id DESC LIMIT ?",
            (name, limit),
        )
        return [_message(row) for row in reversed(rows)]

    def clear(self, name: str) -> int:
        """Forget the messages of an inbox and return how many there were."""
        with self._store.transaction():
            return self._store.change("DELETE FROM inbox_messages WHERE name = ?", (name,))

    def _prune(self) -> None:
        self._store.change(
            "DELETE FROM inbox_messages WHERE id <= ("
            "SELECT id FROM inbox_messages ORDER BY id DESC LIMIT 1 OFFSET ?)",
            (self._kept,),
        )
        self._store.change(
            "DELETE FROM inbox_messages WHERE id <= (SELECT max(id) FROM ("
            "SELECT id, sum(size) OVER (ORDER BY id DESC) AS held FROM inbox_messages)"
            " WHERE held > ?)",
            (self._kept_bytes,),
        )


def _message(row: Row) -> InboxMessage:
    message_id, name, received_at, answered, headers, body = row
    pairs = tuple((key, value) for key, value in json.loads(headers))
    return InboxMessage(message_id, name, received_at, answered, pairs, body)
