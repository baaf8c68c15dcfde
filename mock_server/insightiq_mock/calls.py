"""What passes between the web layer and the handlers: a call, a reply, a refusal.

Handlers know neither HTTP nor connexion; the web layer knows neither state nor SQL. Both know this
module.
"""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

__all__ = ["ApiError", "AsyncHandler", "Call", "Handler", "Reply"]


class Call(typing.NamedTuple):
    """One validated request.

    Attributes:
        operation_id: ``<resource>.<method>`` of the document.
        developer_id: The client id that the credentials named: whose world this is.
        path: Path parameters by name, as text.
        query: Query parameters by name, typed as the document says; absent ones are absent.
        body: The parsed JSON body, or None.
    """

    operation_id: str
    developer_id: str
    path: Mapping[str, str]
    query: Mapping[str, typing.Any]
    body: typing.Any


class Reply(typing.NamedTuple):
    """A success: status and the JSON text to send (None: no body, as with 204)."""

    status: int
    body: bytes | None


class ApiError(Exception):
    """A refusal in the vendor's terms; the web layer wraps it into the error envelope.

    Attributes:
        status: HTTP status.
        type: Broad class in UPPER_SNAKE, for example ``RECORD_NOT_FOUND``.
        code: Specific code in lower_snake, for example ``incorrect_account_id``.
        message: One sentence for a person.
        headers: Extra response headers, for example ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        type: str,  # noqa: A002 - the vendor's own name of the key
        code: str,
        message: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


class Handler(typing.Protocol):
    """Answers one operation."""

    def __call__(self, call: Call, /) -> Reply:
        """Answer ``call``.

        Raises:
            ApiError: The call is refused.
        """
        ...


class AsyncHandler(typing.Protocol):
    """Answers one operation after waiting for something."""

    def __call__(self, call: Call, /) -> Awaitable[Reply]:
        """Answer ``call``.

        Raises:
            ApiError: The call is refused.
        """
        ...
