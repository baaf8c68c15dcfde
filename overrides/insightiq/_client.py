"""The two clients."""

from __future__ import annotations

import typing

from insightiq import _raw
from insightiq._adjustable import Adjustable
from insightiq._assembly import options_from, parts_from
from insightiq._connection import connection_from
from insightiq._drivers import AsyncioCaller, ThreadCaller
from insightiq._options import (
    DEFAULT_DEADLINE,
    DEFAULT_MAX_ATTEMPTS,
    DEFAULT_MAX_RESPONSE_BYTES,
)
from insightiq.resources import AsyncExtendedResources, ExtendedResources
from insightiq_generated.types import UNSET, Unset

if typing.TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping

    from insightiq._clock import Clock
    from insightiq._config import Environment
    from insightiq._events import EventHook
    from insightiq._http import (
        AsyncHttpClient,
        AsyncSender,
        AsyncTransport,
        HttpClient,
        Sender,
        Transport,
    )
    from insightiq._raw import JSON, Query, Response
    from insightiq._timeouts import Timeouts
    from insightiq.quota import QuotaPolicy

__all__ = ["AsyncInsightIQ", "InsightIQ"]

ArgumentsT = typing.ParamSpec("ArgumentsT")
ResultT = typing.TypeVar("ResultT")


class InsightIQ(Adjustable[ThreadCaller], ExtendedResources):
    """The InsightIQ API, one attribute per resource: ``iq.contents.list(account_id=…)``.

    What is not passed comes from the environment variables ``INSIGHTIQ_CLIENT_ID``,
    ``INSIGHTIQ_CLIENT_SECRET``, ``INSIGHTIQ_ENVIRONMENT`` and ``INSIGHTIQ_BASE_URL``. An
    environment and an address exclude each other, so that nobody who wanted the one reaches the
    other; only a ``base_url`` argument stands against the variable ``INSIGHTIQ_ENVIRONMENT``.

    A client may be shared by threads, and used by processes that are forked from the one that made
    it. Making one opens no connection; close it, or use it in a ``with`` block, when it has made
    calls.

    Args:
        client_id: User name that the vendor issued for the environment.
        client_secret: The password that belongs to it.
        environment: ``sandbox`` (the default: nothing there is billed), ``staging`` or
            ``production``.
        base_url: Address of another server, for example of the mock server, instead of an
            environment. Plain http is accepted on loopback only, unless ``allow_http`` says more.
        allow_http: Accept plain http to any host, for example to a container next to yours:
            credentials and data cross that network in clear text. By default what the variable
            ``INSIGHTIQ_ALLOW_HTTP`` says (``1`` or ``0``), without it False.
        timeout: Seconds that each part of an attempt may take, or ``Timeouts``. Without it the
            defaults of ``Timeouts`` hold, or those of ``http_client``.
        deadline: Seconds that a call may take in all, with its repetitions and waits; None for no
            end.
        max_attempts: How often a request is sent at most; 1 for no repetition.
        quota: Keeps to the API's limits; None turns that off.
        strict: Raise where an answer is not what the document promises, instead of warning.
        max_response_bytes: Bytes that a response may have once it is decompressed (64 MiB by
            default); a longer one is an ``APIResponseValidationError``. None for any number.
        headers: Headers to add to each request.
        app_info: Name and version of your program, such as ``my-app/1.2``, for the end of the
            user agent.
        on_event: Called with each event of ``insightiq.Event``.
        clock: Measures the time and waits; for tests.
        proxy: Address of a proxy, instead of what the environment variables say.
        verify: An SSL context that knows your certificate authority, as httpx takes it.
        transport: An httpx transport that the connections go through; closed with the client.
        http_client: An httpx client to use instead of a new one; it stays open on ``close``. Forked
            processes share its connections, so make one for each of them.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, and each says one thing
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
        transport: Transport | None = None,
        http_client: HttpClient | None = None,
    ) -> None:
        parts = parts_from(
            client_id=client_id,
            client_secret=client_secret,
            environment=environment,
            base_url=base_url,
            allow_http=allow_http,
            quota=quota,
            clock=clock,
            on_event=on_event,
        )
        options = options_from(
            timeout=timeout,
            deadline=deadline,
            max_attempts=max_attempts,
            strict=strict,
            max_response_bytes=max_response_bytes,
            headers=headers,
            app_info=app_info,
            own_client=http_client is not None,
        )
        connection = connection_from(
            transport,
            http_client,
            proxy=proxy,
            verify=verify,
            base_url=parts.settings.base_url,
            direct=parts.settings.is_local,
        )

        def connect() -> Sender:
            from insightiq._http import Sender  # noqa: PLC0415 - slow to load, needed to call only

            return Sender(parts.credentials, parts.clock, connection)

        self._base_url = parts.settings.base_url
        self._owner = True
        self._caller = self._driver = ThreadCaller(parts.shared(connect), options)

    def with_response(
        self,
        method: Callable[ArgumentsT, ResultT],
        /,
        *args: ArgumentsT.args,
        **kwargs: ArgumentsT.kwargs,
    ) -> Response[ResultT]:
        """Call ``method`` and return its answer, too: ``iq.with_response(iq.users.get, id)``.

        Args:
            method: A method of a resource that makes a call. Where it makes several, the last
                answer is returned.
            args: Its arguments.
            kwargs: Its arguments.

        Raises:
            TypeError: ``method`` made no call, as ``list`` does: ask its ``first`` instead.
        """
        with _raw.keeping_response() as kept:
            result = method(*args, **kwargs)
        return kept.with_result(result, method)

    def request(
        self, method: str, path: str, *, params: Query | None = None, json: JSON = None
    ) -> Response[JSON]:
        """Call what the document lacks: ``iq.request("GET", "/v1/…", params={…}).parsed``.

        Credentials, quota, repetitions and errors are as everywhere.

        Args:
            method: HTTP method.
            path: Path, percent-encoded, with ``/v1`` in front.
            params: Query; what is None is left out.
            json: Body, None for no body.

        Returns:
            The answer; its ``parsed`` is plain JSON, or None where there is no body.

        Raises:
            ConfigurationError: ``method`` or ``path`` cannot be sent.
            InsightIQError: The call failed.
        """
        operation = _raw.raw_operation(method, path)
        return self._driver.exchange(operation, _raw.raw_request(operation, params, json))

    def close(self) -> None:
        """Close the connections; calls made afterwards raise ``ClientClosedError``."""
        if self._owner:
            self._driver.close()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncInsightIQ(Adjustable[AsyncioCaller], AsyncExtendedResources):
    """``InsightIQ`` for asyncio: ``await iq.users.get(id)``, ``async for … in iq.users.list()``.

    The arguments are those of ``InsightIQ``; ``transport`` and ``http_client`` are httpx's
    asynchronous ones. Use a client in the event loop of its first call; event loops other than
    asyncio's, such as trio's, are refused.

    Args:
        client_id: See ``InsightIQ``.
        client_secret: See ``InsightIQ``.
        environment: See ``InsightIQ``.
        base_url: See ``InsightIQ``.
        allow_http: See ``InsightIQ``.
        timeout: See ``InsightIQ``.
        deadline: See ``InsightIQ``.
        max_attempts: See ``InsightIQ``.
        quota: See ``InsightIQ``.
        strict: See ``InsightIQ``.
        max_response_bytes: See ``InsightIQ``.
        headers: See ``InsightIQ``.
        app_info: See ``InsightIQ``.
        on_event: See ``InsightIQ``; an ordinary function, called in the event loop.
        clock: See ``InsightIQ``.
        proxy: See ``InsightIQ``.
        verify: See ``InsightIQ``.
        transport: See ``InsightIQ``.
        http_client: See ``InsightIQ``.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, and each says one thing
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
        transport: AsyncTransport | None = None,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        parts = parts_from(
            client_id=client_id,
            client_secret=client_secret,
            environment=environment,
            base_url=base_url,
            allow_http=allow_http,
            quota=quota,
            clock=clock,
            on_event=on_event,
        )
        options = options_from(
            timeout=timeout,
            deadline=deadline,
            max_attempts=max_attempts,
            strict=strict,
            max_response_bytes=max_response_bytes,
            headers=headers,
            app_info=app_info,
            own_client=http_client is not None,
        )
        connection = connection_from(
            transport,
            http_client,
            proxy=proxy,
            verify=verify,
            base_url=parts.settings.base_url,
            direct=parts.settings.is_local,
        )

        def connect() -> AsyncSender:
            from insightiq._http import AsyncSender  # noqa: PLC0415 - see InsightIQ

            return AsyncSender(parts.credentials, parts.clock, connection)

        self._base_url = parts.settings.base_url
        self._owner = True
        self._caller = self._driver = AsyncioCaller(parts.shared(connect), options)

    async def with_response(
        self,
        method: Callable[ArgumentsT, Awaitable[ResultT]],
        /,
        *args: ArgumentsT.args,
        **kwargs: ArgumentsT.kwargs,
    ) -> Response[ResultT]:
        """Call ``method`` and return its answer, too; see ``InsightIQ.with_response``.

        Args:
            method: A method of a resource that makes a call.
            args: Its arguments.
            kwargs: Its arguments.

        Raises:
            TypeError: ``method`` made no call.
        """
        with _raw.keeping_response() as kept:
            result = await method(*args, **kwargs)
        return kept.with_result(result, method)

    async def request(
        self, method: str, path: str, *, params: Query | None = None, json: JSON = None
    ) -> Response[JSON]:
        """Call what the document lacks; see ``InsightIQ.request``.

        Args:
            method: HTTP method.
            path: Path, percent-encoded, with ``/v1`` in front.
            params: Query; what is None is left out.
            json: Body, None for no body.

        Returns:
            The answer; its ``parsed`` is plain JSON, or None where there is no body.

        Raises:
            ConfigurationError: ``method`` or ``path`` cannot be sent.
            InsightIQError: The call failed.
        """
        operation = _raw.raw_operation(method, path)
        return await self._driver.exchange(operation, _raw.raw_request(operation, params, json))

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
