"""The version of the installed distribution."""

from __future__ import annotations

import functools

__all__ = ["version"]


@functools.cache
def version() -> str:
    """Return the version that the installed metadata states, or ``0+unknown`` without one."""
    import importlib.metadata  # noqa: PLC0415 - slow to import, and seldom needed

    try:
        return importlib.metadata.version("insightiq-toolkit")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"
