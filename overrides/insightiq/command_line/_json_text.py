"""Values as JSON that every reader takes."""

from __future__ import annotations

import json
import math
import typing
import warnings

__all__ = ["json_text"]


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return a value as JSON; NaN and infinities, which JSON does not have, become null."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    except ValueError:
        warnings.warn(
            "the server sent NaN or Infinity, which JSON does not have; null is written instead",
            stacklevel=2,
        )
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(value: object) -> object:
    if isinstance(value, dict):
        items = typing.cast("dict[str, object]", value)
        return {key: _finite(inner) for key, inner in items.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in typing.cast("list[object]", value)]
    return None if isinstance(value, float) and not math.isfinite(value) else value
