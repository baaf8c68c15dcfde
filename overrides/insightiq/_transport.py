"""Connections of our own HTTP clients: their deadline, their proxy, their certificates."""

from __future__ import annotations

import contextlib
import contextvars
import importlib.util
import ipaddress
import socket
import typing
import urllib.parse
import urllib.request

import httpcore
import httpx

from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from insightiq._connection import Connection

__all__ = ["LATE", "Deadline", "async_transport", "sync_transport"]


class _Limits(typing.TypedDict):
    """Arguments of the library's pools."""

    max_connections: int
    max_keepalive_connections: int
    keepalive_expiry: float


LATE: typing.Final = "the deadline of the call has passed"
"""Why a wait ends that no timeout of its own ended."""

# Many servers close a connection that was idle for five seconds, the library's own limit, too. A
# request that meets the end of its connection is lost, with its share of the quota; nobody knows
# of a POST whether it was applied. So ours end before, by more than any response is under way.
_LIMITS: _Limits = {
    "max_connections": 100,
    "max_keepalive_connections": 20,
    "keepalive_expiry": 4.0,
}
# Bytes that are written under one timeout: so few that the system takes them at once or not at all.
_PIECE = 4096
_PORTS = {"http": 80, "https": 443}
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

# Of the thread or the task: the library does in it whatever a request needs.
_ends: contextvars.ContextVar[float | None] = contextvars.ContextVar("deadline", default=None)


def sync_transport(
    connection: Connection[typing.Any, typing.Any], deadline: Deadline
) -> httpx.BaseTransport:
    """Return a transport for threads, of which every wait ends with the ``deadline``.

    Raises:
        ConfigurationError: Proxy or certificates are not usable.
    """
    return _Transport(_ssl_context(connection), _proxy(connection), deadline)


def async_transport(
    connection: Connection[typing.Any, typing.Any], deadline: Deadline
) -> httpx.AsyncBaseTransport:
    """Return a transport for asyncio, of which every wait ends with the ``deadline``.

    Raises:
        ConfigurationError: Proxy or certificates are not usable.
    """
    return _AsyncTransport(_ssl_context(connection), _proxy(connection), deadline)


class Deadline:
    """The moment at which the request of the present thread or task has to end.

    Args:
        monotonic: Tells the time.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic

    def begin(self, within: float | None) -> contextvars.Token[float | None]:
        """Begin a request that has ``within`` seconds; give the outcome to ``end`` behind it."""
        return _ends.set(None if within is None else self._monotonic() + within)

    def end(self, begun: contextvars.Token[float | None]) -> None:
        """End the request."""
        with contextlib.suppress(ValueError):
            # A task that was dropped is cleaned up in another context, where nothing was set.
            _ends.reset(begun)

    def cap(self, timeout: float | None, late: type[Exception]) -> float | None:
        """Return ``timeout``, or what is left of the request where that is less.

        Raises:
            Exception: Nothing is left; it is of the class ``late``.
        """
        ends = _ends.get()
        if ends is None:
            return timeout
        left = ends - self._monotonic()
        if left <= 0:
            raise late(LATE)
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection of which every wait ends with the deadline.

    The library applies a timeout to each operation of the socket, so a server that sends a byte now
    and then would hold a call for ever.
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
        # TLS within TLS, through a proxy by https, has the library read in a loop of its own: there
        # the deadline is looked at between two reads only.
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:  # noqa: ANN401 - as in the library
        return self._inner.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    """Opens connections of which every wait ends with the deadline."""

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
            # One by one: the library would give each of them the whole timeout.
            left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")


class _AsyncStream(httpcore.AsyncNetworkStream):
    """The same for asyncio, where the library's timeouts are for the whole of an operation."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - the library's
        return await self._inner.read(max_bytes, self._deadline.cap(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the library's
        await self._inner.write(buffer, self._deadline.cap(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        inner = await self._inner.start_tls(ssl_context, server_hostname, left)
        return _AsyncStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:  # noqa: ANN401 - as in the library
        return self._inner.get_extra_info(info)


class _AsyncNetwork(httpcore.AsyncNetworkBackend):
    """The same for asyncio."""

    def __init__(self, deadline: Deadline) -> None:
        # The library has a stand-in of this name, for where anyio is missing; httpx brings it.
        self._inner = typing.cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self._deadline = deadline

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.cap(timeout, httpcore.ConnectTimeout)
        inner = await self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return _AsyncStream(inner, self._deadline)


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host; how long the system looks for them cannot be limited."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    return [str(address[0]) for *_, address in found]


class _Transport(httpx.BaseTransport):
    """As the library's own transport, but for the deadline, which that one has no place for."""

    def __init__(
        self, context: ssl.SSLContext, proxy: httpx.Proxy | None, deadline: Deadline
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            context, _core_proxy(proxy), network_backend=_Network(deadline), **_LIMITS
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

    def __init__(
        self, context: ssl.SSLContext, proxy: httpx.Proxy | None, deadline: Deadline
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            context, _core_proxy(proxy), network_backend=_AsyncNetwork(deadline), **_LIMITS
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
    """The body of a response, as it comes from the network."""

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


# What the environment says


def _ssl_context(connection: Connection[typing.Any, typing.Any]) -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context(verify=connection.verify)
    except (OSError, ValueError) as error:
        # With an SSL context or False given, nothing is read that could be missing.
        said = _one_line(error)
        msg = f"SSL_CERT_FILE or SSL_CERT_DIR names no usable certificates: {said}."
    raise ConfigurationError(msg)


def _proxy(connection: Connection[typing.Any, typing.Any]) -> httpx.Proxy | None:
    """Return the proxy of the arguments, or else of the environment.

    A proxy of the environment is elsewhere and cannot reach a server on this machine.
    """
    source, address = "proxy", connection.proxy_address
    if address is None and not connection.direct:
        source, address = _proxy_of_environment(connection.base_url)
    if address is None:
        return None
    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL) as error:
        # The library hides a proxy's password in what it says.
        msg = f"{source} is not the address of a proxy: {_one_line(error)}."
    else:
        if not proxy.url.scheme.startswith("socks") or importlib.util.find_spec("socksio"):
            return proxy
        msg = f"{source} names a SOCKS proxy, which needs a package: pip install 'httpx[socks]'."
    raise ConfigurationError(msg)


def _proxy_of_environment(base_url: str) -> tuple[str, str | None]:
    """Return the variable that names a proxy for ``base_url``, and the proxy's address or None."""
    proxies = urllib.request.getproxies()
    url = urllib.parse.urlsplit(base_url)
    name = url.scheme if proxies.get(url.scheme) else "all"
    variable, address = f"{name.upper()}_PROXY", proxies.get(name)
    exceptions = proxies.get("no", "").lower().split(",")
    if not address or any(_exempts(entry.strip(), url) for entry in exceptions):
        return variable, None
    return variable, address if "://" in address else f"http://{address}"


def _exempts(entry: str, url: urllib.parse.SplitResult) -> bool:
    """Tell whether an entry of NO_PROXY holds for ``url``; one that makes no sense does not.

    Entries are ``*``, names (``example.com`` with all below it, ``.example.com`` and
    ``*.example.com`` without it itself), addresses, and nets (``10.0.0.0/8``, ``fd00::/8``); a
    scheme may stand before (``https://``) and a port behind (``:8443``).
    """
    scheme, _, entry = entry.rpartition("://")
    if scheme not in {"", "all", url.scheme}:
        return False
    rest, colon, port = entry.rpartition(":")
    if colon and port.isdecimal() and (rest.endswith("]") or ":" not in rest):
        if port != str(url.port or _PORTS[url.scheme]):
            return False
        entry = rest
    host = (url.hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        name = entry.rstrip(".").removeprefix("*")
    if not name:
        return entry == "*"
    return host == name or host.endswith(name if name.startswith(".") else f".{name}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
