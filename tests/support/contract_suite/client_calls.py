"""Calls of the client made from the document: what to call, and what must leave and come back.

The intended request of a generated case is made by schemathesis from the document; the call is made of the
same values, as a person would pass them. Nothing of the client is asked what it is going to send.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import inspect
import json
import re
import typing
import urllib.parse

import openapi_document
import requests
from document_views import component_name, is_array, parameters, resolved, success

from contract_suite.reading import misreadings
from contract_suite.rejections import Rejected, is_justified
from insightiq import models
from insightiq.errors import APIStatusError, InsightIQError

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    "intended",
    "typed_object",
    "typed_text",
]

AnyCase: typing.TypeAlias = "schemathesis.Case[typing.Any]"
Json: typing.TypeAlias = typing.Any

_PLAIN: typing.Final = "application/json"
_BAD_REQUEST: typing.Final = 400
_INSTANT: typing.Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?", re.ASCII | re.IGNORECASE
)
_DATE: typing.Final = "date"
_TIMES: typing.Final = frozenset({"date-time", "date-time-local", "date-time-lenient"})


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """A call of an operation.

    Attributes:
        operation: The operation.
        in_path: Arguments of the path, in their order.
        by_name: The other arguments.
        body: The body that has to leave, None for none.
    """

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


def example_call(document: Document, operation: Operation, client: InsightIQ) -> Call:
    """Return a call of ``operation`` with everything that it requires."""
    given = parameters(document, operation)
    in_path = tuple(_example_value(document, each) for each in given if each["in"] == "path")
    by_name = {
        each["name"]: _example_value(document, each)
        for each in given
        if each["in"] == "query" and each.get("required")
    }
    body, body_arguments = _example_body(document, operation)
    method = getattr(getattr(client, operation.resource), operation.verb)
    names = inspect.signature(method).parameters
    arguments = {
        name if name in names else f"{name}_": value
        for name, value in {**by_name, **body_arguments}.items()
    }
    return Call(operation, in_path, arguments, body)


def _example_value(document: Document, parameter: Mapping[str, Json]) -> Json:
    return _typed_example(document, parameter["schema"], parameter["example"])


def _example_body(document: Document, operation: Operation) -> tuple[Json, dict[str, Json]]:
    entry = operation.data.get("requestBody")
    if entry is None:
        return None, {}
    content = openapi_document.resolve(document, entry)["content"]["application/json"]
    named = next(iter(content["examples"].values()))
    example = openapi_document.resolve(document, named)["value"]
    properties = resolved(document, content["schema"]).get("properties", {})
    return example, {
        name: _typed_example(document, properties.get(name, {}), value)
        for name, value in example.items()
    }


def typed_text(schema: Mapping[str, Json], text: str) -> str | dt.date:
    """Return ``text`` as the client takes it: a day as a date, an instant as a datetime.

    Raises:
        ValueError: No value of Python names the instant, as for a leap second.
        OverflowError: It lies outside the years 1 to 9999.
    """
    if schema.get("format") == _DATE:
        return dt.date.fromisoformat(text)
    if schema.get("format") in _TIMES:
        instant = dt.datetime.fromisoformat(text)
        # Without a zone it is in UTC, in the document as in the client.
        zoned = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
        return zoned.astimezone(dt.UTC)
    return text


def _typed_example(document: Document, node: Json, value: Json) -> Json:
    """Return ``value`` as the client takes it: dates as dates, objects as models."""
    schema = resolved(document, node)
    if isinstance(value, str):
        return typed_text(schema, value)
    if schema.get("type") == "object":
        return typed_object(node, value)
    if schema.get("type") == "array":
        return [_typed_example(document, schema["items"], each) for each in value]
    return value


def typed_object(node: Json, value: Mapping[str, Json]) -> Json:
    """Return an object as the client takes it: as the model of its component, where it has one."""
    model = getattr(models, component_name(node) or "", None)
    return value if model is None else model.from_dict(value)


class NotSendableError(Exception):
    """The client has no way to say what a case says."""


@dataclasses.dataclass(frozen=True, slots=True)
class Intended:
    """What the request ought to be.

    Attributes:
        method: HTTP method.
        path: Segments of the path, decoded.
        query: Names and values, sorted.
        body: JSON of the body; None for none.
    """

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    body: Json


def call_of(document: Document, operation: Operation, case: AnyCase, client: InsightIQ) -> Call:
    """Return the call that says what ``case`` says, which loses what nobody can say.

    Raises:
        NotSendableError: The client has no argument for something.
    """
    given = parameters(document, operation)
    in_path = tuple(
        # Values of the path are drawn in the spelling of an address.
        _typed_value(
            document, each["schema"], urllib.parse.unquote(case.path_parameters[each["name"]])
        )
        for each in given
        if each["in"] == "path"
    )
    schemas = {each["name"]: each["schema"] for each in given if each["in"] == "query"}
    values: dict[str, Json] = dict(case.query)
    if isinstance(case.body, dict):
        properties = _body_properties(document, operation)
        # Keys that the document does not know are what no caller can mean.
        case.body = {name: value for name, value in case.body.items() if name in properties}
        schemas.update(properties)
        values.update(case.body)
    method = getattr(getattr(client, operation.resource), operation.verb)
    names = inspect.signature(method).parameters
    by_name: dict[str, Json] = {}
    for name, value in values.items():
        argument = name if name in names else f"{name}_"
        if name not in schemas or argument not in names:
            raise NotSendableError(name)
        by_name[argument] = _typed_value(document, schemas[name], value)
    return Call(operation, in_path, by_name, case.body)


def intended(case: AnyCase, operation: Operation, server: Server) -> Intended:
    """Return what the request of ``case`` ought to be when a client of the document sends it."""
    kwargs = case.as_transport_kwargs(base_url=server.base_url)
    prepared = requests.Request(
        **{
            name: kwargs[name]
            for name in ("method", "url", "params", "data", "json")
            if name in kwargs
        }
    ).prepare()
    body: Json = json.loads(prepared.body) if isinstance(prepared.body, str | bytes) else None
    query = dict(_query(prepared.url or ""))
    paging = operation.data.get("x-pagination")
    if paging is not None:
        # A client pages: it asks for full pages, from the start, unless it was told otherwise.
        query = {paging["limit"]: str(paging["maximum"]), paging["offset"]: "0", **query}
    bulk = operation.data.get("x-bulk")
    if bulk is not None:
        # It asks for each id once.
        body = {**body, bulk["parameter"]: _once(body[bulk["parameter"]])}
    return Intended(
        method=prepared.method or "",
        path=_segments(prepared.url or ""),
        query=tuple(sorted(query.items())),
        body=body,
    )


def differences(wanted: Intended, exchange: Exchange, server: Server) -> Iterator[str]:
    """Yield how the request that left differs from the intended one."""
    sent = Intended(
        method=exchange.method,
        path=_segments(exchange.url),
        query=tuple(sorted(_query(exchange.url))),
        body=_sent_json(exchange),
    )
    for field in dataclasses.fields(Intended):
        expected, seen = getattr(wanted, field.name), getattr(sent, field.name)
        if not _same(expected, seen):
            yield f"the {field.name} sent is {seen!r}, the document says {expected!r}"
    headers = {name.lower(): text for name, text in exchange.request_headers}
    if exchange.request_body and headers.get("content-type", "").partition(";")[0] != _PLAIN:
        yield f"the body is sent as {headers.get('content-type')!r} instead of {_PLAIN}"
    pair = f"{server.client_id}:{server.client_secret}".encode()
    if headers.get("authorization") != f"Basic {base64.b64encode(pair).decode()}":
        yield "the Authorization header is not HTTP Basic with the client's id and secret"
    if server.client_secret in exchange.url:
        yield "the address holds the client secret"


def _sent_json(exchange: Exchange) -> Json:
    if not exchange.request_body:
        return None
    try:
        return json.loads(exchange.request_body)
    except ValueError:
        return exchange.request_body


def _same(expected: Json, seen: Json) -> bool:
    # 1 and 1.0 are the same number in JSON, but True is none.
    return json.dumps(_canonical(expected), sort_keys=True) == json.dumps(
        _canonical(seen), sort_keys=True, default=repr
    )


def _canonical(value: Json) -> Json:
    if isinstance(value, dict):
        members = typing.cast("dict[str, Json]", value)
        return {key: _canonical(member) for key, member in members.items()}
    if isinstance(value, list | tuple):
        return [_canonical(member) for member in typing.cast("list[Json]", value)]
    if isinstance(value, str):
        return _instant(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


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


def _once(ids: list[str]) -> list[str]:
    """Return each id once; those that differ in case or hyphens only are the same."""
    by_form: dict[str, str] = {}
    for each in ids:
        by_form.setdefault(each.replace("-", "").lower(), each)
    return [str(_hyphenated(form, each)) for form, each in by_form.items()]


def _hyphenated(form: str, original: str) -> str:
    return original if len(original) == 36 else form


def _body_properties(document: Document, operation: Operation) -> Mapping[str, Json]:
    entry = openapi_document.resolve(document, operation.data["requestBody"])
    schema = resolved(document, entry["content"][_PLAIN]["schema"])
    properties: Mapping[str, Json] = schema.get("properties", {})
    return properties


def _typed_value(document: Document, node: Json, value: Json) -> Json:
    """Return ``value`` as a person passes it to the client: days as dates, objects as models."""
    schema = resolved(document, node)
    if schema.get("type") == "integer" and isinstance(value, str):
        return int(value)
    if isinstance(value, str):
        try:
            return typed_text(schema, value)
        except (ValueError, OverflowError) as error:
            raise NotSendableError(value) from error
    if schema.get("type") == "object" and openapi_document.is_object(value):
        return typed_object(node, value)
    if schema.get("type") == "array" and is_array(value):
        return [_typed_value(document, schema["items"], each) for each in value]
    return value


def call_through_client(
    document: Document, operation: Operation, case: AnyCase, client: InsightIQ, server: Server
) -> Exchange:
    """Send a generated case by a call of the client; return its exchange.

    Raises:
        AssertionError: The client sent something else than was meant, or misread the response.
    """
    try:
        call = call_of(document, operation, case, client)
    except NotSendableError as error:
        msg = f"{operation.id}: the client has no argument for {error}"
        raise AssertionError(msg) from None
    before = server.recording.count
    result = call.result(client)
    exchange = server.recording.latest
    if exchange is None or server.recording.count == before:
        msg = f"{operation.id}: the client sent nothing: {result!r}"
        raise AssertionError(msg)
    wanted = intended(case, operation, server)
    for message in (
        *(f"{operation.id}: {each}" for each in differences(wanted, exchange, server)),
        *_response_mismatches(document, operation, exchange, result),
    ):
        raise AssertionError(message)
    if exchange.status == _BAD_REQUEST and not _is_justified(server, exchange, case):
        msg = f"{operation.id}: a request that fits the document is rejected: {exchange.response_body[:300]!r}"
        raise AssertionError(msg)
    return exchange


def _response_mismatches(
    document: Document, operation: Operation, exchange: Exchange, result: Json
) -> Iterator[str]:
    status, schema = success(document, operation)
    if exchange.status == status:
        yield from _result_mismatches(document, operation, schema, exchange, result)
    else:
        yield from error_mismatches(operation, exchange, result)


def error_mismatches(operation: Operation, exchange: Exchange, result: Json) -> Iterator[str]:
    """Yield a message for each difference between an error and the response it was made from."""
    where = f"{operation.id} {exchange.status}"
    if not isinstance(result, APIStatusError):
        yield f"{where}: the client gives {result!r:.200} instead of raising the API's error"
        return
    error = _error(exchange)
    if error is None:
        # A response that is no error of the API breaks the document, which the checks report.
        return
    said = {
        "status_code": exchange.status,
        "operation": operation.id,
        "type": error.get("type"),
        "code": error.get("code") or error.get("error_code"),
        "message": error.get("message"),
    }
    for attribute, expected in said.items():
        seen = getattr(result, attribute)
        if seen != expected:
            yield f"{where}: the error's {attribute} is {seen!r} and should be {expected!r}"


def _is_justified(server: Server, exchange: Exchange, case: AnyCase) -> bool:
    with server.http() as client, server.recording.unchecked():
        return is_justified({"error": _error(exchange)}, Rejected(case.query, case.body, client))


def _result_mismatches(
    document: Document, operation: Operation, schema: Json, exchange: Exchange, result: Json
) -> Iterator[str]:
    if isinstance(result, Exception):
        yield f"{operation.id}: a success ({exchange.status}) raises {result!r}"
    elif schema is None:
        if result is not None:
            yield f"{operation.id}: a response without body gives {result!r}"
    elif "x-bulk" in operation.data:
        rows = _json(exchange)[operation.data["x-bulk"]["items"]]
        yield from _row_mismatches(operation, rows, result.data)
    else:
        yield from misreadings(document, schema, result, _json(exchange), operation.id)
        yield from _rewriting_mismatches(operation, _json(exchange), result.to_dict())


def _row_mismatches(operation: Operation, rows: Json, items: Json) -> Iterator[str]:
    written = {item.id: item.to_dict() for item in items}
    by_id = {row["id"]: row for row in rows}
    if sorted(by_id) != sorted(written):
        yield f"{operation.id}: the response has {sorted(by_id)}, the result {sorted(written)}"
        return
    for key, row in by_id.items():
        yield from _rewriting_mismatches(operation, row, written[key])


def _rewriting_mismatches(operation: Operation, body: Json, written: Json) -> Iterator[str]:
    if written != body:
        difference = _first_difference(body, written)
        yield f"{operation.id}: the result, written again, is not the response: {difference}"


def _first_difference(wanted: Json, seen: Json, place: str = "") -> str:
    for key, left, right in _members(wanted, seen):
        if left != right:
            return _first_difference(left, right, f"{place}/{key}")
    return f"{place or '/'} was {wanted!r:.100} and is {seen!r:.100}"


def _members(wanted: Json, seen: Json) -> Iterator[tuple[object, Json, Json]]:
    """Yield what stands in the same place of two objects, or of two arrays of the same length."""
    if openapi_document.is_object(wanted) and openapi_document.is_object(seen):
        for key in {**wanted, **seen}:
            yield key, wanted.get(key, "nothing"), seen.get(key, "nothing")
    if is_array(wanted) and is_array(seen) and len(wanted) == len(seen):
        yield from zip(range(len(wanted)), wanted, seen, strict=True)


def _error(exchange: Exchange) -> Json:
    try:
        error: Json = _json(exchange)["error"]
    except (ValueError, LookupError, TypeError):
        return None
    return error if openapi_document.is_object(error) else None


def _json(exchange: Exchange) -> Json:
    return json.loads(exchange.response_body)
