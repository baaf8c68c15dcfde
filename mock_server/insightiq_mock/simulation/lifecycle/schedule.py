"""When syncs happen (evidence.md#sync-cadence, #events-of-a-new-connection): soon after a connection, then at the same minute every day."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.world.platforms import PlatformName

from .products import PRODUCTS, block_of

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.world.stream import Stream

    from .products import Product

__all__ = ["first_syncs", "is_poll", "next_sync_at", "session_end", "soon"]

_DAY: typing.Final = dt.timedelta(days=1)
_STORY_POLL: typing.Final = dt.timedelta(hours=3)

_POLLED_FOR_STORIES: typing.Final = (
    PlatformName.INSTAGRAM.value,
    PlatformName.INSTAGRAM_DIRECT.value,
)

# Tokens that cannot be prolonged (evidence.md#platform-token-life). Instagram's are said to end alike, but on the wire
# all expired accounts were Facebook's, and Instagram's had lived for months.
_WITH_SESSIONS: typing.Final = (PlatformName.FACEBOOK.value,)


def first_syncs(
    account: Mapping[str, typing.Any], stream: Stream, at: dt.datetime
) -> Iterator[tuple[Product, dt.datetime, dt.datetime]]:
    """Give each product of an account the moments at which its first sync begins and ends.

    One after another, in the order of evidence.md#events-of-a-new-connection; all within about a minute (evidence.md#sync-cadence).
    """
    begin_at = at + _seconds(stream, 0.3, 0.9)
    for product in PRODUCTS:
        block = block_of(account, product)
        if block is None or block["status"] == "NOT_SUPPORTED":
            continue
        end_at = begin_at + _seconds(stream, *product.first_sync)
        yield product, begin_at, end_at
        begin_at = end_at


def next_sync_at(
    account: Mapping[str, typing.Any], connected_at: dt.datetime, after: dt.datetime
) -> dt.datetime:
    """Return when an account's next scheduled sync is due: always at the minute of its connection."""
    step = _step(account)
    return connected_at + ((after - connected_at) // step + 1) * step


def is_poll(
    account: Mapping[str, typing.Any], connected_at: dt.datetime, due_at: dt.datetime
) -> bool:
    """Tell whether a scheduled sync is one of those between two days that look for stories."""
    return _step(account) != _DAY and (due_at - connected_at) % _DAY != dt.timedelta()


def session_end(
    account: Mapping[str, typing.Any], connected_at: dt.datetime, days: int
) -> dt.datetime | None:
    """Return when the platform's session of an account ends; None if it is always prolonged."""
    if account["work_platform"]["name"] not in _WITH_SESSIONS:
        return None
    return connected_at + days * _DAY


def soon(stream: Stream, at: dt.datetime) -> dt.datetime:
    """Return when a sync that was asked for ends: a few seconds later."""
    return at + _seconds(stream, 2.0, 6.0)


def _step(account: Mapping[str, typing.Any]) -> dt.timedelta:
    return _STORY_POLL if account["work_platform"]["name"] in _POLLED_FOR_STORIES else _DAY


def _seconds(stream: Stream, low: float, high: float) -> dt.timedelta:
    return dt.timedelta(seconds=stream.between(low, high))
