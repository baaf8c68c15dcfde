"""The tables, declared once for every database engine.

A table with a ``developer`` column is copied by snapshots and emptied by resets, unless it is named in
`LASTING` or `DERIVED`. A key that the database counts up is not copied but given out anew, so nothing
may refer to it: ids that others refer to are text, unique within a developer.
"""

from __future__ import annotations

import sqlalchemy as sa

__all__ = [
    "DERIVED",
    "FIRST",
    "LASTING",
    "METADATA",
    "QUEUED",
    "advances",
    "attempts",
    "deliveries",
    "developers",
    "fault_rules",
    "identities",
    "inbox_messages",
    "jobs",
    "request_log",
    "resources",
    "snapshots",
    "states",
    "wake_ups",
]

METADATA = sa.MetaData()

QUEUED = 0
"""The ``next_attempt`` of a delivery whose first attempt waits for those before it."""

FIRST = 1
"""Number of the first delivery attempt."""

# In SQLite, REAL has eight bytes, and a strict table knows no other name for it.
_REAL: sa.types.TypeEngine[float] = sa.Double[float]().with_variant(sa.REAL(), "sqlite")


def _table(name: str, *parts: sa.Column[object] | sa.Constraint, counted: bool = False) -> sa.Table:
    """Declare a table; ``counted``: its key is counted up and never given out again."""
    return sa.Table(name, METADATA, *parts, sqlite_strict=True, sqlite_autoincrement=counted)


def _index(
    name: str,
    *columns: sa.Column[object],
    unique: bool = False,
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _text(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=null)


def _integer(name: str, *, null: bool = False, key: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer, nullable=null, primary_key=key)


def _real(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, _REAL, nullable=null)


def _bytes(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _developer(name: str = "developer", *, key: bool = False) -> sa.Column[object]:
    return sa.Column(
        name, sa.Integer, sa.ForeignKey("developers.key"), nullable=False, primary_key=key
    )


developers = _table(
    "developers",
    _integer("key", key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
)

# Bodies stand last: filters are read without touching the pages that hold a long body.
resources = _table(
    "resources",
    _developer(),
    _text("kind"),
    _text("id"),
    _text("sort_key"),
    _text("natural_key", null=True),
    _text("account_id", null=True),
    _text("user_id", null=True),
    _text("work_platform_id", null=True),
    _text("content_id", null=True),
    _text("type", null=True),
    _bytes("body"),
)
_of = resources.c
_index("resources_by_id", _of.developer, _of.kind, _of.id, unique=True)
_index(
    "resources_by_natural_key",
    *(_of.developer, _of.kind, _of.natural_key),
    unique=True,
    where=_of.natural_key.is_not(None),
)
_index("resources_in_order", _of.developer, _of.kind, _of.sort_key, _of.id)
for _name, _column in (
    ("account", _of.account_id),
    ("user", _of.user_id),
    ("content", _of.content_id),
):
    _index(
        f"resources_of_{_name}",
        *(_of.developer, _of.kind, _column, _of.sort_key, _of.id),
        where=_column.is_not(None),
    )

identities = _table(
    "developer_identities",
    _developer(key=True),
    _text("secrets"),
    _text("seed"),
    _text("world"),
    _text("start"),
    _text("settings"),
)
states = _table("developer_states", _developer(key=True), _text("clock"), _integer("serial"))

snapshots = _table(
    "snapshots",
    _developer(key=True),
    sa.Column("name", sa.Text, nullable=False, primary_key=True),
    _developer("copy"),
    _text("taken_at"),
)

# `due_at` is a moment of the developer's own world, `wake_at` the wall time at which the first of the
# developer's jobs comes due: one index over it finds the next job of all developers.
jobs = _table(
    "jobs",
    _integer("id", key=True),
    _developer(),
    _text("due_at"),
    _text("kind"),
    _text("subject", null=True),
    _text("payload"),
    _real("leased_until", null=True),
    counted=True,
)
_index("jobs_in_order", jobs.c.developer, jobs.c.due_at, jobs.c.id)
_index("jobs_of_subject", jobs.c.developer, jobs.c.subject, where=jobs.c.subject.is_not(None))
wake_ups = _table("wake_ups", _developer(key=True), _real("wake_at"))
_index("wake_ups_in_order", wake_ups.c.wake_at)

# A row says who advances a developer's clock: until it ends, no other process may, nor take that
# developer's jobs. Resets and restores delete it.
advances = _table("advances", _developer(key=True), _text("holder"), _real("held_until"))

# `next_attempt` is null once nothing more is going to happen.
deliveries = _table(
    "deliveries",
    _integer("position", key=True),
    _developer(),
    _text("id"),
    _text("webhook_id"),
    _text("notification_id"),
    _text("event"),
    _integer("next_attempt", null=True),
    _bytes("body"),
    counted=True,
)
_index("deliveries_in_order", deliveries.c.developer, deliveries.c.position)
_index("deliveries_by_id", deliveries.c.id, deliveries.c.developer, unique=True)
_index(
    "deliveries_waiting",
    *(deliveries.c.webhook_id, deliveries.c.developer, deliveries.c.position),
    where=deliveries.c.next_attempt <= FIRST,
)
attempts = _table(
    "delivery_attempts",
    _integer("position", key=True),
    _developer(),
    _text("delivery_id"),
    _integer("number", null=True),
    _text("started_at"),
    _real("seconds"),
    _text("url", null=True),
    _text("verdict"),
    _text("detail", null=True),
    _integer("status", null=True),
    _text("request_headers"),
    _text("response_headers"),
    _bytes("response_body"),
    counted=True,
)
_index("delivery_attempts_in_order", attempts.c.developer, attempts.c.position)
_index("delivery_attempts_of_delivery", attempts.c.delivery_id, attempts.c.developer)

# `seen` counts the requests that a rule was asked about: its chance depends on nothing else.
fault_rules = _table(
    "fault_rules",
    _developer(key=True),
    _integer("number", key=True),
    _text("operation", null=True),
    _text("effect"),
    _integer("remaining", null=True),
    _real("share", null=True),
    _text("seed"),
    _integer("seen"),
)

# Inboxes are shared by all developers.
inbox_messages = _table(
    "inbox_messages",
    _integer("id", key=True),
    _text("name"),
    _text("received_at"),
    _integer("response_status"),
    _integer("size"),
    _text("headers"),
    _bytes("body"),
    counted=True,
)
_index("inbox_messages_by_name", inbox_messages.c.name, inbox_messages.c.id)

# `caller` is a developer's id: entries are no part of a world, and neither reset nor copied with it.
request_log = _table(
    "request_log",
    _integer("number", key=True),
    _text("caller"),
    _text("operation", null=True),
    _text("method"),
    _integer("status"),
    _text("entry"),
    counted=True,
)
_index("request_log_of_caller", request_log.c.caller, request_log.c.number)

LASTING = frozenset({identities, snapshots})
"""Kept by resets and restores: who the developer is, and the copies."""

DERIVED = frozenset({wake_ups, advances})
"""Not copied: derived from clock and jobs, or valid only now."""
