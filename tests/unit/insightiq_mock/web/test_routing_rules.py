"""Which operation a request reaches, and what is said when it reaches none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any

import httpx
import orjson
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.context import ApiError, RequestContext, Response
from insightiq_mock.openapi import Document, Operation
from insightiq_mock.openapi.stack import OneDeveloper, RouteTable, normalised_path

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"


class Recording:
    """A server whose handlers note their calls."""

    def __init__(self, make_server: Callable[..., Server], document: Document) -> None:
        self.calls: list[RequestContext] = []
        ids = (operation.id for operation in document.operations)
        self.request = make_server(dict.fromkeys(ids, self._answer))

    def _answer(self, call: RequestContext) -> Response:
        self.calls.append(call)
        return Response(200, orjson.dumps({"id": ID, "name": "x", "data": []}))


@pytest.fixture
def recording(make_server: Callable[..., Server], document: Document) -> Recording:
    """A server whose handlers note their calls."""
    return Recording(make_server, document)


def operation(method: str, path: str) -> Operation:
    """Make an operation whose id is its method and path."""
    return Operation(f"{method} {path}", method, path, (), {})


def test_a_literal_path_wins_over_a_template_declared_before_it(recording: Recording) -> None:
    """OpenAPI matches concrete paths first, whatever their order in the document."""
    recording.request("POST", "/v1/things/search", json={"ids": [ID]})
    assert [call.operation_id for call in recording.calls] == ["things.search"]


def test_a_literal_path_wins_whatever_its_methods(server: Server) -> None:
    """GET on a path that only has POST is 405, not the template's GET with a wrong id."""
    response = server("GET", "/v1/things/search")
    assert response.status_code == 405
    assert response.headers["allow"] == "OPTIONS, POST"


def test_405_lists_every_method_of_the_path(server: Server) -> None:
    """Allow names all documented methods and the two that the server adds."""
    assert server("PUT", "/v1/things").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    templated = server("POST", f"/v1/things/{ID}")
    assert templated.status_code == 405
    assert templated.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "get"])
def test_an_odd_method_is_405(server: Server, method: str) -> None:
    """Methods are compared as they are written; an unknown one is not a crash."""
    assert server(method, "/v1/things").status_code == (200 if method == "get" else 405)


def test_an_unknown_path_is_404_before_credentials_are_asked_for(server: Server) -> None:
    """Order: path, method, credentials, parameters."""
    assert server("GET", "/v1/nothing", auth=None).status_code == 404
    assert server("PUT", "/v1/things", auth=None).status_code == 405
    assert server("GET", "/v1/things?limit=0", auth=None).status_code == 401


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/things/", "//v1/things", f"/v1/things/{ID}/"])
def test_a_slash_too_many_is_404_and_no_redirect(server: Server, path: str) -> None:
    """A redirect would turn a client's mistake into a second request that hides it."""
    assert server("GET", path).status_code == 404


def test_an_encoded_slash_belongs_to_its_parameter(recording: Recording) -> None:
    """An external id may hold a slash, a percent sign, a space or any letter."""
    for raw, decoded in [
        ("a%2Fb", "a/b"),
        ("a%252Fb", "a%2Fb"),
        ("50%25", "50%"),
        ("a%20b", "a b"),
        ("%C3%BC%F0%9F%8E%89", "ü🎉"),
        ("a+b", "a+b"),
        ("%2e%2e", ".."),
    ]:
        response = recording.request("GET", f"/v1/users/external_id/{raw}")
        assert response.status_code == 200
        assert recording.calls[-1].path == {"external_id": decoded}


def test_a_path_parameter_that_is_not_utf8_is_400(server: Server) -> None:
    """A server that replaced the bytes would look up another id."""
    response = server("GET", "/v1/users/external_id/%FF")
    assert response.status_code == 400
    assert response.json()["error"]["message"] == "path parameter external_id: is not UTF-8."


@pytest.mark.parametrize("number", ["abc", "1.5", "0", "%2B1", "1_0"])
def test_a_wrong_integer_in_the_path_is_400(server: Server, number: str) -> None:
    """The stock router would say 404: as if the path did not exist."""
    assert server("GET", f"/v1/pages/{number}").status_code == 400


def test_head_answers_like_get_without_a_body(server: Server) -> None:
    """Status and headers are GET's, the length included."""
    get, head = server("GET", "/v1/things"), server("HEAD", "/v1/things")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["content-type"] == "application/json"


def test_head_sends_no_byte_of_a_body(document: Document) -> None:
    """Seen from the server, not through a client that would drop the bytes."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(dict(message))

    scope = {
        "type": "http",
        "method": "HEAD",
        "path": "/v1/status",
        "query_string": b"",
        "headers": [],
    }
    asyncio.run(MockApp(document, {}, OneDeveloper("a", "b"))(scope, receive, send))
    start, body = sent
    assert start["status"] == 200
    assert int(dict(start["headers"])[b"content-length"]) > 0
    assert body["body"] == b""


def test_head_of_an_error_has_no_body(server: Server) -> None:
    """An error keeps its status and loses its envelope."""
    head = server("HEAD", "/v1/things?limit=0")
    assert (head.status_code, head.content) == (400, b"")


def test_head_without_get_is_405(server: Server) -> None:
    """HEAD exists only where GET does."""
    assert server("HEAD", "/v1/things/search").status_code == 405


def test_options_tells_the_methods_without_credentials(server: Server) -> None:
    """OPTIONS is answered for every path of the document, with no body."""
    response = server("OPTIONS", "/v1/things", auth=None)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "content-type" not in response.headers
    assert server("OPTIONS", "/v1/nothing").status_code == 404


def test_the_path_of_the_first_server_comes_before_every_path(
    make_server: Callable[..., Server], document: Document
) -> None:
    """A document may write the common beginning of its paths into the server's URL."""
    data = {**document.data, "servers": [{"url": "https://api.example.com/base/"}]}
    server = make_server(served=Document("api", data, document.operations))
    assert server("GET", "/base/v1/things").status_code == 200
    assert server("GET", "/v1/things").status_code == 404


def test_a_fault_that_connexion_finds_shows_at_start(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack is built by a first call, which must not be somebody's first request."""

    def fail(*_arguments: object) -> None:
        msg = "no routes today"
        raise RuntimeError(msg)

    monkeypatch.setattr("insightiq_mock.openapi.stack.RouteTable", fail)
    with pytest.raises(RuntimeError, match="no routes today"):
        MockApp(document, {}, OneDeveloper("a", "b"))


def test_literal_segments_win_at_the_leftmost_difference() -> None:
    """Of several templates that match, the one that is literal earlier is meant."""
    table = RouteTable(
        [
            operation("GET", "/{a}/{b}"),
            operation("GET", "/{a}/x"),
            operation("GET", "/y/{b}"),
            operation("GET", "/y/{b}.json"),
        ]
    )
    assert table.match("GET", "/y/x").operation_id == "GET /y/{b}"
    assert table.match("GET", "/z/x").operation_id == "GET /{a}/x"
    assert table.match("GET", "/z/z").parameters == {"a": "z", "b": "z"}


def test_literal_characters_of_a_template_are_not_a_pattern() -> None:
    """A dot in a path is a dot."""
    table = RouteTable([operation("GET", "/a.b/{c}")])
    with pytest.raises(ApiError):
        table.match("GET", "/axb/1")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"/v1/%75sers", "/v1/users"),
        (b"/v1/a%2fb", "/v1/a%2Fb"),
        (b"/v1/\xc3\xbc", "/v1/%C3%BC"),
        (b"/v1/%zz%", "/v1/%zz%"),
        (b"/v1/a%7Eb", "/v1/a~b"),
    ],
)
def test_paths_are_compared_in_one_form(raw: bytes, expected: str) -> None:
    """Needless escapes are undone, needed ones kept and written in one way."""
    assert normalised_path(raw) == expected
