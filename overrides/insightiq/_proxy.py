"""Proxies and certificates, from the arguments or from the environment."""

from __future__ import annotations

import importlib.util
import ipaddress
import typing
import urllib.parse
import urllib.request

import httpx

from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import ssl

    from insightiq._config import Connection

__all__ = ["exempts", "proxy_of", "proxy_of_environment", "ssl_context"]

_PORTS = {"http": 80, "https": 443}


def ssl_context(connection: Connection[typing.Any, typing.Any]) -> ssl.SSLContext:
    """Return the SSL context of the arguments, or else of the environment."""
    try:
        return httpx.create_ssl_context(verify=connection.verify)
    except (OSError, ValueError) as error:
        # With verify=False or an SSL context no file is read, so the cause is a variable.
        detail = _one_line(error)
        msg = f"SSL_CERT_FILE or SSL_CERT_DIR names no usable certificates: {detail}."
    raise ConfigurationError(msg)


def proxy_of(connection: Connection[typing.Any, typing.Any]) -> httpx.Proxy | None:
    """Return the proxy of the arguments, or else of the environment.

    A proxy of the environment is elsewhere and cannot reach a server on this machine.
    """
    source, address = "proxy", connection.proxy_address
    if address is None and not connection.direct:
        source, address = proxy_of_environment(connection.base_url)
    if address is None:
        return None
    try:
        proxy = httpx.Proxy(address)
    except (ValueError, httpx.InvalidURL) as error:
        # httpx hides the password of a proxy in its messages.
        msg = f"{source} is not the address of a proxy: {_one_line(error)}."
    else:
        if not proxy.url.scheme.startswith("socks") or importlib.util.find_spec("socksio"):
            return proxy
        msg = f"{source} names a SOCKS proxy, which needs a package: pip install 'httpx[socks]'."
    raise ConfigurationError(msg)


def proxy_of_environment(base_url: str) -> tuple[str, str | None]:
    """Return the variable that names a proxy for ``base_url``, and the proxy's address or None."""
    proxies = urllib.request.getproxies()
    url = urllib.parse.urlsplit(base_url)
    name = url.scheme if proxies.get(url.scheme) else "all"
    variable, address = f"{name.upper()}_PROXY", proxies.get(name)
    exceptions = proxies.get("no", "").lower().split(",")
    if not address or any(exempts(entry.strip(), url) for entry in exceptions):
        return variable, None
    return variable, address if "://" in address else f"http://{address}"


def exempts(entry: str, url: urllib.parse.SplitResult) -> bool:
    """Return whether an entry of NO_PROXY applies to ``url``; an invalid one does not.

    Entries are ``*``, names (``example.com`` with all below it, ``.example.com`` and
    ``*.example.com`` without it itself), addresses, and nets (``10.0.0.0/8``, ``fd00::/8``); a
    scheme may stand before (``https://``) and a port behind (``:8443``).
    """
    scheme, _, entry = entry.rpartition("://")
    if scheme not in {"", "all", url.scheme}:
        return False
    rest, colon, port = entry.rpartition(":")
    if colon and port.isdecimal() and (rest.endswith("]") or ":" not in rest):
        if port != str(url.port or _PORTS[url.scheme]):
            return False
        entry = rest
    host = (url.hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        name = entry.rstrip(".").removeprefix("*")
    if not name:
        return entry == "*"
    return host == name or host.endswith(name if name.startswith(".") else f".{name}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
