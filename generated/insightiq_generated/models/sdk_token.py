# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``SdkToken``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, from_iso_format, parse_odd_datetime, report_nulls

__all__ = ["SdkToken"]

_make = object.__new__

_REQUIRED = (
    "sdk_token",
    "expires_at",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "sdk_token",
    "expires_at",
)


@_define(repr=False, kw_only=True)
class SdkToken(Model):
    """A token with which the Connect SDK acts for one user.

    Attributes:
        sdk_token: The token, a JSON Web Token. It can be used any number of times until it expires.
        expires_at: Time at which the token stops working: one week after it was made.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "sdk_token": "sdk_token",
        "expires_at": "expires_at",
    }
    SECRETS: ClassVar[frozenset[str]] = frozenset(
        {
            "sdk_token",
        }
    )

    sdk_token: str
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            sdk_token, expires_at = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "SdkToken")
            sdk_token, expires_at = _required(src_dict)
        if sdk_token is None or expires_at is None:
            report_nulls(src_dict, _NEVER_NULL, "SdkToken")
        if expires_at is not None and expires_at is not UNSET:
            try:
                expires_at = from_iso_format(expires_at + "Z")
            except (TypeError, ValueError):
                expires_at = parse_odd_datetime(expires_at, "SdkToken.expires_at")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.sdk_token = sdk_token
        _new.expires_at = expires_at
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
