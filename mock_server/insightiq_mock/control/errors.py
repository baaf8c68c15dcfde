"""Errors of the control API, and their mapping from those of the simulation."""

from __future__ import annotations

import contextlib
import http
import typing

from insightiq_mock.context import ApiError
from insightiq_mock.resources import (
    AccountError,
    AccountStateError,
    SdkTokenError,
    UnknownResourceError,
)
from insightiq_mock.simulation import (
    ClockError,
    DeveloperExistsError,
    SettingsError,
    UnknownDeveloperError,
    UnknownSnapshotError,
)
from insightiq_mock.spelling import closest
from insightiq_mock.webhooks import UnknownDeliveryError

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Iterable

__all__ = [
    "api_errors",
    "bad_request",
    "conflict",
    "forbidden",
    "not_found",
    "suggestion",
    "unauthorized",
]

_CHALLENGE: typing.Final = 'Bearer realm="InsightIQ mock control"'


def bad_request(message: str, code: str) -> ApiError:
    """Return a 400."""
    return ApiError(http.HTTPStatus.BAD_REQUEST, "INVALID_REQUEST_PARAMETERS", code, message)


def unauthorized(message: str) -> ApiError:
    """Return a 401, with the challenge that HTTP asks for."""
    headers = {"WWW-Authenticate": _CHALLENGE}
    return ApiError(
        http.HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "invalid_control_token", message, headers
    )


def forbidden(message: str, code: str) -> ApiError:
    """Return a 403."""
    return ApiError(http.HTTPStatus.FORBIDDEN, "FORBIDDEN", code, message)


def not_found(message: str, code: str) -> ApiError:
    """Return a 404."""
    return ApiError(http.HTTPStatus.NOT_FOUND, "RECORD_NOT_FOUND", code, message)


def conflict(message: str, code: str) -> ApiError:
    """Return a 409."""
    return ApiError(http.HTTPStatus.CONFLICT, "CONFLICT", code, message)


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name."""
    names = list(known)
    close = closest(wrong, names)
    return f"there are {', '.join(names)}." if close is None else f"did you mean {close}?"


# The first that fits counts.
_MEANINGS: typing.Final = (
    (UnknownDeveloperError, not_found, "incorrect_developer_id"),
    (UnknownSnapshotError, not_found, "incorrect_snapshot_name"),
    (UnknownDeliveryError, not_found, "incorrect_delivery_id"),
    (DeveloperExistsError, conflict, "developer_exists"),
    (AccountStateError, forbidden, "account_state"),
    (SettingsError, bad_request, "invalid_settings"),
    (ClockError, bad_request, "invalid_clock"),
    (SdkTokenError, bad_request, "invalid_sdk_token"),
    (AccountError, bad_request, "invalid_parameters"),
)


@contextlib.contextmanager
def api_errors() -> Generator[None]:
    """Raise the errors of the simulation and of the deliveries as API errors."""
    try:
        yield
    except UnknownResourceError as error:
        raise not_found(str(error), f"incorrect_{error.kind}_id") from error
    except Exception as error:
        for kind, make, code in _MEANINGS:
            if isinstance(error, kind):
                raise make(str(error), code) from error
        raise
