"""When a server may refuse a request that fits every schema.

A schema describes one request; some reasons to refuse lie between two values of it, or in what the
server holds. Each is accepted only where the request, or the server itself, shows that the reason
is true.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import httpx

__all__ = ["REASONS", "Refused", "is_justified"]

_ROWS = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """A request that was refused.

    Attributes:
        query: Its query parameters.
        body: Its JSON body.
        server: A client of the server that refused, to ask it about what it holds.
    """

    query: Mapping[str, Any]
    body: Any
    server: httpx.Client


def _external_id_is_taken(refused: Refused) -> bool:
    """A user has this external id already (evidence.md#error-envelope)."""
    wanted = refused.body["external_id"]
    # A number is kept as its text, and 5.0 is the same number as 5.
    wanted = wanted if isinstance(wanted, str) else str(int(wanted))
    return any(user["external_id"] == wanted for user in _rows(refused.server, "/v1/users"))


def _window_is_reversed(refused: Refused) -> bool:
    """The window of dates ends before it begins (evidence.md#open-question-4)."""
    days = {
        name.removesuffix("_date").rpartition("_")[2]: day for name, day in refused.query.items()
    }
    return bool(days["from"] > days["to"])


def _session_has_expired(refused: Refused) -> bool:
    """The creator has to connect the account again first (evidence.md#open-question-7)."""
    account = refused.server.get(f"/v1/accounts/{refused.body['account_id']}").json()
    return bool(account["status"] == "SESSION_EXPIRED")


REASONS: Mapping[str, Callable[[Refused], bool]] = {
    "user_exists_with_external_id": _external_id_is_taken,
    "invalid_date_range": _window_is_reversed,
    "session_expired": _session_has_expired,
}


def is_justified(answer: Any, refused: Refused) -> bool:  # noqa: ANN401 - any JSON value
    """Whether ``answer`` names a reason from above, and rightly so."""
    try:
        reason = REASONS.get(answer["error"]["error_code"])
        return reason is not None and reason(refused)
    except (LookupError, TypeError):
        # The answer, or the request, does not even speak of what the reason is about.
        return False


def _rows(server: httpx.Client, path: str) -> Iterator[Mapping[str, Any]]:
    offset = 0
    while page := server.get(path, params={"limit": _ROWS, "offset": offset}).json()["data"]:
        yield from page
        offset += _ROWS
