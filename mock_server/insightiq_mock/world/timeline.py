"""When things happened to an account (evidence.md#sync-cadence)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from .cast import Status
from .platforms import PlatformName

if typing.TYPE_CHECKING:
    from .cast import AccountRole
    from .stream import Stream

__all__ = ["Syncs", "Timeline", "make_timeline"]

_DAY: typing.Final = dt.timedelta(days=1)
_WINDOW: typing.Final = dt.timedelta(days=90)
_STORY_POLL: typing.Final = dt.timedelta(hours=3)

_POLLED_FOR_STORIES: typing.Final = (PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT)

# Platforms whose profile is there within seconds; on the others the first sync takes minutes
# (evidence.md#profile).
_QUICK: typing.Final = (PlatformName.YOUTUBE, PlatformName.X, PlatformName.TWITCH)


@dataclasses.dataclass(frozen=True, slots=True)
class Syncs:
    """What the syncs of an account have reached.

    Attributes:
        first_at: When the profile appeared.
        identity_at: Last sync of the profile.
        engagement_at: Last sync of everything else.
        refresh_since: First day that a sync looks at again.
        available_from: First day of which there is data.
    """

    first_at: dt.datetime
    identity_at: dt.datetime
    engagement_at: dt.datetime
    refresh_since: dt.date
    available_from: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class Timeline:
    """Moments in the life of an account.

    Attributes:
        created_at: First connection.
        updated_at: Last change of the connection's state: connect, reconnect, disconnect, expiry.
        syncs: None where the account was connected a moment ago and nothing is synced yet.
    """

    created_at: dt.datetime
    updated_at: dt.datetime
    syncs: Syncs | None


def make_timeline(stream: Stream, role: AccountRole, now: dt.datetime) -> Timeline:
    """Make an account's moments, none later than ``now``."""
    if role.connected_days is None:
        just_now = now - _seconds(stream, 2, 8)
        return Timeline(just_now, just_now, syncs=None)
    created_at = _ago(stream, now, role.connected_days)
    connected_at = created_at
    if role.reconnected_days is not None:
        connected_at = _ago(stream, now, role.reconnected_days)
    end = now if role.status is Status.CONNECTED else _ago(stream, now, role.ended_days)
    # Under STANDARD monitoring a sync runs every 24 hours from the last connection on.
    identity_at = connected_at + (end - connected_at) // _DAY * _DAY + _seconds(stream, 5, 60)
    identity_at = min(identity_at, end)
    engagement_at = identity_at + _seconds(stream, 0.1, 30)
    if role.platform in _POLLED_FOR_STORIES:
        engagement_at += (end - identity_at) // _STORY_POLL * _STORY_POLL
    engagement_at = min(engagement_at, end)
    return Timeline(
        created_at=created_at,
        updated_at=_updated_at(stream, role, connected_at, identity_at, end),
        syncs=Syncs(
            first_at=created_at + _first_sync_takes(stream, role),
            identity_at=identity_at,
            engagement_at=engagement_at,
            refresh_since=engagement_at.date() - _WINDOW,
            available_from=created_at.date() - _WINDOW - dt.timedelta(days=role.history_days),
        ),
    )


def _updated_at(
    stream: Stream,
    role: AccountRole,
    connected_at: dt.datetime,
    last_sync_at: dt.datetime,
    end: dt.datetime,
) -> dt.datetime:
    if role.status is Status.SESSION_EXPIRED:
        # Noticed when the next daily sync fails.
        return last_sync_at + _DAY + _seconds(stream, 1, 30)
    if role.status is Status.NOT_CONNECTED:
        return end
    if role.platform is PlatformName.YOUTUBE:
        return connected_at + _seconds(stream, 1, 3)
    return connected_at


def _first_sync_takes(stream: Stream, role: AccountRole) -> dt.timedelta:
    return _seconds(stream, 1, 2) if role.platform in _QUICK else _seconds(stream, 60, 300)


def _ago(stream: Stream, now: dt.datetime, days: int) -> dt.datetime:
    # At some time of that day: accounts are not all connected at the same minute.
    return now - dt.timedelta(days=days) - _seconds(stream, 3_600, 80_000)


def _seconds(stream: Stream, low: float, high: float) -> dt.timedelta:
    return dt.timedelta(seconds=stream.between(low, high))
