# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AccountData``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["AccountData"]

_make = object.__new__

_NEVER_NULL = (
    "identity",
    "engagement",
    "income",
    "activity",
    "publish",
)


@_define(repr=False, kw_only=True)
class AccountData(Model):
    """State of each product that was asked for. A product that was not asked for has no key; the order
    of the keys varies.

    Attributes:
        identity: Profile and audience demographics.
        engagement: Contents, content groups and comments.
        income: Transactions, payouts and balances.
        activity: Listening activity.
        publish: Publishing of contents.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "identity": "identity",
        "engagement": "engagement",
        "income": "income",
        "activity": "activity",
        "publish": "publish",
    }

    identity: IdentitySyncState | Unset = UNSET
    engagement: EngagementSyncState | Unset = UNSET
    income: HistoricalSyncState | Unset = UNSET
    activity: HistoricalSyncState | Unset = UNSET
    publish: PublishSyncState | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        identity = _get("identity", UNSET)
        engagement = _get("engagement", UNSET)
        income = _get("income", UNSET)
        activity = _get("activity", UNSET)
        publish = _get("publish", UNSET)
        if (
            identity is None
            or engagement is None
            or income is None
            or activity is None
            or publish is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "AccountData")
        if isinstance(identity, dict):
            identity = _read_identity_sync_state(identity)
        elif identity is not None and identity is not UNSET:
            unexpected(identity, "AccountData.identity")
        if isinstance(engagement, dict):
            engagement = _read_engagement_sync_state(engagement)
        elif engagement is not None and engagement is not UNSET:
            unexpected(engagement, "AccountData.engagement")
        if isinstance(income, dict):
            income = _read_historical_sync_state(income)
        elif income is not None and income is not UNSET:
            unexpected(income, "AccountData.income")
        if isinstance(activity, dict):
            activity = _read_historical_sync_state(activity)
        elif activity is not None and activity is not UNSET:
            unexpected(activity, "AccountData.activity")
        if isinstance(publish, dict):
            publish = _read_publish_sync_state(publish)
        elif publish is not None and publish is not UNSET:
            unexpected(publish, "AccountData.publish")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.identity = identity
        _new.engagement = engagement
        _new.income = income
        _new.activity = activity
        _new.publish = publish
        if len(src_dict) != 5 - (
            (identity is UNSET)
            + (engagement is UNSET)
            + (income is UNSET)
            + (activity is UNSET)
            + (publish is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .engagement_sync_state import EngagementSyncState
from .historical_sync_state import HistoricalSyncState
from .identity_sync_state import IdentitySyncState
from .publish_sync_state import PublishSyncState

# A class method that is looked up for each object is bound anew each time.
_read_engagement_sync_state = EngagementSyncState.from_dict
_read_historical_sync_state = HistoricalSyncState.from_dict
_read_identity_sync_state = IdentitySyncState.from_dict
_read_publish_sync_state = PublishSyncState.from_dict
