"""The same requests to stock connexion and to this server: the same verdict, or a known defect.

Routing and validation replace connexion's own. Where they differ, connexion 3.3 is wrong, and this
table says so; if an update of connexion changes one of its verdicts, a row here fails.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
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

from insightiq_mock.context import ApiError
from insightiq_mock.openapi import Document
from insightiq_mock.openapi.stack import BasicSecurity, OneDeveloper

from .conftest import WithContext

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
def test_the_verdict_is_that_of_stock_connexion(
    stock: Server, server: Server, request_: Request
) -> None:
    """What connexion gets right stays as it is."""
    method, path, options = request_
    expected = _verdict(stock(method, path, **options).status_code)
    assert _verdict(server(method, path, **options).status_code) == expected


@pytest.mark.parametrize(("request_", "theirs", "ours"), DEFECTS)
def test_a_known_defect_of_stock_connexion_is_corrected(
    stock: Server, server: Server, request_: Request, theirs: int, ours: int
) -> None:
    """Each correction is needed, and made."""
    method, path, options = request_
    assert stock(method, path, **options).status_code == theirs
    assert server(method, path, **options).status_code == ours
