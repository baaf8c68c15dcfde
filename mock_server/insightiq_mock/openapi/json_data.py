"""Parsed JSON: telling its kinds apart, and naming a place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

__all__ = ["containers", "is_array", "is_object", "join_pointer", "objects"]


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Tell whether a parsed ``value`` is a JSON object; its keys are text by construction."""
    return isinstance(value, Mapping)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a parsed ``value`` is a JSON array."""
    return isinstance(value, list)


def join_pointer(base: str, *parts: str | int) -> str:
    """Append ``parts``, encoded, to the JSON pointer ``base``."""
    encoded = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "/".join((base, *encoded))


def objects(root: object) -> Iterator[Mapping[str, Any]]:
    """Yield every object of the document ``root``, in the order of the document."""
    waiting: list[object] = [root]
    while waiting:
        value = waiting.pop()
        if is_object(value):
            yield value
            waiting.extend(reversed(list(value.values())))
        elif is_array(value):
            waiting.extend(reversed(value))


def containers(root: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object of the document ``root`` with its pointer, in the order of the document."""
    waiting: list[tuple[str, object]] = [("#", root)]
    while waiting:
        where, value = waiting.pop()
        inner: list[tuple[str, object]] = []
        if is_object(value):
            yield where, value
            inner = [(join_pointer(where, key), each) for key, each in value.items()]
        elif is_array(value):
            inner = [(join_pointer(where, index), each) for index, each in enumerate(value)]
        waiting.extend(reversed(inner))
