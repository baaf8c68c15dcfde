"""Reading hosts and origins, whatever is sent as such."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insightiq_mock.context import ApiError
from insightiq_mock.web.origins import HostRule, is_loopback_host, origin_host, read_host
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
    """The status with which a request is refused; 200 for none."""
    try:
        rule.check_host(headers)
        rule.check_page(headers)
    except ApiError as error:
        return error.status
    return 200


@given(host=HEADERS, origin=st.one_of(HEADERS, HEADERS.map(lambda rest: b"http://" + rest)))
def test_any_header_is_judged(host: bytes, origin: bytes) -> None:
    """Twice alike, and never with an error of the program."""
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
def test_addresses_are_answered_to_where_others_reach_the_server(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Elsewhere only those of loopback; a page cannot be pointed anywhere under an address."""
    written = f"[{address}]:80" if address.version == 6 else f"{address}:80"
    assert status_of(HostRule(any_address=True), {b"host": written.encode()}) == 200
    plain = getattr(address, "ipv4_mapped", None) or address
    expected = 200 if plain.is_loopback else 403
    assert status_of(HostRule(), {b"host": written.encode()}) == expected


@given(number=st.one_of(st.ip_addresses(v=6), st.ip_addresses(v=4)), data=st.data())
def test_every_address_is_judged_for_deliveries(
    number: ipaddress.IPv4Address | ipaddress.IPv6Address, data: st.DataObject
) -> None:
    """Open or closed, never an error; what is closed with public addresses open is closed without."""
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
def test_origin_names_a_host(origin: str, host: str | None) -> None:
    """Only what a browser writes for a page of the web."""
    assert origin_host(origin) == host


def test_remembered_hosts_are_bounded() -> None:
    """Any port may be asked for; what was found right is not kept for ever."""
    rule = HostRule()
    for port in range(1000):
        assert status_of(rule, {b"host": b"localhost:%d" % port}) == 200
    assert len(rule._accepted) <= 256
