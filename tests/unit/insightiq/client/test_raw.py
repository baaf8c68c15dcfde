"""Raw responses, and requests that the document lacks."""

from __future__ import annotations

import asyncio
import urllib.parse
from typing import Any

import pytest

import insightiq
from insightiq import errors
from insightiq.models import User
from insightiq.testing import ScriptedTransport, response

USER: dict[str, Any] = {
    "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
    "name": "Ada Example",
    "external_id": "crm-42",
    "created_at": "2026-11-01T10:00:00.000000",
    "updated_at": "2026-11-01T10:00:00.000000",
    "status": "ACTIVE",
}


def finish(result: Any) -> Any:
    """Return ``result``, awaited where it is to be."""

    async def waiting() -> Any:
        return await result

    return asyncio.run(waiting()) if asyncio.iscoroutine(result) else result


def test_with_response_has_result_and_response(play: Any) -> None:
    played = play([response(500), response(json=USER, headers={"request-id": "r-1", "X-A": "b"})])
    iq = played.client
    seen = finish(iq.with_response(iq.users.get, USER["id"]))
    assert seen.parsed.name == "Ada Example"
    assert (seen.status_code, seen.request_id, seen.attempts) == (200, "r-1", 2)
    assert seen.headers["x-a"] == "b"
    assert seen.raw.startswith(b'{"id": "0d9f3a52')
    assert seen.waited == played.clock.sleeps[0]


def test_response_does_not_show_what_it_holds(play: Any) -> None:
    iq = play([response(json=USER, headers={"set-cookie": "planted"})]).client
    shown = repr(finish(iq.with_response(iq.users.get, "u-1")))
    assert shown == "<Response[User] status_code=200 request_id=None attempts=1>"


def test_error_comes_through(play: Any) -> None:
    iq = play([response(404)]).client
    with pytest.raises(errors.NotFoundError):
        finish(iq.with_response(iq.users.get, "u-1"))


def test_last_response_of_several_calls_is_given(play: Any) -> None:
    exists = {"error": {"code": "user_exists_with_external_id"}}
    iq = play(
        [response(400, json=exists), response(json=USER, headers={"request-id": "r-2"})]
    ).client
    seen = finish(iq.with_response(iq.users.get_or_create, name="Ada", external_id="crm-42"))
    assert seen.parsed.external_id == "crm-42"
    assert (seen.status_code, seen.request_id) == (200, "r-2")


def test_method_without_call_is_rejected() -> None:
    iq = insightiq.InsightIQ(client_id="id", client_secret="s3")
    with pytest.raises(TypeError, match=r"Users\.list made no call"):
        iq.with_response(iq.users.list)


def test_responses_of_concurrent_tasks_are_not_mixed_up() -> None:
    transport = ScriptedTransport(lambda request: response(json={**USER, "name": request.path}))

    async def main() -> list[insightiq.Response[User]]:
        async with insightiq.AsyncInsightIQ(
            client_id="id", client_secret="s3", quota=None, transport=transport
        ) as iq:
            return await asyncio.gather(
                *(iq.with_response(iq.users.get, f"u-{number}") for number in range(20))
            )

    for number, seen in enumerate(asyncio.run(main())):
        assert seen.parsed.name == f"/v1/users/u-{number}"
        assert f"/v1/users/u-{number}".encode() in seen.raw


@pytest.mark.parametrize(
    ("script", "parsed"),
    [
        (response(json={"data": [1]}), {"data": [1]}),
        (response(json=[1, "x", None]), [1, "x", None]),
        (response(content="null"), None),
        (response(204), None),
        (response(200, content=""), None),
    ],
)
def test_raw_request_gives_plain_json(play: Any, script: Any, parsed: Any) -> None:
    assert finish(play([script]).client.request("GET", "/v1/new-things")).parsed == parsed


def test_raw_request_sends_what_it_is_given(play: Any) -> None:
    played = play([response(201, json={})])
    finish(
        played.client.request(
            "post",
            "/v1/new-things",
            params={"a": "ä b", "on": True, "n": 3, "x": None},
            json={"k": 1},
        )
    )
    (sent,) = played.transport.requests
    assert (sent.method, sent.path) == ("POST", "/v1/new-things")
    assert sent.query == {"a": "ä b", "on": "true", "n": "3"}
    assert sent.json == {"k": 1}
    assert sent.headers["authorization"].startswith("Basic ")


def test_raw_request_is_retried(play: Any) -> None:
    assert (
        finish(play([response(503), response(json={})]).client.request("GET", "/v1/x")).attempts
        == 2
    )
    with pytest.raises(errors.InternalServerError, match=r"^POST /v1/x failed with 500") as caught:
        finish(play([response(500)]).client.request("POST", "/v1/x", json={}))
    assert caught.value.maybe_applied
    with pytest.raises(errors.APIResponseValidationError, match="not valid JSON"):
        finish(play([response(content="<html>")]).client.request("GET", "/v1/x"))


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "v1/users", "with a slash in front"),
        ("GET", "https://elsewhere.example/v1/users", "give the path alone"),
        ("GET", "//elsewhere.example/v1/users", "give the path alone"),
        ("GET", "/v1/a b", "percent-encoded"),
        ("GET", "/v1/users?limit=1", "give the query as params"),
        ("GET", "/v1/users#top", "give the query as params"),
        ("GET", "/v1/../../x", "leads to another one"),
        ("GET", "/v1/users/..", "leads to another one"),
        ("GET", "/v1/./users", "leads to another one"),
        ("GET", "/v1/%2e%2e/%2E%2e/x", "leads to another one"),
        ("GET", "/v1/.%2E/x", "leads to another one"),
        ("GET", "/v1/users/a%2F..%2F..%2Fx", "leads to another one"),
        ("GET", "/v1/..%5C..%5Cx", "leads to another one"),
        ("GET", "/v1\\..\\x", "give the path alone"),
        ("GET", "/\\elsewhere.example/v1", "give the path alone"),
        ("GET", "/v1/users\r\nX-A: b", "give the path alone"),
        ("GET", "/v1/users\x00", "give the path alone"),
        ("GET /x", "/v1/users", "is not an HTTP method"),
        ("", "/v1/users", "is not an HTTP method"),
    ],
)
def test_raw_request_cannot_leave_api(play: Any, method: str, path: str, said: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=said):
        finish(play([]).client.request(method, path))


@pytest.mark.parametrize("path", ["/v1/users/a%2Fb", "/v1/..a/b..", "/v1/...", "/v1/a.b/.c"])
def test_dots_in_raw_path_are_kept(play: Any, path: str) -> None:
    played = play([response(json={})], base_url="https://gateway.example/iq")
    finish(played.client.request("GET", path))
    assert played.transport.requests[0].path == f"/iq{path}"


@pytest.mark.parametrize("given", ["a/b", "a/../b", "../x", "a?b#c", "%2e%2e", "é\\", "a\r\nb"])
def test_id_stays_one_segment_of_path(play: Any, given: str) -> None:
    played = play([response(json=USER)])
    finish(played.client.users.get(given))
    (sent,) = played.transport.requests
    assert sent.path == f"/v1/users/{urllib.parse.quote(given, safe='')}"
    assert not sent.query


@pytest.mark.parametrize("given", ["", ".", ".."])
def test_id_with_path_segments_is_rejected(play: Any, given: str) -> None:
    played = play([])
    with pytest.raises(errors.ConfigurationError, match=r"^users\.get: id must not be"):
        finish(played.client.users.get(given))
    assert not played.transport.requests
