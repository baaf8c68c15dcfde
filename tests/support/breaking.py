"""Servers between the contract tests and a mock in this process that break answers on purpose."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import httpx
from contract_testing.recording import Recording
from contract_testing.servers import MockInProcess, Server

__all__ = ["Breaking", "Broken", "Passing", "foreign"]


@dataclasses.dataclass
class Passing:
    """An answer on its way, which may be changed."""

    request: httpx.Request
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def path(self) -> str:
        """What was asked for, without the query."""
        return self.request.url.path

    @property
    def body(self) -> Any:
        """Its JSON."""
        return json.loads(self.content)

    @body.setter
    def body(self, value: Any) -> None:
        self.content = json.dumps(value).encode()


Change = Callable[[Passing], None]


class Broken(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Changes answers of the API, and none of the control API."""

    def __init__(self, mock: MockInProcess, change: Change) -> None:
        self._inner = mock.transport()
        self._async_inner = mock.async_transport()
        self._change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and change what comes back."""
        answer = self._inner.handle_request(request)
        answer.read()
        return self._changed(request, answer)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and change what comes back."""
        answer = await self._async_inner.handle_async_request(request)
        await answer.aread()
        return self._changed(request, answer)

    def _changed(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        headers = {key: text for key, text in answer.headers.items() if key != "content-length"}
        passing = Passing(request, answer.status_code, headers, answer.content)
        self._change(passing)
        return httpx.Response(
            passing.status, headers=passing.headers, stream=_Body(passing.content)
        )


class _Body(httpx.ByteStream):
    """A body as it comes over the network, for either kind of client."""

    def __iter__(self) -> Iterator[bytes]:
        return super().__iter__()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return super().__aiter__()


class Breaking:
    """The origin of a mock's answers, changed on their way.

    Args:
        mock: Answers.
        change: Changes what it answers.
        worlds: Whether developers can be made; a server of somebody else makes none.
    """

    def __init__(self, mock: MockInProcess, change: Change, *, worlds: bool = True) -> None:
        self._mock = mock
        self._change = change
        self._worlds = worlds

    def transport(self) -> httpx.BaseTransport:
        """Return a transport that breaks answers."""
        return Broken(self._mock, self._change)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport that breaks answers."""
        return Broken(self._mock, self._change)

    def fresh(self, recording: Recording, settings: Mapping[str, object]) -> Server | None:
        """Make a developer, if this server makes any."""
        if not self._worlds:
            return None
        return dataclasses.replace(self._mock.fresh(recording, settings), origin=self)

    def close(self) -> None:
        """Leave the mock to others."""


@contextlib.contextmanager
def foreign(mock: MockInProcess, change: Change | None = None) -> Iterator[Server]:
    """A server of somebody else: without control API, and with whatever others left there."""
    own = mock.server(Recording())
    origin = Breaking(mock, change or (lambda _: None), worlds=False)
    assert own.control is not None
    own.control.set_clock("real")
    with contextlib.closing(own):
        yield Server(own.base_url, own.client_id, own.client_secret, origin, own.recording)
