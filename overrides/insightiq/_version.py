"""The version of the installed distribution."""

from __future__ import annotations

import functools

__all__ = ["version"]


@functools.cache
def version() -> str:
    """Return the version that the installed metadata states, or ``0+unknown`` without one."""
    # Slow to import, and needed only when the first request is made or someone asks.
    import importlib.metadata  # noqa: PLC0415

    try:
        return importlib.metadata.version("insightiq-toolkit")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"
