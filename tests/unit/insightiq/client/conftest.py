"""A scripted server, and both clients in front of it."""

from __future__ import annotations

import asyncio
import dataclasses
import types
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import insightiq
from insightiq import errors
from insightiq.testing import FakeClock, ScriptedTransport
from insightiq_generated.client import OffsetPagination, Operation, PagedOperation, Request

CLIENT_ID = "planted-client-id"
CLIENT_SECRET = "planted-client-secret"


@dataclasses.dataclass
class Script:
    """Responds from a list or a function, and records the requests."""

    responses: list[httpx.Response | Exception] | Callable[[httpx.Request], httpx.Response]
    requests: list[httpx.Request] = dataclasses.field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the next response."""
        self.requests.append(request)
        if not isinstance(self.responses, list):
            return self.responses(request)
        response = self.responses.pop(0)
        if isinstance(response, Exception):
            raise response
        return response

    @property
    def transport(self) -> httpx.MockTransport:
        """The script as an httpx transport, for both clients."""
        return httpx.MockTransport(self)


Calling = Callable[..., Any]

# One attempt and no quota: what a single exchange does, without real waits.
SINGLE: dict[str, Any] = {
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "max_attempts": 1,
    "quota": None,
}


def _call_sync(script: Script, operation: Operation[Any], request: Request, **options: Any) -> Any:
    with insightiq.InsightIQ(
        **{**SINGLE, "transport": script and script.transport, **options}
    ) as client:
        return client._caller.call(operation, request)


def _call_async(script: Script, operation: Operation[Any], request: Request, **options: Any) -> Any:
    async def main() -> Any:
        async with insightiq.AsyncInsightIQ(
            **{**SINGLE, "transport": script and script.transport, **options}
        ) as client:
            return await client._caller.call(operation, request)

    return asyncio.run(main())


@pytest.fixture(params=[_call_sync, _call_async], ids=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Calling:
    """Carry out one call against a script, through the sync or the async client."""
    calling: Calling = request.param
    return calling


@pytest.fixture
def both_calls() -> tuple[Calling, Calling]:
    """Call through the sync client, and through the async one."""
    return (_call_sync, _call_async)


@pytest.fixture
def script() -> type[Script]:
    """The class, so that tests need no import from this file."""
    return Script


@pytest.fixture
def get_thing() -> Operation[Any]:
    """A GET whose result is the parsed body."""
    return Operation(
        id="things.get",
        method="GET",
        path="/v1/things/{id}",
        retry_safe=False,
        pagination=None,
        success_status=200,
        parse_response=lambda body: body,
    )


@dataclasses.dataclass
class Page:
    """A page model as the generated ones are: items and what else the response holds."""

    data: list[int]
    metadata: Any = None


@pytest.fixture
def list_things() -> PagedOperation[int, Page]:
    """A list operation whose items are numbers."""
    return PagedOperation(
        id="things.list",
        method="GET",
        path="/v1/things",
        retry_safe=False,
        pagination=OffsetPagination(
            offset="offset",
            limit="limit",
            items="data",
            maximum=100,
            default=10,
            applied_limit=("metadata", "limit"),
        ),
        success_status=200,
        parse_response=lambda body: Page(
            body["data"], types.SimpleNamespace(**body.get("metadata", {}))
        ),
        items=lambda page: page.data,
    )


class Played:
    """A client on a script, with a fake clock and retries."""

    def __init__(self, script: Any, *, asynchronous: bool, **options: Any) -> None:
        self.clock = FakeClock()
        self.transport = ScriptedTransport(script, clock=self.clock)
        self.events: list[insightiq.Event] = []
        self._asynchronous = asynchronous
        kind = insightiq.AsyncInsightIQ if asynchronous else insightiq.InsightIQ
        self.client: Any = kind(
            **{
                "client_id": "id",
                "client_secret": "s3",
                "quota": None,
                "clock": self.clock,
                "transport": self.transport,
                "on_event": self.events.append,
                **options,
            }
        )

    def call(self, operation: Operation[Any], request: Request) -> Any:
        """Carry out one call."""
        result = self.client._caller.call(operation, request)
        return asyncio.run(_awaited(result)) if self._asynchronous else result

    def close(self, client: Any = None) -> None:
        """Close the client, or another one."""
        result = (client or self.client).close()
        if self._asynchronous:
            asyncio.run(_awaited(result))

    def fail(self, operation: Operation[Any], request: Request) -> Any:
        """Carry out one call that fails, and return its error."""
        with pytest.raises(errors.InsightIQError) as caught:
            self.call(operation, request)
        return caught.value

    @property
    def sent(self) -> int:
        """Number of requests that reached the transport."""
        return len(self.transport.requests)


async def _awaited(result: Any) -> Any:
    return await result


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def play(request: pytest.FixtureRequest) -> Any:
    """Make a client on a script."""

    def make(script: Any, **options: Any) -> Played:
        return Played(script, asynchronous=request.param, **options)

    return make


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the variables of the machine out of the tests."""
    for name in ("CLIENT_ID", "CLIENT_SECRET", "ENVIRONMENT", "BASE_URL", "ALLOW_HTTP", "LOG"):
        monkeypatch.delenv(f"INSIGHTIQ_{name}", raising=False)
