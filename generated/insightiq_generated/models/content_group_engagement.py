# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentGroupEngagement``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["ContentGroupEngagement"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class ContentGroupEngagement(Model):
    """Metrics of a content group. A value is null where the platform gives none.

    Attributes:
        like_count: Likes. 0 or more.
        dislike_count: Dislikes. 0 or more.
        comment_count: Comments. 0 or more.
        impression_organic_count: Times shown without payment. 0 or more.
        reach_organic_count: People reached without payment. 0 or more.
        save_count: Times saved. 0 or more.
        view_count: Views. 0 or more.
        watch_time_in_hours: Hours watched in all. 0 or more.
        share_count: Times shared. 0 or more.
        impression_paid_count: Times shown for payment. 0 or more.
        reach_paid_count: People reached for payment. 0 or more.
        avg_watch_time_in_sec: Seconds watched on average. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "like_count": "like_count",
        "dislike_count": "dislike_count",
        "comment_count": "comment_count",
        "impression_organic_count": "impression_organic_count",
        "reach_organic_count": "reach_organic_count",
        "save_count": "save_count",
        "view_count": "view_count",
        "watch_time_in_hours": "watch_time_in_hours",
        "share_count": "share_count",
        "impression_paid_count": "impression_paid_count",
        "reach_paid_count": "reach_paid_count",
        "avg_watch_time_in_sec": "avg_watch_time_in_sec",
    }

    like_count: int | None | Unset = UNSET
    dislike_count: int | None | Unset = UNSET
    comment_count: int | None | Unset = UNSET
    impression_organic_count: int | None | Unset = UNSET
    reach_organic_count: int | None | Unset = UNSET
    save_count: int | None | Unset = UNSET
    view_count: int | None | Unset = UNSET
    watch_time_in_hours: float | None | Unset = UNSET
    share_count: int | None | Unset = UNSET
    impression_paid_count: int | None | Unset = UNSET
    reach_paid_count: int | None | Unset = UNSET
    avg_watch_time_in_sec: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        like_count = _get("like_count", UNSET)
        dislike_count = _get("dislike_count", UNSET)
        comment_count = _get("comment_count", UNSET)
        impression_organic_count = _get("impression_organic_count", UNSET)
        reach_organic_count = _get("reach_organic_count", UNSET)
        save_count = _get("save_count", UNSET)
        view_count = _get("view_count", UNSET)
        watch_time_in_hours = _get("watch_time_in_hours", UNSET)
        share_count = _get("share_count", UNSET)
        impression_paid_count = _get("impression_paid_count", UNSET)
        reach_paid_count = _get("reach_paid_count", UNSET)
        avg_watch_time_in_sec = _get("avg_watch_time_in_sec", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.like_count = like_count
        _new.dislike_count = dislike_count
        _new.comment_count = comment_count
        _new.impression_organic_count = impression_organic_count
        _new.reach_organic_count = reach_organic_count
        _new.save_count = save_count
        _new.view_count = view_count
        _new.watch_time_in_hours = watch_time_in_hours
        _new.share_count = share_count
        _new.impression_paid_count = impression_paid_count
        _new.reach_paid_count = reach_paid_count
        _new.avg_watch_time_in_sec = avg_watch_time_in_sec
        if len(src_dict) != 12 - (
            (like_count is UNSET)
            + (dislike_count is UNSET)
            + (comment_count is UNSET)
            + (impression_organic_count is UNSET)
            + (reach_organic_count is UNSET)
            + (save_count is UNSET)
            + (view_count is UNSET)
            + (watch_time_in_hours is UNSET)
            + (share_count is UNSET)
            + (impression_paid_count is UNSET)
            + (reach_paid_count is UNSET)
            + (avg_watch_time_in_sec is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
