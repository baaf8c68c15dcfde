"""The order in which those who wait are served."""

from __future__ import annotations

from insightiq.quota import Priority
from insightiq.quota._queue import Waiter, WaitingQueue


def served(line: WaitingQueue[Waiter], count: int) -> list[Waiter]:
    """Serve the next ``count``."""
    order = []
    for _ in range(count):
        waiter = line.first()
        assert waiter is not None
        line.serve(waiter)
        order.append(waiter)
    return order


def test_first_come_first_served() -> None:
    """Within a priority no one overtakes."""
    line: WaitingQueue[Waiter] = WaitingQueue()
    waiters = [Waiter(Priority.INTERACTIVE) for _ in range(50)]
    for waiter in waiters:
        line.join(waiter)
    assert served(line, 50) == waiters
    assert line.first() is None


def test_interactive_goes_before_prefetch() -> None:
    """Somebody who looks at a screen overtakes pages that are fetched ahead."""
    line: WaitingQueue[Waiter] = WaitingQueue()
    prefetch, interactive = Waiter(Priority.PREFETCH), Waiter(Priority.INTERACTIVE)
    line.join(prefetch)
    line.join(interactive)
    assert served(line, 2) == [interactive, prefetch]


def test_prefetch_gets_tenth_of_busy_quota() -> None:
    """However many interactive requests come, the fetching ahead goes on."""
    line: WaitingQueue[Waiter] = WaitingQueue()
    for priority in (Priority.PREFETCH, Priority.INTERACTIVE):
        for _ in range(100):
            line.join(Waiter(priority))
    order = [waiter.priority for waiter in served(line, 100)]
    assert order.count(Priority.PREFETCH) == 10
    assert order[:10] == [Priority.INTERACTIVE] * 9 + [Priority.PREFETCH]


def test_nine_in_row_count_only_while_prefetch_waits() -> None:
    """A prefetch that has just come does not overtake because of what was served before it."""
    line: WaitingQueue[Waiter] = WaitingQueue()
    for _ in range(20):
        line.join(Waiter(Priority.INTERACTIVE))
    served(line, 15)
    late = Waiter(Priority.PREFETCH)
    line.join(late)
    assert late not in served(line, 5)


def test_who_leaves_is_passed_over_and_forgotten() -> None:
    """Thousands who give up behind one who stays leave nothing behind."""
    line: WaitingQueue[Waiter] = WaitingQueue()
    head, last = Waiter(Priority.INTERACTIVE), Waiter(Priority.INTERACTIVE)
    line.join(head)
    for _ in range(5000):
        waiter = Waiter(Priority.INTERACTIVE)
        line.join(waiter)
        line.leave(waiter)
    line.join(last)
    assert len(line) == 2
    assert len(line._interactive) < 100
    assert served(line, 2) == [head, last]
