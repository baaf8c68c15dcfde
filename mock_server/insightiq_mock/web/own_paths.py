"""The server's own paths beside the API: documentation, the document, and what is mounted."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from insightiq_mock.context import Response
from insightiq_mock.web.docs_page import DOCS_PATH, DocsPage
from insightiq_mock.web.errors import method_not_allowed, nothing_at_root, unknown_path
from insightiq_mock.web.health import PREFIX, MockCorner
from insightiq_mock.web.published import JSON_PATH, YAML_PATH, PublishedDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import Scope

    from insightiq_mock.web.document import Document
    from insightiq_mock.web.published import Examples

__all__ = ["Offers", "OwnPaths"]

_ALLOWED = "GET, HEAD, OPTIONS"


@dataclasses.dataclass(frozen=True, slots=True)
class Offers:
    """What a server that only its own machine reaches gives to whoever reads its documentation.

    Attributes:
        examples: Example values of requests; see `PublishedDocument`.
        credentials: User name and password of HTTP Basic.
    """

    examples: Examples | None = None
    credentials: Callable[[], tuple[str, str]] | None = None


_NOTHING = Offers()


class OwnPaths:
    """Answers what stands neither in the document nor needs credentials.

    Args:
        document: What is published and shown.
        prefix: Begins all of these paths. Without one, the server's own corner and its root are
            among them.
        offers: What the documentation is filled in with.
    """

    def __init__(self, document: Document, prefix: str = "", offers: Offers = _NOTHING) -> None:
        self._corner = None if prefix else MockCorner(document)
        self._docs_path = prefix + DOCS_PATH
        self._document_paths = {prefix + path: path for path in (JSON_PATH, YAML_PATH)}
        self._beginnings = (
            *(() if prefix else (PREFIX,)),
            self._docs_path,
            *self._document_paths,
        )
        self._docs = DocsPage(document, prefix, offers.credentials)
        self._published = PublishedDocument(document, offers.examples)
        self._has_root = not prefix and all(each.path != "/" for each in document.operations)

    def response(
        self, method: str, path: str, headers: Mapping[bytes, bytes], scope: Scope
    ) -> Response | None:
        """Response one request; None where the path belongs to the API.

        Raises:
            ApiError: 404 or 405.
        """
        if not path.startswith(self._beginnings):
            return self._root(method, headers) if path == "/" and self._has_root else None
        if self._corner is not None and (path == PREFIX or path.startswith(f"{PREFIX}/")):
            return self._corner.response(method, path)
        if path in self._document_paths:
            written = self._document_paths[path]
            return _readable(method, path) or self._published.response(written, headers, scope)
        if path == self._docs_path or path.startswith(f"{self._docs_path}/"):
            found = self._docs.response(path)
            if found is None:
                raise unknown_path(path)
            return _readable(method, path) or found
        return None

    def _root(self, method: str, headers: Mapping[bytes, bytes]) -> Response | None:
        """Send browsers to the documentation, and tell others where it is."""
        if method not in ("GET", "HEAD"):
            return None
        if b"text/html" in headers.get(b"accept", b""):
            return Response(307, headers=(("location", self._docs_path), ("vary", "accept")))
        raise nothing_at_root(self._docs_path, *self._document_paths)


def _readable(method: str, path: str) -> Response | None:
    if method == "OPTIONS":
        return Response(204, headers=(("allow", _ALLOWED),))
    if method not in ("GET", "HEAD"):
        raise method_not_allowed(method, path, _ALLOWED)
    return None
