"""Jobs: order, exactly once, the moving clock, the background task."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import pathlib
import typing

import pytest

from insightiq_mock.db import Jobs, Store
from insightiq_mock.resources import make_simulation
from insightiq_mock.simulation import WORLD_EPOCH, ClockError, Job, Simulation

if typing.TYPE_CHECKING:
    from simulated_world import Wall, World

HOUR = dt.timedelta(hours=1)


class Log:
    def __init__(self, world: World) -> None:
        self._world = world
        self.done: list[tuple[int, dt.datetime]] = []

    def change(self, job: Job) -> None:
        """Do something in the store."""
        self.done.append((job.payload["n"], self._world.now))

    async def action(self, job: Job) -> None:
        """Do something outside."""
        await asyncio.sleep(0)
        self.change(job)


@pytest.fixture
def log(world: World) -> Log:
    """Both sorts of work, written down."""
    log = Log(world)
    world.simulation.on_change("change", log.change)
    world.simulation.on("action", log.action)
    # Nothing but what the test schedules.
    world.advance(hours=1)
    return log


def schedule(world: World, number: int, hours: float, kind: str = "change") -> int:
    """Schedule something so many hours from now."""
    due_at = world.now + hours * HOUR
    return world.simulation.schedule(
        world.developer_id, due_at=due_at, kind=kind, payload={"n": number}
    )


def test_due_jobs_run_in_order_at_their_moment(world: World, log: Log) -> None:
    start = world.now
    for number, (hours, kind) in enumerate(
        [(3, "change"), (1, "action"), (2, "change"), (2, "action"), (5, "change")]
    ):
        schedule(world, number, hours, kind)
    done = world.advance(hours=4)
    assert log.done == [
        (1, start + HOUR),
        (2, start + 2 * HOUR),
        (3, start + 2 * HOUR),
        (0, start + 3 * HOUR),
    ]
    assert [job.payload["n"] for job in done] == [1, 2, 3, 0]
    assert world.now == start + 4 * HOUR
    assert [job.payload["n"] for job in world.simulation.pending(world.developer_id)] == [4]


def test_jobs_scheduled_meanwhile_run_too(world: World, log: Log) -> None:
    start = world.now

    async def twice(job: Job) -> None:
        await log.action(job)
        if job.payload["n"] < 3:
            schedule(world, job.payload["n"] + 1, 1, "twice")

    world.simulation.on("twice", twice)
    schedule(world, 1, 1, "twice")
    schedule(world, 9, 2.5)
    world.advance(hours=10)
    assert log.done == [
        (1, start + HOUR),
        (2, start + 2 * HOUR),
        (9, start + 2.5 * HOUR),
        (3, start + 3 * HOUR),
    ]


def test_overdue_jobs_run_now(world: World, log: Log) -> None:
    start = world.now
    schedule(world, 1, 1)
    world.simulation.set_clock(world.developer_id, mode="frozen", at=start + 5 * HOUR)
    world.advance(seconds=0)
    assert log.done == [(1, start + 5 * HOUR)]


def test_impossible_durations_are_rejected(world: World, log: Log) -> None:
    schedule(world, 1, 1)
    with pytest.raises(ClockError, match="cannot be turned back"):
        world.advance(hours=-1)
    with pytest.raises(ClockError, match="choose fewer"):
        world.advance(days=999_999_999)
    with pytest.raises(ClockError, match="before the year 9000"):
        world.advance(days=365_250 * 7)
    assert log.done == []


def test_failing_job_is_dropped(world: World, log: Log, caplog: pytest.LogCaptureFixture) -> None:

    def fail(_job: Job) -> None:
        schedule(world, 8, 0.1)
        raise RuntimeError

    async def fail_outside(_job: Job) -> None:
        raise RuntimeError

    world.simulation.on_change("fail", fail)
    world.simulation.on("fail outside", fail_outside)
    schedule(world, 1, 1, "fail")
    schedule(world, 2, 2, "fail outside")
    schedule(world, 3, 3)
    schedule(world, 4, 4, "of an unknown kind")
    with caplog.at_level(logging.ERROR, "insightiq_mock.simulation"):
        world.advance(hours=9)
    assert [number for number, _ in log.done] == [3]
    assert ["fail" in record.getMessage() for record in caplog.records] == [True, True]
    assert world.simulation.pending(world.developer_id) == []


def test_change_and_its_job_are_one_transaction(world: World, log: Log) -> None:

    class Killed(BaseException):
        pass

    def kill(job: Job) -> None:
        log.change(job)
        schedule(world, 2, 1)
        raise Killed

    world.simulation.on_change("kill", kill)
    number = schedule(world, 1, 0, "kill")
    with pytest.raises(Killed):
        world.advance(hours=0)
    # The lease of the dead process ends at some time; then the job is there again.
    assert [job.id for job in world.simulation.pending(world.developer_id)] == [number]


def test_other_developers_clock_stands_still(world: World, log: Log) -> None:
    world.simulation.create_developer(client_id="bob", world="empty", clock="frozen")
    before = world.simulation.now("bob")
    due_at = before + HOUR
    world.simulation.schedule("bob", due_at=due_at, kind="change", payload={"n": 7})
    schedule(world, 1, 1)
    world.advance(hours=5)
    assert world.simulation.now("bob") == before
    assert [number for number, _ in log.done] == [1]


def test_advance_waits_for_background_jobs(world: World) -> None:
    begun, done = asyncio.Event(), []

    async def slow(job: Job) -> None:
        begun.set()
        await asyncio.sleep(0.01)
        done.append(job.payload["n"])

    world.simulation.on("slow", slow)

    async def run() -> None:
        background = asyncio.create_task(world.simulation.run_forever())
        schedule(world, 1, 0, "slow")
        await begun.wait()
        await world.simulation.advance(world.developer_id, dt.timedelta())
        background.cancel()
        await asyncio.gather(background, return_exceptions=True)

    asyncio.run(run())
    assert done == [1]


def test_two_processes_share_jobs(wall: Wall, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "mock.sqlite"
    begun: list[str] = []

    async def scenario() -> None:
        with Store.open(path) as one_store, Store.open(path) as two_store:
            one, two = (make_simulation(store, wall_clock=wall) for store in (one_store, two_store))
            one.create_developer(client_id="ann", world="empty", clock="frozen")
            await one.advance("ann", HOUR)
            hanging = asyncio.Event()

            async def hang(_job: Job) -> None:
                begun.append("one")
                await hanging.wait()

            async def do(_job: Job) -> None:
                begun.append("two")

            one.on("work", hang)
            two.on("work", do)
            one.schedule("ann", due_at=one.now("ann"), kind="work", payload={})
            task = asyncio.create_task(one.run_due("ann"))
            await asyncio.sleep(0)
            assert await two.run_due("ann") == 0
            wall.now += dt.timedelta(seconds=31)
            assert await two.run_due("ann") == 1
            assert begun == ["one", "two"]
            hanging.set()
            await task
            assert one.pending("ann") == []

    asyncio.run(scenario())


def test_background_task_runs_due_jobs(simulation: Simulation, wall: Wall) -> None:
    done: list[tuple[str, int]] = []

    async def scenario() -> None:
        arrived = asyncio.Event()

        def change(job: Job) -> None:
            done.append((job.developer_id, job.payload["n"]))
            arrived.set()

        simulation.on_change("work", change)
        for developer_id, mode in (("ann", "running"), ("bob", "running"), ("eve", "frozen")):
            simulation.create_developer(client_id=developer_id, world="empty", clock=mode)
        for developer_id in ("ann", "eve"):
            due_at = simulation.now(developer_id) + HOUR
            simulation.schedule(developer_id, due_at=due_at, kind="work", payload={"n": 1})
        task = asyncio.create_task(simulation.run_forever())
        await asyncio.sleep(0)
        assert done == []
        wall.now += 2 * HOUR
        now = simulation.now("bob")
        simulation.schedule("bob", due_at=now, kind="work", payload={"n": 2})
        async with asyncio.timeout(5):
            while len(done) < 2:
                arrived.clear()
                await arrived.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    assert sorted(done) == [("ann", 1), ("bob", 2)]


def test_stopping_releases_unfinished_jobs(simulation: Simulation) -> None:

    async def scenario() -> None:
        begun = asyncio.Event()

        async def hang(_job: Job) -> None:
            begun.set()
            await asyncio.Event().wait()

        simulation.on("work", hang)
        simulation.create_developer(client_id="ann", world="empty")
        now = simulation.now("ann")
        simulation.schedule("ann", due_at=now, kind="work", payload={})
        task = asyncio.create_task(simulation.run_forever())
        async with asyncio.timeout(5):
            await begun.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        again: list[int] = []

        async def do(job: Job) -> None:
            again.append(job.id)

        simulation.on("work", do)
        await simulation.run_due("ann")
        assert len(again) == 1

    asyncio.run(scenario())


def test_two_processes_advance_one_after_another(wall: Wall, tmp_path: pathlib.Path) -> None:
    done: list[tuple[int, dt.datetime]] = []

    async def scenario() -> None:
        path = tmp_path / "mock.sqlite"
        with Store.open(path) as one_store, Store.open(path) as two_store:
            one_store.share()
            two_store.share()
            one, two = (make_simulation(store, wall_clock=wall) for store in (one_store, two_store))
            one.create_developer(client_id="ann", world="empty", clock="frozen")
            start = one.now("ann")
            for simulation in (one, two):

                async def act(job: Job, simulation: Simulation = simulation) -> None:
                    await asyncio.sleep(0)
                    done.append((job.payload["n"], simulation.now("ann")))

                simulation.on("work", act)
            for number in range(1, 9):
                one.schedule(
                    "ann", due_at=start + number * HOUR, kind="work", payload={"n": number}
                )
            background = [asyncio.create_task(each.run_forever()) for each in (one, two)]
            results = await asyncio.gather(
                *(each.advance("ann", 2 * HOUR) for each in (one, two) * 2)
            )
            assert two.now("ann") == start + 8 * HOUR
            assert max(len(each.jobs) for each in results) >= 2
            assert done == [(number, start + number * HOUR) for number in range(1, 9)]
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)

    asyncio.run(scenario())


def test_advance_waits_for_another_process(wall: Wall, tmp_path: pathlib.Path) -> None:

    async def scenario() -> None:
        path = tmp_path / "mock.sqlite"
        with Store.open(path) as one_store, Store.open(path) as two_store:
            one, two = (make_simulation(store, wall_clock=wall) for store in (one_store, two_store))
            one.create_developer(client_id="ann", world="empty", clock="frozen")
            await one.advance("ann", HOUR)
            begun, goes_on = asyncio.Event(), asyncio.Event()

            async def act(_job: Job) -> None:
                begun.set()
                await goes_on.wait()

            for simulation in (one, two):
                simulation.on("work", act)
            one.schedule("ann", due_at=one.now("ann"), kind="work", payload={})
            other = asyncio.create_task(two.run_due("ann"))
            await begun.wait()
            advance = asyncio.create_task(one.advance("ann", HOUR))
            await asyncio.wait({advance}, timeout=0.1)
            assert not advance.done()
            goes_on.set()
            await asyncio.gather(advance, other)

    asyncio.run(scenario())


def test_jobs_belong_to_holder_of_clock(wall: Wall, tmp_path: pathlib.Path) -> None:

    async def scenario() -> None:
        path = tmp_path / "mock.sqlite"
        with Store.open(path) as one_store, Store.open(path) as two_store:
            one, two = (make_simulation(store, wall_clock=wall) for store in (one_store, two_store))
            one.create_developer(client_id="ann", world="empty", clock="frozen")
            await one.advance("ann", HOUR)
            begun, goes_on = asyncio.Event(), asyncio.Event()
            done: list[str] = []

            async def hang(_job: Job) -> None:
                begun.set()
                await goes_on.wait()

            for simulation, name in ((one, "one"), (two, "two")):
                simulation.on("hang", hang)
                simulation.on_change("work", lambda _job, name=name: done.append(name))
            for kind in ("hang", "work"):
                one.schedule("ann", due_at=one.now("ann"), kind=kind, payload={})
            # It waits for the action before it goes on to the change of an hour later.
            later = one.now("ann") + HOUR
            one.schedule("ann", due_at=later, kind="work", payload={})
            advance = asyncio.create_task(one.advance("ann", HOUR))
            await begun.wait()
            two_store.share()
            one.schedule("ann", due_at=one.now("ann"), kind="work", payload={})
            assert await two.run_due("ann") == 0
            goes_on.set()
            await advance
            assert done == ["one"] * 3

    asyncio.run(scenario())


def test_clock_of_dead_process_is_taken_over(wall: Wall, tmp_path: pathlib.Path) -> None:

    async def scenario() -> None:
        path = tmp_path / "mock.sqlite"
        with Store.open(path) as store:
            simulation = make_simulation(store, wall_clock=wall)
            simulation.create_developer(client_id="ann", world="empty", clock="frozen")
            start = simulation.now("ann")
            until = wall.now.timestamp() + 60
            assert Jobs(store).begin_advance("ann", holder="dead", wall=0.0, until=until)
            advance = asyncio.create_task(simulation.advance("ann", HOUR))
            await asyncio.wait({advance}, timeout=0.1)
            assert not advance.done()
            wall.now += dt.timedelta(seconds=61)
            await advance
            assert simulation.now("ann") == start + HOUR

    asyncio.run(scenario())


@pytest.mark.parametrize("what", ["reset", "restore"])
def test_reset_ends_advance(world: World, log: Log, what: str) -> None:
    simulation, developer_id = world.simulation, world.developer_id
    simulation.snapshot(developer_id, "before")
    snapshot_at = world.now

    async def restart(_job: Job) -> None:
        if what == "reset":
            simulation.reset(developer_id)
        else:
            simulation.restore(developer_id, "before")

    simulation.on("restart", restart)
    schedule(world, 1, 1, "restart")
    schedule(world, 2, 5)
    with pytest.raises(ClockError, match="reset or restored"):
        world.advance(days=3)
    assert world.now == (WORLD_EPOCH if what == "reset" else snapshot_at)
    world.advance(seconds=1)
    assert log.done == []


def test_advance_stops_after_most_jobs(world: World, log: Log) -> None:
    start = world.now
    for number in range(5):
        schedule(world, number, number + 1)
    advance = asyncio.run(world.simulation.advance(world.developer_id, 9 * HOUR, most_jobs=3))
    assert (len(advance.jobs), advance.complete) == (3, False)
    assert world.now == start + 3 * HOUR
    assert advance.remaining == 6 * HOUR
    rest = asyncio.run(world.simulation.advance(world.developer_id, advance.remaining))
    assert (len(rest.jobs), rest.complete, world.now) == (2, True, start + 9 * HOUR)
    assert [number for number, _ in log.done] == [0, 1, 2, 3, 4]


def test_cancelled_advance_keeps_its_moment(world: World, log: Log) -> None:
    start = world.now
    begun = asyncio.Event()

    async def hang(_job: Job) -> None:
        begun.set()
        await asyncio.Event().wait()

    world.simulation.on("hang", hang)
    schedule(world, 1, 1)
    schedule(world, 2, 2, "hang")
    schedule(world, 3, 3)

    async def scenario() -> None:
        advance = asyncio.create_task(world.simulation.advance(world.developer_id, 9 * HOUR))
        await begun.wait()
        advance.cancel()
        await asyncio.gather(advance, return_exceptions=True)

    asyncio.run(scenario())
    assert world.now == start + 2 * HOUR
    world.simulation.on("hang", log.action)
    world.advance(hours=7)
    assert [number for number, _ in log.done] == [1, 2, 3]
    assert world.now == start + 9 * HOUR


def test_clock_goes_on_beside_slow_receivers(world: World) -> None:
    settings = {"webhook_timeout_seconds": 2, "webhook_retry_seconds": [4, 9]}
    world.simulation.update_settings(world.developer_id, settings)
    begun: list[tuple[int, dt.datetime]] = []
    under_way = 0
    most = 0
    goes_on = asyncio.Event()

    async def slow(job: Job) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        begun.append((job.payload["n"], world.now))
        if len(begun) == 3:
            goes_on.set()
        await goes_on.wait()
        under_way -= 1

    world.simulation.on("slow", slow)
    start = world.now
    for number, seconds in enumerate((1, 3, 5, 6)):
        schedule(world, number, seconds / 3600, "slow")
    world.advance(hours=1)
    assert begun == [(n, start + dt.timedelta(seconds=s)) for n, s in enumerate((1, 3, 5, 6))]
    assert most == 3
    assert world.now == start + HOUR
