"""Errors of this package.

::

    InsightIQError                       catch this one to catch them all
    ├── ConfigurationError               an argument or a variable is wrong; nothing was sent
    ├── ClientClosedError                the client was closed before the call
    ├── WebhookVerificationError         a notification is not provably the vendor's
    ├── WebhookPayloadError              a notification is not of the API's form
    ├── PaginationError                  a list cannot be read to its end
    ├── SyncTimeoutError                 an account's data was not fetched in time
    ├── SyncImpossibleError              an account's data will not be fetched
    ├── DeadlineExceededError            the call as a whole took too long
    └── APIError                         the API, or the way to it, failed
        ├── APIConnectionError           no response: no connection, or it broke
        │   └── APITimeoutError          no response in time
        ├── APIResponseValidationError   a response that is not of the API's form (HTML, …)
        └── APIStatusError               an error response: any status but a success
            ├── BadRequestError          400
            ├── AuthenticationError      401
            ├── PermissionDeniedError    403
            ├── NotFoundError            404
            ├── ConflictError            409
            ├── RateLimitError           429
            └── InternalServerError      500 and above
                └── ServiceUnavailableError   503, as during maintenance

``str()`` of each is one line: the problem, its place, and what to do. Errors can be pickled. They
hold neither the request nor its headers or body, so that they expose no credentials.
"""

from __future__ import annotations

import copyreg
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "ClientClosedError",
    "ConfigurationError",
    "ConflictError",
    "DeadlineExceededError",
    "InsightIQError",
    "InternalServerError",
    "NotFoundError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "ServiceUnavailableError",
    "SyncImpossibleError",
    "SyncTimeoutError",
    "WebhookPayloadError",
    "WebhookVerificationError",
]


class InsightIQError(Exception):
    """The root of the tree.

    Attributes:
        operation: ``<resource>.<method>`` of the call, or None where there was no call.
        request_id: The id that the vendor's support asks for, or None where there was no response.
        attempts: Number of attempts to send the request.
        waited: Seconds spent waiting between the attempts and for the quota.
        maybe_applied: Whether the failed call may have changed something on the server. Check
            before you retry it.
    """

    attempts: int = 0
    waited: float = 0.0
    maybe_applied: bool = False

    def __init__(
        self, text: str, *, operation: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(text)
        self.operation = operation
        self.request_id = request_id

    def __reduce__(self) -> tuple[object, ...]:
        # Rebuilt without __init__: its keywords differ from class to class, the state does not.
        return (copyreg.__newobj__, (type(self), *self.args), self.__dict__)  # type: ignore[attr-defined]  # absent from typeshed, documented by pickle


class ConfigurationError(InsightIQError):
    """An argument or a variable is missing, contradictory or malformed."""


class ClientClosedError(InsightIQError):
    """The client was closed before the call."""


class WebhookVerificationError(InsightIQError):
    """A notification carries no valid signature, so it is not provably the vendor's."""


class WebhookPayloadError(InsightIQError):
    """The body of a notification is not the JSON of one."""


class PaginationError(InsightIQError):
    """A list cannot be read to its end without losing rows or giving them twice."""


class SyncTimeoutError(InsightIQError):
    """The data of an account was not fetched from its platform in time.

    Attributes:
        states: The last state of each product that was waited for.
    """

    def __init__(self, text: str, *, states: Mapping[str, str]) -> None:
        super().__init__(text, operation="accounts.wait_until_synced")
        self.states = dict(states)


class SyncImpossibleError(InsightIQError):
    """The data of an account will not be fetched: it is cut off, or lacks a product.

    Attributes:
        status: State of the connection: ``SESSION_EXPIRED``, ``NOT_CONNECTED``, …
        states: The state of each product that was waited for; ``ABSENT`` where there is none.
    """

    def __init__(self, text: str, *, status: str, states: Mapping[str, str]) -> None:
        super().__init__(text, operation="accounts.wait_until_synced")
        self.status = status
        self.states = dict(states)


class DeadlineExceededError(InsightIQError):
    """The call as a whole, with its retries and waits, took longer than its deadline.

    Attributes:
        last_failure: Error of the last attempt in one line; None where none was made.
    """

    last_failure: str | None = None


class APIError(InsightIQError):
    """The API, or the way to it, failed. Base class of all errors that a request can cause."""


class APIConnectionError(APIError):
    """No response: no connection was made, or it broke before the response was complete."""


class APITimeoutError(APIConnectionError):
    """No response in time: a part of the call took longer than its timeout."""


class APIResponseValidationError(APIError):
    """The response is not of the API's form, for example a proxy's HTML page or truncated JSON.

    Attributes:
        status_code: The HTTP status.
    """

    def __init__(
        self, text: str, *, operation: str | None, request_id: str | None, status_code: int
    ) -> None:
        super().__init__(text, operation=operation, request_id=request_id)
        self.status_code = status_code


class APIStatusError(APIError):
    """An error response; raised itself for a status without a class of its own.

    Attributes:
        status_code: The HTTP status.
        type: The vendor's broad class, for example ``RECORD_NOT_FOUND``.
        code: The vendor's specific code, for example ``incorrect_account_id``.
        message: The vendor's sentence.
        retry_after: Seconds to wait before the next call, where the server said so.
    """

    def __init__(
        self,
        text: str,
        *,
        operation: str | None,
        request_id: str | None,
        status_code: int,
        type: str | None = None,  # noqa: A002 - the vendor's own name of the key
        code: str | None = None,
        message: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(text, operation=operation, request_id=request_id)
        self.status_code = status_code
        self.type = type
        self.code = code
        self.message = message
        self.retry_after = retry_after


class BadRequestError(APIStatusError):
    """400: an argument is missing or wrong."""


class AuthenticationError(APIStatusError):
    """401: the credentials are not accepted."""


class PermissionDeniedError(APIStatusError):
    """403: the credentials, or the state of the account, do not allow the call."""


class NotFoundError(APIStatusError):
    """404: there is nothing under this id."""


class ConflictError(APIStatusError):
    """409: the call does not fit the present state."""


class RateLimitError(APIStatusError):
    """429: more calls than the limit allows."""


class InternalServerError(APIStatusError):
    """500 and above: the fault is on the server's side."""


class ServiceUnavailableError(InternalServerError):
    """503: the service is not available now, for example during maintenance."""
