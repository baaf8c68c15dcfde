"""Keeping web pages out of a control API that asks for no token.

Every page that a browser shows may send requests to this machine. One of another origin says so in
``Origin``; one whose host name was pointed at this machine (DNS rebinding) gives itself away in
``Host``. Programs send neither, or the truth.
"""

from __future__ import annotations

import ipaddress
import typing
from urllib.parse import urlsplit

from insightiq_mock.control.refusals import foreign_caller

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_caller"]

_PAGES: typing.Final = "Pages of other origins"
_ALIASES: typing.Final = "Callers who name this machine otherwise than localhost"


def check_caller(headers: Mapping[bytes, bytes]) -> None:
    """Refuse a call that comes from a foreign page.

    Raises:
        ApiError: 403, it does.
    """
    origin = headers.get(b"origin")
    if origin is not None and not _is_local(urlsplit(origin.decode("latin-1")).hostname):
        raise foreign_caller(_PAGES)
    host = headers.get(b"host", b"localhost").decode("latin-1")
    if not _is_local(urlsplit(f"//{host}").hostname):
        raise foreign_caller(_ALIASES)


def _is_local(host: str | None) -> bool:
    if not host:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        # No public domain is a single word, so none can be pointed here.
        return "." not in host or host.rstrip(".").endswith(".localhost")
