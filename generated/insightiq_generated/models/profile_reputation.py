# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ProfileReputation``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset

__all__ = ["ProfileReputation"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class ProfileReputation(Model):
    """Standing of a profile. All keys are present; a value is null where the platform gives none.

    Attributes:
        follower_count: Followers. 0 or more.
        following_count: Profiles that this one follows. 0 or more.
        subscriber_count: Subscribers, where the platform has such. 0 or more.
        paid_subscriber_count: Paying subscribers of a newsletter. 0 or more.
        content_count: Published items. 0 or more.
        content_group_count: Content groups. 0 or more.
        watch_time_in_hours: Hours that videos were watched, with decimals. 0 or more.
        average_open_rate: Share of a newsletter's mails that were opened, in percent. 0 or more.
        average_click_rate: Share of a newsletter's mails in which a link was followed, in percent.
            0 or more.
        like_count: Likes received in all; TikTok. Not in the vendor's documents. 0 or more.
        connection_count: Connections; LinkedIn. Not in the vendor's documents. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "follower_count": "follower_count",
        "following_count": "following_count",
        "subscriber_count": "subscriber_count",
        "paid_subscriber_count": "paid_subscriber_count",
        "content_count": "content_count",
        "content_group_count": "content_group_count",
        "watch_time_in_hours": "watch_time_in_hours",
        "average_open_rate": "average_open_rate",
        "average_click_rate": "average_click_rate",
        "like_count": "like_count",
        "connection_count": "connection_count",
    }

    follower_count: int | None | Unset = UNSET
    following_count: int | None | Unset = UNSET
    subscriber_count: int | None | Unset = UNSET
    paid_subscriber_count: int | None | Unset = UNSET
    content_count: int | None | Unset = UNSET
    content_group_count: int | None | Unset = UNSET
    watch_time_in_hours: float | None | Unset = UNSET
    average_open_rate: float | None | Unset = UNSET
    average_click_rate: float | None | Unset = UNSET
    like_count: int | None | Unset = UNSET
    connection_count: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        follower_count = _get("follower_count", UNSET)
        following_count = _get("following_count", UNSET)
        subscriber_count = _get("subscriber_count", UNSET)
        paid_subscriber_count = _get("paid_subscriber_count", UNSET)
        content_count = _get("content_count", UNSET)
        content_group_count = _get("content_group_count", UNSET)
        watch_time_in_hours = _get("watch_time_in_hours", UNSET)
        average_open_rate = _get("average_open_rate", UNSET)
        average_click_rate = _get("average_click_rate", UNSET)
        like_count = _get("like_count", UNSET)
        connection_count = _get("connection_count", UNSET)
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.follower_count = follower_count
        _new.following_count = following_count
        _new.subscriber_count = subscriber_count
        _new.paid_subscriber_count = paid_subscriber_count
        _new.content_count = content_count
        _new.content_group_count = content_group_count
        _new.watch_time_in_hours = watch_time_in_hours
        _new.average_open_rate = average_open_rate
        _new.average_click_rate = average_click_rate
        _new.like_count = like_count
        _new.connection_count = connection_count
        if len(src_dict) != 11 - (
            (follower_count is UNSET)
            + (following_count is UNSET)
            + (subscriber_count is UNSET)
            + (paid_subscriber_count is UNSET)
            + (content_count is UNSET)
            + (content_group_count is UNSET)
            + (watch_time_in_hours is UNSET)
            + (average_open_rate is UNSET)
            + (average_click_rate is UNSET)
            + (like_count is UNSET)
            + (connection_count is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new
