"""Deliveries of notifications to webhooks, and the log of every try."""

from __future__ import annotations

import dataclasses
import enum
import json
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Row, Store, Value

__all__ = [
    "FILTERS",
    "FIRST",
    "QUEUED",
    "TABLES",
    "AttemptRow",
    "DeliveryLog",
    "DeliveryRecord",
    "DeliveryRow",
    "Headers",
    "Verdict",
]

Headers: typing.TypeAlias = tuple[tuple[str, str], ...]

QUEUED: typing.Final = 0
"""Stands for the first try while it waits for those before it."""

FIRST: typing.Final = 1
"""Number of the first try."""

FILTERS: typing.Final = {
    "delivery_id": "d.id",
    "webhook_id": "d.webhook_id",
    "event": "d.event",
    "verdict": "a.verdict",
}
"""By what the log can be searched, and where it stands."""

# `next_attempt` is null once nothing more is going to happen. Only the indexes that end in
# `position` begin with `developer`: a copy of a developer's rows is then made in that order.
TABLES: typing.Final = f"""
CREATE TABLE deliveries (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    developer INTEGER NOT NULL REFERENCES developers (key),
    id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    notification_id TEXT NOT NULL,
    event TEXT NOT NULL,
    next_attempt INTEGER,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX deliveries_in_order ON deliveries (developer, position);
CREATE UNIQUE INDEX deliveries_by_id ON deliveries (id, developer);
CREATE INDEX deliveries_waiting ON deliveries (webhook_id, developer, position)
    WHERE next_attempt <= {FIRST};
CREATE TABLE delivery_attempts (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    developer INTEGER NOT NULL REFERENCES developers (key),
    delivery_id TEXT NOT NULL,
    number INTEGER,
    started_at TEXT NOT NULL,
    seconds REAL NOT NULL,
    url TEXT,
    verdict TEXT NOT NULL,
    detail TEXT,
    status INTEGER,
    request_headers TEXT NOT NULL,
    answer_headers TEXT NOT NULL,
    answer_body BLOB NOT NULL
) STRICT;
CREATE INDEX delivery_attempts_in_order ON delivery_attempts (developer, position);
CREATE INDEX delivery_attempts_of_delivery ON delivery_attempts (delivery_id, developer);
"""


class Verdict(enum.StrEnum):
    """What came of a try."""

    DELIVERED = "delivered"
    """Answered with any 2xx."""
    REFUSED = "refused"
    """Answered with anything else but a redirect."""
    REDIRECTED = "redirected"
    """Answered with a redirect, which is not followed."""
    TIMED_OUT = "timed_out"
    """Not answered in time."""
    CONNECTION_FAILED = "connection_failed"
    """The receiver could not be reached, or hung up without an answer."""
    INVALID_ANSWER = "invalid_answer"
    """What came back is no HTTP, or breaks off."""
    FORBIDDEN_ADDRESS = "forbidden_address"
    """This server does not connect to where the webhook lies."""
    UNUSABLE_URL = "unusable_url"
    """The webhook's URL is not one that can be posted to."""
    WEBHOOK_INACTIVE = "webhook_inactive"
    """Not tried: the webhook was switched off meanwhile."""
    WEBHOOK_DELETED = "webhook_deleted"
    """Not tried: the webhook is gone."""


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One notification on its way to one webhook.

    Attributes:
        id: Unique within the developer.
        webhook_id: Where it goes.
        notification_id: The ``id`` in the body; the same for each webhook.
        event: Name of the event.
        body: The exact bytes that are sent.
        next_attempt: Number of the try that comes next; None when there will be none, `QUEUED` while
            the first waits its turn.
    """

    id: str
    webhook_id: str
    notification_id: str
    event: str
    body: bytes
    next_attempt: int | None = QUEUED


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try.

    Attributes:
        number: 1 for the first; None for one that a person asked for.
        started_at: When, in the developer's time, as the wire writes it.
        seconds: How long it took, in real time.
        url: Where it was sent; None where it was not tried.
        verdict: What came of it.
        detail: One sentence about what went wrong; None if nothing did.
        status: HTTP status of the answer, if there was one.
        request_headers: What was sent, in order; empty if nothing was.
        answer_headers: What came back.
        answer_body: The beginning of what came back.
    """

    number: int | None
    started_at: str
    seconds: float
    url: str | None
    verdict: Verdict
    detail: str | None = None
    status: int | None = None
    request_headers: Headers = ()
    answer_headers: Headers = ()
    answer_body: bytes = b""


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A try as the log shows it."""

    delivery: DeliveryRow
    attempt: AttemptRow


class DeliveryLog:
    """The deliveries of all developers; the oldest finished ones are forgotten.

    Args:
        store: Where they lie.
        kept: How many of a developer's deliveries are remembered, apart from those on their way.
    """

    def __init__(self, store: Store, *, kept: int = 10_000) -> None:
        self._store = store
        self._kept = kept
        self._prune_every = max(1, kept // 100)

    def add(self, developer_id: str, delivery: DeliveryRow) -> None:
        """Keep a new delivery, behind those that are waiting for their first try."""
        with self._store.transaction():
            key = self._store.make_key(developer_id)
            rows = self._store.rows(
                "INSERT INTO deliveries"
                " (developer, id, webhook_id, notification_id, event, body, next_attempt)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING position",
                (
                    key,
                    delivery.id,
                    delivery.webhook_id,
                    delivery.notification_id,
                    delivery.event,
                    delivery.body,
                    delivery.next_attempt,
                ),
            )
            if rows[0][0] % self._prune_every == 0:
                self._prune(key)

    def get(self, developer_id: str, delivery_id: str) -> DeliveryRow | None:
        """Return a delivery, or None where the developer has no such one."""
        rows = self._store.rows(
            f"SELECT {_DELIVERY} FROM deliveries AS d WHERE d.developer = ? AND d.id = ?",  # noqa: S608 - names of our own columns
            (self._store.key_of(developer_id), delivery_id),
        )
        return DeliveryRow(*rows[0]) if rows else None

    def queued(self, developer_id: str, webhook_id: str, *, limit: int) -> list[str]:
        """Return the deliveries to a webhook whose first try waits its turn, oldest first."""
        rows = self._store.rows(
            "SELECT id FROM deliveries WHERE webhook_id = ? AND developer = ?"  # noqa: S608 - our own number
            f" AND next_attempt = {QUEUED} ORDER BY position LIMIT ?",
            (webhook_id, self._store.key_of(developer_id), limit),
        )
        return [row[0] for row in rows]

    def is_first_due(self, developer_id: str, webhook_id: str) -> bool:
        """Tell whether a first try to a webhook is scheduled or under way."""
        rows = self._store.rows(
            "SELECT 1 FROM deliveries WHERE webhook_id = ? AND developer = ?"  # noqa: S608 - our own number
            f" AND next_attempt = {FIRST} LIMIT 1",
            (webhook_id, self._store.key_of(developer_id)),
        )
        return bool(rows)

    def set_first_due(self, developer_id: str, delivery_id: str) -> None:
        """Note that it is the turn of a delivery's first try."""
        with self._store.transaction():
            self._store.change(
                "UPDATE deliveries SET next_attempt = ? WHERE developer = ? AND id = ?",
                (FIRST, self._store.key_of(developer_id), delivery_id),
            )

    def record(
        self, developer_id: str, delivery_id: str, attempt: AttemptRow, *, next_attempt: int | None
    ) -> bool:
        """Log a try and note which one comes next; tell whether the delivery was still there."""
        with self._store.transaction():
            key = self._store.key_of(developer_id)
            found = self._store.change(
                "UPDATE deliveries SET next_attempt = ? WHERE developer = ? AND id = ?",
                (next_attempt, key, delivery_id),
            )
            if found:
                values = {"developer": key, "delivery_id": delivery_id, **_columns(attempt)}
                self._store.change(
                    f"INSERT INTO delivery_attempts ({', '.join(values)})"  # noqa: S608 - names of our own columns
                    f" VALUES ({', '.join('?' * len(values))})",
                    tuple(values.values()),
                )
            return found > 0

    def records(
        self, developer_id: str, asked: Mapping[str, str | None], *, limit: int
    ) -> list[DeliveryRecord]:
        """Return the developer's last tries that fit, newest first.

        Args:
            developer_id: Whose.
            asked: The values that attributes must have, under the names of `FILTERS`; None: any.
            limit: How many at most.
        """
        equal = {FILTERS[name]: value for name, value in asked.items() if value is not None}
        conditions = "".join(f" AND {column} = ?" for column in equal)
        rows = self._store.rows(
            f"SELECT {_DELIVERY}, {_ATTEMPT} FROM delivery_attempts AS a JOIN deliveries AS d"  # noqa: S608 - names of our own columns
            " ON d.id = a.delivery_id AND d.developer = a.developer"
            f" WHERE a.developer = ?{conditions} ORDER BY a.position DESC LIMIT ?",
            (self._store.key_of(developer_id), *equal.values(), limit),
        )
        return [_record(row) for row in rows]

    def _prune(self, developer_key: int) -> None:
        bounds = (developer_key, developer_key, self._kept)
        self._store.change(_FORGET_ATTEMPTS, (developer_key, *bounds))
        self._store.change(_FORGET_DELIVERIES, bounds)


_FORGETTABLE: typing.Final = (
    "developer = ? AND next_attempt IS NULL AND position <= ("
    "SELECT position FROM deliveries WHERE developer = ? ORDER BY position DESC LIMIT 1 OFFSET ?)"
)
_FORGET_ATTEMPTS: typing.Final = (
    "DELETE FROM delivery_attempts WHERE developer = ?"  # noqa: S608 - a constant
    f" AND delivery_id IN (SELECT id FROM deliveries WHERE {_FORGETTABLE})"
)
_FORGET_DELIVERIES: typing.Final = f"DELETE FROM deliveries WHERE {_FORGETTABLE}"  # noqa: S608 - a constant
_DELIVERY: typing.Final = "d.id, d.webhook_id, d.notification_id, d.event, d.body, d.next_attempt"
_DELIVERY_WIDTH: typing.Final = len(_DELIVERY.split(","))
_ATTEMPT: typing.Final = ", ".join(f"a.{field.name}" for field in dataclasses.fields(AttemptRow))


def _columns(attempt: AttemptRow) -> dict[str, Value]:
    """Return a try as columns, each named like its attribute."""
    return {
        field.name: json.dumps(value) if isinstance(value, tuple) else value
        for field in dataclasses.fields(AttemptRow)
        for value in (getattr(attempt, field.name),)
    }


def _record(row: Row) -> DeliveryRecord:
    delivery = DeliveryRow(*row[:_DELIVERY_WIDTH])
    names = (field.name for field in dataclasses.fields(AttemptRow))
    attempt = AttemptRow(**dict(zip(names, row[_DELIVERY_WIDTH:], strict=True)))
    return DeliveryRecord(
        delivery,
        dataclasses.replace(
            attempt,
            verdict=Verdict(attempt.verdict),
            request_headers=_headers(attempt.request_headers),
            answer_headers=_headers(attempt.answer_headers),
        ),
    )


def _headers(stored: object) -> Headers:
    return tuple((name, value) for name, value in json.loads(str(stored)))
