"""Opening the socket that the server listens on."""

from __future__ import annotations

import errno
import ipaddress
import socket

__all__ = ["ListenError", "is_exposed", "open_listener", "url_of"]


class ListenError(Exception):
    """The server cannot listen there; the message says why and what to do."""


def open_listener(host: str, port: int, *, exposed: bool = False) -> socket.socket:
    """Bind a socket on ``host``; port 0 takes a free one. Nothing is accepted yet.

    Args:
        host: A name or an address.
        port: The port.
        exposed: Whether other machines may reach it.

    Raises:
        ListenError: The host is unknown or open to others, or the port is not to be had.
    """
    family, address = _address(host, port, exposed=exposed)
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # A restarted server need not wait for old connections to time out.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise ListenError(_bind_fault(error, host, port)) from error
    return listener


def is_exposed(listener: socket.socket) -> bool:
    """Tell whether other machines can reach ``listener``."""
    return not ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def url_of(listener: socket.socket) -> str:
    """Return the address of ``listener`` as a client writes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _address(host: str, port: int, *, exposed: bool) -> tuple[int, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        msg = f"the host {host!r} is not known; use 127.0.0.1."
        raise ListenError(msg) from error
    addresses = [(family, (str(place[0]), int(place[1]))) for family, *_, place in found]
    is_loopback = all(ipaddress.ip_address(address).is_loopback for _, (address, _) in addresses)
    if not is_loopback and not exposed:
        msg = (
            f"{host!r} can be reached from other machines, and the control API is open; protect it"
            " with --control-token, or use 127.0.0.1."
        )
        raise ListenError(msg)
    # Where a name stands for both, IPv4 is what most clients try first.
    return min(addresses, key=lambda entry: entry[0] != socket.AF_INET)


def _bind_fault(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; stop what uses it, or give another --port."
    if error.errno == errno.EACCES:
        return f"port {port} is reserved for the system; give a --port above 1023."
    return f"cannot listen on {host} port {port}: {error.strerror}."
