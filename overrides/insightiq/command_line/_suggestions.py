"""Guessing what a misspelt word was meant to be."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean"]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question to set behind a complaint; empty where nothing is near."""
    import difflib

    folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=2, cutoff=0.65)
    return f" Did you mean {' or '.join(folded[each] for each in close)}?" if close else ""
