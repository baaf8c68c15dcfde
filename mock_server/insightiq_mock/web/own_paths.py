"""The server's own paths beside the API: documentation, the document, and what is mounted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insightiq_mock.web.docs_page import DOCS_PATH, DocsPage
from insightiq_mock.web.errors import method_not_allowed, unknown_path
from insightiq_mock.web.exchange import Answer
from insightiq_mock.web.health import PREFIX, MockCorner
from insightiq_mock.web.published import JSON_PATH, YAML_PATH, PublishedDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.web.document import Document

__all__ = ["OwnPaths"]

_ALLOWED = "GET, HEAD, OPTIONS"


class OwnPaths:
    """Answers what stands neither in the document nor needs credentials.

    Args:
        document: What is published and shown.
        prefix: Begins all of these paths. Without one, the server's own corner is among them.
    """

    def __init__(self, document: Document, prefix: str = "") -> None:
        self._corner = None if prefix else MockCorner(document)
        self._docs_path = prefix + DOCS_PATH
        self._document_paths = {prefix + path: path for path in (JSON_PATH, YAML_PATH)}
        self._beginnings = (
            *(() if prefix else (PREFIX,)),
            self._docs_path,
            *self._document_paths,
        )
        self._docs = DocsPage(document, prefix)
        self._published = PublishedDocument(document)

    def answer(self, method: str, path: str, headers: Mapping[bytes, bytes]) -> Answer | None:
        """Answer one request; None where the path belongs to the API.

        Raises:
            ApiError: 404 or 405.
        """
        if not path.startswith(self._beginnings):
            return None
        if self._corner is not None and (path == PREFIX or path.startswith(f"{PREFIX}/")):
            return self._corner.answer(method, path)
        if path in self._document_paths:
            written = self._document_paths[path]
            return _readable(method, path) or self._published.answer(written, headers)
        if path == self._docs_path or path.startswith(f"{self._docs_path}/"):
            found = self._docs.answer(path)
            if found is None:
                raise unknown_path(path)
            return _readable(method, path) or found
        return None


def _readable(method: str, path: str) -> Answer | None:
    if method == "OPTIONS":
        return Answer(204, (("allow", _ALLOWED),))
    if method not in ("GET", "HEAD"):
        raise method_not_allowed(method, path, _ALLOWED)
    return None
