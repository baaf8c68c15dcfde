"""Pytest plugin that puts one mistake into the mock or the client that the contract suite tests.

``CONTRACT_MISTAKE="an item is dropped" pytest -p contract_mistakes tests/contract``
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Any

import httpx
import openapi_document
import pytest
from contract_suite.servers import MockOrigin
from document_views import Routes
from published_document import DOCUMENT

from insightiq_generated.api.users import AsyncUsers, create

__all__ = ["MISTAKES", "WITHOUT_HANDLERS", "Exchange", "Mistake", "changed", "pytest_configure"]

USERS = "/v1/users"


@dataclasses.dataclass
class Exchange:
    """A response on its way, which may be changed."""

    request: httpx.Request
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @body.setter
    def body(self, value: Any) -> None:
        self.content = json.dumps(value).encode()

    def is_get(self, path: str) -> bool:
        """Whether it is a successful response to reading this path."""
        return self.request.method == "GET" and self.path == path and self.status < 300


Change = Callable[[Exchange], None]


@dataclasses.dataclass(frozen=True)
class Mistake:
    """A mistake, and the tests that find it."""

    tests: tuple[str, ...]
    words: tuple[str, ...]
    operations: tuple[str, ...] = ("users.list",)
    change: Change | None = None
    patch: Callable[[pytest.MonkeyPatch], None] | None = None


def changed(request: httpx.Request, response: httpx.Response, change: Change) -> Exchange:
    """Return a response after a change; those of the control API stay."""
    headers = {key: text for key, text in response.headers.items() if key != "content-length"}
    exchange = Exchange(request, response.status_code, headers, response.content)
    if request.url.path.startswith("/v1/"):
        change(exchange)
    return exchange


class BreakingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Changes responses of the API."""

    def __init__(self, inner: Any, change: Change) -> None:
        self._inner = inner
        self._change = change

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = self._inner.handle_request(request)
        response.read()
        return self._changed(request, response)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response: httpx.Response = await self._inner.handle_async_request(request)
        await response.aread()
        return self._changed(request, response)

    def _changed(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        exchange = changed(request, response, self._change)
        return httpx.Response(exchange.status, headers=exchange.headers, content=exchange.content)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mistake that the environment names."""
    mistake = {**MISTAKES, "without handlers": WITHOUT_HANDLERS}[os.environ["CONTRACT_MISTAKE"]]
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    if mistake.patch is not None:
        mistake.patch(patch)
    change = mistake.change
    if change is not None:
        for name in ("transport", "async_transport"):
            patch.setattr(MockOrigin, name, _breaking(getattr(MockOrigin, name), change))


def _breaking(right: Callable[[Any], Any], change: Change) -> Callable[[Any], BreakingTransport]:
    return lambda origin: BreakingTransport(right(origin), change)


def _rows(change: Callable[[Any], object]) -> Change:
    def of_list(exchange: Exchange) -> None:
        if exchange.is_get(USERS):
            body = exchange.body
            change(body["data"])
            exchange.body = body

    return of_list


def _unknown_webhook(exchange: Exchange) -> None:
    if exchange.request.method == "GET" and exchange.path.startswith("/v1/webhooks/"):
        exchange.status = 404


def _example_of_contents(exchange: Exchange) -> None:
    """Respond as the mock does where contents have no handler."""
    operation = Routes(DOCUMENT).operation(exchange.request.method, str(exchange.request.url))
    if operation is None or operation.id not in {"contents.get", "contents.list"}:
        return
    if "prefer" in exchange.request.headers:
        return
    if exchange.status in {200, 404}:
        response = openapi_document.resolve(DOCUMENT, operation.data["responses"]["200"])
        named = next(iter(response["content"]["application/json"]["examples"].values()))
        exchange.status, exchange.headers["mock-source"] = 200, "example"
        exchange.body = openapi_document.resolve(DOCUMENT, named)["value"]


def _swapped_fields(patch: pytest.MonkeyPatch) -> None:
    right: Any = create.build_request
    patch.setattr(
        create,
        "build_request",
        lambda *, name, external_id: right(name=external_id, external_id=name),
    )


def _async_differs(patch: pytest.MonkeyPatch) -> None:
    right: Any = AsyncUsers.create
    patch.setattr(
        AsyncUsers,
        "create",
        lambda users, *, name, external_id: right(
            users, name=name.upper(), external_id=external_id
        ),
    )


MISTAKES = {
    "an item is dropped": Mistake(
        ("scenarios/test_paging",),
        ("users.list",),
        change=_rows(lambda rows: rows.__delitem__(slice(2, 3))),
    ),
    "a day that no calendar has": Mistake(
        ("schema", "client", "call_styles"),
        ('is not a "date-time-local"', "/data/0/created_at"),
        change=_rows(lambda rows: rows[0].update(created_at="2026-02-30T09:31:07.482915")),
    ),
    "an id that the server forgets": Mistake(
        ("links",),
        (
            "webhooks.list 200, link getListedWebhook: webhooks.get responds with 404 instead of 200",
        ),
        ("webhooks.list",),
        _unknown_webhook,
    ),
    "fields are swapped": Mistake(
        ("client", "sequences"),
        ("users.create: the body sent is ",),
        ("users.create", "users.get"),
        patch=_swapped_fields,
    ),
    "an asynchronous call differs": Mistake(
        ("call_styles",),
        ("users.create: asynchronous differs from positional",),
        ("users.create",),
        patch=_async_differs,
    ),
}

# No mistake: an operation that the document has and the mock does not know yet.
WITHOUT_HANDLERS = Mistake(
    ("client", "links", "scenarios/test_paging", "scenarios/test_lookups"),
    ("the document's example is the response of", "without a handler in the mock"),
    ("contents.get", "contents.list"),
    _example_of_contents,
)
