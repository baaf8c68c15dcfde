"""Carrying out jobs: those that are due now, those of a stretch of time, and forever.

Two sorts of work are registered. A *change* only touches the store: it is carried out, and its job
forgotten, in one transaction, so that it happens exactly once whatever crashes. An *action* waits
for something outside, such as a receiver of webhooks: its job is leased meanwhile, so that no other
process does the same, and is done again if the lease ends without news.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import typing

from insightiq_mock.store import Jobs, format_timestamp

from .clock import ClockError
from .jobs import Job, job_of
from .settings import LONGEST_WEBHOOK_TIMEOUT

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .simulation import Simulation

__all__ = ["Action", "Change", "Runner"]

Action: typing.TypeAlias = "Callable[[Job], Awaitable[None]]"
Change: typing.TypeAlias = "Callable[[Job], None]"

# The longest action is a try of a webhook; what it says is written down within the rest.
_LEASE_SECONDS: typing.Final = LONGEST_WEBHOOK_TIMEOUT + 5.0

# How long the background task sleeps at most: another process may have scheduled something.
_LONGEST_NAP_SECONDS: typing.Final = 1.0

# Actions of one server that may be under way at once.
_MOST_ACTIONS: typing.Final = 100

_log = logging.getLogger("insightiq_mock.simulation")


class Runner:
    """Carries out the jobs of a simulation."""

    def __init__(self, simulation: Simulation, jobs: Jobs) -> None:
        self._simulation = simulation
        self._jobs = jobs
        self._changes: dict[str, Change] = {}
        self._actions: dict[str, Action] = {}
        self._advancing: set[str] = set()
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._news: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def on_change(self, kind: str, run: Change) -> None:
        """Register who carries out a kind that only touches the store."""
        self._changes[kind] = run

    def on(self, kind: str, run: Action) -> None:
        """Register who carries out a kind that waits for something outside."""
        self._actions[kind] = run

    def note(self, developer_id: str) -> None:
        """Find out afresh when the developer's first job comes due: jobs or clock have changed."""
        if developer_id in self._advancing:
            return
        wall = self._simulation.wall_clock().timestamp()
        with self._simulation.store.transaction():
            due_at, free_at = self._jobs.next_times(developer_id, wall=wall)
            wake_at = [] if free_at is None else [free_at]
            if due_at is not None:
                clock = self._simulation.clock(developer_id)
                moment = clock.wall_at(dt.datetime.fromisoformat(f"{due_at}+00:00"))
                wake_at += [] if moment is None else [moment.timestamp()]
            self._jobs.set_wake_up(developer_id, min(wake_at, default=None))
        if self._loop is not None and self._news is not None:
            self._loop.call_soon_threadsafe(self._news.set)

    async def advance(self, developer_id: str, by: dt.timedelta) -> list[Job]:
        """Move a clock on; whatever comes due meanwhile happens in order before this returns."""
        if by < dt.timedelta():
            msg = "Time cannot be turned back; restore a snapshot or reset the developer instead."
            raise ClockError(msg)
        target = self._target(developer_id, by)
        done: list[Job] = []
        self._advancing.add(developer_id)
        try:
            while True:
                job = self._claim(developer_id, target, move_clock=True)
                if job is not None:
                    done.append(job)
                    await self._act(job)
                    # Months are thousands of jobs; requests are answered between two of them.
                    await asyncio.sleep(0)
                elif not await self._await_under_way(developer_id):
                    break
        finally:
            self._advancing.discard(developer_id)
            self.note(developer_id)
        self._simulation.move_clock(developer_id, target)
        return done

    async def _await_under_way(self, developer_id: str) -> bool:
        """Wait for what the background task has begun for a developer; tell whether there was any.

        It came due before, and what follows from it may come due as well.
        """
        begun = [task for task, whose in self._under_way.items() if whose == developer_id]
        if begun:
            await asyncio.wait(begun)
        return bool(begun)

    def _target(self, developer_id: str, by: dt.timedelta) -> dt.datetime:
        try:
            target = self._simulation.now(developer_id) + by
        except OverflowError as error:
            msg = f"A clock cannot be moved on by {by.days} days; choose fewer."
            raise ClockError(msg) from error
        # Refused before anything happens: a moment that no clock shows.
        self._simulation.clock(developer_id).moved_to(target, self._simulation.wall_clock())
        return target

    async def run_due(self, developer_id: str) -> int:
        """Carry out what is due by now, one after another; return how much that was."""
        number = 0
        while job := self._claim(developer_id, self._simulation.now(developer_id)):
            number += 1
            await self._act(job)
        self.note(developer_id)
        return number

    async def run_forever(self) -> None:
        """Carry out jobs of all developers as they come due, until cancelled."""
        self._loop, self._news = asyncio.get_running_loop(), asyncio.Event()
        try:
            while True:
                self._news.clear()
                seconds = await self._run_next()
                try:
                    async with asyncio.timeout(seconds):
                        await self._news.wait()
                except TimeoutError:
                    pass
        finally:
            self._loop = self._news = None
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _run_next(self) -> float:
        """Carry out what is due for the developer whose turn it is; return how long to sleep."""
        coming = self._jobs.next_wake_up()
        if coming is None or len(self._under_way) >= _MOST_ACTIONS:
            return _LONGEST_NAP_SECONDS
        developer_id, wake_at = coming
        seconds = wake_at - self._simulation.wall_clock().timestamp()
        if seconds > 0:
            return min(seconds, _LONGEST_NAP_SECONDS)
        job = self._claim(developer_id, self._simulation.now(developer_id))
        if job is not None and job.kind in self._actions:
            task = asyncio.create_task(self._act(job))
            self._under_way[task] = developer_id
            task.add_done_callback(self._under_way.pop)
        self.note(developer_id)
        # Let answers to requests pass between two jobs.
        await asyncio.sleep(0)
        return 0.0

    def _claim(
        self, developer_id: str, due_by: dt.datetime, *, move_clock: bool = False
    ) -> Job | None:
        """Take the next job that is due; a change is carried out at once, an action is leased."""
        wall = self._simulation.wall_clock().timestamp()
        with self._simulation.store.transaction():
            row = self._jobs.claim(
                developer_id,
                due_by=format_timestamp(due_by),
                wall=wall,
                lease_seconds=_LEASE_SECONDS,
            )
            if row is None:
                return None
            job = job_of(developer_id, row)
            if move_clock:
                moment = max(job.due_at, self._simulation.now(developer_id))
                self._simulation.move_clock(developer_id, moment)
        if job.kind not in self._actions:
            self._change(job)
        return job

    def _change(self, job: Job) -> None:
        change = self._changes.get(job.kind)
        try:
            with self._simulation.store.transaction():
                if self._jobs.finish(job.id) and change is not None:
                    change(job)
        except Exception:  # noqa: BLE001 - it would fail again: it is dropped, and the others go on
            _log.exception("The job %s of developer %s failed.", job.kind, job.developer_id)
            self._jobs.finish(job.id)

    async def _act(self, job: Job) -> None:
        action = self._actions.get(job.kind)
        if action is None:
            return
        try:
            await action(job)
        except asyncio.CancelledError:
            self._jobs.release(job.id)
            self.note(job.developer_id)
            raise
        except Exception:  # noqa: BLE001 - as above
            _log.exception("The job %s of developer %s failed.", job.kind, job.developer_id)
        self._jobs.finish(job.id)
        self.note(job.developer_id)
