"""Reading hosts and origins, whatever is sent as such."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insightiq_mock.context import ApiError
from insightiq_mock.web.origins import Cors, HostRule, is_loopback_host, origin_host, read_host
from insightiq_mock.webhooks import AddressGuard, ForbiddenAddressError

# Text that is nearly a host: what parsers stumble over comes up often.
NEARLY_HOSTS = st.lists(
    st.sampled_from(
        [
            "[",
            "]",
            "::",
            ":",
            "::1",
            "127.0.0.1",
            "localhost",
            ".",
            "evil",
            "@",
            "%",
            "80",
            "\xe9",
            "/",
        ]
    ),
    max_size=6,
).map("".join)
HEADERS = st.one_of(NEARLY_HOSTS.map(lambda text: text.encode("latin-1")), st.binary(max_size=40))


def status_of(rule: HostRule, headers: dict[bytes, bytes]) -> int:
    """The status with which a request is rejected; 200 for none."""
    try:
        rule.check_host(headers)
        rule.check_page(headers)
    except ApiError as error:
        return error.status
    return 200


@given(host=HEADERS, origin=st.one_of(HEADERS, HEADERS.map(lambda rest: b"http://" + rest)))
def test_any_header_is_judged(host: bytes, origin: bytes) -> None:
    rule = HostRule(["mock"])
    headers = {b"host": host, b"origin": origin}
    first = status_of(rule, headers)
    assert first in {200, 400, 403}
    assert status_of(rule, headers) == first
    if first == 200:
        name = read_host(host.decode("latin-1"))
        assert name is not None
        assert name == "mock" or is_loopback_host(name)


@given(address=st.ip_addresses())
def test_addresses_get_responses_to_where_others_reach_server(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    written = f"[{address}]:80" if address.version == 6 else f"{address}:80"
    assert status_of(HostRule(any_address=True), {b"host": written.encode()}) == 200
    plain = getattr(address, "ipv4_mapped", None) or address
    expected = 200 if plain.is_loopback else 403
    assert status_of(HostRule(), {b"host": written.encode()}) == expected


@given(number=st.one_of(st.ip_addresses(v=6), st.ip_addresses(v=4)), data=st.data())
def test_every_address_is_judged_for_deliveries(
    number: ipaddress.IPv4Address | ipaddress.IPv6Address, data: st.DataObject
) -> None:
    nat64 = ipaddress.IPv6Network("64:ff9b:1::/48")
    local = st.integers(int(nat64[0]), int(nat64[-1])).map(ipaddress.IPv6Address)
    address = str(data.draw(st.one_of(st.just(number), local)))

    def is_open(guard: AddressGuard) -> bool:
        try:
            guard.check("host", 80, address)
        except ForbiddenAddressError:
            return False
        return True

    strict, public = AddressGuard(exposed=True), AddressGuard(exposed=True, public=True)
    assert not is_open(strict)
    if is_open(public):
        assert ipaddress.ip_address(address) not in nat64


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:3000", "localhost"),
        ("HTTPS://App.Example.COM.", "app.example.com"),
        ("http://[::FFFF:127.0.0.1]:1", "127.0.0.1"),
        ("http://[::1", None),
        ("http://user@localhost", None),
        ("http://localhost/path", None),
        ("ftp://localhost", None),
        ("null", None),
        ("", None),
    ],
)
def test_origin_names_host(origin: str, host: str | None) -> None:
    assert origin_host(origin) == host


def test_remembered_hosts_are_bounded() -> None:
    rule = HostRule()
    for port in range(1000):
        assert status_of(rule, {b"host": b"localhost:%d" % port}) == 200
    assert len(rule._accepted) <= 256


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
def test_pages_of_this_machine_may_read_responses(surrounded: Any, origin: str) -> None:
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
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": origin, **PREFLIGHT}
        response = surrounded.call(method, "/v1/things", headers=headers)
        assert ALLOW not in response.headers


def test_errors_may_be_read_too(surrounded: Any) -> None:
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


def test_preflight_needs_no_credentials(surrounded: Any) -> None:
    for _ in range(20):
        response = surrounded.call(
            "OPTIONS", "/v1/things", auth=None, headers={"Origin": "http://localhost", **PREFLIGHT}
        )
    assert response.status_code == 204
    assert response.headers[ALLOW] == "http://localhost"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["access-control-allow-headers"] == "authorization,content-type"


def test_without_origin_nothing_is_said(surrounded: Any) -> None:
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
def test_origins_are_setting(origins: list[str], origin: bytes, permitted: bool) -> None:
    given = dict(Cors(origins).headers(origin)).get(b"access-control-allow-origin")
    assert given == (origin if permitted else None)
