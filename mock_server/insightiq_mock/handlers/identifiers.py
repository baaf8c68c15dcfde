"""Identifiers as callers write them."""

from __future__ import annotations

import re
import typing

__all__ = ["canonical_id"]

_ID: typing.Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)


def canonical_id(text: str) -> str:
    """Return an id in the wire's own spelling, lower case (facts A.7).

    Ids come with hyphens: the document's format refuses all others before a handler sees them.
    Text that is no id comes back as it is: a filter may also ask for a name.
    """
    return text.lower() if _ID.fullmatch(text) else text
