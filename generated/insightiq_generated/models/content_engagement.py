# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentEngagement``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, unexpected

__all__ = ["ContentEngagement"]

_make = object.__new__


@_define(repr=False, kw_only=True)
class ContentEngagement(Model):
    """Metrics of a content item. A value is null where the platform gives none.

    Attributes:
        like_count: Likes. 0 or more.
        dislike_count: Dislikes. 0 or more.
        comment_count: Comments. 0 or more.
        impression_organic_count: Times shown without payment. 0 or more.
        reach_organic_count: People reached without payment. 0 or more.
        save_count: Times saved. 0 or more.
        view_count: Views. 0 or more.
        engaged_view_count: Views that the platform counts as engaged. Not in the vendor's
            documents; seen in sandbox responses of 2026 only. 0 or more.
        replay_count: Replays. 0 or more.
        watch_time_in_hours: Hours watched in all. 0 or more.
        avg_watch_time_in_sec: Seconds watched on average, with decimals. 0 or more.
        share_count: Times shared. 0 or more.
        impression_paid_count: Times shown for payment. 0 or more.
        reach_paid_count: People reached for payment. 0 or more.
        email_open_rate: Share of mails opened, in percent; newsletters. 0 or more.
        email_click_rate: Share of mails in which a link was followed, in percent; newsletters. 0 or
            more.
        unsubscribe_count: Cancelled subscriptions; newsletters. 0 or more.
        spam_report_count: Reports as spam; newsletters. 0 or more.
        click_count: Clicks. 0 or more.
        additional_info: Actions that a story led to.
        repost_count: Reposts. Not in the vendor's documents. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "like_count": "like_count",
        "dislike_count": "dislike_count",
        "comment_count": "comment_count",
        "impression_organic_count": "impression_organic_count",
        "reach_organic_count": "reach_organic_count",
        "save_count": "save_count",
        "view_count": "view_count",
        "engaged_view_count": "engaged_view_count",
        "replay_count": "replay_count",
        "watch_time_in_hours": "watch_time_in_hours",
        "avg_watch_time_in_sec": "avg_watch_time_in_sec",
        "share_count": "share_count",
        "impression_paid_count": "impression_paid_count",
        "reach_paid_count": "reach_paid_count",
        "email_open_rate": "email_open_rate",
        "email_click_rate": "email_click_rate",
        "unsubscribe_count": "unsubscribe_count",
        "spam_report_count": "spam_report_count",
        "click_count": "click_count",
        "additional_info": "additional_info",
        "repost_count": "repost_count",
    }

    like_count: int | None | Unset = UNSET
    dislike_count: int | None | Unset = UNSET
    comment_count: int | None | Unset = UNSET
    impression_organic_count: int | None | Unset = UNSET
    reach_organic_count: int | None | Unset = UNSET
    save_count: int | None | Unset = UNSET
    view_count: int | None | Unset = UNSET
    engaged_view_count: int | None | Unset = UNSET
    replay_count: int | None | Unset = UNSET
    watch_time_in_hours: float | None | Unset = UNSET
    avg_watch_time_in_sec: float | None | Unset = UNSET
    share_count: int | None | Unset = UNSET
    impression_paid_count: int | None | Unset = UNSET
    reach_paid_count: int | None | Unset = UNSET
    email_open_rate: float | None | Unset = UNSET
    email_click_rate: float | None | Unset = UNSET
    unsubscribe_count: int | None | Unset = UNSET
    spam_report_count: int | None | Unset = UNSET
    click_count: int | None | Unset = UNSET
    additional_info: EngagementAdditionalInfo | None | Unset = UNSET
    repost_count: int | None | Unset = UNSET
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
        engaged_view_count = _get("engaged_view_count", UNSET)
        replay_count = _get("replay_count", UNSET)
        watch_time_in_hours = _get("watch_time_in_hours", UNSET)
        avg_watch_time_in_sec = _get("avg_watch_time_in_sec", UNSET)
        share_count = _get("share_count", UNSET)
        impression_paid_count = _get("impression_paid_count", UNSET)
        reach_paid_count = _get("reach_paid_count", UNSET)
        email_open_rate = _get("email_open_rate", UNSET)
        email_click_rate = _get("email_click_rate", UNSET)
        unsubscribe_count = _get("unsubscribe_count", UNSET)
        spam_report_count = _get("spam_report_count", UNSET)
        click_count = _get("click_count", UNSET)
        additional_info = _get("additional_info", UNSET)
        repost_count = _get("repost_count", UNSET)
        if isinstance(additional_info, dict):
            additional_info = _read_engagement_additional_info(additional_info)
        elif additional_info is not None and additional_info is not UNSET:
            unexpected(additional_info, "ContentEngagement.additional_info")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.like_count = like_count
        _new.dislike_count = dislike_count
        _new.comment_count = comment_count
        _new.impression_organic_count = impression_organic_count
        _new.reach_organic_count = reach_organic_count
        _new.save_count = save_count
        _new.view_count = view_count
        _new.engaged_view_count = engaged_view_count
        _new.replay_count = replay_count
        _new.watch_time_in_hours = watch_time_in_hours
        _new.avg_watch_time_in_sec = avg_watch_time_in_sec
        _new.share_count = share_count
        _new.impression_paid_count = impression_paid_count
        _new.reach_paid_count = reach_paid_count
        _new.email_open_rate = email_open_rate
        _new.email_click_rate = email_click_rate
        _new.unsubscribe_count = unsubscribe_count
        _new.spam_report_count = spam_report_count
        _new.click_count = click_count
        _new.additional_info = additional_info
        _new.repost_count = repost_count
        if len(src_dict) != 21 - (
            (like_count is UNSET)
            + (dislike_count is UNSET)
            + (comment_count is UNSET)
            + (impression_organic_count is UNSET)
            + (reach_organic_count is UNSET)
            + (save_count is UNSET)
            + (view_count is UNSET)
            + (engaged_view_count is UNSET)
            + (replay_count is UNSET)
            + (watch_time_in_hours is UNSET)
            + (avg_watch_time_in_sec is UNSET)
            + (share_count is UNSET)
            + (impression_paid_count is UNSET)
            + (reach_paid_count is UNSET)
            + (email_open_rate is UNSET)
            + (email_click_rate is UNSET)
            + (unsubscribe_count is UNSET)
            + (spam_report_count is UNSET)
            + (click_count is UNSET)
            + (additional_info is UNSET)
            + (repost_count is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .engagement_additional_info import EngagementAdditionalInfo

# A class method that is looked up for each object is bound anew each time.
_read_engagement_additional_info = EngagementAdditionalInfo.from_dict
