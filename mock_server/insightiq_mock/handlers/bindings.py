"""Which shape answers which operation: the one table of all 57."""

from __future__ import annotations

import typing

from insightiq_mock.db import Column, Kind

from .accounts import disconnect_account, update_account
from .backend import Backend
from .reading import Listing, find_user, get_audience, get_one, list_page, search
from .syncing import fetch_historic, refresh
from .users import create_sdk_token, create_user
from .webhooks import create_webhook, delete_webhook, send_notification, update_webhook

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from insightiq_mock.context import Handler
    from insightiq_mock.simulation import Simulation

__all__ = ["make_handlers"]

_OF_ACCOUNT: Mapping[str, Column] = {"account_id": Column.ACCOUNT_ID}
_OF_CONTENT: Mapping[str, Column] = {"content_id": Column.CONTENT_ID}
_TYPED: Mapping[str, Column] = {**_OF_ACCOUNT, "type": Column.TYPE}
_OF_USER: Mapping[str, Column] = {
    "user_id": Column.USER_ID,
    "work_platform_id": Column.WORK_PLATFORM_ID,
}

_DATES = ("from_date", "to_date")
_TRANSACTION_DATES = ("transaction_from_date", "transaction_to_date")
_PAYOUT_DATES = ("payout_from_date", "payout_to_date")
_BALANCE_DATES = ("balance_from_date", "balance_to_date")


def make_handlers(simulation: Simulation) -> dict[str, Handler]:
    """Return a handler for each operation id of the document."""
    backend = Backend(simulation)
    return {
        **_connect(backend),
        **_identity(backend),
        **_engagement(backend),
        **_income(backend),
        **_webhooks(backend),
    }


def _connect(backend: Backend) -> dict[str, Handler]:
    work_platforms = Listing(
        Kind.WORK_PLATFORM, {"name": Column.NATURAL_KEY}, any_case=frozenset({"name"})
    )
    return {
        "work_platforms.get": get_one(backend, Kind.WORK_PLATFORM),
        "work_platforms.list": list_page(backend, work_platforms),
        "users.get": get_one(backend, Kind.USER),
        "users.list": list_page(backend, Listing(Kind.USER)),
        "users.create": create_user(backend),
        "users.get_by_external_id": find_user(backend),
        "sdk_tokens.create": create_sdk_token(backend),
        "accounts.get": get_one(backend, Kind.ACCOUNT),
        "accounts.update": update_account(backend),
        "accounts.list": list_page(backend, Listing(Kind.ACCOUNT, _OF_USER)),
        "accounts.disconnect": disconnect_account(backend),
    }


def _identity(backend: Backend) -> dict[str, Handler]:
    profiles = Listing(Kind.PROFILE, {**_OF_ACCOUNT, **_OF_USER})
    return {
        "profiles.get": get_one(backend, Kind.PROFILE),
        "profiles.list": list_page(backend, profiles),
        "profiles.refresh": refresh(backend, Kind.PROFILE),
        "audience.get": get_audience(backend),
    }


def _engagement(backend: Backend) -> dict[str, Handler]:
    contents = Listing(Kind.CONTENT, _OF_ACCOUNT, of_account=True, window=_DATES)
    groups = Listing(Kind.CONTENT_GROUP, _OF_ACCOUNT, of_account=True, window=_DATES)
    comments = Listing(Kind.COMMENT, _OF_CONTENT, of_account=True, of_content=True, window=_DATES)
    return {
        **_synced(backend, "contents", contents),
        **_synced(backend, "content_groups", groups),
        "comments.list": list_page(backend, comments),
    }


def _income(backend: Backend) -> dict[str, Handler]:
    lists = {
        "social_transactions": (Kind.SOCIAL_TRANSACTION, _TYPED, _TRANSACTION_DATES),
        # The seed's `type` of social payouts has no known values: accepted, without effect.
        "social_payouts": (Kind.SOCIAL_PAYOUT, _OF_ACCOUNT, _PAYOUT_DATES),
        "commerce_transactions": (Kind.COMMERCE_TRANSACTION, _TYPED, _TRANSACTION_DATES),
        "commerce_payouts": (Kind.COMMERCE_PAYOUT, _OF_ACCOUNT, _PAYOUT_DATES),
        "commerce_balances": (Kind.COMMERCE_BALANCE, _OF_ACCOUNT, _BALANCE_DATES),
    }
    handlers: dict[str, Handler] = {}
    for resource, (kind, filters, dates) in lists.items():
        listing = Listing(kind, filters, of_account=True, window=dates)
        handlers |= _synced(backend, resource, listing)
    return handlers


def _synced(backend: Backend, resource: str, listing: Listing) -> dict[str, Handler]:
    """The five operations of what is collected from a platform over time."""
    return {
        f"{resource}.get": get_one(backend, listing.kind),
        f"{resource}.list": list_page(backend, listing),
        f"{resource}.refresh": refresh(backend, listing.kind),
        f"{resource}.fetch_historic": fetch_historic(backend, listing.kind),
        f"{resource}.search": search(backend, listing.kind),
    }


def _webhooks(backend: Backend) -> dict[str, Handler]:
    webhooks = Listing(Kind.WEBHOOK, bare_metadata=True)
    return {
        "webhooks.get": get_one(backend, Kind.WEBHOOK),
        "webhooks.update": update_webhook(backend),
        "webhooks.delete": delete_webhook(backend),
        "webhooks.list": list_page(backend, webhooks),
        "webhooks.create": create_webhook(backend),
        "webhooks.send": send_notification(backend),
    }
