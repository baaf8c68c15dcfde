"""Views of the OpenAPI document: operations, responses, lists, links, routes, validators."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import typing
import urllib.parse

import openapi_document
from openapi_schemas import DocumentSchemas
from typing_extensions import TypeIs

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import jsonschema_rs
    from openapi_document import Operation

__all__ = [
    "Contract",
    "Document",
    "Link",
    "ListShape",
    "Routes",
    "Schema",
    "component_name",
    "is_array",
    "is_error",
    "is_retry_safe",
    "is_vendor",
    "links_of",
    "list_shapes",
    "media_type_of",
    "parameter_schema",
    "parameters",
    "resolved",
    "responses",
    "row_schema",
    "success",
    "success_media_type",
    "with_link_bodies",
]

Document: typing.TypeAlias = "Mapping[str, typing.Any]"
Schema: typing.TypeAlias = "Mapping[str, typing.Any]"

_JSON: typing.Final = "application/json"
# RFC 9110, 9.2.2: sending such a request twice has the effect of sending it once.
_IDEMPOTENT: typing.Final = frozenset({"get", "put", "delete"})
_FIRST_ERROR: typing.Final = 400
_WINDOW: typing.Final = ("from_date", "to_date")
# What the descriptions of lists say of their order, and which moment of a row it is about.
_ORDERS: typing.Final = (
    (re.compile(r"most recently changed connection first"), "updated_at"),
    (re.compile(r"most recently published first"), None),
    (re.compile(r"newest first"), None),
)
# Requests there count against somebody's quota, and what is written stays.
_VENDOR_DOMAINS: typing.Final = ("insightiq.ai", "getphyllo.com")
_LINK_KEYWORDS: typing.Final = {"x-request-body": "requestBody"}
_PATH_PARAMETER: typing.Final = re.compile(r"\\\{(\w+)\\\}")
_NOT_THE_MOMENT: typing.Final = frozenset({"created_at", "updated_at"})


def resolved(document: Document, node: typing.Any) -> typing.Any:
    """Follow references and ``allOf``: one member gives a property its description, several merge."""
    for inner in openapi_document.unwrap(document, node):
        node = inner
        members = inner.get("allOf", ()) if openapi_document.is_object(inner) else ()
        if len(members) > 1 or (members and "properties" in inner):
            return _merged(document, inner)
    return node


def _merged(document: Document, node: Schema) -> Schema:
    """Return the object that a schema and the members of its ``allOf`` describe together."""
    own = {key: value for key, value in node.items() if key != "allOf"}
    parts = [*(resolved(document, member) for member in node["allOf"]), own]
    merged = {key: value for part in parts for key, value in part.items()}
    merged["properties"] = {
        name: member for part in parts for name, member in part.get("properties", {}).items()
    }
    merged["required"] = [name for part in parts for name in part.get("required", ())]
    return merged


def is_array(node: object) -> TypeIs[list[typing.Any]]:
    """Return whether ``node`` is a JSON array."""
    return isinstance(node, list)


def component_name(node: typing.Any) -> str | None:
    """Return the name of the component schema that ``node`` refers to, or None."""
    if not openapi_document.is_object(node):
        return None
    members = node.get("allOf", ())
    if len(members) == 1:
        return component_name(members[0])
    reference = node.get("$ref")
    prefix = "#/components/schemas/"
    return reference.removeprefix(prefix) if isinstance(reference, str) else None


def responses(document: Document, operation: Operation) -> dict[int, Schema | None]:
    """Return the schema of each documented status; None for one without a body.

    The first status of a range, such as ``2XX``, stands for all of it.
    """
    return {
        int(status.replace("XX", "00")): media_type_of(document, entry)[1].get("schema")
        for status, entry in operation.data["responses"].items()
        if status != "default"
    }


def media_type_of(document: Document, holder: typing.Any) -> tuple[str, Mapping[str, typing.Any]]:
    """Return the media type of a body that the client uses: JSON where it is offered.

    Args:
        document: The document.
        holder: A request body or a response, or a reference to one.

    Returns:
        Its name, empty where there is no body, and its description.
    """
    content = openapi_document.resolve(document, holder).get("content", {})
    name = next((each for each in content if "json" in each), next(iter(content), ""))
    return name, content.get(name, {})


def success_media_type(document: Document, operation: Operation) -> str:
    """Return the media type of a success; empty where it has no body."""
    entry = next(each for status, each in operation.data["responses"].items() if status < "4")
    return media_type_of(document, entry)[0]


def success(document: Document, operation: Operation) -> tuple[int, Schema | None]:
    """Return the status of a success, and the schema of its body."""
    return next(
        (status, schema)
        for status, schema in responses(document, operation).items()
        if not is_error(status)
    )


def is_error(status: int) -> bool:
    """Whether a status is that of an error."""
    return status >= _FIRST_ERROR


def is_retry_safe(operation: Operation) -> bool:
    """Whether a request may be sent twice, as RFC 9110 or ``x-retry-safe`` says."""
    return operation.method in _IDEMPOTENT or operation.data.get("x-retry-safe") is True


def parameters(document: Document, operation: Operation) -> list[Mapping[str, typing.Any]]:
    """Return the parameters of an operation, those of its path included."""
    item = document["paths"][operation.path]
    entries = [*item.get("parameters", []), *operation.data.get("parameters", [])]
    found = [openapi_document.resolve(document, entry) for entry in entries]
    return list({(each["in"], each["name"]): each for each in found}.values())


def parameter_schema(parameter: Mapping[str, typing.Any]) -> Schema:
    """Return the schema of a parameter, or of its ``content``."""
    content = next(iter(parameter.get("content", {}).values()), parameter)
    schema: Schema = content.get("schema", {})
    return schema


def row_schema(document: Document, operation: Operation) -> Schema:
    """Return the schema of one row of a list or of a search."""
    rows = operation.data.get("x-pagination", operation.data.get("x-bulk", {}))["items"]
    _, schema = success(document, operation)
    page = resolved(document, schema)
    row: Schema = resolved(document, page["properties"][rows])["items"]
    return row


@dataclasses.dataclass(frozen=True, slots=True)
class ListShape:
    """A list of the API: how to ask for it, and what its rows must look like.

    Attributes:
        operation: The list operation.
        offset: Query parameter for the rows to skip.
        limit: Query parameter for the most rows of a page.
        items: Key of the rows in a page.
        default: Rows of a page where no limit is asked for.
        maximum: Most rows of a page.
        parents: Required parameters that are ids of other rows, for example ``account_id``.
        window: First and last day, as parameters; None where the list has no window of days.
        window_required: Whether the window has to be given.
        filters: Optional parameters that narrow the list, by what the row must hold:
            the keys that lead to the value.
        unknown: Optional parameters of which the document does not say what they do.
        moment: Key of the row that the window, and usually the order, is about; None without.
        order: Key of the row by which the list is sorted, newest first; None where no one says.
        has_id: Whether rows have an id.
    """

    operation: Operation
    offset: str
    limit: str
    items: str
    default: int
    maximum: int
    parents: tuple[str, ...]
    window: tuple[str, str] | None
    window_required: bool
    filters: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    moment: str | None
    order: str | None
    has_id: bool


def list_shapes(document: Document, operations: Sequence[Operation]) -> Iterator[ListShape]:
    """Yield the lists among ``operations``."""
    for operation in operations:
        if "x-pagination" in operation.data:
            yield _list_shape(document, operation)


def _list_shape(document: Document, operation: Operation) -> ListShape:
    paging = operation.data["x-pagination"]
    given = {
        each["name"]: each
        for each in parameters(document, operation)
        if each["name"] not in {paging["offset"], paging["limit"]}
    }
    days = sorted(name for name in given if name.endswith(_WINDOW))
    window = (days[0], days[1]) if len(days) == len(_WINDOW) else None
    others = [name for name in given if name not in days]
    row = resolved(document, row_schema(document, operation))
    paths = {name: _path_to(document, row, name) for name in others}
    required = {name for name in given if given[name].get("required")}
    moment = _moment(document, row)
    return ListShape(
        operation=operation,
        offset=paging["offset"],
        limit=paging["limit"],
        items=paging["items"],
        default=paging["default"],
        maximum=paging["maximum"],
        parents=tuple(name for name in others if name in required),
        window=window,
        window_required=bool(set(days) & required),
        filters={name: path for name, path in paths.items() if path},
        unknown=tuple(name for name, path in paths.items() if path is None),
        moment=moment,
        order=_order(operation, row, moment),
        has_id="id" in row.get("properties", {}),
    )


def _path_to(document: Document, row: Schema, name: str) -> tuple[str, ...] | None:
    """Return where a row holds what a parameter asks for: ``account_id`` is ``account`` → ``id``."""
    properties = row.get("properties", {})
    if name in properties:
        return (name,)
    reference = name.removesuffix("_id")
    referred = resolved(document, properties.get(reference, {}))
    if "id" in referred.get("properties", {}):
        return (reference, "id")
    return None


def _moment(document: Document, row: Schema) -> str | None:
    """Return the one moment of a row that is the platform's and not the API's own."""
    moments = [
        name
        for name, schema in row.get("properties", {}).items()
        if name in row.get("required", ())
        and name not in _NOT_THE_MOMENT
        and str(resolved(document, schema).get("format", "")).startswith("date-time")
    ]
    return moments[0] if len(moments) == 1 else None


def _order(operation: Operation, row: Schema, moment: str | None) -> str | None:
    text = " ".join(str(operation.data.get("description", "")).split())
    for phrase, key in _ORDERS:
        if phrase.search(text):
            return (
                key
                or moment
                or ("created_at" if "created_at" in row.get("properties", {}) else None)
            )
    return None


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """One link.

    Attributes:
        source: Id of the operation whose response has the link.
        status: Status of that response.
        name: The link's name there.
        target: Id of the operation that it leads to.
        data: The link as the document has it.
    """

    source: str
    status: int
    name: str
    target: str
    data: Mapping[str, typing.Any]

    def __str__(self) -> str:
        return f"{self.source} {self.status}, link {self.name}"


def links_of(document: Mapping[str, typing.Any], operations: Sequence[Operation]) -> Iterator[Link]:
    """Yield the links from responses of these operations."""
    for operation in operations:
        for status, entry in operation.data["responses"].items():
            response = openapi_document.resolve(document, entry)
            for name, node in response.get("links", {}).items():
                link = with_link_bodies(openapi_document.resolve(document, node))
                target = link.get("operationId", link.get("operationRef", ""))
                yield Link(operation.id, int(status), name, target, link)


def with_link_bodies(node: typing.Any) -> typing.Any:
    """Return a copy in which each link has its body under the keyword that OpenAPI has for it."""
    if isinstance(node, dict):
        members = typing.cast("Mapping[str, typing.Any]", node)
        return {
            _LINK_KEYWORDS.get(key, key): with_link_bodies(each) for key, each in members.items()
        }
    if isinstance(node, list):
        return [with_link_bodies(each) for each in typing.cast("Sequence[typing.Any]", node)]
    return node


class Routes:
    """Finds operations by method and address; a fixed path goes before one with a parameter.

    Args:
        document: The document.
    """

    def __init__(self, document: Mapping[str, typing.Any]) -> None:
        found = list(openapi_document.operations(document))
        self.operations: dict[str, Operation] = {each.id: each for each in found}
        self._routes = [
            (each.method.upper(), _pattern(each.path), each)
            for each in sorted(found, key=lambda each: each.path.count("{"))
        ]
        self._known: dict[tuple[str, str], Operation | None] = {}

    def operation(self, method: str, url: str) -> Operation | None:
        """Return the operation of a request; None where the document has none for it."""
        key = method, _normal(urllib.parse.urlsplit(url).path)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, method: str, path: str) -> Operation | None:
        for verb, pattern, operation in self._routes:
            if verb == method and pattern.search(path):
                return operation
        return None


def _normal(path: str) -> str:
    """Return a path in which only what would change its meaning is percent-encoded."""
    parts = (urllib.parse.unquote(part, errors="surrogateescape") for part in path.split("/"))
    return "/".join(urllib.parse.quote(part, errors="surrogateescape") for part in parts)


def _pattern(path: str) -> re.Pattern[str]:
    # Not anchored at the start: a server may stand under a path of its own.
    return re.compile(_PATH_PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path)) + "$")


class Contract:
    """Responses of the document, with validators.

    Args:
        document: The document.
    """

    def __init__(self, document: Mapping[str, typing.Any]) -> None:
        self.document = document
        self._schemas = DocumentSchemas(document)
        self._validators: dict[tuple[str, int], jsonschema_rs.Draft202012Validator | None] = {}

    def response(self, operation: Operation, status: int) -> Mapping[str, typing.Any] | None:
        """Return the documented response of a status; None where there is none."""
        responses = operation.data["responses"]
        names = (str(status), f"{status // 100}XX", "default")
        entry = next((responses[name] for name in names if name in responses), None)
        if entry is None:
            return None
        response: Mapping[str, typing.Any] = openapi_document.resolve(self.document, entry)
        return response

    def schema(self, operation: Operation, status: int) -> Mapping[str, typing.Any] | None:
        """Return the schema of a body; None where it has none."""
        response = self.response(operation, status) or {}
        schema: Mapping[str, typing.Any] | None = (
            response.get("content", {}).get(_JSON, {}).get("schema")
        )
        return schema

    def validator(
        self, operation: Operation, status: int
    ) -> jsonschema_rs.Draft202012Validator | None:
        """Return the validator of a body; None where there is nothing to validate."""
        key = operation.id, status
        if key not in self._validators:
            schema = self.schema(operation, status)
            self._validators[key] = None if schema is None else self._schemas.validator(schema)
        return self._validators[key]

    @functools.cached_property
    def header_validators(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        """Validators of headers, filled as they are needed."""
        return {}

    def header_validator(
        self, schema: Mapping[str, typing.Any]
    ) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a header's value."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.header_validators:
            self.header_validators[key] = self._schemas.validator(schema)
        return self.header_validators[key]


def is_vendor(base_url: str) -> bool:
    """Whether an address is one of the vendor's."""
    host = urllib.parse.urlsplit(base_url).hostname or ""
    return any(f".{host}".endswith(f".{domain}") for domain in _VENDOR_DOMAINS)
