"""Template context of an operation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal

import openapi_document
from openapi_python_client.parser.properties import ModelProperty

from generate import descriptions, docstrings, fields, naming
from generate.code import Code, string_literal
from generate.errors import GenerateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openapi_python_client.parser import openapi as parsed
    from openapi_python_client.parser.properties.protocol import PropertyProtocol


__all__ = ["Argument", "Bulk", "Call", "Pagination", "call_from"]

# RFC 9110, 9.2.2: repeating these has the effect of making them once.
IDEMPOTENT_METHODS = frozenset({"get", "head", "options", "put", "delete", "trace"})


@dataclasses.dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method.

    Attributes:
        name: Python name.
        key: Name on the wire.
        location: Where the value goes.
        required: Whether it must be given.
        shape: How its value is written.
        description: What the document says about it, limits included.
        example: Its example in JSON.
    """

    name: Code
    key: str
    location: Literal["path", "query", "body"]
    required: bool
    shape: fields.Shape
    description: str
    example: Any

    @property
    def annotation(self) -> Code:
        """Full type annotation."""
        shape = self.shape
        if not self.required:
            # None leaves an argument out, except where null is a value of its own on the wire.
            shape = dataclasses.replace(shape, nullable=True)
        return fields.argument_annotation(shape, required=self.required)


@dataclasses.dataclass(frozen=True, slots=True)
class Pagination:
    """The ``x-pagination`` of a list operation, and the type of the items."""

    offset: str
    limit: str
    items: str
    maximum: int
    default: int
    item: fields.Shape
    attribute: Code
    applied_limit: Code


@dataclasses.dataclass(frozen=True, slots=True)
class Bulk:
    """The ``x-bulk`` of a search operation, and the type of the items."""

    parameter: str
    items: str
    maximum: int
    item: fields.Shape
    attribute: Code


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """One operation as the templates see it."""

    id: str
    resource: str
    verb: str
    method: str
    path: str
    summary: str
    description: str
    arguments: tuple[Argument, ...]
    has_body: bool
    body_required: bool
    result: fields.Shape | None
    result_description: str
    success_status: int
    retry_safe: bool
    pagination: Pagination | None
    bulk: Bulk | None
    errors: tuple[tuple[str, str], ...]

    @property
    def module_docstring(self) -> Code:
        """Docstring of the module of the operation."""
        return docstrings.literal(f"``{self.id}``: {self.method} {self.path}.")

    @property
    def method_name(self) -> Code:
        """Name of the method on the resource classes."""
        return naming.method_name(self.verb)

    @property
    def module(self) -> Code:
        """Name of the module of the operation."""
        return naming.module_name(self.verb)

    def located(self, location: str) -> list[Argument]:
        """Return the arguments that go to ``location``, required ones first."""
        found = [argument for argument in self.arguments if argument.location == location]
        if location == "path":
            return found
        return sorted(found, key=lambda argument: not argument.required)

    @property
    def keywords(self) -> list[Argument]:
        """Keyword-only arguments, required ones first."""
        found = [argument for argument in self.arguments if argument.location != "path"]
        return sorted(found, key=lambda argument: not argument.required)

    @property
    def classes(self) -> list[tuple[Code, Code]]:
        """Module and name of every model, enum and enum's texts of the operation."""
        result = [] if self.result is None else fields.classes_in([self.result])
        return sorted({*self.signature_classes, *result})

    @property
    def signature_classes(self) -> list[tuple[Code, Code]]:
        """Module and name of every model, enum and enum's texts in the method's signature."""
        shapes = [argument.shape for argument in self.arguments]
        texts = fields.texts_in(shapes)
        if self.result is not None and self.bulk is None:
            shapes.append(self.result)
        shapes += [each.item for each in (self.pagination, self.bulk) if each is not None]
        return sorted({*fields.classes_in(shapes), *texts})


def call_from(
    document: Mapping[str, Any],
    operation: openapi_document.Operation,
    endpoint: parsed.Endpoint,
) -> Call:
    """Join what the document says with what the generator parsed.

    Raises:
        GenerateError: The templates have no code for such an operation.
    """
    data = operation.data
    status, success = _success(document, operation)
    body = endpoint.bodies[0].prop if endpoint.bodies else None
    return Call(
        id=operation.id,
        resource=operation.resource,
        verb=operation.verb,
        method=operation.method.upper(),
        path=operation.path,
        summary=str(data.get("summary", operation.id)),
        description=_description(data),
        arguments=(
            *_parameters(document, operation, endpoint),
            *(_body_arguments(document, operation, body) if body is not None else ()),
        ),
        has_body=body is not None,
        body_required=body is not None and body.required,
        result=_result(operation, endpoint),
        result_description=str(success.get("description", "")),
        success_status=status,
        retry_safe=bool(data.get("x-retry-safe", operation.method in IDEMPOTENT_METHODS)),
        pagination=_pagination(operation, endpoint),
        bulk=_bulk(operation, endpoint),
        errors=tuple(_errors(document, operation)),
    )


def _description(data: Mapping[str, Any]) -> str:
    text = str(data.get("description", ""))
    return f"Deprecated.\n\n{text}".strip() if data.get("deprecated") is True else text


def _success(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> tuple[int, Mapping[str, Any]]:
    found = [status for status in operation.data["responses"] if status.startswith("2")]
    if len(found) != 1 or not found[0].isdigit():
        msg = (
            f"{operation.id} ({operation.pointer}/responses): has {len(found)} success responses; "
            "describe exactly one, by its status code."
        )
        raise GenerateError(msg)
    return int(found[0]), openapi_document.resolve(document, operation.data["responses"][found[0]])


def _errors(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> Iterator[tuple[str, str]]:
    for status, response in operation.data["responses"].items():
        if not status.startswith("2"):
            yield status, str(openapi_document.resolve(document, response).get("description", ""))


def _parameters(
    document: Mapping[str, Any],
    operation: openapi_document.Operation,
    endpoint: parsed.Endpoint,
) -> Iterator[Argument]:
    item = document["paths"][operation.path]
    raw = {
        (each["in"], each["name"]): each
        for written in (*item.get("parameters", ()), *operation.data.get("parameters", ()))
        for each in [openapi_document.resolve(document, written)]
    }
    for location, found in endpoint.iter_all_parameters():
        key = fields.text(found.name)
        where = f"{operation.id}, parameter {key}"
        if location not in {"path", "query"}:
            msg = f"{where}: the templates send no {location} parameters; move it to the query."
            raise GenerateError(msg)
        written = raw[str(location.value), key]
        shape = fields.shape_of(found, where)
        shape = fields.with_zone(document, written.get("schema", {}), shape)
        if shape.kind in {"list", "model"} or shape.type.startswith(("list[", "dict[")):
            msg = f"{where}: only single values go into a path or a query; give it a scalar type."
            raise GenerateError(msg)
        yield Argument(
            name=naming.identifier(key),
            key=key,
            location="path" if location == "path" else "query",
            required=found.required,
            shape=shape,
            description=descriptions.described(document, written),
            example=descriptions.example_of(document, written),
        )


def _body_arguments(
    document: Mapping[str, Any], operation: openapi_document.Operation, body: PropertyProtocol
) -> Iterator[Argument]:
    if not isinstance(body, ModelProperty):
        msg = f"{operation.id}: the request body must be an object component, its keys arguments."
        raise GenerateError(msg)
    request = openapi_document.resolve(document, operation.data["requestBody"])
    media_type = next(iter(request["content"].values()))
    component = naming.component_of(media_type["schema"]["$ref"]) or ""
    example = _media_example(document, media_type)
    for field in fields.model_fields(document, component, body):
        yield Argument(
            name=field.name,
            key=field.key,
            location="body",
            required=field.required,
            shape=field.shape,
            description=field.description,
            example=example.get(field.key, field.example),
        )


def _media_example(document: Mapping[str, Any], media_type: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first example of a request body: its values fit together."""
    if "example" in media_type:
        return dict(media_type["example"])
    for example in media_type.get("examples", {}).values():
        return dict(openapi_document.resolve(document, example).get("value", {}))
    return {}


def _result(
    operation: openapi_document.Operation, endpoint: parsed.Endpoint
) -> fields.Shape | None:
    (response,) = endpoint.responses.patterns
    if response.source["attribute"] == "None":
        return None
    shape = fields.shape_of(response.prop, f"{operation.id}, success response")
    if shape.kind != "model" or shape.nullable:
        msg = f"{operation.id}: the success response must be one object component."
        raise GenerateError(msg)
    return shape


def _pagination(
    operation: openapi_document.Operation,
    endpoint: parsed.Endpoint,
) -> Pagination | None:
    described = operation.data.get("x-pagination")
    if described is None:
        return None
    where = f"{operation.id} ({operation.pointer}/x-pagination)"
    queries = {fields.text(each.name) for each in endpoint.query_parameters}
    if described.get("style") != "offset" or {described["offset"], described["limit"]} - queries:
        msg = f"{where}: needs style offset and query parameters for offset and limit."
        raise GenerateError(msg)
    items = described["items"]
    return Pagination(
        offset=described["offset"],
        limit=described["limit"],
        items=items,
        maximum=described["maximum"],
        default=described["default"],
        item=_item_shape(endpoint, items, where),
        attribute=naming.identifier(items),
        applied_limit=_applied_limit(described.get("applied_limit")),
    )


def _applied_limit(path: str | None) -> Code:
    """Return the attributes that lead from a page to the limit that its response names."""
    keys = [] if path is None else path.split(".")
    literals = (string_literal(naming.identifier(key)) for key in keys)
    return Code(f"({''.join(f'{each}, ' for each in literals)})") if keys else Code("")


def _bulk(operation: openapi_document.Operation, endpoint: parsed.Endpoint) -> Bulk | None:
    described = operation.data.get("x-bulk")
    if described is None:
        return None
    where = f"{operation.id} ({operation.pointer}/x-bulk)"
    body = endpoint.bodies[0].prop if endpoint.bodies else None
    if not isinstance(body, ModelProperty) or described["parameter"] not in _properties(body):
        msg = f"{where}: the request body has no key {described['parameter']!r}."
        raise GenerateError(msg)
    items = described["items"]
    return Bulk(
        parameter=described["parameter"],
        items=items,
        maximum=described["maximum"],
        item=_item_shape(endpoint, items, where),
        attribute=naming.identifier(items),
    )


def _item_shape(endpoint: parsed.Endpoint, key: str, where: str) -> fields.Shape:
    response = endpoint.responses.patterns[0].prop
    found = _properties(response).get(key) if isinstance(response, ModelProperty) else None
    shape = None if found is None else fields.shape_of(found, where).item
    if shape is None or shape.kind != "model":
        msg = f"{where}: the response has no list of objects named {key!r}."
        raise GenerateError(msg)
    return shape


def _properties(model: ModelProperty) -> dict[str, PropertyProtocol]:
    found = (*(model.required_properties or ()), *(model.optional_properties or ()))
    return {fields.text(each.name): each for each in found}
