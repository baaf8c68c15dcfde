"""A quota in a file, and processes that fork, die, or stop at the wrong moment."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys

import pytest
from quota_slots import free, take

from insightiq.errors import ConfigurationError
from insightiq.quota import Priority, SharedQuota
from insightiq.testing import FakeClock

INTERACTIVE = Priority.INTERACTIVE


def content(path: pathlib.Path) -> dict[str, object]:
    """Read what stands in the file."""
    header, _, body = path.read_bytes().partition(b"\n")
    saved: dict[str, object] = json.loads(body[: int(header.split()[-1])])
    return saved


_HOLDER = """
import sys, pathlib
from insightiq.quota import Priority, SharedQuota
quota = SharedQuota(pathlib.Path(sys.argv[1]), concurrency=2)
slots = [quota.acquire(Priority.INTERACTIVE, timeout=0) for _ in range(2)]
print("held", flush=True)
sys.stdin.readline()
"""


def test_killed_process_gives_back_what_it_held(path: pathlib.Path) -> None:
    """Its requests are over as soon as it is seen to be gone; until then they count."""
    command = [sys.executable, "-c", _HOLDER, str(path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
        SharedQuota(path, concurrency=2) as quota,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(TimeoutError):
            take(quota)
        process.send_signal(signal.SIGKILL)
        process.wait()
        free(quota, quota.acquire(INTERACTIVE, timeout=5))
        assert content(path)["under_way"] == []


def test_zombie_counts_as_gone(path: pathlib.Path) -> None:
    """A parent that has not noticed the end of its child yet does not keep the slots."""
    if not pathlib.Path("/proc/self/stat").exists():
        pytest.skip("the system does not report a zombie")
    command = [sys.executable, "-c", _HOLDER, str(path)]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
        SharedQuota(path, concurrency=2) as quota,
    ):
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        free(quota, quota.acquire(INTERACTIVE, timeout=5))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_shares_limits_and_not_lock(path: pathlib.Path) -> None:
    """It is another user of the file: it sees what the parent holds."""
    with SharedQuota(path, concurrency=2) as quota:
        slot = take(quota)
        pid = os.fork()
        if not pid:
            code = 1
            try:
                take(quota)
                with pytest.raises(TimeoutError):
                    take(quota)
                code = 0
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        free(quota, slot)
        free(quota, quota.acquire(INTERACTIVE, timeout=5))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_locks_its_parent_out(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that both held through one descriptor would lock no one out."""
    monkeypatch.setattr("insightiq.quota._shared_file._PATIENCE", 0.01)
    locked, reported = os.pipe()
    wait, done = os.pipe()
    with SharedQuota(path) as quota:
        pid = os.fork()
        if not pid:
            quota._shared._file.lock()
            os.write(reported, b"!")
            os.close(done)
            os.read(wait, 1)
            os._exit(0)
        assert os.read(locked, 1) == b"!"
        with pytest.raises(ConfigurationError, match="another process has held"):
            take(quota)
        for descriptor in (locked, reported, wait, done):
            os.close(descriptor)
        os.waitpid(pid, 0)


def test_lost_process_in_another_namespace_expires(path: pathlib.Path) -> None:
    clock = FakeClock()
    with SharedQuota(path, concurrency=1, clock=clock) as lost:
        lost._shared._identity = lost._shared._identity._replace(namespace="pid:[1]", token="far")
        lost._shared._enter()
        take(lost)
        with SharedQuota(path, concurrency=1, clock=clock) as quota:
            with pytest.raises(TimeoutError):
                quota.acquire(INTERACTIVE, timeout=200)
            free(quota, quota.acquire(INTERACTIVE, timeout=200))


def test_stopped_holder_of_lock_is_named(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped in the wrong moment does not hang all others."""
    monkeypatch.setattr("insightiq.quota._shared_file._PATIENCE", 0.01)
    with SharedQuota(path) as one, SharedQuota(path) as other:
        one._shared._file.lock()
        with pytest.raises(ConfigurationError, match="another process has held this quota file"):
            take(other)
        one._shared._file.unlock()


def test_restart_of_machine_begins_anew(path: pathlib.Path) -> None:
    """Times of the boot before mean nothing, however they compare."""
    before = FakeClock(wall=1_700_000_000)
    before.advance(5_000_000)
    with SharedQuota(path, concurrency=1, clock=before) as quota:
        lost = take(quota)
        after = FakeClock(wall=1_705_000_100)
        with SharedQuota(path, concurrency=1, clock=after) as new:
            held = take(new)
            # Its number is the old one's too, but it is another request.
            free(quota, lost)
            with pytest.raises(TimeoutError):
                take(new)
            free(new, held)
