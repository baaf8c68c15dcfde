"""HTTP transport: requests are sent through httpx, with deadlines for their connections."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import json
import socket
import ssl
import typing
import urllib.parse

import httpcore
import httpx

from insightiq._config import user_agent
from insightiq._proxy import proxy_of, ssl_context
from insightiq._response import ACCEPTED, Body, BodyError, Failure, Response
from insightiq.errors import ClientClosedError

if typing.TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping

    from insightiq._clock import Clock
    from insightiq._config import CallOptions, Connection, Timeouts
    from insightiq._secret import Secret
    from insightiq_generated.client import Request

__all__ = [
    "LATE",
    "AsyncSender",
    "Deadline",
    "Sender",
    "failure_from",
]

ClientT = typing.TypeVar("ClientT", bound=httpx.Client | httpx.AsyncClient)

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
# Message of asyncio where a connection of a closed loop is closed.
_LOOP_CLOSED = "Event loop is closed"
# Adds no credentials. Without an Auth, httpx would look for some in each address.
_NO_AUTH = httpx.Auth()


class _NoCookies(httpx.Cookies):
    """Stores nothing: looking for cookies in a response costs a sixth of a small call."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Do nothing."""


_NONE = _NoCookies()


class _Cookieless:
    """Mixin of the client's own httpx clients: the API needs no cookies."""

    @property
    def cookies(self) -> httpx.Cookies:
        """No cookies."""
        return _NONE

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        raise NotImplementedError


class _OwnClient(_Cookieless, httpx.Client):
    pass


class _OwnAsyncClient(_Cookieless, httpx.AsyncClient):
    pass


# Sending


class _Sender(typing.Generic[ClientT]):
    """Base class of the sync and async senders."""

    _client: ClientT
    _kind: type[ClientT]
    _method: str

    def __init__(
        self,
        base_url: str,
        credentials: Secret,
        clock: Clock,
        connection: Connection[typing.Any, ClientT],
    ) -> None:
        connection.check(self._kind, self._method)
        self._monotonic = clock.monotonic
        self._owned = connection.client is None
        self._deadline = Deadline(clock.monotonic)
        self._client = connection.client or self._new_client(connection)
        builder = _RequestBuilder(self._client, base_url, credentials, owned=self._owned)
        self.build_request = builder.build

    def _new_client(self, connection: Connection[typing.Any, ClientT]) -> ClientT:
        raise NotImplementedError


class Sender(_Sender[httpx.Client]):
    """Sends requests through an ``httpx.Client``."""

    _kind = httpx.Client
    _method = "handle_request"

    def _new_client(self, connection: Connection[typing.Any, httpx.Client]) -> httpx.Client:
        transport = connection.transport or _Transport(connection, self._deadline)
        return _OwnClient(transport=transport, trust_env=False)

    def send(
        self, request: httpx.Request, within: float | None, max_bytes: int | None
    ) -> Response[None] | Failure:
        """Send a request once; redirects are not followed, so credentials go nowhere else."""
        ends = _end(within, self._monotonic)
        token = self._deadline.begin(within)
        # Streamed, so that a body that cannot be decoded still comes with its status.
        try:
            response = self._client.send(
                request, auth=_NO_AUTH, follow_redirects=False, stream=True
            )
            body = _body_of(response, max_bytes)
            try:
                for chunk in (
                    (response.content,) if response.is_stream_consumed else response.iter_raw()
                ):
                    body.add(chunk)
                    _check_end(ends, self._monotonic)
                return _read(response, body.end())
            except BodyError as problem:
                return _read(response, b"", str(problem))
            finally:
                response.close()
        except (httpx.RequestError, httpx.InvalidURL) as error:
            return failure_from(error)
        finally:
            self._deadline.end(token)

    def close(self) -> None:
        """Close the connections, unless the client is the user's."""
        if self._owned:
            self._client.close()


class AsyncSender(_Sender[httpx.AsyncClient]):
    """Sends requests through an ``httpx.AsyncClient``."""

    _kind = httpx.AsyncClient
    _method = "handle_async_request"

    def _new_client(
        self, connection: Connection[typing.Any, httpx.AsyncClient]
    ) -> httpx.AsyncClient:
        transport = connection.transport or _AsyncTransport(connection, self._deadline)
        return _OwnAsyncClient(transport=transport, trust_env=False)

    async def send(
        self, request: httpx.Request, within: float | None, max_bytes: int | None
    ) -> Response[None] | Failure:
        """Send a request once; redirects are not followed, so credentials go nowhere else."""
        ends = _end(within, self._monotonic)
        token = self._deadline.begin(within)
        try:
            response = await self._client.send(
                request, auth=_NO_AUTH, follow_redirects=False, stream=True
            )
            body = _body_of(response, max_bytes)
            try:
                if response.is_stream_consumed:
                    body.add(response.content)
                else:
                    async for chunk in response.aiter_raw():
                        body.add(chunk)
                        _check_end(ends, self._monotonic)
                return _read(response, body.end())
            except BodyError as problem:
                return _read(response, b"", str(problem))
            finally:
                await response.aclose()
        except (httpx.RequestError, httpx.InvalidURL) as error:
            return failure_from(error)
        except RuntimeError as error:
            if str(error) != _LOOP_CLOSED:
                raise
            msg = (
                "The event loop in which this client made its connections has ended: "
                "make a client in each event loop, inside the function given to asyncio.run."
            )
            raise ClientClosedError(msg) from error
        finally:
            self._deadline.end(token)

    async def close(self) -> None:
        """Close the connections, unless the client is the user's."""
        if self._owned:
            await self._client.aclose()


class _RequestBuilder:
    """Builds the request of httpx from a generated one.

    For each request httpx merges headers, encodes a body, and derives headers from both; that takes
    longer than all work of this package. Here the headers are merged once for all requests that
    have the same, and given with the body as a stream, to which httpx adds nothing.
    """

    def __init__(
        self,
        client: httpx.Client | httpx.AsyncClient,
        base_url: str,
        credentials: Secret,
        *,
        owned: bool,
    ) -> None:
        self._client = client
        self._base_url = base_url
        self._credentials = credentials
        self._owned = owned
        self._merged: dict[bool, tuple[Mapping[str, str], bytes, httpx.Headers]] = {}

    def build(
        self, request: Request, options: CallOptions, within: float | None
    ) -> httpx.Request | Failure:
        """Return the request with credentials and timeouts, of which none exceeds ``within``."""
        parameters, body = request.query, request.json
        # The arguments of the call come first: a list would lose its place otherwise.
        if options.extra_query:
            parameters = {**options.extra_query, **parameters}
        if options.extra_body and isinstance(body, dict):
            body = {**options.extra_body, **typing.cast("dict[str, object]", body)}
        query = urllib.parse.urlencode(parameters, quote_via=urllib.parse.quote)
        if request.raw_query:
            query = f"{query}&{request.raw_query}" if query else request.raw_query
        address = f"{self._base_url}{request.path}" + (f"?{query}" if query else "")
        content = request.content if body is None else _encoded(body)
        timeout = self._client.timeout if options.timeouts is None else _timeout(options.timeouts)
        if within is not None:
            timeout = _capped(timeout, within)
        try:
            if not self._owned:
                return self._by_client(request, address, content, options, timeout)
            url = httpx.URL(address)
        except httpx.InvalidURL as error:
            return failure_from(error)
        built = httpx.Request(
            request.method,
            url,
            headers=self._headers(options.headers, url.netloc, with_body=content is not None),
            stream=httpx.ByteStream(content or b""),
            extensions={"timeout": timeout.as_dict()},
        )
        if request.headers:
            built.headers.update(_without(request.headers, options.headers))
        if content or request.method in _WITH_BODY:
            built.headers["content-length"] = str(len(content or b""))
        # A transport may look at the content without reading the stream first.
        built.read()
        return built

    def _by_client(
        self,
        request: Request,
        address: str,
        content: bytes | None,
        options: CallOptions,
        timeout: httpx.Timeout,
    ) -> httpx.Request:
        """Let the user's client build it, which may have headers, cookies and parameters."""
        own = {**_own_headers(with_body=content is not None), **request.headers}
        headers = {**_without(own, options.headers), **options.headers}
        built = self._client.build_request(
            request.method, address, headers=headers, content=content, timeout=timeout
        )
        built.headers["authorization"] = self._authorization()
        return built

    def _headers(self, extra: Mapping[str, str], host: bytes, *, with_body: bool) -> httpx.Headers:
        known, known_host, merged = self._merged.get(with_body, (None, None, None))
        if merged is None or known is not extra or known_host != host:
            merged = httpx.Headers({"Host": host.decode("ascii")})
            merged.update(self._client.headers)
            merged.update({**_own_headers(with_body=with_body), **extra})
            merged["authorization"] = self._authorization()
            self._merged[with_body] = (extra, host, merged)
        return merged

    def _authorization(self) -> str:
        return f"Basic {self._credentials.reveal()}"


def _without(headers: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """Return ``headers`` without those that ``extra`` replaces, in whatever case."""
    replaced = {name.lower() for name in extra}
    return {name: value for name, value in headers.items() if name.lower() not in replaced}


@functools.cache
def _own_headers(*, with_body: bool) -> Mapping[str, str]:
    headers = {
        "accept": "application/json",
        "accept-encoding": ACCEPTED,
        "user-agent": user_agent(),
    }
    if with_body:
        headers["content-type"] = "application/json"
    return headers


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _body_of(response: httpx.Response, max_bytes: int | None) -> Body:
    """Return the collector of the body; one that was read already was decoded then."""
    encoding = "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
    return Body(encoding, max_bytes)


def _read(response: httpx.Response, content: bytes, problem: str = "") -> Response[None]:
    headers = response.headers
    request_id = headers.get("request-id") or None
    return Response(None, response.status_code, headers, content, request_id, body_problem=problem)


def _end(within: float | None, monotonic: Callable[[], float]) -> float | None:
    return None if within is None else monotonic() + within


def _check_end(ends: float | None, monotonic: Callable[[], float]) -> None:
    """End a body that trickles in: each part of it is in time, all of them together are not."""
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


def failure_from(error: httpx.RequestError | httpx.InvalidURL) -> Failure:
    """Reduce an error of httpx to what matters; the error itself holds the request."""
    untrusted = _is_untrusted(error)
    return Failure(
        f"{type(error).__name__}: {error}".removesuffix(": "),
        timed_out=isinstance(error, httpx.TimeoutException),
        sent=not isinstance(error, _NOT_SENT),
        permanent=isinstance(error, _PERMANENT) or untrusted,
        untrusted=untrusted,
    )


def _is_untrusted(error: BaseException) -> bool:
    """Return whether the server's certificate was rejected: the next one will be the same."""
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return True
        link = link.__cause__ or link.__context__
    return False


# Connections with a deadline


class _Limits(typing.TypedDict):
    """Arguments of the connection pools."""

    max_connections: int
    max_keepalive_connections: int
    keepalive_expiry: float


LATE: typing.Final = "the deadline of the call has passed"
"""Text of a timeout that the deadline caused."""

# Many servers close a connection that was idle for five seconds, the limit of httpx, too. A request
# that meets the end of its connection is lost, with its share of the quota, and a POST may have been
# applied. So the client closes idle connections a second earlier.
_LIMITS: _Limits = {
    "max_connections": 100,
    "max_keepalive_connections": 20,
    "keepalive_expiry": 4.0,
}
# Bytes that are written under one timeout: so few that the system takes all of them or none.
_PIECE = 4096
_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    httpcore.ConnectError: httpx.ConnectError,
    httpcore.ConnectTimeout: httpx.ConnectTimeout,
    httpcore.LocalProtocolError: httpx.LocalProtocolError,
    httpcore.PoolTimeout: httpx.PoolTimeout,
    httpcore.ProxyError: httpx.ProxyError,
    httpcore.ReadError: httpx.ReadError,
    httpcore.ReadTimeout: httpx.ReadTimeout,
    httpcore.RemoteProtocolError: httpx.RemoteProtocolError,
    httpcore.UnsupportedProtocol: httpx.UnsupportedProtocol,
    httpcore.WriteError: httpx.WriteError,
    httpcore.WriteTimeout: httpx.WriteTimeout,
}
_FAILURES = tuple(_ERRORS)

# Of the thread or the task in which httpcore carries the request out.
_ends: contextvars.ContextVar[float | None] = contextvars.ContextVar("deadline", default=None)


class Deadline:
    """End of the request of this thread or task."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic

    def begin(self, within: float | None) -> contextvars.Token[float | None]:
        """Begin a request that has ``within`` seconds; give the token to ``end`` afterwards."""
        return _ends.set(None if within is None else self._monotonic() + within)

    def end(self, begun: contextvars.Token[float | None]) -> None:
        """End the request."""
        with contextlib.suppress(ValueError):
            # A task that was dropped is cleaned up in another context, where nothing was set.
            _ends.reset(begun)

    def cap(self, timeout: float | None, late: type[Exception]) -> float | None:
        """Return ``timeout``, or what is left of the request where that is less."""
        ends = _ends.get()
        if ends is None:
            return timeout
        left = ends - self._monotonic()
        if left <= 0:
            raise late(LATE)
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """Connection whose waits all end with the deadline.

    httpcore applies a timeout to each operation of the socket, so a server that sends a byte now
    and then would keep a call open for ever.
    """

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cap(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for begin in range(0, len(buffer), _PIECE):
            left = self._deadline.cap(timeout, httpcore.WriteTimeout)
            self._inner.write(buffer[begin : begin + _PIECE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        # TLS within TLS, through a proxy by https, has httpcore read in a loop of its own: there
        # the deadline is checked between two reads only.
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    """Network backend whose waits all end with the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in _addresses(host, port):
            # One by one: httpcore would give each of them the whole timeout.
            left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")


class _AsyncStream(httpcore.AsyncNetworkStream):
    """The same for asyncio, where the timeouts of httpcore limit a whole operation."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._inner.read(max_bytes, self._deadline.cap(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, self._deadline.cap(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        inner = await self._inner.start_tls(ssl_context, server_hostname, left)
        return _AsyncStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _AsyncNetwork(httpcore.AsyncNetworkBackend):
    """The same for asyncio."""

    def __init__(self, deadline: Deadline) -> None:
        # httpcore has a placeholder of this name, for where anyio is missing; httpx brings it.
        self._inner = typing.cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self._deadline = deadline

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        inner = await self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return _AsyncStream(inner, self._deadline)


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host; the duration of the lookup cannot be limited."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(address[0]) for *_, address in found]


class _Transport(httpx.BaseTransport):
    """Transport whose waits all end with the deadline, which httpx.HTTPTransport has no option for."""

    def __init__(self, connection: Connection[typing.Any, typing.Any], deadline: Deadline) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context(connection),
            _core_proxy(proxy_of(connection)),
            network_backend=_Network(deadline),
            **_LIMITS,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._pool.handle_request(_core_request(request))
        except _FAILURES as error:
            raise _ERRORS[type(error)](str(error)) from error
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def close(self) -> None:
        self._pool.close()


class _AsyncTransport(httpx.AsyncBaseTransport):
    """The same for asyncio."""

    def __init__(self, connection: Connection[typing.Any, typing.Any], deadline: Deadline) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context(connection),
            _core_proxy(proxy_of(connection)),
            network_backend=_AsyncNetwork(deadline),
            **_LIMITS,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._pool.handle_async_request(_core_request(request))
        except _FAILURES as error:
            raise _ERRORS[type(error)](str(error)) from error
        return httpx.Response(
            response.status, headers=response.headers, stream=_AsyncBody(response)
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.SyncByteStream):
    """Body of a response as it comes from the network."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._response.iter_stream()
        except _FAILURES as error:
            raise _ERRORS[type(error)](str(error)) from error

    def close(self) -> None:
        self._response.close()


class _AsyncBody(httpx.AsyncByteStream):
    """The same for asyncio."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._response.aiter_stream():
                yield part
        except _FAILURES as error:
            raise _ERRORS[type(error)](str(error)) from error

    async def aclose(self) -> None:
        await self._response.aclose()


def _core_request(request: httpx.Request) -> httpcore.Request:
    return httpcore.Request(
        request.method,
        _core_url(request.url),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _core_url(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _core_proxy(proxy: httpx.Proxy | None) -> httpcore.Proxy | None:
    if proxy is None:
        return None
    return httpcore.Proxy(
        _core_url(proxy.url), proxy.raw_auth, proxy.headers.raw, proxy.ssl_context
    )
