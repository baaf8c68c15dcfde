"""Types of arguments and results, also where a module imports them for type checkers alone."""

from __future__ import annotations

import builtins
import collections.abc
import sys
import types
import typing

from insightiq import models
from insightiq_generated.types import Unset

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["hints_of", "item_of", "members_of"]

_MISSING = object()


def hints_of(function: Callable[..., object]) -> dict[str, object]:
    """Return the types of a function's arguments, and of its result as ``return``."""
    names = _Names(vars(sys.modules[function.__module__]))
    return typing.get_type_hints(function, localns=names)


def members_of(hint: object) -> tuple[object, ...]:
    """Return the members of a union, without null and absence; of another type itself."""
    origin = typing.get_origin(hint)
    members = typing.get_args(hint) if origin in {typing.Union, types.UnionType} else (hint,)
    return tuple(each for each in members if each not in {types.NoneType, Unset})


def item_of(hint: object) -> object:
    """Return the type of a list's items; of anything else that type itself."""
    (*_, only) = members_of(hint) or (hint,)
    if typing.get_origin(only) in {list, collections.abc.Sequence}:
        return typing.get_args(only)[0]
    return only


class _Names(dict[str, object]):
    """The meaning of the names in a module's annotations.

    Args:
        known: What the module has when it runs.
    """

    def __init__(self, known: Mapping[str, object]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, name: str) -> object:
        for place in (self._known, vars(builtins), models, collections.abc):
            found = place.get(name, _MISSING) if isinstance(place, dict) else _of(place, name)
            if found is not _MISSING:
                return found
        # An alias of a type checker's: nothing is known of such a value.
        return object


def _of(module: object, name: str) -> object:
    return getattr(module, name, _MISSING)
