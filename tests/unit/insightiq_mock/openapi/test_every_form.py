"""Every form of OpenAPI 3.0 on the mock server: requests that it reads, responses that it makes."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.openapi import Document, load_document
from insightiq_mock.openapi.prefer import ForcedResponses

Server = Callable[..., httpx.Response]

EVERYTHING = pathlib.Path(__file__).parents[3] / "fixtures" / "everything.yaml"
PATH = "/v1/parameters"
BOUNDARY = "multipart/form-data; boundary=mark"


@pytest.fixture(scope="module")
def everything() -> Document:
    """The document that uses every form."""
    return load_document(EVERYTHING)


@pytest.fixture
def seen() -> list[RequestContext]:
    """The requests that were valid."""
    return []


@pytest.fixture
def served(
    make_server: Callable[..., Server], everything: Document, seen: list[RequestContext]
) -> Server:
    """A server that keeps each valid request."""

    def keep(context: RequestContext) -> Response:
        seen.append(context)
        return Response(200, b'{"done": true}')

    handlers = {each.id: keep for each in everything.operations}
    return make_server(handlers, served=everything, validate_responses=False)


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("tags=a%20b&tags=c", {"tags": ["a b", "c"]}),
        ("ids=1,2", {"ids": [1, 2]}),
        ("ids=", {"ids": []}),
        ("words=x%20y", {"words": ["x", "y"]}),
        ("words=x+y", {"words": ["x", "y"]}),
        ("colours=red|light-blue", {"colours": ["red", "light-blue"]}),
        ("filter%5Bkind%5D=cat&filter[minimum]=2", {"filter": {"kind": "cat", "minimum": 2}}),
        ("query=%7B%22text%22%3A%22hi%22%7D", {"query": {"text": "hi"}}),
        ("raw_path=/a/b", {"raw_path": "/a/b"}),
    ],
)
def test_query_is_read_by_style(
    served: Server, seen: list[RequestContext], query: str, value: dict[str, Any]
) -> None:
    assert served("GET", f"{PATH}/query?{query}").status_code == 200
    assert seen[0].query == value


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("ids=1,x", "query parameter ids /1"),
        ("ids=1&ids=2", "query parameter ids"),
        ("filter[minimum]=x", "query parameter filter /minimum"),
        ("query=no-json", "query parameter query"),
        ("query={}&query={}", "query parameter query"),
        ("since=yesterday", "query parameter since"),
    ],
)
def test_invalid_query_is_rejected_with_its_place(served: Server, query: str, place: str) -> None:
    response = served("GET", f"{PATH}/query?{query}")
    assert response.status_code == 400
    assert f"{place}: " in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("7/true/2026-10-31/red/0.5", 200),
        ("x/true/2026-10-31/red/0.5", 404),
        ("7/yes/2026-10-31/red/0.5", 404),
        ("7/true/2026-13-31/red/0.5", 404),
        ("7/true/2026-10-31/mauve/0.5", 404),
    ],
)
def test_path_is_read_by_type(served: Server, path: str, status: int) -> None:
    found = served("GET", f"{PATH}/{path}").status_code
    assert (found == 200) == (status == 200)
    assert found < 500


def test_headers_and_cookies_are_validated(served: Server) -> None:
    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return served("GET", f"{PATH}/headers", headers=named).status_code

    assert status(X_Trace="t", X_Levels="1,2", Cookie="session=a%3Bb; other=1") == 200
    assert status() == 400
    assert status(X_Trace="t", X_Levels="1,x") == 400
    assert status(X_Trace="t", Cookie="session=a; session=b") == 400


def part(head: str, content: bytes) -> bytes:
    """Return one part of a multipart body."""
    return f"--mark\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


@pytest.mark.parametrize(
    ("method", "path", "media_type", "content", "value"),
    [
        ("PUT", "list", "application/json", b'[{"kind":"cat"}]', [{"kind": "cat"}]),
        ("PUT", "map", "application/json", b'{"a":1}', {"a": 1}),
        ("PUT", "number", "application/json", b"1.5", 1.5),
        ("PUT", "union", "application/json", b'{"kind":"dog"}', {"kind": "dog"}),
        (
            "POST",
            "form",
            "application/x-www-form-urlencoded",
            b"name=Ada+%26&age=3&tags=a&tags=b",
            {"name": "Ada &", "age": 3, "tags": ["a", "b"]},
        ),
        (
            "POST",
            "files",
            BOUNDARY,
            part('name="photo"; filename="a.png"', b"\r\n\xff--mark")
            + part('name="title"', "é".encode())
            + b"--mark--\r\n",
            {"photo": "\r\n\xff--mark", "title": "é"},
        ),
        ("POST", "text", "text/plain", "é".encode(), "é"),
        ("POST", "bytes", "application/octet-stream", b"\x00\xff", "\x00\xff"),
        ("PATCH", "patch", "application/merge-patch+json", b'{"name":null}', {"name": None}),
    ],
)
def test_body_is_read_by_media_type(
    served: Server,
    seen: list[RequestContext],
    method: str,
    path: str,
    media_type: str,
    content: bytes,
    value: object,
) -> None:
    headers = {"Content-Type": media_type}
    response = served(method, f"/v1/bodies/{path}", content=content, headers=headers)
    assert (response.status_code, [each.body for each in seen]) == (200, [value])


@pytest.mark.parametrize(
    ("path", "media_type", "content", "place"),
    [
        ("form", "application/x-www-form-urlencoded", b"name=Ada&age=x", "body /age: "),
        ("form", "application/x-www-form-urlencoded", b"age=3", '"name" is a required'),
        ("form", "application/x-www-form-urlencoded", b"name=%FF", "cannot be read: not UTF-8"),
        ("files", BOUNDARY, part('name="title"', b"a") + b"--mark--", '"photo" is a required'),
        ("files", BOUNDARY, part('name="title"', b"\xff") + b"--mark--", "'title' is not UTF-8"),
        ("files", BOUNDARY, part("x", b"a") + b"--mark--", "a part of it has no name"),
        ("files", BOUNDARY, part('name="photo"', b"a"), "its boundary does not end it"),
        ("files", "multipart/form-data", b"--mark--", "names no boundary"),
    ],
)
def test_invalid_body_is_rejected_with_its_place(
    served: Server, path: str, media_type: str, content: bytes, place: str
) -> None:
    headers = {"Content-Type": media_type}
    response = served("POST", f"/v1/bodies/{path}", content=content, headers=headers)
    assert response.status_code == 400
    assert place in response.json()["error"]["message"]


def test_direction_of_properties_is_kept(
    make_server: Callable[..., Server], everything: Any
) -> None:
    """A request has no readOnly property, and a response no writeOnly one."""
    server = make_server(served=everything)
    created = server("POST", "/v1/pets", json={"name": "Ada", "password": "pw"})
    assert (created.status_code, created.json()) == (201, {"id": "o-1", "name": "Ada"})
    rejected = server("POST", "/v1/pets", json={"id": "o-2", "name": "Ada", "password": "pw"})
    assert rejected.status_code == 400
    assert "body /id: must be absent here" in rejected.json()["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status", "content_type", "content"),
    [
        ("GET", "list", 200, "application/json", b'[{"kind":"cat","lives":9}]'),
        ("GET", "map", 200, "application/json", b'{"tom":{"kind":"cat","lives":9}}'),
        ("GET", "number", 200, "application/json", b"3"),
        ("GET", "text", 200, "text/csv", b"a,b\n1,2\n"),
        ("GET", "bytes", 200, "application/octet-stream", b"text"),
        ("POST", "several", 200, "application/json", b'{"kind":"cat","lives":9}'),
        ("GET", "range", 200, "application/json", b'{"kind":"dog","name":"Rex"}'),
        ("GET", "redirect", 302, None, b""),
    ],
)
def test_example_is_sent_in_its_form(
    make_server: Callable[..., Server],
    everything: Document,
    method: str,
    path: str,
    status: int,
    content_type: str | None,
    content: bytes,
) -> None:
    response = make_server(served=everything)(method, f"/v1/results/{path}")
    assert response.status_code == status
    assert (response.headers.get("content-type"), response.content) == (content_type, content)
    assert response.headers.get("location") == (
        "https://shop.example/elsewhere" if status == 302 else None
    )


def test_each_success_can_be_forced(everything: Document) -> None:
    forced = ForcedResponses(everything)

    def statuses(operation_id: str, code: int) -> tuple[int, bytes]:
        found = forced.respond(RequestContext(operation_id=operation_id), code, None)
        return found.status, found.body

    assert statuses("results.several", 202) == (202, b"")
    assert statuses("results.range", 207) == (207, b'{"kind":"dog","name":"Rex"}')
    assert statuses("results.redirect", 302) == (302, b"")
