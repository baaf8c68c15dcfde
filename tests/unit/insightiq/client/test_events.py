"""Events and logging, with redaction."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import pickle
import subprocess
import sys
import traceback
from typing import Any

import pytest

import insightiq
from insightiq import errors
from insightiq._events import configure_logging, shown_body, shown_headers, shown_url
from insightiq.testing import (
    FakeClock,
    ScriptedTransport,
    connection_lost,
    connection_refused,
    response,
)
from insightiq_generated.client import Request

GET = Request("GET", "/v1/things/7")


def test_url_shows_harmless_parameters_alone() -> None:
    url = "https://api.example/v1/users?limit=10&account_id=a-1&email=ada%40x.example&q=Ada"
    assert shown_url(url) == "https://api.example/v1/users?limit=10&account_id=a-1&email=***&q=***"


def test_path_hides_external_ids() -> None:
    template = "/v1/users/external_id/{external_id}"
    url = "https://api.example/base/v1/users/external_id/ada%40x.example"
    assert shown_url(url, template) == "https://api.example/base/v1/users/external_id/***"
    assert shown_url("https://a.example/v1/users/u-1", "/v1/users/{id}").endswith("/v1/users/u-1")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"id": "u-1", "name": "Ada"}, {"id": "u-1", "name": "***"}),
        (
            {"status": "SYNCED", "limit": 3, "on": True},
            {"status": "SYNCED", "limit": 3, "on": True},
        ),
        ({"emails": [{"email_id": "a@x"}]}, {"emails": [{"email_id": "***"}]}),
        ({"phone_number": 4412345678}, {"phone_number": "***"}),
        ({"sdk_token": "t"}, {"sdk_token": "***"}),
        (
            {"platform_username": "ada", "url": "https://x"},
            {"platform_username": "***", "url": "***"},
        ),
        ({"external_id": "a@x", "user_id": "u-1"}, {"external_id": "***", "user_id": "u-1"}),
        ({"never_seen_before": "Ada"}, {"never_seen_before": "***"}),
        ({"products": ["IDENTITY"], "tags": ["ada"]}, {"products": ["IDENTITY"], "tags": ["***"]}),
        ({"created_at": "2026-11-01", "name": None}, {"created_at": "2026-11-01", "name": None}),
        (["Ada", 1], ["***", 1]),
        ("Ada", "***"),
    ],
)
def test_body_shows_shape_and_harmless_values(body: Any, shown: Any) -> None:
    assert json.loads(shown_body(json.dumps(body).encode())) == shown


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (None, "no body"),
        (b"", "no body"),
        (b"<html>Ada</html>", "16 bytes, not JSON"),
        (b"[" * 100_000, "100000 bytes, not JSON"),
    ],
)
def test_body_that_is_not_json_shows_size(content: bytes | None, shown: str) -> None:
    assert shown_body(content) == shown


def test_long_body_is_cut() -> None:
    assert len(shown_body(json.dumps([{"id": "x" * 30}] * 500).encode())) < 2100


def test_headers_show_harmless_values_alone() -> None:
    shown = shown_headers({"Accept": "application/json", "X-Key": "k", "Webhook-Signatures": "s"})
    assert shown == "Accept: application/json, X-Key: ***, Webhook-Signatures: ***"


def test_info_has_line_for_response_failure_and_retry(
    play: Any, get_thing: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 1.0)
    played = play(
        [response(503), connection_lost(), response(200, headers={"request-id": "r-1"})],
        on_event=None,
    )
    with caplog.at_level(logging.INFO, logger="insightiq"):
        played.call(get_thing, GET)
    assert caplog.messages == [
        "things.get: 503 in 0.000 s, attempt 1, request-id none",
        "things.get: next attempt in 0.50 s after status 503",
        "things.get: no response after 0.000 s, perhaps received, attempt 2",
        "things.get: next attempt in 1.00 s after a broken connection",
        "things.get: 200 in 0.000 s, attempt 3, request-id r-1",
    ]


def test_echoed_secret_is_not_logged(get_thing: Any, caplog: pytest.LogCaptureFixture) -> None:
    transport = ScriptedTransport([response(200, headers={"request-id": "r-planted-secret"})])
    iq = insightiq.InsightIQ(client_id="id", client_secret="planted-secret", transport=transport)
    with caplog.at_level(logging.DEBUG, logger="insightiq"):
        iq._caller.call(get_thing, GET)
    assert any("request-id r-***" in message for message in caplog.messages)
    assert "planted-secret" not in caplog.text


def test_debug_has_requests_and_responses_redacted(
    play: Any, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"id": "u-1", "name": "Ada", "status": "ACTIVE"}
    played = play([response(404, json=body, headers={"set-cookie": "planted"})])
    with caplog.at_level(logging.DEBUG, logger="insightiq"):
        played.fail(
            *_operation("users.get_by_external_id", "ada@x.example"),
        )
    assert caplog.messages[0].startswith(
        "users.get_by_external_id: GET https://api.sandbox.insightiq.ai/v1/users/external_id/*** "
        "[host: api.sandbox.insightiq.ai, connection: keep-alive, accept: application/json, "
    )
    assert caplog.messages[0].endswith("] no body")
    assert caplog.messages[-1] == (
        "users.get_by_external_id: 404 [content-length: 48, content-type: application/json, "
        'set-cookie: ***] {"id":"u-1","name":"***","status":"ACTIVE"}'
    )


def _operation(name: str, *args: str) -> tuple[Any, Any]:
    import importlib

    resource, method = name.split(".")
    module = importlib.import_module(f"insightiq_generated.api.{resource}.{method}")
    return module.OPERATION, module.build_request(*args)


def test_log_is_silent_by_default(
    play: Any, get_thing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    play([response(503), response(200)]).call(get_thing, GET)
    assert caplog.messages == []


PROGRAM = """
import insightiq
from insightiq.testing import ScriptedTransport, response
iq = insightiq.InsightIQ(client_id="id", client_secret="planted", quota=None,
                         transport=ScriptedTransport([response(404)]))
insightiq.InsightIQ(client_id="id", client_secret="planted")
try:
    iq.users.get("u-1")
except insightiq.errors.NotFoundError:
    pass
"""


@pytest.mark.parametrize(
    ("level", "lines"), [("", 0), ("info", 1), ("INFO", 1), ("debug", 3), (" debug ", 3)]
)
def test_variable_turns_log_on(level: str, lines: int) -> None:
    import os

    environment = {**os.environ, "INSIGHTIQ_LOG": level}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert done.stdout == ""
    written = done.stderr.splitlines()
    assert len(written) == lines, done.stderr
    assert all(" insightiq " in line and "users.get: " in line for line in written)
    assert "planted" not in done.stderr


def test_unknown_log_level_is_rejected() -> None:
    with pytest.raises(errors.ConfigurationError, match="INSIGHTIQ_LOG='loud' is not a level"):
        configure_logging({"INSIGHTIQ_LOG": "loud"})


SECRETS = {
    "client secret": "planted-client-secret",
    "basic credentials": base64.b64encode(b"planted-id:planted-client-secret").decode(),
    "sdk token": "planted-sdk-token",
    "signature": "planted-signature",
    "e-mail": "planted@mail.example",
    "name": "Planted Name",
    "handle": "planted_handle",
    "header": "planted-header-value",
    "proxy password": "planted-proxy-password",
}


def _leaky(request: Any) -> Any:
    """Respond as a server that echoes every secret, in every form."""
    body = {
        "id": "u-1",
        "name": SECRETS["name"],
        "external_id": SECRETS["e-mail"],
        "sdk_token": SECRETS["sdk token"],
        "username": SECRETS["handle"],
        "data": [{"email_id": SECRETS["e-mail"], "platform_username": SECRETS["handle"]}],
    }
    headers = {"webhook-signatures": SECRETS["signature"], "set-cookie": SECRETS["sdk token"]}
    both = f"{SECRETS['client secret']} {SECRETS['basic credentials']}"
    return {
        "/v1/users/ok": response(json=body, headers=headers),
        "/v1/users/odd": response(json={**body, "created_at": SECRETS["name"]}),
        "/v1/users/html": response(502, content=f"<html>{SECRETS}</html>", headers=headers),
        "/v1/users/cut": response(200, content=json.dumps(body)[:-5], headers=headers),
        "/v1/users/rejected": connection_refused(),
        "/v1/users/lost": connection_lost(),
        "/v1/users/echo": response(
            400, json={"error": {"message": both, "code": SECRETS["client secret"]}}
        ),
    }.get(request.path, response(503, json=body, headers={**headers, "retry-after": "1"}))


@pytest.mark.filterwarnings("always::insightiq.UnexpectedValueWarning")
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_no_secret_shows_anywhere_in_whole_flow(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder, *, asynchronous: bool
) -> None:
    events: list[insightiq.Event] = []
    clock = FakeClock()
    kind: Any = insightiq.AsyncInsightIQ if asynchronous else insightiq.InsightIQ
    shown: list[str] = []

    async def run() -> None:
        iq = kind(
            client_id="planted-id",
            client_secret=SECRETS["client secret"],
            clock=clock,
            transport=ScriptedTransport(_leaky, clock=clock),
            on_event=events.append,
        ).with_options(headers={"x-key": SECRETS["header"]})
        for case in ("ok", "odd", "html", "cut", "rejected", "lost", "echo", "down"):
            try:
                response = iq.with_response(iq.users.get, case)
                shown.append(repr(await response if asynchronous else response))
            except errors.InsightIQError as error:
                shown.append("".join(traceback.format_exception(error)))
                shown.extend((repr(error), str(vars(error)), repr(pickle.dumps(error))))
        for call in (
            lambda: iq.users.get_or_create(name=SECRETS["name"], external_id=SECRETS["e-mail"]),
            lambda: iq.request(
                "POST", "/v1/new", params={"q": SECRETS["handle"]}, json={"k": SECRETS["name"]}
            ),
        ):
            try:
                result = call()
                shown.append(repr(await result if asynchronous else result))
            except errors.InsightIQError as error:
                shown.append("".join(traceback.format_exception(error)))
        shown.extend((repr(iq), repr(iq._driver), repr(iq._driver.options)))

    with caplog.at_level(logging.DEBUG):
        asyncio.run(run())
    shown += [record.getMessage() for record in caplog.records if record.name == "insightiq"]
    shown += [str(one.message) for one in recwarn]
    assert len(shown) > 50
    for name, secret in SECRETS.items():
        leaks = [text for text in shown if secret in text]
        assert leaks == [], name
    assert not any(SECRETS["client secret"] in repr(event) for event in events)


def test_proxy_password_is_hidden() -> None:
    proxy = f"http://user:{SECRETS['proxy password']}@proxy.example:3128"
    client = insightiq.InsightIQ(client_id="id", client_secret="s3", proxy=proxy)
    seen: set[int] = set()
    waiting: list[object] = [client]
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, type):
            continue
        seen.add(id(value))
        assert SECRETS["proxy password"] not in repr(value)
        waiting += list(getattr(value, "__dict__", {}).values())
        waiting += [
            getattr(value, name, None)
            for name in getattr(type(value), "__slots__", ())
            if name != "_value"
        ]
        waiting += [cell.cell_contents for cell in getattr(value, "__closure__", None) or ()]
    assert len(seen) > 20
