"""Identifiers as callers write them."""

from __future__ import annotations

import re
import typing
import uuid

__all__ = ["canonical_id"]

_CANONICAL: typing.Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def canonical_id(text: str) -> str:
    """Return an id in the wire's own spelling: lower case, with hyphens.

    Webhook examples of the vendor print ids without hyphens, so callers may send them back like
    that (facts A.7). Text that is no id comes back as it is and will simply not be found.
    """
    if _CANONICAL.fullmatch(text):
        return text
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text
