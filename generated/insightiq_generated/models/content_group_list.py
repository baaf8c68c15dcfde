# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentGroupList``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["ContentGroupList"]

_make = object.__new__

_REQUIRED = (
    "data",
    "metadata",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "data",
    "metadata",
)


@_define(repr=False, kw_only=True)
class ContentGroupList(Model):
    """A page of content groups.

    Attributes:
        data: The content groups of this page.
        metadata: The window that this page shows.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "data": "data",
        "metadata": "metadata",
    }

    data: list[ContentGroup]
    metadata: ListMetadata
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            data, metadata = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ContentGroupList")
            data, metadata = _required(src_dict)
        if data is None or metadata is None:
            report_nulls(src_dict, _NEVER_NULL, "ContentGroupList")
        if isinstance(data, list):
            data = [
                _read_content_group(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "ContentGroupList.data")
                for _item in data
            ]
        elif data is not None and data is not UNSET:
            unexpected(data, "ContentGroupList.data")
        if isinstance(metadata, dict):
            metadata = _read_list_metadata(metadata)
        elif metadata is not None and metadata is not UNSET:
            unexpected(metadata, "ContentGroupList.metadata")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.data = data
        _new.metadata = metadata
        if len(src_dict) != 2:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .content_group import ContentGroup
from .list_metadata import ListMetadata

# A class method that is looked up for each object is bound anew each time.
_read_content_group = ContentGroup.from_dict
_read_list_metadata = ListMetadata.from_dict
