# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Error``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, fill_missing, report_nulls

__all__ = ["Error"]

_make = object.__new__

_REQUIRED = (
    "type",
    "error_code",
    "message",
    "http_status_code",
    "request_id",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "type",
    "code",
    "error_code",
    "message",
    "status_code",
    "http_status_code",
    "request_id",
)


@_define(repr=False, kw_only=True)
class Error(Model):
    """The error. Branch on the HTTP status first and on the code second.

    Attributes:
        type: Broad class in capitals. Seen: `RECORD_NOT_FOUND`; documented:
            `INVALID_REQUEST_PARAMETERS`; others are not known.
        code: Same value as `error_code`. Not in the vendor's documents.
        error_code: What exactly went wrong. Seen in small letters, documented in capitals.
        message: A sentence for people.
        status_code: Same value as `http_status_code`. Not in the vendor's documents.
        http_status_code: The HTTP status.
        request_id: Identifier of the request, to name to the vendor's support.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "type": "type",
        "code": "code",
        "error_code": "error_code",
        "message": "message",
        "status_code": "status_code",
        "http_status_code": "http_status_code",
        "request_id": "request_id",
    }

    type: str
    error_code: str
    message: str
    http_status_code: int
    request_id: str
    code: str | Unset = UNSET
    status_code: int | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            type, error_code, message, http_status_code, request_id = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Error")
            type, error_code, message, http_status_code, request_id = _required(src_dict)
        _get = src_dict.get
        code = _get("code", UNSET)
        status_code = _get("status_code", UNSET)
        if (
            type is None
            or code is None
            or error_code is None
            or message is None
            or status_code is None
            or http_status_code is None
            or request_id is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Error")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.type = type
        _new.code = code
        _new.error_code = error_code
        _new.message = message
        _new.status_code = status_code
        _new.http_status_code = http_status_code
        _new.request_id = request_id
        if len(src_dict) != 7 - ((code is UNSET) + (status_code is UNSET)):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
