"""Template context: functions over the prepared document, for the generator's list of names."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import openapi_document

from generate import calls, docstrings, fields, naming
from generate.code import Code, string_literal
from generate.examples import ExampleWriter
from generate.prepare import is_enum, is_model, is_union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from openapi_python_client.parser import openapi as parsed
    from openapi_python_client.parser.properties import EnumProperty, ModelProperty

    from generate.fields import Shape

__all__ = ["Views"]

CLASS_BODY_INDENT = 4
METHOD_BODY_INDENT = 8


@dataclasses.dataclass(frozen=True, slots=True)
class ClassView:
    """A model or an enum.

    Attributes:
        name: Class name.
        docstring: Literal, ready for the class body.
        fields: Fields of a model, in the order of the document.
        siblings: Module, class and (for enums) lookup constant of the classes that fields hold.
        nested: Module and class of the models that fields hold.
        unions: Shapes of the unions that fields hold, innermost first.
        constant: Lookup constant of an enum.
        members: Value of each member of an enum.
        whole: Whether the values of an enum are whole numbers.
    """

    name: Code
    docstring: Code
    fields: tuple[fields.Field, ...] = ()
    siblings: tuple[tuple[Code, Code, Code], ...] = ()
    nested: tuple[tuple[Code, Code], ...] = ()
    unions: tuple[Shape, ...] = ()
    constant: Code | None = None
    members: Mapping[Code, str | int] = dataclasses.field(default_factory=dict[Code, "str | int"])
    whole: bool = False

    @property
    def base(self) -> Code:
        """Base class of an enum."""
        return Code("OpenIntEnum" if self.whole else "OpenEnum")

    @property
    def plain(self) -> Code:
        """Name of the type of an enum's values."""
        return fields.plain_name(self.name, whole=self.whole)


@dataclasses.dataclass(frozen=True, slots=True)
class ResourceView:
    """A tag: the operations that become methods of one class."""

    name: Code
    class_name: Code
    summary: str
    methods: tuple[calls.Call, ...]

    @property
    def module_docstring(self) -> Code:
        """Docstring of the resource's package."""
        return docstrings.literal(f"``iq.{self.name}``: {self.summary}")

    @property
    def classes(self) -> list[tuple[Code, Code]]:
        """Module and class of every model and enum in the signatures."""
        return sorted({each for call in self.methods for each in call.signature_classes})

    @property
    def imports(self) -> set[str]:
        """Every name in the signatures: what is not defined beside them has to be imported."""
        written: list[str] = []
        written += [self.return_type(call, asynchronous=False) for call in self.methods]
        written += [
            self._annotation(each.annotation) for call in self.methods for each in call.arguments
        ]
        optional = any(not each.required for call in self.methods for each in call.arguments)
        return {*re.findall(r"\w+", " ".join(written)), *(["UNSET"] if optional else [])}

    @property
    def type_checking_names(self) -> Code:
        """The names of ``typing`` that the signatures need."""
        names = ["TYPE_CHECKING"] if self.classes else []
        return Code(", ".join([*names, *(["Any"] if "Any" in self.imports else [])]))

    def class_for(self, asynchronous: bool) -> Code:  # noqa: FBT001 - called by templates
        """Return the name of the class for synchronous or for asynchronous code."""
        return Code(f"Async{self.class_name}" if asynchronous else self.class_name)

    def local(self, name: str) -> Code:
        """Return the name of a model beside the resource classes: ``Audience`` is both."""
        taken = {self.class_name, f"Async{self.class_name}"}
        return Code(f"{name}Model" if name in taken else name)

    def signature(self, call: calls.Call) -> Code:
        """Return the parameter list of a method."""
        return Code(f"self, {signature(call, self._annotation)}".removesuffix(", "))

    def return_type(self, call: calls.Call, asynchronous: bool) -> Code:  # noqa: FBT001 - called by templates
        """Return the annotation of what a method returns."""
        result = self._annotation(call.result_type)
        if call.bulk is not None:
            return Code(f"BulkResult[{self._annotation(call.bulk.item.type)}]")
        if call.pagination is None:
            return Code(result)
        prefix = "Async" if asynchronous else ""
        return Code(f"{prefix}Pager[{self._annotation(call.pagination.item.type)}, {result}]")

    def _annotation(self, written: str) -> str:
        written = re.sub(r"\b[A-Z]\w*", lambda match: self.local(match[0]), written)
        if any(call.method_name == "list" for call in self.methods):
            # The method hides the built-in from the annotations of its class.
            written = written.replace("list[", "builtins.list[")
        return written


@dataclasses.dataclass(frozen=True, slots=True)
class UnionView:
    """A choice between models by the value of one key.

    Attributes:
        name: Name of the type.
        function: Name of the function that reads it.
        constant: Name of the table of classes.
        key: Key whose value names the model.
        docstring: Docstring of that function.
        classes: Class and module for each value of the key.
    """

    name: Code
    function: Code
    constant: Code
    key: str
    docstring: Code
    classes: Mapping[str, tuple[Code, Code]]

    @property
    def type(self) -> Code:
        """All classes as one annotation."""
        return Code(" | ".join(dict.fromkeys(name for name, _ in self.classes.values())))


class Views:
    """Functions that the templates call; built once per run."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._component: dict[str, str] = {
            naming.class_name(name): name for name in _schemas(document)
        }
        self._members: dict[str, dict[str | int, Code]] = {
            naming.class_name(name): _members(schema)
            for name, schema in _schemas(document).items()
            if is_enum(schema)
        }
        self._models: dict[str, ClassView] = {
            naming.class_name(name): self._model_view(name)
            for name, schema in _schemas(document).items()
            if is_model(document, schema)
        }
        self._calls = {
            (each.resource, str(naming.module_name(each.verb))): calls.call_from(document, each)
            for each in openapi_document.operations(document)
        }
        self._examples = ExampleWriter(self._fields_of, self._member_of)

    def globals(self) -> dict[str, Any]:
        """Return the names that templates see besides the generator's own."""
        return {
            "model_view": self._view_of_model,
            "enum_view": self._enum_view,
            "call_of": self._call_of,
            "resource_view": self._resource_of,
            "resources": [self._resource(tag) for tag in sorted({tag for tag, _ in self._calls})],
            "classes": self._classes(),
            "unions": list(self._unions()),
            "signature": signature,
            "passed_on": passed_on,
            "path_expression": path_expression,
            "written": written,
            "converted": converted,
            "variant": variant,
            "unions_of": fields.unions_of,
            "query_part": query_part,
            "header_value": header_value,
            "whole_body": whole_body,
            "result_expression": result_expression,
            "call_docstring": self._call_docstring,
        }

    def _view_of_model(self, model: ModelProperty) -> ClassView:
        return self._models[str(model.class_info.name)]

    def _call_of(self, endpoint: parsed.Endpoint) -> calls.Call:
        return self._calls[str(endpoint.tags[0]), str(endpoint.name)]

    def _resource_of(self, collection: parsed.EndpointCollection) -> ResourceView:
        return self._resource(str(collection.tag))

    def _classes(self) -> list[tuple[Code, Code]]:
        names = (*self._models, *self._members)
        return sorted((naming.module_name(name), Code(name)) for name in names)

    def _unions(self) -> Iterator[UnionView]:
        for component, schema in _schemas(self._document).items():
            if not is_union(schema):
                continue
            name = naming.class_name(component)
            classes = fields.mapping_of(schema)
            key = schema["discriminator"]["propertyName"]
            description = docstrings.first_sentence(schema.get("description", component))
            returns = (
                f"The model that ``{key}`` names, None where the document does not know its value."
            )
            yield UnionView(
                name=name,
                function=Code(f"parse_{naming.module_name(name)}"),
                constant=Code(f"{naming.module_name(name).upper()}_CLASSES"),
                key=key,
                docstring=docstrings.literal(
                    f"{description}\n\nReturns:\n    {returns}", CLASS_BODY_INDENT
                ),
                classes={
                    value: (found, naming.module_name(found)) for value, found in classes.items()
                },
            )

    def _fields_of(self, class_name: str) -> tuple[fields.Field, ...]:
        return self._models[class_name].fields

    def _member_of(self, class_name: str, value: str | int) -> str | None:
        return self._members[class_name].get(value)

    def _model_view(self, component: str) -> ClassView:
        name = naming.class_name(component)
        found = fields.model_fields(self._document, component)
        shapes = [field.shape for field in found]
        readers = fields.readers_of(shapes)
        return ClassView(
            name=name,
            docstring=self._class_docstring(component, found),
            fields=tuple(found),
            siblings=tuple(each for each in readers if each[1] != name),
            nested=tuple(each[:2] for each in readers if not each[2]),
            unions=tuple(fields.unions_of(shapes)),
        )

    def _enum_view(self, enum: EnumProperty) -> ClassView:
        name = str(enum.class_info.name)
        component = self._component[name]
        return ClassView(
            name=Code(name),
            docstring=self._class_docstring(component, ()),
            constant=Code(f"{enum.class_info.module_name.upper()}_BY_VALUE"),
            members={member: value for value, member in self._members[name].items()},
            whole=_schemas(self._document)[component].get("type") == "integer",
        )

    def _class_docstring(self, component: str, found: Iterable[fields.Field]) -> Code:
        width = docstrings.LINE_LENGTH - CLASS_BODY_INDENT
        description = str(_schemas(self._document)[component].get("description", component))
        text = docstrings.block(description, width)
        entries = [(field.name, field.description) for field in found]
        if entries:
            text += "\n\n" + docstrings.attributes_section(entries, CLASS_BODY_INDENT)
        return docstrings.literal(text, CLASS_BODY_INDENT)

    def _resource(self, tag: str) -> ResourceView:
        described = {each["name"]: each for each in self._document.get("tags", ())}
        return ResourceView(
            name=Code(tag),
            class_name=naming.class_name(tag),
            summary=docstrings.first_sentence(described.get(tag, {}).get("description", tag)),
            methods=tuple(call for (name, _), call in self._calls.items() if name == tag),
        )

    def _call_docstring(self, call: calls.Call, asynchronous: bool) -> Code:  # noqa: FBT001 - called by templates
        returns = docstrings.first_sentence(call.result_description)
        if call.pagination is not None:
            returns = "The items of all pages, fetched as they are needed."
        elif call.bulk is not None:
            returns = (
                f"What was found, in the order of `{call.bulk.parameter}`, and what was not. "
                f"More than {call.bulk.maximum} are asked for in several requests."
            )
        elif call.result is None:
            returns = "Nothing."
        return docstrings.call_docstring(
            summary=call.summary,
            description=call.description,
            arguments=[(each.name, _described(call, each)) for each in call.arguments],
            returns=returns,
            errors=[
                docstrings.error_entry(status, description) for status, description in call.errors
            ],
            example=self._examples.example(call, asynchronous=asynchronous),
            indent=METHOD_BODY_INDENT,
        )


def _described(call: calls.Call, argument: calls.Argument) -> str:
    """Return what an argument means for callers of the client, which pages by itself."""
    paging = call.pagination
    if paging is not None and argument.location == "query" and argument.key == paging.limit:
        return (
            f"Page size: items of each request, 1 to {paging.maximum}; {paging.maximum} where left "
            "out. The list has all pages; `take` gives fewer items."
        )
    return argument.description


def _schemas(document: Mapping[str, Any]) -> Mapping[str, Any]:
    schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    return schemas


def _members(schema: Mapping[str, Any]) -> dict[str | int, Code]:
    """Return the member of each value of an enum."""
    values: list[str | int] = [value for value in schema["enum"] if value is not None]
    names = naming.member_names(values, schema.get("x-enum-varnames", ()))
    return dict(zip(values, map(Code, names), strict=True))


def signature(call: calls.Call, annotated: Callable[[str], str] = str) -> Code:
    """Return the parameters of ``build_request``, each annotation passed through ``annotated``."""
    parts = [f"{each.name}: {annotated(each.annotation)}" for each in call.located("path")]
    if call.keywords:
        parts.append("*")
    parts += [
        f"{each.name}: {annotated(each.annotation)}{'' if each.required else ' = UNSET'}"
        for each in call.keywords
    ]
    return Code(", ".join(parts))


def passed_on(call: calls.Call) -> Code:
    """Return the arguments with which a method calls ``build_request``."""
    paths = [each.name for each in call.located("path")]
    return Code(", ".join([*paths, *(f"{each.name}={each.name}" for each in call.keywords)]))


def path_expression(call: calls.Call) -> Code:
    """Return the code of the request's path: its own text, and the arguments between."""
    arguments = {each.key: each for each in call.located("path")}
    parts: list[str] = []
    for text, key in re.findall(r"([^{}]*)(?:\{([^{}]*)\})?", call.path):
        if text:
            parts.append(string_literal(text))
        if key:
            argument = arguments[key]
            where = string_literal(f"{call.id}: {argument.name}")
            # The type of an id is checked; other types are written as in a query.
            is_id = argument.shape.type in {"str", "int"} or argument.shape.kind == "enum"
            value = argument.name if is_id else written(call, argument)
            parts.append(f"path_segment({value}, {where})")
    return Code(" + ".join(parts))


def written(call: calls.Call, argument: calls.Argument) -> Code:
    """Return the code of what is sent for an argument."""
    where = string_literal(f"{call.id}: {argument.name}")
    zone = ", zoned=True" if argument.shape.zoned else ""
    function = "json_argument" if argument.location == "body" else "query_text"
    return Code(f"{function}({argument.name}, {where}{argument.shape.kinds}{zone})")


def query_part(call: calls.Call, argument: calls.Argument) -> Code:
    """Return the code of a query or cookie parameter in its style."""
    where = string_literal(f"{call.id}: {argument.name}")
    named = _named(
        style=(argument.style, "form"),
        explode=(argument.explode, True),
        reserved=(argument.reserved, False),
        zoned=(argument.shape.zoned, False),
    )
    key = string_literal(argument.key)
    return Code(f"query_part({key}, {argument.name}, {where}{argument.shape.kinds}{named})")


def header_value(call: calls.Call, argument: calls.Argument) -> Code:
    """Return the code of the value of a header."""
    where = string_literal(f"{call.id}: {argument.name}")
    zoned = argument.shape.zoned
    named = _named(explode=(argument.explode, False), zoned=(zoned, False))
    if argument.style == "json":
        value = f"json_text({argument.name}, {where}{_named(zoned=(zoned, False))})"
        return Code(f"header_text({value}, {where})")
    return Code(f"header_text({argument.name}, {where}{argument.shape.kinds}{named})")


def _named(**values: tuple[str | bool, str | bool]) -> str:
    """Return the code of keyword arguments that are not the defaults beside them."""
    return "".join(
        f", {name}={string_literal(value) if isinstance(value, str) else value}"
        for name, (value, default) in values.items()
        if value != default
    )


def whole_body(call: calls.Call, argument: calls.Argument) -> Code:
    """Return the code of a body that is one argument."""
    where = string_literal(f"{call.id}: {argument.name}")
    value = written(call, argument)
    if call.body is not None and call.body.form in {"text", "bytes"}:
        function = "text_content" if call.body.form == "text" else "file_content"
        value = Code(f"{function}({argument.name}, {where})")
    if argument.required:
        return value
    return Code(f"None if {argument.name} is UNSET or {argument.name} is None else {value}")


def result_expression(call: calls.Call, success: calls.Success) -> Code:
    """Return the code of the result of a success, made from ``data``."""
    shape = success.shape
    if shape is None:
        return Code("None")
    if success.form != "json":
        return Code("data")
    place = string_literal(call.id)
    expected = string_literal(str(success.type))
    kinds = shape.json_kinds
    value = f"json_result(data, {place}, {expected}{kinds})"
    if shape.kind == "plain":
        return Code(value)
    if shape.nullable:
        return Code(f"None if data is None else {converted(shape, value, call.id)}")
    return converted(shape, value, call.id)


def converted(shape: fields.Shape, source: str, where: str, depth: int = 0) -> Code:
    """Return the code that converts the JSON value ``source``, which has the shape's JSON type."""
    place = string_literal(where)
    if shape.item is not None:
        item = f"_item{depth or ''}"
        inner = _checked(shape.item, item, where, depth + 1)
        if shape.kind == "map":
            key = f"_key{depth or ''}"
            return Code(f"{{{key}: {inner} for {key}, {item} in {source}.items()}}")
        return Code(f"[{inner} for {item} in {source}]")
    return Code(
        {
            "plain": source,
            "datetime": f"parse_datetime({source}, {place})",
            "date": f"parse_date({source}, {place})",
            "enum": f"{shape.module}_BY_VALUE".upper() + f"[{source}]",
            "model": f"_read_{shape.module}({source})",
            "union": f"{shape.table}.read({source}, {place})",
        }[shape.kind]
    )


def _checked(shape: fields.Shape, source: str, where: str, depth: int) -> Code:
    """Return the code that converts ``source`` where it has the shape's JSON type."""
    if shape.kind == "plain":
        return Code(source)
    odd = f"unexpected({source}, {string_literal(where)})"
    if shape.nullable:
        odd = f"(None if {source} is None else {odd})"
    if shape.kind == "union":
        value = converted(shape, source, where, depth)
        return Code(f"(None if {source} is None else {value})" if shape.nullable else value)
    return Code(
        f"{converted(shape, source, where, depth)} "
        f"if isinstance({source}, {shape.json_type}) else {odd}"
    )


def variant(shape: fields.Shape, where: str) -> Code:
    """Return the code of one variant of a union."""
    reader = {
        "datetime": "read_instant",
        "date": "datetime.date.fromisoformat",
        "enum": f"{fields.lookup_constant(shape)}.__getitem__",
        "model": f"{shape.class_name}.from_dict",
        "plain": "None",
    }.get(shape.kind) or f"lambda _value: {converted(shape, '_value', where)}"
    known: Iterable[str] = ()
    kinds = [str(shape.json_type)]
    if shape.kind == "plain":
        parts = re.sub(r"\[.*?\]", "", shape.type).split(" | ")
        kinds = [{"float": "float, int"}.get(part, part) for part in parts]
    elif shape.kind == "model":
        known = shape.known
    arguments = [f"({', '.join(kinds)},)", reader]
    for name, keys in (("required", shape.required), ("known", known)):
        if keys:
            listed = "".join(f"{string_literal(key)}, " for key in keys)
            arguments.append(f"{name}=frozenset(({listed}))")
    if shape.kind == "enum":
        arguments.append(f"known={fields.lookup_constant(shape)}.keys()")
    return Code(f"Variant({', '.join(arguments)})")
