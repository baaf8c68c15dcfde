"""Picking up a changed document while the server runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from insightiq_mock.web.document import DocumentError, load_document

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

    from insightiq_mock.web.document import Document

__all__ = ["DocumentWatch"]

_SECONDS_BETWEEN_LOOKS = 0.5

_LOG = logging.getLogger("insightiq_mock")

_Fingerprint = tuple[int, int, int]


class DocumentWatch:
    """Serves the document of a file again whenever the file has changed.

    A document that cannot be served changes nothing; the log says what is wrong with it.

    Args:
        path: The file.
        serve: Begins to serve a document.
    """

    def __init__(self, path: pathlib.Path, serve: Callable[[Document], None]) -> None:
        self._path = path
        self._serve = serve
        self._seen = self._fingerprint()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            await self.look()

    async def look(self) -> bool:
        """Look once; tell whether another document is served now."""
        fingerprint = self._fingerprint()
        if fingerprint == self._seen:
            return False
        self._seen = fingerprint
        try:
            # Reading takes a moment; requests need not wait for it.
            document = await asyncio.to_thread(load_document, self._path)
            self._serve(document)
        except DocumentError as error:
            _LOG.error("the changed document is not served, the one before still is: %s", error)
            return False
        _LOG.info("serving the changed document %s, version %s", self._path, document.version)
        return True

    def _fingerprint(self) -> _Fingerprint | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        # Editors replace files: another one of the same age and length is still another one.
        return status.st_mtime_ns, status.st_size, status.st_ino
