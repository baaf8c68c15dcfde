"""Scheduled jobs: run those that are due now, those of a duration, or all as they come due.

Two sorts of jobs are registered. A *change* only touches the store: it is run, and its job deleted,
in one transaction, so that it happens exactly once whatever crashes. An *action* waits for something
outside, such as a webhook receiver: its job is leased meanwhile, so that no other process runs it,
and is run again if the lease ends without a result.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import itertools
import json
import logging
import os
import typing

from insightiq_mock.db import Jobs, StoreError, format_timestamp

from .clock import ClockError
from .settings import LONGEST_WEBHOOK_TIMEOUT

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from insightiq_mock.db import JobRow, Store

    from .clock import ClockState
    from .developers import Developer

__all__ = ["Action", "Advance", "Change", "Duration", "Job", "JobRunner", "Tenants", "job_of"]

Action: typing.TypeAlias = "Callable[[Job], Awaitable[None]]"
Change: typing.TypeAlias = "Callable[[Job], None]"
Duration: typing.TypeAlias = "dt.timedelta | Callable[[dt.datetime], dt.timedelta]"

# The longest action is a webhook delivery attempt; the rest is for recording its result.
_LEASE_SECONDS: typing.Final = LONGEST_WEBHOOK_TIMEOUT + 5.0

# How long an advance holds the clock without renewing its claim.
_HOLD_SECONDS: typing.Final = 60.0

# How often a process that waits for another one polls.
_SECONDS_BETWEEN_LOOKS: typing.Final = 0.02

# How long an advancing clock waits for a receiver before it goes on meanwhile: responses within this
# time happen in the same order in every run.
_PATIENCE_SECONDS: typing.Final = 1.0

# The longest sleep of the background task: another process may have scheduled a job.
_LONGEST_NAP_SECONDS: typing.Final = 1.0

# Actions that one server runs at once.
_MOST_ACTIONS: typing.Final = 100

_log = logging.getLogger("insightiq_mock.simulation")


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """Something that will happen in a developer's world at a moment of that world.

    Attributes:
        id: Its number.
        developer_id: The owner of the world.
        due_at: The moment, as that world's clock shows it.
        kind: The kind as registered with `Simulation.on` or `Simulation.on_change`.
        payload: Arguments, as JSON values.
    """

    id: int
    developer_id: str
    due_at: dt.datetime
    kind: str
    payload: Mapping[str, typing.Any]


def job_of(developer_id: str, row: JobRow) -> Job:
    """Read a stored job."""
    due_at = dt.datetime.fromisoformat(row.due_at).replace(tzinfo=dt.UTC)
    return Job(row.id, developer_id, due_at, row.kind, json.loads(row.payload))


class Tenants(typing.Protocol):
    """The developers, with their clocks, for whom jobs are run: the simulation."""

    store: Store
    wall_clock: Callable[[], dt.datetime]

    def developer(self, developer_id: str, /) -> Developer:
        """Return a developer."""
        ...

    def has_developer(self, developer_id: str, /) -> bool:
        """Return whether there is such a developer."""
        ...

    def clock(self, developer_id: str, /) -> ClockState:
        """Return the state of a developer's clock."""
        ...

    def now(self, developer_id: str, /) -> dt.datetime:
        """Return a developer's present moment."""
        ...

    def move_clock(self, developer_id: str, moment: dt.datetime, /) -> None:
        """Set a clock to a moment without running jobs."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Advance:
    """The result of advancing a clock.

    Attributes:
        jobs: The jobs that were run, in the order in which they began.
        complete: False where `most_jobs` stopped the clock early.
        remaining: The rest of the duration.
    """

    jobs: tuple[Job, ...]
    complete: bool
    remaining: dt.timedelta


class _RunningActions:
    """The actions that an advance has started."""

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._patient_until = 0.0
        self.tasks: dict[asyncio.Task[None], dt.datetime] = {}

    @property
    def began_at(self) -> dt.datetime | None:
        """Start of the oldest, in the developer's time; None where none is running."""
        return min(self.tasks.values(), default=None)

    @property
    def patience(self) -> float:
        """Seconds that they are still waited for before the clock goes on."""
        return self._patient_until - asyncio.get_running_loop().time()

    def add(self, action: Coroutine[typing.Any, typing.Any, None], began_at: dt.datetime) -> None:
        """Start an action at a moment of the developer's time."""
        task = asyncio.ensure_future(action)
        self.tasks[task] = began_at
        task.add_done_callback(self.tasks.pop)
        self._patient_until = asyncio.get_running_loop().time() + self._patience_seconds

    async def wait(self) -> None:
        """Wait until one has ended, or patience has."""
        seconds = self.patience if self.patience > 0 else _LONGEST_NAP_SECONDS
        await asyncio.wait(tuple(self.tasks), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def cancel(self) -> None:
        """Cancel those that are running; their jobs are released."""
        tasks = tuple(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class JobRunner:
    """Runs the jobs of all developers."""

    def __init__(
        self, tenants: Tenants, jobs: Jobs, *, patience_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        self._tenants = tenants
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
        """Register the function of a kind of job that only touches the store."""
        self._changes[kind] = run

    def on(self, kind: str, run: Action) -> None:
        """Register the function of a kind of job that waits for something outside."""
        self._actions[kind] = run

    def reschedule(self, developer_id: str) -> None:
        """Recompute when the developer's next job is due: jobs or clock have changed."""
        if developer_id in self._advancing:
            return
        wall = self._wall()
        with self._tenants.store.transaction():
            held_until = self._jobs.held_until(developer_id, wall=wall)
            if held_until is not None:
                # The advance runs what comes due; should its process die, others do.
                self._jobs.set_wake_up(developer_id, held_until)
                return
            due_at, free_at = self._jobs.next_times(developer_id, wall=wall)
            wake_at = [] if free_at is None else [free_at]
            if due_at is not None:
                clock = self._tenants.clock(developer_id)
                moment = clock.wall_at(dt.datetime.fromisoformat(f"{due_at}+00:00"))
                wake_at += [] if moment is None else [moment.timestamp()]
            self._jobs.set_wake_up(developer_id, min(wake_at, default=None))
        if self._loop is not None and self._news is not None:
            self._loop.call_soon_threadsafe(self._news.set)

    async def advance(
        self, developer_id: str, by: Duration, *, most_jobs: int | None = None
    ) -> Advance:
        """Advance a clock; the jobs that come due meanwhile run in order before this returns.

        Advances of the same clock run one after another, across processes. Receivers are waited for
        together; the clock goes on while a slow one is waited for, but not beyond the moment of its
        next attempt.

        Args:
            developer_id: The owner of the clock.
            by: The duration, or a function of the moment that the clock shows when its turn comes.
            most_jobs: Stop after so many jobs; None for no limit.

        Raises:
            ClockError: The duration is impossible, or the world was reset meanwhile.
        """
        # Rejected at once, however long another advance holds the clock.
        self._target(developer_id, by)
        holder = f"{os.getpid()} {id(self)} {next(self._numbers)}"
        while not self._begin(developer_id, holder):  # noqa: ASYNC110 - another process sends no event
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        self._advancing.add(developer_id)
        try:
            return await self._advance(developer_id, by, holder, most_jobs)
        finally:
            self._jobs.end_advance(developer_id, holder=holder)
            self._advancing.discard(developer_id)
            if self._tenants.has_developer(developer_id):
                self.reschedule(developer_id)

    def _begin(self, developer_id: str, holder: str) -> bool:
        wall = self._wall()
        if self._jobs.held_until(developer_id, wall=wall) is not None:
            return False
        with self._tenants.store.transaction():
            self._tenants.developer(developer_id)
            until = wall + _HOLD_SECONDS
            return self._jobs.begin_advance(developer_id, holder=holder, wall=wall, until=until)

    async def _advance(
        self, developer_id: str, by: Duration, holder: str, most_jobs: int | None
    ) -> Advance:
        target = self._target(developer_id, by)
        done: list[Job] = []
        running = _RunningActions(self._patience_seconds)
        try:
            while True:
                is_full = most_jobs is not None and len(done) >= most_jobs
                job = None
                if not is_full and len(running.tasks) < _MOST_ACTIONS:
                    due_by = self._due_by(developer_id, target, running)
                    job = self._claim(developer_id, due_by, holder=holder)
                if job is not None:
                    done.append(job)
                    if job.kind in self._actions:
                        running.add(self._run_action(job), self._tenants.now(developer_id))
                    # Months are thousands of jobs; requests are handled between two of them.
                    await asyncio.sleep(0)
                elif running.tasks:
                    await running.wait()
                elif not is_full and self._is_any_leased(developer_id, target):
                    self._keep(developer_id, holder)
                    await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
                else:
                    break
        finally:
            await running.cancel()
        return self._arrive(developer_id, None if is_full else target, target, holder, done)

    def _arrive(
        self,
        developer_id: str,
        moment: dt.datetime | None,
        target: dt.datetime,
        holder: str,
        done: list[Job],
    ) -> Advance:
        """Set the clock to the end of the advance and release it, in one transaction."""
        with self._tenants.store.transaction():
            self._keep(developer_id, holder)
            now = self._tenants.now(developer_id)
            if moment is not None and moment > now:
                self._tenants.move_clock(developer_id, moment)
                now = moment
            self._jobs.end_advance(developer_id, holder=holder)
        remaining = max(target - now, dt.timedelta())
        return Advance(tuple(done), complete=moment is not None, remaining=remaining)

    def _due_by(
        self, developer_id: str, target: dt.datetime, running: _RunningActions
    ) -> dt.datetime:
        """Return how far the clock may go while receivers are waited for."""
        now = self._tenants.now(developer_id)
        if running.began_at is None:
            # A running clock passes the target while it waits for slow receivers: what waited is due.
            return max(target, now)
        if running.patience > 0:
            return now
        settings = self._tenants.developer(developer_id).settings
        # Until then nothing depends on the receiver's response.
        waits = [
            later - before
            for before, later in itertools.pairwise((0, *settings.webhook_retry_seconds))
        ]
        seconds = max(settings.webhook_timeout_seconds, min(waits, default=0))
        return max(now, min(target, running.began_at + dt.timedelta(seconds=seconds)))

    def _is_any_leased(self, developer_id: str, target: dt.datetime) -> bool:
        """Return whether a background task, of any process, runs a job that came due before."""
        due_by = format_timestamp(target)
        return self._jobs.is_any_leased(developer_id, due_by=due_by, wall=self._wall())

    def _keep(self, developer_id: str, holder: str) -> None:
        until = self._wall() + _HOLD_SECONDS
        with self._tenants.store.transaction():
            if not self._jobs.keep_advance(developer_id, holder=holder, until=until):
                msg = "The world was reset or restored while its clock was moved on; see the clock."
                raise ClockError(msg)

    def _wall(self) -> float:
        return self._tenants.wall_clock().timestamp()

    def _target(self, developer_id: str, by: Duration) -> dt.datetime:
        now = self._tenants.now(developer_id)
        by = by if isinstance(by, dt.timedelta) else by(now)
        if by < dt.timedelta():
            msg = "Time cannot be turned back; restore a snapshot or reset the developer instead."
            raise ClockError(msg)
        try:
            target = now + by
        except OverflowError as error:
            msg = f"A clock cannot be moved on by {by.days} days; choose fewer."
            raise ClockError(msg) from error
        # Reject a moment that no clock shows before anything happens.
        self._tenants.clock(developer_id).moved_to(target, self._tenants.wall_clock())
        return target

    async def run_due(self, developer_id: str) -> int:
        """Run the jobs that are due now, one after another; return their number."""
        number = 0
        while job := self._claim(developer_id, self._tenants.now(developer_id)):
            number += 1
            await self._run_action(job)
        self.reschedule(developer_id)
        return number

    async def run_forever(self) -> None:
        """Run the jobs of all developers as they come due, until cancelled."""
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
        """Run the next job that is due; return how long to sleep."""
        coming = self._jobs.next_wake_up()
        if coming is None or len(self._under_way) >= _MOST_ACTIONS:
            return _LONGEST_NAP_SECONDS
        developer_id, wake_at = coming
        seconds = wake_at - self._wall()
        if seconds > 0:
            return min(seconds, _LONGEST_NAP_SECONDS)
        job = self._claim(developer_id, self._tenants.now(developer_id))
        if job is not None and job.kind in self._actions:
            task = asyncio.create_task(self._run_action(job))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        self.reschedule(developer_id)
        # Requests are handled between two jobs.
        await asyncio.sleep(0)
        return 0.0

    def _claim(
        self, developer_id: str, due_by: dt.datetime, *, holder: str | None = None
    ) -> Job | None:
        """Claim the next job that is due: a change is run at once, an action is leased.

        The holder of the clock moves it to the moment of the job.
        """
        job: Job | None = None
        try:
            with self._tenants.store.transaction():
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
                if holder is not None and job.due_at > self._tenants.now(developer_id):
                    self._tenants.move_clock(developer_id, job.due_at)
                if job.kind not in self._actions:
                    self.run_change(job)
        except StoreError:
            raise
        except Exception:
            if job is None:
                raise
            # It would fail again: drop it, and go on with the others.
            _log.exception("The job %s of developer %s failed.", job.kind, job.developer_id)
            self._jobs.finish(job.id)
        return job

    def run_change(self, job: Job) -> None:
        """Run a job that only touches the store; call it inside a transaction."""
        self._jobs.finish(job.id)
        change = self._changes.get(job.kind)
        if change is not None:
            change(job)

    async def _run_action(self, job: Job) -> None:
        action = self._actions.get(job.kind)
        if action is None:
            return
        try:
            await action(job)
        except asyncio.CancelledError:
            self._jobs.release(job.id)
            self.reschedule(job.developer_id)
            raise
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - it would fail again: drop it, and go on with the others
            _log.exception("The job %s of developer %s failed.", job.kind, job.developer_id)
        self._jobs.finish(job.id)
        self.reschedule(job.developer_id)
