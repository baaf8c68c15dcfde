"""Commerce income (evidence.md#income), attached to one Facebook account: an ASSUMPTION.

The platforms that give commerce data (Shopify, Etsy, Stripe, Gumroad, Facebook Commerce) are not among
those that staging lists, and no source knows their ids, which must not be made up
(evidence.md#platform-catalogue). So that the commerce operations return data, the Facebook account of the
small world's shop carries it: Facebook Commerce belongs to Facebook, its product flags include income,
and its transactions and payouts are in the public table (evidence.md#platform-fields). Balances are not in
that table for Facebook Commerce; without them five operations would only return empty lists. Bank details
stay null: the table has them for Shopify and Stripe alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import typing

from insightiq_mock.db import Column, format_timestamp

from .resource import Resource
from .seed_accounts import parsed_moment
from .social_income import midnight, payout_status, settle_payouts, up_to_window

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount, SyncTimes

__all__ = ["COMMERCE_BALANCES", "COMMERCE_PAYOUTS", "COMMERCE_TRANSACTIONS"]

_WEEK: typing.Final = dt.timedelta(days=7)
_MOST_SALES_PER_DAY: typing.Final = 3

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


def _make_transactions(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make sales, refunds and cancellations, as far back as there is data."""
    syncs = _syncs(account)
    if syncs is None:
        return
    synced_at = syncs.engagement_at
    stream = account.stream.child("commerce transactions")
    days = (synced_at.date() - syncs.available_from).days
    for number in range(_TRANSACTIONS):
        kind, states, _share = stream.choices(_TYPES, _TYPE_SHARES)[0]
        made_at = (synced_at - _DAY * stream.between(0.1, days - 1)).replace(microsecond=0)
        yield {
            "id": account.ids.of(COMMERCE_TRANSACTIONS, number),
            **account.seen_since(made_at),
            "amount": round(38.0 * stream.spread(0.6), 2),
            "currency": account.creator.language.currency,
            "type": kind,
            "status": stream.choice(states),
            "external_id": stream.digits(15),
            "transaction_at": format_timestamp(made_at),
            **account.profile_fields,
        }


def _make_payouts(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make weekly payouts: one to come, one under way, the others paid."""
    syncs = _syncs(account)
    if syncs is None:
        return
    synced_at = syncs.engagement_at
    stream = account.stream.child("commerce payouts")
    for week in range(_PAYOUT_WEEKS):
        paid_at = midnight(synced_at + _DAY * (2 - 7 * week))
        yield {
            "id": account.ids.of(COMMERCE_PAYOUTS, week),
            **account.seen_since(min(paid_at, synced_at)),
            "amount": round(260.0 * stream.spread(0.4), 2),
            "currency": account.creator.language.currency,
            "status": {0: "SCHEDULED", 1: "IN_TRANSIT"}.get(week, "PAID"),
            "payout_interval": "AUTOMATIC_WEEKLY",
            "bank_details": None,
            "external_id": stream.digits(15),
            "payout_at": format_timestamp(paid_at),
            **account.profile_fields,
        }


def _make_balances(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make one balance per day, at midnight; on some days in two currencies."""
    syncs = _syncs(account)
    if syncs is None:
        return
    synced_at = syncs.engagement_at
    stream = account.stream.child("commerce balances")
    for days in range(_BALANCE_DAYS):
        balance_at = midnight(synced_at - _DAY * days)
        amounts = [(account.creator.language.currency, 420.0)]
        if stream.chance(0.2):
            amounts.append(("USD", 25.0))
        yield {
            "id": account.ids.of(COMMERCE_BALANCES, days),
            **account.seen_since(balance_at),
            "balance": [
                {"amount": round(typical * stream.spread(0.3), 2), "currency": currency}
                for currency, typical in amounts
            ],
            "balance_at": format_timestamp(balance_at),
            **account.profile_fields,
        }


def _syncs(account: SeedAccount) -> SyncTimes | None:
    return account.timeline.syncs if account.spec.commerce else None


def _sync_transactions(context: SyncContext) -> None:
    """Find sales, refunds and cancellations."""
    if not _sells(context):
        return
    made: Iterable[Json] = _make_transactions(_selling(context.seed_account), {})
    if not (context.is_first or context.is_historic):
        days = max((context.until - context.since) / _DAY, 0.0)
        number = int(
            days * context.stream.between(0.0, _MOST_SALES_PER_DAY) + context.stream.random()
        )
        made = [_within(context, each) for each in itertools.islice(made, number)]
    new = up_to_window(context, made, "transaction_at")
    context.add_and_emit(COMMERCE_TRANSACTIONS, "TRANSACTIONS.ADDED", new)


def _sync_payouts(context: SyncContext) -> None:
    """Let the weekly payouts go on: one to come, one under way, the others paid."""
    if not _sells(context) or context.is_historic:
        return
    stored = context.stored(COMMERCE_PAYOUTS)
    new: list[Json] = []
    if stored:
        payout_at = parsed_moment(stored[0]["payout_at"])
        made = _make_payouts(_selling(context.seed_account), {})
        while payout_at <= context.at and (payout := next(made, None)):
            payout_at += _WEEK
            moment = format_timestamp(payout_at)
            new.append(
                payout | {"payout_at": moment, "status": payout_status(context, payout_at, _WEEK)}
            )
    context.add_and_emit(COMMERCE_PAYOUTS, "PAYOUTS.ADDED", new)
    settle_payouts(context, COMMERCE_PAYOUTS, stored, in_transit=_WEEK)


def _sync_balances(context: SyncContext) -> None:
    """Find the balance of each day, at midnight."""
    if not _sells(context):
        return
    since, until = format_timestamp(context.since), format_timestamp(context.until)
    every = _make_balances(_selling(context.seed_account), {})
    made = [each for each in every if since < each["balance_at"] <= until]
    known = {each["balance_at"] for each in context.stored(COMMERCE_BALANCES)}
    new = [each for each in made if each["balance_at"] not in known]
    context.add_and_emit(COMMERCE_BALANCES, "BALANCES.ADDED", new)


def _within(context: SyncContext, transaction: Json) -> Json:
    made_at = context.since + (context.until - context.since) * context.stream.random()
    return transaction | {"transaction_at": format_timestamp(made_at.replace(microsecond=0))}


def _selling(account: SeedAccount) -> SeedAccount:
    return dataclasses.replace(account, spec=dataclasses.replace(account.spec, commerce=True))


def _sells(context: SyncContext) -> bool:
    """Return whether the account carries commerce data; only a seeded one does."""
    return bool(context.stored(COMMERCE_BALANCES, most=1))


COMMERCE_TRANSACTIONS: typing.Final = Resource(
    "commerce_transaction",
    order="transaction_at",
    columns={Column.ACCOUNT_ID: "account.id", Column.TYPE: "type"},
    filters={"account_id": Column.ACCOUNT_ID, "type": Column.TYPE},
    of_account=True,
    window=("transaction_from_date", "transaction_to_date"),
    product="income",
    sync=_sync_transactions,
    seed=_make_transactions,
    seed_number=6,
)

COMMERCE_PAYOUTS: typing.Final = Resource(
    "commerce_payout",
    order="payout_at",
    columns={Column.ACCOUNT_ID: "account.id"},
    filters={"account_id": Column.ACCOUNT_ID},
    of_account=True,
    window=("payout_from_date", "payout_to_date"),
    product="income",
    sync=_sync_payouts,
    seed=_make_payouts,
    seed_number=7,
)

COMMERCE_BALANCES: typing.Final = Resource(
    "commerce_balance",
    order="balance_at",
    columns={Column.ACCOUNT_ID: "account.id"},
    filters={"account_id": Column.ACCOUNT_ID},
    of_account=True,
    window=("balance_from_date", "balance_to_date"),
    product="income",
    sync=_sync_balances,
    seed=_make_balances,
    seed_number=8,
)
