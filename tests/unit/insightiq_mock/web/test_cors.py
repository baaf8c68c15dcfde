"""Pages in a browser that call the mock."""

from __future__ import annotations

from typing import Any

import pytest

from insightiq_mock.web.origins import Cors

PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
}
ALLOW = "access-control-allow-origin"


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "https://localhost",
        "http://app.localhost:8080",
        "http://127.0.0.1:5173",
        "http://127.8.9.1",
        "http://[::1]:3000",
    ],
)
def test_pages_of_this_machine_may_read_answers(surrounded: Any, origin: str) -> None:
    """Unless told otherwise; and what they need of the headers."""
    response = surrounded.call("GET", "/v1/things", headers={"Origin": origin})
    assert response.headers[ALLOW] == origin
    assert "retry-after" in response.headers["access-control-expose-headers"]
    assert response.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.com",
        "http://localhost.example.com",
        "http://notlocalhost",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "ftp://localhost",
        "file://localhost",
        "null",
        "http://[::1",
        "",
    ],
)
def test_pages_of_other_places_may_not(surrounded: Any, origin: str) -> None:
    """Any page on the net could otherwise read what lies in somebody's mock."""
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": origin, **PREFLIGHT}
        response = surrounded.call(method, "/v1/things", headers=headers)
        assert ALLOW not in response.headers


def test_errors_may_be_read_too(surrounded: Any) -> None:
    """Otherwise a page sees a network failure instead of a reason."""
    headers = {"Origin": "http://localhost:3000"}
    for options in (
        {"auth": ("x", "y")},
        {"headers": {**headers, "Prefer": "code=500"}},
        {"params": {"limit": 0}},
    ):
        response = surrounded.call("GET", "/v1/things", **{"headers": headers, **options})
        assert response.status_code >= 400
        assert response.headers[ALLOW] == "http://localhost:3000"
    assert surrounded.call("GET", "/v1/nothing", headers=headers).headers[ALLOW]


def test_a_preflight_needs_no_credentials(surrounded: Any) -> None:
    """A browser sends none with it, and it counts for nobody."""
    for _ in range(20):
        response = surrounded.call(
            "OPTIONS", "/v1/things", auth=None, headers={"Origin": "http://localhost", **PREFLIGHT}
        )
    assert response.status_code == 204
    assert response.headers[ALLOW] == "http://localhost"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-headers"] == "authorization,content-type"


def test_without_an_origin_nothing_is_said(surrounded: Any) -> None:
    """Programs are not pages."""
    response = surrounded.call("GET", "/v1/things")
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("origins", "origin", "permitted"),
    [
        (["https://app.example.com"], b"https://app.example.com", True),
        (["https://APP.example.com/"], b"https://app.example.com", True),
        (["https://app.example.com"], b"http://app.example.com", False),
        (["https://app.example.com"], b"http://localhost", False),
        (["https://app.example.com", "loopback"], b"http://localhost", True),
        (["*"], b"https://anything.example", True),
        ([], b"http://localhost", False),
    ],
)
def test_origins_are_a_setting(origins: list[str], origin: bytes, permitted: bool) -> None:  # noqa: FBT001 - a column of the table
    """Exact ones, all of this machine, all there are, or none."""
    given = dict(Cors(origins).headers(origin)).get(b"access-control-allow-origin")
    assert given == (origin if permitted else None)
