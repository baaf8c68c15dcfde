"""A mock server in a process of its own, for as long as a ``with`` block lasts."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import typing

__all__ = ["MockProcess", "MockProcessError"]

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 10.0
_READY = re.compile(r" ready url=(\S+) client_id=(\S+) client_secret=(\S+)")


class MockProcessError(Exception):
    """The mock server did not start; the message says why."""


class MockProcess:
    """Starts ``insightiq-mock serve`` on a free port and stops it at the end of the block.

    Args:
        arguments: Further arguments of the command.

    Attributes:
        url: Its address.
        client_id: Credentials that it accepts.
        client_secret: Credentials that it accepts.
    """

    url: str
    client_id: str
    client_secret: str

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments

    def __enter__(self) -> typing.Self:
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "insightiq_mock", "serve", "--port", "0", *self._arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
            # Ctrl-C goes to the demo alone, which stops the server in good order.
            start_new_session=True,
        )
        try:
            self._await_ready_line()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def stderr_text(self) -> str:
        """Return what the server has written on standard error so far."""
        self._complaints.seek(0)
        return self._complaints.read()

    def wait(self) -> int:
        """Wait until the server has ended by itself or by a signal, and return its exit code."""
        return self._process.wait(_SECONDS_TO_STOP)

    def _await_ready_line(self) -> None:
        assert self._process.stdout is not None
        # Killing the process ends the wait below: a pipe cannot be read with a timeout everywhere.
        deadline = threading.Timer(_SECONDS_TO_START, self._process.kill)
        deadline.start()
        try:
            ready = None
            while ready is None and (line := self._process.stdout.readline()):
                ready = _READY.search(line)
        finally:
            deadline.cancel()
        if ready is None:
            raise MockProcessError(self._reason())
        self.url, self.client_id, self.client_secret = ready.groups()

    def _reason(self) -> str:
        """Say why there is no ready line."""
        code = self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().strip().splitlines()
        message = lines[-1] if lines else f"no message, exit code {code}"
        return f"the mock server did not start: {message}"

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._complaints.close()
