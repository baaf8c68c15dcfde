"""Servers under test: a mock in this process, a mock over HTTP, any other server."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
import typing
from http import HTTPStatus

import httpx
from document_views import is_vendor

from contract_suite.recording import Recording, RecordingTransport
from insightiq import AsyncInsightIQ, InsightIQ
from insightiq_mock.control import ControlError, MockControl
from insightiq_mock.testing import MockApplication

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

    from insightiq_mock.testing import MockTenant

__all__ = [
    "HTTPOrigin",
    "MockOrigin",
    "Origin",
    "Pace",
    "RateLimitedTransport",
    "Server",
    "ServerError",
    "Target",
    "WindowedTransport",
]

_SECONDS: typing.Final = 30.0
# Within the ten requests per second that the vendor grants (evidence.md#rate-limits), with some room.
_SECONDS_BETWEEN: typing.Final = 0.15
# With the API's ten a second a run would take an hour; with these it takes a minute or two, and
# about one response in a hundred is a 429.
_REQUESTS_PER_SECOND: typing.Final = 100
_ATTEMPTS: typing.Final = 4
_LONGEST_WAIT: typing.Final = 10.0


class ServerError(Exception):
    """The server cannot be tested; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A server by its address, with credentials that it accepts."""

    base_url: str
    client_id: str
    client_secret: str = dataclasses.field(repr=False)


class Origin(typing.Protocol):
    """Source of connections and of new developers."""

    is_mock: bool

    def transport(self) -> httpx.BaseTransport: ...

    def async_transport(self) -> httpx.AsyncBaseTransport: ...

    def fresh(self, recording: Recording, **settings: object) -> Server: ...

    def close(self) -> None: ...


@dataclasses.dataclass(slots=True)
class Server:
    """A server as one developer sees it. Every exchange is recorded.

    Attributes:
        base_url: Its address, without the paths of the document.
        client_id: User name of HTTP Basic.
        client_secret: Password of HTTP Basic.
        origin: Source of its connections.
        recording: Records every exchange.
        control: The mock's control API for this developer; None where there is none.
        tenant: The developer of a mock in this process, with its receivers; None elsewhere.
        read_only: Whether nothing may be changed, as with the vendor's servers.
        is_fresh: Whether this developer's world was made for the test that holds this object.
        is_limited: Whether it may respond with 429 to a good request.
    """

    base_url: str
    client_id: str
    client_secret: str = dataclasses.field(repr=False)
    origin: Origin = dataclasses.field(repr=False)
    recording: Recording = dataclasses.field(repr=False)
    control: MockControl | None = None
    tenant: MockTenant | None = None
    read_only: bool = False
    is_fresh: bool = False
    is_limited: bool = True

    def __post_init__(self) -> None:
        if self.client_secret:
            self.recording.secrets[self.client_secret] = None

    @property
    def auth(self) -> tuple[str, str]:
        return self.client_id, self.client_secret

    def recorded_by(self, recording: Recording) -> Server:
        """Return this server with another recording."""
        return dataclasses.replace(self, recording=recording)

    def transport(self) -> httpx.BaseTransport:
        return RecordingTransport(self.recording, self.origin.transport())

    def http(self, *, retries: bool = False) -> httpx.Client:
        """Return a plain HTTP client with the credentials; with ``retries``, it waits after a 429."""
        transport = self.transport()
        return httpx.Client(
            base_url=self.base_url,
            auth=self.auth,
            transport=RateLimitedTransport(Pace(0.0), transport) if retries else transport,
            timeout=_SECONDS,
        )

    def client(self, **options: typing.Any) -> InsightIQ:
        return InsightIQ(**self._options({"transport": self.transport(), **options}))

    def async_client(self, **options: typing.Any) -> AsyncInsightIQ:
        transport = RecordingTransport(self.recording, self.origin.async_transport())
        return AsyncInsightIQ(**self._options({"transport": transport, **options}))

    def fresh(self, **settings: object) -> Server:
        """Return a developer with an untouched world.

        Where the server has no control API, that is this one, and its ``is_fresh`` is false.
        """
        return self.origin.fresh(self.recording, **settings)

    def close(self) -> None:
        if self.tenant is not None:
            self.tenant.close()
        elif self.is_fresh and self.control is not None:
            self.control.delete_developer()

    def _options(self, options: dict[str, typing.Any]) -> dict[str, typing.Any]:
        defaults: dict[str, typing.Any] = {
            "base_url": self.base_url,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        if not self.read_only:
            defaults["quota"] = None
        return {**defaults, **options}


class _FrozenSeconds:
    """The clock of rate limits: it moves only where a test waits, so that machines do not matter."""

    def __init__(self) -> None:
        self._now = float(int(time.time()))

    def current(self) -> float:
        return self._now

    def wait(self, seconds: float) -> None:
        self._now += seconds


class MockOrigin:
    """A mock server in this process, shared by the tests of a worker.

    Developers are named after their tests, so that runs repeat themselves byte for byte.
    """

    is_mock = True

    def __init__(
        self, document: pathlib.Path | None = None, *, seed: int = 1, limited: bool = False
    ) -> None:
        self._seconds = _FrozenSeconds()
        self._application: MockApplication = MockApplication(
            document, seconds=self._seconds.current
        )
        self._seed = seed
        self._limited = limited
        self._latest: MockTenant | None = None

    def fresh(self, recording: Recording, **settings: object) -> Server:
        # One seed is one world, ids included; developers of one test must not share any.
        number = recording.next_developer()
        tenant = self._application.tenant(
            f"contract {recording.test} {number}",
            seed=f"{self._seed} {number}",
            settings={**_limits(limited=self._limited), **settings},
        )
        self._latest = tenant
        return Server(
            base_url=tenant.base_url,
            client_id=tenant.client_id,
            client_secret=tenant.client_secret,
            origin=self,
            recording=recording,
            control=tenant.control,
            tenant=tenant,
            is_fresh=True,
            is_limited=self._limited,
        )

    def transport(self) -> httpx.BaseTransport:
        # Transports lead to the application, whichever developer they were taken from.
        assert self._latest is not None
        inner = self._latest.transport()
        if not self._limited:
            return inner
        return WindowedTransport(inner, seconds=self._seconds.current, sleep=self._seconds.wait)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        assert self._latest is not None
        return self._latest.async_transport()

    def close(self) -> None:
        self._application.close()


class HTTPOrigin:
    """Any server at an address; its control API is used where it is a mock of the project."""

    def __init__(self, target: Target, *, seed: int = 1, limited: bool = False) -> None:
        self._target = dataclasses.replace(target, base_url=target.base_url.rstrip("/"))
        self._read_only = is_vendor(target.base_url)
        self._control = None if self._read_only else _control_of(self._target.base_url)
        self._pace = Pace(_SECONDS_BETWEEN if self._read_only else 0.0)
        self._seed = seed
        self._limited = limited
        self.is_mock = self._control is not None
        try:
            _check(self._server(Recording()))
        except ServerError:
            self.close()
            raise

    def transport(self) -> httpx.BaseTransport:
        if self.is_mock:
            inner = httpx.HTTPTransport()
            return WindowedTransport(inner) if self._limited else inner
        return RateLimitedTransport(self._pace, httpx.HTTPTransport())

    def async_transport(self) -> httpx.AsyncBaseTransport:
        inner = httpx.AsyncHTTPTransport()
        return inner if self.is_mock else RateLimitedTransport(self._pace, inner)

    def fresh(self, recording: Recording, **settings: object) -> Server:
        if self._control is None:
            return self._server(recording)
        developer = self._control.create_developer(
            seed=f"{self._seed} {recording.next_developer()}",
            clock="frozen",
            settings={**_limits(limited=self._limited), **settings},
        )
        return Server(
            base_url=self._target.base_url,
            client_id=developer.id,
            client_secret=developer.secrets[0],
            origin=self,
            recording=recording,
            control=self._control.for_developer(developer.id),
            is_fresh=True,
            is_limited=self._limited,
        )

    def _server(self, recording: Recording) -> Server:
        return Server(
            **dataclasses.asdict(self._target),
            origin=self,
            recording=recording,
            read_only=self._read_only,
        )

    def close(self) -> None:
        if self._control is not None:
            self._control.close()


def _limits(*, limited: bool) -> dict[str, object]:
    if limited:
        return {"limits_enabled": True, "requests_per_second": _REQUESTS_PER_SECOND}
    return {"limits_enabled": False}


def _control_of(base_url: str) -> MockControl | None:
    control = MockControl(base_url)
    try:
        control.health()
        control.developers()
    except (ControlError, httpx.HTTPError, ValueError, LookupError, TypeError):
        # Not the project's mock, or one that keeps its control API to itself.
        control.close()
        return None
    return control


def _check(server: Server) -> None:
    """Send something harmless, so that a wrong address or password is reported first."""
    with contextlib.closing(server.http()) as client:
        try:
            response = client.get("/v1/work-platforms", params={"limit": "1"})
        except httpx.HTTPError as error:
            msg = f"nothing responds at {server.base_url} ({error}); start the server, or correct BASE_URL."
            raise ServerError(msg) from error
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        msg = f"{server.base_url} does not accept CLIENT_ID and CLIENT_SECRET (401)."
        raise ServerError(msg)
    if response.status_code == HTTPStatus.NOT_FOUND:
        msg = f"{server.base_url} has no /v1/work-platforms (404), so it does not serve this API; correct BASE_URL."
        raise ServerError(msg)


class Pace:
    """Least time between two requests, shared by all transports of a server."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = 0.0

    def wait(self) -> float:
        """Return the time to wait before the next request, which is taken to be sent then."""
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + self._seconds
        return at - now


class RateLimitedTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends at a pace, and retries a 429 after its Retry-After."""

    def __init__(self, pace: Pace, inner: typing.Any) -> None:
        self._pace = pace
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(1, _ATTEMPTS + 1):
            if (pause := self._pace.wait()) > 0.0:
                time.sleep(pause)
            response: httpx.Response = self._inner.handle_request(request)
            wait = _retry_after(response)
            if wait is None or attempt == _ATTEMPTS:
                break
            response.close()
            time.sleep(wait)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(1, _ATTEMPTS + 1):
            if (pause := self._pace.wait()) > 0.0:
                await asyncio.sleep(pause)
            response: httpx.Response = await self._inner.handle_async_request(request)
            wait = _retry_after(response)
            if wait is None or attempt == _ATTEMPTS:
                break
            await response.aclose()
            await asyncio.sleep(wait)
        return response

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._inner.aclose()


class WindowedTransport(httpx.BaseTransport):
    """Sends as quickly as it can, and waits for the next second after a 429.

    The 429 is returned like any other response. Limits count in fixed seconds
    (evidence.md#rate-limits), so that at most one response of each second is a 429.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        *,
        seconds: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._inner = inner
        self._seconds = seconds
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            self._sleep(1.0 - self._seconds() % 1.0)
        return response

    def close(self) -> None:
        self._inner.close()


def _retry_after(response: httpx.Response) -> float | None:
    """Return the time to wait before a retry; None for no retry."""
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    seconds = response.headers.get("retry-after", "")
    return min(float(seconds), _LONGEST_WAIT) if seconds.isdecimal() else None
