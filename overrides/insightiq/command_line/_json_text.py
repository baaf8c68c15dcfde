"""Values as JSON that every reader takes."""

from __future__ import annotations

import json
import math
import typing
import warnings

from insightiq.errors import InsightIQError

__all__ = ["json_text", "too_deep"]


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON; NaN and infinities, which JSON does not have, become null.

    Raises:
        InsightIQError: The value is nested deeper than Python's writer goes.
    """
    try:
        return _written(value, indent)
    except RecursionError:
        raise too_deep() from None


def too_deep() -> InsightIQError:
    """Return the error for a value that Python reads, and cannot walk through."""
    msg = "the server sent a value that is nested too deeply to be written."
    return InsightIQError(msg)


def _written(value: object, indent: int | None) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    except ValueError:
        warnings.warn(
            "the server sent NaN or Infinity, which JSON does not have; null is written instead",
            stacklevel=3,
        )
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        items = typing.cast("dict[str, object]", value)
        return {key: _finite(inner) for key, inner in items.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in typing.cast("list[object]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value
