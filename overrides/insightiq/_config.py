"""Configuration: credentials and address, timeouts, call options, connection arguments."""

from __future__ import annotations

import dataclasses
import functools
import ipaddress
import os
import sys
import typing
import urllib.parse
from collections.abc import Mapping

from insightiq._raw import JSON
from insightiq._secret import Secret
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    import ssl

__all__ = [
    "DEFAULT_DEADLINE",
    "DEFAULT_ENVIRONMENT",
    "DEFAULT_MAX_ATTEMPTS",
    "DEFAULT_MAX_RESPONSE_BYTES",
    "ENVIRONMENTS",
    "CallOptions",
    "Connection",
    "Environment",
    "Settings",
    "Timeouts",
    "check_app_info",
    "connection_from",
    "is_duration",
    "merged_headers",
    "settings_from",
    "shown",
    "timeouts_from",
    "user_agent",
    "version",
]

TransportT = typing.TypeVar("TransportT")
ClientT = typing.TypeVar("ClientT")

# Version


@functools.cache
def version() -> str:
    """Return the version of the installed distribution, or ``0+unknown`` without one."""
    import importlib.metadata

    try:
        return importlib.metadata.version("insightiq-toolkit")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"


def user_agent() -> str:
    """Return the ``User-Agent`` of the client."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"insightiq-toolkit/{version()} python/{python}"


# Credentials and address

Environment: typing.TypeAlias = typing.Literal["sandbox", "staging", "production"]

# See evidence.md#hosts.
ENVIRONMENTS: typing.Final[Mapping[str, str]] = {
    "sandbox": "https://api.sandbox.insightiq.ai",
    "staging": "https://api.staging.insightiq.ai",
    "production": "https://api.insightiq.ai",
}

# The sandbox serves invented data and bills nothing: the only harmless thing to reach by accident.
DEFAULT_ENVIRONMENT: typing.Final = "sandbox"

_CLIENT_ID = "INSIGHTIQ_CLIENT_ID"
_CLIENT_SECRET = "INSIGHTIQ_CLIENT_SECRET"  # noqa: S105 - a variable's name, not a secret
_ENVIRONMENT = "INSIGHTIQ_ENVIRONMENT"
_BASE_URL = "INSIGHTIQ_BASE_URL"
_ALLOW_HTTP = "INSIGHTIQ_ALLOW_HTTP"
_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """Credentials and address.

    Attributes:
        client_id: User name of Basic authentication.
        client_secret: Password of Basic authentication.
        base_url: Scheme, host and optional path, without a slash at the end.
    """

    client_id: str
    client_secret: Secret
    base_url: str

    @property
    def is_local(self) -> bool:
        """Whether the address is one of this machine."""
        return _is_loopback(urllib.parse.urlsplit(self.base_url).hostname or "")


def settings_from(
    *,
    client_id: str | None = None,
    client_secret: str | None = None,
    environment: str | None = None,
    base_url: str | None = None,
    allow_http: bool | None = None,
    variables: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings that the arguments, and for the rest the variables, describe."""
    variables = os.environ if variables is None else variables
    for argument, value in {
        "client_id": client_id,
        "client_secret": client_secret,
        "environment": environment,
        "base_url": base_url,
    }.items():
        _check_text(argument, value)
    return Settings(
        client_id=_credential("client_id", client_id, _CLIENT_ID, variables),
        client_secret=Secret(
            _credential("client_secret", client_secret, _CLIENT_SECRET, variables)
        ),
        base_url=_address(
            environment, base_url, variables, allow_http=_allows_http(allow_http, variables)
        ),
    )


def _check_text(argument: str, value: object) -> None:
    if value is not None and not isinstance(value, str):
        # The value itself is not shown: it may be the secret.
        msg = f"{argument} must be text, not {type(value).__name__}."
        raise ConfigurationError(msg)


def _variable(name: str, variables: Mapping[str, str]) -> str | None:
    """Return a variable's value, None for an empty one."""
    return variables.get(name, "").strip() or None


def _credential(
    argument: str, given: str | None, variable: str, variables: Mapping[str, str]
) -> str:
    source, value = argument, given
    if value is None:
        source, value = variable, _variable(variable, variables)
    if value is None or not value.strip():
        msg = f"No {argument}: pass {argument}=… or set the environment variable {variable}."
        raise ConfigurationError(msg)
    value = value.strip()
    if not value.isprintable():
        msg = f"{source} holds a line break or another control character: copy it afresh."
        raise ConfigurationError(msg)
    if argument == "client_id" and ":" in value:
        # Basic authentication splits at the first colon, so the secret would arrive changed.
        msg = f"{source} holds a colon: give the client id alone, without the secret."
        raise ConfigurationError(msg)
    return value


def _allows_http(given: object, variables: Mapping[str, str]) -> bool:
    if isinstance(given, bool):
        return given
    if given is not None:
        msg = f"allow_http must be True or False, not {type(given).__name__}."
        raise ConfigurationError(msg)
    text = (_variable(_ALLOW_HTTP, variables) or "0").lower()
    if text not in _YES | _NO:
        msg = f"{_ALLOW_HTTP}={text!r} is neither 1 nor 0: set it to one of these, or remove it."
        raise ConfigurationError(msg)
    return text in _YES


def _address(
    environment: str | None,
    base_url: str | None,
    variables: Mapping[str, str],
    *,
    allow_http: bool,
) -> str:
    """Decide between a named environment and an address.

    An argument beats its variable. A name and an address contradict each other, and the wrong one
    may be billed, so that both together are an error. Only a ``base_url`` argument beats a variable
    that names an environment.
    """
    if base_url is not None:
        if environment is not None:
            msg = "environment and base_url are both given: pass one of them."
            raise ConfigurationError(msg)
        return _checked_url(base_url, "base_url", allow_http=allow_http)
    name, name_source = environment, "environment"
    if name is None:
        name, name_source = _variable(_ENVIRONMENT, variables), _ENVIRONMENT
    url = _variable(_BASE_URL, variables)
    if url is not None:
        if name is not None:
            msg = f"{name_source} and {_BASE_URL} both say where to call: drop one of them."
            raise ConfigurationError(msg)
        return _checked_url(url, _BASE_URL, allow_http=allow_http)
    return _environment_url(DEFAULT_ENVIRONMENT if name is None else name, name_source)


def _environment_url(name: str, source: str) -> str:
    url = ENVIRONMENTS.get(name.strip().lower())
    if url is not None:
        return url
    import difflib

    folded = name.strip().lower()
    close = difflib.get_close_matches(folded, ENVIRONMENTS, n=1)
    # "prod" is what many say, and shares too few letters with the name to be near it.
    close += [known for known in ENVIRONMENTS if folded and known.startswith(folded)]
    guess = f" Did you mean {close[0]!r}?" if close else ""
    known = ", ".join(ENVIRONMENTS)
    msg = f"{source}={name!r} is not an environment of InsightIQ: known are {known}.{guess}"
    raise ConfigurationError(msg)


def _checked_url(url: str, source: str, *, allow_http: bool) -> str:
    """Return ``url`` in the form that paths are appended to."""
    text = url.strip()
    problem = _problem(text, allow_http=allow_http)
    if problem is not None:
        # The address itself is not shown: a malformed one may hold a password.
        msg = f"{source}{problem}"
        raise ConfigurationError(msg)
    # Paths of the document begin with /v1; people copy addresses that already end with it.
    return text.rstrip("/").removesuffix("/v1").rstrip("/")


def _problem(text: str, *, allow_http: bool) -> str | None:
    """Return the problem with the address ``text``, or None."""
    wanted = "give an absolute address such as https://api.sandbox.insightiq.ai."
    try:
        parts = urllib.parse.urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return f" is not an address: {wanted}"
    if parts.scheme not in {"http", "https"} or not host or not text.isprintable() or " " in text:
        return f" is not an http or https address: {wanted}"
    if parts.username is not None or parts.password is not None:
        return " holds a user name or password: pass client_id=… and client_secret=… instead."
    if "?" in text or "#" in text:
        return " holds a query or a fragment: give scheme, host and path only."
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        return (
            f" would send the client secret unencrypted to {host}: use https, or, in a network "
            f"that no one else can listen to, pass allow_http=True or set {_ALLOW_HTTP}=1."
        )
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# Timeouts

# About thirty years; Python cannot wait for ten times that.
_LONGEST: typing.Final = 1e9


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds that each part of a call may take before ``APITimeoutError``.

    Args:
        connect: Until a connection is made.
        read: Until the next part of the response arrives.
        write: Until the next part of the request is written.
        pool: Until a connection of the pool is free.

    Raises:
        ConfigurationError: A value is not a positive, finite number.
    """

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 10.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if not is_duration(value):
                msg = f"timeout {field.name}={shown(value)}: give a positive number of seconds."
                raise ConfigurationError(msg)


def timeouts_from(timeout: float | Timeouts) -> Timeouts:
    """Return ``timeout`` as ``Timeouts``; a bare number holds for each of the four."""
    if isinstance(timeout, Timeouts):
        return timeout
    if not is_duration(timeout):
        msg = (
            f"timeout={shown(timeout)}: give a positive number of seconds, "
            "or Timeouts(connect=…, read=…, write=…, pool=…)."
        )
        raise ConfigurationError(msg)
    return Timeouts(connect=timeout, read=timeout, write=timeout, pool=timeout)


def is_duration(value: object) -> bool:
    """Return whether ``value`` is a number of seconds that can be waited for."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 < value <= _LONGEST


def shown(value: object) -> str:
    """Return ``value`` for a message; Python does not write numbers of thousands of digits."""
    try:
        return repr(value)
    except ValueError:
        return "a number of thousands of digits"


# Call options

DEFAULT_MAX_ATTEMPTS: typing.Final = 4
# Ends a call whose response trickles in; long enough for a thousand calls to queue for the quota.
DEFAULT_DEADLINE: typing.Final = 600.0
# A hundred times what the largest page of the API holds.
DEFAULT_MAX_RESPONSE_BYTES: typing.Final = 64 * 1024 * 1024

# The client or httpx sets these; another value would break the request.
_RESERVED = frozenset(
    {"authorization", "content-length", "content-type", "host", "transfer-encoding"}
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """Options of one call or of all calls of a client.

    Attributes:
        timeouts: Seconds for each part of an attempt; None leaves them to the HTTP client.
        deadline: Seconds for the whole call with its retries and waits; None for no end.
        max_attempts: Most attempts to send a request.
        headers: Headers to add to each request.
        extra_query: Query parameters to add to each request, as text.
        extra_body: Keys to add to the JSON object that is sent.
        strict: Raise where a response is not as the document promises.
        max_response_bytes: Bytes that a response may have once it is decompressed; None for any
            number.
    """

    timeouts: Timeouts | None = None
    deadline: float | None = DEFAULT_DEADLINE
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    # Not shown: the values may be credentials.
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str], repr=False)
    extra_query: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str], repr=False)
    extra_body: Mapping[str, JSON] = dataclasses.field(default_factory=dict[str, JSON], repr=False)
    strict: bool = False
    max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES

    def __post_init__(self) -> None:
        deadline, size = self.deadline, self.max_response_bytes
        if deadline is not None and not is_duration(deadline):
            msg = (
                f"deadline={shown(deadline)}: give a positive number of seconds, or None for no "
                "deadline."
            )
            raise ConfigurationError(msg)
        _check_count("max_attempts", self.max_attempts, "from 1, which means no retries")
        _check_headers(self.headers)
        if size is not None:
            _check_count("max_response_bytes", size, "of bytes from 1, or None for no limit")


def merged_headers(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of both, those of ``new`` checked and in lower case."""
    _check_headers(new)
    return {**old, **{name.lower(): value for name, value in new.items()}}


def _check_count(name: str, value: object, wanted: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        msg = f"{name}={shown(value)}: give a whole number {wanted}."
        raise ConfigurationError(msg)


def _check_headers(headers: Mapping[str, str]) -> None:
    given = typing.cast("object", headers)
    if not isinstance(given, Mapping):
        msg = f"headers must be a mapping of names to texts, not {type(given).__name__}."
        raise ConfigurationError(msg)
    for name, value in headers.items():
        if not isinstance(typing.cast("object", value), str):
            msg = f"headers: the value of {name} must be text, not {type(value).__name__}."
            raise ConfigurationError(msg)
        if not isinstance(typing.cast("object", name), str):
            msg = f"headers: each name must be text, not {type(name).__name__}."
            raise ConfigurationError(msg)
        if not name or not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
            msg = f"headers: {name!r} is not the name of a header."
            raise ConfigurationError(msg)
        if name.lower() in _RESERVED:
            msg = f"headers: {name} is set by the client itself and cannot be given."
            raise ConfigurationError(msg)
        if not (value.isascii() and value.isprintable()):
            # The value itself is not shown: it may be a secret.
            msg = f"headers: the value of {name} must be printable ASCII text."
            raise ConfigurationError(msg)


def check_app_info(text: object) -> None:
    """Reject a text that cannot stand in the user agent."""
    if not isinstance(text, str) or not (text.isascii() and text.isprintable() and text.strip()):
        msg = "app_info must be printable ASCII text, such as my-app/1.2."
        raise ConfigurationError(msg)


# Connections


@dataclasses.dataclass(frozen=True, slots=True)
class Connection(typing.Generic[TransportT, ClientT]):
    """Arguments of the client that concern its connections; the types are those of httpx.

    Attributes:
        transport: Transport of a new httpx client; None for the default one.
        client: The user's httpx client, used instead of a new one and never closed.
        proxy: Address of a proxy, perhaps with a password in it; None for the environment's.
        verify: SSL context, True for the default one, False for no check.
        base_url: Address of the API.
        direct: Ignore the proxies that environment variables name: a proxy elsewhere cannot reach
            a server on this machine.
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
        """Reject a transport or http_client of the other of the two clients."""
        if self.client is not None and not isinstance(self.client, kind):
            msg = f"http_client must be an httpx.{kind.__name__}, not {_kind_of(self.client)}."
            raise ConfigurationError(msg)
        if self.transport is not None and not hasattr(self.transport, method):
            msg = (
                f"transport must be one for an httpx.{kind.__name__}, with the method {method}; "
                f"{_kind_of(self.transport)} has none."
            )
            raise ConfigurationError(msg)


def _kind_of(value: object) -> str:
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__


def connection_from(
    transport: TransportT | None,
    client: ClientT | None,
    *,
    proxy: str | None,
    verify: ssl.SSLContext | bool,
    base_url: str,
    direct: bool,
) -> Connection[TransportT, ClientT]:
    """Return the connection that a client's arguments describe."""
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
