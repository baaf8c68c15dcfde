"""Refresh and fetch-historic: the requests that ask for a sync."""

from __future__ import annotations

import typing

from insightiq_mock.context import Handler, RequestContext, Response
from insightiq_mock.db import Kind, encode

from . import refusals
from .identifiers import canonical_id
from .writing import load

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.context import ApiError

    from .backend import Backend

__all__ = ["fetch_historic", "refresh"]


def refresh(backend: Backend, kind: Kind) -> Handler:
    """Acknowledge; a few seconds later the account's data of that kind are synced (evidence.md#operations).

    The account's product then has a new ``last_sync_at``, and notifications tell what is new. A
    product that waits for its first sync is left to it, and one that the account lacks stays so.
    """

    def handle(call: RequestContext) -> Response:
        with backend.store.transaction():
            account = _syncable_account(backend, call)
            if account is not None:
                backend.simulation.lifecycle.request_refresh(call.developer_id, account, kind)
        return Response(202, encode({"account_id": canonical_id(call.body["account_id"])}))

    return handle


def fetch_historic(backend: Backend, kind: Kind) -> Handler:
    """Acknowledge; a few seconds later the account's older data of that kind appear (evidence.md#operations).

    ``data_available_from`` of the product has then moved back to ``from_date``. No limits per
    platform are enforced (evidence.md#open-question-25), and a date that is covered already changes nothing.
    """

    def handle(call: RequestContext) -> Response:
        from_date: str = call.body["from_date"]
        with backend.store.transaction():
            account = _syncable_account(backend, call)
            if account is not None:
                is_news = backend.simulation.lifecycle.request_historic(
                    call.developer_id, account, kind, from_date
                )
                if not is_news and _refuses(backend, call):
                    raise refusals.historic_fetched_already(account["id"], from_date)
        account_id = canonical_id(call.body["account_id"])
        return Response(202, encode({"account_id": account_id, "from_date": from_date}))

    return handle


def _refuses(backend: Backend, call: RequestContext) -> bool:
    return backend.settings(call.developer_id).fetch_historic_repeated == "refuse"


def _syncable_account(backend: Backend, call: RequestContext) -> dict[str, typing.Any] | None:
    """The account; None where a setting accepts a wish that nothing can come of."""
    account = load(backend, call.developer_id, Kind.ACCOUNT, call.body["account_id"])
    if account["status"] == "CONNECTED":
        return account
    settings = backend.settings(call.developer_id)
    is_refused: Mapping[str, tuple[str, ApiError]] = {
        "NOT_CONNECTED": (
            settings.refresh_when_disconnected,
            refusals.account_is_disconnected(account["id"]),
        ),
        "SESSION_EXPIRED": (
            settings.refresh_when_expired,
            refusals.session_is_expired(account["id"]),
        ),
    }
    answer, refusal = is_refused[account["status"]]
    if answer == "refuse":
        raise refusal
    return None
