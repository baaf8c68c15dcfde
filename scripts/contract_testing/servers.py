"""The servers that can be asked: a mock in this process, a mock over HTTP, any other server."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import time
import typing
import urllib.parse
from http import HTTPStatus

import httpx

from contract_testing.considerate import (
    AsyncConsiderateTransport,
    ConsiderateTransport,
    Pace,
    WindowedTransport,
)
from contract_testing.recording import AsyncRecordingTransport, Recording, RecordingTransport
from contract_testing.standing_seconds import StandingSeconds

if typing.TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from contract_testing.options import Target
    from insightiq import AsyncInsightIQ, InsightIQ
    from insightiq_mock.control import MockControl
    from insightiq_mock.testing import MockApplication, MockTenant

__all__ = [
    "VENDOR_DOMAINS",
    "InternalServerError",
    "MockInProcess",
    "Server",
    "is_vendor",
    "nowhere",
    "over_http",
]

# Requests there count against somebody's quota, and what is written stays.
VENDOR_DOMAINS: typing.Final = ("insightiq.ai", "getphyllo.com")

_NO_SERVER: typing.Final = "this layer asks no server"
_SECONDS: typing.Final = 30.0
# Within the ten requests per second that the vendor grants (evidence.md#rate-limits), and room for others.
_SECONDS_BETWEEN: typing.Final = 0.15
# With the API's ten a second a run would take an hour; with these it takes a minute or two, and
# about one answer in a hundred is a 429.
_REQUESTS_PER_SECOND: typing.Final = 100


class InternalServerError(Exception):
    """The server cannot be asked; the message says why and what to do."""


class Origin(typing.Protocol):
    """Where a server's connections come from, and how it gives worlds of their own."""

    def transport(self) -> httpx.BaseTransport: ...

    def async_transport(self) -> httpx.AsyncBaseTransport: ...

    def fresh(self, recording: Recording, settings: Mapping[str, object], /) -> Server | None: ...

    def close(self) -> None: ...


@dataclasses.dataclass(slots=True)
class Server:
    """A server as one developer sees it. Every exchange is recorded.

    Attributes:
        base_url: Its address, without the paths of the document.
        client_id: User name of HTTP Basic.
        client_secret: Password of HTTP Basic.
        origin: Where its connections come from.
        recording: Takes down what passes.
        control: The mock's control API for this developer; None where there is none.
        tenant: The developer of a mock in this process, with its receivers; None elsewhere.
        read_only: Whether nothing may be changed, as with the vendor's servers.
        is_fresh: Whether this developer's world was made for whoever holds this object.
        is_limited: Whether it may answer 429, however good the request.
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
        """Client id and secret, as httpx takes them."""
        return self.client_id, self.client_secret

    def transport(self) -> httpx.BaseTransport:
        """Return a transport for synchronous clients that records."""
        return RecordingTransport(self.recording, self.origin.transport())

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for asynchronous clients that records."""
        return AsyncRecordingTransport(self.recording, self.origin.async_transport())

    def http(self) -> httpx.Client:
        """Return a plain HTTP client with the credentials."""
        return httpx.Client(
            base_url=self.base_url, auth=self.auth, transport=self.transport(), timeout=_SECONDS
        )

    def patient_http(self) -> httpx.Client:
        """Return a plain HTTP client that waits a 429 out, for questions of the tests' own."""
        transport = ConsiderateTransport(Pace(0.0), self.transport())
        return httpx.Client(
            base_url=self.base_url, auth=self.auth, transport=transport, timeout=_SECONDS
        )

    def client(self, **options: typing.Any) -> InsightIQ:  # noqa: ANN401 - those of InsightIQ
        """Return the project's client; its quota is off but with the vendor."""
        from insightiq import InsightIQ  # noqa: PLC0415 - not every run needs it

        return InsightIQ(**self._options({"transport": self.transport(), **options}))

    def async_client(self, **options: typing.Any) -> AsyncInsightIQ:  # noqa: ANN401 - as above
        """Return the project's asynchronous client."""
        from insightiq import AsyncInsightIQ  # noqa: PLC0415 - not every run needs it

        return AsyncInsightIQ(**self._options({"transport": self.async_transport(), **options}))

    def fresh(self, **settings: object) -> Server:
        """Return a developer with an untouched world.

        Where the server has no control API, that is this one, and its ``is_fresh`` is false.

        Args:
            settings: Settings of the mock that differ from its defaults, for example
                ``limits_enabled=True``; limits are off without it.
        """
        return self.origin.fresh(self.recording, settings) or self

    def close(self) -> None:
        """Close the connections, and forget a developer that was made for this object."""
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


class MockInProcess:
    """A mock server in this process; its developers are numbered, so runs repeat themselves.

    Args:
        document: The document to serve; None for the project's own.
        seed: What the worlds are made from.
        limited: Whether developers have limits: those of the API, but for a wider number.

    The seconds in which requests are counted stand still, and pass where one is waited for: how
    quickly this process works changes nothing.
    """

    def __init__(
        self, document: pathlib.Path | None = None, *, seed: int = 1, limited: bool = False
    ) -> None:
        from insightiq_mock.testing import MockApplication  # noqa: PLC0415 - starts a server

        self._seconds = StandingSeconds(time.time())
        self._application: MockApplication = MockApplication(
            document, seconds=self._seconds.current
        )
        self._numbers = itertools.count(1)
        self._seed = seed
        self._limited = limited
        self._latest: MockTenant | None = None

    def server(self, recording: Recording) -> Server:
        """Return a server for this process."""
        return self.fresh(recording, {})

    def fresh(self, recording: Recording, settings: Mapping[str, object]) -> Server:
        """Make a developer."""
        # One seed is one world, ids included; developers of one run must not share any.
        number = next(self._numbers)
        tenant = self._application.tenant(
            f"contract {number}",
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
        """Return a transport into this process."""
        inner = self._any_tenant().transport()
        if not self._limited:
            return inner
        seconds = self._seconds
        return WindowedTransport(inner, seconds=seconds.current, sleep=seconds.wait)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport into this process."""
        return self._any_tenant().async_transport()

    def close(self) -> None:
        """End the server."""
        self._application.close()

    def _any_tenant(self) -> MockTenant:
        # Transports lead to the application, whichever developer they were asked of.
        assert self._latest is not None
        return self._latest


class OverHttp:
    """Any server that listens at an address.

    Args:
        base_url: Its address.
        control: Its control API, where it is a mock of ours.
        pace: How quickly to send.
        limited: Whether developers that are made there have limits.
    """

    def __init__(
        self, base_url: str, control: MockControl | None, pace: Pace, *, limited: bool = False
    ) -> None:
        self._base_url = base_url
        self._control = control
        self._pace = pace
        self._limited = limited
        self._numbers = itertools.count(1)

    def transport(self) -> httpx.BaseTransport:
        """Return a transport over the network."""
        if self._control is not None:
            inner = httpx.HTTPTransport()
            return WindowedTransport(inner) if self._limited else inner
        return ConsiderateTransport(self._pace, httpx.HTTPTransport())

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport over the network."""
        if self._control is not None:
            return httpx.AsyncHTTPTransport()
        return AsyncConsiderateTransport(self._pace, httpx.AsyncHTTPTransport())

    def fresh(self, recording: Recording, settings: Mapping[str, object]) -> Server | None:
        """Make a developer through the control API; None without one."""
        if self._control is None:
            return None
        developer = self._control.create_developer(
            seed=f"1 {next(self._numbers)}",
            clock="frozen",
            settings={**_limits(limited=self._limited), **settings},
        )
        return Server(
            base_url=self._base_url,
            client_id=developer.id,
            client_secret=developer.secrets[0],
            origin=self,
            recording=recording,
            control=self._control.for_developer(developer.id),
            is_fresh=True,
            is_limited=self._limited,
        )

    def close(self) -> None:
        """Close the control API's connection."""
        if self._control is not None:
            self._control.close()


class _Nowhere:
    """No server."""

    def transport(self) -> httpx.BaseTransport:
        raise InternalServerError(_NO_SERVER)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        raise InternalServerError(_NO_SERVER)

    def fresh(self, _recording: Recording, _settings: Mapping[str, object]) -> Server | None:
        return None

    def close(self) -> None:
        """There is nothing to close."""


def nowhere(recording: Recording) -> Server:
    """Return what stands for a server where a layer asks none."""
    return Server(
        base_url="http://nowhere.invalid",
        client_id="nobody",
        client_secret="",
        origin=_Nowhere(),
        recording=recording,
    )


def over_http(target: Target, recording: Recording, *, limited: bool = False) -> Server:
    """Return the server at an address; its control API is used where it is a mock of ours.

    Args:
        target: Its address, and credentials that it accepts.
        recording: Takes down what passes.
        limited: Whether developers that are made there have limits.

    Raises:
        InternalServerError: Nothing answers there, or not with the API.
    """
    base_url = target.base_url.rstrip("/")
    read_only = is_vendor(base_url)
    control = None if read_only else _control_of(base_url)
    pace = Pace(_SECONDS_BETWEEN if read_only else 0.0)
    server = Server(
        base_url=base_url,
        client_id=target.client_id,
        client_secret=target.client_secret,
        origin=OverHttp(base_url, control, pace, limited=limited),
        recording=recording,
        read_only=read_only,
    )
    _check(server)
    return server


def is_vendor(base_url: str) -> bool:
    """Whether an address is one of the vendor's."""
    host = urllib.parse.urlsplit(base_url).hostname or ""
    return any(f".{host}".endswith(f".{domain}") for domain in VENDOR_DOMAINS)


def _limits(*, limited: bool) -> dict[str, object]:
    if limited:
        return {"limits_enabled": True, "requests_per_second": _REQUESTS_PER_SECOND}
    return {"limits_enabled": False}


def _control_of(base_url: str) -> MockControl | None:
    from insightiq_mock.control import MockControl  # noqa: PLC0415 - not every server is a mock
    from insightiq_mock.control import ControlError  # noqa: PLC0415 - as above

    control = MockControl(base_url)
    try:
        control.health()
        control.developers()
    except (ControlError, httpx.HTTPError, ValueError, LookupError, TypeError):
        # No mock of ours, or one that keeps its control API to itself.
        control.close()
        return None
    return control


def _check(server: Server) -> None:
    """Ask for something harmless, so that a wrong address or password is told before all else."""
    with contextlib.closing(server.http()) as client:
        try:
            answer = client.get("/v1/work-platforms", params={"limit": "1"})
        except httpx.HTTPError as error:
            msg = (
                f"nothing answers at {server.base_url} ({error}); start the server, or correct "
                "BASE_URL."
            )
            raise InternalServerError(msg) from error
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        msg = f"{server.base_url} does not accept CLIENT_ID and CLIENT_SECRET (401)."
        raise InternalServerError(msg)
    if answer.status_code == HTTPStatus.NOT_FOUND:
        msg = (
            f"{server.base_url} has no /v1/work-platforms (404), so it does not serve this API; "
            "correct BASE_URL."
        )
        raise InternalServerError(msg)
