"""Identifiers as callers write them."""

from __future__ import annotations

import re
import typing
import uuid

__all__ = ["canonical_id"]

_ID: typing.Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.ASCII | re.IGNORECASE
)
_CANONICAL_LENGTH: typing.Final = 36


def canonical_id(text: str) -> str:
    """Return an id in the wire's own spelling: with hyphens, in lower case (evidence.md#values).

    Text that is no id comes back as it is: a filter may also ask for a name.
    """
    if not _ID.fullmatch(text):
        return text
    return text.lower() if len(text) == _CANONICAL_LENGTH else str(uuid.UUID(text))
