"""Commerce income (evidence.md#income), attached to one Facebook account: an ASSUMPTION.

The platforms that give commerce data (Shopify, Etsy, Stripe, Gumroad, Facebook Commerce) are not
among those that staging lists, and no source knows their ids, which must not be made up (evidence.md#platform-catalogue). So that the commerce operations have something to answer, this world lets the Facebook account
of its shop keeper carry them: Facebook Commerce belongs to Facebook, its product flags include
income, and its transactions and payouts are in the public table (evidence.md#platform-fields). Balances are not in
that table for Facebook Commerce; they are here because otherwise five operations could only answer
with nothing. Bank details stay null: the table has them for Shopify and Stripe alone.
"""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind, format_timestamp

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from .channels import Channel
    from .timeline import Syncs

__all__ = ["make_balances", "make_commerce_payouts", "make_commerce_transactions"]

_TRANSACTIONS: typing.Final = 60
_PAYOUT_WEEKS: typing.Final = 16
_BALANCE_DAYS: typing.Final = 60

_DAY: typing.Final = dt.timedelta(days=1)

# Type, states it may have, share.
_TYPES: typing.Final = (
    ("SALE", ("SUCCESS", "SUCCESS", "SUCCESS", "PENDING", "FAILURE"), 12),
    ("REFUND", ("SUCCESS", "PENDING"), 2),
    ("CANCELLED", ("SUCCESS",), 1),
    ("VOID", ("OTHER",), 1),
    ("OTHER", ("SUCCESS",), 1),
)
_TYPE_SHARES: typing.Final = [row[-1] for row in _TYPES]


def make_commerce_transactions(channel: Channel) -> Iterator[dict[str, typing.Any]]:
    """Make sales and what became of them, as far back as there is data."""
    syncs = _syncs(channel)
    if syncs is None:
        return
    synced_at = syncs.engagement_at
    stream = channel.stream.child("commerce transactions")
    days = (synced_at.date() - syncs.available_from).days
    for number in range(_TRANSACTIONS):
        kind, states, _share = stream.choices(_TYPES, _TYPE_SHARES)[0]
        made_at = (synced_at - _DAY * stream.between(0.1, days - 1)).replace(microsecond=0)
        yield {
            "id": channel.ids.of(Kind.COMMERCE_TRANSACTION, number),
            **_head(channel, made_at),
            "amount": round(38.0 * stream.spread(0.6), 2),
            "currency": channel.creator.language.currency,
            "type": kind,
            "status": stream.choice(states),
            "external_id": stream.digits(15),
            "transaction_at": format_timestamp(made_at),
            **_tail(channel),
        }


def make_commerce_payouts(channel: Channel) -> Iterator[dict[str, typing.Any]]:
    """Make weekly payouts: one to come, one under way, the others paid."""
    syncs = _syncs(channel)
    if syncs is None:
        return
    synced_at = syncs.engagement_at
    stream = channel.stream.child("commerce payouts")
    for week in range(_PAYOUT_WEEKS):
        paid_at = _midnight(synced_at + _DAY * (2 - 7 * week))
        yield {
            "id": channel.ids.of(Kind.COMMERCE_PAYOUT, week),
            **_head(channel, min(paid_at, synced_at)),
            "amount": round(260.0 * stream.spread(0.4), 2),
            "currency": channel.creator.language.currency,
            "status": {0: "SCHEDULED", 1: "IN_TRANSIT"}.get(week, "PAID"),
            "payout_interval": "AUTOMATIC_WEEKLY",
            "bank_details": None,
            "external_id": stream.digits(15),
            "payout_at": format_timestamp(paid_at),
            **_tail(channel),
        }


def make_balances(channel: Channel) -> Iterator[dict[str, typing.Any]]:
    """Make one balance per day, at midnight; on some days in two currencies."""
    syncs = _syncs(channel)
    if syncs is None:
        return
    synced_at = syncs.engagement_at
    stream = channel.stream.child("commerce balances")
    for days in range(_BALANCE_DAYS):
        balance_at = _midnight(synced_at - _DAY * days)
        amounts = [(channel.creator.language.currency, 420.0)]
        if stream.chance(0.2):
            amounts.append(("USD", 25.0))
        yield {
            "id": channel.ids.of(Kind.COMMERCE_BALANCE, days),
            **_head(channel, balance_at),
            "balance": [
                {"amount": round(typical * stream.spread(0.3), 2), "currency": currency}
                for currency, typical in amounts
            ],
            "balance_at": format_timestamp(balance_at),
            **_tail(channel),
        }


def _syncs(channel: Channel) -> Syncs | None:
    return channel.timeline.syncs if channel.role.commerce else None


def _head(channel: Channel, since: dt.datetime) -> dict[str, typing.Any]:
    seen_at = format_timestamp(max(since, channel.timeline.created_at))
    return {
        "created_at": seen_at,
        "updated_at": seen_at,
        **channel.references,
    }


def _tail(channel: Channel) -> dict[str, str]:
    return {
        "platform_profile_id": channel.profile_id,
        "platform_profile_name": channel.profile_name,
    }


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
