"""Which names the server answers to, and which web pages may change something on it.

A browser lets every page send requests to this machine. A page of another origin says so in
``Origin``. One whose own name was pointed at this machine (DNS rebinding) is its own origin then, and
only ``Host`` gives it away. The credentials of the default developer are published, so they keep
nobody out. Programs send no ``Origin``, and the name by which they were told to call.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from insightiq_mock.web.errors import foreign_host, foreign_page, malformed_host

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["ANY_HOST", "HostRule", "is_loopback_host", "origin_host", "read_host"]

ANY_HOST: Final = "*"

_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<address>[0-9a-f:.]{2,45})\]|(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?)"
    r"(?::(?P<port>\d{0,5}))?",
    re.ASCII,
)
_HIGHEST_PORT: Final = 65535
_LONGEST_AUTHORITY: Final = 300
_MOST_REMEMBERED: Final = 256


def read_host(authority: str) -> str | None:
    """Return the host of ``host`` or ``host:port`` in one spelling; None where it is neither.

    Names are in lower case without the dot at their end; addresses are as `ipaddress` writes them, and
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


def origin_host(origin: str) -> str | None:
    """Return the host of a web page's origin; None where it is no address of a page."""
    scheme, _, authority = origin.lower().partition("://")
    return read_host(authority) if scheme in ("http", "https") else None


def is_loopback_host(host: str) -> bool:
    """Tell whether a host, as `read_host` returns it, can be nothing but this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return address is not None and address.is_loopback


class HostRule:
    """Decides by ``Host`` and ``Origin`` whether a request is answered.

    Args:
        names: Hosts beside ``localhost``, names below it, and loopback addresses, that the server
            answers to; ``*`` for every host.
        any_address: Whether every IP address is answered to: a server that others reach has some.
            No page can be pointed elsewhere under the name of an address.
    """

    def __init__(self, names: Iterable[str] = (), *, any_address: bool = False) -> None:
        self._names = frozenset(name.lower() for name in names)
        self._any_address = any_address
        # Headers that were found right.
        self._known: set[bytes] = set()

    def check_host(self, headers: Mapping[bytes, bytes]) -> None:
        """Refuse a request that was sent to another name.

        Raises:
            ApiError: 403; or 400 where the header is no host.
        """
        written = headers.get(b"host")
        if written is None or written in self._known:
            # HTTP/1.0 knows no such header; a browser always sends it.
            return
        text = written.decode("latin-1")
        host = read_host(text)
        if host is None:
            raise malformed_host(text)
        if not self._answers_to(host):
            raise foreign_host(host)
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known.add(written)

    def check_page(self, headers: Mapping[bytes, bytes]) -> None:
        """Refuse a request of a web page that is neither of this machine nor of this server.

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

    def _answers_to(self, host: str) -> bool:
        if host in self._names or ANY_HOST in self._names or is_loopback_host(host):
            return True
        return self._any_address and _address(host) is not None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
