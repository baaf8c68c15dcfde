"""The error of everything that reads a document."""

from __future__ import annotations

__all__ = ["DocumentError"]


class DocumentError(Exception):
    """The document cannot be read or used; the message says where and what to do."""
