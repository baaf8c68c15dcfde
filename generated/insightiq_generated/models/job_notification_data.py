# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``JobNotificationData``."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import Model, fill_missing, report_nulls

__all__ = ["JobNotificationData"]

_make = object.__new__

_REQUIRED = ("job_id",)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = ("job_id",)


@_define(repr=False, kw_only=True)
class JobNotificationData(Model):
    """Data of a notification about an asynchronous job.

    Attributes:
        job_id: Identifier of the job.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "job_id": "job_id",
    }

    job_id: str
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            job_id = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "JobNotificationData")
            job_id = _required(src_dict)
        if job_id is None:
            report_nulls(src_dict, _NEVER_NULL, "JobNotificationData")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.job_id = job_id
        if len(src_dict) != 1:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
