"""Identity of a process, and a check that it is alive."""

from __future__ import annotations

import contextlib
import os
import pathlib
import secrets
import typing

__all__ = ["Identity", "is_gone", "new_identity", "retire"]

_PROC = pathlib.Path("/proc")
_ZOMBIE = b"Z"
_START_TIME = 19  # the 22nd field of /proc/<pid>/stat, counted from the state


class Identity(typing.NamedTuple):
    """One opened ledger of one process.

    Attributes:
        pid: The process.
        born: When it started, as the system counts; "" where the system does not tell.
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
    """Tell whether the owner certainly no longer exists; False where that cannot be known."""
    if identity.namespace != _namespace():
        return False
    if identity.pid == os.getpid():
        return identity.token not in _ours
    return _born(identity.pid) != identity.born


def _born(pid: int) -> str | None:
    """Return when a process started, "" if the system does not tell, None if there is none."""
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
