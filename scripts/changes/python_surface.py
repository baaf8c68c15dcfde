"""Public surface of a generated client package, read from its code without importing it.

Two packages of one name cannot be imported into one process, and only the code shows annotations as
callers see them: so the files are parsed.
"""

from __future__ import annotations

import ast
import dataclasses
import functools
import pathlib
import re
import tempfile
from dataclasses import field
from typing import TYPE_CHECKING, Any, cast

import openapi_document
from generate import document_checks, run_generator
from generate.errors import GenerateError

from changes.model import ComparisonError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["Function", "Parameter", "Surface", "Union", "read_surface", "surface_of"]

# Names that follow from the class or the union beside them, which is compared itself.
DERIVED = re.compile(r"(Text|_BY_VALUE|_CLASSES)$")


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, or a field of a model.

    ``position`` is None if it is passed by keyword only, ``default`` if it is required.
    """

    position: int | None
    annotation: str
    default: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Function:
    """Parameters by name and return type of a function or a method."""

    parameters: Mapping[str, Parameter]
    returns: str


@dataclasses.dataclass(frozen=True, slots=True)
class Union:
    """A choice of models: the discriminating key, and the name of a class for each value."""

    key: str
    classes: Mapping[str, str]


Fields = dict[str, Parameter]
Texts = dict[str, str]


@dataclasses.dataclass(frozen=True)
class Surface:
    """Everything that callers see.

    Attributes:
        methods: ``Contents.list`` and ``AsyncContents.list``.
        functions: ``api.contents.list_.build_request``.
        properties: ``Resources.contents``, with the class that it returns.
        models: Fields of data classes, by name of the class.
        enums: Values of enumerations by member, by name of the class.
        operations: Facts about an operation by its id, as written in ``OPERATION``.
        modules: Id of the operation of a module, ``api.contents.list_``.
        aliases: Names for unions of models, with their types.
        unions: The union that a function reads, by name of the function.
        exports: Every other name in an ``__all__``, with its module.
    """

    methods: dict[str, Function] = field(default_factory=dict[str, Function])
    functions: dict[str, Function] = field(default_factory=dict[str, Function])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    models: dict[str, Fields] = field(default_factory=dict[str, Fields])
    enums: dict[str, Texts] = field(default_factory=dict[str, Texts])
    operations: dict[str, Texts] = field(default_factory=dict[str, Texts])
    modules: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    unions: dict[str, Union] = field(default_factory=dict[str, Union])
    exports: set[str] = field(default_factory=set[str])

    def operation_of(self, symbol: str) -> str | None:
        """Return the id of the operation behind a method or a function of its module."""
        if symbol.startswith("api."):
            return self.modules.get(symbol.rpartition(".")[0])
        return self._by_method.get(symbol)

    @functools.cached_property
    def _by_method(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for module, id_ in self.modules.items():
            # The module of a verb that is a keyword or a built-in ends with an underscore.
            verb = module.rpartition(".")[2].removesuffix("_")
            for name, class_name in self.properties.items():
                if name.rpartition(".")[2] == id_.partition(".")[0]:
                    found[f"{class_name}.{verb}"] = found[f"{class_name}.{verb}_"] = id_
        return found

    @functools.cached_property
    def texts(self) -> frozenset[str]:
        """Names of the types that are text: every enumeration, and its values as plain text."""
        return frozenset(name for enum in self.enums for name in (enum, f"{enum}Text"))

    def classes_in(self, *annotations: str) -> set[str]:
        """Return the models and enumerations that types name, and those that they contain."""
        found: set[str] = set()
        waiting = list(annotations)
        while waiting:
            for written in re.findall(r"[A-Z]\w*", waiting.pop()):
                # A model that is called like a resource has an alias beside that.
                name = written if written in self.models else written.removesuffix("Model")
                if name in self.aliases:
                    waiting.append(self.aliases[name])
                if name not in found and (name in self.models or name in self.enums):
                    found.add(name)
                    waiting += [each.annotation for each in self.models.get(name, {}).values()]
        return found

    @functools.cached_property
    def _classes_of_operations(self) -> dict[str, tuple[set[str], set[str]]]:
        """Classes that an operation sends, and those that it returns, by its id."""
        found = {id_: (set[str](), set[str]()) for id_ in self.operations}
        for name, function in self.methods.items():
            if (id_ := self.operation_of(name)) is not None:
                sent, received = found[id_]
                sent |= self.classes_in(*(each.annotation for each in function.parameters.values()))
                received |= self.classes_in(function.returns)
        return found

    def users_of(self, *classes: str) -> list[str]:
        """Return the ids of the operations that send or return one of ``classes``."""
        return [
            id_
            for id_, (sent, received) in self._classes_of_operations.items()
            if not (sent | received).isdisjoint(classes)
        ]

    @functools.cached_property
    def received(self) -> set[str]:
        """Classes that callers receive, from operations or in notifications."""
        returned = (received for _, received in self._classes_of_operations.values())
        return self.classes_in(*self.aliases.values()).union(*returned)

    @functools.cached_property
    def sent(self) -> set[str]:
        """Classes that callers pass.

        A class that no method and no reader of notifications names, as the body of a request, can
        only be built: it is sent.
        """
        passed = (sent for sent, _ in self._classes_of_operations.values())
        return (self.models.keys() - self.received).union(*passed)

    def with_renamed_classes(self, names: Mapping[str, str]) -> Surface:
        """Return a copy in which classes have their new names."""
        if not names:
            return self
        pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})(Text)?\b")

        def text(written: str) -> str:
            return pattern.sub(lambda match: names[match[1]] + (match[2] or ""), written)

        return dataclasses.replace(
            self,
            methods=_renamed(self.methods, text),
            functions=_renamed(self.functions, text),
            models={text(name): _renamed(each, text) for name, each in self.models.items()},
            enums={text(name): each for name, each in self.enums.items()},
            aliases={text(name): text(each) for name, each in self.aliases.items()},
            unions=_renamed(self.unions, text),
        )


def _renamed(value: Any, text: Callable[[str], str]) -> Any:
    """Return a copy in which every text is renamed, the keys of dictionaries excepted."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return {key: _renamed(inner, text) for key, inner in entries.items()}
    if isinstance(value, Function | Parameter | Union):
        names = (each.name for each in dataclasses.fields(value))
        changed = {name: _renamed(getattr(value, name), text) for name in names}
        return dataclasses.replace(value, **changed)
    return value


def surface_of(name: str, document: Mapping[str, Any]) -> Surface:
    """Generate the package for ``document`` in a scratch folder and read its surface.

    Both sides of a comparison are generated by today's templates, so that only the documents differ.

    Raises:
        ComparisonError: No client can be generated from the document.
    """
    try:
        document_checks.check_structure(document)
        document_checks.check_document(document)
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder) / "insightiq_generated"
            run_generator.generate(document, tree, tidy=False)
            return read_surface(tree)
    except (GenerateError, openapi_document.DocumentError) as error:
        msg = f"{name}: no client can be generated from it:\n{error}"
        raise ComparisonError(msg) from error


def read_surface(tree: pathlib.Path) -> Surface:
    """Read the generated package in the folder ``tree``.

    Raises:
        ComparisonError: A file of it is not valid Python.
    """
    surface = Surface()
    for path in sorted(tree.rglob("*.py")):
        parts = path.relative_to(tree).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        try:
            parsed = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            msg = (
                f"{path.relative_to(tree)}, line {error.lineno}: the templates generated invalid "
                "Python; correct scripts/templates."
            )
            raise ComparisonError(msg) from error
        _read_module(module, parsed, surface)
    surface.exports.difference_update(surface.models, surface.enums)
    return surface


def _read_module(module: str, parsed: ast.Module, surface: Surface) -> None:
    values = {name: value for name, _, value in _assignments(parsed.body) if value is not None}
    exported: set[str] = set(ast.literal_eval(values.get("__all__", ast.List([]))))
    tables = {
        name: ast.literal_eval(value)
        for name, value in values.items()
        if name.endswith("_CLASSES") and isinstance(value, ast.Dict)
    }
    known = {"OPERATION"}
    if isinstance(operation := values.get("OPERATION"), ast.Call):
        facts = {each.arg: _text(each.value) for each in operation.keywords if each.arg is not None}
        id_ = surface.modules[module] = str(ast.literal_eval(facts.pop("id")))
        surface.operations[id_] = facts
    for node in parsed.body:
        match node:
            case ast.ClassDef(name=name) if name in exported:
                if _read_class(module, node, surface):
                    known.add(name)
            case ast.FunctionDef(name=name) if name in exported:
                known.add(name)
                surface.functions[f"{module}.{name}"] = _function(node)
                if union := _union(node, tables):
                    surface.unions[f"{module}.{name}"] = union
            case ast.If(body=body):
                # Unions of models stand where only type checkers look.
                surface.aliases.update(
                    (name, _text(value))
                    for name, annotation, value in _assignments(body)
                    if _text(annotation) == "TypeAlias"
                )
            case _:
                pass
    if module != "models":
        # The package of the models lists the names that its modules export.
        names = (name for name in exported - known if not DERIVED.search(name))
        surface.exports.update(f"{module}.{name}".removeprefix(".") for name in names)


def _read_class(module: str, node: ast.ClassDef, surface: Surface) -> bool:
    bases = {_text(base) for base in node.bases}
    if {"OpenEnum", "OpenIntEnum"} & bases:
        surface.enums[node.name] = {
            name: ast.literal_eval(value)
            for name, annotation, value in _assignments(node.body)
            if annotation is None and isinstance(value, ast.Constant)
        }
    elif "Model" in bases:
        surface.models[node.name] = dict(_fields(node))
    elif module.startswith("api"):
        for each in node.body:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name[0] != "_":
                name = f"{node.name}.{each.name}"
                if any(_text(decorator).endswith("property") for decorator in each.decorator_list):
                    surface.properties[name] = _text(each.returns)
                else:
                    surface.methods[name] = _function(each)
    else:
        return False
    return True


def _assignments(
    body: Iterable[ast.stmt],
) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """Yield name, annotation and value of each assignment to a name."""
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, None, value
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=optional):
                yield name, annotation, optional
            case _:
                pass


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + [*arguments.defaults]
    pairs = [pair for pair in zip(positional, defaults, strict=True) if pair[0].arg != "self"]
    found = {
        each.arg: Parameter(position, _text(each.annotation), _default(default))
        for position, (each, default) in enumerate(pairs)
    }
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found[each.arg] = Parameter(None, _text(each.annotation), _default(default))
    returns = _text(node.returns)
    is_async = isinstance(node, ast.AsyncFunctionDef)
    return Function(found, f"Awaitable[{returns}]" if is_async else returns)


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, Parameter]]:
    all_by_keyword = _is_keyword_only(*node.decorator_list)
    position = 0
    for name, annotation, value in _assignments(node.body):
        if annotation is not None and not _text(annotation).startswith("ClassVar"):
            by_keyword = all_by_keyword or _is_keyword_only(value)
            place = None if by_keyword else position
            yield name, Parameter(place, _text(annotation), _default(value))
            position += not by_keyword


def _is_keyword_only(*calls: ast.expr | None) -> bool:
    return any(
        keyword.arg == "kw_only" and _text(keyword.value) == "True"
        for call in calls
        if isinstance(call, ast.Call)
        for keyword in call.keywords
    )


def _union(node: ast.FunctionDef, tables: Mapping[str, dict[str, str]]) -> Union | None:
    """Return the union that a function reads: it looks up a key in a table of classes."""
    key, classes = "", None
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) if name in tables:
                classes = tables[name]
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="data"), attr="get"),
                args=[ast.Constant(value=value), *_],
            ):
                key = key or str(value)
            case _:
                pass
    return None if classes is None else Union(key, classes)


def _default(node: ast.expr | None) -> str | None:
    return None if node is None else _text(node)


def _text(node: ast.expr | None) -> str:
    return "Any" if node is None else ast.unparse(node).replace("builtins.list", "list")
