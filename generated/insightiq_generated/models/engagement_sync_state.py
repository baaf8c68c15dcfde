# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``EngagementSyncState``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import (
    UNSET,
    Model,
    Unset,
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["EngagementSyncState"]

_make = object.__new__

_REQUIRED = ("status",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "status",
    "monitor_type",
    "audience",
)


@_define(repr=False, kw_only=True)
class EngagementSyncState(Model):
    """State of the engagement product of an account.

    Attributes:
        status: Progress of fetching the data.
        monitor_type: Interval of fetching the data. Requests and the vendor's documents call it
            `monitoring_type`; rows from before it existed lack it.
        last_sync_at: Time of the last fetch; null before the first time.
        refresh_since: Start of the window that the last fetch renewed, at midnight; null before the
            first time.
        data_available_from: Day from which data has been fetched, at midnight; null before the
            first time. A fetch of historic data moves it back.
        audience: State of the comments. Absent where they were not asked for or the platform has
            none.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "status": "status",
        "monitor_type": "monitor_type",
        "last_sync_at": "last_sync_at",
        "refresh_since": "refresh_since",
        "data_available_from": "data_available_from",
        "audience": "audience",
    }

    status: SyncStatus
    monitor_type: MonitoringType | Unset = UNSET
    last_sync_at: datetime.datetime | None | Unset = UNSET
    refresh_since: datetime.datetime | None | Unset = UNSET
    data_available_from: datetime.datetime | None | Unset = UNSET
    audience: HistoricalSyncState | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            status = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "EngagementSyncState")
            status = _required(src_dict)
        _get = src_dict.get
        monitor_type = _get("monitor_type", UNSET)
        last_sync_at = _get("last_sync_at", UNSET)
        refresh_since = _get("refresh_since", UNSET)
        data_available_from = _get("data_available_from", UNSET)
        audience = _get("audience", UNSET)
        if status is None or monitor_type is None or audience is None:
            report_nulls(src_dict, _NEVER_NULL, "EngagementSyncState")
        if isinstance(status, str):
            status = SYNC_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "EngagementSyncState.status")
        if isinstance(monitor_type, str):
            monitor_type = MONITORING_TYPE_BY_VALUE[monitor_type]
        elif monitor_type is not None and monitor_type is not UNSET:
            unexpected(monitor_type, "EngagementSyncState.monitor_type")
        if last_sync_at is not None and last_sync_at is not UNSET:
            try:
                last_sync_at = from_iso_format(last_sync_at + "Z")
            except (TypeError, ValueError):
                last_sync_at = parse_odd_datetime(last_sync_at, "EngagementSyncState.last_sync_at")
        if refresh_since is not None and refresh_since is not UNSET:
            try:
                refresh_since = from_iso_format(refresh_since + "Z")
            except (TypeError, ValueError):
                refresh_since = parse_odd_datetime(
                    refresh_since, "EngagementSyncState.refresh_since"
                )
        if data_available_from is not None and data_available_from is not UNSET:
            try:
                data_available_from = from_iso_format(data_available_from + "Z")
            except (TypeError, ValueError):
                data_available_from = parse_odd_datetime(
                    data_available_from, "EngagementSyncState.data_available_from"
                )
        if isinstance(audience, dict):
            audience = _read_historical_sync_state(audience)
        elif audience is not None and audience is not UNSET:
            unexpected(audience, "EngagementSyncState.audience")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.status = status
        _new.monitor_type = monitor_type
        _new.last_sync_at = last_sync_at
        _new.refresh_since = refresh_since
        _new.data_available_from = data_available_from
        _new.audience = audience
        if len(src_dict) != 6 - (
            (monitor_type is UNSET)
            + (last_sync_at is UNSET)
            + (refresh_since is UNSET)
            + (data_available_from is UNSET)
            + (audience is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .historical_sync_state import HistoricalSyncState
from .monitoring_type import MONITORING_TYPE_BY_VALUE, MonitoringType
from .sync_status import SYNC_STATUS_BY_VALUE, SyncStatus

# A class method that is looked up for each object is bound anew each time.
_read_historical_sync_state = HistoricalSyncState.from_dict
