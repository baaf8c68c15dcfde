"""Hosts, page origins and CORS: which names the server has, and which pages may use it.

A browser lets every page send requests to this machine. A page of another origin says so in
``Origin``. After DNS rebinding the page's own name leads here, and only ``Host`` shows it. The
credentials of the default developer are published, so they protect nothing.

The real API is called by servers only; a mock is also called by front ends under development. So
pages served from this machine may read responses by default (CORS), errors included.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final, Literal

from insightiq_mock.context import Response
from insightiq_mock.errors import foreign_host, foreign_page, malformed_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "ANY_HOST",
    "LOOPBACK",
    "Cors",
    "HostRule",
    "is_loopback_host",
    "origin_host",
    "read_host",
]

ANY_HOST: Final = "*"
LOOPBACK: Literal["loopback"] = "loopback"

_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<address>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)"
    r"(?::(?P<port>\d{0,5}))?",
    re.ASCII,
)
_HIGHEST_PORT: Final = 65535
_LONGEST_AUTHORITY: Final = 300
_MOST_REMEMBERED: Final = 256

_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_EXPOSED: Final = (
    b"request-id, retry-after, date, www-authenticate, allow, preference-applied, mock-source"
)
_PREFLIGHT_SECONDS: Final = "600"


def read_host(authority: str) -> str | None:
    """Return the host of ``host`` or ``host:port`` in one spelling; None where it is malformed.

    Names are in lower case without a trailing dot; addresses are as `ipaddress` writes them, and
    without the IPv6 around an IPv4 address.
    """
    if len(authority) > _LONGEST_AUTHORITY:
        return None
    found = _AUTHORITY.fullmatch(authority.lower())
    if found is None or int(found["port"] or 0) > _HIGHEST_PORT:
        return None
    if found["name"] is not None:
        return found["name"]
    try:
        address = ipaddress.IPv6Address(found["address"])
    except ValueError:
        return None
    return str(address.ipv4_mapped or address)


def is_loopback_host(host: str) -> bool:
    """Return whether a host, as `read_host` returns it, is certainly this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


class HostRule:
    """Rejects requests by ``Host`` and ``Origin``.

    Args:
        names: Names of the server beside ``localhost``, names below it, and loopback addresses;
            ``*`` for every host.
        any_address: Whether every IP address is one of its names: a server that others reach has
            some, and a page cannot be pointed elsewhere under the name of an address.
    """

    def __init__(self, names: Iterable[str] = (), *, any_address: bool = False) -> None:
        self._names = frozenset(name.lower() for name in names)
        self._any_address = any_address
        self._accepted: set[bytes] = set()

    def check_host(self, headers: Mapping[bytes, bytes]) -> None:
        """Reject a request that was sent to another name.

        Raises:
            ApiError: 403; or 400 where the header is malformed.
        """
        written = headers.get(b"host")
        if written is None or written in self._accepted:
            # HTTP/1.0 has no such header; a browser always sends it.
            return
        text = written.decode("latin-1")
        host = read_host(text)
        if host is None:
            raise malformed_host(text)
        if not self._is_own(host):
            raise foreign_host(host)
        if len(self._accepted) >= _MOST_REMEMBERED:
            self._accepted.clear()
        self._accepted.add(written)

    def check_page(self, headers: Mapping[bytes, bytes]) -> None:
        """Reject a request of a web page that is neither of this machine nor of this server.

        Raises:
            ApiError: 403, with its origin.
        """
        if b"origin" not in headers:
            return
        origin = headers[b"origin"].decode("latin-1")
        host = origin_host(origin)
        if host is not None:
            own = headers.get(b"host", b"").decode("latin-1").lower()
            if is_loopback_host(host) or origin.lower().partition("://")[2] == own:
                return
        raise foreign_page(origin)

    def _is_own(self, host: str) -> bool:
        if host in self._names or ANY_HOST in self._names or is_loopback_host(host):
            return True
        return self._any_address and _address(host) is not None


class Cors:
    """Lets pages of other origins read responses.

    Args:
        origins: The origins, written like ``https://app.example.com``; ``loopback`` stands for all
            of this machine, ``*`` for all there are, an empty list for none.
    """

    def __init__(self, origins: Sequence[str] = (LOOPBACK,)) -> None:
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    def preflight(self, method: str, headers: Mapping[bytes, bytes]) -> Response | None:
        """Return the response to a preflight request; None for other requests."""
        if method != "OPTIONS" or b"access-control-request-method" not in headers:
            return None
        if not self.permits(headers.get(b"origin", b"")):
            return None
        response = Response(
            204,
            headers=(
                ("access-control-allow-methods", _METHODS),
                ("access-control-max-age", _PREFLIGHT_SECONDS),
            ),
        )
        asked = headers.get(b"access-control-request-headers")
        if asked:
            allowed = ("access-control-allow-headers", asked.decode("latin-1"))
            response = response.with_headers(allowed)
        return response

    def headers(self, origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers of every response to a page of ``origin``."""
        if not self.permits(origin):
            # A cache must not hand this response to a page that is permitted.
            return ((b"vary", b"origin"),)
        return (
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED),
            (b"vary", b"origin"),
        )

    def permits(self, origin: bytes) -> bool:
        """Return whether pages of ``origin`` may read responses."""
        text = origin.decode("latin-1").lower()
        if text in self._origins or ("*" in self._origins and text):
            return True
        host = origin_host(text) if LOOPBACK in self._origins else None
        return host is not None and is_loopback_host(host)


def origin_host(origin: str) -> str | None:
    """Return the host of a web page's origin; None where it is malformed."""
    scheme, _, authority = origin.lower().partition("://")
    return read_host(authority) if scheme in ("http", "https") else None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
