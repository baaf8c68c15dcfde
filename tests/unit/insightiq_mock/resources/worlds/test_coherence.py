"""The world: numbers that fit each other, dates that follow the rules, text of every sort."""

from __future__ import annotations

import collections
import datetime as dt
import re
import typing

import pytest

from insightiq_mock.resources.bindings import RESOURCES

if typing.TYPE_CHECKING:
    from .conftest import Api


def day_of(moment: str) -> dt.date:
    """Day of a timestamp."""
    return dt.date.fromisoformat(moment[:10])


def test_counts_fit_each_other(any_world: Api) -> None:
    """No one likes or is reached without a view; a story's taps are no more than its views."""
    for content in any_world.every("content"):
        counts = content["engagement"]
        views = counts["view_count"]
        if views is None:
            continue
        for key in ("like_count", "reach_organic_count", "dislike_count", "click_count"):
            assert (counts[key] or 0) <= views
        assert (counts["comment_count"] or 0) <= (counts["like_count"] or 0)
        if counts["additional_info"]:
            taps = counts["additional_info"]["story_navigation"]["tap_exits"]
            assert taps <= views


def test_more_followers_give_more_views(any_world: Api) -> None:
    """The larger of two channels on a platform is seen more, on average."""
    followers = {
        profile["account"]["id"]: profile["reputation"]["subscriber_count"]
        for profile in any_world.every("profile")
        if profile["work_platform"]["name"] == "YouTube"
    }
    views: dict[str, list[int]] = collections.defaultdict(list)
    for content in any_world.every("content"):
        if content["account"]["id"] in followers:
            views[content["account"]["id"]].append(content["engagement"]["view_count"])
    small, large = sorted(followers, key=lambda account_id: followers[account_id])
    assert sum(views[small]) / len(views[small]) < sum(views[large]) / len(views[large])


def test_older_items_have_gathered_more(any_world: Api) -> None:
    """Reels of the last two days are seen less than those of a month ago."""
    rows = [
        row
        for row in any_world.every("content")
        if row["work_platform"]["name"] == "Instagram" and row["type"] == "REELS"
    ]
    newest = day_of(rows[0]["updated_at"])
    young = [row for row in rows if (newest - day_of(row["published_at"])).days <= 2]
    old = [row for row in rows if (newest - day_of(row["published_at"])).days > 20]
    mean = {
        name: sum(row["engagement"]["view_count"] for row in group) / max(len(group), 1)
        for name, group in (("young", young), ("old", old))
    }
    assert mean["young"] < mean["old"]


def test_profiles_count_at_least_stored_contents(any_world: Api) -> None:
    """content_count covers what the world holds."""
    held = collections.Counter(row["account"]["id"] for row in any_world.every("content"))
    for profile in any_world.every("profile"):
        count = profile["reputation"]["content_count"]
        if count is not None:
            assert count >= held[profile["account"]["id"]]


def test_comments_are_no_more_than_counted(any_world: Api) -> None:
    """And they repeat the reference of the item they stand under."""
    contents = {row["id"]: row for row in any_world.every("content")}
    held = collections.Counter(row["content"]["id"] for row in any_world.every("comment"))
    for content_id, number in held.items():
        assert number <= contents[content_id]["engagement"]["comment_count"]
    for comment in any_world.every("comment"):
        content = contents[comment["content"]["id"]]
        assert comment["content"] == {key: content[key] for key in ("id", "url", "published_at")}
        assert comment["account"] == content["account"]
        assert comment["published_at"] >= content["published_at"]


def test_audience_parts_sum_to_about_hundred(any_world: Api) -> None:
    """Countries, cities, and gender by age; two decimals; 18 rows in wire order."""
    for audience in any_world.every("audience"):
        for key in ("countries", "cities", "gender_age_distribution"):
            values = [row["value"] for row in audience[key]]
            assert all(isinstance(value, float) for value in values)
            assert values == [round(value, 2) for value in values]
            if values:
                assert sum(values) == pytest.approx(100, abs=1)
        rows = audience["gender_age_distribution"]
        assert [row["gender"] for row in rows] == ["OTHER"] * 6 + ["MALE"] * 6 + ["FEMALE"] * 6
        ages = ["65-", "55-64", "45-54", "35-44", "25-34", "18-24"]
        assert [row["age_range"] for row in rows] == ages * 3


def test_sync_dates_follow_rules(any_world: Api) -> None:
    """90 days before the last sync; 90 days before the connection, or further by fetch-historic."""
    reached_further = 0
    for account in any_world.every("account"):
        blocks = [account["data"].get("engagement"), account["data"].get("income")]
        for block in filter(None, blocks):
            if block["status"] == "NOT_SYNCED":
                assert block["last_sync_at"] is block["refresh_since"] is None
                assert block["data_available_from"] is None
                continue
            window = dt.timedelta(days=90)
            assert day_of(block["refresh_since"]) == day_of(block["last_sync_at"]) - window
            assert block["refresh_since"].endswith("T00:00:00.000000")
            assert block["data_available_from"].endswith("T00:00:00.000000")
            usual = day_of(account["created_at"]) - window
            reached_further += day_of(block["data_available_from"]) < usual
            assert day_of(block["data_available_from"]) <= usual
    assert reached_further


def test_syncs_do_not_touch_account(any_world: Api) -> None:
    """updated_at is older than the last sync while connected, and younger afterwards."""
    for account in any_world.every("account"):
        last_sync_at = account["data"]["identity"]["last_sync_at"]
        if last_sync_at is None:
            continue
        is_connected = account["status"] == "CONNECTED"
        assert (account["updated_at"] < last_sync_at) == is_connected


def test_everything_lies_within_available_data(any_world: Api) -> None:
    """Nothing is older than data_available_from of its product."""
    since = {
        account["id"]: {
            product: block.get("data_available_from") for product, block in account["data"].items()
        }
        for account in any_world.every("account")
    }
    dated = {
        "content": ("engagement", "published_at"),
        "content_group": ("engagement", "published_at"),
        "social_transaction": ("income", "transaction_at"),
        "social_payout": ("income", "payout_at"),
        "commerce_transaction": ("income", "transaction_at"),
        "commerce_payout": ("income", "payout_at"),
        "commerce_balance": ("income", "balance_at"),
    }
    for kind, (product, key) in dated.items():
        for row in any_world.every(kind):
            assert row[key] >= since[row["account"]["id"]][product]


def test_there_is_one_balance_per_day(any_world: Api) -> None:
    """At midnight, without gaps."""
    moments = [row["balance_at"] for row in any_world.every("commerce_balance")]
    days = [day_of(moment) for moment in moments]
    assert all(moment.endswith("T00:00:00.000000") for moment in moments)
    assert days == [days[0] - dt.timedelta(days=number) for number in range(len(days))]


def test_amounts_have_two_decimals(any_world: Api) -> None:
    """Money is a JSON number, no minor unit, never below nothing."""
    for kind in ("social_transaction", "social_payout", "commerce_transaction"):
        for row in any_world.every(kind):
            assert row["amount"] == round(row["amount"], 2) >= 0
            assert len(row["currency"]) == 3


def test_references_agree(any_world: Api) -> None:
    """user, account and work_platform of every resource are those of its account."""
    accounts = {account["id"]: account for account in any_world.every("account")}
    users = {user["id"]: user for user in any_world.every("user")}
    for account in accounts.values():
        user = users[account["user"]["id"]]
        assert account["user"]["name"] == user["name"]
        assert account["created_at"] > user["created_at"]
    owned = {each.kind for each in RESOURCES.values()} - {
        "work_platform",
        "user",
        "account",
        "webhook",
    }
    for kind in owned:
        for row in any_world.every(kind):
            account = accounts[row["account"]["id"]]
            assert row["user"] == account["user"]
            assert row["work_platform"] == account["work_platform"]
            assert row["account"] == {
                "id": account["id"],
                "platform_username": account["platform_username"],
                "username": account["username"],
            }


def test_tags_are_null_or_stand_in_text(any_world: Api) -> None:
    """Never an empty list; signs kept; each tag and mention occurs in title or description."""
    for content in any_world.every("content"):
        text = (content["title"] or "") + (content["description"] or "")
        for key, sign in (("hashtags", "#"), ("mentions", "@")):
            assert content[key] is None or content[key]
            for tag in content[key] or ():
                assert tag.startswith(sign)
                assert tag in text


def test_text_is_of_every_sort(any_world: Api) -> None:
    """Long, empty, with emoji, line breaks and several scripts."""
    texts = [
        row[key] or ""
        for row in any_world.every("content")
        for key in ("title", "description")
        if row[key] is not None
    ]
    everything = "".join(texts)
    assert max(map(len, texts)) > 800
    assert "" in texts
    assert "\n" in everything
    assert "👩🏽‍🍳" in everything
    for script in (
        "[ñáó]",
        "[äöü]",
        "[ãç]",
        "[\u3041-\u30ff]",
        "[\uac00-\ud7a3]",
        "[\u0621-\u064a]",
    ):
        assert re.search(script, everything), script
