# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AudienceSyncState``."""

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

__all__ = ["AudienceSyncState"]

_make = object.__new__

_REQUIRED = ("status",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "status",
    "monitor_type",
)


@_define(repr=False, kw_only=True)
class AudienceSyncState(Model):
    """State of the audience demographics of an account.

    Attributes:
        status: Progress of fetching the data.
        monitor_type: Interval of fetching the data. Requests and the vendor's documents call it
            `monitoring_type`; rows from before it existed lack it.
        last_sync_at: Time of the last fetch; null before the first time.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "status": "status",
        "monitor_type": "monitor_type",
        "last_sync_at": "last_sync_at",
    }

    status: SyncStatus
    monitor_type: MonitoringType | Unset = UNSET
    last_sync_at: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            status = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "AudienceSyncState")
            status = _required(src_dict)
        _get = src_dict.get
        monitor_type = _get("monitor_type", UNSET)
        last_sync_at = _get("last_sync_at", UNSET)
        if status is None or monitor_type is None:
            report_nulls(src_dict, _NEVER_NULL, "AudienceSyncState")
        if isinstance(status, str):
            status = SYNC_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "AudienceSyncState.status")
        if isinstance(monitor_type, str):
            monitor_type = MONITORING_TYPE_BY_VALUE[monitor_type]
        elif monitor_type is not None and monitor_type is not UNSET:
            unexpected(monitor_type, "AudienceSyncState.monitor_type")
        if last_sync_at is not None and last_sync_at is not UNSET:
            try:
                last_sync_at = from_iso_format(last_sync_at + "Z")
            except (TypeError, ValueError):
                last_sync_at = parse_odd_datetime(last_sync_at, "AudienceSyncState.last_sync_at")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.status = status
        _new.monitor_type = monitor_type
        _new.last_sync_at = last_sync_at
        if len(src_dict) != 3 - ((monitor_type is UNSET) + (last_sync_at is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .monitoring_type import MONITORING_TYPE_BY_VALUE, MonitoringType
from .sync_status import SYNC_STATUS_BY_VALUE, SyncStatus
