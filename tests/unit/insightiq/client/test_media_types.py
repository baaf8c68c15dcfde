"""Requests and responses other than one JSON object, in both clients."""

from __future__ import annotations

from typing import Any

import attrs
import httpx
import pytest

from insightiq import errors
from insightiq_generated.client import Operation, Request, Success


@pytest.fixture
def operation(get_thing: Operation[Any]) -> Operation[Any]:
    """An operation with a success of each form."""
    return attrs.evolve(
        get_thing,
        successes={
            "200": Success("json", lambda data: ["json", data]),
            "202": Success("none", lambda data: ["none", data]),
            "203": Success("text", lambda data: ["text", data]),
            "206": Success("bytes", lambda data: ["bytes", data]),
            "3XX": Success("none", lambda data: ["redirect", data]),
        },
    )


REQUEST = Request("GET", "/v1/things/7")


@pytest.mark.parametrize(
    ("status", "content", "headers", "result"),
    [
        (200, b"[1]", {}, ["json", [1]]),
        (200, b"null", {}, ["json", None]),
        (202, b"ignored", {}, ["none", None]),
        (203, "é".encode(), {}, ["text", "é"]),
        (203, b"\xe9", {"content-type": 'text/csv; charset="ISO-8859-1"'}, ["text", "é"]),
        (203, b"a", {"content-type": "text/csv; charset=odd"}, ["text", "a"]),
        (203, b"a", {"content-type": "text/csv; charset=undefined"}, ["text", "a"]),
        (206, b"\x00\xff", {}, ["bytes", b"\x00\xff"]),
        (302, b"", {"location": "/elsewhere"}, ["redirect", None]),
    ],
)
def test_each_success_is_read_in_its_form(
    call: Any,
    script: Any,
    operation: Any,
    status: int,
    content: bytes,
    headers: dict[str, str],
    result: object,
) -> None:
    response = httpx.Response(status, headers=headers, content=content)
    assert call(script([response]), operation, REQUEST) == result


def test_undocumented_success_is_an_error(call: Any, script: Any, operation: Any) -> None:
    """Its body could be anything."""
    with pytest.raises(errors.APIResponseValidationError, match=r"none of those documented \(200"):
        call(script([httpx.Response(204)]), operation, REQUEST)


def test_redirect_stays_an_error_where_none_is_documented(
    call: Any, script: Any, get_thing: Any
) -> None:
    with pytest.raises(errors.InsightIQError):
        call(script([httpx.Response(302, headers={"location": "/x"})]), get_thing, REQUEST)


def test_broken_json_of_a_success_is_an_error(call: Any, script: Any, operation: Any) -> None:
    with pytest.raises(errors.APIResponseValidationError, match="not valid JSON"):
        call(script([httpx.Response(200, content=b"<html>")]), operation, REQUEST)


def test_request_has_its_headers_query_and_content(call: Any, script: Any, get_thing: Any) -> None:
    played = script([httpx.Response(200, json={})])
    request = Request(
        "POST",
        "/v1/things",
        query={"a": "b c"},
        raw_query="ids=1,2",
        content=b"\x00",
        headers={"content-type": "image/png", "X-Trace": "t", "accept": "text/csv"},
    )
    call(played, get_thing, request)
    (sent,) = played.requests
    assert sent.url.query == b"a=b%20c&ids=1,2"
    assert sent.content == b"\x00"
    found = {name: sent.headers.get_list(name) for name in ("content-type", "x-trace", "accept")}
    assert found == {"content-type": ["image/png"], "x-trace": ["t"], "accept": ["text/csv"]}
    assert sent.headers["content-length"] == "1"


def test_header_of_call_replaces_that_of_operation(call: Any, script: Any, get_thing: Any) -> None:
    played = script([httpx.Response(200, json={})])
    request = Request("GET", "/v1/things", headers={"X-Trace": "operation"})
    call(played, get_thing, request, headers={"x-trace": "caller"})
    (sent,) = played.requests
    assert sent.headers.get_list("x-trace") == ["caller"]
