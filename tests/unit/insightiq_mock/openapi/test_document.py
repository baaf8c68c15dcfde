"""Reading the document: what is rejected, and with which words."""

from __future__ import annotations

import asyncio
import copy
import logging
import pathlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from insightiq_mock.app import MockApp
from insightiq_mock.openapi import (
    Document,
    DocumentError,
    DocumentWatch,
    document_from,
    load_document,
)
from insightiq_mock.openapi.stack import OneDeveloper

MINIMAL = {
    "openapi": "3.0.3",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/a": {"get": {"operationId": "a.get", "responses": {"200": {"description": "Fine."}}}},
        "/b/{id}": {
            "get": {
                "operationId": "b.get",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"200": {"description": "Fine."}},
            }
        },
    },
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the minimal document after ``change``."""
    data = copy.deepcopy(MINIMAL)
    change(data)
    return data


def test_operations_come_in_order_of_document(document: Document) -> None:
    ids = [operation.id for operation in document.operations]
    assert ids[0] == "things.get"
    assert ids[-1] == "status.get"
    first = document.operations[0]
    assert (first.method, first.path) == ("GET", "/v1/things/{id}")


def test_parameters_of_path_belong_to_each_of_its_operations(document: Document) -> None:
    for operation in document.operations:
        if operation.path == "/v1/things/{id}":
            assert [parameter["name"] for parameter in operation.parameters] == ["id"]


def test_templates_of_jinja_in_document_stay_as_they_are(document: Document) -> None:
    description = document.data["paths"]["/v1/things/{id}"]["get"]["description"]
    assert description == "A template {{ engine }} must not touch {% this."


def test_unquoted_status_code_is_text(document: Document) -> None:
    assert "200" in document.data["paths"]["/v1/things/{id}"]["get"]["responses"]


def test_unquoted_date_in_file_is_text(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(
        "openapi: 3.0.3\ninfo: {title: T, version: '1', x-day: 2026-04-26}\npaths: {}\n"
    )
    assert load_document(path).data["info"]["x-day"] == "2026-04-26"


def test_routing_copy_names_no_python_function(document: Document) -> None:
    copied = document.routing_copy()
    assert copied["components"]["securitySchemes"] == {
        "basicAuth": {"type": "http", "scheme": "basic"}
    }
    scheme = document.data["components"]["securitySchemes"]["basicAuth"]
    assert "x-basicInfoFunc" in scheme, "the original is left alone"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("openapi: [3\n", "line 2: not valid YAML: "),
        ("a: 1\na: 2\n", "line 2: the key 'a' is written twice, first in line 1; keep one of "),
        ("a: {200: x, '200': y}\n", "line 1: the key '200' is written twice, first in line 1; "),
        ("a:\n  ? [b]\n  : x\n", "line 2: a key is a list or an object, and OpenAPI's keys are "),
        ("- a\n", "holds a list, not an OpenAPI document."),
        ("", "is empty, not an OpenAPI document."),
        ("&a [*a]\n", "line 1: *a stands within &a, so that it holds itself."),
    ],
)
def test_file_that_is_no_document_is_rejected_with_place(
    tmp_path: pathlib.Path, text: str, message: str
) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text)
    with pytest.raises(DocumentError) as caught:
        load_document(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_document_that_contains_itself_is_rejected(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\nx-a: &a {b: *a}\n")
    with pytest.raises(DocumentError, match=r"line 4: \*a stands within &a"):
        load_document(path)


def test_missing_file_is_rejected(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "absent.yaml"
    with pytest.raises(DocumentError) as caught:
        load_document(path)
    assert str(caught.value) == (
        f"{path}: cannot be read (No such file or directory); give the path of an OpenAPI document."
    )


def test_binary_file_is_rejected(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_bytes(b"\xff\xd8\xff\x00")
    with pytest.raises(DocumentError, match="line 1: is not UTF-8 text; save it as UTF-8"):
        load_document(path)


@pytest.mark.parametrize("version", ["2.0", "3.1.0", "3.2.0", "3.0.3-rc1", "3.0", 3.0, None])
def test_only_openapi_3_0_is_served(version: object) -> None:
    with pytest.raises(DocumentError) as caught:
        document_from(changed(lambda data: data.update({"openapi": version})), "api.yaml")
    assert str(caught.value) == (
        f"api.yaml: openapi is {version!r}; the mock server reads OpenAPI 3.0.x documents only."
    )


def _path(data: dict[str, Any], path: str) -> dict[str, Any]:
    operation: dict[str, Any] = data["paths"][path]["get"]
    return operation


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda data: _path(data, "/b/{id}").update({"operationId": "a.get"}),
            "operationId 'a.get' stands at GET /a and at GET /b/{id}; rename one of them.",
        ),
        (
            lambda data: _path(data, "/a").pop("operationId"),
            "GET /a has no operationId; give it one.",
        ),
        (
            lambda data: data["paths"].update(
                {"/b/{name}": {"get": {**_path(data, "/b/{id}"), "operationId": "c.get"}}}
            ),
            "the paths /b/{id} and /b/{name} match the same requests; write them as one.",
        ),
        (
            lambda data: _path(data, "/b/{id}").pop("parameters"),
            "GET /b/{id}: path parameter 'id' is not declared; make the two agree.",
        ),
        (
            lambda data: _path(data, "/a").update(
                {"parameters": _path(data, "/b/{id}")["parameters"]}
            ),
            "GET /a: path parameter 'id' is not part of the path; make the two agree.",
        ),
        (
            lambda data: _path(data, "/a")["responses"].update({"400": {"$ref": "#/components/x"}}),
            "#/paths/~1a/get/responses/400: $ref '#/components/x' leads nowhere: ",
        ),
        (
            lambda data: _path(data, "/a")["responses"].update({"400": {"$ref": "other.yaml#/x"}}),
            "#/paths/~1a/get/responses/400: $ref 'other.yaml#/x': only references within ",
        ),
        (
            lambda data: data.update(
                {"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}}
            ),
            "#/components/schemas/A: $ref '#/components/schemas/A' leads back to itself.",
        ),
        (
            lambda data: _path(data, "/a").update({"security": [{"key": []}]}),
            "a.get asks for the security scheme 'key', which components.securitySchemes does ",
        ),
        (
            lambda data: data.update({"servers": [{"url": "https://{host}/"}]}),
            "the server https://{host}/ does not define 'host'; give it a default.",
        ),
        (
            lambda data: data["info"].pop("version"),
            'not a valid OpenAPI 3.0 document: # /info: "version" is a required property.',
        ),
        (
            lambda data: _path(data, "/a").update({"responses": {}}),
            "not a valid OpenAPI 3.0 document: # /paths/~1a/get/responses: ",
        ),
    ],
)
def test_faulty_document_is_rejected_with_place_and_cure(
    change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        document_from(changed(change), "api.yaml")
    assert str(caught.value).startswith(f"api.yaml: {message}")


@pytest.mark.parametrize("security", [None, []])
def test_document_without_security_is_served(
    security: list[object] | None, make_server: Callable[..., Callable[..., httpx.Response]]
) -> None:

    def change(data: dict[str, Any]) -> None:
        data.pop("security", None)
        if security is not None:
            data["security"] = security
        for path in ("/a", "/b/{id}"):
            _path(data, path).pop("security", None)

    server = make_server(served=document_from(changed(change)))
    assert server("GET", "/a", auth=None).status_code == 200


Server = Callable[..., httpx.Response]

SMALL_API = pathlib.Path(__file__).parents[1] / "small_api.yaml"


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of the small API that may be changed_reload."""
    copied = tmp_path / "api.yaml"
    copied.write_bytes(SMALL_API.read_bytes())
    return copied


@pytest.fixture
def app(path: pathlib.Path, credentials: tuple[str, str]) -> MockApp:
    """A server of that copy."""
    return MockApp(load_document(path), {}, OneDeveloper(*credentials))


def changed_reload(path: pathlib.Path, old: str, new: str) -> None:
    """Replace text in the file, as an editor that moves a new file into place."""
    text = path.read_text()
    assert old in text
    replacement = path.with_name("new.yaml")
    replacement.write_text(text.replace(old, new))
    replacement.replace(path)


def test_changed_document_is_served(
    path: pathlib.Path, app: MockApp, call_app: Callable[[ASGIApp], Server]
) -> None:
    server = call_app(app)
    watch = DocumentWatch(path, app.serve)
    assert not asyncio.run(watch.look())
    assert server("GET", "/v2/status").status_code == 404
    changed_reload(path, "/v1/status:", "/v2/status:")
    assert asyncio.run(watch.look())
    assert server("GET", "/v2/status").status_code == 200
    assert server("GET", "/v1/status").status_code == 404
    assert "/v2/status" in server("GET", "/openapi.json").json()["paths"]
    assert not asyncio.run(watch.look())


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("openapi: 3.0.3", "openapi: [", "not valid YAML"),
        ("openapi: 3.0.3", "openapi: 3.1.0", "OpenAPI 3.0.x documents only"),
        ("operationId: status.get", "operationId: pages.get", "rename one of them"),
    ],
)
def test_broken_document_changes_nothing_and_is_reported(
    path: pathlib.Path,
    app: MockApp,
    call_app: Callable[[ASGIApp], Server],
    caplog: pytest.LogCaptureFixture,
    old: str,
    new: str,
    reported: str,
) -> None:
    server = call_app(app)
    watch = DocumentWatch(path, app.serve)
    text = path.read_text()
    changed_reload(path, old, new)
    with caplog.at_level(logging.ERROR, "insightiq_mock"):
        assert not asyncio.run(watch.look())
        assert not asyncio.run(watch.look())
    (message,) = [record.getMessage() for record in caplog.records]
    assert reported in message
    assert str(path) in message
    assert server("GET", "/v1/status").status_code == 200
    path.write_text(text)
    assert asyncio.run(watch.look())


def test_document_that_is_gone_for_moment_is_waited_for(
    path: pathlib.Path, app: MockApp, caplog: pytest.LogCaptureFixture
) -> None:
    watch = DocumentWatch(path, app.serve)
    text = path.read_text()
    path.unlink()
    assert not asyncio.run(watch.look())
    assert "cannot be read" in caplog.text
    path.write_text(text)
    assert asyncio.run(watch.look())
