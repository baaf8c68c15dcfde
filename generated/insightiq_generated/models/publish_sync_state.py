# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``PublishSyncState``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["PublishSyncState"]

_make = object.__new__

_REQUIRED = ("status",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("status",)


@_define(repr=False, kw_only=True)
class PublishSyncState(Model):
    """State of the publishing product of an account.

    Attributes:
        status: Whether publishing is possible.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "status": "status",
    }

    status: SyncStatus
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            status = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "PublishSyncState")
            status = _required(src_dict)
        if status is None:
            report_nulls(src_dict, _NEVER_NULL, "PublishSyncState")
        if isinstance(status, str):
            status = SYNC_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "PublishSyncState.status")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.status = status
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .sync_status import SYNC_STATUS_BY_VALUE, SyncStatus
