# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ProductSupportWithAudience``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls, unexpected

__all__ = ["ProductSupportWithAudience"]

_make = object.__new__

_REQUIRED = ("is_supported",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "is_supported",
    "audience",
)


@_define(repr=False, kw_only=True)
class ProductSupportWithAudience(Model):
    """Whether a product and its audience part are available for a platform.

    Attributes:
        is_supported: True if the product is available.
        audience: Whether the audience part is available: demographics for identity, comments for
            engagement.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "is_supported": "is_supported",
        "audience": "audience",
    }

    is_supported: bool
    audience: ProductSupport | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            is_supported = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ProductSupportWithAudience")
            is_supported = _required(src_dict)
        _get = src_dict.get
        audience = _get("audience", UNSET)
        if is_supported is None or audience is None:
            report_nulls(src_dict, _NEVER_NULL, "ProductSupportWithAudience")
        if isinstance(audience, dict):
            audience = _read_product_support(audience)
        elif audience is not None and audience is not UNSET:
            unexpected(audience, "ProductSupportWithAudience.audience")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.is_supported = is_supported
        _new.audience = audience
        if len(src_dict) != 2 - (audience is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .product_support import ProductSupport

# A class method that is looked up for each object is bound anew each time.
_read_product_support = ProductSupport.from_dict
