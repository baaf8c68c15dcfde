"""A quota in a file, shared by the processes of a host."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from insightiq.errors import ClientClosedError, ConfigurationError
from insightiq.quota import Priority, QuotaPolicy, SharedQuota, Slot
from insightiq.testing import FakeClock

INTERACTIVE = Priority.INTERACTIVE


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """Where the shared file is."""
    return tmp_path / "insightiq.quota"


def take(quota: QuotaPolicy) -> Slot:
    """Acquire what must be free."""
    return quota.acquire(INTERACTIVE, timeout=0)


def free(quota: QuotaPolicy, slot: Slot) -> None:
    """Release with nothing to tell."""
    quota.release(slot, server_date=None, status=200)


def content(path: pathlib.Path) -> dict[str, object]:
    """Read what stands in the file."""
    header, _, body = path.read_bytes().partition(b"\n")
    saved: dict[str, object] = json.loads(body[: int(header.split()[-1])])
    return saved


def test_two_users_share_the_concurrency(path: pathlib.Path) -> None:
    """What one has under way, the other cannot start; its end makes room for both."""
    with SharedQuota(path, concurrency=1) as one, SharedQuota(path, concurrency=1) as other:
        slot = take(one)
        with pytest.raises(TimeoutError):
            take(other)
        free(one, slot)
        free(other, take(other))


def test_two_users_share_the_rate(path: pathlib.Path) -> None:
    """Three requests a second are three, whoever sends them."""
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


def test_what_one_learns_of_the_server_the_other_knows(path: pathlib.Path) -> None:
    """The server's clock, and what is believed of its limits, stand in the file."""
    clock = FakeClock()
    with SharedQuota(path, clock=clock) as one, SharedQuota(path, clock=clock) as other:
        slot = take(one)
        clock.advance(0.1)
        one.release(slot, server_date=1000, status=200)
        free(other, take(other))
        assert other._shared._ledger.bounds.width(clock.monotonic()) == pytest.approx(1.1, abs=1e-3)


def test_tasks_and_threads_wait_for_another_user(path: pathlib.Path) -> None:
    """Nobody tells them that the other has finished; they find out."""
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


def test_who_gives_a_slot_back_leaves_it_to_another_that_waited_longer(path: pathlib.Path) -> None:
    """A process does not serve itself the moment a slot is free: its place tells it of others."""
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


def test_a_served_thread_hands_the_watch_on(path: pathlib.Path) -> None:
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


_HOLDER = """
import sys, pathlib
from insightiq.quota import Priority, SharedQuota
quota = SharedQuota(pathlib.Path(sys.argv[1]), concurrency=2)
slots = [quota.acquire(Priority.INTERACTIVE, timeout=0) for _ in range(2)]
print("held", flush=True)
sys.stdin.readline()
"""


def test_a_killed_process_gives_back_what_it_held(path: pathlib.Path) -> None:
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


def test_a_zombie_counts_as_gone(path: pathlib.Path) -> None:
    """A parent that has not noticed the end of its child yet does not keep the slots."""
    if not pathlib.Path("/proc/self/stat").exists():
        pytest.skip("the system does not tell a zombie")
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
def test_a_forked_child_shares_the_limits_and_not_the_lock(path: pathlib.Path) -> None:
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
def test_a_forked_child_locks_its_parent_out(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that both held through one descriptor would lock nobody out."""
    monkeypatch.setattr("insightiq.quota._shared_file._PATIENCE", 0.01)
    locked, told = os.pipe()
    wait, done = os.pipe()
    with SharedQuota(path) as quota:
        pid = os.fork()
        if not pid:
            quota._shared._file.lock()
            os.write(told, b"!")
            os.close(done)
            os.read(wait, 1)
            os._exit(0)
        assert os.read(locked, 1) == b"!"
        with pytest.raises(ConfigurationError, match="another process has held"):
            take(quota)
        for descriptor in (locked, told, wait, done):
            os.close(descriptor)
        os.waitpid(pid, 0)


def test_a_lost_process_in_another_namespace_expires(path: pathlib.Path) -> None:
    """Where nobody can tell whether a process lives, its requests end after five minutes."""
    clock = FakeClock()
    with SharedQuota(path, concurrency=1, clock=clock) as lost:
        lost._shared._identity = lost._shared._identity._replace(namespace="pid:[1]", token="far")
        lost._shared._enter()
        take(lost)
        with SharedQuota(path, concurrency=1, clock=clock) as quota:
            with pytest.raises(TimeoutError):
                quota.acquire(INTERACTIVE, timeout=200)
            free(quota, quota.acquire(INTERACTIVE, timeout=200))


def test_the_file_is_the_owner_s_alone(path: pathlib.Path) -> None:
    """Nobody else may read or stop somebody's traffic."""
    with SharedQuota(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"# notes of mine\n" * 9, "is not a quota file of this version: it was left as it is"),
        (b"short", "is not a quota file"),
        (
            b"insightiq-quota 1 0000000000000001 4f04c9b5 00000002\n{}",
            "is not a quota file of this version",
        ),
        (
            b"insightiq-quota 2 0000000000000001 00000000 00000002\n{}",
            "this quota file is damaged. Delete it",
        ),
    ],
)
def test_a_foreign_or_damaged_file_is_refused(
    path: pathlib.Path, text: bytes, sentence: str
) -> None:
    """One sentence, and the file stays as it was."""
    path.write_bytes(text)
    with pytest.raises(ConfigurationError, match=sentence):
        SharedQuota(path)
    assert path.read_bytes() == text


def test_damage_while_in_use_reaches_everybody_who_waits(path: pathlib.Path) -> None:
    """Nobody waits for ever for books that cannot be read; a release does not fail."""

    def damage() -> None:
        path.write_bytes(b"x" * 100)

    with SharedQuota(path, concurrency=1) as quota:
        slot = take(quota)

        async def main() -> list[object]:
            tasks = [
                asyncio.create_task(quota.acquire_async(INTERACTIVE, timeout=5)) for _ in range(2)
            ]
            await asyncio.sleep(0)
            damage()
            free(quota, slot)
            return list(await asyncio.gather(*tasks, return_exceptions=True))

        outcomes = asyncio.run(main())
        assert [type(outcome) for outcome in outcomes] == [ConfigurationError] * 2


@pytest.mark.parametrize("room", [None, 40], ids=["none", "for a part"])
def test_a_full_disk_is_one_sentence_and_undoes_no_call(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, room: int | None
) -> None:
    """Who asks for a slot is told; who gives one back, after a call that succeeded, is not."""
    write = os.pwrite

    def full(fd: int, data: bytes, offset: int) -> int:
        if room is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(fd, data[:room], offset)

    with SharedQuota(path) as quota:
        slot = quota.acquire(timeout=1)
        monkeypatch.setattr(os, "pwrite", full)
        quota.release(slot, server_date=None, status=200)
        with pytest.raises(ConfigurationError, match=r"cannot be written|damaged"):
            quota.acquire(timeout=1)
        monkeypatch.setattr(os, "pwrite", write)
        if room is None:
            quota.release(quota.acquire(timeout=1), server_date=None, status=200)


def test_a_deleted_file_is_made_anew(path: pathlib.Path) -> None:
    """Whoever cleans up a folder stops nobody, and all meet in the new file."""
    clock = FakeClock()
    with (
        SharedQuota(path, concurrency=1, clock=clock) as one,
        SharedQuota(path, concurrency=1, clock=clock) as other,
    ):
        lost = take(one)
        path.unlink()
        clock.advance(2)
        slot = take(one)
        with pytest.raises(TimeoutError):
            take(other)
        free(one, lost)
        with pytest.raises(TimeoutError):
            take(other)
        free(one, slot)
        free(other, take(other))


def test_other_limits_are_refused_while_others_use_the_file(path: pathlib.Path) -> None:
    """Two opinions about one limit would both be wrong; a new start may choose anew."""
    with (
        SharedQuota(path, requests_per_second=10),
        pytest.raises(ConfigurationError, match="requests_per_second=10"),
    ):
        SharedQuota(path, requests_per_second=5)
    SharedQuota(path, requests_per_second=5).close()


def test_a_restart_of_the_machine_begins_anew(path: pathlib.Path) -> None:
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


def test_a_closed_quota_refuses_and_lets_go(path: pathlib.Path) -> None:
    """What it had under way counts as over; closing twice is harmless."""
    one = SharedQuota(path, concurrency=1)
    slot = take(one)
    one.close()
    one.close()
    free(one, slot)
    with pytest.raises(ClientClosedError, match="closed"):
        take(one)
    with SharedQuota(path, concurrency=1) as other:
        free(other, take(other))


def _link(folder: pathlib.Path) -> pathlib.Path:
    (folder / "target").touch()
    (folder / "link").symlink_to(folder / "target")
    return folder / "link"


def _fifo(folder: pathlib.Path) -> pathlib.Path:
    os.mkfifo(folder / "fifo")
    return folder / "fifo"


def _open_to_all(folder: pathlib.Path) -> pathlib.Path:
    (folder / "open").touch()
    (folder / "open").chmod(0o666)
    return folder / "open"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: path / "missing" / "quota", "its folder does not exist"),
        (lambda path: path, "this is a folder"),
        (_link, "symbolic link"),
        (_fifo, "not an ordinary file"),
        (_open_to_all, "may be written by everybody"),
    ],
)
def test_an_unsuitable_path_is_refused(
    tmp_path: pathlib.Path, make: Callable[[pathlib.Path], pathlib.Path], sentence: str
) -> None:
    """One sentence says what is wrong with it."""
    with pytest.raises(ConfigurationError, match=sentence):
        SharedQuota(make(tmp_path))


def test_a_stopped_holder_of_the_lock_is_named(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was stopped in the wrong moment does not hang all others."""
    monkeypatch.setattr("insightiq.quota._shared_file._PATIENCE", 0.01)
    with SharedQuota(path) as one, SharedQuota(path) as other:
        one._shared._file.lock()
        with pytest.raises(ConfigurationError, match="another process has held this quota file"):
            take(other)
        one._shared._file.unlock()


def test_repr_names_the_file(path: pathlib.Path) -> None:
    """Enough to find it."""
    with SharedQuota(path) as quota:
        assert repr(quota) == f"SharedQuota({str(path)!r}, waiting=0)"
