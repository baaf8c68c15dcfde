"""One small file that several processes read and write in turn."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import pathlib
import secrets
import stat
import sys
import time
import typing
import zlib

from insightiq.errors import ConfigurationError

__all__ = ["Identity", "LedgerFile", "is_gone", "new_identity", "retire"]

_PROC = pathlib.Path("/proc")
_ZOMBIE = b"Z"
_START_TIME = 19  # the 22nd field of /proc/<pid>/stat, counted from the state


class Identity(typing.NamedTuple):
    """One opened ledger of one process.

    Attributes:
        pid: The process.
        born: When it started, as the system counts; "" where the system does not report it.
        namespace: Where its pid means anything; "" where there are no namespaces.
        token: Sets it apart from other ledgers of the process.
    """

    pid: int
    born: str
    namespace: str
    token: str


# The tokens that this process uses; its pid alone says nothing about a ledger it has closed.
_ours: set[str] = set()


def new_identity() -> Identity:
    """Return a new identity in this process."""
    pid = os.getpid()
    identity = Identity(pid, _born(pid) or "", _namespace(), secrets.token_hex(4))
    _ours.add(identity.token)
    return identity


def retire(identity: Identity) -> None:
    """Let ``identity`` be gone, although its process lives."""
    _ours.discard(identity.token)


def is_gone(identity: Identity) -> bool:
    """Return whether the owner certainly no longer exists; False where that cannot be known."""
    if identity.namespace != _namespace():
        return False
    if identity.pid == os.getpid():
        return identity.token not in _ours
    return _born(identity.pid) != identity.born


def _born(pid: int) -> str | None:
    """Return when a process started, "" if the system does not report it, None if there is none."""
    if _PROC.joinpath("self/stat").exists():
        with contextlib.suppress(OSError):
            # The name before the last parenthesis may hold anything.
            fields = _PROC.joinpath(str(pid), "stat").read_bytes().rpartition(b")")[2].split()
            return None if fields[0] == _ZOMBIE else fields[_START_TIME].decode()
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return ""


def _namespace() -> str:
    with contextlib.suppress(OSError):
        return _PROC.joinpath("self/ns/pid").readlink().name
    return ""


if sys.platform != "win32":
    import fcntl


_MAGIC = b"insightiq-quota 2 "
# Magic, change number, checksum and length: its bytes change whenever the content does.
_HEADER = "insightiq-quota 2 {change:016x} {checksum:08x} {length:08d}\n"
_HEADER_LENGTH = len(_HEADER.format(change=0, checksum=0, length=0))
_LARGEST = 1 << 20
_PATIENCE = 2.0
_PAUSE = 0.0003


class LedgerFile:
    """A locked file of JSON that remembers whether anybody else has written.

    Each write is one system call, so a process that is killed leaves the old content or the new.

    Args:
        path: Where; made, for the owner alone, if it is not there.

    Raises:
        ConfigurationError: It cannot be opened, or is not such a file.
    """

    def __init__(self, path: pathlib.Path) -> None:
        if sys.platform == "win32":
            msg = "SharedQuota needs the file locks of Linux or macOS: give each process a part of"
            msg = f"{msg} the limit instead, for example Quota(requests_per_second=5)."
            raise ConfigurationError(msg)
        self._path = path
        self._change = 0
        self._seen = b""
        self._fd = self._open()

    def lock(self) -> None:
        """Wait until no one else uses the file.

        Raises:
            ConfigurationError: Somebody does not let go of it.
        """
        deadline = None
        while True:
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                # Others hold it for microseconds; one that was stopped meanwhile must not stop us.
                now = time.monotonic()
                deadline = now + _PATIENCE if deadline is None else deadline
                if now > deadline:
                    msg = f"{self._path}: another process has held this quota file for "
                    msg = f"{msg}{_PATIENCE:g} s: it is stopped, or it uses the file for"
                    msg = f"{msg} something else. End it, or choose another file."
                    raise ConfigurationError(msg) from None
                time.sleep(_PAUSE)
            else:
                return

    def unlock(self) -> None:
        """Let others use the file."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    def read_changes(self) -> object:
        """Return the content if anybody else has written since we looked, else None.

        Raises:
            ConfigurationError: The content is damaged, or of something else.
        """
        header = os.pread(self._fd, _HEADER_LENGTH, 0)
        if header == self._seen:
            return None
        if not header.startswith(_MAGIC) or len(header) != _HEADER_LENGTH:
            msg = f"{self._path} is not a quota file of this version: it was left as it is."
            msg = f"{msg} Choose another file, or delete this one if you can do without it."
            raise ConfigurationError(msg)
        content = self._checked(header)
        self._seen = header
        return content

    def write(self, content: object) -> None:
        """Replace the content.

        Raises:
            ConfigurationError: There is no room for it, or the disk fails.
        """
        body = json.dumps(content, separators=(",", ":")).encode()
        self._change += 1
        header = _HEADER.format(change=self._change, checksum=zlib.crc32(body), length=len(body))
        self._seen = header.encode()
        data = self._seen + body
        try:
            written = os.pwrite(self._fd, data, 0)
        except OSError as error:
            reason = error.strerror
        else:
            if written == len(data):
                return
            reason = "there is no room for all of it"
        # The content is unknown now; the checksum shows that to the others.
        self._seen = b""
        msg = f"{self._path}: the quota file cannot be written ({reason}): make room, or"
        msg = f"{msg} choose another file."
        raise ConfigurationError(msg)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever written."""
        return os.fstat(self._fd).st_size == 0

    @property
    def is_lost(self) -> bool:
        """Whether the path no longer leads to the open file."""
        try:
            there = self._path.stat()
        except OSError:
            return True
        here = os.fstat(self._fd)
        return (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino)

    def reopen(self) -> None:
        """Open the path afresh: it was deleted, or the descriptor is shared with a parent."""
        fd = self._open()
        os.close(self._fd)
        self._fd = fd
        self._seen = b""

    def close(self) -> None:
        """Close the file; twice is harmless."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) >= 0:
            self.close()

    def _checked(self, header: bytes) -> object:
        try:
            change, checksum, length = header[len(_MAGIC) :].split()
            size = min(int(length), _LARGEST)
            body = os.pread(self._fd, size, _HEADER_LENGTH)
            if zlib.crc32(body) != int(checksum, 16):
                raise ValueError
            content: object = json.loads(body)
            self._change = int(change, 16)
        except ValueError:
            msg = f"{self._path}: this quota file is damaged. Delete it; it holds nothing that"
            msg = f"{msg} matters longer than a second."
            raise ConfigurationError(msg) from None
        return content

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            fd = os.open(self._path, flags, 0o600)
        except OSError as error:
            msg = f"{self._path}: {_why(error)}"
            raise ConfigurationError(msg) from None
        status = os.fstat(fd)
        problem = None
        if not stat.S_ISREG(status.st_mode):
            problem = "is not an ordinary file: choose another path."
        elif status.st_mode & stat.S_IWOTH:
            problem = "may be written by everybody: take that right away (chmod o-w)."
        if problem is not None:
            os.close(fd)
            msg = f"{self._path} {problem}"
            raise ConfigurationError(msg)
        return fd


def _why(error: OSError) -> str:
    """Say why a quota file cannot be opened, and what to do."""
    reasons = {
        errno.ENOENT: "its folder does not exist: make it first.",
        errno.ENOTDIR: "its folder does not exist: make it first.",
        errno.EISDIR: "this is a folder: name a file in it.",
        errno.ELOOP: "this is a symbolic link: name the file itself.",
        errno.EACCES: "this user may not read and write it: choose another path.",
        errno.EROFS: "its file system is read-only: choose another path.",
    }
    reason = reasons.get(error.errno or 0)
    return reason or f"the quota file cannot be opened ({error.strerror})."
