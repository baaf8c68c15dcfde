"""A server on loopback that speaks to each connection as a function says."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

__all__ = ["PATIENCE", "Speaker", "dripping", "serving"]

PATIENCE = 8.0
"""Seconds after which a server leaves, so that a client that does not give up fails its test."""

Speaker = Callable[[socket.socket, threading.Event], None]
"""Speaks to one connection; the event is set when the test is over."""


@contextlib.contextmanager
def serving(speak: Speaker) -> Iterator[int]:
    """Serve on loopback with ``speak``, in a thread for each connection; give the port."""
    over = threading.Event()
    threads: list[threading.Thread] = []

    def handle(connection: socket.socket) -> None:
        # The client leaves in the middle: that is what the tests are about.
        with connection, contextlib.suppress(OSError):
            speak(connection, over)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=handle, args=[connection])
            threads.append(thread)
            thread.start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        # Small, so that a request that is not read soon fills it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            # Wakes the thread that accepts; closing alone does not, on Linux.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join()


def dripping(head: bytes, drop: bytes, pause: float = 0.03) -> Speaker:
    """Return a speaker that responds with ``head`` and then with one ``drop`` after the other."""

    def speak(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(head)
        ends = time.monotonic() + PATIENCE
        while not over.wait(pause) and time.monotonic() < ends:
            connection.sendall(drop)

    return speak
