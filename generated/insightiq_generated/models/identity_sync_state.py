# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``IdentitySyncState``."""

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

__all__ = ["IdentitySyncState"]

_make = object.__new__

_REQUIRED = ("status",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "status",
    "monitor_type",
    "audience",
)


@_define(repr=False, kw_only=True)
class IdentitySyncState(Model):
    """State of the identity product of an account.

    Attributes:
        status: Progress of fetching the data.
        monitor_type: Interval of fetching the data. Requests and the vendor's documents call it
            `monitoring_type`; rows from before it existed lack it.
        last_sync_at: Time of the last fetch; null before the first time.
        audience: State of the audience demographics. Absent where they were not asked for or the
            platform has none.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "status": "status",
        "monitor_type": "monitor_type",
        "last_sync_at": "last_sync_at",
        "audience": "audience",
    }

    status: SyncStatus
    monitor_type: MonitoringType | Unset = UNSET
    last_sync_at: datetime.datetime | None | Unset = UNSET
    audience: AudienceSyncState | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            status = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "IdentitySyncState")
            status = _required(src_dict)
        _get = src_dict.get
        monitor_type = _get("monitor_type", UNSET)
        last_sync_at = _get("last_sync_at", UNSET)
        audience = _get("audience", UNSET)
        if status is None or monitor_type is None or audience is None:
            report_nulls(src_dict, _NEVER_NULL, "IdentitySyncState")
        if isinstance(status, str):
            status = SYNC_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "IdentitySyncState.status")
        if isinstance(monitor_type, str):
            monitor_type = MONITORING_TYPE_BY_VALUE[monitor_type]
        elif monitor_type is not None and monitor_type is not UNSET:
            unexpected(monitor_type, "IdentitySyncState.monitor_type")
        if last_sync_at is not None and last_sync_at is not UNSET:
            try:
                last_sync_at = from_iso_format(last_sync_at + "Z")
            except (TypeError, ValueError):
                last_sync_at = parse_odd_datetime(last_sync_at, "IdentitySyncState.last_sync_at")
        if isinstance(audience, dict):
            audience = _read_audience_sync_state(audience)
        elif audience is not None and audience is not UNSET:
            unexpected(audience, "IdentitySyncState.audience")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.status = status
        _new.monitor_type = monitor_type
        _new.last_sync_at = last_sync_at
        _new.audience = audience
        if len(src_dict) != 4 - (
            (monitor_type is UNSET) + (last_sync_at is UNSET) + (audience is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .audience_sync_state import AudienceSyncState
from .monitoring_type import MONITORING_TYPE_BY_VALUE, MonitoringType
from .sync_status import SYNC_STATUS_BY_VALUE, SyncStatus

# A class method that is looked up for each object is bound anew each time.
_read_audience_sync_state = AudienceSyncState.from_dict
