"""Every refusal that handlers make, each in one place (evidence.md#error-envelope, #open-questions).

Known from the wire: the type and code of an unknown account, the code of a taken external id, the
code of a second disconnect. The other codes follow their pattern and are ASSUMPTIONS; the row of
evidence.md#open-questions stands with each.
"""

from __future__ import annotations

import http
import typing

from insightiq_mock.context import ApiError

if typing.TYPE_CHECKING:
    from insightiq_mock.db import Kind

__all__ = [
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

_INVALID = "INVALID_REQUEST_PARAMETERS"
_MISSING = "RECORD_NOT_FOUND"
_FORBIDDEN = "FORBIDDEN"


def not_found(kind: Kind, resource_id: str) -> ApiError:
    """404: the developer has no such resource. The code is known for accounts (evidence.md#error-envelope)."""
    noun = kind.replace("_", " ")
    return ApiError(
        http.HTTPStatus.NOT_FOUND,
        _MISSING,
        f"incorrect_{kind}_id",
        f"There is no {noun} with id {resource_id}; use an id that a list of this developer shows.",
    )


def id_unknown(kind: Kind, resource_id: str) -> ApiError:
    """400: a filter or a search names something unknown; only where a setting asks for this."""
    noun = kind.replace("_", " ")
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        f"incorrect_{kind}_id",
        f"There is no {noun} with id {resource_id}; use an id that a list of this developer shows.",
    )


def external_id_unknown(external_id: str) -> ApiError:
    """404: no user bears the external id; the code is an ASSUMPTION by the pattern of the others."""
    return ApiError(
        http.HTTPStatus.NOT_FOUND,
        _MISSING,
        "incorrect_external_id",
        f"There is no user with external id {external_id!r}; create the user first.",
    )


def audience_not_synced(account_id: str) -> ApiError:
    """404: the account has no audience, or none yet (evidence.md#open-question-6)."""
    return ApiError(
        http.HTTPStatus.NOT_FOUND,
        _MISSING,
        "incorrect_account_id",
        f"Account {account_id} has no audience data: its platform gives none, or the first sync"
        " is not done; look at data.identity.audience of the account.",
    )


def external_id_taken(external_id: str) -> ApiError:
    """400: another user bears the external id (evidence.md#error-envelope; the type is an ASSUMPTION)."""
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        "user_exists_with_external_id",
        f"A user with external id {external_id!r} exists already; fetch it by that id.",
    )


def account_already_disconnected(account_id: str) -> ApiError:
    """403: a second disconnect (evidence.md#error-envelope; the type is an ASSUMPTION)."""
    return ApiError(
        http.HTTPStatus.FORBIDDEN,
        _FORBIDDEN,
        "account_disconnected",
        f"Account {account_id} is disconnected already.",
    )


def account_is_disconnected(account_id: str) -> ApiError:
    """403: refresh or fetch-historic on a disconnected account (evidence.md#open-question-7)."""
    return ApiError(
        http.HTTPStatus.FORBIDDEN,
        _FORBIDDEN,
        "account_disconnected",
        f"Account {account_id} is disconnected; the creator has to connect it again first.",
    )


def session_is_expired(account_id: str) -> ApiError:
    """400: refresh or fetch-historic on an account whose session expired (evidence.md#open-question-7)."""
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        "session_expired",
        f"The platform session of account {account_id} has expired; the creator has to connect it"
        " again first.",
    )


def historic_fetched_already(account_id: str, from_date: str) -> ApiError:
    """400: the data reach back that far already; only where a setting asks for this refusal."""
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        "historic_data_already_requested",
        f"The data of account {account_id} reach back to {from_date} already; ask for an earlier"
        " day.",
    )


def dates_reversed(first_parameter: str, last_parameter: str) -> ApiError:
    """400: the first day of a window lies behind its last (evidence.md#open-question-4)."""
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        "invalid_date_range",
        f"{first_parameter} lies after {last_parameter}; exchange the two.",
    )


def text_not_encodable() -> ApiError:
    """400: the body holds half of a surrogate pair, which no answer could carry."""
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        "invalid_text",
        "The body holds text that is not valid Unicode; send whole characters.",
    )


def nested_too_deep() -> ApiError:
    """400: the body is nested deeper than an answer can be written."""
    return ApiError(
        http.HTTPStatus.BAD_REQUEST,
        _INVALID,
        "invalid_body",
        "The body is nested too deep; send a flatter one.",
    )
