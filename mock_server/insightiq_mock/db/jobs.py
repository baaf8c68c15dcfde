"""Jobs: what is to happen in a developer's world, and when.

``due_at`` is a moment of the developer's own world. ``wake_at`` is the wall time at which the first of
a developer's jobs comes due; it is missing while a clock stands still or there is nothing to do.
"""

from __future__ import annotations

import dataclasses
import typing

import sqlalchemy as sa

from .database import ONE, bind
from .tables import advances, developers, jobs, wake_ups

if typing.TYPE_CHECKING:
    from .database import Database

__all__ = ["JobRow", "Jobs"]


@dataclasses.dataclass(frozen=True, slots=True)
class JobRow:
    """A job as stored: the moment as the API writes it, the payload as JSON text."""

    id: int
    due_at: str
    kind: str
    payload: str


_c, _a, _w = jobs.c, advances.c, wake_ups.c
_own = _c.developer == bind("developer")
_row = (_c.id, _c.due_at, _c.kind, _c.payload)
_held = _a.developer == bind("developer")

_ADD: typing.Final = (
    sa.insert(jobs)
    .values({c: bind(c.name) for c in (_c.developer, _c.due_at, _c.kind, _c.subject, _c.payload)})
    .returning(_c.id)
)
_CLAIM: typing.Final = (
    sa.update(jobs)
    .values(leased_until=bind("lease"))
    .where(
        _c.id
        == sa.select(_c.id)
        .where(
            *(_own, _c.due_at <= bind("due_by")),
            sa.or_(_c.leased_until.is_(None), _c.leased_until <= bind("wall")),
            ~sa.exists().where(
                *(_held, _a.held_until > bind("wall"), _a.holder.is_distinct_from(bind("holder")))
            ),
        )
        .order_by(_c.due_at, _c.id)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    .returning(*_row)
)
_LEASED: typing.Final = (
    sa.select(ONE).where(_own, _c.due_at <= bind("due_by"), _c.leased_until > bind("wall")).limit(1)
)
_FINISH: typing.Final = sa.delete(jobs).where(_c.id == bind("id"))
_RELEASE: typing.Final = sa.update(jobs).where(_c.id == bind("id")).values(leased_until=sa.null())
_of_subject = (_own, _c.subject == bind("subject"), _c.kind == bind("kind"))
_CANCEL: typing.Final = sa.delete(jobs).where(*_of_subject)
_EXISTS: typing.Final = sa.select(ONE).where(*_of_subject).limit(1)
_PENDING: typing.Final = (
    sa.select(*_row).where(_own).order_by(_c.due_at, _c.id).limit(bind("limit"))
)
_is_leased = _c.leased_until > bind("wall")
_NEXT: typing.Final = sa.select(
    sa.func.min(sa.case((_is_leased, sa.null()), else_=_c.due_at)),
    sa.func.min(sa.case((_is_leased, _c.leased_until))),
).where(_own)

_END_LEFT_ADVANCE: typing.Final = sa.delete(advances).where(_held, _a.held_until <= bind("wall"))
_BEGIN_ADVANCE: typing.Final = sa.insert(advances).from_select(
    ["developer", "holder", "held_until"],
    sa.select(bind("developer"), bind("holder"), bind("until")).where(~sa.exists().where(_held)),
)
_KEEP_ADVANCE: typing.Final = (
    sa.update(advances).where(_held, _a.holder == bind("holder")).values(held_until=bind("until"))
)
_END_ADVANCE: typing.Final = sa.delete(advances).where(_held, _a.holder == bind("holder"))
_HELD_UNTIL: typing.Final = sa.select(_a.held_until).where(_held, _a.held_until > bind("wall"))

_sleeper = _w.developer == bind("developer")
_NO_WAKE_UP: typing.Final = sa.delete(wake_ups).where(_sleeper)
_MOVE_WAKE_UP: typing.Final = sa.update(wake_ups).where(_sleeper).values(wake_at=bind("wall"))
_ADD_WAKE_UP: typing.Final = sa.insert(wake_ups).values(
    developer=bind("developer"), wake_at=bind("wall")
)
_NEXT_WAKE_UP: typing.Final = (
    sa.select(developers.c.id, _w.wake_at)
    .join(developers, developers.c.key == _w.developer)
    .order_by(_w.wake_at)
    .limit(1)
)


class Jobs:
    """The jobs of all developers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, developer_id: str, *, due_at: str, kind: str, subject: str | None, payload: str
    ) -> int:
        """Insert a job and return its number."""
        with self._database.transaction():
            values = {
                "developer": self._database.make_key(developer_id),
                "due_at": due_at,
                "kind": kind,
                "subject": subject,
                "payload": payload,
            }
            number: int = self._database.rows(_ADD, values)[0][0]
            return number

    def claim(
        self,
        developer_id: str,
        *,
        due_by: str,
        wall: float,
        lease_seconds: float,
        holder: str | None = None,
    ) -> JobRow | None:
        """Take the first job that is due and not leased; None if there is none.

        The taker has to `finish` it before the lease ends; otherwise, as after a crash, another takes
        it again. While the developer's clock is advanced, only its ``holder`` gets one.
        """
        values = {
            "developer": self._database.key_of(developer_id),
            "due_by": due_by,
            "wall": wall,
            "lease": wall + lease_seconds,
            "holder": holder,
        }
        with self._database.transaction():
            rows = self._database.rows(_CLAIM, values)
        return JobRow(*rows[0]) if rows else None

    def is_any_leased(self, developer_id: str, *, due_by: str, wall: float) -> bool:
        """Return whether a job that was due is being worked on."""
        own = {"developer": self._database.key_of(developer_id)}
        return bool(self._database.rows(_LEASED, {**own, "due_by": due_by, "wall": wall}))

    def begin_advance(self, developer_id: str, *, holder: str, wall: float, until: float) -> bool:
        """Take hold of a clock to advance it; False where another holder has it."""
        own = {"developer": self._database.key_of(developer_id)}
        with self._database.transaction():
            self._database.change(_END_LEFT_ADVANCE, {**own, "wall": wall})
            return (
                self._database.change(_BEGIN_ADVANCE, {**own, "holder": holder, "until": until}) > 0
            )

    def keep_advance(self, developer_id: str, *, holder: str, until: float) -> bool:
        """Hold the clock longer; False where it is no longer held."""
        own = {"developer": self._database.key_of(developer_id)}
        return self._database.change(_KEEP_ADVANCE, {**own, "holder": holder, "until": until}) > 0

    def end_advance(self, developer_id: str, *, holder: str) -> None:
        """Let go of the clock."""
        with self._database.transaction():
            own = {"developer": self._database.key_of(developer_id)}
            self._database.change(_END_ADVANCE, {**own, "holder": holder})

    def held_until(self, developer_id: str, *, wall: float) -> float | None:
        """Return until when a clock is held by its holder; None if it is not."""
        own = {"developer": self._database.key_of(developer_id)}
        rows = self._database.rows(_HELD_UNTIL, {**own, "wall": wall})
        return rows[0][0] if rows else None

    def finish(self, job_id: int) -> bool:
        """Delete a job that is done; return whether it was still there."""
        with self._database.transaction():
            return self._database.change(_FINISH, {"id": job_id}) > 0

    def cancel(self, developer_id: str, *, subject: str, kinds: tuple[str, ...]) -> None:
        """Delete the jobs of those kinds that concern a subject."""
        with self._database.transaction():
            own = {"developer": self._database.key_of(developer_id), "subject": subject}
            for kind in kinds:
                self._database.change(_CANCEL, {**own, "kind": kind})

    def exists(self, developer_id: str, *, subject: str, kind: str) -> bool:
        """Return whether there is a job of that kind that concerns a subject."""
        own = {"developer": self._database.key_of(developer_id)}
        return bool(self._database.rows(_EXISTS, {**own, "subject": subject, "kind": kind}))

    def pending(self, developer_id: str, limit: int = 1000) -> list[JobRow]:
        """Return the jobs to do, in order."""
        own = {"developer": self._database.key_of(developer_id), "limit": limit}
        return [JobRow(*row) for row in self._database.rows(_PENDING, own)]

    def next_times(self, developer_id: str, *, wall: float) -> tuple[str | None, float | None]:
        """Return when the first free job comes due, and when the first lease ends."""
        own = {"developer": self._database.key_of(developer_id)}
        first, leased = self._database.rows(_NEXT, {**own, "wall": wall})[0]
        return first, leased

    def release(self, job_id: int) -> None:
        """Give a claimed job back, not done."""
        with self._database.transaction():
            self._database.change(_RELEASE, {"id": job_id})

    def set_wake_up(self, developer_id: str, wall: float | None) -> None:
        """Set the wall time at which a developer's first job comes due; None: never."""
        own = {"developer": self._database.key_of(developer_id)}
        with self._database.transaction():
            if wall is None:
                self._database.change(_NO_WAKE_UP, own)
            elif not self._database.change(_MOVE_WAKE_UP, {**own, "wall": wall}):
                self._database.change(_ADD_WAKE_UP, {**own, "wall": wall})

    def next_wake_up(self) -> tuple[str, float] | None:
        """Return the developer whose job comes first of all, and the wall time of it."""
        rows = self._database.rows(_NEXT_WAKE_UP)
        return (rows[0][0], rows[0][1]) if rows else None
