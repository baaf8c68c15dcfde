"""Warnings of operations and properties that the mock server lacks."""

from __future__ import annotations

import warnings
from collections.abc import Set as AbstractSet

__all__ = ["MockGapWarning", "warn_of_gap"]


class MockGapWarning(UserWarning):
    """The mock server serves part of the document by examples only, or not at all."""


def warn_of_gap(what: str, names: AbstractSet[str]) -> None:
    """Name parts of the document that the mock server lacks, if there are any."""
    if names:
        warnings.warn(f"{what}: {', '.join(sorted(names))}", MockGapWarning, stacklevel=2)
