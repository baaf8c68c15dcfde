"""The documentation of a server with a world: what it fills in works."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from insightiq_mock.db import Store
from insightiq_mock.openapi import Document, default_document_path, document_from, load_document
from insightiq_mock.server import assemble
from insightiq_mock.settings import credentials_from_seed
from insightiq_mock.testing import MockTransport
from insightiq_mock.testing.private_loop import PrivateLoop

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
    """In the order of the document, which disconnects an account on the way; lists have rows."""
    assert api.post("/v1/webhooks", json=WEBHOOK).status_code == 201
    document = published(api)
    assert len(document.operations) == len(OPERATIONS)
    failed: list[object] = []
    for operation in document.operations:
        answer = execute(api, document, operation.id)
        is_empty = operation.method == "GET" and answer.json().get("data") == []
        if not answer.is_success or (is_empty and operation.id != "webhooks.list"):
            failed.append((operation.id, answer.status_code, answer.text))
    assert failed == []


def test_new_world_lacks_a_webhook_alone(api: httpx.Client) -> None:
    """There is none before one is registered; its three operations follow once there is."""
    document = published(api)
    failed = [
        operation.id
        for operation in document.operations
        if not execute(api, document, operation.id).is_success
    ]
    assert failed == ["webhooks.get", "webhooks.update", "webhooks.delete"]


def test_values_follow_the_world(api: httpx.Client) -> None:
    """What was used up is replaced at the next look at the document."""
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
    """In path, query and body; what is answered keeps the wire's own spelling."""
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
    """Notifications may print them without hyphens, and people copy them from there."""
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
    """Also after a rotation."""
    for act in ("rotate-secret", "retire-secret"):
        api.post(f"/_mock/developers/default/{act}")
    offered = api.get("/docs/credentials.json").json()
    auth = (offered["username"], offered["password"])
    assert api.get("/v1/users", auth=auth).status_code == 200
    assert api.get("/v1/users").status_code == 401


def test_server_with_a_token_gives_nothing_away() -> None:
    """Others may read its documentation: it has neither credentials nor ids of the world."""
    loop = PrivateLoop("guarded documentation")
    with Store.open(None) as store:
        document = load_document(default_document_path())
        sandbox = assemble(document, store, CREDENTIALS, seed=1, control_token="a-long-token")
        transport = MockTransport(sandbox, loop)
        with httpx.Client(base_url="http://localhost", transport=transport) as stranger:
            assert stranger.get("/docs/credentials.json").status_code == 404
            assert stranger.get("/openapi.json").json()["paths"] == document.data["paths"]
    loop.close()
