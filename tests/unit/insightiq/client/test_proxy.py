"""Proxies and certificates, from arguments and from the environment."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_server import serving

import insightiq
from insightiq import errors
from insightiq._proxy import exempts, proxy_of_environment

PAIR: dict[str, Any] = {
    "client_id": "id",
    "client_secret": "planted-secret",
    "quota": None,
    "max_attempts": 1,
}
REMOTE = "http://api.example.invalid"
PROXIED = 'HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n["proxied"]'
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(params=[insightiq.InsightIQ, insightiq.AsyncInsightIQ], ids=["sync", "async"])
def client_class(request: pytest.FixtureRequest) -> Any:
    """Each of the two clients."""
    return request.param


def ask(client_class: Any, **options: Any) -> Any:
    """Return the JSON that one call gives, through whichever client."""

    async def main() -> Any:
        async with client_class(**PAIR, **options) as iq:
            return (await iq.request("GET", "/v1/things")).parsed

    if client_class is insightiq.AsyncInsightIQ:
        return asyncio.run(main())
    with client_class(**PAIR, **options) as iq:
        return iq.request("GET", "/v1/things").parsed


def _proxy(connection: socket.socket, _: threading.Event) -> None:
    head = connection.recv(65_536).decode()
    kind = b"CONNECT" if head.startswith("CONNECT") else b"GET"
    if kind == b"GET" and head.startswith(f"GET {REMOTE}/v1/things "):
        connection.sendall(PROXIED.encode())
    else:
        connection.sendall(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n")


def test_proxy_of_arguments_is_used(client_class: Any) -> None:
    with serving(_proxy) as port:
        options = {"base_url": REMOTE, "allow_http": True, "proxy": f"http://127.0.0.1:{port}"}
        assert ask(client_class, **options) == ["proxied"]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("form", ["http://127.0.0.1:{}", "127.0.0.1:{}"])
def test_proxy_of_environment_is_used(
    client_class: Any, monkeypatch: pytest.MonkeyPatch, name: str, form: str
) -> None:
    with serving(_proxy) as port:
        monkeypatch.setenv(name, form.format(port))
        assert ask(client_class, base_url=REMOTE, allow_http=True) == ["proxied"]


def test_rejected_tunnel_sends_no_request(
    client_class: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(_proxy) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(errors.APIConnectionError, match="403 No") as caught:
            ask(client_class, base_url="https://api.example.invalid")
    assert "Nothing reached the server" in str(caught.value)


@pytest.mark.parametrize(
    "entries", ["localhost,127.0.0.0/8,::1/128", "::1,fe80::/10", "[::1]:1,x:y:z,://,https://", "%"]
)
def test_no_entry_of_no_proxy_breaks_client(
    client_class: Any, monkeypatch: pytest.MonkeyPatch, entries: str
) -> None:
    monkeypatch.setenv("NO_PROXY", entries)
    with serving(_proxy) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
        assert ask(client_class, base_url=REMOTE, allow_http=True) == ["proxied"]


def test_server_on_this_machine_is_reached_directly(
    client_class: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example.invalid:3128")

    def speak(connection: socket.socket, _: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(PROXIED.replace("proxied", "here___").encode())

    with serving(speak) as port:
        assert ask(client_class, base_url=f"http://127.0.0.1:{port}") == ["here___"]


@pytest.mark.parametrize(
    ("entry", "url", "exempt"),
    [
        ("*", REMOTE, True),
        ("example.com", "https://example.com", True),
        ("example.com", "https://api.example.com", True),
        ("example.com", "https://badexample.com", False),
        (".example.com", "https://api.example.com", True),
        (".example.com", "https://example.com", False),
        ("*.example.com", "https://api.example.com", True),
        ("*.example.com", "https://example.com", False),
        ("example.com.", "https://api.example.com", True),
        ("example.com", "https://api.example.com.", True),
        ("example.com:443", "https://example.com", True),
        ("example.com:8443", "https://example.com", False),
        ("example.com:8443", "https://example.com:8443", True),
        ("https://example.com", "https://example.com", True),
        ("http://example.com", "https://example.com", False),
        ("all://example.com", "https://example.com", True),
        ("10.0.0.7", "https://10.0.0.7", True),
        ("10.0.0.0/8", "https://10.200.3.4", True),
        ("10.0.0.0/8", "https://11.0.0.1", False),
        ("10.0.0.1/8", "https://10.200.3.4", True),
        ("10.0.0.7:443", "https://10.0.0.7", True),
        ("10.0.0.7:80", "https://10.0.0.7", False),
        ("fd00::/8", "https://[fd12::1]", True),
        ("fd00::/8", "https://10.0.0.1", False),
        ("fd12::1", "https://[fd12::1]", True),
        ("[fd12::1]", "https://[fd12::1]", True),
        ("[fd12::1]:443", "https://[fd12::1]", True),
        ("[fd12::1]:8443", "https://[fd12::1]", False),
        ("", REMOTE, False),
        ("10.0.0.0/99", "https://10.0.0.1", False),
        (":::", REMOTE, False),
    ],
)
def test_no_proxy_entries(entry: str, url: str, *, exempt: bool) -> None:
    assert exempts(entry, urlsplit(url)) is exempt


@given(
    st.text(st.characters(codec="ascii"), max_size=30) | st.text(),
    st.sampled_from([REMOTE, "https://[fd12::1]:8443"]),
)
def test_no_text_in_no_proxy_raises(entry: str, url: str) -> None:
    assert exempts(entry, urlsplit(url)) in {True, False}


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, ("ALL_PROXY", None)),
        ({"HTTPS_PROXY": "http://p"}, ("HTTPS_PROXY", "http://p")),
        ({"HTTPS_PROXY": "p:1", "ALL_PROXY": "q:1"}, ("HTTPS_PROXY", "http://p:1")),
        ({"HTTP_PROXY": "p:1"}, ("ALL_PROXY", None)),
        ({"HTTPS_PROXY": "", "ALL_PROXY": "socks5://q"}, ("ALL_PROXY", "socks5://q")),
        ({"HTTPS_PROXY": "p", "NO_PROXY": "a, api.example ,b"}, ("HTTPS_PROXY", None)),
        ({"HTTPS_PROXY": "p", "no_proxy": "API.example"}, ("HTTPS_PROXY", None)),
    ],
)
def test_proxy_variables_are_found(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], found: tuple[str, str | None]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_of_environment("https://api.example") == found


@pytest.mark.parametrize(
    ("option", "variables", "said"),
    [
        ({"proxy": "foo://u:planted@proxy.example:3128"}, {}, "proxy is not the address"),
        ({"proxy": "http://u:planted@proxy.example:port"}, {}, "proxy is not the address"),
        ({}, {"HTTPS_PROXY": "foo://u:planted@proxy.example"}, "HTTPS_PROXY is not the address"),
        ({}, {"ALL_PROXY": "foo://u:planted@proxy.example"}, "ALL_PROXY is not the address"),
        ({"proxy": "socks5://proxy.example"}, {}, r"pip install 'httpx\[socks\]'"),
        ({}, {"SSL_CERT_FILE": "/nowhere/ca.pem"}, "SSL_CERT_FILE or SSL_CERT_DIR names no usable"),
    ],
)
def test_unusable_proxy_setting_is_named(
    client_class: Any,
    option: dict[str, Any],
    variables: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(errors.ConfigurationError, match=said) as caught:
        ask(client_class, **option)
    assert "planted" not in str(caught.value)
    assert caught.value.__context__ is None


def test_certificates_of_environment_hold_on_this_machine_too(
    client_class: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    with pytest.raises(errors.ConfigurationError, match="SSL_CERT_FILE"):
        ask(client_class, base_url="https://127.0.0.1:9")


def test_untrusted_certificate_suggests_verify(client_class: Any) -> None:
    def reject(_: httpx.Request) -> httpx.Response:
        message = "certificate verify failed"
        error = httpx.ConnectError(message)
        error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
        raise error

    with pytest.raises(errors.APIConnectionError) as caught:
        ask(client_class, transport=httpx.MockTransport(reject), base_url="https://api.example")
    assert "pass verify=ssl.create_default_context(cafile=…) or set SSL_CERT_FILE" in str(
        caught.value
    )
    assert "Nothing reached the server" in str(caught.value)
    assert "proxy" not in str(caught.value)
