# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``EngagementAdditionalInfo``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import UNSET, Model, Unset, report_nulls, unexpected

__all__ = ["EngagementAdditionalInfo"]

_make = object.__new__

_NEVER_NULL = ("story_navigation",)


@_define(repr=False, kw_only=True)
class EngagementAdditionalInfo(Model):
    """Actions that an Instagram story led to; null for everything else.

    Attributes:
        profile_visits: Visits of the profile. 0 or more.
        bio_link_clicked: Clicks on the link in the profile. 0 or more.
        followers_gained: New followers. 0 or more.
        story_navigation: Navigation of the viewers.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "profile_visits": "profile_visits",
        "bio_link_clicked": "bio_link_clicked",
        "followers_gained": "followers_gained",
        "story_navigation": "story_navigation",
    }

    profile_visits: int | None | Unset = UNSET
    bio_link_clicked: int | None | Unset = UNSET
    followers_gained: int | None | Unset = UNSET
    story_navigation: StoryNavigation | Unset = UNSET
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        _get = src_dict.get
        profile_visits = _get("profile_visits", UNSET)
        bio_link_clicked = _get("bio_link_clicked", UNSET)
        followers_gained = _get("followers_gained", UNSET)
        story_navigation = _get("story_navigation", UNSET)
        if story_navigation is None:
            report_nulls(src_dict, _NEVER_NULL, "EngagementAdditionalInfo")
        if isinstance(story_navigation, dict):
            story_navigation = _read_story_navigation(story_navigation)
        elif story_navigation is not None and story_navigation is not UNSET:
            unexpected(story_navigation, "EngagementAdditionalInfo.story_navigation")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.profile_visits = profile_visits
        _new.bio_link_clicked = bio_link_clicked
        _new.followers_gained = followers_gained
        _new.story_navigation = story_navigation
        if len(src_dict) != 4 - (
            (profile_visits is UNSET)
            + (bio_link_clicked is UNSET)
            + (followers_gained is UNSET)
            + (story_navigation is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .story_navigation import StoryNavigation

# A class method that is looked up for each object is bound anew each time.
_read_story_navigation = StoryNavigation.from_dict
