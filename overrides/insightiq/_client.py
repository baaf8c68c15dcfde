"""The clients: ``InsightIQ`` and ``AsyncInsightIQ``."""

from __future__ import annotations

import base64
import dataclasses
import functools
import os
import typing
import warnings
from collections.abc import Mapping

from insightiq._call import NO_COPY, AsyncDriver, Lazy, Shared, SyncDriver
from insightiq._clock import SystemClock
from insightiq._config import (
    DEFAULT_DEADLINE,
    DEFAULT_MAX_ATTEMPTS,
    DEFAULT_MAX_RESPONSE_BYTES,
    CallOptions,
    Timeouts,
    check_app_info,
    connection_from,
    merged_headers,
    settings_from,
    shown,
    timeouts_from,
    user_agent,
)
from insightiq._events import Emitter, check_callback, configure_logging
from insightiq._raw import query_of, raw_operation, raw_request
from insightiq._response import keeping_response
from insightiq._retry import RetryBudget
from insightiq._secret import Secret
from insightiq.errors import ConfigurationError
from insightiq.quota import Quota
from insightiq.resources import AsyncExtendedResources, ExtendedResources
from insightiq_generated.types import UNSET, Unset, json_argument

if typing.TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

    import httpx

    from insightiq._clock import Clock
    from insightiq._config import Connection, Environment
    from insightiq._events import EventHook
    from insightiq._raw import JSON, Query
    from insightiq._response import Response
    from insightiq._transport import AsyncSender, Sender
    from insightiq.quota import QuotaPolicy

__all__ = ["AsyncInsightIQ", "InsightIQ"]

ArgumentsT = typing.ParamSpec("ArgumentsT")
ResultT = typing.TypeVar("ResultT")
TransportT = typing.TypeVar("TransportT")
HttpClientT = typing.TypeVar("HttpClientT")
DriverT = typing.TypeVar("DriverT", bound=SyncDriver | AsyncDriver)

_FORKED = (
    "This process was forked from the one that made the client. Each of them keeps to the API's "
    "limits by itself, so that together they may exceed them: share the quota with "
    "InsightIQ(quota=SharedQuota(path)), or give each a part of it."
)


class _Client(typing.Generic[DriverT, TransportT, HttpClientT]):
    """Base class of the sync and async clients: construction and ``with_options``."""

    _driver: DriverT
    _caller: typing.Any
    _driver_class: typing.Any
    _make_sender: typing.Any

    def __init__(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        environment: Environment | None = None,
        base_url: str | None = None,
        allow_http: bool | None = None,
        timeout: float | Timeouts | None = None,
        deadline: float | None = DEFAULT_DEADLINE,
        max_attempts: int = DEFAULT_MAX_ATTEMPTS,
        quota: QuotaPolicy | Unset | None = UNSET,
        strict: bool = False,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
        headers: Mapping[str, str] | None = None,
        app_info: str | None = None,
        on_event: EventHook | None = None,
        clock: Clock | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | bool = True,
        transport: TransportT | None = None,
        http_client: HttpClientT | None = None,
    ) -> None:
        settings = settings_from(
            client_id=client_id,
            client_secret=client_secret,
            environment=environment,
            base_url=base_url,
            allow_http=allow_http,
        )
        configure_logging()
        _check_quota(quota)
        if on_event is not None:
            check_callback(on_event, "on_event", "takes an event")
        _check_clock(clock)
        if app_info is not None:
            check_app_info(app_info)
        agent = {} if app_info is None else {"user-agent": f"{user_agent()} {app_info}"}
        # An http_client has timeouts of its own, which only an explicit one replaces.
        timeouts = None if http_client is not None else Timeouts()
        options = CallOptions(
            timeouts=timeouts if timeout is None else timeouts_from(timeout),
            deadline=deadline,
            max_attempts=max_attempts,
            headers=agent if headers is None else merged_headers(agent, headers),
            strict=strict,
            max_response_bytes=max_response_bytes,
        )
        connection = connection_from(
            transport,
            http_client,
            proxy=proxy,
            verify=verify,
            base_url=settings.base_url,
            direct=settings.is_local,
        )
        clock = clock or SystemClock()
        pair = f"{settings.client_id}:{settings.client_secret.reveal()}"
        credentials = Secret(base64.b64encode(pair.encode()).decode())
        secrets = (settings.client_secret, credentials)
        # Not through self: a client that is dropped is freed at once.
        make_sender, base_url = self._make_sender, settings.base_url
        home = os.getpid()

        def connect() -> typing.Any:
            if quota is UNSET and os.getpid() != home:
                warnings.warn(_FORKED, RuntimeWarning, stacklevel=2)
            return make_sender(base_url, credentials, clock, connection)

        shared: Shared[typing.Any] = Shared(
            base_url=base_url,
            secrets=secrets,
            clock=clock,
            quota=Quota(clock=clock) if quota is UNSET else quota,
            budget=RetryBudget(clock),
            emitter=Emitter(on_event, secrets),
            sender=Lazy(connect),
        )
        self._base_url = base_url
        self._owner = True
        self._caller = self._driver = self._driver_class(shared, options)

    def with_options(
        self,
        *,
        timeout: float | Timeouts | Unset = UNSET,
        deadline: float | Unset | None = UNSET,
        max_attempts: int | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        max_response_bytes: int | Unset | None = UNSET,
        extra_query: Query | Unset = UNSET,
        extra_body: Mapping[str, JSON] | Unset = UNSET,
    ) -> typing.Self:
        """Return a client that calls differently: ``iq.with_options(deadline=5).users.get(id)``.

        It shares everything else with this one: connections, quota, retry budget, hook. It is made
        in microseconds, and lives as long as this one; closing it does nothing.

        Args:
            timeout: See ``InsightIQ``.
            deadline: See ``InsightIQ``.
            max_attempts: See ``InsightIQ``.
            headers: Headers to add to each request.
            max_response_bytes: See ``InsightIQ``.
            extra_query: Query parameters to add to each request, for what the document lacks;
                what is None is left out. Arguments of the call come first.
            extra_body: Keys to add to each JSON object that is sent; as above.

        Raises:
            ConfigurationError: A value makes no sense.
        """
        old = self._driver.options
        changes: dict[str, typing.Any] = {
            "deadline": deadline,
            "max_attempts": max_attempts,
            "max_response_bytes": max_response_bytes,
        }
        changes = {name: value for name, value in changes.items() if value is not UNSET}
        if timeout is not UNSET:
            changes["timeouts"] = timeouts_from(timeout)
        if headers is not UNSET:
            changes["headers"] = merged_headers(old.headers, headers)
        if extra_query is not UNSET:
            changes["extra_query"] = {**old.extra_query, **query_of("extra_query", extra_query)}
        if extra_body is not UNSET:
            added = json_argument(extra_body, "extra_body", Mapping)
            changes["extra_body"] = {**old.extra_body, **added}
        options = dataclasses.replace(old, **changes)
        driver = self._driver.with_options(options)
        sibling = object.__new__(type(self))
        for name, value in vars(self).items():
            # Resources are made anew, with the new driver.
            if not isinstance(getattr(type(self), name, None), functools.cached_property):
                vars(sibling)[name] = value
        vars(sibling).update(_owner=False, _driver=driver, _caller=driver)
        return sibling

    def __copy__(self) -> typing.NoReturn:
        raise TypeError(NO_COPY)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"


def _check_quota(quota: object) -> None:
    if quota is UNSET or quota is None:
        return
    # Each client uses one of the two ways to wait; both release the slot.
    if isinstance(quota, type) or not hasattr(quota, "release"):
        msg = (
            f"quota={shown(quota)} is not a quota: pass Quota(requests_per_second=…), "
            "SharedQuota(path), or None for no limit."
        )
        raise ConfigurationError(msg)


def _check_clock(clock: object) -> None:
    if clock is not None and not callable(getattr(clock, "monotonic", None)):
        msg = f"clock must be a clock such as insightiq.testing.FakeClock, not {type(clock).__name__}."
        raise ConfigurationError(msg)


class InsightIQ(_Client[SyncDriver, "httpx.BaseTransport", "httpx.Client"], ExtendedResources):
    """The InsightIQ API, one attribute per resource: ``iq.contents.list(account_id=…)``.

    Arguments that are not passed come from the environment variables ``INSIGHTIQ_CLIENT_ID``,
    ``INSIGHTIQ_CLIENT_SECRET``, ``INSIGHTIQ_ENVIRONMENT`` and ``INSIGHTIQ_BASE_URL``. An
    environment and an address exclude each other, so that no call reaches the wrong one; only a
    ``base_url`` argument beats the variable ``INSIGHTIQ_ENVIRONMENT``.

    A client may be shared by threads, and used by processes that are forked from the one that made
    it. Making one opens no connection; close it, or use it in a ``with`` block, when it has made
    calls.

    Args:
        client_id: User name that the vendor issued for the environment.
        client_secret: The password that belongs to it.
        environment: ``sandbox`` (the default: nothing there is billed), ``staging`` or
            ``production``.
        base_url: Address of another server, for example of the mock server, instead of an
            environment. Plain http is accepted on loopback only, unless ``allow_http`` is set.
        allow_http: Accept plain http to any host, for example to a container next to yours:
            credentials and data cross that network in clear text. The default is the variable
            ``INSIGHTIQ_ALLOW_HTTP`` (``1`` or ``0``), without it False.
        timeout: Seconds that each part of an attempt may take, or ``Timeouts``. Without it the
            defaults of ``Timeouts`` hold, or those of ``http_client``.
        deadline: Seconds that a call may take in all, with its retries and waits; None for no
            end.
        max_attempts: Most attempts to send a request; 1 for no retries.
        quota: Keeps to the API's rate limits; None for no limit.
        strict: Raise where a response is not as the document promises, instead of warning.
        max_response_bytes: Bytes that a response may have once it is decompressed (64 MiB by
            default); a longer one is an ``APIResponseValidationError``. None for any number.
        headers: Headers to add to each request.
        app_info: Name and version of your program, such as ``my-app/1.2``, for the end of the
            user agent.
        on_event: Called with each event of ``insightiq.Event``.
        clock: Measures the time and waits; for tests.
        proxy: Address of a proxy, instead of those of the environment variables.
        verify: An SSL context that knows your certificate authority, as httpx takes it.
        transport: An httpx transport that the connections go through; closed with the client.
        http_client: An httpx client to use instead of a new one; it stays open on ``close``. Forked
            processes share its connections, so make one for each of them.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """

    _driver_class = SyncDriver

    @staticmethod
    def _make_sender(
        base_url: str,
        credentials: Secret,
        clock: Clock,
        connection: Connection[httpx.BaseTransport, httpx.Client],
    ) -> Sender:
        from insightiq._transport import Sender

        return Sender(base_url, credentials, clock, connection)

    def with_response(
        self,
        method: Callable[ArgumentsT, ResultT],
        /,
        *args: ArgumentsT.args,
        **kwargs: ArgumentsT.kwargs,
    ) -> Response[ResultT]:
        """Call ``method`` and return its response, too: ``iq.with_response(iq.users.get, id)``.

        Args:
            method: A method of a resource that makes a call. Where it makes several, the last
                response is returned.
            args: Its arguments.
            kwargs: Its arguments.

        Raises:
            TypeError: ``method`` made no call, as ``list`` does: ask its ``first`` instead.
        """
        with keeping_response() as last:
            result = method(*args, **kwargs)
        return last.with_result(result, method)

    def request(
        self, method: str, path: str, *, params: Query | None = None, json: JSON = None
    ) -> Response[JSON]:
        """Call an operation that the document lacks: ``iq.request("GET", "/v1/…", params={…}).parsed``.

        Credentials, quota, retries and errors are as everywhere.

        Args:
            method: HTTP method.
            path: Path, percent-encoded, with ``/v1`` in front.
            params: Query; what is None is left out.
            json: Body, None for no body.

        Returns:
            The response; its ``parsed`` is plain JSON, or None where there is no body.

        Raises:
            ConfigurationError: ``method`` or ``path`` cannot be sent.
            InsightIQError: The call failed.
        """
        operation = raw_operation(method, path)
        return self._driver.exchange(operation, raw_request(operation, params, json))

    def close(self) -> None:
        """Close the connections; calls made afterwards raise ``ClientClosedError``."""
        if self._owner:
            self._driver.close()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncInsightIQ(
    _Client[AsyncDriver, "httpx.AsyncBaseTransport", "httpx.AsyncClient"], AsyncExtendedResources
):
    """``InsightIQ`` for asyncio: ``await iq.users.get(id)``, ``async for … in iq.users.list()``.

    The arguments are those of ``InsightIQ``; ``transport`` and ``http_client`` are httpx's
    asynchronous ones, and ``on_event`` is an ordinary function, called in the event loop. Use a
    client in the event loop of its first call; event loops other than asyncio's, such as trio's,
    are rejected.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """

    _driver_class = AsyncDriver

    @staticmethod
    def _make_sender(
        base_url: str,
        credentials: Secret,
        clock: Clock,
        connection: Connection[httpx.AsyncBaseTransport, httpx.AsyncClient],
    ) -> AsyncSender:
        from insightiq._transport import AsyncSender

        return AsyncSender(base_url, credentials, clock, connection)

    async def with_response(
        self,
        method: Callable[ArgumentsT, Awaitable[ResultT]],
        /,
        *args: ArgumentsT.args,
        **kwargs: ArgumentsT.kwargs,
    ) -> Response[ResultT]:
        """Call ``method`` and return its response, too; see ``InsightIQ.with_response``."""
        with keeping_response() as last:
            result = await method(*args, **kwargs)
        return last.with_result(result, method)

    async def request(
        self, method: str, path: str, *, params: Query | None = None, json: JSON = None
    ) -> Response[JSON]:
        """Call an operation that the document lacks; see ``InsightIQ.request``."""
        operation = raw_operation(method, path)
        return await self._driver.exchange(operation, raw_request(operation, params, json))

    async def close(self) -> None:
        """Close the connections; calls made afterwards raise ``ClientClosedError``."""
        if self._owner:
            await self._driver.close()

    async def aclose(self) -> None:
        """Do as ``close`` does: the name that httpx uses, and ``contextlib.aclosing``."""
        await self.close()

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
