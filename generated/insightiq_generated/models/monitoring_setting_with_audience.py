# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``MonitoringSettingWithAudience``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["MonitoringSettingWithAudience"]

_make = object.__new__

_NEVER_NULL = (
    "monitoring_type",
    "audience",
)


@_define(repr=False, kw_only=True)
class MonitoringSettingWithAudience(Model):
    """Interval of fetching a product's data, its audience part included.

    Attributes:
        monitoring_type: The frequency. Responses call it `monitor_type`.
        audience: The frequency of the audience part: demographics for identity, comments for
            engagement.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "monitoring_type": "monitoring_type",
        "audience": "audience",
    }

    monitoring_type: MonitoringType | Unset = UNSET
    audience: MonitoringSetting | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        monitoring_type = _get("monitoring_type", UNSET)
        audience = _get("audience", UNSET)
        if monitoring_type is None or audience is None:
            report_nulls(src_dict, _NEVER_NULL, "MonitoringSettingWithAudience")
        if isinstance(monitoring_type, str):
            monitoring_type = MONITORING_TYPE_BY_VALUE[monitoring_type]
        elif monitoring_type is not None and monitoring_type is not UNSET:
            unexpected(monitoring_type, "MonitoringSettingWithAudience.monitoring_type")
        if isinstance(audience, dict):
            audience = _read_monitoring_setting(audience)
        elif audience is not None and audience is not UNSET:
            unexpected(audience, "MonitoringSettingWithAudience.audience")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.monitoring_type = monitoring_type
        _new.audience = audience
        if len(src_dict) != 2 - ((monitoring_type is UNSET) + (audience is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .monitoring_setting import MonitoringSetting
from .monitoring_type import MONITORING_TYPE_BY_VALUE, MonitoringType

# A class method that is looked up for each object is bound anew each time.
_read_monitoring_setting = MonitoringSetting.from_dict
