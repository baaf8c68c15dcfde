# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WorkPlatformProducts``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls, unexpected

__all__ = ["WorkPlatformProducts"]

_make = object.__new__

_REQUIRED = (
    "identity",
    "engagement",
    "income",
    "switch",
    "activity",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "identity",
    "engagement",
    "income",
    "switch",
    "activity",
    "publish_content",
)


@_define(repr=False, kw_only=True)
class WorkPlatformProducts(Model):
    """The products that are available for a platform. Read these flags at run time; they change.

    Attributes:
        identity: Profiles, and audience demographics.
        engagement: Contents, and their comments.
        income: Transactions, payouts and balances.
        switch: Switch of a deposit account.
        activity: Listening activity.
        publish_content: Publishing of contents. The vendor's documents call the key `publish`.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "identity": "identity",
        "engagement": "engagement",
        "income": "income",
        "switch": "switch",
        "activity": "activity",
        "publish_content": "publish_content",
    }

    identity: ProductSupportWithAudience
    engagement: ProductSupportWithAudience
    income: ProductSupport
    switch: ProductSupport
    activity: ProductSupport
    publish_content: ProductSupport | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            identity, engagement, income, switch, activity = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "WorkPlatformProducts")
            identity, engagement, income, switch, activity = _required(src_dict)
        _get = src_dict.get
        publish_content = _get("publish_content", UNSET)
        if (
            identity is None
            or engagement is None
            or income is None
            or switch is None
            or activity is None
            or publish_content is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "WorkPlatformProducts")
        if isinstance(identity, dict):
            identity = _read_product_support_with_audience(identity)
        elif identity is not None and identity is not UNSET:
            unexpected(identity, "WorkPlatformProducts.identity")
        if isinstance(engagement, dict):
            engagement = _read_product_support_with_audience(engagement)
        elif engagement is not None and engagement is not UNSET:
            unexpected(engagement, "WorkPlatformProducts.engagement")
        if isinstance(income, dict):
            income = _read_product_support(income)
        elif income is not None and income is not UNSET:
            unexpected(income, "WorkPlatformProducts.income")
        if isinstance(switch, dict):
            switch = _read_product_support(switch)
        elif switch is not None and switch is not UNSET:
            unexpected(switch, "WorkPlatformProducts.switch")
        if isinstance(activity, dict):
            activity = _read_product_support(activity)
        elif activity is not None and activity is not UNSET:
            unexpected(activity, "WorkPlatformProducts.activity")
        if isinstance(publish_content, dict):
            publish_content = _read_product_support(publish_content)
        elif publish_content is not None and publish_content is not UNSET:
            unexpected(publish_content, "WorkPlatformProducts.publish_content")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.identity = identity
        _new.engagement = engagement
        _new.income = income
        _new.switch = switch
        _new.activity = activity
        _new.publish_content = publish_content
        if len(src_dict) != 6 - (publish_content is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .product_support import ProductSupport
from .product_support_with_audience import ProductSupportWithAudience

# A class method that is looked up for each object is bound anew each time.
_read_product_support = ProductSupport.from_dict
_read_product_support_with_audience = ProductSupportWithAudience.from_dict
