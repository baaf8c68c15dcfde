"""Threads and tasks that wait for slots of one quota."""

from __future__ import annotations

import asyncio
import gc
import math
import os
import threading
import time
import weakref

import pytest
from quota_slots import free

from insightiq.quota import Priority, Quota, Slot
from insightiq.testing import FakeClock

INTERACTIVE, PREFETCH = Priority.INTERACTIVE, Priority.PREFETCH


def fast(concurrency: int = 1) -> Quota:
    """Return a quota whose rate never matters here, only its concurrency."""
    return Quota(requests_per_second=10_000, concurrency=concurrency)


def wait_until_waiting(quota: Quota, count: int) -> None:
    """Let other threads get as far as the line."""
    deadline = time.monotonic() + 5
    while quota.waiting != count:
        assert time.monotonic() < deadline
        time.sleep(0)


def test_free_slot_is_given_at_once() -> None:
    """Whoever need not wait does not."""
    quota = fast()
    slot = quota.acquire(INTERACTIVE, timeout=0)
    free(quota, slot)
    free(quota, quota.acquire(INTERACTIVE, timeout=0))


def test_thread_is_woken_by_end_of_another_request() -> None:
    """No time has to pass."""
    quota = fast()
    slot = quota.acquire(INTERACTIVE, timeout=None)
    got: list[Slot] = []
    thread = threading.Thread(target=lambda: got.append(quota.acquire(INTERACTIVE, timeout=5)))
    thread.start()
    wait_until_waiting(quota, 1)
    assert not got
    free(quota, slot)
    thread.join()
    assert len(got) == 1


def test_threads_and_tasks_stand_in_one_line() -> None:
    quota = fast()
    order: list[str] = []
    held = quota.acquire(INTERACTIVE, timeout=None)

    def thread(name: str, priority: Priority) -> threading.Thread:
        def work() -> None:
            slot = quota.acquire(priority, timeout=5)
            order.append(name)
            free(quota, slot)

        started = threading.Thread(target=work)
        started.start()
        return started

    async def task(name: str, priority: Priority) -> None:
        slot = await quota.acquire_async(priority, timeout=5)
        order.append(name)
        free(quota, slot)

    async def main() -> None:
        threads = [thread("prefetching thread", PREFETCH)]
        wait_until_waiting(quota, 1)
        threads.append(thread("first thread", INTERACTIVE))
        wait_until_waiting(quota, 2)
        tasks = [asyncio.create_task(task("first task", INTERACTIVE))]
        await asyncio.sleep(0)
        threads.append(thread("second thread", INTERACTIVE))
        wait_until_waiting(quota, 4)
        tasks.append(asyncio.create_task(task("second task", INTERACTIVE)))
        await asyncio.sleep(0)
        free(quota, held)
        await asyncio.gather(*tasks)
        for started in threads:
            await asyncio.to_thread(started.join)

    asyncio.run(main())
    names = ["first thread", "first task", "second thread", "second task", "prefetching thread"]
    assert order == names


def test_thousand_tasks_are_served_in_order() -> None:
    """No one is lost, no one overtakes."""
    quota = fast(concurrency=10)
    order: list[int] = []

    async def task(number: int) -> None:
        slot = await quota.acquire_async(INTERACTIVE, timeout=None)
        order.append(number)
        await asyncio.sleep(0)
        free(quota, slot)

    async def main() -> None:
        await asyncio.gather(*(task(number) for number in range(1000)))

    asyncio.run(main())
    assert order == sorted(order)
    assert len(order) == 1000
    assert quota.waiting == 0
    assert not quota._timers


def test_time_makes_room_for_tasks_and_threads() -> None:
    """Without a single release, the next second of the rolling log serves who waits."""
    clock = FakeClock()
    quota = Quota(requests_per_second=2, clock=clock)

    async def main() -> list[float]:
        async def task() -> float:
            slot = await quota.acquire_async(INTERACTIVE, timeout=None)
            free(quota, slot)
            return clock.monotonic()

        return await asyncio.gather(*(task() for _ in range(6)))

    assert [math.floor(moment + 0.01) for moment in asyncio.run(main())] == [0, 0, 1, 1, 2, 2]
    begin = clock.monotonic()
    for _ in range(6):
        free(quota, quota.acquire(INTERACTIVE, timeout=None))
    assert 2.0 <= clock.monotonic() - begin <= 3.1


def test_no_one_overtakes_who_waits() -> None:
    """Room that came with time belongs to the first in line, not to a caller that comes just then."""
    clock = FakeClock()
    quota = Quota(requests_per_second=1, clock=clock)
    free(quota, quota.acquire(INTERACTIVE, timeout=0))

    async def main() -> None:
        first = asyncio.create_task(_acquire(quota, None))
        await asyncio.sleep(0)
        clock.advance(5)
        with pytest.raises(TimeoutError):
            quota.acquire(INTERACTIVE, timeout=0)
        free(quota, await first)

    asyncio.run(main())


def test_timeout_says_what_happened() -> None:
    """In either world, after the time that was given, with the line as it was before."""
    clock = FakeClock()
    quota = Quota(concurrency=1, clock=clock)
    held = quota.acquire(INTERACTIVE, timeout=None)
    with pytest.raises(TimeoutError, match=r"within 3 s"):
        asyncio.run(_acquire(quota, 3.0))
    assert clock.monotonic() == pytest.approx(3.0)
    assert quota.waiting == 0
    free(quota, held)
    free(quota, quota.acquire(INTERACTIVE, timeout=0))


def test_thread_s_timeout_leaves_line() -> None:
    """Real time, as the waiting thread sees it."""
    quota = fast()
    held = quota.acquire(INTERACTIVE, timeout=None)
    with pytest.raises(TimeoutError, match=r"within 0\.01 s; 0 others"):
        quota.acquire(INTERACTIVE, timeout=0.01)
    assert quota.waiting == 0
    free(quota, held)
    free(quota, quota.acquire(INTERACTIVE, timeout=0))


async def _acquire(quota: Quota, seconds: float | None) -> Slot:
    return await quota.acquire_async(INTERACTIVE, timeout=seconds)


def test_cancelled_task_leaves_line() -> None:
    """The one behind it is served next."""
    quota = fast()

    async def main() -> None:
        held = await _acquire(quota, None)
        first, second = (asyncio.create_task(_acquire(quota, None)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert quota.waiting == 1
        free(quota, held)
        free(quota, await second)

    asyncio.run(main())


def test_slot_given_to_task_that_is_cancelled_goes_on() -> None:
    """Given and cancelled in the same turn of the loop: nothing leaks."""
    quota = fast()

    async def main() -> None:
        held = await _acquire(quota, None)
        first, second = (asyncio.create_task(_acquire(quota, None)) for _ in range(2))
        await asyncio.sleep(0)
        free(quota, held)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        free(quota, await second)
        assert first.cancelled()

    asyncio.run(main())
    free(quota, quota.acquire(INTERACTIVE, timeout=0))


def test_loop_that_ends_with_waiters_blocks_no_one() -> None:
    """Tasks that were never cancelled are passed over once their loop is closed."""
    quota = fast()
    held = quota.acquire(INTERACTIVE, timeout=None)
    loop = asyncio.new_event_loop()
    task = loop.create_task(_acquire(quota, None))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    free(quota, held)
    free(quota, quota.acquire(INTERACTIVE, timeout=1))
    task._log_destroy_pending = False  # type: ignore[attr-defined] # asyncio's own way to leave one


def test_release_never_waits_for_lock() -> None:
    """A destructor may release while its own thread holds the lock: it is done afterwards."""
    quota = fast()
    slot = quota.acquire(INTERACTIVE, timeout=None)
    with quota._lock:
        free(quota, slot)
    assert quota.acquire(INTERACTIVE, timeout=0)


def test_slot_belongs_to_its_quota() -> None:
    """Released elsewhere it would free what was never held."""
    slot = fast().acquire(INTERACTIVE, timeout=0)
    with pytest.raises(TypeError, match="not a slot of this quota"):
        free(fast(), slot)


def test_two_loops_in_two_threads_share_quota() -> None:
    """A slot that is freed in one wakes a task in the other."""
    quota = fast()
    counts = [0, 0]

    def loop(index: int) -> None:
        async def main() -> None:
            for _ in range(50):
                slot = await quota.acquire_async(INTERACTIVE, timeout=5)
                await asyncio.sleep(0)
                counts[index] += 1
                free(quota, slot)

        asyncio.run(main())

    threads = [threading.Thread(target=loop, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [50, 50]


def test_many_threads_lose_nothing() -> None:
    """Never more than the cap at once, and every thread ends."""
    quota = fast(concurrency=3)
    under_way, most, done = 0, 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal under_way, most, done
        for _ in range(20):
            slot = quota.acquire(INTERACTIVE, timeout=10)
            with lock:
                under_way += 1
                most = max(most, under_way)
            with lock:
                under_way -= 1
                done += 1
            free(quota, slot)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == 320
    assert most <= 3


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_starts_free() -> None:
    """Locks, waiters and requests of the parent do not block the child."""
    quota = fast()
    quota.acquire(INTERACTIVE, timeout=None)
    with quota._lock:
        pid = os.fork()
        if not pid:
            code = 1
            try:
                free(quota, quota.acquire(INTERACTIVE, timeout=1))
                code = 0
            finally:
                os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_quota_is_freed_with_its_client() -> None:
    """Nothing global keeps it."""
    quota = fast()
    free(quota, quota.acquire(INTERACTIVE, timeout=0))
    reference = weakref.ref(quota)
    del quota
    gc.collect()
    assert reference() is None


def test_repr_reports_state() -> None:
    """Enough to see in a log why a program waits."""
    quota = Quota(requests_per_second=7, concurrency=2)
    quota.acquire(INTERACTIVE, timeout=0)
    text = "Quota(requests_per_second=7, concurrency=2, under_way=1, waiting=0)"
    assert repr(quota) == text
