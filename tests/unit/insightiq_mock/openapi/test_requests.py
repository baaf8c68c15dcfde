"""Validation and conversion of parameters and bodies."""

from __future__ import annotations

import asyncio
import gzip
import random
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import httpx
import orjson
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.context import RequestContext
from insightiq_mock.openapi import (
    Document,
    DocumentError,
    default_document_path,
    document_from,
    load_document,
)
from insightiq_mock.openapi.requests import LONGEST_BODY, parse_query, request_contracts
from insightiq_mock.openapi.schemas import violations_of
from insightiq_mock.openapi.stack import OneDeveloper

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"
THING = f"/v1/things/{ID}"


def message_of(response: httpx.Response) -> str:
    """Return the message of a 400."""
    assert response.status_code == 400
    message: str = response.json()["error"]["message"]
    return message


def test_handlers_get_typed_values(recording: Server, calls: list[RequestContext]) -> None:
    query = "limit=5&offset=0&deep=true&from_date=2026-02-28&tag=1&tag=2&joined=a,b"
    recording("GET", f"/v1/things?{query}")
    assert calls[0].query == {
        "limit": 5,
        "offset": 0,
        "deep": True,
        "from_date": "2026-02-28",
        "tag": [1, 2],
        "joined": ["a", "b"],
    }
    recording("GET", "/v1/things?limit=5")
    assert calls[1].query == {"limit": 5}


def test_handlers_get_path_and_body(recording: Server, calls: list[RequestContext]) -> None:
    recording("PATCH", THING, json={"score": 1.5, "anything": ["goes"]})
    assert calls[0].path == {"id": ID}
    assert calls[0].body == {"score": 1.5, "anything": ["goes"]}


def test_empty_list_in_one_field_is_empty_list(
    recording: Server, calls: list[RequestContext]
) -> None:
    recording("GET", "/v1/things?joined=")
    assert calls[0].query == {"joined": []}


def test_query_text_is_decoded_as_forms_are(recording: Server, calls: list[RequestContext]) -> None:
    recording("GET", "/v1/things?joined=a+b,%C3%BC")
    assert calls[0].query == {"joined": ["a b", "ü"]}


def test_unknown_query_parameters_are_passed_over(
    recording: Server, calls: list[RequestContext]
) -> None:
    assert recording("GET", "/v1/things?external_id=7&limit=1").status_code == 200
    assert calls[0].query == {"limit": 1}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "query parameter limit: 0 is less than the minimum of 1."),
        ("limit=101", "query parameter limit: 101 is greater than the maximum of 100."),
        ("limit=abc", 'query parameter limit: "abc" is not of type "integer".'),
        ("limit=", 'query parameter limit: "" is not of type "integer".'),
        ("limit=1.5", 'query parameter limit: "1.5" is not of type "integer".'),
        ("limit=1_0", 'query parameter limit: "1_0" is not of type "integer".'),
        ("limit=%C2%B2", 'query parameter limit: "²" is not of type "integer".'),
        ("limit=%D9%A1", 'query parameter limit: "\u0661" is not of type "integer".'),
        ("limit=1&limit=2", "query parameter limit: is given 2 times; give it once."),
        ("deep=1", 'query parameter deep: "1" is not of type "boolean".'),
        ("deep=True", 'query parameter deep: "True" is not of type "boolean".'),
        ("from_date=2026-02-30", 'query parameter from_date: "2026-02-30" is not a "date".'),
        ("from_date=20260228", 'query parameter from_date: "20260228" is not a "date".'),
        ("tag=1&tag=x", 'query parameter tag /1: "x" is not of type "integer".'),
        ("joined=a&joined=b", "query parameter joined: is given 2 times; give it once."),
        ("joined=%FF", "query string: is not UTF-8."),
        ("&".join("a=b" for _ in range(1001)), "query string: has too many fields."),
    ],
)
def test_wrong_query_value_is_400_and_says_where(server: Server, query: str, message: str) -> None:
    assert message_of(server("GET", f"/v1/things?{query}")) == message


@pytest.mark.parametrize("size", [20, 100, 1000, 10000])
def test_huge_number_is_400(server: Server, size: int) -> None:
    assert server("GET", f"/v1/things?limit={'9' * size}").status_code == 400


def test_header_parameters_are_checked(server: Server) -> None:
    assert server("GET", "/v1/things", headers={"X-Other": "?"}).status_code == 200
    assert server("GET", "/v1/things", headers={"X-Trace": ID}).status_code == 200
    assert message_of(server("GET", "/v1/things", headers={"X-Trace": "?"})) == (
        'header parameter x-trace: "?" is not a "uuid".'
    )


@pytest.mark.parametrize(
    "identifier",
    [
        "1",
        f"{ID}0",
        "me",
        "%7B%7D",
        "11111111-1111-4111-81111111-11111111",
        "11111111-111141118111111111111111",
        "1111111111114111811111111111111",
        "111111111111411181111111111111111",
        "1111111111114111811111111111111g",
        f"urn:uuid:{ID}",
        f"%7B{ID}%7D",
    ],
)
def test_malformed_id_in_path_is_400(server: Server, identifier: str) -> None:
    assert message_of(server("GET", f"/v1/things/{identifier}")).startswith("path parameter id: ")


def test_everything_wrong_is_reported_at_once(server: Server) -> None:
    response = server("POST", "/v1/things", json={"name": "", "email": "no one", "colour": "RED"})
    assert set(message_of(response).removesuffix(".").split("; ")) == {
        "body: Additional properties are not allowed ('colour' was unexpected)",
        'body: "external_id" is a required property',
        'body /email: "no one" is not a "email"',
        'body /name: "" is shorter than 1 character',
    }
    both = message_of(server("PATCH", "/v1/things/7", json={"due": "soon"}))
    assert "path parameter id: " in both
    assert "body /due: " in both


def test_many_faults_are_counted(server: Server) -> None:
    message = message_of(server("POST", "/v1/things/search", json={"ids": ["x"] * 100}))
    assert message.startswith('body /ids/0: "x" is not a "uuid"; body /ids/1: ')
    assert message.endswith("; and 90 more")


def test_long_value_is_shortened_in_message(server: Server) -> None:
    assert len(message_of(server("POST", "/v1/things/search", json={"ids": ["x" * 9999]}))) < 300


@pytest.mark.parametrize(
    "body",
    [
        {"when": None},
        {"when": "2026-04-26T09:31:07.482915"},
        {"when": "2026-04-26T09:31:07"},
        {"due": "2024-02-29"},
        {"url": "https://example.com/a?b=c#d"},
        {"event_time": "2021-11-10T15:44:18.520054"},
        {"event_time": "2021-10-25 16:45:26.761622"},
        {"event_time": "2021-10-25T16:45:26.761Z"},
        {"score": 0.001},
        {"gender": None},
        {"gender": "MALE"},
        {"loose": "2026-04-26T09:31:07.482915"},
    ],
)
def test_what_document_allows_is_accepted(server: Server, body: Mapping[str, Any]) -> None:
    assert server("PATCH", THING, json=body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"when": "2026-13-40T09:31:07.482915"},
        {"when": "2026-02-30T09:31:07.482915"},
        {"when": "2026-04-26T09:31:07.482915Z"},
        {"when": "2026-04-26T09:31:07.482915+00:00"},
        {"when": "2026-04-26 09:31:07.482915"},
        {"when": "2026-04-26"},
        {"when": "2026-04-26T25:00:00"},
        {"when": 5},
        {"due": "2026-02-29"},
        {"due": None},
        {"url": "not a uri"},
        {"url": "/relative"},
        {"event_time": "2021-10-25T16:45:26.761+02:00"},
        {"event_time": "2021-10-25"},
        {"score": 0},
        {"gender": "OTHER"},
        {"loose": None},
    ],
)
def test_what_document_forbids_is_400(server: Server, body: Mapping[str, Any]) -> None:
    assert server("PATCH", THING, json=body).status_code == 400


def test_missing_fields_have_code_of_their_own(server: Server) -> None:
    response = server("POST", "/v1/things", json={})
    assert response.json()["error"]["code"] == "missing_fields"
    response = server("POST", "/v1/things", json={"name": ""})
    assert response.json()["error"]["code"] == "invalid_parameters"


def _operation(change: Mapping[str, Any]) -> dict[str, Any]:
    operation = {"operationId": "a.get", "responses": {"200": {"description": "Fine."}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {**operation, **change}}},
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"requestBody": {"content": {"application/json": {"schema": {"pattern": "("}}}}},
            "the schema of the request body of a.get cannot be used: ",
        ),
    ],
)
def test_what_cannot_be_validated_is_rejected_at_start(
    change: Mapping[str, Any], message: str
) -> None:
    document = document_from(_operation(change), "api.yaml")
    with pytest.raises(DocumentError) as caught:
        MockApp(document, {}, OneDeveloper("a", "b"))
    assert str(caught.value).startswith(f"api.yaml: {message}")


THING_BODIES = "/v1/things/11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "body: is required."),
        (b"{", "body: cannot be read: not JSON, unexpected end of data at line 1, column 2."),
        (b"{'a': 1}", "body: cannot be read: not JSON, "),
        (b"NaN", "body: cannot be read: not JSON, "),
        (b'{"a": NaN}', "body: cannot be read: not JSON, "),
        (b"{} {}", "body: cannot be read: not JSON, "),
        (b'{"name": "\xff"}', "body: cannot be read: not UTF-8."),
        ('{"name": "ü"}'.encode("latin-1"), "body: cannot be read: not UTF-8."),
        ('{"name": "a"}'.encode("utf-16"), "body: cannot be read: not UTF-8."),
        (b'{"name": "\\ud800"}', "body: cannot be read: not JSON, "),
        (b"\x00", "body: cannot be read: not JSON, "),
        (b"null", 'body: null is not of type "object".'),
        (b"[]", 'body: [] is not of type "object".'),
        (b'"text"', 'body: "text" is not of type "object".'),
        (b"[" * 65 + b"]" * 65, "body: cannot be read: nested deeper than 64 levels."),
        (b"[" * 200_000, "body: cannot be read: not JSON, "),
        (b'{"a":' * 100_000, "body: cannot be read: not JSON, "),
    ],
)
def test_body_that_cannot_be_read_is_400(server: Server, content: bytes, message: str) -> None:
    response = server("POST", "/v1/things", content=content)
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith(message)


def test_nesting_within_reason_is_accepted(server: Server) -> None:
    deep = b'{"x": ' + b"[" * 63 + b"]" * 63 + b"}"
    assert server("PATCH", THING_BODIES, content=deep).status_code == 200
    assert server("PATCH", THING_BODIES, json={"x": [[]] * 500}).status_code == 200


def test_huge_number_in_body_is_number(server: Server) -> None:
    assert (
        server("PATCH", THING_BODIES, content=b'{"score": 1' + b"0" * 300 + b"}").status_code == 200
    )


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "application/json",
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
        "application/json; boundary=x",
    ],
)
def test_json_content_types_are_understood(server: Server, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = server("PATCH", THING_BODIES, content=b"{}", headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonx",
        "json",
        "",
        ";",
        "application/json; charset=latin-1",
        "application/json; charset=nonsense",
    ],
)
def test_another_content_type_is_415(server: Server, content_type: str) -> None:
    response = server("PATCH", THING_BODIES, content=b"{}", headers={"Content-Type": content_type})
    assert response.status_code == 415
    assert response.json()["error"]["type"] == "UNSUPPORTED_MEDIA_TYPE"


def test_optional_body_may_be_absent(recording: Server, calls: list[RequestContext]) -> None:
    assert recording("POST", f"{THING_BODIES}/disconnect").status_code == 200
    assert calls[0].body is None
    assert recording("POST", f"{THING_BODIES}/disconnect", json={}).status_code == 200
    assert calls[1].body == {}
    assert recording("POST", f"{THING_BODIES}/disconnect", json=[]).status_code == 400


def test_body_where_none_is_documented_is_not_read(
    recording: Server, calls: list[RequestContext]
) -> None:
    assert recording("GET", "/v1/things", content=b"{").status_code == 200
    assert calls[0].body is None


def test_body_without_declared_length_is_read(
    recording: Server, calls: list[RequestContext]
) -> None:

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"name": "a",'
        yield b' "external_id": "b"}'

    assert recording("POST", "/v1/things", content=chunks()).status_code == 201
    assert calls[0].body == {"name": "a", "external_id": "b"}


def test_body_that_is_too_long_is_413(server: Server) -> None:

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65_536

    declared = server("POST", "/v1/things", content=b" " * (LONGEST_BODY + 1))
    assert declared.status_code == 413
    assert server("POST", "/v1/things", content=endless()).status_code == 413
    assert server("POST", "/v1/things", content=b" " * LONGEST_BODY).status_code == 400


def test_client_that_leaves_gets_no_response(document: Document) -> None:
    sent: list[object] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        sent.append(message)

    app = MockApp(document, {}, OneDeveloper("a", "b"))
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/things",
        "query_string": b"",
        "headers": [(b"authorization", b"Basic YTpi")],
    }
    asyncio.run(app(scope, receive, send))
    assert sent == []


def _served_with_body(make_server: Callable[..., Server], body: dict[str, Any]) -> Server:
    operation = {"operationId": "a.get", "responses": {"204": {"description": ""}}}
    item = {"get": {**operation, "requestBody": body}}
    info = {"title": "T", "version": "1"}
    return make_server(
        served=document_from({"openapi": "3.0.3", "info": info, "paths": {"/a": item}}),
        validate_responses=False,
    )


def test_path_style_that_is_not_read_is_rejected_at_start() -> None:
    data = _operation({})
    data["paths"] = {"/a/{q}": data["paths"]["/a"]}
    data["paths"]["/a/{q}"]["post"]["parameters"] = [
        {"name": "q", "in": "path", "required": True, "style": "matrix", "schema": {}}
    ]
    with pytest.raises(DocumentError, match="has the style matrix, which the mock"):
        MockApp(document_from(data, "api.yaml"), {}, OneDeveloper("a", "b"))


def test_each_media_type_has_its_schema(make_server: Callable[..., Server]) -> None:
    schema = {"type": "object", "required": ["a"]}
    text = {"schema": {"type": "string", "maxLength": 3}}
    content = {"application/json": {"schema": schema}, "text/csv": text, "image/*": {}}
    server = _served_with_body(make_server, {"content": content})

    def status(body: bytes, media_type: str) -> int:
        return server("GET", "/a", content=body, headers={"Content-Type": media_type}).status_code

    assert [status(b'{"a": 1}', "application/json"), status(b"{}", "application/json")] == [
        204,
        400,
    ]
    assert [status(b"a,b", "text/csv"), status(b"a,b,c", "text/csv")] == [204, 400]
    assert status("é,b".encode("latin-1"), "text/csv; charset=iso-8859-1") == 204
    assert status(b"\xff", "text/csv") == 400
    assert status(b"a", "text/csv; charset=odd") == 400
    assert status(b"\x00\xff", "image/png") == 204
    rejected = server("GET", "/a", content=b"<a/>", headers={"Content-Type": "application/xml"})
    assert rejected.status_code == 415
    assert rejected.json()["error"]["message"] == (
        "The content type 'application/xml' is not understood here; send application/json or"
        " text/csv or image/*."
    )


@pytest.mark.parametrize("media_type", ["*/*", "application/*"])
def test_range_of_media_types_takes_json(
    media_type: str, make_server: Callable[..., Server]
) -> None:
    server = _served_with_body(
        make_server, {"content": {media_type: {"schema": {"type": "object"}}}}
    )
    assert server("GET", "/a", json={}).status_code == 204
    assert server("GET", "/a", json=[]).status_code == 400
    assert server("GET", "/a", content="a", headers={"Content-Type": "text/x"}).status_code == 415


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}])
def test_body_that_document_does_not_describe_is_415(
    headers: dict[str, str], make_server: Callable[..., Server]
) -> None:
    server = _served_with_body(make_server, {"content": {}})
    assert server("GET", "/a").status_code == 204
    rejected = server("GET", "/a", content=b"{}", headers=headers)
    assert rejected.status_code == 415
    assert rejected.json()["error"]["message"] == (
        "The document gives this operation no request body; send the request without one."
    )


@pytest.mark.parametrize("encoding", ["gzip", "GZip", "x-gzip", "identity", ""])
def test_gzip_of_body_is_read(
    encoding: str, recording: Server, calls: list[RequestContext]
) -> None:
    content = b'{"name": "n", "kind": "CARD"}'
    sent = gzip.compress(content) if "zip" in encoding.lower() else content
    recording("PATCH", THING_BODIES, content=sent, headers={"Content-Encoding": encoding})
    assert [call.body for call in calls] == [{"name": "n", "kind": "CARD"}]


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (b"{}", 400, "body: cannot be read: not gzip."),
        (zlib.compress(b"{}"), 400, "body: cannot be read: not gzip."),
        (gzip.compress(b"{}", mtime=0)[:-1], 400, "body: cannot be read: its gzip is cut off."),
        (gzip.compress(b"{}", mtime=0) * 2, 400, "body: cannot be read: more follows its gzip."),
        (
            gzip.compress(b"{}", mtime=0) + b"{}",
            400,
            "body: cannot be read: more follows its gzip.",
        ),
        (
            gzip.compress(b" " * LONGEST_BODY * 20, mtime=0),
            413,
            f"The request body is longer than {LONGEST_BODY} ",
        ),
        (gzip.compress(b" " * (LONGEST_BODY - 2) + b"[]", mtime=0), 400, "body: [] is not of type"),
    ],
)
def test_gzip_is_inflated_within_limits(
    server: Server, content: bytes, status: int, message: str
) -> None:
    response = server("PATCH", THING_BODIES, content=content, headers={"Content-Encoding": "gzip"})
    assert response.status_code == status
    assert response.json()["error"]["message"].startswith(message)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_other_content_encodings_are_415(server: Server, encoding: str) -> None:
    response = server("PATCH", THING_BODIES, content=b"{}", headers={"Content-Encoding": encoding})
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "gzip")
    assert response.json()["error"]["message"] == (
        f"The content encoding '{encoding}' is not understood; send gzip, or the body as it is."
    )


PIECES = ("a", "b", "limit", "offset", "=", "&", "&&", "==", "1", "", ";", "?", "/", ".", ":", " ")
ESCAPES = ("%20", "%", "%zz", "+", "é", "%C3%A9", "%ff")


def stock(text: str) -> dict[str, list[str]]:
    """Split a query string as the standard library does."""
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="strict"):
        fields.setdefault(name, []).append(value)
    return fields


def test_queries_are_split_as_by_standard_library() -> None:
    chance = random.Random(3)
    plain = 0
    for _ in range(5000):
        pieces = PIECES if chance.random() < 0.6 else PIECES + ESCAPES
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        plain += not ("%" in text or "+" in text)
        try:
            expected = stock(text)
        except UnicodeDecodeError:
            with pytest.raises(UnicodeDecodeError):
                parse_query(text.encode())
        else:
            assert parse_query(text.encode()) == expected, text
    assert 2000 < plain < 4500


@pytest.mark.parametrize("field", ["a=1", "a=%31"])
def test_query_has_at_most_thousand_fields(field: str) -> None:
    assert len(parse_query("&".join([field] * 1000).encode())["a"]) == 1000
    with pytest.raises(ValueError, match="fields"):
        parse_query("&".join([field] * 1001).encode())


def test_value_that_is_valid_has_nothing_wrong_with_it() -> None:
    contracts = request_contracts(load_document(default_document_path()))
    chance = random.Random(4)
    values: list[Any] = [
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "a",
        "2026-02-30",
        "2026-02-28",
        [],
        {},
        [{}],
    ]
    values += ["11111111-1111-4111-8111-111111111111", "no-uuid", {"ids": ["x"]}, ["a", 1]]
    names = ["name", "external_id", "user_id", "account_id", "ids", "products", "url", "events"]
    verdicts = set[bool]()
    for contract in contracts.values():
        validators = [parameter.validator for parameter in (*contract.path, *contract.query)]
        validators += (
            [each.validator for each in contract.body.media_types.values()] if contract.body else []
        )
        for validator in validators:
            objects = [
                {name: chance.choice(values) for name in chance.sample(names, 3)} for _ in range(20)
            ]
            for value in (*values, *objects):
                slow = list(validator.iter_errors(value))
                assert validator.is_valid(value) == (not slow), orjson.dumps(str(value))
                assert bool(violations_of(validator, value, "here")) == bool(slow)
                verdicts.add(not slow)
    assert verdicts == {True, False}
