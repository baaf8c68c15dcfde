# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Content``."""

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

__all__ = ["Content"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "engagement",
    "external_id",
    "title",
    "type",
    "url",
    "duration",
    "published_at",
    "platform_profile_id",
    "platform_profile_name",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "engagement",
    "external_id",
    "format",
    "type",
    "url",
    "visibility",
    "published_at",
    "platform_profile_id",
    "platform_profile_name",
)


@_define(repr=False, kw_only=True)
class Content(Model):
    """An item that a creator published: a video, a post, a story, a reel, a newsletter. What a
    platform does not give is null.

    Attributes:
        id: Identifier of the item.
        created_at: Time at which InsightIQ first stored the item.
        updated_at: Time at which InsightIQ last changed the item.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        engagement: Metrics.
        authors: Authors of a newsletter item.
        audience: Subscribers who can read a newsletter item; not demographics.
        platform: Channel in which a newsletter item was published.
        external_id: Identifier of the item on the platform, of any shape.
        title: Title; the caption on Instagram and TikTok; null on a story without text.
        format: Medium.
        type: The platform's own kind.
        url: Address of the item on the platform.
        media_url: Address of the media file; on TikTok of a player page; null on YouTube.
        duration: Length in seconds; YouTube and TikTok. 0 or more.
        description: Description.
        visibility: Visibility on the platform.
        thumbnail_url: Address of a preview picture; on an Instagram story the page of the story.
        persistent_thumbnail_url: Address of the vendor's lasting copy of the preview picture.
        published_at: Time at which the item was published; the fraction is zero.
        platform_profile_id: Identifier of the profile on the platform.
        platform_profile_name: Name that the profile shows.
        sponsored: Whether it is sponsored.
        collaboration: Whether it was made with others.
        is_owned_by_platform_user: Whether the item belongs to the profile itself; true wherever it
            was seen.
        hashtags: Hashtags with their `#`; null where there are none.
        content_tags: Tags set on the platform; null where there are none.
        mentions: Mentions with their `@`; null where there are none.
        media_urls: Addresses of the media files of a post with several; empty where there are none.
            Not in the vendor's documents.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "account": "account",
        "work_platform": "work_platform",
        "engagement": "engagement",
        "authors": "authors",
        "audience": "audience",
        "platform": "platform",
        "external_id": "external_id",
        "title": "title",
        "format": "format",
        "type": "type",
        "url": "url",
        "media_url": "media_url",
        "duration": "duration",
        "description": "description",
        "visibility": "visibility",
        "thumbnail_url": "thumbnail_url",
        "persistent_thumbnail_url": "persistent_thumbnail_url",
        "published_at": "published_at",
        "platform_profile_id": "platform_profile_id",
        "platform_profile_name": "platform_profile_name",
        "sponsored": "sponsored",
        "collaboration": "collaboration",
        "is_owned_by_platform_user": "is_owned_by_platform_user",
        "hashtags": "hashtags",
        "content_tags": "content_tags",
        "mentions": "mentions",
        "media_urls": "media_urls",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    engagement: ContentEngagement
    external_id: str
    title: str | None
    type: ContentType
    url: str
    duration: int | None
    published_at: datetime.datetime
    platform_profile_id: str
    platform_profile_name: str
    authors: list[str] | None | Unset = UNSET
    audience: ContentAccessLevel | None | Unset = UNSET
    platform: ContentChannel | None | Unset = UNSET
    format: ContentFormat | Unset = UNSET
    media_url: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    visibility: ContentVisibility | Unset = UNSET
    thumbnail_url: str | None | Unset = UNSET
    persistent_thumbnail_url: str | None | Unset = UNSET
    sponsored: ContentSponsorship | None | Unset = UNSET
    collaboration: ContentCollaboration | None | Unset = UNSET
    is_owned_by_platform_user: bool | None | Unset = UNSET
    hashtags: list[str] | None | Unset = UNSET
    content_tags: list[str] | None | Unset = UNSET
    mentions: list[str] | None | Unset = UNSET
    media_urls: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                engagement,
                external_id,
                title,
                type,
                url,
                duration,
                published_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Content")
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                engagement,
                external_id,
                title,
                type,
                url,
                duration,
                published_at,
                platform_profile_id,
                platform_profile_name,
            ) = _required(src_dict)
        _get = src_dict.get
        authors = _get("authors", UNSET)
        audience = _get("audience", UNSET)
        platform = _get("platform", UNSET)
        format = _get("format", UNSET)
        media_url = _get("media_url", UNSET)
        description = _get("description", UNSET)
        visibility = _get("visibility", UNSET)
        thumbnail_url = _get("thumbnail_url", UNSET)
        persistent_thumbnail_url = _get("persistent_thumbnail_url", UNSET)
        sponsored = _get("sponsored", UNSET)
        collaboration = _get("collaboration", UNSET)
        is_owned_by_platform_user = _get("is_owned_by_platform_user", UNSET)
        hashtags = _get("hashtags", UNSET)
        content_tags = _get("content_tags", UNSET)
        mentions = _get("mentions", UNSET)
        media_urls = _get("media_urls", UNSET)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or account is None
            or work_platform is None
            or engagement is None
            or external_id is None
            or format is None
            or type is None
            or url is None
            or visibility is None
            or published_at is None
            or platform_profile_id is None
            or platform_profile_name is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Content")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Content.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Content.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Content.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "Content.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Content.work_platform")
        if isinstance(engagement, dict):
            engagement = _read_content_engagement(engagement)
        elif engagement is not None and engagement is not UNSET:
            unexpected(engagement, "Content.engagement")
        if isinstance(audience, str):
            audience = CONTENT_ACCESS_LEVEL_BY_VALUE[audience]
        elif audience is not None and audience is not UNSET:
            unexpected(audience, "Content.audience")
        if isinstance(platform, str):
            platform = CONTENT_CHANNEL_BY_VALUE[platform]
        elif platform is not None and platform is not UNSET:
            unexpected(platform, "Content.platform")
        if isinstance(format, str):
            format = CONTENT_FORMAT_BY_VALUE[format]
        elif format is not None and format is not UNSET:
            unexpected(format, "Content.format")
        if isinstance(type, str):
            type = CONTENT_TYPE_BY_VALUE[type]
        elif type is not None and type is not UNSET:
            unexpected(type, "Content.type")
        if isinstance(visibility, str):
            visibility = CONTENT_VISIBILITY_BY_VALUE[visibility]
        elif visibility is not None and visibility is not UNSET:
            unexpected(visibility, "Content.visibility")
        if published_at is not None and published_at is not UNSET:
            try:
                published_at = from_iso_format(published_at + "Z")
            except (TypeError, ValueError):
                published_at = parse_odd_datetime(published_at, "Content.published_at")
        if isinstance(sponsored, dict):
            sponsored = _read_content_sponsorship(sponsored)
        elif sponsored is not None and sponsored is not UNSET:
            unexpected(sponsored, "Content.sponsored")
        if isinstance(collaboration, dict):
            collaboration = _read_content_collaboration(collaboration)
        elif collaboration is not None and collaboration is not UNSET:
            unexpected(collaboration, "Content.collaboration")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.engagement = engagement
        _new.authors = authors
        _new.audience = audience
        _new.platform = platform
        _new.external_id = external_id
        _new.title = title
        _new.format = format
        _new.type = type
        _new.url = url
        _new.media_url = media_url
        _new.duration = duration
        _new.description = description
        _new.visibility = visibility
        _new.thumbnail_url = thumbnail_url
        _new.persistent_thumbnail_url = persistent_thumbnail_url
        _new.published_at = published_at
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_name = platform_profile_name
        _new.sponsored = sponsored
        _new.collaboration = collaboration
        _new.is_owned_by_platform_user = is_owned_by_platform_user
        _new.hashtags = hashtags
        _new.content_tags = content_tags
        _new.mentions = mentions
        _new.media_urls = media_urls
        if len(src_dict) != 31 - (
            (authors is UNSET)
            + (audience is UNSET)
            + (platform is UNSET)
            + (format is UNSET)
            + (media_url is UNSET)
            + (description is UNSET)
            + (visibility is UNSET)
            + (thumbnail_url is UNSET)
            + (persistent_thumbnail_url is UNSET)
            + (sponsored is UNSET)
            + (collaboration is UNSET)
            + (is_owned_by_platform_user is UNSET)
            + (hashtags is UNSET)
            + (content_tags is UNSET)
            + (mentions is UNSET)
            + (media_urls is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .content_access_level import CONTENT_ACCESS_LEVEL_BY_VALUE, ContentAccessLevel
from .content_channel import CONTENT_CHANNEL_BY_VALUE, ContentChannel
from .content_collaboration import ContentCollaboration
from .content_engagement import ContentEngagement
from .content_format import CONTENT_FORMAT_BY_VALUE, ContentFormat
from .content_sponsorship import ContentSponsorship
from .content_type import CONTENT_TYPE_BY_VALUE, ContentType
from .content_visibility import CONTENT_VISIBILITY_BY_VALUE, ContentVisibility
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_content_collaboration = ContentCollaboration.from_dict
_read_content_engagement = ContentEngagement.from_dict
_read_content_sponsorship = ContentSponsorship.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
