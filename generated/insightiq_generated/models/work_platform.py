# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WorkPlatform``."""

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
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["WorkPlatform"]

_make = object.__new__

_REQUIRED = (
    "id",
    "name",
    "logo_url",
    "created_at",
    "updated_at",
    "category",
    "status",
    "url",
    "products",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "name",
    "logo_url",
    "created_at",
    "updated_at",
    "category",
    "status",
    "url",
    "products",
)


@_define(repr=False, kw_only=True)
class WorkPlatform(Model):
    """A platform on which creators publish or earn.

    Attributes:
        id: Identifier of the work platform, the same in every environment.
        name: Name of the platform.
        logo_url: Address of the platform's logo.
        created_at: Time at which the platform was added.
        updated_at: Time at which the entry last changed.
        category: Kind of platform.
        status: Whether creators can connect it at present.
        url: Address of the platform; an empty string where it has none.
        products: The products that are available.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "name": "name",
        "logo_url": "logo_url",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "category": "category",
        "status": "status",
        "url": "url",
        "products": "products",
    }

    id: str
    name: str
    logo_url: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    category: WorkPlatformCategory
    status: WorkPlatformStatus
    url: str
    products: WorkPlatformProducts
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, name, logo_url, created_at, updated_at, category, status, url, products = _required(
                src_dict
            )
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "WorkPlatform")
            id, name, logo_url, created_at, updated_at, category, status, url, products = _required(
                src_dict
            )
        if (
            id is None
            or name is None
            or logo_url is None
            or created_at is None
            or updated_at is None
            or category is None
            or status is None
            or url is None
            or products is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "WorkPlatform")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "WorkPlatform.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "WorkPlatform.updated_at")
        if isinstance(category, str):
            category = WORK_PLATFORM_CATEGORY_BY_VALUE[category]
        elif category is not None and category is not UNSET:
            unexpected(category, "WorkPlatform.category")
        if isinstance(status, str):
            status = WORK_PLATFORM_STATUS_BY_VALUE[status]
        elif status is not None and status is not UNSET:
            unexpected(status, "WorkPlatform.status")
        if isinstance(products, dict):
            products = _read_work_platform_products(products)
        elif products is not None and products is not UNSET:
            unexpected(products, "WorkPlatform.products")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.name = name
        _new.logo_url = logo_url
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.category = category
        _new.status = status
        _new.url = url
        _new.products = products
        if len(src_dict) != 9:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .work_platform_category import WORK_PLATFORM_CATEGORY_BY_VALUE, WorkPlatformCategory
from .work_platform_products import WorkPlatformProducts
from .work_platform_status import WORK_PLATFORM_STATUS_BY_VALUE, WorkPlatformStatus

# A class method that is looked up for each object is bound anew each time.
_read_work_platform_products = WorkPlatformProducts.from_dict
