# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""All resources of the API, each made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..client import AsyncCaller, Caller

if TYPE_CHECKING:
    from .accounts import Accounts, AsyncAccounts
    from .audience import AsyncAudience, Audience
    from .comments import AsyncComments, Comments
    from .commerce_balances import AsyncCommerceBalances, CommerceBalances
    from .commerce_payouts import AsyncCommercePayouts, CommercePayouts
    from .commerce_transactions import AsyncCommerceTransactions, CommerceTransactions
    from .content_groups import AsyncContentGroups, ContentGroups
    from .contents import AsyncContents, Contents
    from .profiles import AsyncProfiles, Profiles
    from .sdk_tokens import AsyncSdkTokens, SdkTokens
    from .social_payouts import AsyncSocialPayouts, SocialPayouts
    from .social_transactions import AsyncSocialTransactions, SocialTransactions
    from .users import AsyncUsers, Users
    from .webhooks import AsyncWebhooks, Webhooks
    from .work_platforms import AsyncWorkPlatforms, WorkPlatforms

__all__ = ["AsyncResources", "Resources"]


class Resources:
    """One property per resource; a subclass sets ``_caller``."""

    _caller: Caller

    @cached_property
    def accounts(self) -> Accounts:
        """Creators' accounts on platforms."""
        from .accounts import Accounts

        return Accounts(self._caller)

    @cached_property
    def audience(self) -> Audience:
        """Demographics of an account's audience."""
        from .audience import Audience

        return Audience(self._caller)

    @cached_property
    def comments(self) -> Comments:
        """Comments under contents."""
        from .comments import Comments

        return Comments(self._caller)

    @cached_property
    def commerce_balances(self) -> CommerceBalances:
        """Balances of shops."""
        from .commerce_balances import CommerceBalances

        return CommerceBalances(self._caller)

    @cached_property
    def commerce_payouts(self) -> CommercePayouts:
        """Payouts of shops."""
        from .commerce_payouts import CommercePayouts

        return CommercePayouts(self._caller)

    @cached_property
    def commerce_transactions(self) -> CommerceTransactions:
        """Sales and refunds of shops."""
        from .commerce_transactions import CommerceTransactions

        return CommerceTransactions(self._caller)

    @cached_property
    def content_groups(self) -> ContentGroups:
        """Carousels, playlists and the like."""
        from .content_groups import ContentGroups

        return ContentGroups(self._caller)

    @cached_property
    def contents(self) -> Contents:
        """Items that creators published."""
        from .contents import Contents

        return Contents(self._caller)

    @cached_property
    def profiles(self) -> Profiles:
        """Profiles of connected accounts."""
        from .profiles import Profiles

        return Profiles(self._caller)

    @cached_property
    def sdk_tokens(self) -> SdkTokens:
        """Tokens for the Connect SDK."""
        from .sdk_tokens import SdkTokens

        return SdkTokens(self._caller)

    @cached_property
    def social_payouts(self) -> SocialPayouts:
        """Payouts of social platforms."""
        from .social_payouts import SocialPayouts

        return SocialPayouts(self._caller)

    @cached_property
    def social_transactions(self) -> SocialTransactions:
        """Earnings on social platforms."""
        from .social_transactions import SocialTransactions

        return SocialTransactions(self._caller)

    @cached_property
    def users(self) -> Users:
        """Creators as your application knows them."""
        from .users import Users

        return Users(self._caller)

    @cached_property
    def webhooks(self) -> Webhooks:
        """Addresses that notifications are posted to."""
        from .webhooks import Webhooks

        return Webhooks(self._caller)

    @cached_property
    def work_platforms(self) -> WorkPlatforms:
        """Platforms that creators can connect."""
        from .work_platforms import WorkPlatforms

        return WorkPlatforms(self._caller)


class AsyncResources:
    """One property per resource; a subclass sets ``_caller``."""

    _caller: AsyncCaller

    @cached_property
    def accounts(self) -> AsyncAccounts:
        """Creators' accounts on platforms."""
        from .accounts import AsyncAccounts

        return AsyncAccounts(self._caller)

    @cached_property
    def audience(self) -> AsyncAudience:
        """Demographics of an account's audience."""
        from .audience import AsyncAudience

        return AsyncAudience(self._caller)

    @cached_property
    def comments(self) -> AsyncComments:
        """Comments under contents."""
        from .comments import AsyncComments

        return AsyncComments(self._caller)

    @cached_property
    def commerce_balances(self) -> AsyncCommerceBalances:
        """Balances of shops."""
        from .commerce_balances import AsyncCommerceBalances

        return AsyncCommerceBalances(self._caller)

    @cached_property
    def commerce_payouts(self) -> AsyncCommercePayouts:
        """Payouts of shops."""
        from .commerce_payouts import AsyncCommercePayouts

        return AsyncCommercePayouts(self._caller)

    @cached_property
    def commerce_transactions(self) -> AsyncCommerceTransactions:
        """Sales and refunds of shops."""
        from .commerce_transactions import AsyncCommerceTransactions

        return AsyncCommerceTransactions(self._caller)

    @cached_property
    def content_groups(self) -> AsyncContentGroups:
        """Carousels, playlists and the like."""
        from .content_groups import AsyncContentGroups

        return AsyncContentGroups(self._caller)

    @cached_property
    def contents(self) -> AsyncContents:
        """Items that creators published."""
        from .contents import AsyncContents

        return AsyncContents(self._caller)

    @cached_property
    def profiles(self) -> AsyncProfiles:
        """Profiles of connected accounts."""
        from .profiles import AsyncProfiles

        return AsyncProfiles(self._caller)

    @cached_property
    def sdk_tokens(self) -> AsyncSdkTokens:
        """Tokens for the Connect SDK."""
        from .sdk_tokens import AsyncSdkTokens

        return AsyncSdkTokens(self._caller)

    @cached_property
    def social_payouts(self) -> AsyncSocialPayouts:
        """Payouts of social platforms."""
        from .social_payouts import AsyncSocialPayouts

        return AsyncSocialPayouts(self._caller)

    @cached_property
    def social_transactions(self) -> AsyncSocialTransactions:
        """Earnings on social platforms."""
        from .social_transactions import AsyncSocialTransactions

        return AsyncSocialTransactions(self._caller)

    @cached_property
    def users(self) -> AsyncUsers:
        """Creators as your application knows them."""
        from .users import AsyncUsers

        return AsyncUsers(self._caller)

    @cached_property
    def webhooks(self) -> AsyncWebhooks:
        """Addresses that notifications are posted to."""
        from .webhooks import AsyncWebhooks

        return AsyncWebhooks(self._caller)

    @cached_property
    def work_platforms(self) -> AsyncWorkPlatforms:
        """Platforms that creators can connect."""
        from .work_platforms import AsyncWorkPlatforms

        return AsyncWorkPlatforms(self._caller)
