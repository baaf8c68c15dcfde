"""From a case of schemathesis to a call of the client, and what the request ought to be.

The intended request is made by schemathesis from the document; the call is made of the same values,
as a person would pass them. Nothing of the client is asked what it is going to send.
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

from contract_testing.described import is_array, parameters, resolved
from contract_testing.example_calls import ExampleCall, typed_object, typed_text

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openapi_document import Operation

    from contract_testing.described import Document
    from contract_testing.recording import Exchange
    from contract_testing.schemathesis_bridge import AnyCase
    from contract_testing.servers import Server
    from insightiq import InsightIQ

__all__ = ["Intended", "NotSendableError", "call_of", "differences", "intended"]

Json: typing.TypeAlias = typing.Any

_PLAIN: typing.Final = "application/json"

_INSTANT: typing.Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?", re.ASCII | re.IGNORECASE
)


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


def call_of(
    document: Document, operation: Operation, case: AnyCase, client: InsightIQ
) -> ExampleCall:
    """Return the call that says what ``case`` says, which loses what nobody can say.

    Raises:
        NotSendableError: The client has no argument for something.
    """
    given = parameters(document, operation)
    in_path = tuple(
        # Values of the path are drawn in the spelling of an address.
        _typed(document, each["schema"], urllib.parse.unquote(case.path_parameters[each["name"]]))
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
        by_name[argument] = _typed(document, schemas[name], value)
    return ExampleCall(operation, in_path, by_name, case.body)


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
    return original if len(original) == 36 else form  # noqa: PLR2004 - a UUID with hyphens


def _body_properties(document: Document, operation: Operation) -> Mapping[str, Json]:
    entry = openapi_document.resolve(document, operation.data["requestBody"])
    schema = resolved(document, entry["content"][_PLAIN]["schema"])
    properties: Mapping[str, Json] = schema.get("properties", {})
    return properties


def _typed(document: Document, node: Json, value: Json) -> Json:
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
        return [_typed(document, schema["items"], each) for each in value]
    return value
