# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Comment``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import (
    UNSET,
    Model,
    Unset,
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["Comment"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "published_at",
    "user",
    "account",
    "work_platform",
    "content",
    "external_id",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "published_at",
    "user",
    "account",
    "work_platform",
    "content",
    "external_id",
)


@_define(repr=False, kw_only=True)
class Comment(Model):
    """A comment under a content item.

    Attributes:
        id: Identifier of the comment.
        created_at: Time at which InsightIQ first stored the comment.
        updated_at: Time at which InsightIQ last changed the comment.
        published_at: Time at which the comment was written.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        content: The item that it stands under.
        external_id: Identifier of the comment on the platform, of any shape.
        text: What it says.
        commenter_username: Handle of the writer; filled by no platform at present.
        commenter_display_name: Name of the writer; filled by no platform at present.
        commenter_id: Identifier of the writer on the platform; YouTube.
        commenter_profile_url: Address of the writer's profile; YouTube.
        like_count: Likes; YouTube and Instagram. 0 or more.
        reply_count: Replies; YouTube and Instagram. 0 or more.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "published_at": "published_at",
        "user": "user",
        "account": "account",
        "work_platform": "work_platform",
        "content": "content",
        "external_id": "external_id",
        "text": "text",
        "commenter_username": "commenter_username",
        "commenter_display_name": "commenter_display_name",
        "commenter_id": "commenter_id",
        "commenter_profile_url": "commenter_profile_url",
        "like_count": "like_count",
        "reply_count": "reply_count",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime | None
    published_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    content: ContentReference
    external_id: str
    text: str | None | Unset = UNSET
    commenter_username: str | None | Unset = UNSET
    commenter_display_name: str | None | Unset = UNSET
    commenter_id: str | None | Unset = UNSET
    commenter_profile_url: str | None | Unset = UNSET
    like_count: int | None | Unset = UNSET
    reply_count: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            (
                id,
                created_at,
                updated_at,
                published_at,
                user,
                account,
                work_platform,
                content,
                external_id,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Comment")
            (
                id,
                created_at,
                updated_at,
                published_at,
                user,
                account,
                work_platform,
                content,
                external_id,
            ) = _required(src_dict)
        _get = src_dict.get
        text = _get("text", UNSET)
        commenter_username = _get("commenter_username", UNSET)
        commenter_display_name = _get("commenter_display_name", UNSET)
        commenter_id = _get("commenter_id", UNSET)
        commenter_profile_url = _get("commenter_profile_url", UNSET)
        like_count = _get("like_count", UNSET)
        reply_count = _get("reply_count", UNSET)
        if (
            id is None
            or created_at is None
            or published_at is None
            or user is None
            or account is None
            or work_platform is None
            or content is None
            or external_id is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Comment")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Comment.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Comment.updated_at")
        if published_at is not None and published_at is not UNSET:
            try:
                published_at = from_iso_format(published_at + "Z")
            except (TypeError, ValueError):
                published_at = parse_odd_datetime(published_at, "Comment.published_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Comment.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "Comment.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Comment.work_platform")
        if isinstance(content, dict):
            content = _read_content_reference(content)
        elif content is not None and content is not UNSET:
            unexpected(content, "Comment.content")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.published_at = published_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.content = content
        _new.external_id = external_id
        _new.text = text
        _new.commenter_username = commenter_username
        _new.commenter_display_name = commenter_display_name
        _new.commenter_id = commenter_id
        _new.commenter_profile_url = commenter_profile_url
        _new.like_count = like_count
        _new.reply_count = reply_count
        if len(src_dict) != 16 - (
            (text is UNSET)
            + (commenter_username is UNSET)
            + (commenter_display_name is UNSET)
            + (commenter_id is UNSET)
            + (commenter_profile_url is UNSET)
            + (like_count is UNSET)
            + (reply_count is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .content_reference import ContentReference
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_content_reference = ContentReference.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
