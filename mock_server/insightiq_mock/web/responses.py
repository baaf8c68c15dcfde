"""The document's response objects: which one speaks for a status, and which one means success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from insightiq_mock.web.document import Document, DocumentError, Operation

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["documented_response", "success_response"]


def documented_response(
    document: Document, operation: Operation, status: int
) -> Mapping[str, Any] | None:
    """Return what ``operation`` documents for ``status``: exactly, as a range, or by default."""
    responses = operation.data["responses"]
    for key in (str(status), f"{status // 100}XX", "default"):
        if key in responses:
            response: Mapping[str, Any] = document.resolve(responses[key])
            return response
    return None


def success_response(document: Document, operation: Operation) -> tuple[int, Mapping[str, Any]]:
    """Return status and response of the success that ``operation`` documents first.

    Raises:
        DocumentError: It documents none.
    """
    responses = operation.data["responses"]
    for key in sorted(responses):
        if key.startswith("2"):
            return int(key.replace("XX", "00")), document.resolve(responses[key])
    if "default" in responses:
        return 200, document.resolve(responses["default"])
    msg = f"{document.source}: {operation.id} documents no success; give it a 2xx response."
    raise DocumentError(msg)
