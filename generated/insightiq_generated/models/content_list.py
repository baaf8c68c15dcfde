# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentList``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["ContentList"]

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
class ContentList(Model):
    """A page of content items.

    Attributes:
        data: The content items of this page.
        metadata: The window that this page shows.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "data": "data",
        "metadata": "metadata",
    }

    data: list[Content]
    metadata: ListMetadata
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            data, metadata = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ContentList")
            data, metadata = _required(src_dict)
        if data is None or metadata is None:
            report_nulls(src_dict, _NEVER_NULL, "ContentList")
        if isinstance(data, list):
            data = [
                _read_content(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "ContentList.data")
                for _item in data
            ]
        elif data is not None and data is not UNSET:
            unexpected(data, "ContentList.data")
        if isinstance(metadata, dict):
            metadata = _read_list_metadata(metadata)
        elif metadata is not None and metadata is not UNSET:
            unexpected(metadata, "ContentList.metadata")
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


from .content import Content
from .list_metadata import ListMetadata

# A class method that is looked up for each object is bound anew each time.
_read_content = Content.from_dict
_read_list_metadata = ListMetadata.from_dict
