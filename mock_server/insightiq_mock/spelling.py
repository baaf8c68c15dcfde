"""Suggestions for misspelt names."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closest"]


def closest(wrong: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known name that was probably meant, whatever its case; None if none is close."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wrong.casefold(), names, n=1, cutoff=cutoff)
    return names[close[0]] if close else None
