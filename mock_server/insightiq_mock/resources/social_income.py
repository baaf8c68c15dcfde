"""Social income (evidence.md#income, #platform-fields): transactions on YouTube and Facebook, payouts on AdSense."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from insightiq_mock.db import Column, format_timestamp

from .platforms import PlatformName
from .resource import Resource
from .seed_accounts import parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from insightiq_mock.simulation import RandomStream

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount, SyncTimes

__all__ = [
    "SOCIAL_PAYOUTS",
    "SOCIAL_TRANSACTIONS",
    "midnight",
    "payout_status",
    "settle_payouts",
    "up_to_window",
]

_LONGEST_MONTH: typing.Final = dt.timedelta(days=31)

_MOST_MONTHS: typing.Final = 12
"""A refresh of income looks back one year (evidence.md#operations)."""

_DAILY_ADS: typing.Final = 120
_DAY: typing.Final = dt.timedelta(days=1)
_MONTH: typing.Final = dt.timedelta(days=30)

_PAYOUT_DAY: typing.Final = 21


def _make_transactions(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make what the platform credited: advertising with its CPM, memberships, extras."""
    syncs = account.timeline.syncs
    if syncs is None:
        return
    stream = account.stream.child("social transactions")
    for number, (transaction_type, day, typical_amount) in enumerate(_credits(account, syncs)):
        yield {
            "id": account.ids.of(SOCIAL_TRANSACTIONS, number),
            **_transaction(stream, account, transaction_type, day, typical_amount),
        }


def _make_payouts(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make AdSense's monthly payouts; the newest is still to come."""
    syncs = account.timeline.syncs
    if syncs is None or account.platform.name is not PlatformName.ADSENSE:
        return
    stream = account.stream.child("social payouts")
    synced_on = syncs.engagement_at.date()
    for number, back in enumerate(range(-1, _MOST_MONTHS)):
        years, month = divmod(synced_on.year * 12 + synced_on.month - 1 - back, 12)
        payout_at = dt.datetime(years, month + 1, _PAYOUT_DAY, tzinfo=dt.UTC)
        if payout_at.date() < syncs.available_from:
            break
        yield {
            "id": account.ids.of(SOCIAL_PAYOUTS, number),
            **account.seen_since(min(payout_at, syncs.engagement_at)),
            "amount": round(900.0 * stream.spread(0.5), 2),
            "currency": account.creator.language.currency,
            "status": "PAID" if payout_at <= syncs.engagement_at else "SCHEDULED",
            # Neither the rhythm nor the bank is given for AdSense (evidence.md#platform-fields).
            "payout_interval": None,
            "bank_details": None,
            "external_id": stream.digits(20),
            "payout_at": format_timestamp(payout_at),
            **account.profile_fields,
        }


def _credits(account: SeedAccount, syncs: SyncTimes) -> Iterator[tuple[str, dt.date, float]]:
    """Yield type, day and usual amount of everything that was credited."""
    followers = account.followers
    if account.platform.name is PlatformName.YOUTUBE:
        for day in _days(syncs, _DAY, _DAILY_ADS):
            yield "AD", day, followers * 0.02
        for day in _days(syncs, _MONTH, _MOST_MONTHS):
            yield "SUBSCRIPTION", day, followers * 0.1
            yield "ADDITIONAL", day, 40.0
    elif account.platform.name is PlatformName.FACEBOOK:
        for day in _days(syncs, _MONTH, _MOST_MONTHS):
            yield "AD", day, followers * 0.3


def _days(syncs: SyncTimes, step: dt.timedelta, most: int) -> Iterator[dt.date]:
    """Yield days before the last sync, newest first, as far back as there is data."""
    for number in range(1, most + 1):
        day = (syncs.engagement_at - number * step).date()
        if day >= syncs.available_from:
            yield day


def _transaction(
    stream: RandomStream,
    account: SeedAccount,
    transaction_type: str,
    day: dt.date,
    typical_amount: float,
) -> Json:
    made_at = dt.datetime.combine(day, dt.time(), dt.UTC)
    is_advertising = transaction_type == "AD"
    return {
        **account.seen_since(made_at + _DAY),
        "amount": round(typical_amount * stream.spread(0.4), 2),
        "type": transaction_type,
        "cpm": round(stream.between(1.2, 9.5), 2) if is_advertising else None,
        "currency": account.creator.language.currency,
        # Airbyte's rows had none (evidence.md#income): daily advertising is a sum, not a booking.
        "external_id": None if is_advertising else stream.digits(18),
        "transaction_at": format_timestamp(made_at),
        **account.profile_fields,
    }


def _sync_transactions(context: SyncContext) -> None:
    """Find what the platform credited: by day for YouTube's advertising, else by month."""
    account = context.seed_account
    if context.is_first or context.is_historic:
        made = [*_make_transactions(account, {})]
    else:
        made = [*_new_credits(context)]
    new = up_to_window(context, made, "transaction_at")
    context.add_and_emit(SOCIAL_TRANSACTIONS, "TRANSACTIONS.ADDED", new)


def _sync_payouts(context: SyncContext) -> None:
    """Find monthly payouts that have come into sight, and those that are paid now."""
    if context.seed_account.platform.name is not PlatformName.ADSENSE:
        return
    stored = context.stored(SOCIAL_PAYOUTS)
    known = {payout["payout_at"] for payout in stored}
    wide = _looking_back(context.seed_account, 2 * _LONGEST_MONTH)
    account = context.seed_account if context.is_first or context.is_historic else wide
    made = _make_payouts(account, {})
    new = [payout for payout in made if payout["payout_at"] not in known]
    if stored and not context.is_historic:
        newest = max(known)
        new = [payout for payout in new if payout["payout_at"] > newest]
    if context.is_historic:
        new = [payout | {"status": "PAID"} for payout in up_to_window(context, new, "payout_at")]
    context.add_and_emit(SOCIAL_PAYOUTS, "PAYOUTS.ADDED", new)
    settle_payouts(context, SOCIAL_PAYOUTS, stored, in_transit=dt.timedelta())


def _new_credits(context: SyncContext) -> Iterable[Json]:
    """Yield what was credited on the days since the last sync, and for a month that has ended since."""
    first_day = format_timestamp(midnight(context.since))
    month = midnight(context.at).replace(day=1)
    has_month_ended = context.since < month
    seen: set[str] = set()
    for made in _make_transactions(_looking_back(context.seed_account, _LONGEST_MONTH), {}):
        is_daily = (
            context.seed_account.platform.name is PlatformName.YOUTUBE and made["type"] == "AD"
        )
        if is_daily:
            if made["transaction_at"] >= first_day:
                yield made
        elif has_month_ended and made["type"] not in seen:
            seen.add(made["type"])
            yield made | {"transaction_at": format_timestamp(month)}


def settle_payouts(
    context: SyncContext,
    resource: Resource,
    stored: list[Json],
    *,
    in_transit: dt.timedelta,
) -> None:
    """Update payouts whose day has come."""
    changed: list[str] = []
    for payout in stored:
        status = payout_status(context, parsed_moment(payout["payout_at"]), in_transit)
        if payout["status"] in {"SCHEDULED", "IN_TRANSIT"} and payout["status"] != status:
            payout |= {"status": status, "updated_at": format_timestamp(context.at)}
            context.replace(resource, payout)
            changed.append(payout["id"])
    context.emit_items("PAYOUTS.UPDATED", changed)


def payout_status(context: SyncContext, payout_at: dt.datetime, in_transit: dt.timedelta) -> str:
    """Return the status of a payout at the moment of a sync."""
    if payout_at > context.at:
        return "SCHEDULED"
    return "PAID" if context.at >= payout_at + in_transit else "IN_TRANSIT"


def up_to_window(context: SyncContext, resources: Iterable[Json], key: str) -> list[Json]:
    """Leave out resources behind the window: they are known already, or still to come."""
    until = format_timestamp(context.until)
    return [each for each in resources if each[key] <= until]


def _looking_back(account: SeedAccount, span: dt.timedelta) -> SeedAccount:
    syncs = account.timeline.syncs
    if syncs is None:
        return account
    since = (syncs.engagement_at - span).date()
    syncs = dataclasses.replace(syncs, available_from=min(since, syncs.available_from))
    return dataclasses.replace(account, timeline=dataclasses.replace(account.timeline, syncs=syncs))


def midnight(moment: dt.datetime) -> dt.datetime:
    """Return the beginning of a day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


SOCIAL_TRANSACTIONS: typing.Final = Resource(
    "social_transaction",
    order="transaction_at",
    columns={Column.ACCOUNT_ID: "account.id", Column.TYPE: "type"},
    filters={"account_id": Column.ACCOUNT_ID, "type": Column.TYPE},
    of_account=True,
    window=("transaction_from_date", "transaction_to_date"),
    product="income",
    sync=_sync_transactions,
    seed=_make_transactions,
    seed_number=4,
)

# The list's `type` has no known values: accepted, without effect.
SOCIAL_PAYOUTS: typing.Final = Resource(
    "social_payout",
    order="payout_at",
    columns={Column.ACCOUNT_ID: "account.id"},
    filters={"account_id": Column.ACCOUNT_ID},
    of_account=True,
    window=("payout_from_date", "payout_to_date"),
    product="income",
    sync=_sync_payouts,
    seed=_make_payouts,
    seed_number=5,
)
