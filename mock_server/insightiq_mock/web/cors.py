"""Letting pages of other origins read answers (CORS), errors included.

The real API is called by servers alone; a mock is also called by a front end under development. So
pages served from this machine may, unless told otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from insightiq_mock.context import Response
from insightiq_mock.web.hosts import is_loopback_host, origin_host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LOOPBACK", "Cors"]

LOOPBACK: Literal["loopback"] = "loopback"

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_EXPOSED = (
    b"request-id, retry-after, date, www-authenticate, allow, preference-applied, mock-source"
)
_SECONDS = "600"


class Cors:
    """Decides which origins may read answers.

    Args:
        origins: The origins, written like ``https://app.example.com``; ``loopback`` stands for all
            of this machine, ``*`` for all there are, an empty list for none.
    """

    def __init__(self, origins: Sequence[str] = (LOOPBACK,)) -> None:
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)

    def preflight(self, method: str, headers: Mapping[bytes, bytes]) -> Response | None:
        """Response the question that a browser asks before a call; None for other requests."""
        if method != "OPTIONS" or b"access-control-request-method" not in headers:
            return None
        if not self.permits(headers.get(b"origin", b"")):
            return None
        response = Response(
            204,
            headers=(
                ("access-control-allow-methods", _METHODS),
                ("access-control-max-age", _SECONDS),
            ),
        )
        asked = headers.get(b"access-control-request-headers")
        if asked:
            response = response.with_headers(
                ("access-control-allow-headers", asked.decode("latin-1"))
            )
        return response

    def headers(self, origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers that every answer to a page of ``origin`` carries."""
        if not self.permits(origin):
            # The next page to ask may get another answer.
            return ((b"vary", b"origin"),)
        return (
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", _EXPOSED),
            (b"vary", b"origin"),
        )

    def permits(self, origin: bytes) -> bool:
        """Tell whether pages of ``origin`` may read answers."""
        text = origin.decode("latin-1").lower()
        if text in self._origins or ("*" in self._origins and text):
            return True
        host = origin_host(text) if LOOPBACK in self._origins else None
        return host is not None and is_loopback_host(host)
