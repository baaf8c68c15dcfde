"""Whether the values of a model are what its annotations promise.

The generated classes check nothing when they are made, so that an odd answer costs nobody a page.
What the document allows has to fit all the same, or type checkers tell users a falsehood.
"""

from __future__ import annotations

import functools
import types
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["misfits"]

Hint: typing.TypeAlias = typing.Any
Value: typing.TypeAlias = typing.Any


def misfits(model: Value) -> Iterator[str]:
    """Yield a sentence for each attribute of ``model`` whose value does not fit its annotation."""
    hints = _hints(type(model))
    for name in model.KEYS:
        value = getattr(model, name)
        if not _fits(value, hints[name]):
            yield (
                f"{type(model).__name__}.{name} is annotated {_shown(hints[name])} "
                f"and holds {value!r:.80}"
            )
        yield from _within(value)


def _within(value: Value) -> Iterator[str]:
    if hasattr(type(value), "KEYS"):
        yield from misfits(value)
    elif isinstance(value, list):
        for item in typing.cast("list[Value]", value):
            yield from _within(item)


def _fits(value: Value, hint: Hint) -> bool:
    if hint is typing.Any:
        return True
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return any(_fits(value, each) for each in arguments)
    if origin is list:
        items = typing.cast("list[Value]", value)
        return isinstance(value, list) and all(_fits(item, arguments[0]) for item in items)
    if origin is dict:
        return isinstance(value, dict)
    if hint is None or hint is type(None):
        return value is None
    if hint is float:
        # A number of JSON without a fraction is an int for Python.
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


@functools.cache
def _hints(model: type[Value]) -> Mapping[str, Hint]:
    from insightiq import models  # noqa: PLC0415 - needed with the first model only

    # Modules import one another's models at their ends; all of them stand in `models`.
    names = {name: getattr(models, name) for name in models.__all__}
    return typing.get_type_hints(model, localns=names)


def _shown(hint: Hint) -> str:
    return (
        str(hint).replace("insightiq_generated.", "")
        if not isinstance(hint, type)
        else hint.__name__
    )
