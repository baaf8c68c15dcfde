"""The one module that knows the HTTP library.

It turns a ``WireRequest`` into an ``Answer`` or a ``Failure``. Everything else in the package is
written against those, so moving to another library means rewriting this file alone.
"""

from __future__ import annotations

import typing

import httpx

from insightiq._wire import Answer, Failure, WireRequest

if typing.TYPE_CHECKING:
    from insightiq._secret import Secret
    from insightiq._timeouts import Timeouts

__all__ = [
    "AsyncHttpClient",
    "AsyncSender",
    "AsyncTransport",
    "HttpClient",
    "Sender",
    "Transport",
]

HttpClient: typing.TypeAlias = httpx.Client
AsyncHttpClient: typing.TypeAlias = httpx.AsyncClient
Transport: typing.TypeAlias = httpx.BaseTransport
AsyncTransport: typing.TypeAlias = httpx.AsyncBaseTransport

# Raised before the first byte of the request is written.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Sender:
    """Sends requests through an ``httpx.Client``.

    Args:
        credentials: What follows ``Basic`` in the ``Authorization`` header.
        timeouts: What to wait for how long; None leaves it to ``client``.
        transport: What the new client stands on; None for the library's own.
        client: A client of the caller's, used instead of a new one and never closed here.
        direct: Whether a new client ignores the proxies that environment variables name.
    """

    def __init__(
        self,
        credentials: Secret,
        timeouts: Timeouts | None,
        transport: Transport | None,
        client: HttpClient | None,
        *,
        direct: bool,
    ) -> None:
        self._credentials = credentials
        self._timeout = _timeout(timeouts)
        self._owned = client is None
        if client is None:
            # A proxy elsewhere cannot reach a server on this machine.
            client = httpx.Client(transport=transport, trust_env=not direct)
        self._client = client

    def send(self, request: WireRequest) -> Answer | Failure:
        """Send ``request`` once; redirects are not followed, so credentials go nowhere else."""
        prepared = self._client.build_request(
            request.method,
            request.url,
            headers=_headers(request, self._credentials),
            content=request.content,
            timeout=self._timeout or self._client.timeout,
        )
        # Streamed, so that a body that cannot be decoded still comes with its status.
        try:
            response = self._client.send(prepared, auth=None, follow_redirects=False, stream=True)
            try:
                return _answer(response, response.read())
            except httpx.DecodingError:
                return _answer(response, None)
            finally:
                response.close()
        except (httpx.RequestError, httpx.InvalidURL) as error:
            return _failure(error)

    def close(self) -> None:
        """Close the connections, unless the client is the caller's."""
        if self._owned:
            self._client.close()


class AsyncSender:
    """Sends requests through an ``httpx.AsyncClient``; the arguments are those of ``Sender``."""

    def __init__(
        self,
        credentials: Secret,
        timeouts: Timeouts | None,
        transport: AsyncTransport | None,
        client: AsyncHttpClient | None,
        *,
        direct: bool,
    ) -> None:
        self._credentials = credentials
        self._timeout = _timeout(timeouts)
        self._owned = client is None
        if client is None:
            client = httpx.AsyncClient(transport=transport, trust_env=not direct)
        self._client = client

    async def send(self, request: WireRequest) -> Answer | Failure:
        """Send ``request`` once; redirects are not followed, so credentials go nowhere else."""
        prepared = self._client.build_request(
            request.method,
            request.url,
            headers=_headers(request, self._credentials),
            content=request.content,
            timeout=self._timeout or self._client.timeout,
        )
        try:
            response = await self._client.send(
                prepared, auth=None, follow_redirects=False, stream=True
            )
            try:
                return _answer(response, await response.aread())
            except httpx.DecodingError:
                return _answer(response, None)
            finally:
                await response.aclose()
        except (httpx.RequestError, httpx.InvalidURL) as error:
            return _failure(error)

    async def close(self) -> None:
        """Close the connections, unless the client is the caller's."""
        if self._owned:
            await self._client.aclose()


def _timeout(timeouts: Timeouts | None) -> httpx.Timeout | None:
    if timeouts is None:
        return None
    return httpx.Timeout(
        connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.pool
    )


def _headers(request: WireRequest, credentials: Secret) -> dict[str, str]:
    return {**request.headers, "authorization": f"Basic {credentials.reveal()}"}


def _answer(response: httpx.Response, content: bytes | None) -> Answer:
    return Answer(status=response.status_code, headers=response.headers, content=content)


def _failure(error: httpx.RequestError | httpx.InvalidURL) -> Failure:
    """Reduce the library's error to what matters; the error itself holds the request."""
    return Failure(
        timed_out=isinstance(error, httpx.TimeoutException),
        sent=not isinstance(error, _NOT_SENT),
        detail=f"{type(error).__name__}: {error}".removesuffix(": "),
    )
