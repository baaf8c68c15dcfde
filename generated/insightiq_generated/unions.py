# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""Objects that are one of several models, distinguished by the value of one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from . import models

if TYPE_CHECKING:
    from .models.accounts_connected_notification import AccountsConnectedNotification
    from .models.accounts_disconnected_notification import AccountsDisconnectedNotification
    from .models.accounts_removed_notification import AccountsRemovedNotification
    from .models.activity_artists_added_notification import ActivityArtistsAddedNotification
    from .models.activity_artists_updated_notification import ActivityArtistsUpdatedNotification
    from .models.activity_contents_added_notification import ActivityContentsAddedNotification
    from .models.activity_contents_updated_notification import ActivityContentsUpdatedNotification
    from .models.audience_overlap_failure_notification import AudienceOverlapFailureNotification
    from .models.audience_overlap_success_notification import AudienceOverlapSuccessNotification
    from .models.balances_added_notification import BalancesAddedNotification
    from .models.balances_updated_notification import BalancesUpdatedNotification
    from .models.comments_analytics_failure_notification import CommentsAnalyticsFailureNotification
    from .models.comments_analytics_success_notification import CommentsAnalyticsSuccessNotification
    from .models.content_comments_fetch_failure_notification import (
        ContentCommentsFetchFailureNotification,
    )
    from .models.content_comments_fetch_success_notification import (
        ContentCommentsFetchSuccessNotification,
    )
    from .models.content_groups_added_notification import ContentGroupsAddedNotification
    from .models.content_groups_updated_notification import ContentGroupsUpdatedNotification
    from .models.contents_added_notification import ContentsAddedNotification
    from .models.contents_comments_added_notification import ContentsCommentsAddedNotification
    from .models.contents_comments_updated_notification import ContentsCommentsUpdatedNotification
    from .models.contents_fetch_failure_notification import ContentsFetchFailureNotification
    from .models.contents_fetch_success_notification import ContentsFetchSuccessNotification
    from .models.contents_publish_failure_notification import ContentsPublishFailureNotification
    from .models.contents_publish_ready_notification import ContentsPublishReadyNotification
    from .models.contents_publish_success_notification import ContentsPublishSuccessNotification
    from .models.contents_updated_notification import ContentsUpdatedNotification
    from .models.creator_search_export_failure_notification import (
        CreatorSearchExportFailureNotification,
    )
    from .models.creator_search_export_success_notification import (
        CreatorSearchExportSuccessNotification,
    )
    from .models.email_lookup_failure_notification import EmailLookupFailureNotification
    from .models.email_lookup_success_notification import EmailLookupSuccessNotification
    from .models.payouts_added_notification import PayoutsAddedNotification
    from .models.payouts_updated_notification import PayoutsUpdatedNotification
    from .models.profile_analytics_failure_notification import ProfileAnalyticsFailureNotification
    from .models.profile_analytics_success_notification import ProfileAnalyticsSuccessNotification
    from .models.profile_comments_analytics_failure_notification import (
        ProfileCommentsAnalyticsFailureNotification,
    )
    from .models.profile_comments_analytics_success_notification import (
        ProfileCommentsAnalyticsSuccessNotification,
    )
    from .models.profiles_added_notification import ProfilesAddedNotification
    from .models.profiles_audience_added_notification import ProfilesAudienceAddedNotification
    from .models.profiles_audience_updated_notification import ProfilesAudienceUpdatedNotification
    from .models.profiles_updated_notification import ProfilesUpdatedNotification
    from .models.session_expired_notification import SessionExpiredNotification
    from .models.transactions_added_notification import TransactionsAddedNotification
    from .models.transactions_updated_notification import TransactionsUpdatedNotification

    WebhookNotification: TypeAlias = (
        AccountsConnectedNotification
        | AccountsDisconnectedNotification
        | AccountsRemovedNotification
        | SessionExpiredNotification
        | ProfilesAddedNotification
        | ProfilesUpdatedNotification
        | ProfilesAudienceAddedNotification
        | ProfilesAudienceUpdatedNotification
        | ContentsAddedNotification
        | ContentsUpdatedNotification
        | ContentsCommentsAddedNotification
        | ContentsCommentsUpdatedNotification
        | ContentGroupsAddedNotification
        | ContentGroupsUpdatedNotification
        | TransactionsAddedNotification
        | TransactionsUpdatedNotification
        | PayoutsAddedNotification
        | PayoutsUpdatedNotification
        | BalancesAddedNotification
        | BalancesUpdatedNotification
        | ContentsPublishReadyNotification
        | ContentsPublishSuccessNotification
        | ContentsPublishFailureNotification
        | ActivityArtistsAddedNotification
        | ActivityArtistsUpdatedNotification
        | ActivityContentsAddedNotification
        | ActivityContentsUpdatedNotification
        | CreatorSearchExportSuccessNotification
        | CreatorSearchExportFailureNotification
        | ProfileAnalyticsSuccessNotification
        | ProfileAnalyticsFailureNotification
        | EmailLookupSuccessNotification
        | EmailLookupFailureNotification
        | AudienceOverlapSuccessNotification
        | AudienceOverlapFailureNotification
        | ContentsFetchSuccessNotification
        | ContentsFetchFailureNotification
        | ContentCommentsFetchSuccessNotification
        | ContentCommentsFetchFailureNotification
        | CommentsAnalyticsSuccessNotification
        | CommentsAnalyticsFailureNotification
        | ProfileCommentsAnalyticsSuccessNotification
        | ProfileCommentsAnalyticsFailureNotification
    )

__all__ = [
    "WEBHOOK_NOTIFICATION_CLASSES",
    "parse_webhook_notification",
]


WEBHOOK_NOTIFICATION_CLASSES: Final[Mapping[str, str]] = {
    "ACCOUNTS.CONNECTED": "AccountsConnectedNotification",
    "ACCOUNTS.DISCONNECTED": "AccountsDisconnectedNotification",
    "ACCOUNTS.REMOVED": "AccountsRemovedNotification",
    "SESSION.EXPIRED": "SessionExpiredNotification",
    "PROFILES.ADDED": "ProfilesAddedNotification",
    "PROFILES.UPDATED": "ProfilesUpdatedNotification",
    "PROFILES_AUDIENCE.ADDED": "ProfilesAudienceAddedNotification",
    "PROFILES_AUDIENCE.UPDATED": "ProfilesAudienceUpdatedNotification",
    "CONTENTS.ADDED": "ContentsAddedNotification",
    "CONTENTS.UPDATED": "ContentsUpdatedNotification",
    "CONTENTS_COMMENTS.ADDED": "ContentsCommentsAddedNotification",
    "CONTENTS_COMMENTS.UPDATED": "ContentsCommentsUpdatedNotification",
    "CONTENT-GROUPS.ADDED": "ContentGroupsAddedNotification",
    "CONTENT-GROUPS.UPDATED": "ContentGroupsUpdatedNotification",
    "TRANSACTIONS.ADDED": "TransactionsAddedNotification",
    "TRANSACTIONS.UPDATED": "TransactionsUpdatedNotification",
    "PAYOUTS.ADDED": "PayoutsAddedNotification",
    "PAYOUTS.UPDATED": "PayoutsUpdatedNotification",
    "BALANCES.ADDED": "BalancesAddedNotification",
    "BALANCES.UPDATED": "BalancesUpdatedNotification",
    "CONTENTS.PUBLISH_READY": "ContentsPublishReadyNotification",
    "CONTENTS.PUBLISH_SUCCESS": "ContentsPublishSuccessNotification",
    "CONTENTS.PUBLISH_FAILURE": "ContentsPublishFailureNotification",
    "ACTIVITY-ARTISTS.ADDED": "ActivityArtistsAddedNotification",
    "ACTIVITY-ARTISTS.UPDATED": "ActivityArtistsUpdatedNotification",
    "ACTIVITY-CONTENTS.ADDED": "ActivityContentsAddedNotification",
    "ACTIVITY-CONTENTS.UPDATED": "ActivityContentsUpdatedNotification",
    "CREATOR_SEARCH_EXPORT.SUCCESS": "CreatorSearchExportSuccessNotification",
    "CREATOR_SEARCH_EXPORT.FAILURE": "CreatorSearchExportFailureNotification",
    "PROFILE_ANALYTICS.SUCCESS": "ProfileAnalyticsSuccessNotification",
    "PROFILE_ANALYTICS.FAILURE": "ProfileAnalyticsFailureNotification",
    "EMAIL_LOOKUP.SUCCESS": "EmailLookupSuccessNotification",
    "EMAIL_LOOKUP.FAILURE": "EmailLookupFailureNotification",
    "AUDIENCE_OVERLAP.SUCCESS": "AudienceOverlapSuccessNotification",
    "AUDIENCE_OVERLAP.FAILURE": "AudienceOverlapFailureNotification",
    "CONTENTS_FETCH.SUCCESS": "ContentsFetchSuccessNotification",
    "CONTENTS_FETCH.FAILURE": "ContentsFetchFailureNotification",
    "CONTENT_COMMENTS_FETCH.SUCCESS": "ContentCommentsFetchSuccessNotification",
    "CONTENT_COMMENTS_FETCH.FAILURE": "ContentCommentsFetchFailureNotification",
    "COMMENTS_ANALYTICS.SUCCESS": "CommentsAnalyticsSuccessNotification",
    "COMMENTS_ANALYTICS.FAILURE": "CommentsAnalyticsFailureNotification",
    "PROFILE_COMMENTS_ANALYTICS.SUCCESS": "ProfileCommentsAnalyticsSuccessNotification",
    "PROFILE_COMMENTS_ANALYTICS.FAILURE": "ProfileCommentsAnalyticsFailureNotification",
}
"""Name of the class for each value of ``event``."""


def parse_webhook_notification(data: Mapping[str, Any]) -> WebhookNotification | None:
    """Any notification that a webhook can receive; `event` says which.

    Returns:
        The model that ``event`` names, None where the document does not know its value.
    """
    name = WEBHOOK_NOTIFICATION_CLASSES.get(str(data.get("event")))
    if name is None:
        return None
    found: WebhookNotification = getattr(models, name).from_dict(data)
    return found
