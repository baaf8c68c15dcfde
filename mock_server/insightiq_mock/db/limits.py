"""Counting requests: in one process, or exactly across the processes that serve together.

Several processes share a file of fixed records, mapped into memory and guarded by a file lock. It
holds nothing that must outlive them; a process that is killed gives its lock back by dying, and
the worker that takes its place releases the requests that it held open.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import mmap
import os
import struct
import typing

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Generator

__all__ = ["Counts", "LocalCounts", "SharedCounts", "Tally"]

_MOST_IDLE_ENTRIES: typing.Final = 10_000


class Tally(typing.NamedTuple):
    """The counts that a request meets.

    Attributes:
        in_window: How many came in this window, this one included.
        open: How many are open, this one included.
    """

    in_window: int
    open: int


class Counts(typing.Protocol):
    """Counts the requests of each developer."""

    def enter(self, developer_id: str, window: int) -> Tally:
        """Count a request that came in ``window``, and count it as open."""
        ...

    def leave(self, developer_id: str) -> None:
        """A request is no longer open."""
        ...


class LocalCounts:
    """Counts of one process."""

    def __init__(self) -> None:
        # Developer id → window, requests in it, open requests.
        self._entries: dict[str, list[int]] = {}

    def enter(self, developer_id: str, window: int) -> Tally:
        """Count a request that came in ``window``, and count it as open."""
        entry = self._entries.get(developer_id)
        if entry is None:
            if len(self._entries) >= _MOST_IDLE_ENTRIES:
                self._forget_idle(window)
            entry = self._entries[developer_id] = [window, 0, 0]
        elif entry[0] != window:
            entry[0], entry[1] = window, 0
        entry[1] += 1
        entry[2] += 1
        return Tally(entry[1], entry[2])

    def leave(self, developer_id: str) -> None:
        """A request is no longer open."""
        self._entries[developer_id][2] -= 1

    def _forget_idle(self, window: int) -> None:
        self._entries = {
            developer_id: entry
            for developer_id, entry in self._entries.items()
            if entry[2] or entry[0] >= window
        }


_MOST_PROCESSES: typing.Final = 32
# A record: whose, which window, requests in it; then the open requests of each process.
_HEAD: typing.Final = struct.Struct("<16sqI4x")
_OPEN: typing.Final = struct.Struct(f"<{_MOST_PROCESSES}H")
_OPEN_OF_ONE: typing.Final = struct.Struct("<H")
_RECORD_SIZE: typing.Final = _HEAD.size + _OPEN.size
_RECORDS: typing.Final = 4096
_NOBODY: typing.Final = bytes(16)
# A record of this many windows ago, without open requests, may be given to somebody else.
_IDLE_WINDOWS: typing.Final = 60


class SharedCounts:
    """Counts of all processes that name the same file; each has a number of its own.

    Args:
        path: The file, made if missing.
        process: The number of this process, from 0; what an earlier process of that number left
            open is given back.
    """

    most_processes: typing.ClassVar = _MOST_PROCESSES

    def __init__(self, path: pathlib.Path, process: int) -> None:
        if not 0 <= process < _MOST_PROCESSES:
            msg = f"process is {process}; it must be from 0 to {_MOST_PROCESSES - 1}."
            raise ValueError(msg)
        import fcntl

        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock = functools.partial(fcntl.lockf, self._file, fcntl.LOCK_EX)
        self._unlock = functools.partial(fcntl.lockf, self._file, fcntl.LOCK_UN)
        os.ftruncate(self._file, _RECORDS * _RECORD_SIZE)
        self._memory = mmap.mmap(self._file, _RECORDS * _RECORD_SIZE)
        self._own = _HEAD.size + process * _OPEN_OF_ONE.size
        self._digests: dict[str, bytes] = {}
        with self._locked():
            for number in range(_RECORDS):
                _OPEN_OF_ONE.pack_into(self._memory, number * _RECORD_SIZE + self._own, 0)

    def close(self) -> None:
        """Let go of the file."""
        self._memory.close()
        os.close(self._file)

    def enter(self, developer_id: str, window: int) -> Tally:
        """Count a request that came in ``window``, and count it as open."""
        digest = self._digest(developer_id)
        with self._locked():
            at = self._find(digest, window)
            owner, last, count = _HEAD.unpack_from(self._memory, at)
            count = count + 1 if owner == digest and last == window else 1
            _HEAD.pack_into(self._memory, at, digest, window, count)
            self._add_open(at, 1)
            return Tally(count, sum(_OPEN.unpack_from(self._memory, at + _HEAD.size)))

    def leave(self, developer_id: str) -> None:
        """A request is no longer open."""
        digest = self._digest(developer_id)
        with self._locked():
            at = self._find(digest, 0)
            if _HEAD.unpack_from(self._memory, at)[0] == digest:
                self._add_open(at, -1)

    def _add_open(self, at: int, difference: int) -> None:
        (before,) = _OPEN_OF_ONE.unpack_from(self._memory, at + self._own)
        _OPEN_OF_ONE.pack_into(self._memory, at + self._own, max(0, before + difference))

    def _find(self, digest: bytes, window: int) -> int:
        """Return the place of a developer's record, or the place where it is to be."""
        free: int | None = None
        first = int.from_bytes(digest[:4], "little")
        for step in range(_RECORDS):
            at = (first + step) % _RECORDS * _RECORD_SIZE
            owner, last, _ = _HEAD.unpack_from(self._memory, at)
            if owner == digest:
                return at
            if owner == _NOBODY:
                return at if free is None else free
            if free is None and last < window - _IDLE_WINDOWS and not self._any_open(at):
                free = at
        if free is None:
            msg = f"More than {_RECORDS} developers call at once; use one process, or fewer."
            raise RuntimeError(msg)
        return free

    def _any_open(self, at: int) -> bool:
        return any(_OPEN.unpack_from(self._memory, at + _HEAD.size))

    def _digest(self, developer_id: str) -> bytes:
        digest = self._digests.get(developer_id)
        if digest is None:
            if len(self._digests) >= _MOST_IDLE_ENTRIES:
                self._digests.clear()
            digest = hashlib.blake2b(developer_id.encode(), digest_size=16).digest()
            self._digests[developer_id] = digest
        return digest

    @contextlib.contextmanager
    def _locked(self) -> Generator[None]:
        self._lock()
        try:
            yield
        finally:
            self._unlock()
