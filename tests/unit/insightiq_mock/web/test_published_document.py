"""What the server gives away about itself: the document, and a page to read it."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import importlib.resources
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.openapi import Document, document_from, read_text
from insightiq_mock.openapi.stack import OneDeveloper
from insightiq_mock.web.internal_routes import Offers

Server = Callable[..., httpx.Response]

# Those of the npm package swagger-ui-dist 5.35.0.
LIBRARY = {
    "swagger-ui.css": "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
    "swagger-ui-bundle.js": "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
    "swagger-ui-bundle.js.LICENSE.txt": (
        "37eb6e7e59aed57b2c1acf076574b818ea07b74265717e0bd67b59e0baf9abbb"
    ),
    "LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
    "NOTICE": "0d20d1adef18aee3f40dd258172155521ce702ac445cb5f7b7d60ed32dad2fb2",
}


def test_the_document_is_given_away_as_json_and_as_yaml(server: Server, document: Document) -> None:
    """To everybody, and both say the same."""
    as_json = server("GET", "/openapi.json", auth=None)
    as_yaml = server("GET", "/openapi.yaml", auth=None)
    assert as_json.headers["content-type"] == "application/json"
    assert as_yaml.headers["content-type"] == "application/yaml"
    assert as_json.json() == read_text(as_yaml.text, "served").data
    assert as_json.json()["paths"] == document.data["paths"]
    assert "&id0" not in as_yaml.text


@pytest.mark.parametrize(
    "asked", ["http://localhost:4321", "http://[::1]:8080", "https://127.0.0.1", "http://mock"]
)
def test_this_server_stands_first(server: Server, asked: str) -> None:
    """As it was asked for: tools that take the first server call the mock, not the real API."""
    documents = [
        server("GET", f"{asked}/openapi.json").json(),
        read_text(server("GET", f"{asked}/openapi.yaml").text, "served").data,
    ]
    for document in documents:
        urls = [each["url"] for each in document["servers"]]
        assert urls == [asked, "https://api.example.com"]


def test_other_addresses_of_this_machine_are_left_out(
    document: Document, make_server: Callable[..., Server]
) -> None:
    """The document names the port that the mock has by default; it may be another one."""
    data = copy.deepcopy(dict(document.data))
    urls = ["https://api.example.com", "http://127.0.0.1:4010", "http://localhost", "/base", "//["]
    data["servers"] = [{"url": url} for url in urls]
    servers = make_server(served=document_from(data))("GET", "/openapi.json").json()["servers"]
    assert [each["url"] for each in servers] == [
        "http://localhost",
        "https://api.example.com",
        "//[",
    ]


def test_text_differs_with_the_address(server: Server) -> None:
    """Who has it from another address has another text."""
    tags = {
        server("GET", f"http://localhost:{port}/openapi.json").headers["etag"] for port in (1, 2)
    }
    assert len(tags) == 2


def test_a_base_path_stays(document: Document, make_server: Callable[..., Server]) -> None:
    """The paths of the document are relative to it."""
    data = copy.deepcopy(dict(document.data))
    data["servers"] = [{"url": "https://api.example.com/base"}]
    server = make_server(served=document_from(data))
    assert server("GET", "/openapi.json").json()["servers"][0]["url"] == ("http://localhost/base")
    assert server("GET", "/base/v1/things").status_code == 200


def test_what_names_code_is_left_out(server: Server) -> None:
    """Other keys of tools stay: they are what makes a document useful."""
    text = server("GET", "/openapi.json").text + server("GET", "/openapi.yaml").text
    assert "x-basicInfoFunc" not in text
    assert "no_such_module" not in text


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml"])
def test_who_has_the_text_already_is_not_sent_it_again(server: Server, path: str) -> None:
    """By its tag, also among others and where a proxy has weakened it."""
    first = server("GET", path)
    tag = first.headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        again = server("GET", path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert "content-length" not in again.headers
    assert server("GET", path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/docs", "/docs/start.js"])
def test_own_paths_are_for_reading(server: Server, path: str) -> None:
    """With the errors that everything else has."""
    head = server("HEAD", path, auth=None)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == server("GET", path).headers["content-length"]
    refused = server("POST", path)
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert server("OPTIONS", path).headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_page_shows_the_document_without_any_network(server: Server) -> None:
    """Everything that it loads is here, and its policy lets it load nothing else."""
    page = server("GET", "/docs", auth=None)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Small API</title>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert len(loaded) == 4
    for each in loaded:
        assert each == "data:," or server("GET", each, auth=None).status_code == 200
    script = server("GET", "/docs/start.js").text
    assert '"/openapi.json"' in script
    assert "validatorUrl: null" in script


def test_the_title_cannot_become_markup(
    document: Document, make_server: Callable[..., Server]
) -> None:
    """It comes from a file that somebody wrote."""
    data: dict[str, Any] = copy.deepcopy(dict(document.data))
    data["info"]["title"] = "<script>alert(1)</script>"
    assert "<script>alert" not in make_server(served=document_from(data))("GET", "/docs").text


def test_nothing_else_lies_there(server: Server) -> None:
    """Neither other files of the package nor of the machine."""
    for path in ("/docs/README.md", "/docs/../app.py", "/docs/%2e%2e/app.py", "/docs/x", "/docsx"):
        assert server("GET", path, auth=None).status_code in (401, 404)


def test_the_library_s_files_are_the_published_ones() -> None:
    """A change to them would be lost, or be somebody else's; see the README beside them."""
    folder = importlib.resources.files("insightiq_mock.web") / "static" / "swagger-ui"
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LIBRARY}
    assert found == LIBRARY


def filled_in(document: Document, **offers: Any) -> Server:
    """A server of a document whose documentation is filled in."""
    app = MockApp(document, {}, OneDeveloper("me", "mine"), offers=Offers(**offers))

    def call(method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://mock:1") as client:
                return await client.request(method, path, **options)

        return asyncio.run(send())

    return call


EXAMPLES_API = """
openapi: 3.0.3
info: {title: Examples, version: 1.0.0}
security: []
paths:
  /things/{id}:
    parameters:
      - {$ref: '#/components/parameters/Id'}
    put:
      operationId: things.put
      parameters:
        - {name: limit, in: query, schema: {type: integer}, example: 10}
        - {name: owner_id, in: query, schema: {type: string}, examples: {a: {value: x}}}
      requestBody: {$ref: '#/components/requestBodies/Thing'}
      responses: {'204': {description: Done.}}
    delete:
      operationId: things.delete
      responses: {'204': {description: Done.}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}, example: theirs}
  requestBodies:
    Thing:
      required: true
      content:
        application/json:
          schema: {type: object}
          examples: {default: {$ref: '#/components/examples/Thing'}}
  examples:
    Thing: {value: {owner_id: x, url: y, parts: [{owner_id: x, name: z}]}}
"""


def test_examples_of_requests_come_from_the_world() -> None:
    """Values replace those of parameters and of bodies; other operations stay as they are."""

    def examples(base_url: str) -> dict[str, dict[str, object]]:
        return {"things.put": {"id": "ours", "owner_id": "o", "url": f"{base_url}/in"}}

    document = document_from(read_text(EXAMPLES_API, "examples").data)
    server = filled_in(document, examples=examples)
    published = server("GET", "/openapi.json").json()
    assert read_text(server("GET", "/openapi.yaml").text, "served").data == published
    document_from(published)
    item = published["paths"]["/things/{id}"]
    shown = {each["name"]: each.get("example") for each in item["put"]["parameters"]}
    assert shown == {"id": "ours", "limit": 10, "owner_id": "o"}
    assert all("examples" not in each for each in item["put"]["parameters"])
    media = item["put"]["requestBody"]["content"]["application/json"]
    assert media["example"] == {
        "owner_id": "o",
        "url": "http://mock:1/in",
        "parts": [{"owner_id": "o", "name": "z"}],
    }
    assert "examples" not in media
    assert item["delete"] == document.data["paths"]["/things/{id}"]["delete"]
    assert published["components"] == document.data["components"]


def test_credentials_are_filled_in_where_they_are_offered(document: Document) -> None:
    """In an answer that other origins cannot read, not in a script, which they can run."""
    server = filled_in(document, credentials=lambda: ("me", 'se"cret'))
    answer = server("GET", "/docs/credentials.json")
    (scheme,) = (
        name
        for name, each in document.data["components"]["securitySchemes"].items()
        if each.get("scheme") == "basic"
    )
    assert answer.json() == {"scheme": scheme, "username": "me", "password": 'se"cret'}
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    script = server("GET", "/docs/start.js").text
    assert '"/docs/credentials.json"' in script
    assert "cret" not in script


def test_nothing_is_filled_in_otherwise(server: Server) -> None:
    """Nor is there anything to ask for."""
    assert "const credentials = null;" in server("GET", "/docs/start.js").text
    assert server("GET", "/docs/credentials.json").status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_root_leads_browsers_to_the_page(server: Server, method: str) -> None:
    """What is opened first is the address of the server."""
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    answer = server(method, "/", auth=None, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


def test_root_names_the_documentation(server: Server) -> None:
    """To programs, in the envelope of all errors."""
    answer = server("GET", "/", auth=None)
    assert answer.status_code == 404
    message = answer.json()["error"]["message"]
    assert all(path in message for path in ("/docs", "/openapi.json", "/openapi.yaml"))
