"""Telling JSON values apart in a way that type checkers follow."""

from __future__ import annotations

from typing import Any, TypeGuard

__all__ = ["is_array", "is_object"]


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a parsed ``value`` is a JSON object; its keys are text by construction."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a parsed ``value`` is a JSON array."""
    return isinstance(value, list)
