"""The published document, and its page."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import importlib.resources
import re
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from insightiq_mock.app import MockApp
from insightiq_mock.db import Store
from insightiq_mock.openapi import (
    Document,
    default_document_path,
    document_from,
    load_document,
    read_text,
)
from insightiq_mock.openapi.stack import OneDeveloper
from insightiq_mock.server import assemble
from insightiq_mock.settings import credentials_from_seed
from insightiq_mock.testing import MockTransport
from insightiq_mock.testing.transports import PrivateLoop
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


def test_document_is_given_away_as_json_and_as_yaml(server: Server, document: Document) -> None:
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
    data = copy.deepcopy(dict(document.data))
    urls = ["https://api.example.com", "http://127.0.0.1:4010", "http://localhost", "/base", "//["]
    data["servers"] = [{"url": url} for url in urls]
    servers = make_server(served=document_from(data))("GET", "/openapi.json").json()["servers"]
    assert [each["url"] for each in servers] == [
        "http://localhost",
        "https://api.example.com",
        "//[",
    ]


def test_text_differs_with_address(server: Server) -> None:
    tags = {
        server("GET", f"http://localhost:{port}/openapi.json").headers["etag"] for port in (1, 2)
    }
    assert len(tags) == 2


def test_base_path_stays(document: Document, make_server: Callable[..., Server]) -> None:
    data = copy.deepcopy(dict(document.data))
    data["servers"] = [{"url": "https://api.example.com/base"}]
    server = make_server(served=document_from(data))
    assert server("GET", "/openapi.json").json()["servers"][0]["url"] == ("http://localhost/base")
    assert server("GET", "/base/v1/things").status_code == 200


def test_what_names_code_is_left_out(server: Server) -> None:
    text = server("GET", "/openapi.json").text + server("GET", "/openapi.yaml").text
    assert "x-basicInfoFunc" not in text
    assert "no_such_module" not in text


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml"])
def test_who_has_text_already_is_not_sent_it_again(server: Server, path: str) -> None:
    first = server("GET", path)
    tag = first.headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}"):
        again = server("GET", path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert "content-length" not in again.headers
    assert server("GET", path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/docs", "/docs/start.js"])
def test_own_paths_are_for_reading(server: Server, path: str) -> None:
    head = server("HEAD", path, auth=None)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == server("GET", path).headers["content-length"]
    rejected = server("POST", path)
    assert (rejected.status_code, rejected.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert server("OPTIONS", path).headers["allow"] == "GET, HEAD, OPTIONS"


def test_page_shows_document_without_any_network(server: Server) -> None:
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


def test_title_cannot_become_markup(document: Document, make_server: Callable[..., Server]) -> None:
    data: dict[str, Any] = copy.deepcopy(dict(document.data))
    data["info"]["title"] = "<script>alert(1)</script>"
    assert "<script>alert" not in make_server(served=document_from(data))("GET", "/docs").text


def test_nothing_else_lies_there(server: Server) -> None:
    for path in ("/docs/README.md", "/docs/../app.py", "/docs/%2e%2e/app.py", "/docs/x", "/docsx"):
        assert server("GET", path, auth=None).status_code in (401, 404)


def test_library_s_files_are_published_ones() -> None:
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


def test_examples_of_requests_come_from_world() -> None:

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
    server = filled_in(document, credentials=lambda: ("me", 'se"cret'))
    response = server("GET", "/docs/credentials.json")
    (scheme,) = (
        name
        for name, each in document.data["components"]["securitySchemes"].items()
        if each.get("scheme") == "basic"
    )
    assert response.json() == {"scheme": scheme, "username": "me", "password": 'se"cret'}
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    script = server("GET", "/docs/start.js").text
    assert '"/docs/credentials.json"' in script
    assert "cret" not in script


def test_nothing_is_filled_in_otherwise(server: Server) -> None:
    assert "const credentials = null;" in server("GET", "/docs/start.js").text
    assert server("GET", "/docs/credentials.json").status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_root_leads_browsers_to_page(server: Server, method: str) -> None:
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    response = server(method, "/", auth=None, headers={"Accept": accept})
    assert (response.status_code, response.headers["location"]) == (307, "/docs")


def test_root_names_documentation(server: Server) -> None:
    response = server("GET", "/", auth=None)
    assert response.status_code == 404
    message = response.json()["error"]["message"]
    assert all(path in message for path in ("/docs", "/openapi.json", "/openapi.yaml"))


CREDENTIALS = credentials_from_seed(1)
OPERATIONS = load_document(default_document_path()).operations
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WEBHOOK = {"name": "w", "url": "http://127.0.0.1:1/", "events": ["PROFILES.ADDED"]}


@pytest.fixture
def api() -> Iterator[httpx.Client]:
    """A server with the default developer's world, not limited."""
    loop = PrivateLoop("documentation")
    with Store.open(None) as store:
        document = load_document(default_document_path())
        sandbox = assemble(document, store, CREDENTIALS, seed=1, limits=False)
        auth = (CREDENTIALS.client_id, CREDENTIALS.client_secret)
        transport = MockTransport(sandbox, loop)
        with httpx.Client(base_url="http://localhost", auth=auth, transport=transport) as client:
            yield client
    loop.close()


def published(api: httpx.Client) -> Document:
    """The document as it is served now."""
    return document_from(api.get("/openapi.json").json())


def execute(api: httpx.Client, document: Document, operation_id: str) -> httpx.Response:
    """Do what the page's button does: send what is filled in."""
    (operation,) = (each for each in document.operations if each.id == operation_id)
    path, query = operation.path, dict[str, Any]()
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            value = urllib.parse.quote(str(parameter["example"]), safe="")
            path = path.replace(f"{{{parameter['name']}}}", value)
        elif "example" in parameter:
            query[parameter["name"]] = parameter["example"]
    body = None
    if "requestBody" in operation.data:
        content = document.resolve(operation.data["requestBody"])["content"]
        media = content["application/json"]
        shown = media.get("example")
        for each in media.get("examples", {}).values():
            shown = document.resolve(each)["value"]
        body = shown
    return api.request(operation.method, path, params=query, json=body)


def test_every_operation_works_as_filled_in(api: httpx.Client) -> None:
    assert api.post("/v1/webhooks", json=WEBHOOK).status_code == 201
    document = published(api)
    assert len(document.operations) == len(OPERATIONS)
    failed: list[object] = []
    for operation in document.operations:
        response = execute(api, document, operation.id)
        is_empty = operation.method == "GET" and response.json().get("data") == []
        if not response.is_success or (is_empty and operation.id != "webhooks.list"):
            failed.append((operation.id, response.status_code, response.text))
    assert failed == []


def test_new_world_lacks_webhook_alone(api: httpx.Client) -> None:
    document = published(api)
    failed = [
        operation.id
        for operation in document.operations
        if not execute(api, document, operation.id).is_success
    ]
    assert failed == ["webhooks.get", "webhooks.update", "webhooks.delete"]


def test_values_follow_world(api: httpx.Client) -> None:
    for _ in range(3):
        document = published(api)
        for operation_id in ("users.create", "accounts.disconnect", "webhooks.create"):
            assert execute(api, document, operation_id).is_success
    document = published(api)
    webhook = execute(api, document, "webhooks.get").json()
    assert webhook["url"] == "http://localhost/_mock/inbox/docs"
    assert execute(api, document, "webhooks.delete").status_code == 204


SPELLINGS: list[Callable[[str], str]] = [
    lambda text: text.replace("-", ""),
    str.upper,
    lambda text: text.replace("-", "").upper(),
]


def respelt(value: Any, spell: Callable[[str], str]) -> Any:
    """Write each id in a value otherwise."""
    if isinstance(value, dict):
        return {key: respelt(member, spell) for key, member in value.items()}
    if isinstance(value, list):
        return [respelt(member, spell) for member in value]
    return ID.sub(lambda found: spell(found[0]), value) if isinstance(value, str) else value


@pytest.mark.parametrize("spell", SPELLINGS, ids=["plain", "upper", "plain upper"])
def test_id_is_one_however_it_is_written(api: httpx.Client, spell: Callable[[str], str]) -> None:
    api.post("/v1/webhooks", json=WEBHOOK)
    document = published(api)
    spelt = document_from(
        {**document.data, "paths": respelt(document.data["paths"], spell)}  # type: ignore[arg-type] # an object
    )
    compared = 0
    for operation in document.operations:
        # What is sent by hand comes back letter by letter; the others make or end something.
        if operation.id in {"webhooks.send", "webhooks.delete", "accounts.disconnect"}:
            continue
        if operation.id.endswith(".create"):
            continue
        usual = execute(api, document, operation.id)
        again = execute(api, spelt, operation.id)
        assert again.status_code == usual.status_code, (operation.id, again.text)
        if operation.id != "webhooks.update":
            assert again.content == usual.content, operation.id
        compared += 1
    assert compared > 45
    assert execute(api, spelt, "sdk_tokens.create").status_code == 201
    assert execute(api, spelt, "accounts.disconnect").status_code == 200
    assert execute(api, spelt, "webhooks.delete").status_code == 204


def test_control_api_knows_ids_however_they_are_written(api: httpx.Client) -> None:
    accounts = api.get("/v1/accounts").json()["data"]
    connected = next(each for each in accounts if each["status"] == "CONNECTED")
    plain = connected["id"].replace("-", "")
    control = "/_mock/developers/default"
    assert api.post(f"{control}/accounts/{plain}/grow").status_code == 204
    event = {"event": "ACCOUNTS.CONNECTED", "account_id": plain}
    triggered = api.post(f"{control}/events", json=event).json()
    assert triggered["data"]["account_id"] == connected["id"]
    webhook = api.post("/v1/webhooks", json={**WEBHOOK, "events": ["ACCOUNTS.CONNECTED"]}).json()
    api.post(f"{control}/events", json=event)
    api.post(f"{control}/clock/advance", json={"seconds": 1})
    query = {"webhook_id": webhook["id"].replace("-", "")}
    (tried,) = api.get(f"{control}/deliveries", params=query).json()["data"]
    delivery = tried["delivery_id"].replace("-", "")
    assert api.get(f"{control}/deliveries/{delivery}").json() == tried
    user = {"user_id": connected["user"]["id"].replace("-", "").upper(), "platform": "TikTok"}
    made = api.post(f"{control}/accounts/connect", json=user).json()
    assert made["user"]["id"] == connected["user"]["id"]


def test_credentials_are_those_that_live_now(api: httpx.Client) -> None:
    for act in ("rotate-secret", "retire-secret"):
        api.post(f"/_mock/developers/default/{act}")
    offered = api.get("/docs/credentials.json").json()
    auth = (offered["username"], offered["password"])
    assert api.get("/v1/users", auth=auth).status_code == 200
    assert api.get("/v1/users").status_code == 401


def test_server_with_token_gives_nothing_away() -> None:
    loop = PrivateLoop("guarded documentation")
    with Store.open(None) as store:
        document = load_document(default_document_path())
        sandbox = assemble(document, store, CREDENTIALS, seed=1, control_token="a-long-token")
        transport = MockTransport(sandbox, loop)
        with httpx.Client(base_url="http://localhost", transport=transport) as stranger:
            assert stranger.get("/docs/credentials.json").status_code == 404
            assert stranger.get("/openapi.json").json()["paths"] == document.data["paths"]
    loop.close()


def test_health_needs_no_credentials_and_says_what_is_served(
    server: Server, document: Document
) -> None:
    response = server("GET", "/_mock/health", auth=None)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    health = response.json()
    assert isinstance(health.pop("version"), str)
    assert health == {
        "status": "ok",
        "document_version": "0.9.0",
        "operations": len(document.operations),
    }


def test_health_responds_to_head_and_options(server: Server) -> None:
    assert server("HEAD", "/_mock/health").content == b""
    assert server("OPTIONS", "/_mock/health").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/_mock", "/_mock/", "/_mock/health/", "/_mockery", "/_mock/x"])
def test_nothing_else_is_there(server: Server, path: str) -> None:
    assert server("GET", path).status_code == 404
    assert server("GET", path).json()["error"]["code"] == "unknown_path"
