"""The integration, step by step: what a first program against this API does."""

from __future__ import annotations

import collections
import datetime as dt
import textwrap
import typing

from insightiq.models import AccountStatus, Product, SyncStatus, WebhookEvent

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from demonstration.story import Story
    from insightiq import InsightIQ
    from insightiq.models import Account, Content

__all__ = ["DemoError", "walk"]

_PAGE = 100
_YEAR = dt.timedelta(days=365)


class DemoError(Exception):
    """The mock server's world lacks what the walk wants to show; the message says what."""


def walk(iq: InsightIQ, story: Story) -> None:
    """Walk from a webhook to a transaction.

    Raises:
        InsightIQError: A call failed.
        DemoError: The world lacks what the walk wants to show.
    """
    create_webhook(iq, story)
    connect_creator(iq, story)
    accounts = list_accounts(iq, story)
    publishing = synced_account(accounts, "Instagram")
    fetch_profile(iq, story, publishing)
    fetch_audience(iq, story, publishing)
    contents = page_through_contents(iq, story, publishing)
    search_contents(iq, story, contents)
    read_comments(iq, story, publishing, contents)
    earning = synced_account(accounts, "YouTube")
    read_transaction(iq, story, earning, until=contents[0].published_at.date())


def create_webhook(iq: InsightIQ, story: Story) -> None:
    """Say where notifications are wanted."""
    with story.step("Create a webhook", "iq.webhooks.create(url=…, events=[…], name=…)"):
        webhook = iq.webhooks.create(
            url="https://hooks.example/insightiq",
            events=[WebhookEvent.ACCOUNTS_CONNECTED, WebhookEvent.CONTENTS_ADDED],
            name="demo",
        )
        story.say(f"{_list(webhook.events)} will be posted to {webhook.url}")
        story.say(f"Webhook {webhook.id}, active: {webhook.is_active}")


def connect_creator(iq: InsightIQ, story: Story) -> None:
    """Make a user and the token that opens the connect dialogue."""
    with story.step("Create a user", 'iq.users.create(name="Ada Example", external_id="crm-42")'):
        user = iq.users.create(name="Ada Example", external_id="crm-42")
        story.say(f"{user.name} is user {user.id}, and {user.external_id} in your own database")
    with story.step("Get an SDK token", "iq.sdk_tokens.create(user_id=user.id, products=[…])"):
        token = iq.sdk_tokens.create(
            user_id=user.id,
            products=[Product.IDENTITY, Product.ENGAGEMENT, Product.INCOME],
        )
        story.say(
            f"A token of {len(token.sdk_token)} characters, good until {token.expires_at:%d %b %Y}"
        )
        story.say("With it, your web page lets the creator link accounts;")
        story.say("the accounts below came about that way")


def list_accounts(iq: InsightIQ, story: Story) -> list[Account]:
    """Fetch all accounts that creators have linked."""
    with story.step("List accounts", "list(iq.accounts.list())"):
        accounts = list(iq.accounts.list())
        platforms = sorted({account.work_platform.name for account in accounts})
        story.say(f"{len(accounts)} accounts on {len(platforms)} platforms, for example")
        for account in accounts[:3]:
            platform = account.work_platform.name
            story.say(f"  {platform}: {account.platform_username}, {account.status}")
    return accounts


def fetch_profile(iq: InsightIQ, story: Story, account: Account) -> None:
    """Fetch what the platform shows of the creator."""
    with story.step("Fetch a profile", "iq.profiles.list(account_id=account.id).first()"):
        profile = iq.profiles.list(account_id=account.id).first()
        if profile is None:
            msg = f"account {account.id} has no profile."
            raise DemoError(msg)
        followers = profile.reputation.follower_count if profile.reputation else None
        story.say(f"{profile.full_name} on {account.work_platform.name}: {followers} followers")
        story.say(f"{profile.url}")


def fetch_audience(iq: InsightIQ, story: Story, account: Account) -> None:
    """Fetch who follows the creator."""
    with story.step("Fetch the audience", "iq.audience.get(account_id=account.id)"):
        audience = iq.audience.get(account_id=account.id)
        countries = sorted(audience.countries or [], key=lambda one: one.value, reverse=True)
        shares = [f"{country.code} {country.value} %" for country in countries[:4]]
        story.say(f"From {len(countries)} countries, most of them from {_list(shares)}")


def page_through_contents(iq: InsightIQ, story: Story, account: Account) -> list[Content]:
    """Read everything that the creator published, page by page."""
    with story.step("Page through contents", "list(iq.contents.list(account_id=account.id))"):
        contents = list(iq.contents.list(account_id=account.id))
        if len(contents) <= _PAGE:
            msg = f"account {account.id} has {len(contents)} contents, which is one page at most."
            raise DemoError(msg)
        first, last = contents[-1].published_at, contents[0].published_at
        pages = len(story.request_ids)
        story.say(
            f"{len(contents)} contents in {pages} pages, from {first:%d %b %Y} to {last:%d %b %Y}"
        )
        kinds = collections.Counter(str(content.type) for content in contents)
        story.say(_list([f"{count} {kind}" for kind, count in kinds.most_common()]))
    return contents


def search_contents(iq: InsightIQ, story: Story, contents: Sequence[Content]) -> None:
    """Fetch single contents by their ids, several at once."""
    with story.step("Search contents in bulk", "iq.contents.search(ids=[…])"):
        liked = sorted(contents, key=_likes, reverse=True)[:5]
        found = iq.contents.search(ids=[content.id for content in liked]).data
        story.say(f"The {len(found)} that were liked most:")
        for content in sorted(found, key=_likes, reverse=True):
            title = textwrap.shorten(content.title or "(no title)", 60, placeholder=" …")
            story.say(f"  {_likes(content):>6} {title}")


def read_comments(
    iq: InsightIQ, story: Story, account: Account, contents: Sequence[Content]
) -> None:
    """Read what people say below the newest content that has comments."""
    discussed = next((content for content in contents if _comments(content)), contents[0])
    code = "iq.comments.list(account_id=account.id, content_id=content.id)"
    with story.step("Read comments", code):
        comments = list(iq.comments.list(account_id=account.id, content_id=discussed.id))
        story.say(f"{len(comments)} below {discussed.url}, for example")
        for comment in comments[:2]:
            story.say(f"  {textwrap.shorten(comment.text or '', 70, placeholder=' …')}")


def read_transaction(iq: InsightIQ, story: Story, account: Account, until: dt.date) -> None:
    """Read what a creator earned."""
    code = "iq.social_transactions.list(account_id=…, transaction_from_date=…, …).first()"
    with story.step("Read a transaction", code):
        transaction = iq.social_transactions.list(
            account_id=account.id,
            transaction_from_date=until - _YEAR,
            transaction_to_date=until,
        ).first()
        if transaction is None:
            msg = f"account {account.id} has no transaction in the year before {until}."
            raise DemoError(msg)
        story.say(
            f"{account.user.name} on {account.work_platform.name}, "
            f"{transaction.transaction_at:%d %b %Y}: "
            f"{transaction.amount:,.2f} {transaction.currency} ({transaction.type})"
        )


def synced_account(accounts: Iterable[Account], platform: str) -> Account:
    """Return a connected account on ``platform`` whose data has arrived.

    Raises:
        DemoError: There is none.
    """
    for account in accounts:
        identity = account.data.identity
        if (
            account.work_platform.name == platform
            and account.status is AccountStatus.CONNECTED
            and identity
            and identity.status is SyncStatus.SYNCED
        ):
            return account
    msg = f"no connected {platform} account has its data yet."
    raise DemoError(msg)


def _likes(content: Content) -> int:
    return (content.engagement and content.engagement.like_count) or 0


def _comments(content: Content) -> int:
    return (content.engagement and content.engagement.comment_count) or 0


def _list(parts: Iterable[object]) -> str:
    return ", ".join(str(part) for part in parts)
