"""Deliveries of notifications to webhooks, and the log of every attempt."""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import typing

import sqlalchemy as sa

from .database import ONE, bind
from .tables import FIRST, QUEUED, attempts, deliveries

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from .database import Database, Row

__all__ = [
    "FILTERS",
    "FIRST",
    "QUEUED",
    "AttemptRow",
    "DeliveryLog",
    "DeliveryRecord",
    "DeliveryRow",
    "Headers",
    "Verdict",
]

Headers: typing.TypeAlias = tuple[tuple[str, str], ...]

_d, _a = deliveries.c, attempts.c

FILTERS: typing.Final[Mapping[str, sa.Column[typing.Any]]] = {
    "delivery_id": _d.id,
    "webhook_id": _d.webhook_id,
    "event": _d.event,
    "verdict": _a.verdict,
}
"""The columns by which the log can be filtered."""


class Verdict(enum.StrEnum):
    """The result of a delivery attempt."""

    DELIVERED = "delivered"
    """Responded with any 2xx."""
    REJECTED = "rejected"
    """Responded with anything else but a redirect."""
    REDIRECTED = "redirected"
    """Responded with a redirect, which is not followed."""
    TIMED_OUT = "timed_out"
    """No response in time."""
    CONNECTION_FAILED = "connection_failed"
    """The receiver could not be reached, or hung up without a response."""
    INVALID_RESPONSE = "invalid_response"
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
        status: HTTP status of the response, if there was one.
        request_headers: What was sent, in order; empty if nothing was.
        response_headers: What came back.
        response_body: The beginning of what came back.
    """

    number: int | None
    started_at: str
    seconds: float
    url: str | None
    verdict: Verdict
    detail: str | None = None
    status: int | None = None
    request_headers: Headers = ()
    response_headers: Headers = ()
    response_body: bytes = b""


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A try as the log shows it."""

    delivery: DeliveryRow
    attempt: AttemptRow


_own = (_d.developer == bind("developer"), _d.id == bind("id"))
_of_webhook = (_d.webhook_id == bind("webhook_id"), _d.developer == bind("developer"))
# Written out, so that SQLite sees that the partial index covers it.
_first: sa.ColumnClause[int] = sa.literal_column(str(FIRST))
_queued: sa.ColumnClause[int] = sa.literal_column(str(QUEUED))
_DELIVERY: typing.Final = [_d[field.name] for field in dataclasses.fields(DeliveryRow)]
_ATTEMPT: typing.Final = [_a[field.name] for field in dataclasses.fields(AttemptRow)]

_ADD: typing.Final = (
    sa.insert(deliveries)
    .values({c: bind(c.name) for c in (_d.developer, *_DELIVERY)})
    .returning(_d.position)
)
_GET: typing.Final = sa.select(*_DELIVERY).where(*_own)
_WAITING: typing.Final = (
    sa.select(_d.id)
    .where(*_of_webhook, _d.next_attempt == _queued)
    .order_by(_d.position)
    .limit(bind("limit"))
)
_IS_DUE: typing.Final = sa.select(ONE).where(*_of_webhook, _d.next_attempt == _first).limit(1)
_SET_NEXT: typing.Final = (
    sa.update(deliveries).where(*_own).values(next_attempt=bind("next_attempt"))
)
_ADD_ATTEMPT: typing.Final = sa.insert(attempts).values(
    {c: bind(c.name) for c in (_a.developer, _a.delivery_id, *_ATTEMPT)}
)
_prunable = (
    _d.developer == bind("developer"),
    _d.next_attempt.is_(None),
    _d.position
    <= sa.select(_d.position)
    .where(_d.developer == bind("developer"))
    .order_by(_d.position.desc())
    .limit(1)
    .offset(bind("kept"))
    .correlate(None)
    .scalar_subquery(),
)
_PRUNE_ATTEMPTS: typing.Final = sa.delete(attempts).where(
    _a.developer == bind("developer"), _a.delivery_id.in_(sa.select(_d.id).where(*_prunable))
)
_PRUNE: typing.Final = sa.delete(deliveries).where(*_prunable)


class DeliveryLog:
    """The deliveries of all developers; the oldest finished ones are pruned.

    Args:
        database: Where they lie.
        kept: How many of a developer's deliveries are kept, apart from pending ones.
    """

    def __init__(self, database: Database, *, kept: int = 10_000) -> None:
        self._database = database
        self._kept = kept
        self._prune_every = max(1, kept // 100)

    def add(self, developer_id: str, delivery: DeliveryRow) -> None:
        """Insert a delivery, behind those that wait for their first attempt."""
        with self._database.transaction():
            key = self._database.make_key(developer_id)
            values = {name: getattr(delivery, name) for name in DeliveryRow.__dataclass_fields__}
            position = self._database.rows(_ADD, {"developer": key, **values})[0][0]
            if position % self._prune_every == 0:
                bounds = {"developer": key, "kept": self._kept}
                self._database.change(_PRUNE_ATTEMPTS, bounds)
                self._database.change(_PRUNE, bounds)

    def get(self, developer_id: str, delivery_id: str) -> DeliveryRow | None:
        """Return a delivery, or None where the developer has no such one."""
        own = {"developer": self._database.key_of(developer_id), "id": delivery_id}
        rows = self._database.rows(_GET, own)
        return DeliveryRow(*rows[0]) if rows else None

    def queued(self, developer_id: str, webhook_id: str, *, limit: int) -> list[str]:
        """Return the deliveries to a webhook whose first attempt is queued, oldest first."""
        own = {"developer": self._database.key_of(developer_id), "webhook_id": webhook_id}
        return [row[0] for row in self._database.rows(_WAITING, {**own, "limit": limit})]

    def is_first_due(self, developer_id: str, webhook_id: str) -> bool:
        """Return whether a first attempt to a webhook is scheduled or under way."""
        own = {"developer": self._database.key_of(developer_id), "webhook_id": webhook_id}
        return bool(self._database.rows(_IS_DUE, own))

    def set_first_due(self, developer_id: str, delivery_id: str) -> None:
        """Note that it is the turn of a delivery's first attempt."""
        with self._database.transaction():
            own = {"developer": self._database.key_of(developer_id), "id": delivery_id}
            self._database.change(_SET_NEXT, {**own, "next_attempt": FIRST})

    def record(
        self, developer_id: str, delivery_id: str, attempt: AttemptRow, *, next_attempt: int | None
    ) -> bool:
        """Log an attempt and set the next one; return whether the delivery was still there."""
        with self._database.transaction():
            key = self._database.key_of(developer_id)
            own = {"developer": key, "id": delivery_id}
            found = self._database.change(_SET_NEXT, {**own, "next_attempt": next_attempt})
            if found:
                values: dict[str, object] = {"developer": key, "delivery_id": delivery_id}
                for name in AttemptRow.__dataclass_fields__:
                    value = getattr(attempt, name)
                    values[name] = json.dumps(value) if isinstance(value, tuple) else value
                self._database.change(_ADD_ATTEMPT, values)
            return found > 0

    def records(
        self, developer_id: str, equal: Mapping[str, str | None], *, limit: int
    ) -> list[DeliveryRecord]:
        """Return the developer's latest attempts that fit, newest first.

        Args:
            developer_id: The developer.
            equal: Values of attributes, under the names of `FILTERS`; None: any.
            limit: How many at most.
        """
        wanted = {name: value for name, value in equal.items() if value is not None}
        own = {"developer": self._database.key_of(developer_id), "limit": limit}
        rows = self._database.rows(_records(tuple(wanted)), {**wanted, **own})
        return [_record(row) for row in rows]


@functools.cache
def _records(filters: tuple[str, ...]) -> sa.Executable:
    return (
        sa.select(*_DELIVERY, *_ATTEMPT)
        .join_from(attempts, deliveries, (_d.id == _a.delivery_id) & (_d.developer == _a.developer))
        .where(_a.developer == bind("developer"))
        .where(*(FILTERS[name] == bind(name) for name in filters))
        .order_by(_a.position.desc())
        .limit(bind("limit"))
    )


def _record(row: Row) -> DeliveryRecord:
    width = len(_DELIVERY)
    attempt = AttemptRow(*row[width:])
    return DeliveryRecord(
        DeliveryRow(*row[:width]),
        dataclasses.replace(
            attempt,
            verdict=Verdict(attempt.verdict),
            request_headers=_headers(attempt.request_headers),
            response_headers=_headers(attempt.response_headers),
        ),
    )


def _headers(stored: object) -> Headers:
    return tuple((name, value) for name, value in json.loads(str(stored)))
