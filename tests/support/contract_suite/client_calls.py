"""Calls of the client made from the document: what to call, and what must leave and come back.

schemathesis makes the intended request of a generated case from the document; the call is made of
the same values, as a person would pass them. Nothing is taken from the client.
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
from contract_suite.rejections import is_justified
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
    "typed_value",
]

AnyCase: typing.TypeAlias = "schemathesis.Case[typing.Any]"
Json: typing.TypeAlias = typing.Any

_JSON: typing.Final = "application/json"
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
    given = [
        each
        for each in parameters(document, operation)
        if each["in"] == "path" or (each["in"] == "query" and each.get("required"))
    ]
    examples = {each["name"]: each["example"] for each in given}
    body = None
    if (entry := operation.data.get("requestBody")) is not None:
        content = openapi_document.resolve(document, entry)["content"][_JSON]
        named = next(iter(content["examples"].values()))
        body = openapi_document.resolve(document, named)["value"]
    return _call(document, operation, client, examples, body)


def call_of(document: Document, operation: Operation, case: AnyCase, client: InsightIQ) -> Call:
    """Return the call that says what ``case`` says, without what no caller can say."""
    # Values of the path are drawn in the spelling of an address.
    in_path = {name: urllib.parse.unquote(text) for name, text in case.path_parameters.items()}
    if openapi_document.is_object(case.body):
        known = _body_properties(document, operation)
        case.body = {name: value for name, value in case.body.items() if name in known}
    return _call(document, operation, client, {**case.query, **in_path}, case.body)


def _call(
    document: Document,
    operation: Operation,
    client: InsightIQ,
    given: Mapping[str, Json],
    body: Json,
) -> Call:
    described = parameters(document, operation)
    schemas = {each["name"]: each["schema"] for each in described}
    path_names = [each["name"] for each in described if each["in"] == "path"]
    values = {name: value for name, value in given.items() if name not in path_names}
    if openapi_document.is_object(body):
        schemas = {**schemas, **_body_properties(document, operation)}
        values = {**values, **body}
    method = getattr(getattr(client, operation.resource), operation.verb)
    names = inspect.signature(method).parameters
    by_name: dict[str, Json] = {}
    for name, value in values.items():
        argument = name if name in names else f"{name}_"
        if argument not in names:
            raise NotSendableError(name)
        by_name[argument] = typed_value(document, schemas.get(name, {}), value)
    in_path = tuple(typed_value(document, schemas[name], given[name]) for name in path_names)
    return Call(operation, in_path, by_name, body)


def _body_properties(document: Document, operation: Operation) -> Mapping[str, Json]:
    entry = openapi_document.resolve(document, operation.data["requestBody"])
    schema = resolved(document, entry["content"][_JSON]["schema"])
    properties: Mapping[str, Json] = schema.get("properties", {})
    return properties


def typed_value(document: Document, node: Json, value: Json) -> Json:
    """Return ``value`` as a person passes it to the client: days as dates, objects as models."""
    schema = resolved(document, node)
    kind, form = schema.get("type"), str(schema.get("format", ""))
    if isinstance(value, str):
        try:
            if kind == "integer":
                return int(value)
            if form == "date":
                return dt.date.fromisoformat(value)
            if form.startswith("date-time"):
                instant = dt.datetime.fromisoformat(value)
                # Without a zone it is in UTC, in the document as in the client.
                return (instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).astimezone(
                    dt.UTC
                )
        except (ValueError, OverflowError) as error:
            raise NotSendableError(value) from error
    if kind == "object" and openapi_document.is_object(value):
        model = getattr(models, component_name(node) or "", None)
        return value if model is None else model.from_dict(value)
    if kind == "array" and is_array(value):
        return [typed_value(document, schema["items"], each) for each in value]
    return value


@dataclasses.dataclass(frozen=True, slots=True)
class Intended:
    """A request as it ought to be."""

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    body: Json


def _intended(case: AnyCase, operation: Operation, server: Server) -> Intended:
    """Return the request of ``case`` as a client of the document has to send it."""
    kwargs = case.as_transport_kwargs(base_url=server.base_url)
    names = {"method", "url", "params", "data", "json"} & kwargs.keys()
    prepared = requests.Request(**{name: kwargs[name] for name in names}).prepare()
    body: Json = json.loads(prepared.body) if isinstance(prepared.body, str | bytes) else None
    query = dict(_query(prepared.url or ""))
    paging = operation.data.get("x-pagination")
    if paging is not None:
        # A client requests full pages from the start, unless it is given others.
        query = {paging["limit"]: str(paging["maximum"]), paging["offset"]: "0", **query}
    bulk = operation.data.get("x-bulk")
    if bulk is not None:
        body = {**body, bulk["parameter"]: _once(body[bulk["parameter"]])}
    return Intended(
        method=prepared.method or "",
        path=_segments(prepared.url or ""),
        query=tuple(sorted(query.items())),
        body=body,
    )


def _once(ids: list[str]) -> list[str]:
    """Return each id once; those that differ only in case or hyphens are the same."""
    by_form: dict[str, str] = {}
    for each in ids:
        by_form.setdefault(each.replace("-", "").lower(), each)
    # With hyphens they are sent as they are.
    return [each if "-" in each else form for form, each in by_form.items()]


def differences(intended: Intended, exchange: Exchange, server: Server) -> Iterator[str]:
    """Yield how the request that left differs from the intended one."""
    body = exchange.sent_json
    sent = Intended(
        method=exchange.method,
        path=_segments(exchange.url),
        query=tuple(sorted(_query(exchange.url))),
        body=exchange.request_body if body is None and exchange.request_body else body,
    )
    for field in dataclasses.fields(Intended):
        expected, seen = getattr(intended, field.name), getattr(sent, field.name)
        if _canonical(expected) != _canonical(seen):
            yield f"the {field.name} sent is {seen!r}, the document says {expected!r}"
    headers = exchange.sent_headers
    if exchange.request_body and headers.get("content-type", "").partition(";")[0] != _JSON:
        yield f"the body is sent as {headers.get('content-type')!r} instead of {_JSON}"
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
    elif "x-bulk" in operation.data:
        rows = {row["id"]: row for row in exchange.json[operation.data["x-bulk"]["items"]]}
        written = {item.id: item.to_dict() for item in result.data}
        if rows != written:
            yield f"{operation.id}: the result is not the response: {_difference(rows, written)}"
    else:
        yield from misreadings(document, schema, result, exchange.json, operation.id)
        body, written = exchange.json, result.to_dict()
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
