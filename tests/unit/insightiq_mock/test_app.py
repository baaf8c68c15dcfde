"""The project's own document, served without handlers: every operation responds with its example."""

from __future__ import annotations

import copy
import pathlib
import re
import sys
import types
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import insightiq_mock
from insightiq_mock.db import Store
from insightiq_mock.openapi import (
    Document,
    Operation,
    default_document_path,
    document_from,
    load_document,
)
from insightiq_mock.server import assemble
from insightiq_mock.settings import Credentials

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(scope="module")
def whole() -> Document:
    """The document that the mock server serves when no other is given."""
    return load_document(default_document_path())


def options_for(document: Document, operation: Operation) -> dict[str, Any]:
    """Make a valid request from the examples of the document."""
    required = {
        written["name"]: written["example"]
        for written in operation.parameters
        if written["in"] == "query" and written.get("required", False)
    }
    options: dict[str, Any] = {"params": required}
    if "requestBody" in operation.data:
        body = document.resolve(operation.data["requestBody"])
        examples = body["content"]["application/json"]["examples"]
        options["json"] = document.resolve(next(iter(examples.values())))["value"]
    return options


def test_every_operation_responds_with_valid_example(
    make_server: Callable[..., Server], whole: Document
) -> None:
    server = make_server(served=whole)
    for operation in whole.operations:
        path = re.sub(r"\{[^}]*\}", ID, operation.path)
        response = server(operation.method, path, **options_for(whole, operation))
        assert response.is_success, f"{operation.id}: {response.text}"
        assert response.headers["mock-source"] == "example"


def test_every_operation_asks_for_credentials(
    make_server: Callable[..., Server], whole: Document
) -> None:
    server = make_server(served=whole)
    for operation in whole.operations:
        path = re.sub(r"\{[^}]*\}", ID, operation.path)
        assert server(operation.method, path, auth=None).status_code == 401, operation.id


def test_operation_added_to_document_gets_response(
    make_server: Callable[..., Server], whole: Document
) -> None:
    data = copy.deepcopy(dict(whole.data))
    data["paths"]["/v1/social/contents/{id}/archive"] = {
        "post": {
            "operationId": "contents.archive",
            "tags": ["contents"],
            "parameters": data["paths"]["/v1/social/contents/{id}"]["get"]["parameters"],
            "responses": data["paths"]["/v1/social/contents/{id}"]["get"]["responses"],
        }
    }
    server = make_server(served=document_from(data))
    response = server("POST", f"/v1/social/contents/{ID}/archive")
    assert response.status_code == 200
    assert response.headers["mock-source"] == "example"
    assert response.json()["id"]


def test_assembled_server_responds_from_its_world(
    whole: Document, call_app: Callable[..., Server], credentials: tuple[str, str]
) -> None:
    with Store.open(None) as store:
        app = assemble(whole, store, Credentials(*credentials), seed=1, validate_responses=True)
        server = call_app(app)
        accounts = server("GET", "/v1/accounts?limit=100")
        assert accounts.headers["mock-source"] == "state"
        identifiers = [account["id"] for account in accounts.json()["data"]]
        assert len(identifiers) > 1
        contents = server("GET", f"/v1/social/contents?limit=100&account_id={identifiers[0]}")
        assert contents.status_code == 200
        assert server("GET", f"/v1/accounts/{ID}").json()["error"]["error_code"]


def test_walk_of_get_is_documented(
    whole: Document, call_app: Callable[..., Server], credentials: tuple[str, str]
) -> None:
    """It crosses at most fifteen files, those of `docs/architecture.md`."""
    package = pathlib.Path(insightiq_mock.__file__).parent
    crossed: dict[str, None] = {}

    def note(frame: types.FrameType, event: str, _argument: object) -> None:
        path = pathlib.Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(package):
            crossed[str(path.relative_to(package))] = None

    with Store.open(None) as store:
        server = call_app(assemble(whole, store, Credentials(*credentials), seed=1))
        other, user = server("GET", "/v1/users?limit=2").json()["data"]
        # The first request of its kind compiles its statement.
        server("GET", f"/v1/users/{other['id']}")
        # Tests may run under a profiler, such as one for coverage.
        before = sys.getprofile()
        sys.setprofile(note)
        try:
            response = server("GET", f"/v1/users/{user['id']}")
        finally:
            sys.setprofile(before)
    assert response.json() == user
    page = (package.parents[1] / "docs" / "architecture.md").read_text()
    section = page.partition("### Walk of a GET")[2]
    assert list(crossed) == re.findall(r"^\d+\. `([^`]+)`", section, re.MULTILINE)
    assert len(crossed) <= 15
