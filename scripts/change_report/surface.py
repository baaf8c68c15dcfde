"""What callers in Python see of a generated package, read from its code without importing it.

Two packages of one name cannot be imported into one process, and what counts is what the code
says: so the trees are parsed.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
from typing import TYPE_CHECKING

from change_report.model import ComparisonError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

__all__ = [
    "Enumeration",
    "Field",
    "Function",
    "Model",
    "OperationFacts",
    "Parameter",
    "Surface",
    "Union",
    "read_surface",
    "with_names",
]

# These follow from the class or the union beside them, which is compared itself.
DERIVED = re.compile(r"(Text|_BY_VALUE|_CLASSES)$")


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, ``self`` left out.

    Attributes:
        name: Its name.
        position: Position, None where it goes by keyword only.
        annotation: Its type.
        default: Its default as written, None where it is required.
    """

    name: str
    position: int | None
    annotation: str
    default: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Function:
    """A function or a method: its parameters by name, and what it returns."""

    parameters: Mapping[str, Parameter]
    returns: str


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A field of a model.

    Attributes:
        position: Position in the constructor, None where it goes by keyword only.
        annotation: Its type.
        required: Whether the constructor insists on it.
    """

    position: int | None
    annotation: str
    required: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Model:
    """A data class: its fields by name."""

    fields: Mapping[str, Field]


@dataclasses.dataclass(frozen=True, slots=True)
class Enumeration:
    """An enumeration: values by member."""

    members: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Union:
    """A choice of models, told apart by the value of one key.

    Attributes:
        key: The key.
        classes: Name of the class for each of its values.
    """

    key: str
    classes: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class OperationFacts:
    """What the client knows of an operation besides its signature: facts by name, as written."""

    id: str
    facts: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Surface:
    """All that callers see.

    Attributes:
        methods: ``Contents.list`` and ``AsyncContents.list``.
        functions: ``api.contents.list_.build_request``.
        properties: ``Resources.contents``, with the class that it gives.
        models: Data classes by name.
        enums: Enumerations by name.
        operations: Facts by the module of the operation, ``api.contents.list_``.
        aliases: Names for unions of models, with their types.
        unions: What each of these unions is told apart by, by the function that reads it.
        exports: Every other name in an ``__all__``, with its module.
    """

    methods: dict[str, Function] = dataclasses.field(default_factory=dict[str, Function])
    functions: dict[str, Function] = dataclasses.field(default_factory=dict[str, Function])
    properties: dict[str, str] = dataclasses.field(default_factory=dict[str, str])
    models: dict[str, Model] = dataclasses.field(default_factory=dict[str, Model])
    enums: dict[str, Enumeration] = dataclasses.field(default_factory=dict[str, Enumeration])
    operations: dict[str, OperationFacts] = dataclasses.field(
        default_factory=dict[str, OperationFacts]
    )
    aliases: dict[str, str] = dataclasses.field(default_factory=dict[str, str])
    unions: dict[str, Union] = dataclasses.field(default_factory=dict[str, Union])
    exports: set[str] = dataclasses.field(default_factory=set[str])

    def operation_of(self, symbol: str) -> str | None:
        """Return the id of the operation behind a method or a function of its module."""
        if symbol.startswith("api."):
            facts = self.operations.get(symbol.rpartition(".")[0])
            return None if facts is None else facts.id
        return self._by_method.get(symbol)

    @functools.cached_property
    def _by_method(self) -> dict[str, str]:
        classes: dict[str, list[str]] = {}
        for name, class_name in self.properties.items():
            classes.setdefault(name.rpartition(".")[2], []).append(class_name)
        found: dict[str, str] = {}
        for module, facts in self.operations.items():
            # The module of a verb that is a keyword or a built-in ends with an underscore.
            verb = module.rpartition(".")[2].removesuffix("_")
            for class_name in classes.get(facts.id.partition(".")[0], ()):
                found[f"{class_name}.{verb}"] = found[f"{class_name}.{verb}_"] = facts.id
        return found

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """Names of the types that are text: every enumeration, and its values as plain text."""
        return frozenset(name for enum in self.enums for name in (enum, f"{enum}Text"))

    def classes_in(self, annotation: str) -> set[str]:
        """Return the models and enumerations that a type names, and those that they hold."""
        found: set[str] = set()
        waiting = [annotation]
        while waiting:
            for name in re.findall(r"[A-Z]\w*", waiting.pop()):
                name = name if name in self.models else name.removesuffix("Model")  # noqa: PLW2901 - the alias beside a resource of the same name
                if name in self.aliases:
                    waiting.append(self.aliases[name])
                if name in found or (name not in self.models and name not in self.enums):
                    continue
                found.add(name)
                if name in self.models:
                    waiting += [each.annotation for each in self.models[name].fields.values()]
        return found

    def classes_of(self, operation: str) -> tuple[set[str], set[str]]:
        """Return the classes that an operation sends, and those that it gives."""
        sent: set[str] = set()
        received: set[str] = set()
        for name, function in self.methods.items():
            if self.operation_of(name) == operation:
                received |= self.classes_in(function.returns)
                for each in function.parameters.values():
                    sent |= self.classes_in(each.annotation)
        return sent, received


def read_surface(tree: pathlib.Path) -> Surface:
    """Read the generated package in the folder ``tree``.

    Raises:
        ComparisonError: A file of it is no Python.
    """
    surface = Surface()
    for path in sorted(tree.rglob("*.py")):
        parts = path.relative_to(tree).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        try:
            parsed = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            msg = f"{path.relative_to(tree)}, line {error.lineno}: the templates made no Python."
            raise ComparisonError(msg) from error
        _read_module(module, parsed, surface)
    surface.exports.difference_update(surface.models, surface.enums)
    return surface


def with_names(surface: Surface, names: Mapping[str, str]) -> Surface:
    """Return ``surface`` with classes called as ``names`` calls them."""
    if not names:
        return surface
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})(Text)?\b")

    def told(text: str) -> str:
        return pattern.sub(lambda found: names[found[1]] + (found[2] or ""), text)

    def function(each: Function) -> Function:
        parameters = {
            name: dataclasses.replace(parameter, annotation=told(parameter.annotation))
            for name, parameter in each.parameters.items()
        }
        return Function(parameters, told(each.returns))

    def model(each: Model) -> Model:
        return Model(
            {
                name: dataclasses.replace(field, annotation=told(field.annotation))
                for name, field in each.fields.items()
            }
        )

    def union(each: Union) -> Union:
        return Union(each.key, {value: told(name) for value, name in each.classes.items()})

    return dataclasses.replace(
        surface,
        methods={name: function(each) for name, each in surface.methods.items()},
        functions={name: function(each) for name, each in surface.functions.items()},
        models={told(name): model(each) for name, each in surface.models.items()},
        enums={told(name): each for name, each in surface.enums.items()},
        aliases={told(name): told(each) for name, each in surface.aliases.items()},
        unions={name: union(each) for name, each in surface.unions.items()},
    )


def _read_module(module: str, parsed: ast.Module, surface: Surface) -> None:
    exported = set(_exported(parsed))
    known: set[str] = set()
    tables = dict(_class_tables(parsed))
    for node in parsed.body:
        match node:
            case ast.ClassDef(name=name) if name in exported:
                if _read_class(module, node, surface):
                    known.add(name)
            case ast.FunctionDef(name=name) if name in exported:
                surface.functions[f"{module}.{name}"] = _function(node)
                known.add(name)
                if union := _union(node, tables):
                    surface.unions[f"{module}.{name}"] = union
            case ast.AnnAssign(target=ast.Name(id="OPERATION"), value=ast.Call() as call):
                surface.operations[module] = _facts(call)
                known.add("OPERATION")
            case ast.If(body=body):
                # Unions of models stand where only type checkers look.
                surface.aliases.update(_aliases(body))
            case _:
                pass
    if module != "models":
        # The package of the models lists what its modules export.
        names = (name for name in exported - known if not DERIVED.search(name))
        surface.exports.update(f"{module}.{name}".removeprefix(".") for name in names)


def _read_class(module: str, node: ast.ClassDef, surface: Surface) -> bool:
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    if "OpenEnum" in bases:
        surface.enums[node.name] = Enumeration(dict(_members(node)))
    elif "Model" in bases:
        surface.models[node.name] = Model(dict(_fields(node)))
    elif module.startswith("api"):
        for name, method in _methods(node):
            if _is_property(method):
                surface.properties[f"{node.name}.{name}"] = _text(method.returns)
            else:
                surface.methods[f"{node.name}.{name}"] = _function(method)
    else:
        return False
    return True


def _exported(parsed: ast.Module) -> Iterator[str]:
    for node in parsed.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)) | (
                ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.List(elts=names))
            ):
                yield from (name.value for name in names if isinstance(name, ast.Constant))  # type: ignore[misc]  # a constant of __all__ is text
            case _:
                pass


def _methods(node: ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for each in node.body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name[0] != "_":
            yield each.name, each


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(_text(each).endswith("property") for each in node.decorator_list)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    written = node.args
    positional = [*written.posonlyargs, *written.args]
    defaults = [None] * (len(positional) - len(written.defaults)) + [*written.defaults]
    found = [
        Parameter(each.arg, position, _text(each.annotation), _default(default))
        for position, (each, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    found = [dataclasses.replace(each, position=(each.position or 0)) for each in found]
    if found and found[0].name == "self":
        found = [
            dataclasses.replace(each, position=position) for position, each in enumerate(found[1:])
        ]
    found += [
        Parameter(each.arg, None, _text(each.annotation), _default(default))
        for each, default in zip(written.kwonlyargs, written.kw_defaults, strict=True)
    ]
    returns = _text(node.returns)
    if isinstance(node, ast.AsyncFunctionDef):
        returns = f"Awaitable[{returns}]"
    return Function({each.name: each for each in found}, returns)


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, Field]]:
    keyword_only = _has_keyword(node.decorator_list, "kw_only")
    position = 0
    for each in node.body:
        if not isinstance(each, ast.AnnAssign) or not isinstance(each.target, ast.Name):
            continue
        if _text(each.annotation).startswith("ClassVar"):
            continue
        own = [each.value] if each.value is not None else []
        by_keyword = keyword_only or _has_keyword(own, "kw_only")
        yield (
            each.target.id,
            Field(None if by_keyword else position, _text(each.annotation), each.value is None),
        )
        position += not by_keyword


def _has_keyword(calls: list[ast.expr], name: str) -> bool:
    return any(
        keyword.arg == name
        and isinstance(keyword.value, ast.Constant)
        and bool(keyword.value.value)
        for call in calls
        if isinstance(call, ast.Call)
        for keyword in call.keywords
    )


def _members(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for each in node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                yield name, value
            case _:
                pass


def _aliases(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                yield name, _text(node.value)
            case _:
                pass


def _class_tables(parsed: ast.Module) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the tables that name a class for each value of a key."""
    for node in parsed.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict() as table) if (
                name.endswith("_CLASSES")
            ):
                yield name, ast.literal_eval(table)
            case _:
                pass


def _union(node: ast.FunctionDef, tables: Mapping[str, dict[str, str]]) -> Union | None:
    """Return the union that a function reads: it looks a key up in a table of classes."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    table = next((tables[name] for name in names if name in tables), None)
    if table is None:
        return None
    keys = [str(key) for each in ast.walk(node) for key in _looked_up(each)]
    return Union(keys[0] if keys else "", table)


def _looked_up(node: ast.AST) -> Iterator[object]:
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="data"), attr="get"),
            args=[ast.Constant(value=key), *_],
        ):
            yield key
        case _:
            pass


def _facts(call: ast.Call) -> OperationFacts:
    facts = {each.arg: _text(each.value) for each in call.keywords if each.arg is not None}
    id_ = ast.literal_eval(facts.pop("id"))
    return OperationFacts(str(id_), facts)


def _default(node: ast.expr | None) -> str | None:
    return None if node is None else _text(node)


def _text(node: ast.expr | None) -> str:
    if node is None:
        return "Any"
    return ast.unparse(node).replace("builtins.list", "list")
