"""From arguments and environment variables to settings, or to one clear sentence."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import typing
import urllib.parse

from insightiq._secret import Secret
from insightiq.errors import ConfigurationError

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DEFAULT_ENVIRONMENT", "ENVIRONMENTS", "Environment", "Settings", "settings_from"]

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
    """Where to call, and as whom.

    Attributes:
        client_id: User name of Basic authentication.
        client_secret: Password of Basic authentication.
        base_url: Scheme, host and perhaps a path, without a slash at the end.
    """

    client_id: str
    client_secret: Secret
    base_url: str

    @property
    def is_local(self) -> bool:
        """Whether the address is one of this machine."""
        return _is_loopback(urllib.parse.urlsplit(self.base_url).hostname or "")


def settings_from(  # noqa: PLR0913 - keyword-only, the client's own arguments
    *,
    client_id: str | None = None,
    client_secret: str | None = None,
    environment: str | None = None,
    base_url: str | None = None,
    allow_http: bool | None = None,
    variables: Mapping[str, str] | None = None,
) -> Settings:
    """Return the settings that the arguments, and for the rest the variables, describe.

    Raises:
        ConfigurationError: Something is missing, contradictory or malformed.
    """
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
        # The value itself is not repeated: it may be the secret.
        msg = f"{argument} must be text, not {type(value).__name__}."
        raise ConfigurationError(msg)


def _variable(name: str, variables: Mapping[str, str]) -> str | None:
    """Return a variable's value; one that is set to nothing counts as absent."""
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

    An argument beats its variable. A name and an address are two answers to one question: which
    was meant cannot be guessed, and the wrong one may be billed. Only a ``base_url`` argument is
    plain enough to stand against a variable that names an environment.
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
    import difflib  # noqa: PLC0415 - needed for this message alone

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
        # The address itself is not repeated: a malformed one may hold a password.
        msg = f"{source}{problem}"
        raise ConfigurationError(msg)
    # Paths of the document begin with /v1; people copy addresses that already end with it.
    return text.rstrip("/").removesuffix("/v1").rstrip("/")


def _problem(text: str, *, allow_http: bool) -> str | None:
    """Say what is wrong with the address ``text``, or None."""
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
            f"that nobody else can listen to, pass allow_http=True or set {_ALLOW_HTTP}=1."
        )
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
