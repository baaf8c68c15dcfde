"""Data of each platform: the catalogue, and null where a platform gives nothing.

The expectations are copied by hand from the facts (F.1, C.4.2, C.5.2, C.7, G.2, the wire first), not
taken from the tables of the world, so that a slip in those shows.
"""

from __future__ import annotations

import re
import typing

import pytest

if typing.TYPE_CHECKING:
    from .conftest import Api

# id, name, category, products as in evidence.md#platform-catalogue.
CATALOGUE = """
de55aeec-0dc8-4119-bf90-16b3d1f0c987|TikTok|SOCIAL|IAEP
9bb8913b-ddd9-430b-a66a-d74d846e6c66|Instagram|SOCIAL|IAECP
7f9c3e9a-6d2f-4b77-9b47-3c8f5a1d4e62|Tiktok Shop|SOCIAL|
14d9ddf5-51c6-415e-bde6-f8ed36ad7054|YouTube|ENTERTAINMENT|IAEC$P
7645460a-96e0-4192-a3ce-a1fc30641f72|X|SOCIAL|IE
e4de6c01-5b78-4fc0-a651-24f44134457b|Twitch|ENTERTAINMENT|IE
ad2fec62-2987-40a0-89fb-23485972598c|Facebook|SOCIAL|IE$
fbf76083-710b-439a-8b8c-956f607ef2c1|Substack|SOCIAL|IE
ee3c8d7a-3207-4f56-945f-f942b34c96e1|Snapchat|SOCIAL|
d3badb09-a81f-4444-bc27-1a994d939e00|Instagram Direct|SOCIAL|IAEC
fb7cafcf-60ed-468a-ad6d-6bb6899d0871|Instagram Lite|SOCIAL|IE
3e6f4cdd-2119-4125-aa0d-86eee4e20fcc|AdSense|SOCIAL|I$
1db0b86c-a547-4119-9834-da927171a685|Spotify|SOCIAL|T
36410629-f907-43ba-aa0d-434ca9c0501a|LinkedIn|BUSINESS|I
24fcaa09-0a79-4deb-b074-d8efd900265b|Beehiiv|PUBLICATION|IE
a22c6022-5226-55f4-a436-3693f2148bd4|WWW|GLOBAL_NETWORK|
"""

PLATFORMS = (
    "Instagram",
    "TikTok",
    "YouTube",
    "X",
    "Twitch",
    "Facebook",
    "Instagram Direct",
    "LinkedIn",
    "Substack",
    "Beehiiv",
    "AdSense",
)

# Keys of a profile that hold something; emails, phone_numbers and addresses are [] elsewhere.
PROFILE = {
    "Instagram": "full_name url introduction image_url website follower_count following_count content_count",
    "TikTok": "full_name url introduction image_url website follower_count following_count content_count like_count",
    "YouTube": "full_name first_name last_name url introduction image_url subscriber_count content_count watch_time_in_hours emails phone_numbers addresses gender platform_profile_published_at",
    "X": "full_name url introduction image_url website follower_count following_count content_count addresses country platform_profile_published_at",
    "Twitch": "full_name url introduction image_url category follower_count emails platform_profile_published_at",
    "Facebook": "full_name first_name last_name nick_name url introduction image_url category website follower_count emails country",
    "Instagram Direct": "full_name url introduction image_url platform_account_type website follower_count following_count content_count",
    "LinkedIn": "first_name last_name image_url follower_count connection_count emails",
    "Substack": "url introduction image_url platform_account_type subscriber_count emails",
    "Beehiiv": "",
    "AdSense": "full_name emails platform_profile_published_at",
}
EVERY_PROFILE = "id created_at updated_at user account work_platform username platform_username external_id platform_profile_name platform_profile_id is_verified is_business"

IG_COUNTS = "like_count comment_count reach_organic_count view_count share_count"
# (platform, type) -> counts that hold something on every such item.
ENGAGEMENT = {
    ("Instagram", "STORY"): f"{IG_COUNTS} additional_info",
    ("Instagram", "REELS"): f"{IG_COUNTS} save_count avg_watch_time_in_sec repost_count",
    ("Instagram", "POST"): f"{IG_COUNTS} save_count",
    (
        "Instagram Direct",
        "REELS",
    ): f"{IG_COUNTS} save_count avg_watch_time_in_sec watch_time_in_hours impression_paid_count reach_paid_count",
    ("Instagram Direct", "POST"): f"{IG_COUNTS} save_count impression_paid_count reach_paid_count",
    ("TikTok", "VIDEO"): "like_count comment_count view_count share_count",
    ("YouTube", "VIDEO"): "like_count dislike_count comment_count view_count",
    ("X", "TWEET"): "like_count share_count",
    ("Twitch", "STREAM"): "view_count",
    (
        "Facebook",
        "POST",
    ): "like_count comment_count view_count reach_organic_count impression_organic_count click_count",
    (
        "Facebook",
        "VIDEO",
    ): "like_count comment_count view_count reach_organic_count impression_organic_count click_count watch_time_in_hours",
    ("Substack", "BLOG"): "like_count comment_count reach_organic_count impression_organic_count",
    ("Beehiiv", "BLOG"): "",
}

# Key of a content -> platforms where it may hold something; everywhere else it is null or [].
CONTENT = {
    "media_url": {"Instagram", "TikTok", "Facebook", "Instagram Direct"},
    "media_urls": {"Facebook", "Instagram Direct"},
    "thumbnail_url": {"YouTube", "Instagram", "TikTok", "Twitch", "Facebook", "Substack", "Instagram Direct"},
    "persistent_thumbnail_url": {"YouTube", "Instagram", "TikTok", "Twitch", "Facebook", "Substack", "Instagram Direct"},
    "duration": {"YouTube", "TikTok"},
    "hashtags": {"YouTube", "Instagram", "TikTok", "X", "Twitch", "Facebook", "Instagram Direct"},
    "mentions": {"YouTube", "Instagram", "TikTok", "X", "Twitch", "Facebook", "Instagram Direct"},
    "authors": set(),
    "audience": set(),
    "platform": set(),
    "sponsored": set(),
    "collaboration": set(),
    "content_tags": set(),
}  # fmt: skip


def of_platform(world: Api, kind: str, platform: str) -> list[typing.Any]:
    """All resources of a kind that come from the platform."""
    return [row for row in world.every(kind) if row["work_platform"]["name"] == platform]


def filled(resource: typing.Any) -> set[str]:
    """Keys that hold more than null and []."""
    return {key for key, value in resource.items() if value is not None and value != []}


def test_catalogue_is_staging_list(world: Api) -> None:
    """All 16 rows in order, with ids, categories and product flags."""
    rows = []
    for platform in world.response("work_platforms.list", limit=100)["data"]:
        products = platform["products"]
        flags = {
            "I": products["identity"],
            "A": products["identity"]["audience"],
            "E": products["engagement"],
            "C": products["engagement"]["audience"],
            "$": products["income"],
            "P": products["publish_content"],
            "T": products["activity"],
        }
        letters = "".join(letter for letter, flag in flags.items() if flag["is_supported"])
        rows.append("|".join([platform["id"], platform["name"], platform["category"], letters]))
        assert products["switch"] == {"is_supported": False}
        assert platform["status"] == "ACTIVE"
        assert platform["created_at"] == platform["updated_at"]
    assert rows == CATALOGUE.split("\n")[1:-1]


def test_catalogue_has_constants_of_wire(world: Api) -> None:
    """Logos, addresses and creation, with the odd ones out."""
    rows = {row["name"]: row for row in world.response("work_platforms.list", limit=100)["data"]}
    logos = "https://cdn.getphyllo.com/platforms_logo/logos"
    assert rows["Instagram Direct"]["logo_url"] == f"{logos}/logo_instagram_direct.png"
    assert rows["X"]["logo_url"] == f"{logos}/logo_x.png"
    shop = "https://cdn.insightiq.ai/platforms_logo/logos/logo_tiktok_shop.png"
    assert rows["Tiktok Shop"]["logo_url"] == shop
    assert rows["WWW"]["url"] == ""
    assert rows["YouTube"]["url"] == "https://www.youtube.com/"
    assert rows["LinkedIn"]["created_at"] == "2021-10-30T11:31:57.886681"
    assert rows["AdSense"]["created_at"] == "2022-09-01T15:27:06.215490"
    assert rows["Tiktok Shop"]["created_at"] == "2026-02-12T07:36:32.398372"
    assert list(rows["X"]["products"]) == [
        "identity",
        "engagement",
        "income",
        "switch",
        "activity",
        "publish_content",
    ]


def test_cast_covers_platforms_and_states(world: Api) -> None:
    """Accounts on eleven platforms, in all three states, cut off by both known sources."""
    accounts = world.every("account")
    assert {account["work_platform"]["name"] for account in accounts} == set(PLATFORMS)
    states = {(account["status"], account["disconnection_source"]) for account in accounts}
    assert states == {
        ("CONNECTED", None),
        ("SESSION_EXPIRED", None),
        ("NOT_CONNECTED", "DEVELOPER_API"),
        ("NOT_CONNECTED", "INTERNAL_API"),
    }
    expired = [account for account in accounts if account["status"] == "SESSION_EXPIRED"]
    assert [account["work_platform"]["name"] for account in expired] == ["Facebook"]


def test_account_blocks_follow_product_flags(world: Api) -> None:
    """Unsupported products and sub-products are left out; blocks have their exact keys."""
    catalogue = {row.split("|")[1]: row.split("|")[3] for row in CATALOGUE.split("\n")[1:-1]}
    state = {"status", "monitor_type", "last_sync_at"}
    history = state | {"refresh_since", "data_available_from"}
    for account in world.every("account"):
        letters = catalogue[account["work_platform"]["name"]]
        data = account["data"]
        expected = {"I": "identity", "E": "engagement", "$": "income"}
        assert data.keys() == {expected[letter] for letter in letters if letter in expected}
        assert data["identity"].keys() - {"audience"} == state
        assert ("audience" in data["identity"]) == ("A" in letters)
        if "engagement" in data:
            assert data["engagement"].keys() - {"audience"} == history
            assert ("audience" in data["engagement"]) == ("C" in letters)
            if "C" in letters:
                assert data["engagement"]["audience"].keys() == history
        if "income" in data:
            assert data["income"].keys() == history


@pytest.mark.parametrize("platform", PLATFORMS)
def test_profiles_hold_what_platform_gives(world: Api, platform: str) -> None:
    """Exactly the fields of the matrix; all eleven reputation keys, null where nothing is given."""
    profiles = of_platform(world, "profile", platform)
    assert profiles
    for profile in profiles:
        reputation = profile.pop("reputation")
        assert len(reputation) == 11
        assert filled(profile) | filled(reputation) == set(
            f"{EVERY_PROFILE} {PROFILE[platform]}".split()
        )
        assert profile["username"] == profile["platform_username"]
        assert profile["account"]["username"] == profile["username"]


def test_profiles_have_quirks_of_wire(world: Api) -> None:
    """The whole bio as website, an e-mail as username, empty texts, a second id."""
    tiktok = of_platform(world, "profile", "TikTok")[0]
    assert tiktok["website"] == tiktok["introduction"]
    assert tiktok["external_id"][14] == "5"
    for youtube in of_platform(world, "profile", "YouTube"):
        assert youtube["username"].endswith("@example.com")
        assert [email["type"] for email in youtube["emails"]] == ["WORK", "WORK"]
        assert youtube["emails"][0]["email_id"] == youtube["username"]
        assert len(youtube["external_id"]) == 21
        assert youtube["platform_profile_id"].startswith("UC")
    twitch = of_platform(world, "profile", "Twitch")[0]
    assert (twitch["introduction"], twitch["category"]) == ("", "")
    assert [email["type"] for email in twitch["emails"]] == ["HOME"]
    assert of_platform(world, "profile", "X")[0]["image_url"].startswith("http://")
    facebook = of_platform(world, "profile", "Facebook")[0]
    assert " " in facebook["username"]
    instagram = of_platform(world, "profile", "Instagram")[0]
    assert instagram["url"] == f"https://instagram.com/{instagram['username']}"
    assert instagram["platform_profile_name"] == instagram["username"]


@pytest.mark.parametrize(("platform", "item_type"), ENGAGEMENT)
def test_engagement_holds_what_platform_gives(world: Api, platform: str, item_type: str) -> None:
    """Exactly the counts of the matrix, on every item of that kind."""
    items = [row for row in of_platform(world, "content", platform) if row["type"] == item_type]
    assert items
    for item in items:
        assert filled(item["engagement"]) == set(ENGAGEMENT[platform, item_type].split())


def test_no_other_kinds_of_items_occur(world: Api) -> None:
    seen = {(row["work_platform"]["name"], row["type"]) for row in world.every("content")}
    assert seen == set(ENGAGEMENT)


@pytest.mark.parametrize("key", CONTENT)
def test_contents_hold_what_platform_gives(world: Api, key: str) -> None:
    """Something on each platform of the matrix, null (media_urls: []) on every other."""
    nothing: list[typing.Any] | None = [] if key == "media_urls" else None
    giving: set[str] = set()
    for content in world.every("content"):
        if content[key] != nothing:
            giving.add(content["work_platform"]["name"])
        elif key == "media_urls":
            assert content[key] == []
    assert giving == CONTENT[key]


def test_descriptions_are_missing_on_stories_and_substack(world: Api) -> None:
    """Everywhere else there is one, though it may be empty."""
    for content in world.every("content"):
        is_without = content["type"] == "STORY" or content["work_platform"]["name"] == "Substack"
        assert (content["description"] is None) == is_without


def test_stories_report_navigation_and_may_lack_title(world: Api) -> None:
    """Only taps forward, exits and swipes forward are counted; the preview is the story's page."""
    stories = [row for row in world.every("content") if row["type"] == "STORY"]
    assert len({row["title"] is None for row in stories}) == 2
    for story in stories:
        navigation = story["engagement"]["additional_info"]["story_navigation"]
        assert len(navigation) == 8
        assert filled(navigation) == {"tap_exits", "tap_forwards", "swipe_forwards"}
        assert story["thumbnail_url"] == story["url"]
    for content in world.every("content"):
        assert content["title"] is not None or content["type"] == "STORY"


def test_addresses_have_platforms_form(world: Api) -> None:
    """As evidence.md#content-urls has them."""
    patterns = {
        "Instagram": r"https://www\.instagram\.com/(stories/[\w.]+/\d{19}|(reel|p)/[\w-]{11}/)",
        "TikTok": r"https://www\.tiktok\.com/@[\w.]+/video/\d{19}\?utm_campaign=tt4d_open_api&utm_source=[\w-]{16}",
        "YouTube": r"https://www\.youtube\.com/watch\?v=[\w-]{11}",
    }
    for platform, pattern in patterns.items():
        for content in of_platform(world, "content", platform):
            assert re.fullmatch(pattern, content["url"]), content["url"]
    for content in of_platform(world, "content", "YouTube"):
        video = content["external_id"]
        assert content["thumbnail_url"] == f"https://i.ytimg.com/vi/{video}/sddefault.jpg"
    for content in of_platform(world, "content", "Instagram"):
        assert content["persistent_thumbnail_url"] == (
            f"https://media-resources.getphyllo.com/public/acc_cont_{content['id']}/thumbnail_url"
        )


def test_audiences_are_where_flag_is(world: Api) -> None:
    """Cities on the Instagrams alone, [] on YouTube and TikTok; none on Facebook."""
    audiences = world.every("audience")
    names = {audience["work_platform"]["name"] for audience in audiences}
    assert names == {"Instagram", "Instagram Direct", "YouTube", "TikTok"}
    for audience in audiences:
        gives_cities = audience["work_platform"]["name"].startswith("Instagram")
        assert bool(audience["cities"]) == gives_cities
        assert audience["countries"]


def test_comments_are_where_flag_is(world: Api) -> None:
    """The writer's id on YouTube alone, counts not on Instagram Direct, names nowhere."""
    platforms = set()
    for comment in world.every("comment"):
        platform = comment["work_platform"]["name"]
        platforms.add(platform)
        assert comment["commenter_username"] is None
        assert comment["commenter_display_name"] is None
        is_youtube = platform == "YouTube"
        assert (comment["commenter_id"] is not None) == is_youtube
        assert (comment["commenter_profile_url"] is not None) == is_youtube
        assert (comment["like_count"] is None) == (platform == "Instagram Direct")
        assert (comment["reply_count"] is None) == (platform == "Instagram Direct")
    assert platforms == {"YouTube", "Instagram", "Instagram Direct"}


def test_groups_are_albums_and_playlists(world: Api) -> None:
    """Albums on the Instagrams with their files, playlists on YouTube."""
    for group in world.every("content_group"):
        is_playlist = group["work_platform"]["name"] == "YouTube"
        assert group["type"] == ("PLAYLIST" if is_playlist else "ALBUM")
        if not is_playlist:
            assert group["item_count"] == len(group["media_urls"])
            assert group["media_url"] == group["media_urls"][0]
    names = {group["work_platform"]["name"] for group in world.every("content_group")}
    assert names == {"YouTube", "Instagram", "Instagram Direct"}


def test_income_is_where_matrix_has_it(world: Api) -> None:
    """CPM for advertising alone; payouts without rhythm and bank; commerce on one account."""
    transactions = world.every("social_transaction")
    names = {row["work_platform"]["name"] for row in transactions}
    assert names == {"YouTube", "Facebook"}
    for row in transactions:
        assert (row["cpm"] is not None) == (row["type"] == "AD")
    payouts = world.every("social_payout")
    assert {row["work_platform"]["name"] for row in payouts} == {"AdSense"}
    assert {row["status"] for row in payouts} == {"PAID", "SCHEDULED"}
    for row in payouts:
        assert row["payout_interval"] is None
        assert row["bank_details"] is None
    commerce = ("commerce_transaction", "commerce_payout", "commerce_balance")
    carriers = {row["account"]["id"] for kind in commerce for row in world.every(kind)}
    assert carriers == {world.account("Facebook")["id"]}
