"""Rejections of requests that fit every schema, and proofs that each is justified.

A schema describes one request; some reasons to reject it lie between two values of it, or in what the
server holds. Each is accepted only where the request, or the server itself, shows that the reason
is true.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import httpx

__all__ = ["is_justified"]

_ROWS = 100


class Request(Protocol):
    """Query and JSON body of a request."""

    query: Any
    body: Any


def _external_id_is_taken(request: Request, server: httpx.Client) -> bool:
    """A user has this external id already (evidence.md#error-envelope)."""
    wanted = request.body["external_id"]
    # A number is kept as its text, and 5.0 is the same number as 5.
    wanted = wanted if isinstance(wanted, str) else str(int(wanted))
    return any(user["external_id"] == wanted for user in _rows(server, "/v1/users"))


def _window_is_reversed(request: Request, _: httpx.Client) -> bool:
    """The window of dates ends before it begins (evidence.md#open-question-4)."""
    days = {
        name.removesuffix("_date").rpartition("_")[2]: day for name, day in request.query.items()
    }
    return bool(days["from"] > days["to"])


def _session_has_expired(request: Request, server: httpx.Client) -> bool:
    """The creator has to connect the account again first (evidence.md#open-question-7)."""
    account = server.get(f"/v1/accounts/{request.body['account_id']}").json()
    return bool(account["status"] == "SESSION_EXPIRED")


_REASONS: Mapping[str, Callable[[Request, httpx.Client], bool]] = {
    "user_exists_with_external_id": _external_id_is_taken,
    "invalid_date_range": _window_is_reversed,
    "session_expired": _session_has_expired,
}


def is_justified(response: bytes, request: Request, server: httpx.Client) -> bool:
    """Whether the body of a response names a reason from above that is true."""
    try:
        reason = _REASONS.get(json.loads(response)["error"]["error_code"])
        return reason is not None and reason(request, server)
    except (LookupError, TypeError, ValueError):
        # Response or request lacks what the reason is about.
        return False


def _rows(server: httpx.Client, path: str) -> Iterator[Mapping[str, Any]]:
    offset = 0
    while page := server.get(path, params={"limit": _ROWS, "offset": offset}).json()["data"]:
        yield from page
        offset += _ROWS
