"""The one module of this package that knows the HTTP library.

It works on the library's transport rather than on its client: no cookie of one receiver reaches
another, no redirect is followed, no proxy of the environment is used, and responses are not decompressed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import typing

import httpx

from insightiq_mock.db.deliveries import Headers, Verdict

from .addresses import ForbiddenAddressError
from .sender import Outcome

if typing.TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .addresses import AddressGuard

__all__ = ["HttpxSender"]

# Limits of the logged response; the rest is not even read.
_MOST_BODY: typing.Final = 16 * 1024
_MOST_HEADERS: typing.Final = 100
_MOST_HEADER: typing.Final = 1024

_PORTS: typing.Final = {"http": 80, "https": 443}
_HIGHEST_PORT: typing.Final = 65535

_REDIRECTS: typing.Final = frozenset({301, 302, 303, 307, 308})


class HttpxSender:
    """Posts over the network.

    Every attempt has its own connection: a kept one may be closed by the receiver just when it is
    used again, and the attempt would fail unseen. So one sender serves any number of event loops.

    Args:
        guard: Where it may connect to.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None))

    async def send(self, url: str, headers: Headers, body: bytes, *, seconds: float) -> Outcome:
        """Post ``body`` to ``url``; never takes longer than ``seconds``, never raises."""
        seen = _Seen()
        try:
            async with asyncio.timeout(seconds):
                await self._post(url, headers, body, seen)
        except TimeoutError:
            return seen.failure(Verdict.TIMED_OUT, f"No complete response within {seconds:g} s.")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            return seen.failure(Verdict.UNUSABLE_URL, f"Nothing can be posted to {url!r}: {error}")
        except ForbiddenAddressError as error:
            return seen.failure(Verdict.FORBIDDEN_ADDRESS, str(error))
        except httpx.RemoteProtocolError as error:
            return seen.failure(_verdict_on_breach(error), str(error))
        except (httpx.TransportError, OSError) as error:
            return seen.failure(Verdict.CONNECTION_FAILED, f"{error or type(error).__name__}")
        return seen.judge()

    async def _post(self, url: str, headers: Headers, body: bytes, seen: _Seen) -> None:
        target = _target(url)
        host = target.raw_host.decode("ascii")
        port = _PORTS[target.scheme] if target.port is None else target.port
        self._guard.check_name(host, port)
        path = target.raw_path.partition(b"?")[0].decode("ascii")
        addresses = await _addresses(host, port)
        for address in addresses:
            self._guard.check(host, port, address, path)
        *others, last = addresses
        for address in others:
            with contextlib.suppress(httpx.ConnectError):
                return await self._exchange(_request(target, address, headers, body), seen)
        return await self._exchange(_request(target, last, headers, body), seen)

    async def _exchange(self, request: httpx.Request, seen: _Seen) -> None:
        seen.request = request
        seen.response = await self._transport.handle_async_request(request)
        try:
            await seen.read(seen.response)
        finally:
            await seen.response.aclose()


class _Seen:
    """The request and the response so far, for the log: also when the attempt fails."""

    def __init__(self) -> None:
        self.request: httpx.Request | None = None
        self.response: httpx.Response | None = None
        self._body = bytearray()

    async def read(self, response: httpx.Response) -> None:
        """Read the beginning of a response body, without decompressing it."""
        async for chunk in typing.cast("AsyncIterator[bytes]", response.stream):
            self._body += chunk
            if len(self._body) >= _MOST_BODY:
                del self._body[_MOST_BODY:]
                return

    def judge(self) -> Outcome:
        """Judge a complete response by its status."""
        response = self.response
        if response is None:
            msg = "a request ends with a response or with an error"
            raise AssertionError(msg)
        if response.is_success:
            return self._outcome(Verdict.DELIVERED, None)
        if response.status_code in _REDIRECTS:
            return self._outcome(Verdict.REDIRECTED, "Redirects are not followed.")
        return self._outcome(Verdict.REJECTED, f"The response was {response.status_code}.")

    def failure(self, verdict: Verdict, detail: str) -> Outcome:
        """Judge an exchange that came to no good end."""
        return self._outcome(verdict, detail)

    def _outcome(self, verdict: Verdict, detail: str | None) -> Outcome:
        request, response = self.request, self.response
        return Outcome(
            verdict,
            detail,
            status=None if response is None else response.status_code,
            request_headers=() if request is None else _headers(request.headers),
            response_headers=() if response is None else _headers(response.headers),
            response_body=bytes(self._body),
        )


def _target(url: str) -> httpx.URL:
    target = httpx.URL(url)
    if target.scheme not in _PORTS or not target.raw_host:
        msg = "It does not start with http:// or https:// and a host."
        raise httpx.InvalidURL(msg)
    if target.port is not None and target.port > _HIGHEST_PORT:
        msg = f"There is no port {target.port}."
        raise httpx.InvalidURL(msg)
    return target


def _request(target: httpx.URL, address: str, headers: Headers, body: bytes) -> httpx.Request:
    """Make the request to one address of the host that ``target`` names.

    The receiver sees the name, in the Host header and, with TLS, in the handshake; so does the check
    of its certificate.
    """
    return httpx.Request(
        "POST",
        target.copy_with(host=address),
        headers=[
            ("host", target.netloc.decode("ascii")),
            ("content-length", str(len(body))),
            ("connection", "close"),
            *headers,
        ],
        content=body,
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )


async def _addresses(host: str, port: int) -> list[str]:
    """Look a host up; the order is the system's."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    if host.endswith(".localhost"):
        # All of them are this machine (RFC 6761), but not every system knows it without asking.
        host = "localhost"
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        # Parts of a name that are empty or too long never get as far as a name server.
        msg = f"{host!r} is no name of a host."
        raise httpx.InvalidURL(msg) from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _verdict_on_breach(error: httpx.RemoteProtocolError) -> Verdict:
    # httpx has no own type for a receiver that hangs up before it responds.
    hung_up = str(error).startswith("Server disconnected")
    return Verdict.CONNECTION_FAILED if hung_up else Verdict.INVALID_RESPONSE


def _headers(headers: httpx.Headers) -> Headers:
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
    return tuple((name, value[:_MOST_HEADER]) for name, value in pairs)[:_MOST_HEADERS]
