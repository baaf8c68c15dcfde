"""Accounts as the API shows them (evidence.md#account)."""

from __future__ import annotations

import typing

from insightiq_mock.db import format_date, format_timestamp

from .platforms import Supported

if typing.TYPE_CHECKING:
    import datetime as dt

    from .channels import Channel
    from .timeline import Syncs

__all__ = ["make_account"]


def make_account(channel: Channel) -> dict[str, typing.Any]:
    """Make the account, keys in wire order."""
    timeline = channel.timeline
    return {
        "id": channel.id,
        "created_at": format_timestamp(timeline.created_at),
        "updated_at": format_timestamp(timeline.updated_at),
        "user": channel.creator.reference,
        "work_platform": channel.platform.reference,
        "username": channel.username,
        "platform_username": channel.username,
        "profile_pic_url": channel.image_url,
        "status": channel.role.status.value,
        "platform_profile_name": channel.profile_name,
        "platform_profile_id": channel.profile_id,
        "platform_profile_published_at": channel.profile_published_at,
        "disconnection_source": channel.role.disconnected_by,
        "data": _data(channel),
    }


def _data(channel: Channel) -> dict[str, typing.Any]:
    """One block per product that the platform gives; others are left out (evidence.md#account-data)."""
    supported, syncs = channel.platform.supported, channel.timeline.syncs
    monitor_type = channel.role.monitor_type
    data: dict[str, typing.Any] = {}
    if Supported.IDENTITY in supported:
        identity_at = None if syncs is None else syncs.identity_at
        data["identity"] = _state(identity_at, monitor_type)
        if Supported.IDENTITY_AUDIENCE in supported:
            data["identity"]["audience"] = _state(identity_at, monitor_type)
    if Supported.ENGAGEMENT in supported:
        data["engagement"] = _history(syncs, monitor_type)
        if Supported.COMMENTS in supported:
            data["engagement"]["audience"] = _history(syncs, monitor_type)
    if Supported.INCOME in supported:
        data["income"] = _history(syncs, monitor_type)
    return data


def _state(last_sync_at: dt.datetime | None, monitor_type: str) -> dict[str, typing.Any]:
    return {
        "status": "NOT_SYNCED" if last_sync_at is None else "SYNCED",
        "monitor_type": monitor_type,
        "last_sync_at": None if last_sync_at is None else format_timestamp(last_sync_at),
    }


def _history(syncs: Syncs | None, monitor_type: str) -> dict[str, typing.Any]:
    if syncs is None:
        return _state(None, monitor_type) | {"refresh_since": None, "data_available_from": None}
    return _state(syncs.engagement_at, monitor_type) | {
        "refresh_since": format_date(syncs.refresh_since),
        "data_available_from": format_date(syncs.available_from),
    }
