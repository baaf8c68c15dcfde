"""A developer reads and changes their own rows, and nothing of another developer's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from contract_suite.rows import Rows, widest_window
from contract_suite.servers import Server
from document_views import Document
from openapi_document import Operation

from insightiq import InsightIQ
from insightiq_mock.control import MockControl

FEW = 2
# The catalogue of platforms is the same for all.
COMMON = "work_platforms"
WEBHOOK = {"url": "https://receiver.invalid/mine", "events": ["CONTENTS.ADDED"], "name": "mine"}

Ids = dict[str, list[str]]
Request = tuple[str, str, dict[str, Any]]

pytestmark = pytest.mark.scenarios


@pytest.fixture
def own_rows(document: Document, server: Server, iq: InsightIQ) -> Rows:
    for _ in range(FEW):
        iq.webhooks.create(**WEBHOOK)
    return Rows(document, server, iq)


@pytest.fixture
def ids(own_rows: Rows) -> Ids:
    """Ids of the developer's rows, by resource."""
    return {
        each.shape.operation.resource: each.ids[:FEW]
        for each in own_rows.kept()
        if each.shape.has_id and each.shape.operation.resource != COMMON
    }


def respond(foreign: Server, method: str, path: str, sent: dict[str, Any]) -> httpx.Response | None:
    """Return the response to another developer; None where it is an example of the document."""
    with foreign.recording.expecting_examples(), foreign.http() as http:
        response = http.request(method, path, **sent)
    latest = foreign.recording.latest
    return None if latest is not None and latest.is_from_example else response


def reads(operation: Operation, rows: Rows, ids: Ids) -> Iterator[Request]:
    """Yield requests of an operation for rows that are not the caller's."""
    mine = ids.get(operation.resource, [])
    if operation.verb == "get" and operation.path.endswith("{id}"):
        for each in mine:
            yield "GET", operation.path.replace("{id}", each), {}
    elif "x-bulk" in operation.data and mine:
        yield "POST", operation.path, {"json": {operation.data["x-bulk"]["parameter"]: mine}}
    elif operation.verb in {"list", "get"}:
        shape = rows.shapes.get(operation.id)
        names = ("account_id",) if shape is None else tuple(shape.filters)
        window = {} if shape is None else widest_window(shape)
        parents = () if shape is None else shape.parents
        known = {name: ids.get(f"{name.removesuffix('_id')}s", []) for name in (*parents, *names)}
        if all(known[name] for name in parents):
            required = {name: known[name][0] for name in parents}
            for name in names:
                if name.endswith("_id") and known[name]:
                    yield (
                        "GET",
                        operation.path,
                        {"params": {**window, **required, name: known[name][0]}},
                    )


def writes(operation: Operation, ids: Ids) -> Iterator[Request]:
    """Yield requests of an operation that would change rows that are not the caller's."""
    account, webhook, user = (ids[name][0] for name in ("accounts", "webhooks", "users"))
    bodies: dict[str, tuple[str, Any]] = {
        "accounts.update": (account, {"data": {"identity": {"monitoring_type": "ON_DEMAND"}}}),
        "accounts.disconnect": (account, None),
        "webhooks.update": (webhook, {**WEBHOOK, "name": "theirs"}),
        "webhooks.delete": (webhook, None),
        "sdk_tokens.create": ("", {"user_id": user, "products": ["IDENTITY"]}),
    }
    found: tuple[str, Any] | None = bodies.get(operation.id)
    if operation.verb in {"refresh", "fetch_historic"}:
        more = {"from_date": "2026-01-01"} if operation.verb == "fetch_historic" else {}
        found = "", {"account_id": account, **more}
    if found is not None:
        yield operation.method.upper(), operation.path.replace("{id}", found[0]), {"json": found[1]}


@pytest.mark.needs_control
def test_rows_of_another_developer_cannot_be_read(
    own_rows: Rows, ids: Ids, another: Callable[..., Server]
) -> None:
    foreign = another()
    for operation in own_rows.operations.values():
        for method, path, sent in reads(operation, own_rows, ids):
            response = respond(foreign, method, path, sent)
            if response is None:
                break
            found = response.json().get("data", []) if response.is_success else []
            is_empty = operation.verb in {"list", "search"} and response.is_success and not found
            assert is_empty or response.status_code == 404, (
                f"{operation.id} with {path} {sent} of another developer gives "
                f"{response.status_code} and {len(found)} rows"
            )


@pytest.mark.needs_control
def test_rows_of_another_developer_cannot_be_changed(
    own_rows: Rows,
    ids: Ids,
    iq: InsightIQ,
    control: MockControl,
    another: Callable[..., Server],
) -> None:
    foreign = another()

    def state() -> dict[str, Any]:
        account = iq.accounts.get(ids["accounts"][0]).to_dict()
        return {
            "account": (account["status"], account["updated_at"]),
            "monitoring": account["data"]["identity"]["monitor_type"],
            "webhooks": [hook.to_dict() for hook in iq.webhooks.list()],
            "users": [user.id for user in iq.users.list()],
        }

    before = state()
    for operation in own_rows.operations.values():
        for method, path, sent in writes(operation, ids):
            response = respond(foreign, method, path, sent)
            assert response is None or response.status_code == 404, (
                f"{operation.id} with the id of another developer gives {response.status_code}"
            )
    control.advance(minutes=5)
    changed = [key for key, value in state().items() if value != before[key]]
    assert not changed, f"another developer changed {changed}"
