# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``MonitoringSetting``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["MonitoringSetting"]

_make = object.__new__

_NEVER_NULL = ("monitoring_type",)


@_define(repr=False, kw_only=True)
class MonitoringSetting(Model):
    """Interval of fetching a product's data.

    Attributes:
        monitoring_type: The frequency. Responses call it `monitor_type`.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "monitoring_type": "monitoring_type",
    }

    monitoring_type: MonitoringType | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        monitoring_type = _get("monitoring_type", UNSET)
        if monitoring_type is None:
            report_nulls(src_dict, _NEVER_NULL, "MonitoringSetting")
        if isinstance(monitoring_type, str):
            monitoring_type = MONITORING_TYPE_BY_VALUE[monitoring_type]
        elif monitoring_type is not None and monitoring_type is not UNSET:
            unexpected(monitoring_type, "MonitoringSetting.monitoring_type")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.monitoring_type = monitoring_type
        if len(src_dict) != 1 - (monitoring_type is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .monitoring_type import MONITORING_TYPE_BY_VALUE, MonitoringType
