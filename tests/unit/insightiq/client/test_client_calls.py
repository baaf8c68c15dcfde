"""One call: what leaves, what comes back, who is told."""

from __future__ import annotations

import base64
import logging
from typing import Any

import httpx
import pytest

import insightiq
from insightiq.testing import FakeClock, response
from insightiq_generated.client import Request

REQUEST = Request("GET", "/v1/things/7")
OK = {"request-id": "r-1"}


def test_a_call_sends_the_request_and_returns_the_parsed_body(
    call: Any, script: Any, get_thing: Any
) -> None:
    """Method, address, query and credentials are those of the request and the client."""
    played = script([httpx.Response(200, headers=OK, json={"id": "7"})])
    request = Request("GET", "/v1/things/a%2Fb", {"name": "Ada & Bob/ü", "limit": "2"})
    assert call(played, get_thing, request) == {"id": "7"}
    (sent,) = played.requests
    assert sent.method == "GET"
    assert str(sent.url) == (
        "https://api.sandbox.insightiq.ai/v1/things/a%2Fb?name=Ada%20%26%20Bob%2F%C3%BC&limit=2"
    )
    pair = base64.b64encode(b"planted-client-id:planted-client-secret").decode()
    assert sent.headers["authorization"] == f"Basic {pair}"
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["user-agent"].startswith("insightiq-toolkit/")
    assert "content-type" not in sent.headers
    assert sent.content == b""


def test_a_body_is_sent_as_compact_utf_8_json(call: Any, script: Any, get_thing: Any) -> None:
    """Non-ASCII text stays text, and the content type says JSON."""
    played = script([httpx.Response(201, json={})])
    call(played, get_thing, Request("POST", "/v1/things", json={"name": "Zoë", "n": [1, None]}))
    (sent,) = played.requests
    assert sent.headers["content-type"] == "application/json"
    assert sent.content == '{"name":"Zoë","n":[1,null]}'.encode()


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/v1/things/a%2Fb", {"name": "Ada & Bob/ü", "limit": "2"}),
        Request("POST", "/v1/things", json={"name": "Zoë"}),
        Request("POST", "/v1/things/7/disconnect"),
        Request("DELETE", "/v1/things/7"),
    ],
    ids=lambda request: request.method,
)
def test_both_clients_send_the_same_bytes(
    both_calls: Any, script: Any, get_thing: Any, request_: Request
) -> None:
    """Line, headers in their order, and body do not depend on the driver."""
    sent = []
    for call in both_calls:
        played = script([httpx.Response(200, json={})])
        call(played, get_thing, request_)
        (one,) = played.requests
        sent.append((one.method, str(one.url), one.headers.raw, one.content))
    assert sent[0] == sent[1]


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/v1/things/7"),
        Request("POST", "/v1/things", json={"name": "Zoë"}),
        Request("POST", "/v1/things/7/disconnect"),
        Request("PUT", "/v1/things/7"),
        Request("PATCH", "/v1/things/7"),
        Request("DELETE", "/v1/things/7"),
    ],
    ids=lambda request: request.method,
)
def test_host_and_length_are_announced_as_the_http_library_does(
    call: Any, script: Any, get_thing: Any, request_: Request
) -> None:
    """We set these headers ourselves, because that is quicker; the server sees no difference."""
    played = script([httpx.Response(200, json={})])
    call(played, get_thing, request_, base_url="http://127.0.0.1:8080")
    (sent,) = played.requests
    theirs = httpx.Request(request_.method, sent.url, content=sent.content or None)
    framing = ("host", "content-length", "transfer-encoding")
    assert [sent.headers.get(name) for name in framing] == [
        theirs.headers.get(name) for name in framing
    ]
    assert sent.headers.raw[0] == (b"Host", b"127.0.0.1:8080")


def test_a_length_is_that_of_its_own_request(play: Any, get_thing: Any) -> None:
    """Requests share their other headers, and nothing of one is left for the next."""
    played = play([response(json={}), response(json={}), response(json={})])
    for request in (
        Request("POST", "/v1/things", json={"name": "Zoë"}),
        Request("GET", "/v1/things/7"),
        Request("POST", "/v1/things", json={"name": "Ada Lovelace"}),
    ):
        played.call(get_thing, request)
    lengths = [sent.headers.get("content-length") for sent in played.transport.requests]
    assert lengths == ["15", None, "23"]


def test_cookies_are_neither_sent_nor_kept(play: Any, get_thing: Any) -> None:
    """A server in between cannot mark a client, and a long run collects nothing."""
    played = play([response(json={}, headers={"set-cookie": "seen=1; Path=/"}), response(json={})])
    played.call(get_thing, REQUEST)
    played.call(get_thing, REQUEST)
    assert "cookie" not in played.transport.requests[1].headers
    sender = played.client._driver._shared.sender.get("test")
    assert not list(sender._client.cookies.jar)


def test_an_http_client_of_the_user_keeps_its_cookies(script: Any, get_thing: Any) -> None:
    """It is the user's, with all that httpx does."""
    cookie = {"set-cookie": "seen=1; Path=/"}
    played = script([httpx.Response(200, json={}, headers=cookie), httpx.Response(200, json={})])
    with (
        httpx.Client(transport=played.transport) as own,
        insightiq.InsightIQ(client_id="id", client_secret="s3", http_client=own) as iq,
    ):
        for _ in range(2):
            iq._caller.call(get_thing, REQUEST)
    assert played.requests[1].headers["cookie"] == "seen=1"


def test_an_answer_without_content_gives_what_the_operation_makes_of_none(
    call: Any, script: Any, get_thing: Any
) -> None:
    """A 204 has no body to parse."""
    played = script([httpx.Response(204, headers=OK)])
    assert call(played, get_thing, Request("DELETE", "/v1/things/7")) is None


def test_the_hook_learns_the_request_id_of_a_success(
    call: Any, script: Any, get_thing: Any
) -> None:
    """Support asks for the id of calls that went well, too."""
    events: list[insightiq.Event] = []
    played = script([httpx.Response(200, headers=OK, json={})])
    call(
        played,
        get_thing,
        Request("GET", "/v1/things/7", {"a": "b"}),
        on_event=events.append,
        clock=FakeClock(),
    )
    assert events == [
        insightiq.AttemptStarted(
            operation="things.get",
            method="GET",
            path="/v1/things/7",
            template="/v1/things/{id}",
            attempt=1,
        ),
        insightiq.ResponseReceived(
            operation="things.get",
            method="GET",
            path="/v1/things/7",
            status_code=200,
            request_id="r-1",
            attempt=1,
            seconds=0.0,
        ),
    ]


def test_the_hook_learns_of_an_error_answer(call: Any, script: Any, get_thing: Any) -> None:
    """An observer sees every answer, before the error is raised."""
    events: list[Any] = []
    played = script([httpx.Response(500, json={})])
    with pytest.raises(insightiq.errors.InternalServerError):
        call(played, get_thing, REQUEST, on_event=events.append)
    assert [(event.status_code, event.request_id) for event in events[1:]] == [(500, None)]


def test_a_failing_hook_does_not_undo_the_call(
    call: Any, script: Any, get_thing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What was created stays created: the observer's error is logged, the result returned."""

    def fail(_: object) -> None:
        msg = "observer broke"
        raise RuntimeError(msg)

    played = script([httpx.Response(200, json={"id": "7"})])
    with caplog.at_level(logging.ERROR, logger="insightiq"):
        assert call(played, get_thing, REQUEST, on_event=fail) == {"id": "7"}
    assert "on_event failed for things.get" in caplog.text
    assert "observer broke" in caplog.text


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_credentials_do_not_follow_a_redirect(
    call: Any, script: Any, get_thing: Any, status: int
) -> None:
    """A redirect to another host would hand the secret over; it is an error instead."""
    elsewhere = {"location": "https://elsewhere.example/v1/things/7"}
    played = script([httpx.Response(status, headers=elsewhere), httpx.Response(200, json={})])
    with pytest.raises(
        insightiq.errors.APIStatusError, match="redirects are not followed"
    ) as caught:
        call(played, get_thing, REQUEST)
    assert caught.value.status_code == status
    assert len(played.requests) == 1


def test_the_machine_s_netrc_is_not_asked(
    call: Any, script: Any, get_thing: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The credentials of the client are the only ones that are sent."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.sandbox.insightiq.ai login other password other\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    played = script([httpx.Response(200, json={})])
    call(played, get_thing, REQUEST)
    expected = base64.b64encode(b"planted-client-id:planted-client-secret").decode()
    assert played.requests[0].headers["authorization"] == f"Basic {expected}"
