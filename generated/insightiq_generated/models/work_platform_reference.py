# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WorkPlatformReference``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["WorkPlatformReference"]

_make = object.__new__

_REQUIRED = (
    "id",
    "name",
    "logo_url",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "name",
    "logo_url",
)


@_define(repr=False, kw_only=True)
class WorkPlatformReference(Model):
    """The platform that a resource comes from.

    Attributes:
        id: Identifier of the work platform, the same in every environment.
        name: Name of the platform.
        logo_url: Address of the platform's logo.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "name": "name",
        "logo_url": "logo_url",
    }

    id: str
    name: str
    logo_url: str
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            id, name, logo_url = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "WorkPlatformReference")
            id, name, logo_url = _required(src_dict)
        if id is None or name is None or logo_url is None:
            report_nulls(src_dict, _NEVER_NULL, "WorkPlatformReference")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.name = name
        _new.logo_url = logo_url
        if len(src_dict) != 3:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
