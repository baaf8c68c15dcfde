"""Where a server connects to, and where never."""

from __future__ import annotations

import pytest

from insightiq_mock.delivery import AddressGuard, ForbiddenAddressError

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
    "2002:a9fe:a9fe::1",
]
OWN_NETWORK = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104 - connecting to it reaches this machine
    "::",
    "::1",
    "10.0.0.5",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "fd12::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.5",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
]
PUBLIC = ["8.8.8.8", "2001:4860:4860::8888"]


def refuses(guard: AddressGuard, address: str, host: str = "receiver.test") -> bool:
    """Whether the guard refuses the address, with a sentence that names it."""
    try:
        guard.check(host, 443, address)
    except ForbiddenAddressError as error:
        return address in str(error)
    return False


@pytest.mark.parametrize("address", METADATA)
@pytest.mark.parametrize("exposed", [False, True])
def test_metadata_is_never_reached(address: str, exposed: bool) -> None:  # noqa: FBT001 - a parameter
    """However it is spelt, wherever the server listens, whatever is allowed."""
    assert refuses(AddressGuard(exposed, ("*",)), address)


@pytest.mark.parametrize("address", OWN_NETWORK)
def test_own_network_is_closed_to_others(address: str) -> None:
    """A server that others reach does not reach into its own network for them."""
    assert refuses(AddressGuard(exposed=True), address)


@pytest.mark.parametrize("address", OWN_NETWORK + PUBLIC)
def test_server_on_loopback_reaches_everything(address: str) -> None:
    """Whoever can use a server on loopback sits at the machine and can reach this anyway."""
    assert not refuses(AddressGuard(), address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open(address: str) -> None:
    """A server that others reach still delivers to the world."""
    assert not refuses(AddressGuard(exposed=True), address)


@pytest.mark.parametrize(
    ("own", "address", "port", "is_refused"),
    [
        (("0.0.0.0", 4010), "127.0.0.1", 4010, False),  # noqa: S104 - where a server listens
        (("0.0.0.0", 4010), "127.0.0.1", 4011, True),  # noqa: S104 - the same
        (("0.0.0.0", 4010), "10.0.0.5", 4010, True),  # noqa: S104 - the same
        (("::", 4010), "::1", 4010, False),
        (("10.0.0.5", 4010), "10.0.0.5", 4010, False),
        (("10.0.0.5", 4010), "127.0.0.1", 4010, True),
    ],
)
def test_own_inboxes_are_reached(
    own: tuple[str, int],
    address: str,
    port: int,
    is_refused: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Those that a server has itself, at the very port where it listens, and nothing else."""
    guard = AddressGuard(exposed=True, own=own)
    refused = False
    try:
        guard.check(address, port, address)
    except ForbiddenAddressError:
        refused = True
    assert refused is is_refused


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
def test_allow_list_opens_private_addresses(pattern: str, host: str, is_allowed: bool) -> None:  # noqa: FBT001 - a parameter
    """Hosts on the list may lie in the own network; the list names hosts as the webhook does."""
    guard = AddressGuard(exposed=True, allow=("unrelated", pattern))
    assert refuses(guard, "10.0.0.5", host) is not is_allowed
