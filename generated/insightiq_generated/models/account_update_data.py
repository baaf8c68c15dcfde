# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AccountUpdateData``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["AccountUpdateData"]

_make = object.__new__

_NEVER_NULL = (
    "identity",
    "engagement",
    "income",
)


@_define(repr=False, kw_only=True)
class AccountUpdateData(Model):
    """The products to change; what is left out stays as it is (ASSUMPTION).

    Attributes:
        identity: Profile and audience demographics.
        engagement: Contents, content groups and comments.
        income: Transactions, payouts and balances.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "identity": "identity",
        "engagement": "engagement",
        "income": "income",
    }

    identity: MonitoringSettingWithAudience | Unset = UNSET
    engagement: MonitoringSettingWithAudience | Unset = UNSET
    income: MonitoringSetting | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        identity = _get("identity", UNSET)
        engagement = _get("engagement", UNSET)
        income = _get("income", UNSET)
        if identity is None or engagement is None or income is None:
            report_nulls(src_dict, _NEVER_NULL, "AccountUpdateData")
        if isinstance(identity, dict):
            identity = _read_monitoring_setting_with_audience(identity)
        elif identity is not None and identity is not UNSET:
            unexpected(identity, "AccountUpdateData.identity")
        if isinstance(engagement, dict):
            engagement = _read_monitoring_setting_with_audience(engagement)
        elif engagement is not None and engagement is not UNSET:
            unexpected(engagement, "AccountUpdateData.engagement")
        if isinstance(income, dict):
            income = _read_monitoring_setting(income)
        elif income is not None and income is not UNSET:
            unexpected(income, "AccountUpdateData.income")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.identity = identity
        _new.engagement = engagement
        _new.income = income
        if len(src_dict) != 3 - ((identity is UNSET) + (engagement is UNSET) + (income is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .monitoring_setting import MonitoringSetting
from .monitoring_setting_with_audience import MonitoringSettingWithAudience

# A class method that is looked up for each object is bound anew each time.
_read_monitoring_setting = MonitoringSetting.from_dict
_read_monitoring_setting_with_audience = MonitoringSettingWithAudience.from_dict
