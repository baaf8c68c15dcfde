"""Errors of the handlers and of account operations (evidence.md#error-envelope, #open-questions).

Known from the wire: the type and code of an unknown account, the code of a taken external id, the
code of a second disconnect. The other codes follow their pattern and are ASSUMPTIONS; the row of
evidence.md#open-questions stands with each.

AccountError
├── UnknownResourceError      there is no such account, user or platform
├── ProductsUnsupportedError  the platform has none of the products
└── AccountStateError         the account is in another state
"""

from __future__ import annotations

import typing

from insightiq_mock.context import ApiError

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AccountError",
    "AccountStateError",
    "ProductsUnsupportedError",
    "UnknownResourceError",
    "account_already_disconnected",
    "account_is_disconnected",
    "audience_not_synced",
    "dates_reversed",
    "external_id_taken",
    "external_id_unknown",
    "historic_fetched_already",
    "id_unknown",
    "nested_too_deep",
    "not_found",
    "session_is_expired",
    "text_not_encodable",
]


class AccountError(Exception):
    """An account operation failed; the message says why."""


class UnknownResourceError(AccountError):
    """There is no such resource.

    Attributes:
        kind: The kind of the resource.
        resource_id: The id that is unknown.
    """

    def __init__(self, kind: str, resource_id: str) -> None:
        super().__init__(f"There is no {kind.replace('_', ' ')} {resource_id!r}.")
        self.kind = kind
        self.resource_id = resource_id


class ProductsUnsupportedError(AccountError):
    """The platform has none of the products that were asked for."""

    def __init__(self, platform: str, products: Sequence[str]) -> None:
        what = f"none of the products {', '.join(products)}" if products else "no products"
        super().__init__(f"{platform} gives {what}; look at the products of the work platform.")


class AccountStateError(AccountError):
    """The state of the account's connection does not allow the operation.

    Attributes:
        account_id: The account.
        status: The state of its connection.
    """

    def __init__(self, account_id: str, status: str, message: str) -> None:
        super().__init__(message)
        self.account_id = account_id
        self.status = status


def _bad_request(code: str, message: str) -> ApiError:
    return ApiError(400, "INVALID_REQUEST_PARAMETERS", code, message)


def _forbidden(code: str, message: str) -> ApiError:
    return ApiError(403, "FORBIDDEN", code, message)


def _missing(code: str, message: str) -> ApiError:
    return ApiError(404, "RECORD_NOT_FOUND", code, message)


def not_found(kind: str, resource_id: str) -> ApiError:
    """404: the developer has no such resource. The code is known for accounts (evidence.md#error-envelope)."""
    return _missing(f"incorrect_{kind}_id", _no_such(kind, resource_id))


def id_unknown(kind: str, resource_id: str) -> ApiError:
    """400: a filter or a search names an unknown id; only where a setting asks for this."""
    return _bad_request(f"incorrect_{kind}_id", _no_such(kind, resource_id))


def _no_such(kind: str, resource_id: str) -> str:
    noun = kind.replace("_", " ")
    return (
        f"There is no {noun} with id {resource_id}; use an id that a list of this developer shows."
    )


def external_id_unknown(external_id: str) -> ApiError:
    """404: no user has the external id; the code is an ASSUMPTION by the pattern of the others."""
    message = f"There is no user with external id {external_id!r}; create the user first."
    return _missing("incorrect_external_id", message)


def audience_not_synced(account_id: str) -> ApiError:
    """404: the account has no audience, or none yet (evidence.md#open-question-6)."""
    return _missing(
        "incorrect_account_id",
        f"Account {account_id} has no audience data: its platform gives none, or the first sync"
        " is not done; look at data.identity.audience of the account.",
    )


def external_id_taken(external_id: str) -> ApiError:
    """400: another user has the external id (evidence.md#error-envelope; the type is an ASSUMPTION)."""
    return _bad_request(
        "user_exists_with_external_id",
        f"A user with external id {external_id!r} exists already; fetch it by that id.",
    )


def account_already_disconnected(account_id: str) -> ApiError:
    """403: a second disconnect (evidence.md#error-envelope; the type is an ASSUMPTION)."""
    return _forbidden("account_disconnected", f"Account {account_id} is disconnected already.")


def account_is_disconnected(account_id: str) -> ApiError:
    """403: refresh or fetch-historic on a disconnected account (evidence.md#open-question-7)."""
    return _forbidden(
        "account_disconnected",
        f"Account {account_id} is disconnected; the creator has to connect it again first.",
    )


def session_is_expired(account_id: str) -> ApiError:
    """400: refresh or fetch-historic on an account whose session expired (evidence.md#open-question-7)."""
    return _bad_request(
        "session_expired",
        f"The platform session of account {account_id} has expired; the creator has to connect it"
        " again first.",
    )


def historic_fetched_already(account_id: str, from_date: str) -> ApiError:
    """400: the data reach back that far already; only where a setting asks for this error."""
    return _bad_request(
        "historic_data_already_requested",
        f"The data of account {account_id} reach back to {from_date} already; ask for an earlier"
        " day.",
    )


def dates_reversed(first_parameter: str, last_parameter: str) -> ApiError:
    """400: the first day of a window lies after its last (evidence.md#open-question-4)."""
    message = f"{first_parameter} lies after {last_parameter}; exchange the two."
    return _bad_request("invalid_date_range", message)


def text_not_encodable() -> ApiError:
    """400: the body holds half of a surrogate pair, which no response could carry."""
    message = "The body holds text that is not valid Unicode; send whole characters."
    return _bad_request("invalid_text", message)


def nested_too_deep() -> ApiError:
    """400: the body is nested deeper than a response can be written."""
    return _bad_request("invalid_body", "The body is nested too deep; send a flatter one.")
