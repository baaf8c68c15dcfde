"""Template context: functions over the document and the generator's parse."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import openapi_document
from openapi_python_client.parser.properties import EnumProperty

from generate import calls, docstrings, fields, naming
from generate.code import Code, string_literal
from generate.errors import GenerateError
from generate.examples import ExampleWriter
from generate.prepare import is_union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser import openapi as parsed
    from openapi_python_client.parser.properties import ModelProperty

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
        constant: Lookup constant of an enum.
        members: Value of each member of an enum.
    """

    name: Code
    docstring: Code
    fields: tuple[fields.Field, ...] = ()
    siblings: tuple[tuple[Code, Code, Code], ...] = ()
    nested: tuple[tuple[Code, Code], ...] = ()
    constant: Code | None = None
    members: Mapping[Code, str] = dataclasses.field(default_factory=dict[Code, str])


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
        result = "None" if call.result is None else self._annotation(call.result.type)
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

    def __init__(self, document: Mapping[str, Any], data: GeneratorData) -> None:
        self._document = document
        self._component: dict[str, str] = {
            naming.class_name(name): name for name in _schemas(document)
        }
        self._reject_unnamed(data)
        self._members: dict[str, dict[str, Code]] = {}
        for enum in data.enums:
            if isinstance(enum, EnumProperty):
                name = str(enum.class_info.name)
                # The generator's own values are escaped already; those of the document are not.
                values = _schemas(document)[self._component[name]]["enum"]
                known = (str(value) for value in values if value is not None)
                self._members[name] = dict(zip(known, map(Code, enum.values), strict=True))
        self._models = {
            str(model.class_info.name): self._model_view(model) for model in data.models
        }
        operations: dict[tuple[str, str], openapi_document.Operation] = {
            (each.resource, naming.module_name(each.verb)): each
            for each in openapi_document.operations(document)
        }
        self._calls = {
            (str(tag), str(endpoint.name)): calls.call_from(
                document, operations[str(tag), str(endpoint.name)], endpoint
            )
            for tag, collection in data.endpoint_collections_by_tag.items()
            for endpoint in collection.endpoints
        }
        self._examples = ExampleWriter(self._fields_of, self._member_of)

    def _reject_unnamed(self, data: GeneratorData) -> None:
        names = [str(each.class_info.name) for each in (*data.models, *data.enums)]
        unnamed = [name for name in names if name not in self._component]
        if unnamed:
            raise GenerateError(
                f"An object or enum is written in place (it would be called {name}); make it a "
                "component of its own and refer to it."
                for name in unnamed
            )

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
            classes = {
                value: naming.class_name(naming.component_of(reference) or reference)
                for value, reference in schema["discriminator"].get("mapping", {}).items()
            }
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

    def _member_of(self, class_name: str, value: str) -> str | None:
        return self._members[class_name].get(value)

    def _model_view(self, model: ModelProperty) -> ClassView:
        name = str(model.class_info.name)
        component = self._component[name]
        found = fields.model_fields(self._document, component, model)
        parts = [part for field in found for part in field.shape.nested()]
        siblings = {
            (*_module_and_class(part), _constant(part))
            for part in parts
            if part.class_name not in {None, name}
        }
        return ClassView(
            name=Code(name),
            docstring=self._class_docstring(component, found),
            fields=tuple(found),
            siblings=tuple(sorted(siblings)),
            nested=tuple(
                sorted({_module_and_class(part) for part in parts if part.kind == "model"})
            ),
        )

    def _enum_view(self, enum: EnumProperty) -> ClassView:
        name = str(enum.class_info.name)
        return ClassView(
            name=Code(name),
            docstring=self._class_docstring(self._component[name], ()),
            constant=Code(f"{enum.class_info.module_name.upper()}_BY_VALUE"),
            members={member: value for value, member in self._members[name].items()},
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


def _module_and_class(shape: fields.Shape) -> tuple[Code, Code]:
    return (Code(shape.module or ""), Code(shape.class_name or ""))


def _constant(shape: fields.Shape) -> Code:
    return Code(f"{shape.module}_BY_VALUE".upper() if shape.kind == "enum" else "")


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


def converted(shape: fields.Shape, source: str, where: str, depth: int = 0) -> Code:
    """Return the code that converts the JSON value ``source``, which has the shape's JSON type."""
    place = string_literal(where)
    if shape.item is not None:
        item = f"_item{depth or ''}"
        odd = f"unexpected({item}, {place})"
        if shape.item.nullable:
            odd = f"(None if {item} is None else {odd})"
        return Code(
            f"[{converted(shape.item, item, where, depth + 1)} "
            f"if isinstance({item}, {shape.item.json_type}) else {odd} for {item} in {source}]"
        )
    return Code(
        {
            "datetime": f"parse_datetime({source}, {place})",
            "date": f"parse_date({source}, {place})",
            "enum": f"{shape.module}_BY_VALUE".upper() + f"[{source}]",
            "model": f"_read_{shape.module}({source})",
        }[shape.kind]
    )
