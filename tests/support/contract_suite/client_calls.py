"""Calls of the client made from the document: what to call, and what must leave and come back.

schemathesis makes the intended request of a generated case from the document; the call is made of
the same values, as a person would pass them. Nothing is taken from the client.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import email
import email.message
import inspect
import json
import re
import typing
import urllib.parse

import openapi_document
import requests
from document_views import (
    component_name,
    is_array,
    media_type_of,
    parameter_schema,
    parameters,
    resolved,
    success,
    success_media_type,
)
from schemathesis.core import NotSet

from contract_suite.reading import misreadings
from contract_suite.rejections import is_justified
from insightiq import models
from insightiq.errors import APIStatusError, InsightIQError
from insightiq_generated.types import json_value

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    import schemathesis
    from document_views import Document
    from openapi_document import Operation

    from contract_suite.recording import Exchange
    from contract_suite.servers import Server
    from insightiq import InsightIQ

__all__ = [
    "Call",
    "Intended",
    "NotSendableError",
    "call_of",
    "call_through_client",
    "differences",
    "error_mismatches",
    "example_call",
    "typed_value",
]

AnyCase: typing.TypeAlias = "schemathesis.Case[typing.Any]"
Json: typing.TypeAlias = typing.Any

_FORM: typing.Final = "application/x-www-form-urlencoded"
_MULTIPART: typing.Final = "multipart/form-data"
_DELIMITERS: typing.Final = {"spaceDelimited": " ", "pipeDelimited": "|"}
_BYTES: typing.Final = bytes(range(256))
_BAD_REQUEST: typing.Final = 400
_INSTANT: typing.Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?", re.ASCII | re.IGNORECASE
)


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """A call of an operation."""

    operation: Operation
    in_path: tuple[Json, ...]
    by_name: Mapping[str, Json]
    body: Json

    def make(self, client: InsightIQ, **changes: Json) -> Json:
        """Make the call and return its result; for a list, the list."""
        method = getattr(getattr(client, self.operation.resource), self.operation.verb)
        return method(*self.in_path, **{**self.by_name, **changes})

    def fetch(self, client: InsightIQ) -> Json:
        """Make the call and return its result; for a list, its first page."""
        result = self.make(client)
        return next(result.pages()) if "x-pagination" in self.operation.data else result

    def result(self, client: InsightIQ) -> Json:
        """Make the call and return its result, or the error that the client raises."""
        try:
            return self.fetch(client)
        except InsightIQError as error:
            return error


class NotSendableError(Exception):
    """The client has no argument for a value of a case."""


def example_call(document: Document, operation: Operation, client: InsightIQ) -> Call:
    """Return a call of ``operation`` with the document's examples of all that it requires."""
    given = [each for each in parameters(document, operation) if each.get("required")]
    examples = {each["name"]: each["example"] for each in given}
    body = None
    if (entry := operation.data.get("requestBody")) is not None:
        body = _example_body(document, *media_type_of(document, entry))
    return _call(document, operation, client, examples, body)


def _example_body(document: Document, name: str, media_type: Mapping[str, Json]) -> Json:
    """Return the example of a body; bytes where no example can show them."""
    for named in media_type.get("examples", {}).values():
        return openapi_document.resolve(document, named)["value"]
    if "example" in media_type:
        return media_type["example"]
    if name == _MULTIPART:
        properties = resolved(document, media_type["schema"])["properties"]
        return {key: each.get("example", _BYTES) for key, each in properties.items()}
    return _BYTES


def call_of(document: Document, operation: Operation, case: AnyCase, client: InsightIQ) -> Call:
    """Return the call that says what ``case`` says, without what no caller can say."""
    # Values of the path are drawn in the spelling of an address.
    in_path = {
        name: urllib.parse.unquote(text) if isinstance(text, str) else text
        for name, text in case.path_parameters.items()
    }
    body: Json = None if isinstance(case.body, NotSet) else case.body
    if openapi_document.is_object(body) and (known := _body_properties(document, operation)):
        body = case.body = {name: value for name, value in body.items() if name in known}
    described = {each["name"] for each in parameters(document, operation)}
    elsewhere = {**case.headers, **case.cookies}
    given = {name: value for name, value in elsewhere.items() if name in described}
    query = _joined(case.query)
    return _call(document, operation, client, {**query, **given, **in_path}, body)


def _joined(query: Mapping[str, Json]) -> dict[str, Json]:
    """Return query parameters with each object whole: ``filter[kind]`` is a key of ``filter``."""
    found: dict[str, Json] = {}
    for name, value in query.items():
        whole, bracket, key = name.partition("[")
        if bracket and key.endswith("]"):
            found.setdefault(whole, {})[key.removesuffix("]")] = value
        else:
            found[name] = value
    return found


def _call(
    document: Document,
    operation: Operation,
    client: InsightIQ,
    given: Mapping[str, Json],
    body: Json,
) -> Call:
    described = parameters(document, operation)
    schemas = {each["name"]: parameter_schema(each) for each in described}
    path_names = [each["name"] for each in described if each["in"] == "path"]
    by_wire_name = {each["name"]: each for each in described}
    values = {
        name: _unwritten(by_wire_name[name], value) if isinstance(value, str) else value
        for name, value in given.items()
        if name not in path_names
    }
    method = getattr(getattr(client, operation.resource), operation.verb)
    names = inspect.signature(method).parameters
    if openapi_document.is_object(body) and "body" not in names:
        schemas = {**schemas, **_body_properties(document, operation)}
        values = {**values, **body}
    elif body is not None:
        entry = operation.data["requestBody"]
        schemas = {**schemas, "body": media_type_of(document, entry)[1].get("schema", {})}
        values = {**values, "body": body}
    by_name: dict[str, Json] = {}
    for name, value in values.items():
        argument = _argument(name, names)
        if argument is None:
            raise NotSendableError(name)
        by_name[argument] = typed_value(document, schemas.get(name, {}), value)
    in_path = tuple(typed_value(document, schemas[name], given[name]) for name in path_names)
    return Call(operation, in_path, by_name, body)


def _unwritten(parameter: Mapping[str, Json], text: str) -> Json:
    """Return the value that schemathesis wrote into one text."""
    if "content" in parameter:
        return json.loads(text)
    delimiter = _DELIMITERS.get(parameter.get("style", ""))
    return text if delimiter is None else text.split(delimiter) if text else []


def _argument(name: str, names: Container[str]) -> str | None:
    """Return the argument for a name of the document: in snake case, with ``_`` where it is taken."""
    plain = re.sub(r"\W", "_", name).lower()
    return next((each for each in (name, f"{name}_", plain, f"{plain}_") if each in names), None)


def _body_properties(document: Document, operation: Operation) -> Mapping[str, Json]:
    _, media_type = media_type_of(document, operation.data["requestBody"])
    schema = resolved(document, media_type["schema"])
    properties: Mapping[str, Json] = schema.get("properties", {})
    return properties


def typed_value(document: Document, node: Json, value: Json) -> Json:
    """Return ``value`` as a person passes it to the client: days as dates, objects as models."""
    schema = resolved(document, node)
    kind = schema.get("type")
    if isinstance(value, str):
        try:
            return _from_text(document, schema, value)
        except (LookupError, ValueError, OverflowError) as error:
            raise NotSendableError(value) from error
    if kind == "object" and openapi_document.is_object(value):
        model = getattr(models, component_name(node) or "", None)
        return value if model is None else model.from_dict(value)
    if kind == "array" and is_array(value):
        return [typed_value(document, schema["items"], each) for each in value]
    return value


def _from_text(document: Document, schema: Json, text: str) -> Json:
    """Return the value of a text: of a parameter, or of a property that is a text in JSON."""
    form = str(schema.get("format", ""))
    if form == "binary":
        # schemathesis draws files as a text with the bytes beside it.
        return getattr(text, "data", text.encode())
    if form == "date":
        return dt.date.fromisoformat(text)
    if form.startswith("date-time"):
        instant = dt.datetime.fromisoformat(text)
        # Without a zone it is in UTC, in the document as in the client.
        return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    if schema.get("type") == "array":
        parts = text.split(",") if text else []
        return [typed_value(document, schema["items"], part) for part in parts]
    convert = _FROM_TEXT.get(str(schema.get("type")))
    return text if convert is None else convert(text)


_FROM_TEXT: typing.Final[Mapping[str, Callable[[str], Json]]] = {
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Intended:
    """A request as it ought to be."""

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    media_type: str
    body: Json


def _intended(case: AnyCase, operation: Operation, server: Server) -> Intended:
    """Return the request of ``case`` as a client of the document has to send it."""
    kwargs = case.as_transport_kwargs(base_url=server.base_url)
    names = {"method", "url", "params", "data", "json", "files"} & kwargs.keys()
    prepared = requests.Request(**{name: kwargs[name] for name in names}).prepare()
    raw = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    written = prepared.headers.get("content-type", "")
    media_type = case.media_type or ""
    body = _read_body(raw, written if media_type == _MULTIPART else media_type)
    query = _query(prepared.url or "")
    paging = operation.data.get("x-pagination")
    if paging is not None:
        # A client requests full pages from the start, unless it is given others.
        given = {paging["limit"]: str(paging["maximum"]), paging["offset"]: "0", **dict(query)}
        query = list(given.items())
    bulk = operation.data.get("x-bulk")
    if bulk is not None:
        body = {**body, bulk["parameter"]: _once(body[bulk["parameter"]])}
    return Intended(
        method=prepared.method or "",
        path=_segments(prepared.url or ""),
        query=_readable(query),
        media_type=media_type if raw else "",
        body=body,
    )


def _readable(query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return query parameters in one order, and JSON in one spelling."""
    return tuple(sorted((name, _one_spelling(text)) for name, text in query))


def _one_spelling(text: str) -> str:
    if text[:1] not in {"{", "["}:
        return text
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return text


def _read_body(raw: bytes | None, written: str) -> Json:
    """Return a request body in a form that can be compared."""
    media_type = written.partition(";")[0]
    if not raw:
        return None
    if "json" in media_type:
        return json.loads(raw)
    if media_type == _FORM:
        return sorted(urllib.parse.parse_qsl(raw.decode(), keep_blank_values=True))
    if media_type == _MULTIPART:
        message = email.message_from_bytes(f"Content-Type: {written}\r\n\r\n".encode() + raw)
        parts = typing.cast("list[email.message.Message]", message.get_payload())
        return sorted(
            (
                str(part.get_param("name", header="content-disposition")),
                part.get_payload(decode=True),
            )
            for part in parts
        )
    return raw


def _once(ids: list[str]) -> list[str]:
    """Return each id once; those that differ only in case or hyphens are the same."""
    by_form: dict[str, str] = {}
    for each in ids:
        by_form.setdefault(each.replace("-", "").lower(), each)
    # With hyphens they are sent as they are.
    return [each if "-" in each else form for form, each in by_form.items()]


def differences(intended: Intended, exchange: Exchange, server: Server) -> Iterator[str]:
    """Yield how the request that left differs from the intended one."""
    headers = exchange.sent_headers
    written = headers.get("content-type", "")
    sent = Intended(
        method=exchange.method,
        path=_segments(exchange.url),
        query=_readable(_query(exchange.url)),
        media_type=written.partition(";")[0] if exchange.request_body else "",
        body=_read_body(exchange.request_body, written),
    )
    for field in dataclasses.fields(Intended):
        expected, seen = getattr(intended, field.name), getattr(sent, field.name)
        if _canonical(expected) != _canonical(seen):
            yield f"the {field.name} sent is {seen!r}, the document says {expected!r}"
    pair = f"{server.client_id}:{server.client_secret}".encode()
    if headers.get("authorization") != f"Basic {base64.b64encode(pair).decode()}":
        yield "the Authorization header is not HTTP Basic with the client's id and secret"
    if server.client_secret in exchange.url:
        yield "the address holds the client secret"


def _canonical(value: Json) -> str:
    """Return JSON in one spelling: of each instant, and of each number."""

    def one(value: Json) -> Json:
        if openapi_document.is_object(value):
            return {key: one(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return [one(member) for member in typing.cast("list[Json]", value)]
        if isinstance(value, str):
            return _instant(value)
        # 1 and 1.0 are the same number in JSON, but True is none.
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return json.dumps(one(value), sort_keys=True, default=repr)


def _instant(text: str) -> str:
    """Return the one spelling of an instant, with its zone where it has one; other text as it is."""
    if _INSTANT.fullmatch(text) is None:
        return text
    try:
        instant = dt.datetime.fromisoformat(text)
        return (instant.astimezone(dt.UTC) if instant.tzinfo else instant).isoformat()
    except (ValueError, OverflowError):
        return text


def _segments(url: str) -> tuple[str, ...]:
    path = urllib.parse.urlsplit(url).path
    return tuple(urllib.parse.unquote(segment) for segment in path.split("/"))


def _query(url: str) -> list[tuple[str, str]]:
    return urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query, keep_blank_values=True)


def call_through_client(
    document: Document, operation: Operation, case: AnyCase, client: InsightIQ, server: Server
) -> Exchange:
    """Send a generated case by a call of the client; return its exchange."""
    try:
        call = call_of(document, operation, case, client)
    except NotSendableError as error:
        msg = f"{operation.id}: the client has no argument for {error}"
        raise AssertionError(msg) from None
    before = server.recording.count
    result = call.result(client)
    exchange = server.recording.latest
    assert exchange is not None, f"{operation.id}: the client sent nothing: {result!r}"
    assert server.recording.count > before, f"{operation.id}: the client sent nothing: {result!r}"
    intended = _intended(case, operation, server)
    status, schema = success(document, operation)
    for message in (
        *(f"{operation.id}: {each}" for each in differences(intended, exchange, server)),
        *(
            _result_mismatches(document, operation, schema, exchange, result)
            if exchange.status == status
            else error_mismatches(operation, exchange, result)
        ),
    ):
        raise AssertionError(message)
    if exchange.status == _BAD_REQUEST:
        with server.http(retries=True) as http, server.recording.unchecked():
            assert is_justified(exchange.response_body, case, http), (
                f"{operation.id}: a request that fits the document is rejected: "
                f"{exchange.response_body[:300]!r}"
            )
    return exchange


def error_mismatches(operation: Operation, exchange: Exchange, result: Json) -> Iterator[str]:
    """Yield a message for each difference between an error and the response it was made from."""
    where = f"{operation.id} {exchange.status}"
    if not isinstance(result, APIStatusError):
        yield f"{where}: the client gives {result!r:.200} instead of raising the API's error"
        return
    try:
        error: Json = exchange.json["error"]
    except (ValueError, LookupError, TypeError):
        error = None
    if not openapi_document.is_object(error):
        # A response that is no error of the API breaks the document, which the checks report.
        return
    for attribute, expected in {
        "status_code": exchange.status,
        "operation": operation.id,
        "type": error.get("type"),
        "code": error.get("code") or error.get("error_code"),
        "message": error.get("message"),
    }.items():
        seen = getattr(result, attribute)
        if seen != expected:
            yield f"{where}: the error's {attribute} is {seen!r} and should be {expected!r}"


def _result_mismatches(
    document: Document, operation: Operation, schema: Json, exchange: Exchange, result: Json
) -> Iterator[str]:
    if isinstance(result, Exception):
        yield f"{operation.id}: a success ({exchange.status}) raises {result!r}"
    elif schema is None:
        if result is not None:
            yield f"{operation.id}: a response without body gives {result!r}"
    elif "json" not in success_media_type(document, operation):
        sent = exchange.response_body
        if result not in {sent, sent.decode("utf-8", "replace")}:
            yield f"{operation.id}: the result {result!r:.80} is not the body {sent!r:.80}"
    elif "x-bulk" in operation.data:
        rows = {row["id"]: row for row in exchange.json[operation.data["x-bulk"]["items"]]}
        written = {item.id: item.to_dict() for item in result.data}
        if rows != written:
            yield f"{operation.id}: the result is not the response: {_difference(rows, written)}"
    else:
        yield from misreadings(document, schema, result, exchange.json, operation.id)
        body, written = exchange.json, json_value(result)
        if written != body:
            difference = _difference(body, written)
            yield f"{operation.id}: the result, written again, is not the response: {difference}"


def _difference(expected: Json, seen: Json, place: str = "") -> str:
    """Return the first place in which two values of JSON differ."""
    pairs: list[tuple[object, Json, Json]] = []
    if openapi_document.is_object(expected) and openapi_document.is_object(seen):
        keys = {**expected, **seen}
        pairs = [(key, expected.get(key, "nothing"), seen.get(key, "nothing")) for key in keys]
    elif is_array(expected) and is_array(seen) and len(expected) == len(seen):
        pairs = list(zip(range(len(expected)), expected, seen, strict=True))
    for key, left, right in pairs:
        if left != right:
            return _difference(left, right, f"{place}/{key}")
    return f"{place or '/'} was {expected!r:.100} and is {seen!r:.100}"
