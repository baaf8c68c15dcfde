"""Several processes that accept from one socket, and their parent who keeps them running."""

from __future__ import annotations

import dataclasses
import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import FrameType

__all__ = ["WorkersError", "run_workers"]

_SECONDS_TO_START = 60.0
# One that ends before it is ready will probably do so again.
_MOST_FALSE_STARTS = 5

_LOG = logging.getLogger("insightiq_mock")


class WorkersError(Exception):
    """The processes cannot do their work; the message says why and what to do."""


@dataclasses.dataclass(slots=True)
class _Worker:
    process: BaseProcess
    ready: Connection


class _Parent:
    """Starts workers, replaces those that die, and stops all of them."""

    def __init__(self, count: int, work: Callable[[int, Callable[[], None]], None]) -> None:
        self._work = work
        self._context = multiprocessing.get_context("fork")
        self._stopping = False
        self._false_starts = 0
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._workers = [self._start(number) for number in range(count)]

    def run(self, announce: Callable[[], None]) -> None:
        """Run until a signal says to stop."""
        previous = {
            number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            self._wait_until_ready()
            if not self._stopping:
                announce()
            while not self._stopping:
                self._wait_for_a_death()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
            self._end_all()

    def _start(self, number: int) -> _Worker:
        receiver, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=self._child, args=(number, sender))
        process.start()
        sender.close()
        return _Worker(process, receiver)

    def _child(self, number: int, ready: Connection) -> None:
        # The terminal's Ctrl-C goes to everybody; the parent passes on what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _end)
        self._work(number, lambda: ready.send_bytes(b"ready"))

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        for worker in self._workers:
            while not worker.ready.poll(0.05):
                if self._stopping:
                    return
                if not worker.process.is_alive() or time.monotonic() > deadline:
                    msg = "a worker process did not start; the log says why."
                    raise WorkersError(msg)

    def _wait_for_a_death(self) -> None:
        sentinels = [worker.process.sentinel for worker in self._workers]
        multiprocessing.connection.wait([*sentinels, self._woken])
        if self._stopping:
            return
        for number, worker in enumerate(self._workers):
            if not worker.process.is_alive():
                self._replace(number, worker)

    def _replace(self, number: int, worker: _Worker) -> None:
        code = worker.process.exitcode
        self._false_starts = 0 if _was_ready(worker) else self._false_starts + 1
        if self._false_starts > _MOST_FALSE_STARTS:
            msg = "worker processes end as soon as they start; the log says why."
            raise WorkersError(msg)
        _LOG.error("worker %d ended with code %s; another one takes its place", number, code)
        worker.ready.close()
        self._workers[number] = self._start(number)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        os.write(self._wake, b"!")

    def _end_all(self) -> None:
        for worker in self._workers:
            if worker.process.is_alive():
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join()
            worker.ready.close()
        os.close(self._woken)
        os.close(self._wake)


def _was_ready(worker: _Worker) -> bool:
    try:
        # At the end of the pipe there is something to read, too: the end.
        return worker.ready.poll() and bool(worker.ready.recv_bytes())
    except EOFError:
        return False


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def run_workers(
    count: int,
    work: Callable[[int, Callable[[], None]], None],
    announce: Callable[[], None],
) -> None:
    """Run ``work`` in several processes until SIGINT or SIGTERM.

    Nothing that must not be shared may be open: the processes are forks of this one.

    Args:
        count: How many.
        work: What each does with its number, from 0, until SIGTERM; it calls what it is given when
            it is ready.
        announce: Called once, when all are ready.

    Raises:
        WorkersError: They do not start, or do not stay.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        msg = "several worker processes are not to be had on this system; use one."
        raise WorkersError(msg)
    _Parent(count, work).run(announce)
