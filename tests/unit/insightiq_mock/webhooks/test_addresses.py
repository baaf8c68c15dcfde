"""Addresses that a server may connect to."""

from __future__ import annotations

import pytest

from insightiq_mock.webhooks import AddressGuard, ForbiddenAddressError
from insightiq_mock.webhooks.addresses import is_address_of_this_machine

METADATA = [
    "169.254.169.254",
    "169.254.1.1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "64:ff9b:1:a9fe:a9:fe00::",
    "64:ff9b:1:ff:a9:fea9:fe00::",
    "64:ff9b:1:ffff:a9:fea9:fe00::",
    "2002:a9fe:a9fe::1",
]
LOOPBACK = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:0.0.0.0",
]
OTHER_NETWORKS = [
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "fd12::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "::ffff:10.0.0.5",
    "::ffff:0:10.0.0.5",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:5",
    "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::1",
    "2001:0:0:0:0:0:f5ff:fffa",
]
PUBLIC = ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]


def rejects(guard: AddressGuard, address: str, host: str = "receiver.test") -> bool:
    """Whether the guard rejects the address, with a sentence that names it."""
    try:
        guard.check(host, 443, address)
    except ForbiddenAddressError as error:
        return address in str(error)
    return False


@pytest.mark.parametrize("address", METADATA)
@pytest.mark.parametrize("exposed", [False, True])
def test_metadata_is_never_reached(address: str, exposed: bool) -> None:
    assert rejects(AddressGuard(exposed, ("*",), public=True), address)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_is_open_unless_others_reach_server(address: str) -> None:
    assert not rejects(AddressGuard(), address)
    assert rejects(AddressGuard(exposed=True), address)
    assert rejects(AddressGuard(exposed=True, public=True), address)


@pytest.mark.parametrize("address", OTHER_NETWORKS)
@pytest.mark.parametrize("exposed", [False, True])
@pytest.mark.parametrize("public", [False, True])
def test_addresses_that_are_not_public_are_closed(
    address: str,
    exposed: bool,
    public: bool,
) -> None:
    assert rejects(AddressGuard(exposed=exposed, public=public), address)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("exposed", [False, True])
def test_public_addresses_are_open_where_that_is_required(address: str, exposed: bool) -> None:
    assert rejects(AddressGuard(exposed=exposed), address)
    assert not rejects(AddressGuard(exposed=exposed, public=True), address)


@pytest.mark.parametrize(
    ("own", "address", "port", "is_refused"),
    [
        (("0.0.0.0", 4010), "127.0.0.1", 4010, False),
        (("0.0.0.0", 4010), "127.0.0.1", 4011, True),
        (("0.0.0.0", 4010), "10.0.0.9", 4010, False),
        (("0.0.0.0", 4010), "10.0.0.5", 4010, True),
        (("::", 4010), "::1", 4010, False),
        (("10.0.0.9", 4010), "10.0.0.9", 4010, False),
        (("10.0.0.9", 4010), "127.0.0.1", 4010, True),
    ],
)
def test_own_inboxes_are_reached(
    own: tuple[str, int],
    address: str,
    port: int,
    is_refused: bool,
) -> None:
    guard = AddressGuard(exposed=True, own=own, is_local={"10.0.0.9"}.__contains__)

    def is_closed(path: str) -> bool:
        try:
            guard.check(address, port, address, path)
        except ForbiddenAddressError:
            return True
        return False

    assert is_closed("/_mock/inbox/mine") is is_refused
    assert is_closed("/_mock/developers/default/reset")


def test_own_control_api_is_closed_whatever_is_allowed() -> None:
    guard = AddressGuard(allow=("*",), public=True, own=("127.0.0.1", 4010))
    for address in LOOPBACK:
        with pytest.raises(ForbiddenAddressError, match="this mock server itself"):
            guard.check("mock", 4010, address, "/_mock/developers/default/reset")


@pytest.mark.parametrize(
    ("host", "is_judged"),
    [
        ("localhost", True),
        ("App.Localhost.", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("2130706433", True),
        ("0x7f000001", True),
        ("0177.1", True),
        ("mock", True),
        ("hooks.example", False),
        ("localhost.example", False),
        ("receiver", False),
        ("127.0.0.1.example", False),
    ],
)
def test_only_names_of_this_machine_are_looked_up(host: str, is_judged: bool) -> None:
    guard = AddressGuard(own_names=("mock",))
    if is_judged:
        guard.check_name(host, 80)
    else:
        with pytest.raises(ForbiddenAddressError, match=f"--webhook-host {host}"):
            guard.check_name(host, 80)


@pytest.mark.parametrize(
    ("address", "is_hinted"), [("8.8.8.8", True), ("10.0.0.5", False), ("fec0::1", False)]
)
def test_hint_names_options_that_would_help(address: str, is_hinted: bool) -> None:
    with pytest.raises(ForbiddenAddressError, match="--webhook-host") as rejected:
        AddressGuard().check("receiver.test", 443, address)
    assert ("--webhook-public" in str(rejected.value)) is is_hinted


def test_addresses_of_this_machine_are_known() -> None:
    assert is_address_of_this_machine("127.0.0.1")
    assert not is_address_of_this_machine("192.0.2.1")
    assert not is_address_of_this_machine("2001:db8::1")


@pytest.mark.parametrize(
    ("pattern", "host", "is_allowed"),
    [
        ("receiver", "receiver", True),
        ("receiver", "RECEIVER", True),
        ("receiver", "receiver.evil.test", False),
        ("*.internal", "hooks.internal", True),
        ("*.internal", "internal", False),
        ("receiver:443", "receiver", True),
        ("receiver:8080", "receiver", False),
        ("10.0.0.5", "10.0.0.5", True),
        ("10.0.0.?", "10.0.0.5", True),
    ],
)
def test_allow_list_opens_private_addresses(pattern: str, host: str, is_allowed: bool) -> None:
    guard = AddressGuard(exposed=True, allow=("unrelated", pattern))
    assert rejects(guard, "10.0.0.5", host) is not is_allowed
