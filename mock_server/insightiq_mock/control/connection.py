"""One call of the control API, and what can go wrong with it.

ControlError
├── ControlUnreachableError   nobody answers at the address
└── ControlRefusedError       the server answered with a refusal
"""

from __future__ import annotations

import json
import ssl
import typing
import urllib.parse

import httpx

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Connection", "ControlError", "ControlRefusedError", "ControlUnreachableError"]

PREFIX: typing.Final = "/_mock"

_NO_CONTENT: typing.Final = 204

# Advancing a clock by years carries out every job on the way before it is answered.
_SECONDS_TO_ANSWER: typing.Final = 600.0
_SECONDS_TO_CONNECT: typing.Final = 5.0


class ControlError(Exception):
    """A call of the control API failed; the message says why and what to do."""


class ControlUnreachableError(ControlError):
    """Nobody answers at the address, or not with HTTP; or it is no address."""


class ControlRefusedError(ControlError):
    """The server refused the call; the message is its sentence.

    Attributes:
        status: HTTP status.
        code: The code of the refusal, for example ``incorrect_developer_id``.
        request_id: Names the request in the server's log; None if the answer is no refusal of ours.
    """

    def __init__(self, message: str, status: int, code: str, request_id: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id

    def __reduce__(self) -> tuple[type[ControlRefusedError], tuple[object, ...]]:
        return type(self), (str(self), self.status, self.code, self.request_id)


class Connection:
    """An HTTP connection to one mock server.

    Args:
        base_url: Where the server answers, for example ``http://127.0.0.1:4010``.
        token: The control token, where the server asks for one.
        transport: Another way to the server than the network, for example in process.

    Raises:
        ControlUnreachableError: The address is no URL, or holds a user.
    """

    def __init__(
        self,
        base_url: str,
        *,
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._base_url = base_url.rstrip("/")
        _check_url(base_url)
        self._http = httpx.Client(
            base_url=self._base_url,
            headers=headers,
            transport=transport,
            timeout=httpx.Timeout(_SECONDS_TO_ANSWER, connect=_SECONDS_TO_CONNECT),
            # Certificates take longer to load than most calls; plain HTTP asks for none.
            verify=base_url.lower().startswith("https:") or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            # A mock server is on this machine or in this network: no proxy, no .netrc.
            trust_env=False,
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str | int | None] | None = None,
    ) -> typing.Any:  # noqa: ANN401 - any JSON value
        """Call an operation and return the JSON of its answer; None where it has none.

        Args:
            method: HTTP method.
            path: Path below ``/_mock``, escaped.
            body: JSON to send.
            query: Query parameters; those that are None are left out.

        Raises:
            ControlUnreachableError: Nobody answers.
            ControlRefusedError: The server refused.
            ControlError: ``body`` cannot be written as JSON.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        content, headers = _written(body)
        try:
            response = self._http.request(
                method, f"{PREFIX}{path}", content=content, headers=headers, params=given or None
            )
        except httpx.TransportError as error:
            raise ControlUnreachableError(self._unreachable(error)) from error
        if response.status_code == _NO_CONTENT:
            return None
        if not response.is_success:
            raise _refusal(response)
        try:
            return response.json()
        except ValueError as error:
            msg = f"What answers at {self._base_url} is no mock server; give another address."
            raise ControlUnreachableError(msg) from error

    def _unreachable(self, error: Exception) -> str:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return (
                f"No mock server answers at {self._base_url}; start one with"
                " 'insightiq-mock serve', or name another address."
            )
        reason = str(error) or type(error).__name__
        return f"The mock server at {self._base_url} did not answer properly: {reason}."


def _written(body: Mapping[str, object] | None) -> tuple[bytes | None, dict[str, str]]:
    if body is None:
        return None, {}
    try:
        text = json.dumps(body, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        msg = f"What is to be sent cannot be written as JSON: {error}."
        raise ControlError(msg) from error
    return text.encode(), {"Content-Type": "application/json"}


def _check_url(text: str) -> None:
    if "@" in text:
        # Not repeated: what stands before it may be a password.
        msg = "The address holds a user or a password; give one like http://127.0.0.1:4010."
        raise ControlUnreachableError(msg)
    try:
        url = urllib.parse.urlsplit(text)
        is_usable = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        msg = f"{text!r} is no URL; give one like http://127.0.0.1:4010."
        raise ControlUnreachableError(msg)


def _refusal(response: httpx.Response) -> ControlRefusedError:
    try:
        error = response.json()["error"]
        message, code = str(error["message"]), str(error["code"])
        request_id = str(error["request_id"])
    except (ValueError, TypeError, LookupError):
        message = (
            f"{response.request.url} answered {response.status_code}, and not as a mock server does;"
            " give another address."
        )
        return ControlRefusedError(message, response.status_code, "", None)
    return ControlRefusedError(message, response.status_code, code, request_id)
