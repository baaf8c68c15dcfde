"""Whether the values of a model are what its annotations promise.

The generated classes check nothing when they are made, so that an odd answer costs nobody a page.
What the document allows has to fit all the same, or type checkers tell users a falsehood.
"""

from __future__ import annotations

import functools
import types
import typing

from document_views import is_array

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["misfits"]

Hint: typing.TypeAlias = typing.Any
Value: typing.TypeAlias = typing.Any

_UNIONS: typing.Final[frozenset[Hint]] = frozenset({typing.Union, types.UnionType})
# A number of JSON without a fraction is an int for Python.
_NUMBERS: typing.Final[Mapping[Hint, Hint]] = {int: int, float: (int, float)}


def misfits(model: Value) -> Iterator[str]:
    """Yield a sentence for each attribute of ``model`` whose value does not fit its annotation."""
    hints = _hints(model.__class__)
    for name in model.KEYS:
        value = getattr(model, name)
        if not _fits(value, hints[name]):
            yield (
                f"{type(model).__name__}.{name} is annotated {_shown(hints[name])} "
                f"and holds {value!r:.80}"
            )
        yield from _within(value)


def _within(value: Value) -> Iterator[str]:
    if hasattr(value, "KEYS"):
        yield from misfits(value)
    elif is_array(value):
        for item in value:
            yield from _within(item)


def _fits(value: Value, hint: Hint) -> bool:
    origin: Hint = typing.get_origin(hint)
    arguments: tuple[Hint, ...] = typing.get_args(hint)
    if origin in _UNIONS:
        return any(_fits(value, each) for each in arguments)
    if origin is not None:
        items = value if origin is list and is_array(value) else []
        return isinstance(value, origin) and all(_fits(item, arguments[0]) for item in items)
    if hint in _NUMBERS:
        return isinstance(value, _NUMBERS[hint]) and not isinstance(value, bool)
    return hint is typing.Any or isinstance(value, hint)


@functools.cache
def _hints(model: Hint) -> Mapping[str, Hint]:
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
