"""The operations that can be called, read off the resource classes."""

from __future__ import annotations

import dataclasses
import functools
import importlib
import importlib.util
import inspect
import typing

from insightiq.command_line._docstrings import Docstring, read_docstring
from insightiq.command_line._hints import hints_of, item_of, members_of
from insightiq.resources import ExtendedResources
from insightiq_generated.client import BulkOperation, Operation, PagedOperation
from insightiq_generated.types import Model

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from insightiq import InsightIQ
    from insightiq._call import SyncDriver

__all__ = ["Method", "Parameter", "methods_of", "resources", "spelled"]

AnyOperation: typing.TypeAlias = Operation[object]


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """An argument of a method.

    Attributes:
        name: Its name in Python.
        hint: Its type.
        positional: Whether it is an identifier of the path.
        required: Whether the method cannot do without.
        text: What it means.
    """

    name: str
    hint: object
    positional: bool
    required: bool
    text: str


@dataclasses.dataclass(frozen=True)
class Method:
    """A method of a resource.

    Attributes:
        resource: Name of the resource in Python.
        name: Its own name in Python.
        function: What the resource's class defines.
    """

    resource: str
    name: str
    function: Callable[..., object]

    def bound(self, iq: InsightIQ) -> Callable[..., object]:
        """Return the method of this client."""
        method: Callable[..., object] = getattr(getattr(iq, self.resource), self.name)
        return method

    @functools.cached_property
    def documentation(self) -> Docstring:
        """The parts of its docstring."""
        return read_docstring(inspect.getdoc(self.function) or "")

    @functools.cached_property
    def parameters(self) -> list[Parameter]:
        """Its arguments, in their order."""
        hints = hints_of(self.function)
        _, *parameters = inspect.signature(self.function).parameters.values()
        return [
            Parameter(
                name=each.name,
                hint=hints.get(each.name, object),
                positional=each.kind is not inspect.Parameter.KEYWORD_ONLY,
                required=each.default is inspect.Parameter.empty,
                text=self.documentation.arguments.get(each.name, ""),
            )
            for each in parameters
        ]

    @functools.cached_property
    def operation(self) -> AnyOperation | None:
        """The operation of the document that it calls; None for a method written by hand."""
        # The generator sets an underscore behind names that Python has taken, as in list_.
        for name in (self.name, f"{self.name}_"):
            module = f"{self.function.__module__}.{name}"
            if _is_package(self.function.__module__) and importlib.util.find_spec(module):
                operation: AnyOperation = importlib.import_module(module).OPERATION
                return operation
        return None

    @property
    def paged(self) -> PagedOperation[object, object] | None:
        """The operation, if it is a list."""
        operation = self.operation
        if isinstance(operation, PagedOperation):
            return typing.cast("PagedOperation[object, object]", operation)
        return None

    @functools.cached_property
    def model(self) -> type[Model] | None:
        """The class of a row of its result; None where there is no result."""
        operation = self.operation
        source: Callable[..., object] = self.function
        if isinstance(operation, PagedOperation | BulkOperation):
            source = operation.items
        elif operation is not None:
            source = operation.parse_response
        result = item_of(hints_of(source).get("return"))
        for each in members_of(result):
            if isinstance(each, type) and issubclass(each, Model):
                return each
        return None


class _Shelf(ExtendedResources):
    """The resources without a client, to look at."""

    def __init__(self) -> None:
        self._caller = self._driver = typing.cast("SyncDriver", None)


def spelled(name: str) -> str:
    """Return a Python name as it is typed on a command line."""
    return name.rstrip("_").replace("_", "-")


def resources() -> dict[str, str]:
    """Return what each resource is, by its name in Python."""
    return {
        name: read_docstring(inspect.getdoc(member.func) or "").summary
        for name, member in _members(ExtendedResources)
        if isinstance(member, functools.cached_property)
    }


def methods_of(resource: str) -> dict[str, Method]:
    """Return the methods of a resource by their names in Python, as the document orders them."""
    kind: type = getattr(_Shelf(), resource).__class__
    return {
        name: Method(resource, name, member)
        for name, member in _members(kind)
        if inspect.isfunction(member) and not name.startswith("_")
    }


def _members(kind: type) -> Iterator[tuple[str, typing.Any]]:
    """Yield what a class and those above it define, the topmost first."""
    for each in reversed(kind.__mro__):
        yield from vars(each).items()


def _is_package(module: str) -> bool:
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None
