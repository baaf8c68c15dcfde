"""Address guard: deliveries stay on this machine by default, and never reach metadata services.

A name is judged before it is looked up, so that not even a name server learns of it. Then the address
is judged that is connected to, so that a name cannot point elsewhere between the check and the
connection.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import ipaddress
import re
import socket
import typing

from .inbox import INBOX_NAME, INBOX_PREFIX

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["AddressGuard", "ForbiddenAddressError", "is_address_of_this_machine"]

_Address: typing.TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# Addresses at which clouds keep the metadata of their machines, beside the link-local ones: AWS over
# IPv6, Alibaba, Azure, Oracle. No webhook has any business there.
_METADATA: typing.Final = frozenset(
    ipaddress.ip_address(address)
    for address in ("fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
)

# Networks whose addresses stand for the IPv4 address in their last 32 bits.
_NAT64: typing.Final = ipaddress.IPv6Network("64:ff9b::/96")
_EMBEDDING: typing.Final = (
    _NAT64,
    ipaddress.IPv6Network("::ffff:0:0:0/96"),
    ipaddress.IPv6Network("::/96"),
)
# NAT64 within a network (RFC 8215): where the IPv4 address begins depends on the length of the
# prefix; its bits 64 to 71 are left out (RFC 6052).
_LOCAL_NAT64: typing.Final = ipaddress.IPv6Network("64:ff9b:1::/48")
_NAT64_PREFIXES: typing.Final = (48, 56, 64)
_RESERVED_OCTET: typing.Final = 64

# All that is given out to the public in IPv6.
_GLOBAL_UNICAST: typing.Final = ipaddress.IPv6Network("2000::/3")

_INBOX: typing.Final = re.compile(re.escape(INBOX_PREFIX) + INBOX_NAME)


class ForbiddenAddressError(Exception):
    """Nothing is sent there; the message says why and what to do."""


def is_address_of_this_machine(address: str) -> bool:
    """Return whether an address is one of this machine's: only those can be bound to."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


@dataclasses.dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides to which addresses a server may connect.

    Attributes:
        exposed: Whether the server can be reached from other machines. Then loopback is closed too.
        allow: Patterns of hosts, perhaps with a port, for example ``receiver``, ``*.internal`` or
            ``10.0.0.5:8080``. They open every address but link-local ones.
        public: Whether public addresses are open.
        own: Address and port at which the server itself listens. Its inboxes are always open, at
            each of its addresses where it listens on all; the rest of it is closed to deliveries.
        own_names: Names of the server.
        is_local: Returns whether an address is one of this machine's.
    """

    exposed: bool = False
    allow: tuple[str, ...] = ()
    public: bool = False
    own: tuple[str, int] | None = None
    own_names: tuple[str, ...] = ()
    is_local: Callable[[str], bool] = is_address_of_this_machine

    def check_name(self, host: str, port: int) -> None:
        """Reject a host without a lookup.

        Raises:
            ForbiddenAddressError: The server must not connect to it.
        """
        name = host.lower().rstrip(".")
        if self.public or self._allows(host, port) or name in self.own_names:
            return
        if _is_number(name) or name == "localhost" or name.endswith(".localhost"):
            # An address, whatever its spelling, or this machine: judged once it is known which.
            return
        raise ForbiddenAddressError(self._closed(host))

    def check(self, host: str, port: int, address: str, path: str = "/") -> None:
        """Reject an address of ``host``.

        Args:
            host: The host that the webhook names.
            port: The port that is connected to.
            address: What the host was found to be.
            path: What is asked for there, still encoded.

        Raises:
            ForbiddenAddressError: The server must not connect to it.
        """
        meanings = list(_meanings(ipaddress.ip_address(address)))
        if any(_is_metadata(meaning) for meaning in meanings):
            msg = f"{host} is {address}, a link-local or metadata address; nothing is sent there."
            raise ForbiddenAddressError(msg)
        if self.own is not None and port == self.own[1] and self._is_here(meanings):
            if not _INBOX.fullmatch(path):
                msg = (
                    f"{host} is this mock server itself; of its paths, notifications are only sent"
                    f" to {INBOX_PREFIX}<name>."
                )
                raise ForbiddenAddressError(msg)
            if self._listens_at(meanings):
                return
        if self._allows(host, port):
            return
        if self.public and all(map(_is_public, meanings)):
            return
        if not self.exposed and all(map(_is_loopback, meanings)):
            return
        raise ForbiddenAddressError(self._closed(host, address, meanings))

    def _closed(
        self, host: str, address: str | None = None, meanings: Iterable[_Address] = ()
    ) -> str:
        found = "" if address in (None, host) else f", which is {address}"
        where = "its own inboxes" if self.exposed else "this machine"
        may_be_public = not self.public and all(map(_is_public, meanings))
        how = f"--webhook-host {host}" + (" or --webhook-public" if may_be_public else "")
        reach = f"{where} and public addresses" if self.public else where
        return (
            f"Nothing was sent to {host}{found}: this server posts to {reach} only; start it with"
            f" {how} to let it."
        )

    def _is_here(self, meanings: list[_Address]) -> bool:
        return any(_is_loopback(meaning) or self.is_local(str(meaning)) for meaning in meanings)

    def _listens_at(self, meanings: list[_Address]) -> bool:
        assert self.own is not None, "asked for the own port only"
        listening = ipaddress.ip_address(self.own[0])
        return listening.is_unspecified or any(meaning == listening for meaning in meanings)

    def _allows(self, host: str, port: int) -> bool:
        names = (host.lower(), f"{host.lower()}:{port}")
        return any(
            fnmatch.fnmatchcase(name, pattern.lower()) for pattern in self.allow for name in names
        )


def _is_number(host: str) -> bool:
    """Return whether a host is an address in one of the spellings that systems read without a look-up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # As `inet_aton` reads them: 2130706433, 0x7f000001, 0177.1.
        return all(re.fullmatch(r"0x[0-9a-f]*|\d+", part) for part in host.split("."))
    return True


def _is_metadata(address: _Address) -> bool:
    return address.is_link_local or address in _METADATA


def _is_loopback(address: _Address) -> bool:
    # To connect to the unspecified address is to connect to this machine.
    return address.is_loopback or address.is_unspecified


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        # What the NAT64 of the net at large stands for is judged beside it.
        return address in _NAT64 or (address in _GLOBAL_UNICAST and address.is_global)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _meanings(address: _Address) -> Iterator[_Address]:
    """Yield the address that is meant, and the IPv4 addresses that it may be a spelling of."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield address.teredo[1]
    number = int(address)
    if address in _LOCAL_NAT64:
        yield ipaddress.IPv4Address(number & 0xFFFF_FFFF)
        yield from (_embedded(number, length) for length in _NAT64_PREFIXES)
    # `::` and `::1` lie in a network of this kind too, and are what they are.
    if number > 1 and any(address in network for network in _EMBEDDING):
        yield ipaddress.IPv4Address(number & 0xFFFF_FFFF)


def _embedded(number: int, prefix: int) -> ipaddress.IPv4Address:
    bits = f"{number:0128b}"
    without_octet = bits[prefix:_RESERVED_OCTET] + bits[_RESERVED_OCTET + 8 :]
    return ipaddress.IPv4Address(int(without_octet[:32], 2))
