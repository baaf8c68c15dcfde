# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ErrorResponse``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, fill_missing, report_nulls, unexpected

__all__ = ["ErrorResponse"]

_make = object.__new__

_REQUIRED = ("error",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("error",)


@_define(repr=False, kw_only=True)
class ErrorResponse(Model):
    """Body of every error.

    Attributes:
        error: Description of the error.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "error": "error",
    }

    error: Error
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            error = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ErrorResponse")
            error = _required(src_dict)
        if error is None:
            report_nulls(src_dict, _NEVER_NULL, "ErrorResponse")
        if isinstance(error, dict):
            error = _read_error(error)
        elif error is not None and error is not UNSET:
            unexpected(error, "ErrorResponse.error")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.error = error
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .error import Error

# A class method that is looked up for each object is bound anew each time.
_read_error = Error.from_dict
