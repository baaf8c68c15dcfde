"""Sending a request through the HTTP library.

It turns a ``WireRequest`` into an ``Answer`` or a ``Failure``. Everything else in the package is
written against those, so moving to another library means rewriting this file and ``_transport``,
which makes the connections.
"""

from __future__ import annotations

import functools
import ssl
import typing

import httpx

from insightiq._content import ACCEPTED, Content, ContentError
from insightiq._transport import LATE, Deadline, async_transport, sync_transport
from insightiq._wire import Answer, Failure, WireRequest
from insightiq.errors import ClientClosedError

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from insightiq._clock import Clock
    from insightiq._connection import Connection
    from insightiq._effects import Send
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
# The same request fails in the same way.
_PERMANENT = (httpx.InvalidURL, httpx.LocalProtocolError, httpx.UnsupportedProtocol)
# Announce the length of their body even where it is empty.
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
# What asyncio says where a connection of a loop that has ended is closed.
_LOOP_CLOSED = "Event loop is closed"
# Adds no credentials. Given none at all, the library would look for some in each address.
_NO_AUTH = httpx.Auth()


class _NoCookies(httpx.Cookies):
    """Takes none: looking for them in an answer costs a sixth of a small call."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Look for nothing."""


_NONE = _NoCookies()


class _Cookieless:
    """Part of an HTTP client of our own: the API needs no cookies, and none would be sent."""

    @property
    def cookies(self) -> httpx.Cookies:
        """None at all."""
        return _NONE

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        raise NotImplementedError


class _OwnClient(_Cookieless, httpx.Client):
    pass


class _OwnAsyncClient(_Cookieless, httpx.AsyncClient):
    pass


class Sender:
    """Sends requests through an ``httpx.Client``.

    Args:
        credentials: What follows ``Basic`` in the ``Authorization`` header.
        clock: Measures how long a call takes.
        connection: What to stand on.
    """

    def __init__(
        self, credentials: Secret, clock: Clock, connection: Connection[Transport, HttpClient]
    ) -> None:
        self._monotonic = clock.monotonic
        self._owned = connection.client is None
        self._deadline = Deadline(clock.monotonic)
        connection.check(httpx.Client, "handle_request")
        self._client = connection.client or _OwnClient(
            transport=connection.transport or sync_transport(connection, self._deadline),
            trust_env=False,
        )
        self._preparer = _Preparer(self._client, credentials, owned=self._owned)

    def send(self, send: Send) -> Answer | Failure:
        """Send a request once; redirects are not followed, so credentials go nowhere else."""
        ends = _end(send.within, self._monotonic)
        begun = self._deadline.begin(send.within)
        # Streamed, so that a body that cannot be decoded still comes with its status.
        try:
            prepared = self._preparer.prepare(send)
            response = self._client.send(
                prepared, auth=_NO_AUTH, follow_redirects=False, stream=True
            )
            content = _content_of(response, send)
            try:
                for chunk in (
                    (response.content,) if response.is_stream_consumed else response.iter_raw()
                ):
                    content.add(chunk)
                    _stop_at(ends, self._monotonic)
                return _answer(response, content.end())
            except ContentError as problem:
                return _answer(response, None, str(problem))
            finally:
                response.close()
        except (httpx.RequestError, httpx.InvalidURL) as error:
            return _failure(error)
        finally:
            self._deadline.end(begun)

    def close(self) -> None:
        """Close the connections, unless the client is the caller's."""
        if self._owned:
            self._client.close()


class AsyncSender:
    """Sends requests through an ``httpx.AsyncClient``; the arguments are those of ``Sender``."""

    def __init__(
        self,
        credentials: Secret,
        clock: Clock,
        connection: Connection[AsyncTransport, AsyncHttpClient],
    ) -> None:
        self._monotonic = clock.monotonic
        self._owned = connection.client is None
        self._deadline = Deadline(clock.monotonic)
        connection.check(httpx.AsyncClient, "handle_async_request")
        self._client = connection.client or _OwnAsyncClient(
            transport=connection.transport or async_transport(connection, self._deadline),
            trust_env=False,
        )
        self._preparer = _Preparer(self._client, credentials, owned=self._owned)

    async def send(self, send: Send) -> Answer | Failure:
        """Send a request once; redirects are not followed, so credentials go nowhere else."""
        ends = _end(send.within, self._monotonic)
        begun = self._deadline.begin(send.within)
        try:
            prepared = self._preparer.prepare(send)
            response = await self._client.send(
                prepared, auth=_NO_AUTH, follow_redirects=False, stream=True
            )
            content = _content_of(response, send)
            try:
                if response.is_stream_consumed:
                    content.add(response.content)
                else:
                    async for chunk in response.aiter_raw():
                        content.add(chunk)
                        _stop_at(ends, self._monotonic)
                return _answer(response, content.end())
            except ContentError as problem:
                return _answer(response, None, str(problem))
            finally:
                await response.aclose()
        except (httpx.RequestError, httpx.InvalidURL) as error:
            return _failure(error)
        except RuntimeError as error:
            if str(error) != _LOOP_CLOSED:
                raise
            msg = (
                "The event loop in which this client made its connections has ended: "
                "make a client in each event loop, inside the function given to asyncio.run."
            )
            raise ClientClosedError(msg) from error
        finally:
            self._deadline.end(begun)

    async def close(self) -> None:
        """Close the connections, unless the client is the caller's."""
        if self._owned:
            await self._client.aclose()


class _Preparer:
    """Makes the HTTP library's request of ours.

    For each request the library merges headers, encodes a body, and looks for the headers that
    follow from both; that takes longer than all of our own work. Here the headers are merged once
    for all requests that have the same, and given with the body as a stream, to which it adds
    nothing.
    """

    def __init__(
        self, client: HttpClient | AsyncHttpClient, credentials: Secret, *, owned: bool
    ) -> None:
        self._client = client
        self._credentials = credentials
        self._owned = owned
        self._merged: tuple[Mapping[str, str], bytes, httpx.Headers] = ({}, b"", httpx.Headers())

    def prepare(self, send: Send) -> httpx.Request:
        """Return the request, with credentials and timeouts."""
        timeout = self._client.timeout if send.timeouts is None else _timeout(send.timeouts)
        if send.within is not None:
            timeout = _capped(timeout, send.within)
        if self._owned:
            return self._request(send.request, timeout)
        # The user's client may have headers, cookies and parameters of its own.
        request = send.request
        prepared = self._client.build_request(
            request.method,
            request.url,
            headers={"accept-encoding": ACCEPTED, **request.headers},
            content=request.content,
            timeout=timeout,
        )
        prepared.headers["authorization"] = self._authorization()
        return prepared

    def _request(self, request: WireRequest, timeout: httpx.Timeout) -> httpx.Request:
        url = httpx.URL(request.url)
        content = request.content or b""
        prepared = httpx.Request(
            request.method,
            url,
            headers=self._headers(request.headers, url.netloc),
            stream=httpx.ByteStream(content),
            extensions={"timeout": timeout.as_dict()},
        )
        if content or request.method in _WITH_BODY:
            prepared.headers["content-length"] = str(len(content))
        # A transport may look at the content without reading the stream first.
        prepared.read()
        return prepared

    def _headers(self, headers: Mapping[str, str], host: bytes) -> httpx.Headers:
        known, known_host, merged = self._merged
        if known is not headers or known_host != host:
            merged = httpx.Headers({"Host": host.decode("ascii")})
            merged.update(self._client.headers)
            merged["accept-encoding"] = ACCEPTED
            merged.update(headers)
            merged["authorization"] = self._authorization()
            self._merged = (headers, host, merged)
        return merged

    def _authorization(self) -> str:
        return f"Basic {self._credentials.reveal()}"


def _content_of(response: httpx.Response, send: Send) -> Content:
    """Return what collects the body; one that was read already was decoded then."""
    encoding = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
    return Content(encoding, send.max_bytes)


def _end(within: float | None, monotonic: Callable[[], float]) -> float | None:
    return None if within is None else monotonic() + within


def _stop_at(ends: float | None, monotonic: Callable[[], float]) -> None:
    """End a body that trickles in: each piece of it is in time, all of them together are not."""
    if ends is not None and monotonic() > ends:
        raise httpx.ReadTimeout(LATE)


@functools.lru_cache(maxsize=64)
def _timeout(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.pool
    )


def _capped(timeout: httpx.Timeout, within: float) -> httpx.Timeout:
    """Return timeouts of which none ends after ``within`` seconds."""
    # Zero would mean "do not wait at all" to a socket, which is another mode, not a short time.
    within = max(within, 0.001)
    parts = (timeout.connect, timeout.read, timeout.write, timeout.pool)
    if all(part is not None and part <= within for part in parts):
        return timeout
    connect, read, write, pool = (within if part is None else min(part, within) for part in parts)
    return httpx.Timeout(connect=connect, read=read, write=write, pool=pool)


def _answer(response: httpx.Response, content: bytes | None, problem: str = "") -> Answer:
    return Answer(response.status_code, response.headers, content, problem)


def _failure(error: httpx.RequestError | httpx.InvalidURL) -> Failure:
    """Reduce the library's error to what matters; the error itself holds the request."""
    untrusted = _is_untrusted(error)
    return Failure(
        timed_out=isinstance(error, httpx.TimeoutException),
        sent=not isinstance(error, _NOT_SENT),
        detail=f"{type(error).__name__}: {error}".removesuffix(": "),
        permanent=isinstance(error, _PERMANENT) or untrusted,
        untrusted=untrusted,
    )


def _is_untrusted(error: BaseException) -> bool:
    """Tell whether the server's certificate was refused: the next one will be the same."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return True
        link = link.__cause__ or link.__context__
    return False
