"""What a sync of the income brings: transactions, payouts, balances (evidence.md#income, #platform-fields)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import typing

from insightiq_mock.db import Kind, format_timestamp
from insightiq_mock.world.commerce import (
    make_balances,
    make_commerce_payouts,
    make_commerce_transactions,
)
from insightiq_mock.world.income import make_social_payouts, make_social_transactions
from insightiq_mock.world.platforms import PlatformName

from .visit import parsed_moment

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

    from insightiq_mock.world.channels import Channel

    from .visit import Visit

__all__ = [
    "collect_balances",
    "collect_commerce_payouts",
    "collect_commerce_transactions",
    "collect_social_payouts",
    "collect_social_transactions",
]

_DAY: typing.Final = dt.timedelta(days=1)
_WEEK: typing.Final = 7 * _DAY
_LONGEST_MONTH: typing.Final = 31 * _DAY

_MOST_SALES_PER_DAY: typing.Final = 3


def collect_social_transactions(visit: Visit) -> None:
    """Find what the platform credited: by day for a channel's advertising, else by month."""
    channel = visit.channel
    if visit.is_first or visit.is_historic:
        made = [*make_social_transactions(channel)]
    else:
        made = [*_new_credits(visit)]
    _add(
        visit, Kind.SOCIAL_TRANSACTION, "TRANSACTIONS.ADDED", _until(visit, made, "transaction_at")
    )


def collect_social_payouts(visit: Visit) -> None:
    """Find monthly payouts that have come into sight, and those that are paid now."""
    if visit.channel.platform.name is not PlatformName.ADSENSE:
        return
    stored = visit.stored(Kind.SOCIAL_PAYOUT)
    known = {payout["payout_at"] for payout in stored}
    wide = _looking_back(visit.channel, 2 * _LONGEST_MONTH)
    made = make_social_payouts(visit.channel if visit.is_first or visit.is_historic else wide)
    new = [payout for payout in made if payout["payout_at"] not in known]
    if stored and not visit.is_historic:
        newest = max(known)
        new = [payout for payout in new if payout["payout_at"] > newest]
    if visit.is_historic:
        new = [payout | {"status": "PAID"} for payout in _until(visit, new, "payout_at")]
    _add(visit, Kind.SOCIAL_PAYOUT, "PAYOUTS.ADDED", new)
    _settle(visit, Kind.SOCIAL_PAYOUT, stored, in_transit=dt.timedelta())


def collect_commerce_transactions(visit: Visit) -> None:
    """Find sales and what became of them."""
    if not visit.sells:
        return
    made: Iterable[dict[str, typing.Any]] = make_commerce_transactions(_selling(visit.channel))
    if not (visit.is_first or visit.is_historic):
        days = max((visit.until - visit.since) / _DAY, 0.0)
        number = int(days * visit.stream.between(0.0, _MOST_SALES_PER_DAY) + visit.stream.random())
        made = [_within(visit, each) for each in itertools.islice(made, number)]
    _add(
        visit,
        Kind.COMMERCE_TRANSACTION,
        "TRANSACTIONS.ADDED",
        _until(visit, made, "transaction_at"),
    )


def collect_commerce_payouts(visit: Visit) -> None:
    """Let the weekly payouts go on: one to come, one under way, the others paid."""
    if not visit.sells or visit.is_historic:
        return
    stored = visit.stored(Kind.COMMERCE_PAYOUT)
    new: list[dict[str, typing.Any]] = []
    if stored:
        payout_at = parsed_moment(stored[0]["payout_at"])
        made = make_commerce_payouts(_selling(visit.channel))
        while payout_at <= visit.at and (payout := next(made, None)):
            payout_at += _WEEK
            moment = format_timestamp(payout_at)
            new.append(payout | {"payout_at": moment, "status": _state(visit, payout_at, _WEEK)})
    _add(visit, Kind.COMMERCE_PAYOUT, "PAYOUTS.ADDED", new)
    _settle(visit, Kind.COMMERCE_PAYOUT, stored, in_transit=_WEEK)


def collect_balances(visit: Visit) -> None:
    """Find the balance of each day, at midnight."""
    if not visit.sells:
        return
    since, until = format_timestamp(visit.since), format_timestamp(visit.until)
    every = make_balances(_selling(visit.channel))
    made = [each for each in every if since < each["balance_at"] <= until]
    known = {each["balance_at"] for each in visit.stored(Kind.COMMERCE_BALANCE)}
    new = [each for each in made if each["balance_at"] not in known]
    _add(visit, Kind.COMMERCE_BALANCE, "BALANCES.ADDED", new)


def _new_credits(visit: Visit) -> Iterable[dict[str, typing.Any]]:
    """What was credited on the days since the last visit, and for a month that has ended since."""
    first_day = format_timestamp(_midnight(visit.since))
    month = _midnight(visit.at).replace(day=1)
    has_month_ended = visit.since < month
    seen: set[str] = set()
    for made in make_social_transactions(_looking_back(visit.channel, _LONGEST_MONTH)):
        is_daily = visit.channel.platform.name is PlatformName.YOUTUBE and made["type"] == "AD"
        if is_daily:
            if made["transaction_at"] >= first_day:
                yield made
        elif has_month_ended and made["type"] not in seen:
            seen.add(made["type"])
            yield made | {"transaction_at": format_timestamp(month)}


def _settle(
    visit: Visit, kind: Kind, stored: list[dict[str, typing.Any]], *, in_transit: dt.timedelta
) -> None:
    """Move payouts on whose day has come."""
    changed: list[str] = []
    for payout in stored:
        status = _state(visit, parsed_moment(payout["payout_at"]), in_transit)
        if payout["status"] in {"SCHEDULED", "IN_TRANSIT"} and payout["status"] != status:
            payout |= {"status": status, "updated_at": format_timestamp(visit.at)}
            visit.replace(kind, payout)
            changed.append(payout["id"])
    visit.tell_items("PAYOUTS.UPDATED", changed)


def _state(visit: Visit, payout_at: dt.datetime, in_transit: dt.timedelta) -> str:
    if payout_at > visit.at:
        return "SCHEDULED"
    return "PAID" if visit.at >= payout_at + in_transit else "IN_TRANSIT"


def _add(visit: Visit, kind: Kind, event: str, resources: Iterable[dict[str, typing.Any]]) -> None:
    visit.tell_items(event, visit.add(kind, [visit.seen(each) for each in resources]))


def _until(
    visit: Visit, resources: Iterable[dict[str, typing.Any]], key: str
) -> list[dict[str, typing.Any]]:
    """Leave out what lies behind the window: it is known already, or still to come."""
    until = format_timestamp(visit.until)
    return [each for each in resources if each[key] <= until]


def _within(visit: Visit, transaction: dict[str, typing.Any]) -> dict[str, typing.Any]:
    made_at = visit.since + (visit.until - visit.since) * visit.stream.random()
    return transaction | {"transaction_at": format_timestamp(made_at.replace(microsecond=0))}


def _looking_back(channel: Channel, span: dt.timedelta) -> Channel:
    syncs = channel.timeline.syncs
    if syncs is None:
        return channel
    since = (syncs.engagement_at - span).date()
    syncs = dataclasses.replace(syncs, available_from=min(since, syncs.available_from))
    return dataclasses.replace(channel, timeline=dataclasses.replace(channel.timeline, syncs=syncs))


def _selling(channel: Channel) -> Channel:
    return dataclasses.replace(channel, role=dataclasses.replace(channel.role, commerce=True))


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
