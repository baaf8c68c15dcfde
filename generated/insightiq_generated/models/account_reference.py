# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``AccountReference``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls

__all__ = ["AccountReference"]

_make = object.__new__

_REQUIRED = (
    "id",
    "platform_username",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("id",)


@_define(repr=False, kw_only=True)
class AccountReference(Model):
    """The account that a resource belongs to.

    Attributes:
        id: Identifier of the account.
        platform_username: Handle on the platform; an e-mail address for YouTube.
        username: Same as `platform_username` wherever both were seen. Not in the vendor's
            documents.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "platform_username": "platform_username",
        "username": "username",
    }

    id: str
    platform_username: str | None
    username: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, platform_username = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "AccountReference")
            id, platform_username = _required(src_dict)
        _get = src_dict.get
        username = _get("username", UNSET)
        if id is None:
            report_nulls(src_dict, _NEVER_NULL, "AccountReference")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.platform_username = platform_username
        _new.username = username
        if len(src_dict) != 3 - (username is UNSET):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
