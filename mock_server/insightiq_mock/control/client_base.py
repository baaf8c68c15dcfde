"""Base of the generated client of the control API: HTTP, errors, and reading of responses.

ControlError
├── ControlConnectionError   the URL is wrong, or no mock server is there
└── ControlStatusError       the server rejected the request
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import ssl
import typing
import urllib.parse

import httpx

from insightiq_mock.closing import Closing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_URL",
    "Client",
    "ControlConnectionError",
    "ControlError",
    "ControlStatusError",
    "DeliveryMethods",
    "MessageMethods",
    "given",
    "path_segment",
    "read",
]

DEFAULT_URL: typing.Final = "http://127.0.0.1:4010"

_NO_CONTENT: typing.Final = 204

# Advancing a clock by years runs every job on the way before the response.
_TIMEOUT: typing.Final = httpx.Timeout(600.0, connect=5.0)

_M = typing.TypeVar("_M")


class ControlError(Exception):
    """A request to the control API failed; the message says why and what to do."""


class ControlConnectionError(ControlError):
    """The URL is wrong, or what is there is no mock server or cannot be reached."""


class ControlStatusError(ControlError):
    """The server rejected the request; the message is the one of its response.

    Attributes:
        status: HTTP status.
        code: The error code, for example ``incorrect_developer_id``.
        request_id: The request's id in the server's log; None if the response is not a mock server's.
    """

    def __init__(self, message: str, status: int, code: str, request_id: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id

    def __reduce__(self) -> tuple[type[ControlStatusError], tuple[object, ...]]:
        return type(self), (str(self), self.status, self.code, self.request_id)


class DeliveryMethods:
    """Methods of a delivery attempt."""

    __slots__ = ()

    verdict: str
    request_body: str

    @property
    def delivered(self) -> bool:
        """Whether the receiver accepted it."""
        return self.verdict == "delivered"

    def json(self) -> typing.Any:
        """Return the notification."""
        return json.loads(self.request_body)


class MessageMethods:
    """Methods of a message of an inbox."""

    __slots__ = ()

    body: str

    def json(self) -> typing.Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class Client(Closing):
    """A connection to a mock server.

    Args:
        base_url: URL of the server.
        developer: Client id of the developer; ``default`` for the server's default developer.
        token: The control token, where the server asks for one.
        transport: Another transport than the network, for example in process.

    Raises:
        ControlConnectionError: ``base_url`` is no URL, or holds a password.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        *,
        developer: str = "default",
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        _check_url(base_url)
        self._base_url = base_url.rstrip("/")
        self._developer = path_segment(developer)
        self._http = httpx.Client(
            base_url=self._base_url,
            headers={} if token is None else {"Authorization": f"Bearer {token}"},
            transport=transport,
            timeout=_TIMEOUT,
            # Certificates take longer to load than most calls; plain HTTP asks for none.
            verify=base_url.lower().startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            # A mock server is on this machine or in this network: no proxy, no .netrc.
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connection, which all controls of `for_developer` share."""
        self._http.close()

    def _request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, typing.Any] | None = None,
    ) -> typing.Any:
        """Return the JSON of the response; None where it has none."""
        content, headers = _written(body)
        try:
            response = self._http.request(
                *(method, f"/_mock{path}"),
                content=content,
                headers=headers,
                params=query or None,
            )
        except httpx.TransportError as error:
            raise ControlConnectionError(self._unreachable(error)) from error
        if response.status_code == _NO_CONTENT:
            return None
        if not response.is_success:
            raise _status_error(response)
        try:
            return response.json()
        except ValueError as error:
            msg = f"The server at {self._base_url} is no mock server; give another address."
            raise ControlConnectionError(msg) from error

    def _unreachable(self, error: Exception) -> str:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return (
                f"There is no mock server at {self._base_url}; start one with"
                " 'insightiq-mock serve', or name another address."
            )
        reason = str(error) or type(error).__name__
        return f"The mock server at {self._base_url} did not respond properly: {reason}."


def read(model: type[_M], value: Mapping[str, typing.Any]) -> _M:
    """Make a dataclass of the JSON of a response."""
    hints = typing.get_type_hints(model)
    return model(**{name: _converted(hint, value[name]) for name, hint in hints.items()})


def _converted(hint: typing.Any, value: typing.Any) -> typing.Any:
    if hint is dt.datetime:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    if dataclasses.is_dataclass(hint):
        return read(typing.cast("type[object]", hint), value)
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return tuple(_converted(item, each) for each in value)
    return value


def given(**values: object) -> dict[str, object]:
    """Return the values that are not None, as JSON has them."""
    return {
        name: _moment_text(value) if isinstance(value, dt.datetime) else value
        for name, value in values.items()
        if value is not None
    }


def path_segment(text: str) -> str:
    """Return a text as one segment of a path."""
    return urllib.parse.quote(text, safe="")


def _moment_text(moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone; give an aware moment."
        raise ValueError(msg)
    return moment.isoformat()


def _written(body: Mapping[str, object] | None) -> tuple[bytes | None, dict[str, str]]:
    if body is None:
        return None, {}
    try:
        text = json.dumps(body, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        msg = f"The body cannot be written as JSON: {error}."
        raise ControlError(msg) from error
    return text.encode(), {"Content-Type": "application/json"}


def _check_url(text: str) -> None:
    if "@" in text:
        # Not quoted: what stands before it may be a password.
        msg = "The address holds a user or a password; give one like http://127.0.0.1:4010."
        raise ControlConnectionError(msg)
    try:
        url = urllib.parse.urlsplit(text)
        is_usable = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        msg = f"{text!r} is no URL; give one like http://127.0.0.1:4010."
        raise ControlConnectionError(msg)


def _status_error(response: httpx.Response) -> ControlStatusError:
    try:
        error = response.json()["error"]
        message, code = str(error["message"]), str(error["code"])
        request_id = str(error["request_id"])
    except (ValueError, TypeError, LookupError):
        message = (
            f"{response.request.url} responded with {response.status_code}, and not as a mock server does;"
            " give another address."
        )
        return ControlStatusError(message, response.status_code, "", None)
    return ControlStatusError(message, response.status_code, code, request_id)
