# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentReference``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, from_iso_format, parse_odd_datetime, report_nulls

__all__ = ["ContentReference"]

_make = object.__new__

_REQUIRED = (
    "id",
    "url",
    "published_at",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "url",
    "published_at",
)


@_define(repr=False, kw_only=True)
class ContentReference(Model):
    """The content item that a comment stands under.

    Attributes:
        id: Identifier of the content item.
        url: Address of the item on the platform.
        published_at: Time at which the item was published.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "url": "url",
        "published_at": "published_at",
    }

    id: str
    url: str
    published_at: datetime.datetime
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, url, published_at = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ContentReference")
            id, url, published_at = _required(src_dict)
        if id is None or url is None or published_at is None:
            report_nulls(src_dict, _NEVER_NULL, "ContentReference")
        if published_at is not None and published_at is not UNSET:
            try:
                published_at = from_iso_format(published_at + "Z")
            except (TypeError, ValueError):
                published_at = parse_odd_datetime(published_at, "ContentReference.published_at")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.url = url
        _new.published_at = published_at
        if len(src_dict) != 3:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
