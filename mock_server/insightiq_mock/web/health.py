"""``/_mock``: the server's own corner, outside the document and without credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from insightiq_mock.context import Response, json_response
from insightiq_mock.version import package_version
from insightiq_mock.web.errors import method_not_allowed, unknown_path

if TYPE_CHECKING:
    from insightiq_mock.web.document import Document

__all__ = ["PREFIX", "MockCorner"]

PREFIX = "/_mock"

_HEALTH = f"{PREFIX}/health"
_ALLOWED = "GET, HEAD, OPTIONS"


class MockCorner:
    """Answers requests below ``/_mock``."""

    def __init__(self, document: Document) -> None:
        self._health = orjson.dumps(
            {
                "status": "ok",
                "version": package_version(),
                "document_version": document.version,
                "operations": len(document.operations),
            }
        )

    def response(self, method: str, path: str) -> Response:
        """Response one request.

        Raises:
            ApiError: 404 or 405.
        """
        if path != _HEALTH:
            raise unknown_path(path)
        if method == "OPTIONS":
            return Response(204, headers=(("allow", _ALLOWED),))
        if method not in ("GET", "HEAD"):
            raise method_not_allowed(method, path, _ALLOWED)
        return json_response(200, self._health)
