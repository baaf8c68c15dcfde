"""The version of the installed distribution."""

from __future__ import annotations

__all__ = ["package_version"]


def package_version() -> str:
    """Return the version of the installed distribution."""
    import importlib.metadata

    try:
        return importlib.metadata.version("insightiq-toolkit")
    except importlib.metadata.PackageNotFoundError:
        return "unknown (not installed)"
