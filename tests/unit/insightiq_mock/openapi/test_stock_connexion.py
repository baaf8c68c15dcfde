"""The same requests to stock connexion and to this server: the same verdict, or a known defect.

Routing and validation replace connexion's own. Where they differ, connexion 3.3 is wrong, and this
table says so; if an update of connexion changes one of its verdicts, a row here fails.
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx
import pytest
from connexion.lifecycle import ConnexionResponse
from connexion.middleware import ConnexionMiddleware
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.request_validation import RequestValidationMiddleware
from connexion.middleware.routing import RoutingMiddleware
from connexion.middleware.security import SecurityMiddleware
from connexion.resolver import Resolver
from connexion.security import NO_VALUE
from starlette.types import ASGIApp, Receive, Scope, Send

from insightiq_mock.app import MockApp
from insightiq_mock.context import ApiError, RequestContext, attach
from insightiq_mock.openapi import Document, Operation, default_document_path, load_document
from insightiq_mock.openapi.stack import BasicSecurity, OneDeveloper

Server = Callable[..., httpx.Response]

ID = "11111111-1111-4111-8111-111111111111"
THING = f"/v1/things/{ID}"
SEARCH = "/v1/things/search"

ODD_CHARSET = {"Content-Type": "application/json; charset=nonsense"}

Request = tuple[str, str, dict[str, Any]]

SAME: list[Request] = [
    ("GET", "/v1/things", {}),
    ("GET", "/v1/things?limit=1&offset=0&deep=true&tag=1&tag=2&joined=a,b", {}),
    ("GET", "/v1/things?unknown=1", {}),
    ("GET", "/v1/things?limit=0", {}),
    ("GET", "/v1/things?limit=101", {}),
    ("GET", "/v1/things?limit=abc", {}),
    ("GET", "/v1/things?limit=", {}),
    ("GET", "/v1/things?deep=1", {}),
    ("GET", "/v1/things?deep=false", {}),
    ("GET", "/v1/things?tag=x", {}),
    ("GET", "/v1/things", {"auth": None}),
    ("GET", "/v1/things", {"auth": ("x", "y")}),
    ("GET", "/v1/status", {"auth": None}),
    ("GET", "/v1/nothing", {}),
    ("PUT", "/v1/things", {}),
    ("TRACE", "/v1/things", {}),
    ("HEAD", "/v1/things", {}),
    ("HEAD", THING, {}),
    ("GET", THING, {}),
    ("DELETE", THING, {}),
    ("GET", "/v1/users/external_id/a%20b", {}),
    ("GET", "/v1/users/external_id/", {}),
    ("GET", "/v1/pages/1", {}),
    ("GET", "/v1/pages/0", {}),
    ("GET", "/v1/pages/-1", {}),
    ("POST", "/v1/things", {"json": {"name": "a", "external_id": "b"}}),
    ("POST", "/v1/things", {"json": {"name": "a"}}),
    ("POST", "/v1/things", {"json": {"name": "a", "external_id": "b", "more": 1}}),
    ("POST", "/v1/things", {"json": {"name": "a", "external_id": "b", "email": "c"}}),
    ("POST", "/v1/things", {"json": []}),
    ("POST", "/v1/things", {"content": b""}),
    ("POST", "/v1/things", {"content": b"{"}),
    ("POST", "/v1/things", {"content": b"{}", "headers": {"Content-Type": "text/plain"}}),
    ("POST", SEARCH, {"json": {"ids": []}}),
    ("POST", SEARCH, {"json": {"ids": [ID] * 101}}),
    ("POST", SEARCH, {"json": {"ids": [ID]}}),
    ("POST", f"{THING}/disconnect", {"json": {}}),
    ("PATCH", THING, {"json": {"when": None, "gender": None}}),
    ("PATCH", THING, {"json": {"gender": "OTHER"}}),
    ("PATCH", THING, {"json": {"score": 0}}),
    ("PATCH", THING, {"json": {"loose": None}}),
]

# Request, verdict of stock connexion, verdict of this server.
DEFECTS: list[tuple[Request, int, int]] = [
    # Formats: draft 4 knows neither uuid nor date, and the others need an extra.
    (("GET", "/v1/things/7", {}), 200, 400),
    (("GET", "/v1/things?from_date=2026-02-30", {}), 200, 400),
    (("POST", SEARCH, {"json": {"ids": ["x"]}}), 200, 400),
    (("PATCH", THING, {"json": {"url": "no uri"}}), 200, 400),
    (("PATCH", THING, {"json": {"due": "2026-02-30"}}), 200, 400),
    (("PATCH", THING, {"json": {"when": "2026-13-40T00:00:00"}}), 200, 400),
    # The last of several values wins.
    (("GET", "/v1/things?limit=1&limit=2", {}), 200, 400),
    # Bodies: optional means required, encodings and nesting crash, charsets are passed over.
    (("POST", f"{THING}/disconnect", {}), 400, 200),
    (("POST", "/v1/things", {"content": b'{"a": "\xff"}'}), 500, 400),
    (("POST", "/v1/things", {"content": b"[" * 100_000}), 500, 400),
    (("PATCH", THING, {"content": b"{}", "headers": ODD_CHARSET}), 200, 415),
    # Routing: declaration order, one method at a time, decoded slashes, converters, redirects.
    (("GET", SEARCH, {}), 200, 405),
    (("GET", "/v1/users/external_id/a%2Fb", {}), 404, 200),
    (("GET", "/v1/pages/abc", {}), 404, 400),
    (("GET", "/v1/things/", {}), 307, 404),
    (("OPTIONS", "/v1/things", {}), 405, 204),
]


class WithContext:
    """Middleware that attaches a request context, for stock connexion with our security handler."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Attach a context to each request."""
        if scope["type"] == "http":
            scope = attach(scope, RequestContext())
        await self._app(scope, receive, send)


async def _accept(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        # Stock routing lets a path that it does not know through, without an operation.
        known = scope["extensions"]["connexion_routing"]["operation_id"] is not None
        status = 200 if known else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _refused(_request: object, error: Exception) -> ConnexionResponse:
    assert isinstance(error, ApiError)
    return ConnexionResponse(status_code=error.status)


@pytest.fixture(scope="module")
def stock(
    document: Document,
    credentials: tuple[str, str],
    call_app: Callable[[ASGIApp], Server],
) -> Server:
    """The small API behind connexion's own routing and validation."""
    app = ConnexionMiddleware(
        _accept,
        middlewares=[
            WithContext,
            ExceptionMiddleware,
            RoutingMiddleware,
            SecurityMiddleware,
            RequestValidationMiddleware,
        ],
        resolver=Resolver(lambda _operation_id: None),
        security_map={"basic": partial(BasicSecurity, OneDeveloper(*credentials), NO_VALUE)},
    )
    app.add_error_handler(ApiError, _refused)
    app.add_api(copy.deepcopy(dict(document.data)))
    return call_app(app)


def _verdict(status: int) -> int:
    return 200 if 200 <= status < 300 else status


@pytest.mark.parametrize("request_", SAME)
def test_verdict_is_that_of_stock_connexion(
    stock: Server, server: Server, request_: Request
) -> None:
    method, path, options = request_
    expected = _verdict(stock(method, path, **options).status_code)
    assert _verdict(server(method, path, **options).status_code) == expected


@pytest.mark.parametrize(("request_", "theirs", "ours"), DEFECTS)
def test_known_defect_of_stock_connexion_is_corrected(
    stock: Server, server: Server, request_: Request, theirs: int, ours: int
) -> None:
    method, path, options = request_
    assert stock(method, path, **options).status_code == theirs
    assert server(method, path, **options).status_code == ours


NUMBER = 2000


@dataclasses.dataclass
class GeneratedRequest:
    """A request that is still being made up."""

    operation: Operation
    method: str
    path: dict[str, str]
    query: list[tuple[str, str]]
    body: Any
    content: bytes | None
    headers: dict[str, str]
    auth: tuple[str, str] | None
    rest: str = ""

    def options(self) -> dict[str, Any]:
        """Return it as httpx takes it."""
        content = self.content
        headers = dict(self.headers)
        if content is None and self.body is not None:
            content = json.dumps(self.body).encode()
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        return {
            "method": self.method,
            "url": self.operation.path.format(**self.path) + self.rest,
            "params": self.query,
            "content": content,
            "headers": headers,
            "auth": self.auth,
        }


Change = Callable[[GeneratedRequest, random.Random], bool]


def parameters(
    request: GeneratedRequest, location: str, kind: str | None = None
) -> list[Mapping[str, Any]]:
    """Return the parameters of a location, and of a type."""
    return [
        parameter
        for parameter in request.operation.parameters
        if parameter["in"] == location and kind in (None, parameter["schema"].get("type"))
    ]


def set_query(request: GeneratedRequest, name: str, value: str) -> None:
    """Give a query parameter one value."""
    request.query = [(key, text) for key, text in request.query if key != name]
    request.query.append((name, value))


def integer(*values: str) -> Change:
    """Give an integer one of some values."""

    def change(request: GeneratedRequest, chance: random.Random) -> bool:
        found = parameters(request, "query", "integer")
        if found:
            set_query(request, chance.choice(found)["name"], chance.choice(values))
        return bool(found)

    return change


def formatted(kind: str, location: str, value: str) -> Change:
    """Give a parameter of a format a value that breaks it."""

    def change(request: GeneratedRequest, chance: random.Random) -> bool:
        found = [
            parameter
            for parameter in parameters(request, location, "string")
            if parameter["schema"].get("format") == kind
        ]
        if found and location == "query":
            set_query(request, chance.choice(found)["name"], value)
        elif found:
            request.path[chance.choice(found)["name"]] = value
        return bool(found)

    return change


def member(value: Any) -> Change:
    """Give a member of the body another value, or take it away."""

    def change(request: GeneratedRequest, chance: random.Random) -> bool:
        if not isinstance(request.body, dict) or not request.body:
            return False
        name = chance.choice(sorted(request.body))
        if value is None:
            del request.body[name]
        else:
            request.body[name] = value
        return True

    return change


def formatted_member(request: GeneratedRequest, chance: random.Random) -> bool:
    """Break the format of an id or a date in the body."""
    found = [
        name
        for name, value in (request.body or {}).items()
        if name.endswith(("_id", "_date")) and name != "external_id" and isinstance(value, str)
    ]
    if found:
        request.body[chance.choice(found)] = "2026-02-30"
    return bool(found)


def whole(content: bytes, content_type: str = "application/json") -> Change:
    """Send another body."""

    def change(request: GeneratedRequest, _chance: random.Random) -> bool:
        if request.body is None:
            return False
        request.content = content
        request.headers["Content-Type"] = content_type
        return True

    return change


def method(*methods: str) -> Change:
    """Use another method."""

    def change(request: GeneratedRequest, chance: random.Random) -> bool:
        request.method = chance.choice(methods)
        return True

    return change


def nothing(_request: GeneratedRequest, _chance: random.Random) -> bool:
    """Leave it valid."""
    return True


def unknown_query(request: GeneratedRequest, _chance: random.Random) -> bool:
    """Add what the document does not know."""
    request.query.append(("unknown", "1"))
    return True


def without_required(request: GeneratedRequest, chance: random.Random) -> bool:
    """Take a required query parameter away."""
    names = [p["name"] for p in parameters(request, "query") if p.get("required")]
    if names:
        missing = chance.choice(names)
        request.query = [(name, text) for name, text in request.query if name != missing]
    return bool(names)


def credentials_of(auth: tuple[str, str] | None) -> Change:
    """Use other credentials, or none."""

    def change(request: GeneratedRequest, _chance: random.Random) -> bool:
        request.auth = auth
        return True

    return change


def further(rest: str) -> Change:
    """Ask for a path that goes on."""

    def change(request: GeneratedRequest, _chance: random.Random) -> bool:
        request.rest = rest
        return True

    return change


def twice(request: GeneratedRequest, chance: random.Random) -> bool:
    """Repeat a parameter that takes one value."""
    if not request.query:
        return False
    request.query.append(chance.choice(request.query))
    return True


SAME_GENERATED: list[Change] = [
    nothing,
    unknown_query,
    without_required,
    integer("1", "100", "7"),
    integer("0", "-1", "101", "1000000"),
    integer("abc", "", "1.5", "1e2", "0x10"),
    member(None),
    member(17),
    member([]),
    member({"a": 1}),
    whole(b""),
    whole(b"{"),
    whole(b"[]"),
    whole(b'"text"'),
    whole(b"17"),
    whole(b"{}"),
    whole(b"{}", "text/plain"),
    whole(b"a=b", "application/x-www-form-urlencoded"),
    whole(b"{}", "application/json; charset=utf-8"),
    credentials_of(None),
    credentials_of(("wrong", "wrong")),
    further("/and/further/than/there/is"),
]

# What connexion responses does not matter; what is responded to here does.
DEFECTS_GENERATED: list[tuple[Change, set[int]]] = [
    (formatted("uuid", "path", "no-uuid"), {400}),
    (formatted("uuid", "query", "no-uuid"), {400}),
    (formatted("date", "query", "2026-02-30"), {400}),
    (formatted_member, {400}),
    (twice, {400}),
    (whole(b'{"a": "\xff"}'), {400}),
    (method("TRACE"), {405}),
    (method("OPTIONS"), {200}),
    (further("/"), {404}),
]


def valid(
    document: Document, operation: Operation, credentials: tuple[str, str], chance: random.Random
) -> GeneratedRequest:
    """Make a request that the document allows."""
    path = {
        parameter["name"]: ID for parameter in operation.parameters if parameter["in"] == "path"
    }
    query = [
        (parameter["name"], str(parameter.get("example", ID)))
        for parameter in operation.parameters
        if parameter["in"] == "query" and (parameter.get("required") or chance.random() < 0.3)
    ]
    body = None
    if "requestBody" in operation.data:
        media = document.resolve(operation.data["requestBody"])["content"]["application/json"]
        shown = next(iter(media["examples"].values()))
        body = copy.deepcopy(document.resolve(shown)["value"])
    return GeneratedRequest(operation, operation.method, path, query, body, None, {}, credentials)


def stock_app(document: Document, credentials: tuple[str, str]) -> ASGIApp:
    """Make the whole document behind connexion's own routing, security and validation."""
    app = ConnexionMiddleware(
        _accept,
        middlewares=[
            WithContext,
            ExceptionMiddleware,
            RoutingMiddleware,
            SecurityMiddleware,
            RequestValidationMiddleware,
        ],
        resolver=Resolver(lambda _operation_id: None),
        security_map={"basic": partial(BasicSecurity, OneDeveloper(*credentials), NO_VALUE)},
    )
    app.add_error_handler(ApiError, _refused)
    data = copy.deepcopy(dict(document.data))
    # The first declared path wins there: the order must not decide this comparison.
    data["paths"] = dict(sorted(data["paths"].items(), key=lambda entry: "{" in entry[0]))
    app.add_api(data)
    return app


@pytest.fixture(scope="module")
def whole_document() -> Document:
    """The document of this project."""
    return load_document(default_document_path())


async def verdicts(app: ASGIApp, requests: list[GeneratedRequest]) -> list[int]:
    """Return what an application responses; every success is one."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
        found = [(await client.request(**request.options())).status_code for request in requests]
    return [200 if status in (200, 201, 202, 204) else status for status in found]


def generated(
    document: Document,
    credentials: tuple[str, str],
    changes: list[Change],
    most_changes: int,
    seed: int,
) -> list[tuple[GeneratedRequest, list[Change]]]:
    """Make requests, each with the changes that could be made to it."""
    chance = random.Random(seed)
    made: list[tuple[GeneratedRequest, list[Change]]] = []
    while len(made) < NUMBER:
        request = valid(document, chance.choice(document.operations), credentials, chance)
        wanted = chance.sample(changes, chance.randint(1, most_changes))
        applied = [change for change in wanted if change(request, chance)]
        if applied:
            made.append((request, applied))
    return made


def test_every_generated_request_gets_verdict_of_stock_connexion(
    whole_document: Document, credentials: tuple[str, str]
) -> None:
    requests = [
        request for request, _ in generated(whole_document, credentials, SAME_GENERATED, 2, seed=1)
    ]
    ours = MockApp(whole_document, {}, OneDeveloper(*credentials))
    expected = asyncio.run(verdicts(stock_app(whole_document, credentials), requests))
    found = asyncio.run(verdicts(ours, requests))
    different = [
        (theirs, mine, request.options())
        for theirs, mine, request in zip(expected, found, requests, strict=True)
        if theirs != mine
    ]
    assert different == []
    # Otherwise the comparison would be about nothing.
    assert {200, 400, 401, 404, 415} <= Counter(found).keys()
    assert len({request.operation.id for request in requests}) == len(whole_document.operations)


def test_where_stock_connexion_is_wrong_verdict_is_right_one(
    whole_document: Document, credentials: tuple[str, str]
) -> None:
    right = {change: statuses for change, statuses in DEFECTS_GENERATED}  # noqa: C416 - mypy needs the names
    made = generated(whole_document, credentials, list(right), 1, seed=2)
    ours = MockApp(whole_document, {}, OneDeveloper(*credentials))
    found = asyncio.run(verdicts(ours, [request for request, _ in made]))
    wrong = [
        (status, right[change], request.options())
        for status, (request, (change,)) in zip(found, made, strict=True)
        if status not in right[change]
    ]
    assert wrong == []
