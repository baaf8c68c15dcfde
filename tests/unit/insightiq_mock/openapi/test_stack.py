"""Routing of requests to operations."""

from __future__ import annotations

import asyncio
import base64
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
        self.request = make_server(dict.fromkeys(ids, self._response))

    def _response(self, call: RequestContext) -> Response:
        self.calls.append(call)
        return Response(200, orjson.dumps({"id": ID, "name": "x", "data": []}))


@pytest.fixture
def recording(make_server: Callable[..., Server], document: Document) -> Recording:
    """A server whose handlers note their calls."""
    return Recording(make_server, document)


def operation(method: str, path: str) -> Operation:
    """Make an operation whose id is its method and path."""
    return Operation(f"{method} {path}", method, path, (), {})


def test_literal_path_wins_over_template_declared_before_it(recording: Recording) -> None:
    recording.request("POST", "/v1/things/search", json={"ids": [ID]})
    assert [call.operation_id for call in recording.calls] == ["things.search"]


def test_literal_path_wins_whatever_its_methods(server: Server) -> None:
    response = server("GET", "/v1/things/search")
    assert response.status_code == 405
    assert response.headers["allow"] == "OPTIONS, POST"


def test_405_lists_every_method_of_path(server: Server) -> None:
    assert server("PUT", "/v1/things").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    templated = server("POST", f"/v1/things/{ID}")
    assert templated.status_code == 405
    assert templated.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW", "get"])
def test_odd_method_is_405(server: Server, method: str) -> None:
    assert server(method, "/v1/things").status_code == (200 if method == "get" else 405)


def test_unknown_path_is_404_before_credentials_are_asked_for(server: Server) -> None:
    assert server("GET", "/v1/nothing", auth=None).status_code == 404
    assert server("PUT", "/v1/things", auth=None).status_code == 405
    assert server("GET", "/v1/things?limit=0", auth=None).status_code == 401


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/things/", "//v1/things", f"/v1/things/{ID}/"])
def test_slash_too_many_is_404_and_no_redirect(server: Server, path: str) -> None:
    assert server("GET", path).status_code == 404


def test_encoded_slash_belongs_to_its_parameter(recording: Recording) -> None:
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


def test_path_parameter_that_is_not_utf8_is_400(server: Server) -> None:
    response = server("GET", "/v1/users/external_id/%FF")
    assert response.status_code == 400
    assert response.json()["error"]["message"] == "path parameter external_id: is not UTF-8."


@pytest.mark.parametrize("number", ["abc", "1.5", "0", "%2B1", "1_0"])
def test_wrong_integer_in_path_is_400(server: Server, number: str) -> None:
    assert server("GET", f"/v1/pages/{number}").status_code == 400


def test_head_responds_like_get_without_body(server: Server) -> None:
    get, head = server("GET", "/v1/things"), server("HEAD", "/v1/things")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["content-type"] == "application/json"


def test_head_sends_no_byte_of_body(document: Document) -> None:
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


def test_head_of_error_has_no_body(server: Server) -> None:
    head = server("HEAD", "/v1/things?limit=0")
    assert (head.status_code, head.content) == (400, b"")


def test_head_without_get_is_405(server: Server) -> None:
    assert server("HEAD", "/v1/things/search").status_code == 405


def test_options_reports_methods_without_credentials(server: Server) -> None:
    response = server("OPTIONS", "/v1/things", auth=None)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "content-type" not in response.headers
    assert server("OPTIONS", "/v1/nothing").status_code == 404


def test_path_of_first_server_comes_before_every_path(
    make_server: Callable[..., Server], document: Document
) -> None:
    data = {**document.data, "servers": [{"url": "https://api.example.com/base/"}]}
    server = make_server(served=Document("api", data, document.operations))
    assert server("GET", "/base/v1/things").status_code == 200
    assert server("GET", "/v1/things").status_code == 404


def test_fault_that_connexion_finds_shows_at_start(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:

    def fail(*_arguments: object) -> None:
        msg = "no routes today"
        raise RuntimeError(msg)

    monkeypatch.setattr("insightiq_mock.openapi.stack.RouteTable", fail)
    with pytest.raises(RuntimeError, match="no routes today"):
        MockApp(document, {}, OneDeveloper("a", "b"))


def test_literal_segments_win_at_leftmost_difference() -> None:
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


def test_literal_characters_of_template_are_not_pattern() -> None:
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
    assert normalised_path(raw) == expected


def basic(text: str | bytes) -> dict[str, str]:
    """Make the header for ``text``."""
    raw = text.encode() if isinstance(text, str) else text
    return {"Authorization": f"Basic {base64.b64encode(raw).decode()}"}


def test_right_pair_gets_in_and_names_developer(
    make_server: Callable[..., Server], credentials: tuple[str, str]
) -> None:
    calls: list[RequestContext] = []

    def handle(call: RequestContext) -> Response:
        calls.append(call)
        return Response(200, orjson.dumps({"data": []}))

    response = make_server({"things.list": handle})("GET", "/v1/things")
    assert response.status_code == 200
    assert [call.developer_id for call in calls] == [credentials[0]]


def test_scheme_may_be_written_in_any_case(server: Server, credentials: tuple[str, str]) -> None:
    header = basic(":".join(credentials))["Authorization"].replace("Basic", "bAsIc")
    assert server("GET", "/v1/things", auth=None, headers={"Authorization": header}).is_success


@pytest.mark.parametrize(
    "text",
    [
        "{id}:wrong",
        "{id}:{short_secret}",
        "{id}:{secret}x",
        "{id}:{lower_secret}",
        "{upper_id}:{secret}",
        "{secret}:{id}",
        "wrong:{secret}",
        ":{secret}",
        "{id}:",
        "{id}{secret}",
        "{id}:{secret}é",
        " {id}:{secret}",
        "",
    ],
)
def test_wrong_pair_is_401(server: Server, credentials: tuple[str, str], text: str) -> None:
    client_id, secret = credentials
    sent = text.format(
        id=client_id,
        secret=secret,
        upper_id=client_id.upper(),
        lower_secret=secret.lower(),
        short_secret=secret[:-1],
    )
    assert sent != f"{client_id}:{secret}"
    assert server("GET", "/v1/things", auth=None, headers=basic(sent)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Basic %%%%",
        "Basic AAA",
        "Basic \u00fc",
        "Basic OWExYjZjMWUt MDAwMA==",
        "Bearer {encoded}",
        "{encoded}",
        "Basic\t{encoded}",
        "Basic {encoded}!",
        "Basic {encoded}, Basic {encoded}",
        f"Basic {base64.b64encode(bytes([255, 58, 255])).decode()}",
    ],
)
def test_malformed_header_is_401(server: Server, credentials: tuple[str, str], header: str) -> None:
    encoded = base64.b64encode(":".join(credentials).encode()).decode()
    text = header.replace("{encoded}", encoded).encode("latin-1")
    response = server("GET", "/v1/things", auth=None, headers=[(b"Authorization", text)])
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "invalid_credentials"


def test_no_credentials_are_401_with_challenge(server: Server) -> None:
    response = server("GET", "/v1/things", auth=None)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith('Basic realm="')


def test_two_headers_are_401(server: Server, credentials: tuple[str, str]) -> None:
    right = basic(":".join(credentials))["Authorization"]
    headers = [("Authorization", right), ("Authorization", right)]
    assert server("GET", "/v1/things", auth=None, headers=headers).status_code == 401


def test_credentials_are_checked_before_request_is_read(server: Server) -> None:
    response = server("POST", "/v1/things", auth=("x", "y"), content=b"{")
    assert response.status_code == 401


def test_open_operation_needs_no_credentials(server: Server) -> None:
    assert server("GET", "/v1/status", auth=None).status_code == 200
    assert server("GET", "/v1/status", auth=("x", "y")).status_code == 200


def test_secret_is_never_repeated(server: Server, credentials: tuple[str, str]) -> None:
    response = server("GET", "/v1/things", auth=(credentials[0], "a-secret-guess"))
    assert "a-secret-guess" not in response.text


def test_check_compares_both_halves_whole() -> None:
    check = OneDeveloper("id", "secret")
    assert check("id", "secret")
    assert not check("id", "other")
    assert not check("other", "secret")
    assert not check("idsecret", "")
