# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ListMetadata``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, parse_date, unexpected

__all__ = ["ListMetadata"]

_make = object.__new__

_REQUIRED = (
    "offset",
    "limit",
)
_required = itemgetter(*_REQUIRED)


@_define(repr=False, kw_only=True)
class ListMetadata(Model):
    """Echo of the window that a list was asked for. There is no total and no next link: a page shorter
    than `limit` is the last one.

    Attributes:
        offset: Rows skipped, as asked for or by default. Null was seen on the list of webhooks. 0
            or more.
        limit: Most rows in the page, as asked for or by default. Null was seen on the list of
            webhooks. 1 to 100.
        from_date: First day of the window, or null where none was asked for.
        to_date: Last day of the window, or null where none was asked for.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "offset": "offset",
        "limit": "limit",
        "from_date": "from_date",
        "to_date": "to_date",
    }

    offset: int | None
    limit: int | None
    from_date: datetime.date | None | Unset = UNSET
    to_date: datetime.date | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            offset, limit = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ListMetadata")
            offset, limit = _required(src_dict)
        _get = src_dict.get
        from_date = _get("from_date", UNSET)
        to_date = _get("to_date", UNSET)
        if isinstance(from_date, str):
            from_date = parse_date(from_date, "ListMetadata.from_date")
        elif from_date is not None and from_date is not UNSET:
            unexpected(from_date, "ListMetadata.from_date")
        if isinstance(to_date, str):
            to_date = parse_date(to_date, "ListMetadata.to_date")
        elif to_date is not None and to_date is not UNSET:
            unexpected(to_date, "ListMetadata.to_date")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.offset = offset
        _new.limit = limit
        _new.from_date = from_date
        _new.to_date = to_date
        if len(src_dict) != 4 - ((from_date is UNSET) + (to_date is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
