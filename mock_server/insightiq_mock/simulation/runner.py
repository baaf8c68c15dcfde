"""Carrying out jobs: those that are due now, those of a stretch of time, and forever.

Two sorts of work are registered. A *change* only touches the store: it is carried out, and its job
forgotten, in one transaction, so that it happens exactly once whatever crashes. An *action* waits
for something outside, such as a receiver of webhooks: its job is leased meanwhile, so that no other
process does the same, and is done again if the lease ends without news.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import itertools
import logging
import os
import typing

from insightiq_mock.db import Jobs, StoreError, format_timestamp

from .clock import ClockError
from .jobs import Job, job_of
from .settings import LONGEST_WEBHOOK_TIMEOUT

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from .simulation import Simulation

__all__ = ["Action", "Advance", "Change", "Runner", "Stretch"]

Action: typing.TypeAlias = "Callable[[Job], Awaitable[None]]"
Change: typing.TypeAlias = "Callable[[Job], None]"
Stretch: typing.TypeAlias = "dt.timedelta | Callable[[dt.datetime], dt.timedelta]"

# The longest action is a try of a webhook; what it says is written down within the rest.
_LEASE_SECONDS: typing.Final = LONGEST_WEBHOOK_TIMEOUT + 5.0

# How long whoever moves a clock on holds it without a sign of life.
_HOLD_SECONDS: typing.Final = 60.0

# How often whoever waits for another process looks again.
_SECONDS_BETWEEN_LOOKS: typing.Final = 0.02

# So long a clock that is moved on waits for a receiver before it goes on beside it: what answers
# within it happens in the same order at every run.
_PATIENCE_SECONDS: typing.Final = 1.0

# How long the background task sleeps at most: another process may have scheduled something.
_LONGEST_NAP_SECONDS: typing.Final = 1.0

# Actions of one server that may be under way at once.
_MOST_ACTIONS: typing.Final = 100

_log = logging.getLogger("insightiq_mock.simulation")


@dataclasses.dataclass(frozen=True, slots=True)
class Advance:
    """A clock that was moved on.

    Attributes:
        jobs: What happened on the way, in the order in which it began.
        complete: Whether the clock arrived; False where the bound on jobs stopped it.
        remaining: How far is left.
    """

    jobs: tuple[Job, ...]
    complete: bool
    remaining: dt.timedelta


class _Acts:
    """The actions that an advance has begun."""

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._patient_until = 0.0
        self.tasks: dict[asyncio.Task[None], dt.datetime] = {}

    @property
    def began_at(self) -> dt.datetime | None:
        """When the oldest began, in the developer's time; None where none is under way."""
        return min(self.tasks.values(), default=None)

    @property
    def patience(self) -> float:
        """For how many seconds they are still waited for before the clock goes on."""
        return self._patient_until - asyncio.get_running_loop().time()

    def add(self, act: Coroutine[typing.Any, typing.Any, None], began_at: dt.datetime) -> None:
        """Begin one at a moment of the developer's time."""
        task = asyncio.ensure_future(act)
        self.tasks[task] = began_at
        task.add_done_callback(self.tasks.pop)
        self._patient_until = asyncio.get_running_loop().time() + self._patience_seconds

    async def wait(self) -> None:
        """Wait until one has ended, or patience has."""
        seconds = self.patience if self.patience > 0 else _LONGEST_NAP_SECONDS
        await asyncio.wait(tuple(self.tasks), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def cancel(self) -> None:
        """End those that are under way; their jobs are given back."""
        tasks = tuple(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Runner:
    """Carries out the jobs of a simulation."""

    def __init__(
        self, simulation: Simulation, jobs: Jobs, *, patience_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        self._simulation = simulation
        self._jobs = jobs
        self._changes: dict[str, Change] = {}
        self._actions: dict[str, Action] = {}
        self._patience_seconds = patience_seconds
        self._numbers = itertools.count(1)
        self._advancing: set[str] = set()
        self._under_way: set[asyncio.Task[None]] = set()
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
        wall = self._wall()
        with self._simulation.store.transaction():
            held_until = self._jobs.held_until(developer_id, wall=wall)
            if held_until is not None:
                # Whoever moves the clock on does what comes due; should they die, others do.
                self._jobs.set_wake_up(developer_id, held_until)
                return
            due_at, free_at = self._jobs.next_times(developer_id, wall=wall)
            wake_at = [] if free_at is None else [free_at]
            if due_at is not None:
                clock = self._simulation.clock(developer_id)
                moment = clock.wall_at(dt.datetime.fromisoformat(f"{due_at}+00:00"))
                wake_at += [] if moment is None else [moment.timestamp()]
            self._jobs.set_wake_up(developer_id, min(wake_at, default=None))
        if self._loop is not None and self._news is not None:
            self._loop.call_soon_threadsafe(self._news.set)

    async def advance(
        self, developer_id: str, by: Stretch, *, most_jobs: int | None = None
    ) -> Advance:
        """Move a clock on; whatever comes due meanwhile happens in order before this returns.

        One after another: whoever comes while a clock is moved on, in whichever process, waits.
        Receivers are waited for together; the clock goes on beside a slow one, but not further than
        to the moment at which it would be tried again.

        Args:
            developer_id: Whose clock.
            by: How far, or what says it of the moment that the clock shows then.
            most_jobs: Stop after so many jobs; None for no bound.

        Raises:
            ClockError: It cannot be moved on like that, or the world was reset meanwhile.
        """
        # Refused at once, however long somebody else holds the clock.
        self._target(developer_id, by)
        holder = f"{os.getpid()} {id(self)} {next(self._numbers)}"
        while not self._begin(developer_id, holder):  # noqa: ASYNC110 - another process tells no event
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        self._advancing.add(developer_id)
        try:
            return await self._advance(developer_id, by, holder, most_jobs)
        finally:
            self._jobs.end_advance(developer_id, holder=holder)
            self._advancing.discard(developer_id)
            if self._simulation.has_developer(developer_id):
                self.note(developer_id)

    def _begin(self, developer_id: str, holder: str) -> bool:
        wall = self._wall()
        if self._jobs.held_until(developer_id, wall=wall) is not None:
            return False
        with self._simulation.store.transaction():
            self._simulation.developer(developer_id)
            until = wall + _HOLD_SECONDS
            return self._jobs.begin_advance(developer_id, holder=holder, wall=wall, until=until)

    async def _advance(
        self, developer_id: str, by: Stretch, holder: str, most_jobs: int | None
    ) -> Advance:
        target = self._target(developer_id, by)
        done: list[Job] = []
        acts = _Acts(self._patience_seconds)
        try:
            while True:
                is_full = most_jobs is not None and len(done) >= most_jobs
                job = None
                if not is_full and len(acts.tasks) < _MOST_ACTIONS:
                    due_by = self._due_by(developer_id, target, acts)
                    job = self._claim(developer_id, due_by, holder=holder)
                if job is not None:
                    done.append(job)
                    if job.kind in self._actions:
                        acts.add(self._act(job), self._simulation.now(developer_id))
                    # Months are thousands of jobs; requests are answered between two of them.
                    await asyncio.sleep(0)
                elif acts.tasks:
                    await acts.wait()
                elif not is_full and self._is_any_leased(developer_id, target):
                    self._keep(developer_id, holder)
                    await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
                else:
                    break
        finally:
            await acts.cancel()
        return self._arrive(developer_id, None if is_full else target, target, holder, done)

    def _arrive(
        self,
        developer_id: str,
        moment: dt.datetime | None,
        target: dt.datetime,
        holder: str,
        done: list[Job],
    ) -> Advance:
        """Let the clock show where the advance ends, and let go of it, at once."""
        with self._simulation.store.transaction():
            self._keep(developer_id, holder)
            now = self._simulation.now(developer_id)
            if moment is not None and moment > now:
                self._simulation.move_clock(developer_id, moment)
                now = moment
            self._jobs.end_advance(developer_id, holder=holder)
        remaining = max(target - now, dt.timedelta())
        return Advance(tuple(done), complete=moment is not None, remaining=remaining)

    def _due_by(self, developer_id: str, target: dt.datetime, acts: _Acts) -> dt.datetime:
        """How far the clock may go on beside the receivers that are waited for."""
        now = self._simulation.now(developer_id)
        if acts.began_at is None:
            # A running clock passes the target beside slow receivers; what waited for them is due.
            return max(target, now)
        if acts.patience > 0:
            return now
        settings = self._simulation.developer(developer_id).settings
        # Until then nothing hangs on what the receiver answers.
        waits = [
            later - before
            for before, later in itertools.pairwise((0, *settings.webhook_retry_seconds))
        ]
        seconds = max(settings.webhook_timeout_seconds, min(waits, default=0))
        return max(now, min(target, acts.began_at + dt.timedelta(seconds=seconds)))

    def _is_any_leased(self, developer_id: str, target: dt.datetime) -> bool:
        """Whether the background task, of whichever process, is busy with what came due before."""
        due_by = format_timestamp(target)
        return self._jobs.is_any_leased(developer_id, due_by=due_by, wall=self._wall())

    def _keep(self, developer_id: str, holder: str) -> None:
        until = self._wall() + _HOLD_SECONDS
        with self._simulation.store.transaction():
            if not self._jobs.keep_advance(developer_id, holder=holder, until=until):
                msg = "The world was reset or restored while its clock was moved on; see the clock."
                raise ClockError(msg)

    def _wall(self) -> float:
        return self._simulation.wall_clock().timestamp()

    def _target(self, developer_id: str, by: Stretch) -> dt.datetime:
        now = self._simulation.now(developer_id)
        by = by if isinstance(by, dt.timedelta) else by(now)
        if by < dt.timedelta():
            msg = "Time cannot be turned back; restore a snapshot or reset the developer instead."
            raise ClockError(msg)
        try:
            target = now + by
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
        seconds = wake_at - self._wall()
        if seconds > 0:
            return min(seconds, _LONGEST_NAP_SECONDS)
        job = self._claim(developer_id, self._simulation.now(developer_id))
        if job is not None and job.kind in self._actions:
            task = asyncio.create_task(self._act(job))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        self.note(developer_id)
        # Let answers to requests pass between two jobs.
        await asyncio.sleep(0)
        return 0.0

    def _claim(
        self, developer_id: str, due_by: dt.datetime, *, holder: str | None = None
    ) -> Job | None:
        """Take the next job that is due; a change is carried out at once, an action is leased.

        Whoever holds the clock moves it to the moment of the job.
        """
        job: Job | None = None
        try:
            with self._simulation.store.transaction():
                if holder is not None:
                    self._keep(developer_id, holder)
                row = self._jobs.claim(
                    developer_id,
                    due_by=format_timestamp(due_by),
                    wall=self._wall(),
                    lease_seconds=_LEASE_SECONDS,
                    holder=holder,
                )
                if row is None:
                    return None
                job = job_of(developer_id, row)
                if holder is not None and job.due_at > self._simulation.now(developer_id):
                    self._simulation.move_clock(developer_id, job.due_at)
                if job.kind not in self._actions:
                    self._change(job)
        except StoreError:
            raise
        except Exception:
            if job is None:
                raise
            # It would fail again: it is dropped, and the others go on.
            _log.exception("The job %s of developer %s failed.", job.kind, job.developer_id)
            self._jobs.finish(job.id)
        return job

    def _change(self, job: Job) -> None:
        self._jobs.finish(job.id)
        change = self._changes.get(job.kind)
        if change is not None:
            change(job)

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
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - it would fail again: it is dropped, and the others go on
            _log.exception("The job %s of developer %s failed.", job.kind, job.developer_id)
        self._jobs.finish(job.id)
        self.note(job.developer_id)
