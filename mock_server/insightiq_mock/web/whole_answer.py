"""Writing an answer to its connection in one piece.

ASGI has head and body in two messages, and uvicorn writes each as it comes: two system calls and two
packets, which for a small answer is most of the work. Where an answer is complete, and uvicorn waits
for it in the usual state, both are written at once here, and uvicorn is left as it would be then.

That state is not part of uvicorn's interface: only its minor version that is named in pyproject.toml
is known to have it. Wherever anything is otherwise, the answer goes the usual way.
"""

from __future__ import annotations

import functools
import http
import operator
import re
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http import httptools_impl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Send

__all__ = ["send_whole", "status_line"]

# What uvicorn runs one request with; None in a version that has no such thing.
_CYCLE: Any = getattr(httptools_impl, "RequestResponseCycle", None)

# Read before anything is written: a part that is missing leaves nothing half done.
_state = operator.attrgetter(
    "response_started",
    "response_complete",
    "disconnected",
    "access_log",
    "default_headers",
    "flow.write_paused",
    "keep_alive",
    "waiting_for_100_continue",
)
_ways = operator.attrgetter("transport.write", "message_event.set", "on_response", "scope")

# Values may hold no control characters but the tab; line ends are counted.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def send_whole(
    send: Send, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes
) -> bool:
    """Write a complete answer at once, if ``send`` leads straight to a connection that is ready.

    Args:
        send: The channel that the server gave.
        status: The status.
        headers: Names in lower case, and values; the length of the body among them, if it has one.
        body: The body as it is to go over the wire: empty in answer to HEAD.

    Returns:
        Whether it was written; if not, nothing has happened, and it is to be sent as ASGI has it.
    """
    cycle: Any = getattr(send, "__self__", None)
    if _CYCLE is None or type(cycle) is not _CYCLE:
        return False
    try:
        state = _state(cycle)
        write, wake_reader, go_on, scope = _ways(cycle)
    except AttributeError:
        return False
    *exceptional, keep_alive, _waiting_for_100_continue = state
    # Who wants the connection closed, a line in the log, or to be waited for, gets uvicorn's own way.
    if any(exceptional) or not keep_alive:
        return False
    head = _head(status, headers)
    if head is None or (scope["method"] == "HEAD" and body):
        return False
    cycle.waiting_for_100_continue = False
    cycle.response_started = cycle.response_complete = True
    write(head + body)
    wake_reader()
    go_on()
    return True


@functools.cache
def status_line(status: int) -> bytes:
    """Return the first line of an answer."""
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode("ascii")


def _head(status: int, headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """Write the head; None where it is no plain one."""
    lines = [b"%s: %s" % header for header in headers]
    text = b"\r\n".join(lines)
    ends = len(lines) - 1
    if _CONTROL.search(text) or text.count(b"\n") != ends or text.count(b"\r") != ends:
        return None
    return b"%s%s\r\n\r\n" % (status_line(status), text)
