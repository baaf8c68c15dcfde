# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``FetchHistoricAccepted``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, parse_date, report_nulls, unexpected

__all__ = ["FetchHistoricAccepted"]

_make = object.__new__

_REQUIRED = (
    "account_id",
    "from_date",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "account_id",
    "from_date",
)


@_define(repr=False, kw_only=True)
class FetchHistoricAccepted(Model):
    """Echo of a fetch of older data that will be carried out.

    Attributes:
        account_id: The account.
        from_date: First day to fetch; data is fetched from there to today.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "account_id": "account_id",
        "from_date": "from_date",
    }

    account_id: str
    from_date: datetime.date
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            account_id, from_date = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "FetchHistoricAccepted")
            account_id, from_date = _required(src_dict)
        if account_id is None or from_date is None:
            report_nulls(src_dict, _NEVER_NULL, "FetchHistoricAccepted")
        if isinstance(from_date, str):
            from_date = parse_date(from_date, "FetchHistoricAccepted.from_date")
        elif from_date is not None and from_date is not UNSET:
            unexpected(from_date, "FetchHistoricAccepted.from_date")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.account_id = account_id
        _new.from_date = from_date
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
