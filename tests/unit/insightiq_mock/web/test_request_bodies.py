"""How the bytes of a body are read: text, nesting, content type, length."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.context import RequestContext
from insightiq_mock.openapi import Document, document_from
from insightiq_mock.openapi.requests import LONGEST_BODY
from insightiq_mock.openapi.stack import OneDeveloper

Server = Callable[..., httpx.Response]

THING = "/v1/things/11111111-1111-4111-8111-111111111111"


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
def test_a_body_that_cannot_be_read_is_400(server: Server, content: bytes, message: str) -> None:
    """Broken text, wrong encoding and absurd nesting are the client's faults, not crashes."""
    response = server("POST", "/v1/things", content=content)
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith(message)


def test_nesting_within_reason_is_accepted(server: Server) -> None:
    """64 levels pass, and brackets side by side are not nesting."""
    deep = b'{"x": ' + b"[" * 63 + b"]" * 63 + b"}"
    assert server("PATCH", THING, content=deep).status_code == 200
    assert server("PATCH", THING, json={"x": [[]] * 500}).status_code == 200


def test_a_huge_number_in_a_body_is_a_number(server: Server) -> None:
    """JSON does not limit numbers; the schema does."""
    assert server("PATCH", THING, content=b'{"score": 1' + b"0" * 300 + b"}").status_code == 200


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
    """JSON may be announced in several ways, or not at all."""
    headers = {"Content-Type": content_type} if content_type else {}
    response = server("PATCH", THING, content=b"{}", headers=headers)
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
    """Whatever is announced as something else is not read as JSON."""
    response = server("PATCH", THING, content=b"{}", headers={"Content-Type": content_type})
    assert response.status_code == 415
    assert response.json()["error"]["type"] == "UNSUPPORTED_MEDIA_TYPE"


def test_an_optional_body_may_be_absent(recording: Server, calls: list[RequestContext]) -> None:
    """The stock validator refuses a missing body even where it is optional."""
    assert recording("POST", f"{THING}/disconnect").status_code == 200
    assert calls[0].body is None
    assert recording("POST", f"{THING}/disconnect", json={}).status_code == 200
    assert calls[1].body == {}
    assert recording("POST", f"{THING}/disconnect", json=[]).status_code == 400


def test_a_body_where_none_is_documented_is_not_read(
    recording: Server, calls: list[RequestContext]
) -> None:
    """GET with a body is odd but harmless."""
    assert recording("GET", "/v1/things", content=b"{").status_code == 200
    assert calls[0].body is None


def test_a_body_without_declared_length_is_read(
    recording: Server, calls: list[RequestContext]
) -> None:
    """A chunked body has no Content-Length; the stock validator takes it for missing."""

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"name": "a",'
        yield b' "external_id": "b"}'

    assert recording("POST", "/v1/things", content=chunks()).status_code == 201
    assert calls[0].body == {"name": "a", "external_id": "b"}


def test_a_body_that_is_too_long_is_413(server: Server) -> None:
    """By its declared length or by what arrives, whichever tells first."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65_536

    declared = server("POST", "/v1/things", content=b" " * (LONGEST_BODY + 1))
    assert declared.status_code == 413
    assert server("POST", "/v1/things", content=endless()).status_code == 413
    assert server("POST", "/v1/things", content=b" " * LONGEST_BODY).status_code == 400


def test_a_client_that_leaves_is_not_answered(document: Document) -> None:
    """A request whose body never ends has nobody to send an error to."""
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


def test_json_is_read_beside_other_media_types(make_server: Callable[..., Server]) -> None:
    """One media type that the server does not read makes no document unusable."""
    schema = {"type": "object", "required": ["a"]}
    content = {"application/xml": {}, "application/json": {"schema": schema}, "text/csv": {}}
    server = _served_with_body(make_server, {"content": content})
    assert server("GET", "/a", json={"a": 1}).status_code == 204
    assert server("GET", "/a", json={}).status_code == 400
    refused = server("GET", "/a", content=b"<a/>", headers={"Content-Type": "application/xml"})
    assert refused.status_code == 415
    assert refused.json()["error"]["message"] == (
        "The content type 'application/xml' is not understood here; send application/json."
    )


@pytest.mark.parametrize("media_type", ["*/*", "application/*"])
def test_range_of_media_types_takes_json(
    media_type: str, make_server: Callable[..., Server]
) -> None:
    """A range that JSON is in describes a body of JSON."""
    server = _served_with_body(
        make_server, {"content": {media_type: {"schema": {"type": "object"}}}}
    )
    assert server("GET", "/a", json={}).status_code == 204
    assert server("GET", "/a", json=[]).status_code == 400
    assert server("GET", "/a", content="a", headers={"Content-Type": "text/x"}).status_code == 415


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/json"}])
def test_body_that_the_document_does_not_describe_is_415(
    headers: dict[str, str], make_server: Callable[..., Server]
) -> None:
    """A requestBody without content allows none; the sentence says what to do."""
    server = _served_with_body(make_server, {"content": {}})
    assert server("GET", "/a").status_code == 204
    refused = server("GET", "/a", content=b"{}", headers=headers)
    assert refused.status_code == 415
    assert refused.json()["error"]["message"] == (
        "The document gives this operation no request body; send the request without one."
    )


@pytest.mark.parametrize("encoding", ["gzip", "GZip", "x-gzip", "identity", ""])
def test_gzip_of_a_body_is_read(
    encoding: str, recording: Server, calls: list[RequestContext]
) -> None:
    """Clients that compress long bodies are understood; handlers see the JSON."""
    content = b'{"name": "n", "kind": "CARD"}'
    sent = gzip.compress(content) if "zip" in encoding.lower() else content
    recording("PATCH", THING, content=sent, headers={"Content-Encoding": encoding})
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
    """What is no gzip is said; what inflates beyond the limit is not inflated."""
    response = server("PATCH", THING, content=content, headers={"Content-Encoding": "gzip"})
    assert response.status_code == status
    assert response.json()["error"]["message"].startswith(message)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_other_content_encodings_are_415(server: Server, encoding: str) -> None:
    """The sentence names the encoding, and a header those that are understood."""
    response = server("PATCH", THING, content=b"{}", headers={"Content-Encoding": encoding})
    assert (response.status_code, response.headers["accept-encoding"]) == (415, "gzip")
    assert response.json()["error"]["message"] == (
        f"The content encoding '{encoding}' is not understood; send gzip, or the body as it is."
    )
