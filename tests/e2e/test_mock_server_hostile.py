"""Clients that mean ill, or that are broken: the server responds, or lets them go, and lives on."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from demonstration.mock_process import MockProcess

HEAD = b"Host: localhost\r\nAuthorization: Basic eDp5\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[MockProcess]:
    """One server for all of them: the next test finds a broken one."""
    with MockProcess("--no-limits") as process:
        yield process
        assert process.stderr_text() == ""


@pytest.fixture(autouse=True)
def _still_responds(server: MockProcess) -> Iterator[None]:
    """After each test the server responds as before, and at once."""
    yield
    began = time.monotonic()
    auth = (server.client_id, server.client_secret)
    assert httpx.get(f"{server.url}/v1/users", auth=auth).status_code == 200
    assert time.monotonic() - began < 5


@contextlib.contextmanager
def connected(server: MockProcess) -> Iterator[socket.socket]:
    """Open a bare connection."""
    address = httpx.URL(server.url)
    with socket.create_connection((address.host, address.port or 80), timeout=10) as connection:
        yield connection


def response_to(connection: socket.socket) -> bytes:
    """Read until the server closes, or a response is complete."""
    received = b""
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(65536):
            received += piece
            head, _, body = received.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if length and len(body) >= int(length[1]):
                break
    return received


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n\r\nHELLO\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
        b"GET\r\n\r\n",
        b"GET /v1/users\r\n\r\n",
        b"GET /v1/users HTTP/9.9\r\n\r\n",
        b"get /v1/users HTTP/1.1\r\n\r\n",
        b"GET /v1/\xff\xfe HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET http:// HTTP/1.1\r\n" + HEAD + b"\r\n",
        b"GET /v1/users HTTP/1.1\r\nNo colon here\r\n\r\n",
        b"GET /v1/users HTTP/1.1\r\nA\x00B: c\r\n\r\n",
        b"GET /v1/users HTTP/1.1\r\nA: b\x00c\r\n\r\n",
        b"POST /v1/users HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/users HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /v1/users HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST /v1/users HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        b"POST /v1/users HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
def test_what_is_no_http_gets_envelope(server: MockProcess, raw: bytes) -> None:
    """Whatever is wrong with it: 400 with an id, and the connection ends."""
    with connected(server) as connection:
        connection.sendall(raw)
        response = response_to(connection)
    status = int(response.split(b" ", 2)[1])
    assert status in (400, 401), response
    assert b'"request_id"' in response
    assert b"\r\ndate: " in response


def test_head_that_never_ends_is_cut_off(server: MockProcess) -> None:
    """Neither many headers, nor a long one, nor a long path are kept."""
    for beginning, more in (
        (b"GET /v1/users HTTP/1.1\r\n", b"X-More: and more\r\n"),
        (b"GET /v1/users HTTP/1.1\r\nX-Long: ", b"x" * 1000),
        (b"GET /v1/", b"x" * 1000),
    ):
        with connected(server) as connection:
            connection.sendall(beginning)
            with contextlib.suppress(ConnectionError):
                for _ in range(20_000):
                    connection.sendall(more)
                    if connection_gets_response(connection):
                        break
                else:
                    pytest.fail("twenty megabytes were taken in")
            assert b" 431 " in response_to(connection)


def connection_gets_response(connection: socket.socket) -> bool:
    """Return whether there is something to read."""
    connection.setblocking(False)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(10)


def right(server: MockProcess) -> httpx.BasicAuth:
    """Return the right credentials."""
    return httpx.BasicAuth(server.client_id, server.client_secret)


def test_endless_body_is_not_read_to_its_end(server: MockProcess) -> None:
    """Neither one that says how long it is, nor one that does not; a stranger's is not read at all."""

    def endless() -> Iterator[bytes]:
        for _ in range(100_000):
            yield b"x" * 65_536

    for auth, statuses in ((right(server), {413}), (httpx.BasicAuth("x", "y"), {401})):
        with httpx.Client(base_url=server.url, auth=auth, timeout=20) as client:
            try:
                response = client.post("/v1/users", content=endless())
            except httpx.TransportError:
                continue
            assert response.status_code in statuses


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 1000 + b"]" * 1000,
        b'{"name":"a","external_id":"b","x":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"name":' + b"9" * 100_000 + b"}",
        b'{"name":1e999999}',
        b'{"name":"\\ud800","external_id":"x"}',
        b'{"name":"\xff\xfe","external_id":"x"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"\x00" * 1000,
        b'{"name":"a","name":"b"}',
        b"NaN",
    ],
)
def test_hostile_body_is_400(server: MockProcess, body: bytes) -> None:
    """Deep, huge, or in encodings that are none."""
    response = httpx.post(
        f"{server.url}/v1/users",
        content=body,
        headers={"Content-Type": "application/json"},
        auth=right(server),
    )
    assert response.status_code == 400
    assert response.json()["error"]["request_id"]


def test_odd_paths_and_queries_get_responses(server: MockProcess) -> None:
    """With 400 or 404, never with 500."""
    with httpx.Client(base_url=server.url, auth=right(server)) as client:
        for target in (
            "/v1/users/%00",
            "/v1/users/%ff",
            "/v1/users/..%2f..%2fetc%2fpasswd",
            "/v1/users/" + "a" * 5000,
            "/v1/users?limit=%ff",
            "/v1/users?limit=1&limit=1",
            "/v1/users?" + "&".join(f"a{n}=1" for n in range(1200)),
            "/v1/users?limit=" + "9" * 400,
            "//v1//users",
            "/v1/users/external_id/%F0%9F%98%80%00",
        ):
            status = client.get(target).status_code
            assert status in (400, 404), target


def test_slow_clients_do_not_hold_others_up(server: MockProcess) -> None:
    """Two hundred who send a byte and wait."""
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connected(server)).sendall(b"G")
        began = time.monotonic()
        with httpx.Client(base_url=server.url, auth=right(server)) as client:
            for _ in range(20):
                assert client.get("/v1/users").status_code == 200
        assert time.monotonic() - began < 5


def test_flood_of_connections_is_rejected_with_reason(server: MockProcess) -> None:
    """There is an end to them; those who go make room for others."""
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(connected(server)) for _ in range(1010)]
        response = response_to(connections[-1])
        assert b" 503 " in response
        assert b"too_many_connections" in response


def test_requests_in_row_without_waiting_get_responses_in_order(server: MockProcess) -> None:
    """Pipelining is HTTP; who does not read the responses does no harm."""
    request = b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(server) as connection:
        connection.sendall(request * 50)
        received = b""
        while received.count(b'"status":"ok"') < 50:
            received += connection.recv(65536)


def test_noise_is_survived(server: MockProcess) -> None:
    """A few hundred random mutations of a good request."""
    chance = random.Random(7)
    good = b'POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 17\r\n\r\n{"name":"x y z"}\n'
    for _ in range(300):
        bad = bytearray(good)
        for _ in range(chance.randint(1, 8)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        with connected(server) as connection:
            connection.sendall(bytes(bad))
            connection.shutdown(socket.SHUT_WR)
            status = re.match(rb"HTTP/1.1 (\d+)", response_to(connection) or b"HTTP/1.1 000")
            assert status is not None
            assert status[1] != b"500"
