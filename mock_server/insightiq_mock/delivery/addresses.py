"""Where deliveries may go: a server that others reach must not be a way into its own network.

Checked is the address that is connected to, after the name was looked up, so that a name cannot
point elsewhere between the check and the connection.
"""

from __future__ import annotations

import dataclasses
import fnmatch
import ipaddress
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AddressGuard", "ForbiddenAddressError"]

_Address: typing.TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# Link-local networks, where clouds keep the metadata of their machines, and the metadata addresses
# that lie elsewhere: AWS over IPv6, Alibaba, Azure, Oracle. No webhook has any business there.
_NEVER: typing.Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "169.254.0.0/16",
        "fe80::/10",
        "fd00:ec2::254/128",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
    )
)

# Networks whose addresses stand for the IPv4 address in their last 32 bits.
_EMBEDDING: typing.Final = tuple(
    ipaddress.IPv6Network(network) for network in ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")
)


class ForbiddenAddressError(Exception):
    """Nothing is sent there; the message says why and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class AddressGuard:
    """Decides to which addresses a server may connect.

    Attributes:
        exposed: Whether the server can be reached from other machines. Then only public addresses
            are let through, and those of the hosts that ``allow`` names.
        allow: Patterns of hosts, perhaps with a port, for example ``receiver``, ``*.internal`` or
            ``10.0.0.5:8080``. They open private and loopback addresses, never link-local ones.
        own: Address and port at which the server itself listens, with the built-in inboxes: always
            let through, and so are loopback addresses with that port where it listens on all.
    """

    exposed: bool = False
    allow: tuple[str, ...] = ()
    own: tuple[str, int] | None = None

    def check(self, host: str, port: int, address: str) -> None:
        """Refuse an address that ``host`` was found to have.

        Raises:
            ForbiddenAddressError: The server must not connect to it.
        """
        meanings = list(_meanings(ipaddress.ip_address(address)))
        if any(meaning in network for meaning in meanings for network in _NEVER):
            msg = f"{host} is {address}, a link-local or metadata address; nothing is sent there."
            raise ForbiddenAddressError(msg)
        if not self.exposed or all(meaning.is_global for meaning in meanings):
            return
        if not self._is_own(address, port) and not self._allows(host, port):
            msg = (
                f"{host} is {address}, which is no public address, and this server can be reached"
                " from other machines; put the host on the list of allowed webhook hosts."
            )
            raise ForbiddenAddressError(msg)

    def _is_own(self, address: str, port: int) -> bool:
        if self.own is None or port != self.own[1]:
            return False
        asked, listening = ipaddress.ip_address(address), ipaddress.ip_address(self.own[0])
        return asked == listening or (listening.is_unspecified and asked.is_loopback)

    def _allows(self, host: str, port: int) -> bool:
        names = (host.lower(), f"{host.lower()}:{port}")
        return any(
            fnmatch.fnmatchcase(name, pattern.lower()) for pattern in self.allow for name in names
        )


def _meanings(address: _Address) -> Iterator[_Address]:
    """Yield an address and the IPv4 addresses that it may be a spelling of."""
    yield address
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield address.teredo[1]
    # `::` and `::1` lie in a network of this kind too, and are what they are.
    if int(address) > 1 and any(address in network for network in _EMBEDDING):
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
