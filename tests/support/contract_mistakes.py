"""Pytest plugin that puts one mistake into the mock or the client that the contract suite tests.

``CONTRACT_MISTAKE="an item is dropped" pytest -p contract_mistakes tests/contract``
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Any

import attrs
import httpx
import openapi_document
import pytest
from contract_suite.servers import MockOrigin
from document_views import Routes
from published_document import DOCUMENT

from insightiq_generated.api.users import AsyncUsers, create, get_by_external_id

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
        """The path of the request."""
        return self.request.url.path

    @property
    def body(self) -> Any:
        """The JSON of the response."""
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
    """A mistake, and the tests that find it.

    Attributes:
        tests: Files of tests/contract, without ``test_`` and ``.py``, that find it.
        words: What they say.
        operations: Operations to test.
        change: The mistake as a change of responses.
        patch: The mistake as a change of the client.
    """

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


def _rows(change: Callable[[Any], object], path: str = USERS) -> Change:
    def of_list(exchange: Exchange) -> None:
        if exchange.is_get(path):
            body = exchange.body
            change(body["data"])
            exchange.body = body

    return of_list


def _each(change: Callable[[Any], object]) -> Change:
    return _rows(lambda rows: [change(row) for row in rows])


def _list(change: Change) -> Change:
    def of_list(exchange: Exchange) -> None:
        if exchange.is_get(USERS):
            change(exchange)

    return of_list


def _ignored_filter() -> Change:
    """Respond to each filter with all rows."""
    everything: list[bytes] = []

    def change(exchange: Exchange) -> None:
        if exchange.is_get("/v1/work-platforms"):
            if "name" not in exchange.request.url.params:
                everything[:] = [exchange.content]
            elif everything:
                exchange.content = everything[0]

    return change


def _no_retry_after(exchange: Exchange) -> None:
    exchange.status = 429
    error = {
        "type": "TOO_MANY_REQUESTS",
        "code": "rate_limit_exceeded",
        "error_code": "rate_limit_exceeded",
        "message": "Too many requests.",
        "status_code": 429,
        "http_status_code": 429,
        "request_id": exchange.headers["request-id"],
    }
    exchange.body = {"error": error}


def _unknown_webhook(exchange: Exchange) -> None:
    if exchange.request.method == "GET" and exchange.path.startswith("/v1/webhooks/"):
        exchange.status = 404


def _no_message(exchange: Exchange) -> None:
    if exchange.status == 503:
        body = exchange.body
        del body["error"]["message"]
        exchange.body = body


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


def _raw_slash(patch: pytest.MonkeyPatch) -> None:
    right: Any = get_by_external_id.build_request

    def careless(external_id: str) -> Any:
        request = right(external_id)
        return attrs.evolve(request, path=request.path.replace("%2F", "/"))

    patch.setattr(get_by_external_id, "build_request", careless)


def _async_differs(patch: pytest.MonkeyPatch) -> None:
    right: Any = AsyncUsers.create
    patch.setattr(
        AsyncUsers,
        "create",
        lambda users, *, name, external_id: right(
            users, name=name.upper(), external_id=external_id
        ),
    )


CHECKED = ("schema", "client", "call_styles")

MISTAKES = {
    "an item is dropped": Mistake(
        ("scenarios/test_paging",),
        ("users.list",),
        change=_rows(lambda rows: rows.__delitem__(slice(2, 3))),
    ),
    "a filter is ignored": Mistake(
        ("scenarios/test_filters",),
        ("work_platforms.list",),
        ("work_platforms.list",),
        _ignored_filter(),
    ),
    "a day that no calendar has": Mistake(
        CHECKED,
        ('is not a "date-time-local"', "/data/0/created_at"),
        change=_each(lambda row: row.update(created_at="2026-02-30T09:31:07.482915")),
    ),
    "429 without Retry-After": Mistake(
        CHECKED, ("the header Retry-After is missing",), change=_list(_no_retry_after)
    ),
    "an id that the server forgets": Mistake(
        ("links",),
        (
            "webhooks.list 200, link getListedWebhook: webhooks.get responds with 404 instead of 200",
        ),
        ("webhooks.list",),
        _unknown_webhook,
    ),
    "an error without its message": Mistake(
        ("client",), ("users.get 503",), ("users.get",), _no_message
    ),
    "fields are swapped": Mistake(
        ("client", "sequences"),
        ("users.create: the body sent is ",),
        ("users.create", "users.get"),
        patch=_swapped_fields,
    ),
    "a slash is not encoded": Mistake(
        ("client",),
        ("users.get_by_external_id: 'a/b' in the path is sent as 'http",),
        ("users.get_by_external_id",),
        patch=_raw_slash,
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
