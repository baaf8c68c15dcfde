# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ProductSupport``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["ProductSupport"]

_make = object.__new__

_REQUIRED = ("is_supported",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("is_supported",)


@_define(repr=False, kw_only=True)
class ProductSupport(Model):
    """Whether a product is available for a platform.

    Attributes:
        is_supported: True if the product is available.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "is_supported": "is_supported",
    }

    is_supported: bool
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            is_supported = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ProductSupport")
            is_supported = _required(src_dict)
        if is_supported is None:
            report_nulls(src_dict, _NEVER_NULL, "ProductSupport")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.is_supported = is_supported
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
