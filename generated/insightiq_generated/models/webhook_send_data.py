# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``WebhookSendData``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model

__all__ = ["WebhookSendData"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class WebhookSendData(Model):
    """Data of a notification to send: any object, passed on as it is."""

    KEYS: ClassVar[Mapping[str, str]] = {}

    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.additional_properties = dict(src_dict)
        return _new
