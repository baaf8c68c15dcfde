"""Social income (evidence.md#income, #platform-fields): transactions on YouTube and Facebook, payouts on AdSense."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind, format_timestamp

from .platforms import PlatformName

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from .channels import Channel
    from .stream import Stream
    from .timeline import Syncs

__all__ = ["make_social_payouts", "make_social_transactions"]

_MOST_MONTHS: typing.Final = 12
"""A refresh of income looks back one year (evidence.md#operations)."""

_DAILY_ADS: typing.Final = 120
_DAY: typing.Final = dt.timedelta(days=1)
_MONTH: typing.Final = dt.timedelta(days=30)

_PAYOUT_DAY: typing.Final = 21


def make_social_transactions(channel: Channel) -> Iterator[dict[str, typing.Any]]:
    """Make what the platform credited: advertising with its CPM, memberships, extras."""
    syncs = channel.timeline.syncs
    if syncs is None:
        return
    stream = channel.stream.child("social transactions")
    for number, (transaction_type, day, typical_amount) in enumerate(_credits(channel, syncs)):
        yield {
            "id": channel.ids.of(Kind.SOCIAL_TRANSACTION, number),
            **_transaction(stream, channel, transaction_type, day, typical_amount),
        }


def make_social_payouts(channel: Channel) -> Iterator[dict[str, typing.Any]]:
    """Make AdSense's monthly payouts; the newest is still to come."""
    syncs = channel.timeline.syncs
    if syncs is None or channel.platform.name is not PlatformName.ADSENSE:
        return
    stream = channel.stream.child("social payouts")
    synced_on = syncs.engagement_at.date()
    for number, back in enumerate(range(-1, _MOST_MONTHS)):
        years, month = divmod(synced_on.year * 12 + synced_on.month - 1 - back, 12)
        payout_at = dt.datetime(years, month + 1, _PAYOUT_DAY, tzinfo=dt.UTC)
        if payout_at.date() < syncs.available_from:
            break
        yield {
            "id": channel.ids.of(Kind.SOCIAL_PAYOUT, number),
            **_seen(channel, min(payout_at, syncs.engagement_at)),
            **channel.references,
            "amount": round(900.0 * stream.spread(0.5), 2),
            "currency": channel.creator.language.currency,
            "status": "PAID" if payout_at <= syncs.engagement_at else "SCHEDULED",
            # Neither the rhythm nor the bank is told for AdSense (evidence.md#platform-fields).
            "payout_interval": None,
            "bank_details": None,
            "external_id": stream.digits(20),
            "payout_at": format_timestamp(payout_at),
            "platform_profile_id": channel.profile_id,
            "platform_profile_name": channel.profile_name,
        }


def _credits(channel: Channel, syncs: Syncs) -> Iterator[tuple[str, dt.date, float]]:
    """Type, day and usual amount of everything that was credited."""
    followers = channel.followers
    if channel.platform.name is PlatformName.YOUTUBE:
        for day in _days(syncs, _DAY, _DAILY_ADS):
            yield "AD", day, followers * 0.02
        for day in _days(syncs, _MONTH, _MOST_MONTHS):
            yield "SUBSCRIPTION", day, followers * 0.1
            yield "ADDITIONAL", day, 40.0
    elif channel.platform.name is PlatformName.FACEBOOK:
        for day in _days(syncs, _MONTH, _MOST_MONTHS):
            yield "AD", day, followers * 0.3


def _days(syncs: Syncs, step: dt.timedelta, most: int) -> Iterator[dt.date]:
    """Days before the last sync, newest first, as far back as there is data."""
    for number in range(1, most + 1):
        day = (syncs.engagement_at - number * step).date()
        if day >= syncs.available_from:
            yield day


def _transaction(
    stream: Stream, channel: Channel, transaction_type: str, day: dt.date, typical_amount: float
) -> dict[str, typing.Any]:
    made_at = dt.datetime.combine(day, dt.time(), dt.UTC)
    is_advertising = transaction_type == "AD"
    return {
        **_seen(channel, made_at + _DAY),
        **channel.references,
        "amount": round(typical_amount * stream.spread(0.4), 2),
        "type": transaction_type,
        "cpm": round(stream.between(1.2, 9.5), 2) if is_advertising else None,
        "currency": channel.creator.language.currency,
        # Airbyte's rows had none (evidence.md#income): daily advertising is a sum, not a booking.
        "external_id": None if is_advertising else stream.digits(18),
        "transaction_at": format_timestamp(made_at),
        "platform_profile_id": channel.profile_id,
        "platform_profile_name": channel.profile_name,
    }


def _seen(channel: Channel, since: dt.datetime) -> dict[str, str]:
    """When a sync first saw what has been there since: not before the account was connected."""
    seen_at = format_timestamp(max(since, channel.timeline.created_at))
    return {"created_at": seen_at, "updated_at": seen_at}
