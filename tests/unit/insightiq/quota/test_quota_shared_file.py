"""The file of a shared quota: who may use it, and what happens when it is damaged or gone."""

from __future__ import annotations

import asyncio
import errno
import os
import pathlib
import stat
from collections.abc import Callable

import pytest
from quota_slots import free, take

from insightiq.errors import ConfigurationError
from insightiq.quota import Priority, SharedQuota
from insightiq.testing import FakeClock

INTERACTIVE = Priority.INTERACTIVE


def test_file_is_owner_s_alone(path: pathlib.Path) -> None:
    """No one else may read or stop somebody's traffic."""
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
def test_foreign_or_damaged_file_is_rejected(
    path: pathlib.Path, text: bytes, sentence: str
) -> None:
    """One sentence, and the file stays as it was."""
    path.write_bytes(text)
    with pytest.raises(ConfigurationError, match=sentence):
        SharedQuota(path)
    assert path.read_bytes() == text


def test_damage_while_in_use_reaches_everybody_who_waits(path: pathlib.Path) -> None:
    """No one waits for ever for books that cannot be read; a release does not fail."""

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
def test_full_disk_is_one_sentence_and_undoes_no_call(
    path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, room: int | None
) -> None:
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


def test_deleted_file_is_made_anew(path: pathlib.Path) -> None:
    """Whoever cleans up a folder stops no one, and all meet in the new file."""
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
def test_unsuitable_path_is_rejected(
    tmp_path: pathlib.Path, make: Callable[[pathlib.Path], pathlib.Path], sentence: str
) -> None:
    """One sentence says what is wrong with it."""
    with pytest.raises(ConfigurationError, match=sentence):
        SharedQuota(make(tmp_path))
