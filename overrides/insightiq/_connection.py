"""What a client's connections stand on."""

from __future__ import annotations

import dataclasses
import typing

from insightiq._secret import Secret
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import ssl

__all__ = ["Connection", "connection_from"]

TransportT = typing.TypeVar("TransportT")
ClientT = typing.TypeVar("ClientT")


@dataclasses.dataclass(frozen=True, slots=True)
class Connection(typing.Generic[TransportT, ClientT]):
    """What a client's connections stand on; the types are the HTTP library's.

    Attributes:
        transport: What a new HTTP client stands on; None for the library's own.
        client: An HTTP client of the user's, used instead of a new one and never closed.
        proxy: Address of a proxy, perhaps with a password in it; None for the environment's.
        verify: How the server's certificate is checked.
        base_url: Where the connections lead.
        direct: Whether a new HTTP client ignores the proxies that environment variables name: one
            elsewhere cannot reach a server on this machine.
    """

    transport: TransportT | None
    client: ClientT | None
    proxy: Secret | None
    verify: ssl.SSLContext | bool
    base_url: str
    direct: bool

    @property
    def proxy_address(self) -> str | None:
        """The address of the proxy, with its password."""
        return None if self.proxy is None else self.proxy.reveal()

    def check(self, kind: type[object], method: str) -> None:
        """Refuse what belongs to the other of the two clients, before it is half used.

        Args:
            kind: What ``client`` must be.
            method: What ``transport`` must have.

        Raises:
            ConfigurationError: One of them is of another kind.
        """
        if self.client is not None and not isinstance(self.client, kind):
            msg = f"http_client must be an httpx.{kind.__name__}, not {_shown(self.client)}."
            raise ConfigurationError(msg)
        if self.transport is not None and not hasattr(self.transport, method):
            msg = (
                f"transport must be one for an httpx.{kind.__name__}, with the method {method}; "
                f"{_shown(self.transport)} has none."
            )
            raise ConfigurationError(msg)


def _shown(thing: object) -> str:
    return f"the class {thing.__name__}" if isinstance(thing, type) else type(thing).__name__


def connection_from(  # noqa: PLR0913 - keyword-only, the client's own arguments
    transport: TransportT | None,
    client: ClientT | None,
    *,
    proxy: str | None,
    verify: ssl.SSLContext | bool,
    base_url: str,
    direct: bool,
) -> Connection[TransportT, ClientT]:
    """Return the connection that a client's arguments describe.

    Raises:
        ConfigurationError: They contradict one another.
    """
    if transport is not None and client is not None:
        msg = "transport and http_client are both given: give the transport to the http_client."
        raise ConfigurationError(msg)
    if (proxy is not None or verify is not True) and (transport is not None or client is not None):
        other = "transport" if client is None else "http_client"
        msg = f"proxy and verify have no effect on your own {other}: give them to it instead."
        raise ConfigurationError(msg)
    if proxy is not None and not isinstance(typing.cast("object", proxy), str):
        msg = f"proxy must be the address of a proxy, as text, not {type(proxy).__name__}."
        raise ConfigurationError(msg)
    if not isinstance(verify, bool) and not hasattr(verify, "wrap_bio"):
        msg = (
            f"verify must be an SSL context, True or False, not {type(verify).__name__}: "
            "for a file pass ssl.create_default_context(cafile=…)."
        )
        raise ConfigurationError(msg)
    hidden = None if proxy is None else Secret(proxy)
    return Connection(transport, client, hidden, verify, base_url, direct)
