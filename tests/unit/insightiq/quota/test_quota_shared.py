"""A quota in a file: what those who use it share."""

from __future__ import annotations

import asyncio
import pathlib
import threading

import pytest
from quota_slots import free, take

from insightiq.errors import ClientClosedError, ConfigurationError
from insightiq.quota import Priority, SharedQuota, Slot
from insightiq.testing import FakeClock

INTERACTIVE = Priority.INTERACTIVE


def test_two_users_share_concurrency(path: pathlib.Path) -> None:
    with SharedQuota(path, concurrency=1) as one, SharedQuota(path, concurrency=1) as other:
        slot = take(one)
        with pytest.raises(TimeoutError):
            take(other)
        free(one, slot)
        free(other, take(other))


def test_two_users_share_rate(path: pathlib.Path) -> None:
    """Three requests a second are three, from whichever process."""
    clock = FakeClock()
    limits = {"requests_per_second": 3, "concurrency": 10}
    with (
        SharedQuota(path, clock=clock, **limits) as one,
        SharedQuota(path, clock=clock, **limits) as other,
    ):
        for number in range(12):
            quota = (one, other)[number % 2]
            free(quota, quota.acquire(INTERACTIVE, timeout=None))
        assert 3.0 <= clock.monotonic() <= 4.2


def test_what_one_learns_of_server_other_knows(path: pathlib.Path) -> None:
    """The server's clock, and what is believed of its limits, stand in the file."""
    clock = FakeClock()
    with SharedQuota(path, clock=clock) as one, SharedQuota(path, clock=clock) as other:
        slot = take(one)
        clock.advance(0.1)
        one.release(slot, server_date=1000, status=200)
        free(other, take(other))
        assert other._shared._ledger.bounds.width(clock.monotonic()) == pytest.approx(1.1, abs=1e-3)


def test_tasks_and_threads_wait_for_another_user(path: pathlib.Path) -> None:
    """They find out by themselves that the other has finished."""
    with SharedQuota(path, concurrency=1) as one, SharedQuota(path, concurrency=1) as other:
        slot = take(one)
        got: list[str] = []

        def work() -> None:
            free(other, other.acquire(INTERACTIVE, timeout=5))
            got.append("thread")

        async def main() -> None:
            waiting = asyncio.create_task(other.acquire_async(INTERACTIVE, timeout=5))
            await asyncio.sleep(0)
            free(one, slot)
            free(other, await waiting)
            got.append("task")

        thread = threading.Thread(target=work)
        thread.start()
        asyncio.run(main())
        thread.join()
        assert sorted(got) == ["task", "thread"]


def test_who_gives_slot_back_leaves_it_to_another_that_waited_longer(path: pathlib.Path) -> None:
    """A process does not serve itself the moment a slot is free: its place shows that others wait."""
    clock = FakeClock()
    with (
        SharedQuota(path, concurrency=1, clock=clock) as one,
        SharedQuota(path, concurrency=1, clock=clock) as other,
    ):
        got: list[str] = []

        async def call(name: str, quota: SharedQuota) -> None:
            slot = await quota.acquire_async(INTERACTIVE, timeout=5)
            got.append(name)
            free(quota, slot)

        async def main() -> None:
            slot = take(one)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(call("other", other))
                await clock.sleep_async(0.1)
                tasks.create_task(call("one", one))
                await clock.sleep_async(0.1)
                free(one, slot)

        asyncio.run(main())
        assert got == ["other", "one"]


def test_served_thread_hands_watch_on(path: pathlib.Path) -> None:
    """One thread watches for all; when it is served, the next one watches."""
    with SharedQuota(path, concurrency=3) as one, SharedQuota(path, concurrency=3) as other:
        held = [take(one) for _ in range(3)]
        got: list[Slot] = []
        threads = [
            threading.Thread(target=lambda: got.append(other.acquire(INTERACTIVE, timeout=5)))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for slot in held:
            free(one, slot)
        for thread in threads:
            thread.join()
        assert len(got) == 3


def test_other_limits_are_rejected_while_others_use_file(path: pathlib.Path) -> None:
    """Two opinions about one limit would both be wrong; a new start may choose anew."""
    with (
        SharedQuota(path, requests_per_second=10),
        pytest.raises(ConfigurationError, match="requests_per_second=10"),
    ):
        SharedQuota(path, requests_per_second=5)
    SharedQuota(path, requests_per_second=5).close()


def test_closed_quota_rejects_and_lets_go(path: pathlib.Path) -> None:
    one = SharedQuota(path, concurrency=1)
    slot = take(one)
    one.close()
    one.close()
    free(one, slot)
    with pytest.raises(ClientClosedError, match="closed"):
        take(one)
    with SharedQuota(path, concurrency=1) as other:
        free(other, take(other))


def test_repr_names_file(path: pathlib.Path) -> None:
    """Enough to find it."""
    with SharedQuota(path) as quota:
        assert repr(quota) == f"SharedQuota({str(path)!r}, waiting=0)"
