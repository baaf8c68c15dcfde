"""Refresh and fetch-historic: the requests that ask for a sync."""

from __future__ import annotations

import datetime as dt
import enum
import typing

from insightiq_mock.calls import Call, Handler, Reply
from insightiq_mock.store import Kind, encode, format_date, format_timestamp

from . import refusals
from .writing import load, save

if typing.TYPE_CHECKING:
    from .backend import Backend

__all__ = ["Product", "fetch_historic", "refresh"]

_REFRESH_WINDOW: typing.Final = dt.timedelta(days=90)
"""``refresh_since`` lies this long before the day of the last sync (facts A.8)."""


class Product(enum.StrEnum):
    """The block of ``account.data`` that a sync concerns."""

    IDENTITY = "identity"
    ENGAGEMENT = "engagement"
    INCOME = "income"


def refresh(backend: Backend, product: Product) -> Handler:
    """Acknowledge, and move the product's ``last_sync_at`` and ``refresh_since``.

    A simplification of the moment: 202 only acknowledges, and the sync would end later. Here it
    ends at once and has found nothing new, so that a client polling ``last_sync_at`` gets on. A
    product that has never been synced stays so.
    """

    def handle(call: Call) -> Reply:
        with backend.store.transaction():
            account = _connected_account(backend, call)
            block = account["data"].get(product, {})
            moment = backend.clock(call.developer_id)
            _mark_synced(block, moment)
            if product is Product.IDENTITY:
                _mark_synced(block.get("audience", {}), moment)
            save(backend, call.developer_id, Kind.ACCOUNT, account)
        return Reply(202, encode({"account_id": call.body["account_id"]}))

    return handle


def fetch_historic(backend: Backend, product: Product) -> Handler:
    """Acknowledge, and move the product's ``data_available_from`` back to ``from_date``.

    A simplification of the moment, as with `refresh`: the search of the past ends at once and has
    found nothing. No limits per platform are enforced (facts H.2 row 25), and a date that is
    covered already changes nothing.
    """

    def handle(call: Call) -> Reply:
        with backend.store.transaction():
            account = _connected_account(backend, call)
            block = account["data"].get(product, {})
            available_from = block.get("data_available_from")
            wanted = f"{call.body['from_date']}T00:00:00.000000"
            if available_from is not None and wanted < available_from:
                block["data_available_from"] = wanted
                save(backend, call.developer_id, Kind.ACCOUNT, account)
        return Reply(202, encode({key: call.body[key] for key in ("account_id", "from_date")}))

    return handle


def _connected_account(backend: Backend, call: Call) -> dict[str, typing.Any]:
    account = load(backend, call.developer_id, Kind.ACCOUNT, call.body["account_id"])
    if account["status"] == "NOT_CONNECTED":
        raise refusals.account_is_disconnected(account["id"])
    if account["status"] == "SESSION_EXPIRED":
        raise refusals.session_is_expired(account["id"])
    return account


def _mark_synced(block: dict[str, typing.Any], moment: dt.datetime) -> None:
    if block.get("last_sync_at") is None:
        return
    block["last_sync_at"] = format_timestamp(moment)
    if "refresh_since" in block:
        block["refresh_since"] = format_date(moment.astimezone(dt.UTC).date() - _REFRESH_WINDOW)
