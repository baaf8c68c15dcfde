# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``ContentGroup``."""

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

__all__ = ["ContentGroup"]

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
    "published_at",
    "platform_profile_id",
    "platform_profile_name",
    "item_count",
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
    "visibility",
    "published_at",
    "item_count",
)


@_define(repr=False, kw_only=True)
class ContentGroup(Model):
    """Several items that belong together: a carousel, a playlist.

    Attributes:
        id: Identifier of the group.
        created_at: Time at which InsightIQ first stored the group.
        updated_at: Time at which InsightIQ last changed the group.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        engagement: Metrics.
        external_id: Identifier of the group on the platform.
        title: Title, or null where it has none (ASSUMPTION, after contents).
        format: Medium.
        type: The platform's own kind.
        url: Address of the group on the platform.
        description: Description.
        visibility: Visibility on the platform.
        thumbnail_url: Address of a preview picture.
        persistent_thumbnail_url: Address of the vendor's lasting copy of the preview picture. Not
            in the vendor's documents.
        published_at: Time at which the group was published.
        platform_profile_id: Identifier of the profile on the platform, or null.
        platform_profile_name: Name that the profile shows, or null.
        item_count: Number of items. 0 or more.
        media_url: Address of the first media file.
        media_urls: Addresses of the media files.
        hashtags: Hashtags with their `#`. Not in the vendor's documents.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "account": "account",
        "work_platform": "work_platform",
        "engagement": "engagement",
        "external_id": "external_id",
        "title": "title",
        "format": "format",
        "type": "type",
        "url": "url",
        "description": "description",
        "visibility": "visibility",
        "thumbnail_url": "thumbnail_url",
        "persistent_thumbnail_url": "persistent_thumbnail_url",
        "published_at": "published_at",
        "platform_profile_id": "platform_profile_id",
        "platform_profile_name": "platform_profile_name",
        "item_count": "item_count",
        "media_url": "media_url",
        "media_urls": "media_urls",
        "hashtags": "hashtags",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    engagement: ContentGroupEngagement
    external_id: str
    title: str | None
    type: ContentGroupType
    published_at: datetime.datetime
    platform_profile_id: str | None
    platform_profile_name: str | None
    item_count: int
    format: ContentGroupFormat | Unset = UNSET
    url: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    visibility: ContentVisibility | Unset = UNSET
    thumbnail_url: str | None | Unset = UNSET
    persistent_thumbnail_url: str | None | Unset = UNSET
    media_url: str | None | Unset = UNSET
    media_urls: list[str] | None | Unset = UNSET
    hashtags: list[str] | None | Unset = UNSET
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
                published_at,
                platform_profile_id,
                platform_profile_name,
                item_count,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "ContentGroup")
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
                published_at,
                platform_profile_id,
                platform_profile_name,
                item_count,
            ) = _required(src_dict)
        _get = src_dict.get
        format = _get("format", UNSET)
        url = _get("url", UNSET)
        description = _get("description", UNSET)
        visibility = _get("visibility", UNSET)
        thumbnail_url = _get("thumbnail_url", UNSET)
        persistent_thumbnail_url = _get("persistent_thumbnail_url", UNSET)
        media_url = _get("media_url", UNSET)
        media_urls = _get("media_urls", UNSET)
        hashtags = _get("hashtags", UNSET)
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
            or visibility is None
            or published_at is None
            or item_count is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "ContentGroup")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "ContentGroup.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "ContentGroup.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "ContentGroup.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "ContentGroup.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "ContentGroup.work_platform")
        if isinstance(engagement, dict):
            engagement = _read_content_group_engagement(engagement)
        elif engagement is not None and engagement is not UNSET:
            unexpected(engagement, "ContentGroup.engagement")
        if isinstance(format, str):
            format = CONTENT_GROUP_FORMAT_BY_VALUE[format]
        elif format is not None and format is not UNSET:
            unexpected(format, "ContentGroup.format")
        if isinstance(type, str):
            type = CONTENT_GROUP_TYPE_BY_VALUE[type]
        elif type is not None and type is not UNSET:
            unexpected(type, "ContentGroup.type")
        if isinstance(visibility, str):
            visibility = CONTENT_VISIBILITY_BY_VALUE[visibility]
        elif visibility is not None and visibility is not UNSET:
            unexpected(visibility, "ContentGroup.visibility")
        if published_at is not None and published_at is not UNSET:
            try:
                published_at = from_iso_format(published_at + "Z")
            except (TypeError, ValueError):
                published_at = parse_odd_datetime(published_at, "ContentGroup.published_at")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.engagement = engagement
        _new.external_id = external_id
        _new.title = title
        _new.format = format
        _new.type = type
        _new.url = url
        _new.description = description
        _new.visibility = visibility
        _new.thumbnail_url = thumbnail_url
        _new.persistent_thumbnail_url = persistent_thumbnail_url
        _new.published_at = published_at
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_name = platform_profile_name
        _new.item_count = item_count
        _new.media_url = media_url
        _new.media_urls = media_urls
        _new.hashtags = hashtags
        if len(src_dict) != 23 - (
            (format is UNSET)
            + (url is UNSET)
            + (description is UNSET)
            + (visibility is UNSET)
            + (thumbnail_url is UNSET)
            + (persistent_thumbnail_url is UNSET)
            + (media_url is UNSET)
            + (media_urls is UNSET)
            + (hashtags is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .content_group_engagement import ContentGroupEngagement
from .content_group_format import CONTENT_GROUP_FORMAT_BY_VALUE, ContentGroupFormat
from .content_group_type import CONTENT_GROUP_TYPE_BY_VALUE, ContentGroupType
from .content_visibility import CONTENT_VISIBILITY_BY_VALUE, ContentVisibility
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_content_group_engagement = ContentGroupEngagement.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
