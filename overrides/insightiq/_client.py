"""The two clients."""

from __future__ import annotations

import base64
import typing

from insightiq._config import Settings, settings_from
from insightiq._drivers import AsyncioCaller, ThreadCaller
from insightiq._engine import Engine
from insightiq._opened import Opened
from insightiq._secret import Secret
from insightiq._timeouts import Timeouts, timeouts_from
from insightiq.errors import ConfigurationError
from insightiq_generated.api import AsyncResources, Resources

if typing.TYPE_CHECKING:
    import types

    from insightiq._events import EventHook
    from insightiq._http import (
        AsyncHttpClient,
        AsyncSender,
        AsyncTransport,
        HttpClient,
        Sender,
        Transport,
    )

__all__ = ["AsyncInsightIQ", "InsightIQ"]


class InsightIQ(Resources):
    """The InsightIQ API, one attribute per resource: ``iq.contents.list(account_id=…)``.

    What is not passed comes from the environment variables ``INSIGHTIQ_CLIENT_ID``,
    ``INSIGHTIQ_CLIENT_SECRET``, ``INSIGHTIQ_ENVIRONMENT`` and ``INSIGHTIQ_BASE_URL``. An
    environment and an address exclude each other, so that nobody who wanted the one reaches the
    other; only a ``base_url`` argument stands against the variable ``INSIGHTIQ_ENVIRONMENT``.

    A client may be shared by threads. Making one opens no connection; close it, or use it in a
    ``with`` block, when it has made calls.

    Args:
        client_id: User name that the vendor issued for the environment.
        client_secret: The password that belongs to it.
        environment: ``sandbox`` (the default: nothing there is billed), ``staging`` or
            ``production``.
        base_url: Address of another server, for example of the mock server, instead of an
            environment. Plain http is accepted on loopback only.
        timeout: Seconds that each part of a call may take, or ``Timeouts``. Without it the
            defaults of ``Timeouts`` hold, or those of ``http_client``.
        on_event: Called with an event for each answer, among others with its request id.
        transport: An httpx transport that the connections go through; closed with the client.
        http_client: An httpx client to use instead of a new one; it stays open on ``close``.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """

    def __init__(  # noqa: PLR0913 - keyword-only, and each says one thing
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        environment: str | None = None,
        base_url: str | None = None,
        timeout: float | Timeouts | None = None,
        on_event: EventHook | None = None,
        transport: Transport | None = None,
        http_client: HttpClient | None = None,
    ) -> None:
        settings = settings_from(
            client_id=client_id,
            client_secret=client_secret,
            environment=environment,
            base_url=base_url,
        )
        timeouts = _timeouts(timeout, transport=transport, http_client=http_client)
        credentials = _basic_credentials(settings)

        def connect() -> Sender:
            # A program that only might make a call does not pay for the HTTP library.
            from insightiq._http import Sender  # noqa: PLC0415

            return Sender(credentials, timeouts, transport, http_client, direct=settings.is_local)

        self._base_url = settings.base_url
        self._caller = self._driver = ThreadCaller(
            _engine(settings, credentials), Opened(connect), on_event
        )

    def close(self) -> None:
        """Close the connections; calls made afterwards raise ``ClientClosedError``."""
        self._driver.close()

    def __enter__(self) -> typing.Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"


class AsyncInsightIQ(AsyncResources):
    """``InsightIQ`` for asyncio: ``await iq.users.get(id)``, ``async for … in iq.users.list()``.

    The arguments are those of ``InsightIQ``; ``transport`` and ``http_client`` are httpx's
    asynchronous ones. Use a client in the event loop of its first call.

    Args:
        client_id: See ``InsightIQ``.
        client_secret: See ``InsightIQ``.
        environment: See ``InsightIQ``.
        base_url: See ``InsightIQ``.
        timeout: See ``InsightIQ``.
        on_event: See ``InsightIQ``; an ordinary function, called in the event loop.
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
        environment: str | None = None,
        base_url: str | None = None,
        timeout: float | Timeouts | None = None,
        on_event: EventHook | None = None,
        transport: AsyncTransport | None = None,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        settings = settings_from(
            client_id=client_id,
            client_secret=client_secret,
            environment=environment,
            base_url=base_url,
        )
        timeouts = _timeouts(timeout, transport=transport, http_client=http_client)
        credentials = _basic_credentials(settings)

        def connect() -> AsyncSender:
            from insightiq._http import AsyncSender  # noqa: PLC0415 - as in InsightIQ

            return AsyncSender(
                credentials, timeouts, transport, http_client, direct=settings.is_local
            )

        self._base_url = settings.base_url
        self._caller = self._driver = AsyncioCaller(
            _engine(settings, credentials), Opened(connect), on_event
        )

    async def aclose(self) -> None:
        """Close the connections; calls made afterwards raise ``ClientClosedError``."""
        await self._driver.close()

    async def __aenter__(self) -> typing.Self:
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._base_url!r})"


def _engine(settings: Settings, credentials: Secret) -> Engine:
    return Engine(settings.base_url, secrets=(settings.client_secret, credentials))


def _basic_credentials(settings: Settings) -> Secret:
    """Return what follows ``Basic`` in the ``Authorization`` header."""
    pair = f"{settings.client_id}:{settings.client_secret.reveal()}"
    return Secret(base64.b64encode(pair.encode()).decode())


def _timeouts(
    timeout: float | Timeouts | None, *, transport: object, http_client: object
) -> Timeouts | None:
    """Return the timeouts to apply, or None to leave them to the caller's own client."""
    if transport is not None and http_client is not None:
        msg = "transport and http_client are both given: give the transport to the http_client."
        raise ConfigurationError(msg)
    if timeout is not None:
        return timeouts_from(timeout)
    return Timeouts() if http_client is None else None
