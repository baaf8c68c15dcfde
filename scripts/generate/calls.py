"""Template context of an operation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal

import openapi_document

from generate import descriptions, docstrings, fields, naming
from generate.code import Code, string_literal
from generate.errors import GenerateError
from generate.prepare import is_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


__all__ = ["Argument", "Body", "Bulk", "Call", "Pagination", "Success", "body_form", "call_from"]

# RFC 9110, 9.2.2: repeating these has the effect of making them once.
IDEMPOTENT_METHODS = frozenset({"get", "head", "options", "put", "delete", "trace"})

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
# Parameters of these names describe the message itself; OpenAPI 3.0.3 has them ignored.
MESSAGE_HEADERS = frozenset({"accept", "authorization", "content-type"})


@dataclasses.dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a method.

    Attributes:
        name: Python name.
        key: Name on the wire.
        location: Where the value goes; ``file`` is a part of a multipart body.
        required: Whether it must be given.
        shape: How its value is written.
        description: What the document says about it, limits included.
        example: Its example in JSON.
        style: How a list or an object is written (OpenAPI 3.0.3, "Style Values"); ``json`` for a
            parameter with ``content``.
        explode: Whether each item, or each key, is a parameter of its own.
        reserved: Whether reserved characters are written as they are.
    """

    name: Code
    key: str
    location: Literal["path", "query", "header", "cookie", "body", "file"]
    required: bool
    shape: fields.Shape
    description: str
    example: Any
    style: str = ""
    explode: bool = False
    reserved: bool = False

    @property
    def is_single(self) -> bool:
        """Whether it is one value, written without a style."""
        is_value = self.shape.kind in {"plain", "datetime", "date", "enum"}
        parts = self.shape.type.split(" | ")
        is_scalar = is_value and not any(
            each.startswith(("list[", "dict[", "Any")) for each in parts
        )
        return is_scalar and self.style != "json" and not self.reserved

    @property
    def annotation(self) -> Code:
        """Full type annotation."""
        shape = self.shape
        if self.location == "file":
            return Code("FileContent" if self.required else "FileContent | None | Unset")
        if not self.required:
            # None leaves an argument out, except where null is a value of its own on the wire.
            shape = dataclasses.replace(shape, nullable=True)
        return fields.argument_annotation(shape, required=self.required)


@dataclasses.dataclass(frozen=True, slots=True)
class Body:
    """The body of a request.

    Attributes:
        form: How it is written.
        media_type: Its media type.
        required: Whether it must be given.
        whole: Whether it is one argument, ``body``; else each of its keys is one.
    """

    form: Literal["json", "form", "multipart", "text", "bytes"]
    media_type: str
    required: bool
    whole: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Success:
    """A documented success.

    Attributes:
        status: Its status, or a range such as ``2XX``.
        form: How its body is read; ``none`` where it has none.
        media_type: Its media type; empty where it has no body.
        shape: Shape of the result; None where it has no body.
        description: What the document says about it.
    """

    status: str
    form: Literal["json", "text", "bytes", "none"]
    media_type: str
    shape: fields.Shape | None
    description: str

    @property
    def name(self) -> Code:
        """Its status as a part of a name."""
        return Code(self.status.lower())

    @property
    def type(self) -> Code:
        """Annotation of its result."""
        return Code("None") if self.shape is None else fields.annotation(self.shape, required=True)


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
    body: Body | None
    successes: tuple[Success, ...]
    retry_safe: bool
    pagination: Pagination | None
    bulk: Bulk | None
    errors: tuple[tuple[str, str], ...]

    @property
    def result(self) -> fields.Shape | None:
        """Shape of the only success; of the first one with a body, where there are several."""
        return next((each.shape for each in self.successes if each.shape is not None), None)

    @property
    def result_type(self) -> Code:
        """Annotation of the result."""
        written = dict.fromkeys(str(each.type) for each in self.successes)
        return Code(" | ".join(sorted(written, key=lambda name: name == "None")))

    @property
    def is_plain(self) -> bool:
        """Whether the only success is one object, or has no body."""
        (first, *others) = self.successes
        is_object = (
            first.shape is not None and first.shape.kind == "model" and not first.shape.nullable
        )
        return (
            not others
            and first.status.isdecimal()
            and first.status.startswith("2")
            and (first.form == "none" or (first.form == "json" and is_object))
        )

    @property
    def success_status(self) -> int:
        """Status of the first success."""
        return int(self.successes[0].status.replace("X", "0"))

    @property
    def result_description(self) -> str:
        """Description of the first success."""
        return self.successes[0].description

    @property
    def accept(self) -> str:
        """The media types of the successes, as the header ``accept`` lists them."""
        return ", ".join(
            dict.fromkeys(each.media_type for each in self.successes if each.media_type)
        )

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
        results = [each.shape for each in self.successes if each.shape is not None]
        return sorted({*self.signature_classes, *fields.classes_in(results)})

    @property
    def plain_queries(self) -> list[Argument]:
        """Query arguments that are one value, as most are."""
        return [each for each in self.located("query") if each.is_single]

    @property
    def styled_queries(self) -> list[Argument]:
        """Query arguments that are written in a style of their own."""
        return [each for each in self.located("query") if not each.is_single]

    @property
    def sends_headers(self) -> bool:
        """Whether the request has headers of its own."""
        body = self.body is not None and self.body.media_type != "application/json"
        accepts = self.accept not in {"", "application/json"}
        return body or accepts or bool(self.located("header") or self.located("cookie"))

    @property
    def spreads_body(self) -> bool:
        """Whether each key of the body is an argument."""
        return self.body is not None and not self.body.whole

    @property
    def body_argument(self) -> Argument:
        """The argument that is the body."""
        return next(each for each in self.arguments if each.key == "body" and each.name == "body")

    @property
    def readers(self) -> list[tuple[Code, Code, Code]]:
        """Module, class and (for enums) lookup constant of the classes that are read in place."""
        if self.is_plain:
            return []
        shapes = [each.shape for each in self.successes if each.shape is not None]
        return fields.readers_of(shapes)

    @property
    def signature_classes(self) -> list[tuple[Code, Code]]:
        """Module and name of every model, enum and enum's texts in the method's signature."""
        shapes = [argument.shape for argument in self.arguments]
        texts = fields.texts_in(shapes)
        if self.bulk is None:
            shapes += [each.shape for each in self.successes if each.shape is not None]
        shapes += [each.item for each in (self.pagination, self.bulk) if each is not None]
        return sorted({*fields.classes_in(shapes), *texts})


def call_from(document: Mapping[str, Any], operation: openapi_document.Operation) -> Call:
    """Return what the templates need of an operation of a prepared document.

    Raises:
        GenerateError: The templates have no code for such an operation.
    """
    data = operation.data
    body = _body(document, operation)
    successes = tuple(_successes(document, operation))
    return Call(
        id=operation.id,
        resource=operation.resource,
        verb=operation.verb,
        method=operation.method.upper(),
        path=operation.path,
        summary=str(data.get("summary", operation.id)),
        description=_description(data),
        arguments=(
            *_parameters(document, operation),
            *(_body_arguments(document, operation, body) if body is not None else ()),
        ),
        body=body,
        successes=successes,
        retry_safe=bool(data.get("x-retry-safe", operation.method in IDEMPOTENT_METHODS)),
        pagination=_pagination(document, operation, successes),
        bulk=_bulk(document, operation, successes),
        errors=tuple(_errors(document, operation)),
    )


def _description(data: Mapping[str, Any]) -> str:
    text = str(data.get("description", ""))
    return f"Deprecated.\n\n{text}".strip() if data.get("deprecated") is True else text


def _successes(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> Iterator[Success]:
    """Yield the successes, exact statuses first; an operation without one has no body to read."""
    responses: Mapping[str, Any] = operation.data["responses"]
    found = [status for status in responses if str(status).startswith(("2", "3"))]
    if not any(status.startswith("2") for status in found) and "default" in responses:
        found.append("default")
    for status in sorted(found, key=lambda each: (not each.isdecimal(), each)):
        response = responses[status]
        content: Mapping[str, Any] = response.get("content", {})
        description = str(response.get("description", ""))
        shown = "2XX" if status == "default" else status
        if not content:
            yield Success(shown, "none", "", None, description)
            continue
        media_type = _preferred(content)
        schema = content[media_type].get("schema", {})
        form = _response_form(media_type)
        shape = {
            "text": fields.Shape("plain", Code("str")),
            "bytes": fields.Shape("plain", Code("bytes")),
        }.get(form) or fields.shape_of(document, schema).with_tables(f"_variants_{shown.lower()}")
        yield Success(shown, form, media_type, shape, description)
    if not found:
        yield Success("2XX", "none", "", None, "")


def _preferred(content: Mapping[str, Any]) -> str:
    """Return JSON where it is offered, else the first media type."""
    return next((each for each in content if _is_json(each)), next(iter(content)))


def _is_json(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _response_form(media_type: str) -> Literal["json", "text", "bytes"]:
    if _is_json(media_type):
        return "json"
    return "text" if media_type.startswith("text/") else "bytes"


def body_form(media_type: str) -> Literal["json", "form", "multipart", "text", "bytes"]:
    """Return how a request body of ``media_type`` is written."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind in {FORM, MULTIPART}:
        return "form" if kind == FORM else "multipart"
    return _response_form(media_type)


def _body(document: Mapping[str, Any], operation: openapi_document.Operation) -> Body | None:
    request = operation.data.get("requestBody")
    if request is None:
        return None
    media_type = _preferred(request["content"])
    schema = request["content"][media_type].get("schema", {})
    component = naming.component_of(str(schema.get("$ref", "")))
    found: Mapping[str, Any] = (
        {} if component is None else document["components"]["schemas"][component]
    )
    form = body_form(media_type)
    spread = (
        form in {"json", "form", "multipart"}
        and is_model(document, found)
        and found.get("nullable") is not True
        and bool(fields.written_properties(document, found))
    )
    return Body(form, media_type, request.get("required", False) is True, whole=not spread)


def _errors(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> Iterator[tuple[str, str]]:
    for status, response in operation.data["responses"].items():
        if not status.startswith("2"):
            yield status, str(openapi_document.resolve(document, response).get("description", ""))


def _parameters(
    document: Mapping[str, Any], operation: openapi_document.Operation
) -> Iterator[Argument]:
    for written in operation.data["parameters"]:
        location = written["in"]
        if location == "header" and written["name"].lower() in MESSAGE_HEADERS:
            continue
        content = next(iter(written.get("content", {}).values()), None)
        schema = (written if content is None else content).get("schema", {})
        default = "form" if location in {"query", "cookie"} else "simple"
        holder: dict[str, Any] = {**written, **(content or {}), "schema": schema}
        style = "json" if content is not None else written.get("style", default)
        yield Argument(
            name=naming.identifier(written["name"]),
            key=written["name"],
            location=location,
            required=written.get("required", False) is True,
            shape=fields.shape_of(document, schema),
            description=descriptions.described(document, holder),
            example=descriptions.example_of(document, holder),
            style=style,
            explode=written.get("explode", style == "form"),
            reserved=written.get("allowReserved", False) is True,
        )


def _body_arguments(
    document: Mapping[str, Any], operation: openapi_document.Operation, body: Body
) -> Iterator[Argument]:
    request = operation.data["requestBody"]
    media_type = request["content"][body.media_type]
    schema = media_type.get("schema", {})
    example: Any = _media_example(document, media_type)
    if body.whole:
        shape = {
            "text": fields.Shape("plain", Code("str")),
            "bytes": fields.Shape("plain", Code("FileContent")),
        }.get(body.form) or fields.shape_of(document, schema)
        yield Argument(
            name=Code("body"),
            key="body",
            location="file" if body.form == "bytes" else "body",
            required=body.required,
            shape=shape,
            description=str(request.get("description") or descriptions.described(document, schema)),
            example=descriptions.example_of(document, schema) if example is None else example,
        )
        return
    component = naming.component_of(schema["$ref"]) or ""
    properties = fields.written_properties(document, document["components"]["schemas"][component])
    for field in fields.model_fields(document, component):
        node = descriptions.resolved(document, properties[field.key])
        is_file = body.form == "multipart" and node.get("format") == "binary"
        yield Argument(
            name=field.name,
            key=field.key,
            location="file" if is_file else "body",
            required=field.required,
            shape=field.shape,
            description=field.description,
            example=field.example if example is None else example.get(field.key, field.example),
        )


def _media_example(document: Mapping[str, Any], media_type: Mapping[str, Any]) -> Any:
    """Return the first example of a request body: its values fit together."""
    if "example" in media_type:
        return media_type["example"]
    for example in media_type.get("examples", {}).values():
        return openapi_document.resolve(document, example).get("value")
    return None


def _pagination(
    document: Mapping[str, Any],
    operation: openapi_document.Operation,
    successes: tuple[Success, ...],
) -> Pagination | None:
    described = operation.data.get("x-pagination")
    if described is None:
        return None
    where = f"{operation.id} ({operation.pointer}/x-pagination)"
    queries = {each["name"] for each in operation.data["parameters"] if each["in"] == "query"}
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
        item=_item_shape(document, successes, items, where),
        attribute=naming.identifier(items),
        applied_limit=_applied_limit(described.get("applied_limit")),
    )


def _applied_limit(path: str | None) -> Code:
    """Return the attributes that lead from a page to the limit that its response names."""
    keys = [] if path is None else path.split(".")
    literals = (string_literal(naming.identifier(key)) for key in keys)
    return Code(f"({''.join(f'{each}, ' for each in literals)})") if keys else Code("")


def _bulk(
    document: Mapping[str, Any],
    operation: openapi_document.Operation,
    successes: tuple[Success, ...],
) -> Bulk | None:
    described = operation.data.get("x-bulk")
    if described is None:
        return None
    where = f"{operation.id} ({operation.pointer}/x-bulk)"
    content: dict[str, Any] = operation.data.get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] = next(iter(content.values()))["schema"] if content else {}
    if described["parameter"] not in _properties(document, fields.shape_of(document, schema)):
        msg = f"{where}: the request body has no key {described['parameter']!r}."
        raise GenerateError(msg)
    items = described["items"]
    return Bulk(
        parameter=described["parameter"],
        items=items,
        maximum=described["maximum"],
        item=_item_shape(document, successes, items, where),
        attribute=naming.identifier(items),
    )


def _item_shape(
    document: Mapping[str, Any], successes: tuple[Success, ...], key: str, where: str
) -> fields.Shape:
    found = None if not successes else _properties(document, successes[0].shape).get(key)
    shape = None if found is None else fields.shape_of(document, found).item
    if shape is None or shape.kind != "model":
        msg = f"{where}: the response has no list of objects named {key!r}."
        raise GenerateError(msg)
    return shape


def _properties(
    document: Mapping[str, Any], shape: fields.Shape | None
) -> Mapping[str, Mapping[str, Any]]:
    if shape is None or shape.kind != "model":
        return {}
    schemas: Mapping[str, Any] = document["components"]["schemas"]
    component = next(name for name in schemas if naming.class_name(name) == shape.class_name)
    return fields.written_properties(document, schemas[component])
