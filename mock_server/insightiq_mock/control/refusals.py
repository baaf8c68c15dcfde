"""Every refusal of the control API, and how what the simulation raises becomes one."""

from __future__ import annotations

import contextlib
import difflib
import http
import typing

from insightiq_mock.context import ApiError
from insightiq_mock.simulation import (
    AccountStateError,
    ClockError,
    DeveloperExistsError,
    LifecycleError,
    SdkTokenError,
    SettingsError,
    UnknownDeveloperError,
    UnknownResourceError,
    UnknownSnapshotError,
)
from insightiq_mock.webhooks import UnknownDeliveryError

if typing.TYPE_CHECKING:
    from collections.abc import Generator, Iterable

__all__ = [
    "default_developer_stays",
    "impossible_fault",
    "misled_notification",
    "no_rotation",
    "reserved_client_id",
    "rotation_under_way",
    "token_says_it_all",
    "translated",
    "unauthorized",
    "unknown_account",
    "unknown_event",
    "unknown_fault",
    "unknown_operation",
    "unknown_platform",
]

_CHALLENGE: typing.Final = 'Bearer realm="InsightIQ mock control"'

_BAD: typing.Final = (http.HTTPStatus.BAD_REQUEST, "INVALID_REQUEST_PARAMETERS")
_FORBIDDEN: typing.Final = (http.HTTPStatus.FORBIDDEN, "FORBIDDEN")
_MISSING: typing.Final = (http.HTTPStatus.NOT_FOUND, "RECORD_NOT_FOUND")
_CONFLICT: typing.Final = (http.HTTPStatus.CONFLICT, "CONFLICT")

# The first that fits counts.
_MEANINGS: typing.Final[tuple[tuple[type[Exception], tuple[http.HTTPStatus, str], str], ...]] = (
    (UnknownDeveloperError, _MISSING, "incorrect_developer_id"),
    (UnknownSnapshotError, _MISSING, "incorrect_snapshot_name"),
    (UnknownDeliveryError, _MISSING, "incorrect_delivery_id"),
    (DeveloperExistsError, _CONFLICT, "developer_exists"),
    (AccountStateError, _FORBIDDEN, "account_state"),
    (SettingsError, _BAD, "invalid_settings"),
    (ClockError, _BAD, "invalid_clock"),
    (SdkTokenError, _BAD, "invalid_sdk_token"),
    (LifecycleError, _BAD, "invalid_parameters"),
)


@contextlib.contextmanager
def translated() -> Generator[None]:
    """Turn what the simulation and the deliveries raise into refusals.

    Raises:
        ApiError: One of those that have a meaning was raised.
    """
    try:
        yield
    except UnknownResourceError as error:
        raise ApiError(*_MISSING, f"incorrect_{error.kind}_id", str(error)) from error
    except Exception as error:
        for kind, status_and_type, code in _MEANINGS:
            if isinstance(error, kind):
                raise ApiError(*status_and_type, code, str(error)) from error
        raise


def unauthorized(message: str) -> ApiError:
    """401, with the challenge that HTTP asks for."""
    headers = {"WWW-Authenticate": _CHALLENGE}
    return ApiError(
        http.HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED", "invalid_control_token", message, headers
    )


def misled_notification() -> ApiError:
    """403: what calls is the delivery of a notification."""
    message = "Notifications are taken at /_mock/inbox/<name> only, and change nothing elsewhere."
    return ApiError(*_FORBIDDEN, "no_receiver", message)


def reserved_client_id(client_id: str) -> ApiError:
    """400: a developer cannot be called like that."""
    message = f"{client_id!r} stands for the default developer; choose another client_id."
    return ApiError(*_BAD, "reserved_client_id", message)


def default_developer_stays() -> ApiError:
    """409: the credentials of the default developer stand in the ready line."""
    message = "The default developer cannot be deleted; reset it instead."
    return ApiError(*_CONFLICT, "default_developer", message)


def rotation_under_way() -> ApiError:
    """409: there are two secrets already."""
    message = "Two secrets are live already; retire the old one first."
    return ApiError(*_CONFLICT, "rotation_under_way", message)


def no_rotation() -> ApiError:
    """409: there is only one secret."""
    message = "Only one secret is live; rotate it first."
    return ApiError(*_CONFLICT, "no_rotation", message)


def unknown_account(account_id: str) -> ApiError:
    """404: the developer has no such account."""
    return ApiError(*_MISSING, "incorrect_account_id", f"There is no account {account_id!r}.")


def unknown_platform(name: str, known: Iterable[str]) -> ApiError:
    """404: there is no such work platform."""
    message = f"There is no platform {name!r}; {_meant(name, known)}"
    return ApiError(*_MISSING, "incorrect_work_platform_id", message)


def token_says_it_all() -> ApiError:
    """400: user and products are given twice."""
    message = "An sdk_token says the user and the products; leave user_id and products out."
    return ApiError(*_BAD, "invalid_parameters", message)


def unknown_event(event: str, known: Iterable[str]) -> ApiError:
    """400: the document has no such event."""
    message = f"There is no event {event!r}; {_meant(event, known)}"
    return ApiError(*_BAD, "unknown_event", message)


def unknown_operation(operation_id: str, known: Iterable[str]) -> ApiError:
    """400: the document has no such operation."""
    message = f"There is no operation {operation_id!r}; {_meant(operation_id, known)}"
    return ApiError(*_BAD, "unknown_operation", message)


def impossible_fault(reason: str) -> ApiError:
    """400: what is asked for makes no rule."""
    return ApiError(*_BAD, "invalid_fault", f"This makes no fault rule: {reason}.")


def unknown_fault(fault_id: str) -> ApiError:
    """404: the developer has no such rule, or it is spent."""
    return ApiError(*_MISSING, "incorrect_fault_id", f"There is no fault rule {fault_id!r}.")


def _meant(wrong: str, known: Iterable[str]) -> str:
    """Say what was probably meant; else what there is."""
    names = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(wrong.casefold(), names, n=1)
    return (
        f"did you mean {names[close[0]]}?" if close else f"there are {', '.join(names.values())}."
    )
