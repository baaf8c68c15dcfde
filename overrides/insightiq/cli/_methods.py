"""The methods of the client as commands, read off the resource classes."""

from __future__ import annotations

import builtins
import collections.abc
import dataclasses
import functools
import importlib
import importlib.util
import inspect
import re
import sys
import types
import typing

from insightiq import models
from insightiq.resources import ExtendedResources
from insightiq_generated.client import BulkOperation, Operation, PagedOperation
from insightiq_generated.types import Model, Unset

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from insightiq import InsightIQ
    from insightiq._call import SyncDriver

__all__ = [
    "Docstring",
    "Method",
    "item_of",
    "members_of",
    "methods_of",
    "read_docstring",
    "resources",
    "spelled",
]

_SECTION = re.compile(r"^(Args|Returns|Raises|Example|Examples|Attributes):\n", re.MULTILINE)
_ARGUMENT = re.compile(r"^(\w+): ", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class Docstring:
    """The parts of a docstring in Google's style; each paragraph is one line."""

    summary: str
    description: str
    arguments: dict[str, str]


def read_docstring(text: str) -> Docstring:
    """Return the parts of a docstring, given without its indentation."""
    # Texts and names of sections alternate.
    prose, *sections = _SECTION.split(text)
    summary, _, description = prose.partition("\n")
    section = dict(zip(sections[::2], sections[1::2], strict=True)).get("Args", "")
    # A continuation line is indented deeper than the names.
    _, *parts = _ARGUMENT.split(inspect.cleandoc(f"\n{section}"))
    return Docstring(
        summary=summary.strip(),
        description="\n\n".join(map(_one_line, description.strip().split("\n\n"))),
        arguments=dict(zip(parts[::2], map(_one_line, parts[1::2]), strict=True)),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


class _Names(dict[str, object]):
    """The names of a module, also those that it imports for type checkers alone."""

    def __init__(self, module: types.ModuleType) -> None:
        super().__init__()
        self._places = (module, builtins, models, collections.abc)

    def __missing__(self, name: str) -> object:
        for place in self._places:
            if hasattr(place, name):
                return getattr(place, name)
        # An alias for type checkers: nothing is known of such a value.
        return object


def _signature(function: Callable[..., object]) -> inspect.Signature:
    names = _Names(sys.modules[function.__module__])
    return inspect.signature(function, locals=names, eval_str=True)


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


@dataclasses.dataclass(frozen=True)
class Method:
    """A method of a resource; the names are those in Python."""

    resource: str
    name: str
    function: Callable[..., object]

    def call(self, iq: InsightIQ, arguments: dict[str, typing.Any]) -> object:
        """Call the method of this client."""
        return getattr(getattr(iq, self.resource), self.name)(**arguments)

    @functools.cached_property
    def documentation(self) -> Docstring:
        """Its docstring."""
        return read_docstring(inspect.getdoc(self.function) or "")

    @functools.cached_property
    def parameters(self) -> list[inspect.Parameter]:
        """Its parameters, in their order, without ``self``."""
        return list(_signature(self.function).parameters.values())[1:]

    @functools.cached_property
    def operation(self) -> Operation[object] | None:
        """The operation of the document that it calls; None for a method written by hand."""
        package = self.function.__module__
        if not hasattr(sys.modules[package], "__path__"):
            return None
        # The generator appends an underscore to names that Python has taken, as in list_.
        for module in (f"{package}.{self.name}", f"{package}.{self.name}_"):
            if importlib.util.find_spec(module):
                operation: Operation[object] = importlib.import_module(module).OPERATION
                return operation
        return None

    @property
    def paged(self) -> PagedOperation[Model, object] | None:
        """The operation, if it is a list."""
        operation = self.operation
        if isinstance(operation, PagedOperation):
            return typing.cast("PagedOperation[Model, object]", operation)
        return None

    @functools.cached_property
    def model(self) -> type[Model] | None:
        """The class of its result, or of a row of it; None where there is no result."""
        operation = self.operation
        source: Callable[..., object] = self.function
        if isinstance(operation, PagedOperation | BulkOperation):
            source = operation.items
        elif operation is not None:
            source = operation.parse_response
        for each in members_of(item_of(_signature(source).return_annotation)):
            if isinstance(each, type) and issubclass(each, Model):
                return each
        return None


class _Unconnected(ExtendedResources):
    """The resources without a client, to read their classes."""

    def __init__(self) -> None:
        self._caller = self._driver = typing.cast("SyncDriver", None)


def spelled(name: str) -> str:
    """Return a Python name as it is typed on a command line."""
    return name.rstrip("_").replace("_", "-")


def resources() -> dict[str, str]:
    """Return the summary of each resource by its name in Python."""
    return {
        name: read_docstring(inspect.getdoc(member.func) or "").summary
        for name, member in _members(ExtendedResources)
        if isinstance(member, functools.cached_property)
    }


def methods_of(resource: str) -> dict[str, Method]:
    """Return the methods of a resource by their names in Python, in the document's order."""
    kind: type = getattr(_Unconnected(), resource).__class__
    return {
        name: Method(resource, name, member)
        for name, member in _members(kind)
        if inspect.isfunction(member) and not name.startswith("_")
    }


def _members(kind: type) -> Iterator[tuple[str, typing.Any]]:
    """Yield the members of a class and of its bases, those of the topmost first."""
    for each in reversed(kind.__mro__):
        yield from vars(each).items()
