"""Output of the demo: numbered steps, a line of code for each, and the request ids."""

from __future__ import annotations

import contextlib
import os
import typing

from insightiq import ResponseReceived

if typing.TYPE_CHECKING:
    from collections.abc import Generator

    from insightiq import Event

__all__ = ["Story"]

_BOLD, _DIM, _CYAN, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


class Story:
    """Writes the account of a walk.

    Args:
        stream: Where to write; colours are used on a terminal only.

    Attributes:
        steps: Number of steps begun.
        requests: Number of responses received.
        request_ids: The ids of the responses received in this step.
        current: Name of the step that is under way, or an empty text.
    """

    def __init__(self, stream: typing.TextIO) -> None:
        self._stream = stream
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ
        self.request_ids: list[str] = []
        self.steps = 0
        self.requests = 0
        self.current = ""

    def watch(self, event: Event) -> None:
        """Note the request id of a response: the client's event hook."""
        if isinstance(event, ResponseReceived):
            self.requests += 1
            self.request_ids.append(event.request_id or "none")

    @contextlib.contextmanager
    def step(self, name: str, code: str) -> Generator[None]:
        """Tell of a step: its name, the code that it runs, what is said in it, its request ids."""
        self.steps += 1
        self.current = name
        self.request_ids.clear()
        self._write(f"\n{self.steps:2}. {self._style(_BOLD, name)}")
        self._write(f"    {self._style(_CYAN, code)}")
        yield
        for request_id in self.request_ids:
            self._write(f"    {self._style(_DIM, f'request-id {request_id}')}")
        self.current = ""

    def say(self, text: str) -> None:
        """Tell what a step found out."""
        self._write(f"    {text}")

    def title(self, text: str) -> None:
        """Begin."""
        self._write(self._style(_BOLD, text))

    def remark(self, text: str) -> None:
        """Tell something between the steps."""
        self._write(f"\n{text}")

    def plain(self, text: str) -> None:
        """Write ``text`` as it is."""
        self._write(f"\n{text}".rstrip("\n"))

    def _style(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self._coloured else text

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
