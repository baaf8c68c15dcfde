# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""The data classes of the document, each loaded when it is first asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .account import Account
    from .account_data import AccountData
    from .account_list import AccountList
    from .account_notification_data import AccountNotificationData
    from .account_reference import AccountReference
    from .account_status import AccountStatus
    from .account_update_data import AccountUpdateData
    from .account_update_request import AccountUpdateRequest
    from .accounts_connected_notification import AccountsConnectedNotification
    from .accounts_disconnected_notification import AccountsDisconnectedNotification
    from .accounts_removed_notification import AccountsRemovedNotification
    from .activity_artists_added_notification import ActivityArtistsAddedNotification
    from .activity_artists_updated_notification import ActivityArtistsUpdatedNotification
    from .activity_contents_added_notification import ActivityContentsAddedNotification
    from .activity_contents_updated_notification import ActivityContentsUpdatedNotification
    from .audience import Audience
    from .audience_city import AudienceCity
    from .audience_country import AudienceCountry
    from .audience_gender import AudienceGender
    from .audience_gender_age import AudienceGenderAge
    from .audience_overlap_failure_notification import AudienceOverlapFailureNotification
    from .audience_overlap_success_notification import AudienceOverlapSuccessNotification
    from .audience_sync_state import AudienceSyncState
    from .balance import Balance
    from .balance_amount import BalanceAmount
    from .balance_list import BalanceList
    from .balance_search_result import BalanceSearchResult
    from .balances_added_notification import BalancesAddedNotification
    from .balances_updated_notification import BalancesUpdatedNotification
    from .bank_details import BankDetails
    from .certification import Certification
    from .comment import Comment
    from .comment_list import CommentList
    from .comments_analytics_failure_notification import CommentsAnalyticsFailureNotification
    from .comments_analytics_success_notification import CommentsAnalyticsSuccessNotification
    from .commerce_transaction import CommerceTransaction
    from .commerce_transaction_list import CommerceTransactionList
    from .commerce_transaction_search_result import CommerceTransactionSearchResult
    from .commerce_transaction_status import CommerceTransactionStatus
    from .commerce_transaction_type import CommerceTransactionType
    from .company import Company
    from .contact_type import ContactType
    from .content import Content
    from .content_access_level import ContentAccessLevel
    from .content_channel import ContentChannel
    from .content_collaboration import ContentCollaboration
    from .content_comments_fetch_failure_notification import ContentCommentsFetchFailureNotification
    from .content_comments_fetch_success_notification import ContentCommentsFetchSuccessNotification
    from .content_engagement import ContentEngagement
    from .content_format import ContentFormat
    from .content_group import ContentGroup
    from .content_group_engagement import ContentGroupEngagement
    from .content_group_format import ContentGroupFormat
    from .content_group_list import ContentGroupList
    from .content_group_search_result import ContentGroupSearchResult
    from .content_group_type import ContentGroupType
    from .content_groups_added_notification import ContentGroupsAddedNotification
    from .content_groups_updated_notification import ContentGroupsUpdatedNotification
    from .content_list import ContentList
    from .content_reference import ContentReference
    from .content_search_result import ContentSearchResult
    from .content_sponsorship import ContentSponsorship
    from .content_type import ContentType
    from .content_visibility import ContentVisibility
    from .contents_added_notification import ContentsAddedNotification
    from .contents_comments_added_notification import ContentsCommentsAddedNotification
    from .contents_comments_updated_notification import ContentsCommentsUpdatedNotification
    from .contents_fetch_failure_notification import ContentsFetchFailureNotification
    from .contents_fetch_success_notification import ContentsFetchSuccessNotification
    from .contents_publish_failure_notification import ContentsPublishFailureNotification
    from .contents_publish_ready_notification import ContentsPublishReadyNotification
    from .contents_publish_success_notification import ContentsPublishSuccessNotification
    from .contents_updated_notification import ContentsUpdatedNotification
    from .creator_search_export_failure_notification import CreatorSearchExportFailureNotification
    from .creator_search_export_success_notification import CreatorSearchExportSuccessNotification
    from .day_of_year import DayOfYear
    from .disconnected_account import DisconnectedAccount
    from .disconnection_source import DisconnectionSource
    from .education import Education
    from .email_lookup_failure_notification import EmailLookupFailureNotification
    from .email_lookup_success_notification import EmailLookupSuccessNotification
    from .employee_count import EmployeeCount
    from .engagement_additional_info import EngagementAdditionalInfo
    from .engagement_sync_state import EngagementSyncState
    from .error import Error
    from .error_response import ErrorResponse
    from .fetch_historic_accepted import FetchHistoricAccepted
    from .fetch_historic_request import FetchHistoricRequest
    from .gender import Gender
    from .historical_sync_state import HistoricalSyncState
    from .honor import Honor
    from .identity_sync_state import IdentitySyncState
    from .items_notification_data import ItemsNotificationData
    from .job_notification_data import JobNotificationData
    from .list_metadata import ListMetadata
    from .location import Location
    from .monitoring_setting import MonitoringSetting
    from .monitoring_setting_with_audience import MonitoringSettingWithAudience
    from .monitoring_type import MonitoringType
    from .month_of_year import MonthOfYear
    from .payout import Payout
    from .payout_interval import PayoutInterval
    from .payout_list import PayoutList
    from .payout_search_result import PayoutSearchResult
    from .payout_status import PayoutStatus
    from .payouts_added_notification import PayoutsAddedNotification
    from .payouts_updated_notification import PayoutsUpdatedNotification
    from .product import Product
    from .product_support import ProductSupport
    from .product_support_with_audience import ProductSupportWithAudience
    from .profile import Profile
    from .profile_address import ProfileAddress
    from .profile_analytics_failure_notification import ProfileAnalyticsFailureNotification
    from .profile_analytics_success_notification import ProfileAnalyticsSuccessNotification
    from .profile_comments_analytics_failure_notification import (
        ProfileCommentsAnalyticsFailureNotification,
    )
    from .profile_comments_analytics_success_notification import (
        ProfileCommentsAnalyticsSuccessNotification,
    )
    from .profile_email import ProfileEmail
    from .profile_list import ProfileList
    from .profile_notification_data import ProfileNotificationData
    from .profile_phone_number import ProfilePhoneNumber
    from .profile_reputation import ProfileReputation
    from .profiles_added_notification import ProfilesAddedNotification
    from .profiles_audience_added_notification import ProfilesAudienceAddedNotification
    from .profiles_audience_updated_notification import ProfilesAudienceUpdatedNotification
    from .profiles_updated_notification import ProfilesUpdatedNotification
    from .project import Project
    from .publication import Publication
    from .publish_notification_data import PublishNotificationData
    from .publish_sync_state import PublishSyncState
    from .refresh_accepted import RefreshAccepted
    from .refresh_request import RefreshRequest
    from .school import School
    from .sdk_token import SdkToken
    from .sdk_token_create_request import SdkTokenCreateRequest
    from .search_request import SearchRequest
    from .session_expired_notification import SessionExpiredNotification
    from .social_transaction import SocialTransaction
    from .social_transaction_list import SocialTransactionList
    from .social_transaction_search_result import SocialTransactionSearchResult
    from .social_transaction_type import SocialTransactionType
    from .story_navigation import StoryNavigation
    from .sync_status import SyncStatus
    from .time_period import TimePeriod
    from .transactions_added_notification import TransactionsAddedNotification
    from .transactions_updated_notification import TransactionsUpdatedNotification
    from .user import User
    from .user_create_request import UserCreateRequest
    from .user_list import UserList
    from .user_reference import UserReference
    from .user_status import UserStatus
    from .volunteer_experience import VolunteerExperience
    from .webhook import Webhook
    from .webhook_create_request import WebhookCreateRequest
    from .webhook_event import WebhookEvent
    from .webhook_list import WebhookList
    from .webhook_send_data import WebhookSendData
    from .webhook_send_payload import WebhookSendPayload
    from .webhook_send_request import WebhookSendRequest
    from .webhook_update_request import WebhookUpdateRequest
    from .work_experience import WorkExperience
    from .work_platform import WorkPlatform
    from .work_platform_category import WorkPlatformCategory
    from .work_platform_list import WorkPlatformList
    from .work_platform_products import WorkPlatformProducts
    from .work_platform_reference import WorkPlatformReference
    from .work_platform_status import WorkPlatformStatus

__all__ = [
    "Account",
    "AccountData",
    "AccountList",
    "AccountNotificationData",
    "AccountReference",
    "AccountStatus",
    "AccountUpdateData",
    "AccountUpdateRequest",
    "AccountsConnectedNotification",
    "AccountsDisconnectedNotification",
    "AccountsRemovedNotification",
    "ActivityArtistsAddedNotification",
    "ActivityArtistsUpdatedNotification",
    "ActivityContentsAddedNotification",
    "ActivityContentsUpdatedNotification",
    "Audience",
    "AudienceCity",
    "AudienceCountry",
    "AudienceGender",
    "AudienceGenderAge",
    "AudienceOverlapFailureNotification",
    "AudienceOverlapSuccessNotification",
    "AudienceSyncState",
    "Balance",
    "BalanceAmount",
    "BalanceList",
    "BalanceSearchResult",
    "BalancesAddedNotification",
    "BalancesUpdatedNotification",
    "BankDetails",
    "Certification",
    "Comment",
    "CommentList",
    "CommentsAnalyticsFailureNotification",
    "CommentsAnalyticsSuccessNotification",
    "CommerceTransaction",
    "CommerceTransactionList",
    "CommerceTransactionSearchResult",
    "CommerceTransactionStatus",
    "CommerceTransactionType",
    "Company",
    "ContactType",
    "Content",
    "ContentAccessLevel",
    "ContentChannel",
    "ContentCollaboration",
    "ContentCommentsFetchFailureNotification",
    "ContentCommentsFetchSuccessNotification",
    "ContentEngagement",
    "ContentFormat",
    "ContentGroup",
    "ContentGroupEngagement",
    "ContentGroupFormat",
    "ContentGroupList",
    "ContentGroupSearchResult",
    "ContentGroupType",
    "ContentGroupsAddedNotification",
    "ContentGroupsUpdatedNotification",
    "ContentList",
    "ContentReference",
    "ContentSearchResult",
    "ContentSponsorship",
    "ContentType",
    "ContentVisibility",
    "ContentsAddedNotification",
    "ContentsCommentsAddedNotification",
    "ContentsCommentsUpdatedNotification",
    "ContentsFetchFailureNotification",
    "ContentsFetchSuccessNotification",
    "ContentsPublishFailureNotification",
    "ContentsPublishReadyNotification",
    "ContentsPublishSuccessNotification",
    "ContentsUpdatedNotification",
    "CreatorSearchExportFailureNotification",
    "CreatorSearchExportSuccessNotification",
    "DayOfYear",
    "DisconnectedAccount",
    "DisconnectionSource",
    "Education",
    "EmailLookupFailureNotification",
    "EmailLookupSuccessNotification",
    "EmployeeCount",
    "EngagementAdditionalInfo",
    "EngagementSyncState",
    "Error",
    "ErrorResponse",
    "FetchHistoricAccepted",
    "FetchHistoricRequest",
    "Gender",
    "HistoricalSyncState",
    "Honor",
    "IdentitySyncState",
    "ItemsNotificationData",
    "JobNotificationData",
    "ListMetadata",
    "Location",
    "MonitoringSetting",
    "MonitoringSettingWithAudience",
    "MonitoringType",
    "MonthOfYear",
    "Payout",
    "PayoutInterval",
    "PayoutList",
    "PayoutSearchResult",
    "PayoutStatus",
    "PayoutsAddedNotification",
    "PayoutsUpdatedNotification",
    "Product",
    "ProductSupport",
    "ProductSupportWithAudience",
    "Profile",
    "ProfileAddress",
    "ProfileAnalyticsFailureNotification",
    "ProfileAnalyticsSuccessNotification",
    "ProfileCommentsAnalyticsFailureNotification",
    "ProfileCommentsAnalyticsSuccessNotification",
    "ProfileEmail",
    "ProfileList",
    "ProfileNotificationData",
    "ProfilePhoneNumber",
    "ProfileReputation",
    "ProfilesAddedNotification",
    "ProfilesAudienceAddedNotification",
    "ProfilesAudienceUpdatedNotification",
    "ProfilesUpdatedNotification",
    "Project",
    "Publication",
    "PublishNotificationData",
    "PublishSyncState",
    "RefreshAccepted",
    "RefreshRequest",
    "School",
    "SdkToken",
    "SdkTokenCreateRequest",
    "SearchRequest",
    "SessionExpiredNotification",
    "SocialTransaction",
    "SocialTransactionList",
    "SocialTransactionSearchResult",
    "SocialTransactionType",
    "StoryNavigation",
    "SyncStatus",
    "TimePeriod",
    "TransactionsAddedNotification",
    "TransactionsUpdatedNotification",
    "User",
    "UserCreateRequest",
    "UserList",
    "UserReference",
    "UserStatus",
    "VolunteerExperience",
    "Webhook",
    "WebhookCreateRequest",
    "WebhookEvent",
    "WebhookList",
    "WebhookSendData",
    "WebhookSendPayload",
    "WebhookSendRequest",
    "WebhookUpdateRequest",
    "WorkExperience",
    "WorkPlatform",
    "WorkPlatformCategory",
    "WorkPlatformList",
    "WorkPlatformProducts",
    "WorkPlatformReference",
    "WorkPlatformStatus",
]

_MODULES = {
    "Account": "account",
    "AccountData": "account_data",
    "AccountList": "account_list",
    "AccountNotificationData": "account_notification_data",
    "AccountReference": "account_reference",
    "AccountStatus": "account_status",
    "AccountUpdateData": "account_update_data",
    "AccountUpdateRequest": "account_update_request",
    "AccountsConnectedNotification": "accounts_connected_notification",
    "AccountsDisconnectedNotification": "accounts_disconnected_notification",
    "AccountsRemovedNotification": "accounts_removed_notification",
    "ActivityArtistsAddedNotification": "activity_artists_added_notification",
    "ActivityArtistsUpdatedNotification": "activity_artists_updated_notification",
    "ActivityContentsAddedNotification": "activity_contents_added_notification",
    "ActivityContentsUpdatedNotification": "activity_contents_updated_notification",
    "Audience": "audience",
    "AudienceCity": "audience_city",
    "AudienceCountry": "audience_country",
    "AudienceGender": "audience_gender",
    "AudienceGenderAge": "audience_gender_age",
    "AudienceOverlapFailureNotification": "audience_overlap_failure_notification",
    "AudienceOverlapSuccessNotification": "audience_overlap_success_notification",
    "AudienceSyncState": "audience_sync_state",
    "Balance": "balance",
    "BalanceAmount": "balance_amount",
    "BalanceList": "balance_list",
    "BalanceSearchResult": "balance_search_result",
    "BalancesAddedNotification": "balances_added_notification",
    "BalancesUpdatedNotification": "balances_updated_notification",
    "BankDetails": "bank_details",
    "Certification": "certification",
    "Comment": "comment",
    "CommentList": "comment_list",
    "CommentsAnalyticsFailureNotification": "comments_analytics_failure_notification",
    "CommentsAnalyticsSuccessNotification": "comments_analytics_success_notification",
    "CommerceTransaction": "commerce_transaction",
    "CommerceTransactionList": "commerce_transaction_list",
    "CommerceTransactionSearchResult": "commerce_transaction_search_result",
    "CommerceTransactionStatus": "commerce_transaction_status",
    "CommerceTransactionType": "commerce_transaction_type",
    "Company": "company",
    "ContactType": "contact_type",
    "Content": "content",
    "ContentAccessLevel": "content_access_level",
    "ContentChannel": "content_channel",
    "ContentCollaboration": "content_collaboration",
    "ContentCommentsFetchFailureNotification": "content_comments_fetch_failure_notification",
    "ContentCommentsFetchSuccessNotification": "content_comments_fetch_success_notification",
    "ContentEngagement": "content_engagement",
    "ContentFormat": "content_format",
    "ContentGroup": "content_group",
    "ContentGroupEngagement": "content_group_engagement",
    "ContentGroupFormat": "content_group_format",
    "ContentGroupList": "content_group_list",
    "ContentGroupSearchResult": "content_group_search_result",
    "ContentGroupType": "content_group_type",
    "ContentGroupsAddedNotification": "content_groups_added_notification",
    "ContentGroupsUpdatedNotification": "content_groups_updated_notification",
    "ContentList": "content_list",
    "ContentReference": "content_reference",
    "ContentSearchResult": "content_search_result",
    "ContentSponsorship": "content_sponsorship",
    "ContentType": "content_type",
    "ContentVisibility": "content_visibility",
    "ContentsAddedNotification": "contents_added_notification",
    "ContentsCommentsAddedNotification": "contents_comments_added_notification",
    "ContentsCommentsUpdatedNotification": "contents_comments_updated_notification",
    "ContentsFetchFailureNotification": "contents_fetch_failure_notification",
    "ContentsFetchSuccessNotification": "contents_fetch_success_notification",
    "ContentsPublishFailureNotification": "contents_publish_failure_notification",
    "ContentsPublishReadyNotification": "contents_publish_ready_notification",
    "ContentsPublishSuccessNotification": "contents_publish_success_notification",
    "ContentsUpdatedNotification": "contents_updated_notification",
    "CreatorSearchExportFailureNotification": "creator_search_export_failure_notification",
    "CreatorSearchExportSuccessNotification": "creator_search_export_success_notification",
    "DayOfYear": "day_of_year",
    "DisconnectedAccount": "disconnected_account",
    "DisconnectionSource": "disconnection_source",
    "Education": "education",
    "EmailLookupFailureNotification": "email_lookup_failure_notification",
    "EmailLookupSuccessNotification": "email_lookup_success_notification",
    "EmployeeCount": "employee_count",
    "EngagementAdditionalInfo": "engagement_additional_info",
    "EngagementSyncState": "engagement_sync_state",
    "Error": "error",
    "ErrorResponse": "error_response",
    "FetchHistoricAccepted": "fetch_historic_accepted",
    "FetchHistoricRequest": "fetch_historic_request",
    "Gender": "gender",
    "HistoricalSyncState": "historical_sync_state",
    "Honor": "honor",
    "IdentitySyncState": "identity_sync_state",
    "ItemsNotificationData": "items_notification_data",
    "JobNotificationData": "job_notification_data",
    "ListMetadata": "list_metadata",
    "Location": "location",
    "MonitoringSetting": "monitoring_setting",
    "MonitoringSettingWithAudience": "monitoring_setting_with_audience",
    "MonitoringType": "monitoring_type",
    "MonthOfYear": "month_of_year",
    "Payout": "payout",
    "PayoutInterval": "payout_interval",
    "PayoutList": "payout_list",
    "PayoutSearchResult": "payout_search_result",
    "PayoutStatus": "payout_status",
    "PayoutsAddedNotification": "payouts_added_notification",
    "PayoutsUpdatedNotification": "payouts_updated_notification",
    "Product": "product",
    "ProductSupport": "product_support",
    "ProductSupportWithAudience": "product_support_with_audience",
    "Profile": "profile",
    "ProfileAddress": "profile_address",
    "ProfileAnalyticsFailureNotification": "profile_analytics_failure_notification",
    "ProfileAnalyticsSuccessNotification": "profile_analytics_success_notification",
    "ProfileCommentsAnalyticsFailureNotification": "profile_comments_analytics_failure_notification",
    "ProfileCommentsAnalyticsSuccessNotification": "profile_comments_analytics_success_notification",
    "ProfileEmail": "profile_email",
    "ProfileList": "profile_list",
    "ProfileNotificationData": "profile_notification_data",
    "ProfilePhoneNumber": "profile_phone_number",
    "ProfileReputation": "profile_reputation",
    "ProfilesAddedNotification": "profiles_added_notification",
    "ProfilesAudienceAddedNotification": "profiles_audience_added_notification",
    "ProfilesAudienceUpdatedNotification": "profiles_audience_updated_notification",
    "ProfilesUpdatedNotification": "profiles_updated_notification",
    "Project": "project",
    "Publication": "publication",
    "PublishNotificationData": "publish_notification_data",
    "PublishSyncState": "publish_sync_state",
    "RefreshAccepted": "refresh_accepted",
    "RefreshRequest": "refresh_request",
    "School": "school",
    "SdkToken": "sdk_token",
    "SdkTokenCreateRequest": "sdk_token_create_request",
    "SearchRequest": "search_request",
    "SessionExpiredNotification": "session_expired_notification",
    "SocialTransaction": "social_transaction",
    "SocialTransactionList": "social_transaction_list",
    "SocialTransactionSearchResult": "social_transaction_search_result",
    "SocialTransactionType": "social_transaction_type",
    "StoryNavigation": "story_navigation",
    "SyncStatus": "sync_status",
    "TimePeriod": "time_period",
    "TransactionsAddedNotification": "transactions_added_notification",
    "TransactionsUpdatedNotification": "transactions_updated_notification",
    "User": "user",
    "UserCreateRequest": "user_create_request",
    "UserList": "user_list",
    "UserReference": "user_reference",
    "UserStatus": "user_status",
    "VolunteerExperience": "volunteer_experience",
    "Webhook": "webhook",
    "WebhookCreateRequest": "webhook_create_request",
    "WebhookEvent": "webhook_event",
    "WebhookList": "webhook_list",
    "WebhookSendData": "webhook_send_data",
    "WebhookSendPayload": "webhook_send_payload",
    "WebhookSendRequest": "webhook_send_request",
    "WebhookUpdateRequest": "webhook_update_request",
    "WorkExperience": "work_experience",
    "WorkPlatform": "work_platform",
    "WorkPlatformCategory": "work_platform_category",
    "WorkPlatformList": "work_platform_list",
    "WorkPlatformProducts": "work_platform_products",
    "WorkPlatformReference": "work_platform_reference",
    "WorkPlatformStatus": "work_platform_status",
}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would believe that every name exists.
    def __getattr__(name: str) -> Any:
        module = _MODULES.get(name)
        if module is None:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = getattr(importlib.import_module(f".{module}", __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
