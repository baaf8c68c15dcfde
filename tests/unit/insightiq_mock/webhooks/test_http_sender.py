"""Posting over real connections on loopback."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from insightiq_mock.webhooks import AddressGuard, HttpSender, Outcome, Verdict

HEADERS = (("content-type", "application/json"), ("webhook-signatures", "abc"))
BODY = b'{"event":"E"}'

RunReceiver = Callable[..., AbstractAsyncContextManager[Any]]


def post(url: str, *, guard: AddressGuard | None = None, seconds: float = 5.0) -> Outcome:
    """Post to an address where no one of this test listens."""
    sender = HttpSender(guard or AddressGuard())
    return asyncio.run(sender.send(url, HEADERS, BODY, seconds=seconds))


def exchange(run_receiver: RunReceiver, **script: Any) -> tuple[Outcome, Any]:
    """Post to a receiver with a script of its own."""
    seconds = script.pop("seconds", 5.0)

    async def run() -> tuple[Outcome, Any]:
        async with run_receiver(**script) as receiver:
            sender = HttpSender(AddressGuard())
            outcome = await sender.send(receiver.url(), HEADERS, BODY, seconds=seconds)
            return outcome, receiver

    return asyncio.run(run())


def response(status: str, *headers: str, body: bytes = b"") -> bytes:
    """The bytes of a response."""
    lines = (f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


def test_receiver_gets_very_bytes(run_receiver: RunReceiver) -> None:

    async def run() -> tuple[Outcome, Any]:
        async with run_receiver() as receiver:
            url = receiver.url("/a%20b?c=d", "localhost")
            return await HttpSender(AddressGuard()).send(url, HEADERS, BODY, seconds=5), receiver

    outcome, receiver = asyncio.run(run())
    ((line, headers, body),) = receiver.requests
    assert line == "POST /a%20b?c=d HTTP/1.1"
    assert body == BODY
    assert headers["host"] == f"localhost:{receiver.port}"
    assert sorted(headers) == sorted(
        ["host", "content-type", "content-length", "webhook-signatures", "connection"]
    )
    assert outcome.verdict is Verdict.DELIVERED
    assert dict(outcome.request_headers).keys() == headers.keys()


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("200 OK", Verdict.DELIVERED),
        ("299 Odd", Verdict.DELIVERED),
        ("302 Found", Verdict.REDIRECTED),
        ("308 Permanent Redirect", Verdict.REDIRECTED),
        ("304 Not Modified", Verdict.REJECTED),
        ("404 Not Found", Verdict.REJECTED),
        ("410 Gone", Verdict.REJECTED),
        ("503 Service Unavailable", Verdict.REJECTED),
    ],
)
def test_status_decides(run_receiver: RunReceiver, status: str, verdict: Verdict) -> None:
    written = response(status, "location: http://127.0.0.1:1/elsewhere", "x-kept: yes")
    outcome, receiver = exchange(run_receiver, response=written)
    assert (outcome.verdict, outcome.status) == (verdict, int(status[:3]))
    assert dict(outcome.response_headers)["x-kept"] == "yes"
    assert len(receiver.requests) == 1


def test_long_response_is_cut(run_receiver: RunReceiver) -> None:
    written = b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n" + b"x" * 50_000
    outcome, _ = exchange(run_receiver, response=written, stalls=True)
    assert outcome.verdict is Verdict.DELIVERED
    assert outcome.response_body == b"x" * 16_384


def test_packed_response_is_not_unpacked(run_receiver: RunReceiver) -> None:
    written = response("200 OK", "content-encoding: gzip", body=b"no gzip")
    outcome, _ = exchange(run_receiver, response=written)
    assert (outcome.verdict, outcome.response_body) == (Verdict.DELIVERED, b"no gzip")


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\n", response("200 OK")[:-2]])
def test_slow_receiver_is_given_up(run_receiver: RunReceiver, begun: bytes) -> None:
    began = time.monotonic()
    outcome, _ = exchange(run_receiver, response=begun, stalls=True, seconds=0.1)
    assert (outcome.verdict, outcome.status) == (Verdict.TIMED_OUT, None)
    assert time.monotonic() - began < 2


def test_slow_body_is_given_up(run_receiver: RunReceiver) -> None:
    written = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"
    outcome, _ = exchange(run_receiver, response=written, stalls=True, seconds=0.1)
    assert (outcome.verdict, outcome.status) == (Verdict.TIMED_OUT, 200)
    assert outcome.response_body == b"abc"


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        (b"", Verdict.CONNECTION_FAILED),
        (b"220 mail.test ESMTP\r\n\r\n", Verdict.INVALID_RESPONSE),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", Verdict.INVALID_RESPONSE),
        (b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n", Verdict.INVALID_RESPONSE),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 200_000 + b"\r\n\r\n", Verdict.INVALID_RESPONSE),
    ],
)
def test_broken_response_is_failure(
    run_receiver: RunReceiver, written: bytes, verdict: Verdict
) -> None:
    outcome, _ = exchange(run_receiver, response=written)
    assert outcome.verdict is verdict
    assert outcome.detail


def test_no_one_listening_is_failure() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        outcome = post(f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert outcome.verdict is Verdict.CONNECTION_FAILED
    assert outcome.detail


@pytest.mark.parametrize(
    "url",
    [
        "",
        "relative/path",
        "mailto:a@example.com",
        "ftp://example.com/",
        "http://",
        "http:///path",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "http://[::1/",
        f"http://{'a' * 64}.test/",
        "http://.test/",
        "http://127.0.0.1:1/\x00",
    ],
)
def test_url_that_cannot_be_posted_to(url: str) -> None:
    outcome = post(url, guard=AddressGuard(allow=("*.test",)))
    assert outcome.verdict is Verdict.UNUSABLE_URL
    assert outcome.request_headers == ()


def test_forbidden_address_is_not_connected_to(run_receiver: RunReceiver) -> None:

    async def run() -> tuple[Outcome, Any]:
        async with run_receiver() as receiver:
            sender = HttpSender(AddressGuard(exposed=True))
            url = receiver.url(host="localhost")
            return await sender.send(url, HEADERS, BODY, seconds=5), receiver

    outcome, receiver = asyncio.run(run())
    assert outcome.verdict is Verdict.FORBIDDEN_ADDRESS
    assert receiver.requests == []


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "2852039166", "0xa9fea9fe", "[::ffff:169.254.169.254]"]
)
def test_metadata_address_is_rejected_however_it_is_written(host: str) -> None:
    outcome = post(f"http://{host}/latest/meta-data", guard=AddressGuard(allow=("*",)))
    assert outcome.verdict is Verdict.FORBIDDEN_ADDRESS


def responds_with(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """Let names be looked up by a script, one round after another; return who was asked for."""
    asked: list[str] = []

    async def getaddrinfo(_loop: object, host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        addresses = rounds[min(len(asked), len(rounds)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_name_that_changes_its_mind_gains_nothing(
    run_receiver: RunReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def run() -> tuple[Outcome, Any, list[str]]:
        async with run_receiver() as receiver:
            asked = responds_with(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
            sender = HttpSender(AddressGuard(allow=("rebinding.test",)))
            url = receiver.url(host="rebinding.test")
            return await sender.send(url, HEADERS, BODY, seconds=5), receiver, asked

    outcome, receiver, asked = asyncio.run(run())
    assert outcome.verdict is Verdict.DELIVERED
    assert asked == ["rebinding.test"]
    ((_, headers, _),) = receiver.requests
    assert headers["host"] == f"rebinding.test:{receiver.port}"


def test_tls_handshake_names_host(monkeypatch: pytest.MonkeyPatch) -> None:
    greetings: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greetings.append(await reader.read(4096))
        writer.close()

    async def run() -> Outcome:
        server = await asyncio.start_server(listen, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            responds_with(monkeypatch, ["127.0.0.1"])
            url = f"https://receiver.test:{port}/"
            guard = AddressGuard(allow=("receiver.test",))
            return await HttpSender(guard).send(url, HEADERS, BODY, seconds=5)

    assert asyncio.run(run()).verdict is Verdict.CONNECTION_FAILED
    (greeting,) = greetings
    # A TLS record that holds a ClientHello, and in it the name.
    assert greeting.startswith(b"\x16\x03")
    assert b"receiver.test" in greeting
    assert b"127.0.0.1" not in greeting


def test_one_forbidden_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    responds_with(monkeypatch, ["127.0.0.1", "169.254.169.254"])
    guard = AddressGuard(allow=("both.test",))
    outcome = post("http://both.test:9/", guard=guard)
    assert outcome.verdict is Verdict.FORBIDDEN_ADDRESS
    assert "169.254.169.254" in str(outcome.detail)


def test_unknown_name_is_not_even_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = responds_with(monkeypatch, ["127.0.0.1"])
    outcome = post("https://hooks.example/insightiq")
    assert outcome.verdict is Verdict.FORBIDDEN_ADDRESS
    assert "--webhook-host hooks.example or --webhook-public" in str(outcome.detail)
    assert asked == []


def test_name_below_localhost_is_this_machine(
    run_receiver: RunReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def run() -> tuple[Outcome, list[str]]:
        async with run_receiver() as receiver:
            asked = responds_with(monkeypatch, ["127.0.0.1"])
            url = receiver.url(host="app.localhost")
            outcome = await HttpSender(AddressGuard()).send(url, HEADERS, BODY, seconds=5)
            return outcome, asked

    outcome, asked = asyncio.run(run())
    assert (outcome.verdict, asked) == (Verdict.DELIVERED, ["localhost"])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "app.localhost", "0", "2130706433", "0x7f.1", "127.0.0.2"],
)
@pytest.mark.parametrize(
    "path",
    [
        "/_mock/developers/default/reset",
        "/_mock/inbox/../developers/default/reset",
        "/_mock/inbox/%2e%2e/developers/default/reset",
        "/%5fmock/developers/default/reset",
        "//_mock/inbox/x",
        "/_mock/inbox/",
        "/v1/users",
    ],
)
def test_own_server_takes_notifications_in_inboxes_only(
    run_receiver: RunReceiver, host: str, path: str
) -> None:

    async def run() -> tuple[Outcome, Any]:
        async with run_receiver() as receiver:
            guard = AddressGuard(own=("127.0.0.1", receiver.port))
            url = receiver.url(path, host)
            return await HttpSender(guard).send(url, HEADERS, BODY, seconds=5), receiver

    outcome, receiver = asyncio.run(run())
    assert outcome.verdict is Verdict.FORBIDDEN_ADDRESS
    assert "/_mock/inbox/<name>" in str(outcome.detail)
    assert receiver.requests == []


def test_next_address_is_tried_where_no_one_listens(
    run_receiver: RunReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def run() -> Outcome:
        async with run_receiver() as receiver:
            responds_with(monkeypatch, ["127.0.0.2", "127.0.0.1"])
            sender = HttpSender(AddressGuard(allow=("two.test",)))
            return await sender.send(receiver.url(host="two.test"), HEADERS, BODY, seconds=5)

    assert asyncio.run(run()).verdict is Verdict.DELIVERED


def test_one_sender_serves_many_event_loops(run_receiver: RunReceiver) -> None:
    sender = HttpSender(AddressGuard())

    async def run() -> Outcome:
        async with run_receiver() as receiver:
            return await sender.send(receiver.url(), HEADERS, BODY, seconds=5)

    assert [asyncio.run(run()).verdict for _ in range(3)] == [Verdict.DELIVERED] * 3


def test_every_try_has_connection_of_its_own(run_receiver: RunReceiver) -> None:

    async def run() -> list[Outcome]:
        async with run_receiver(response("200 OK"), stalls=True) as receiver:
            sender = HttpSender(AddressGuard())
            return [await sender.send(receiver.url(), HEADERS, BODY, seconds=2) for _ in range(2)]

    assert [outcome.verdict for outcome in asyncio.run(run())] == [Verdict.DELIVERED] * 2


def test_proxies_and_cookies_stay_out(
    run_receiver: RunReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    async def run() -> list[Any]:
        written = response("200 OK", "set-cookie: a=b; path=/")
        async with run_receiver(written) as receiver:
            sender = HttpSender(AddressGuard())
            for _ in range(2):
                await sender.send(receiver.url(), HEADERS, BODY, seconds=5)
            return list(receiver.requests)

    requests = asyncio.run(run())
    assert len(requests) == 2
    assert all("cookie" not in headers for _, headers, _ in requests)
