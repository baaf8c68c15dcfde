# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``SdkTokenCreateRequest``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["SdkTokenCreateRequest"]

_make = object.__new__

_REQUIRED = (
    "user_id",
    "products",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "user_id",
    "products",
)


@_define(repr=False, kw_only=True)
class SdkTokenCreateRequest(Model):
    """Products that the creator is asked to share.

    Attributes:
        user_id: The user that will connect an account.
        products: The products to ask the creator for. 1 or more items.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "user_id": "user_id",
        "products": "products",
    }

    user_id: str
    products: list[Product]
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            user_id, products = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "SdkTokenCreateRequest")
            user_id, products = _required(src_dict)
        if user_id is None or products is None:
            report_nulls(src_dict, _NEVER_NULL, "SdkTokenCreateRequest")
        if isinstance(products, list):
            products = [
                PRODUCT_BY_VALUE[_item]
                if isinstance(_item, str)
                else unexpected(_item, "SdkTokenCreateRequest.products")
                for _item in products
            ]
        elif products is not None and products is not UNSET:
            unexpected(products, "SdkTokenCreateRequest.products")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.user_id = user_id
        _new.products = products
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .product import PRODUCT_BY_VALUE, Product
