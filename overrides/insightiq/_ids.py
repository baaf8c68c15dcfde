"""Ids: with hyphens in the API, with or without them in notifications."""

from __future__ import annotations

import re

__all__ = ["canonical_id", "same_id"]

_UUID = re.compile(
    r"([0-9a-f]{8})(-?)([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{4})\2([0-9a-f]{12})", re.IGNORECASE
)


def canonical_id(text: str) -> str:
    """Return ``text`` in the form of the API's responses: lower case, with hyphens.

    Other text, such as a platform's own id, is returned unchanged.
    """
    found = _UUID.fullmatch(text)
    if found is None:
        return text
    return "-".join(found.group(1, 3, 4, 5, 6)).lower()


def same_id(first: str, second: str) -> bool:
    """Return whether two ids name the same thing, whichever of them has hyphens."""
    return canonical_id(first) == canonical_id(second)
