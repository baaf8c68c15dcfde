"""Texts of creators and followers, and addresses of pages and files.

Public pages have the platforms' real hosts with made-up names (evidence.md#profile-per-platform,
#content-urls); files lie on hosts that end in ``.example`` and exist nowhere.
"""

from __future__ import annotations

import dataclasses
import re
import typing

from .people import people_of
from .platforms import PlatformName
from .vocabulary import EMOJI

if typing.TYPE_CHECKING:
    from insightiq_mock.simulation import RandomStream

    from .vocabulary import Language

__all__ = [
    "Caption",
    "caption",
    "comment",
    "description",
    "introduction",
    "persistent_thumbnail",
    "picture",
    "profile_image",
    "profile_page",
    "slug",
    "title",
]

_LONG_CAPTION_SHARE: typing.Final = 0.04
_LONG_CAPTION_SENTENCES: typing.Final = 28
_MENTION_SHARE: typing.Final = 0.25
_EMPTY_DESCRIPTION_SHARE: typing.Final = 0.1


@dataclasses.dataclass(frozen=True, slots=True)
class Caption:
    """A text with its tags; absent tags are null, not empty (evidence.md#values)."""

    text: str
    hashtags: list[str] | None
    mentions: list[str] | None


def caption(stream: RandomStream, language: Language) -> Caption:
    """Write the text under a post: mostly short, now and then very long."""
    if stream.chance(_LONG_CAPTION_SHARE):
        sentences = stream.choices(language.sentences, k=_LONG_CAPTION_SENTENCES)
        text = "\n\n".join(sentences)
    else:
        text = " ".join(stream.sample(language.sentences, stream.randint(1, 3)))
    hashtags = [f"#{tag}" for tag in stream.some(language.tags, 4)]
    mentions = [f"@{_handle(stream, language)}"] if stream.chance(_MENTION_SHARE) else []
    emoji = [stream.choice(EMOJI)] if stream.chance(0.5) else []
    ending = "\n\n" + " ".join(hashtags) if hashtags else ""
    return Caption(
        text=" ".join([text, *emoji, *mentions]) + ending,
        hashtags=hashtags or None,
        mentions=mentions or None,
    )


def title(stream: RandomStream, language: Language) -> str:
    """Write the title of a video, a newsletter or a collection."""
    text = stream.choice(language.sentences).rstrip(".。!")
    return f"{text} {stream.choice(EMOJI)}" if stream.chance(0.2) else text


def description(stream: RandomStream, language: Language) -> Caption:
    """Write the text under a video; some creators leave it empty."""
    if stream.chance(_EMPTY_DESCRIPTION_SHARE):
        return Caption("", None, None)
    return caption(stream, language)


def introduction(stream: RandomStream, language: Language) -> str:
    """Write the introduction of a profile."""
    sentences = stream.sample(language.sentences, 2)
    return f"{sentences[0]} {stream.choice(EMOJI)}\n{sentences[1]}"


def comment(stream: RandomStream, language: Language) -> str:
    """Write the comment of a follower."""
    return stream.choice(language.comments)


def _handle(stream: RandomStream, language: Language) -> str:
    people = people_of(language.locale)
    given = stream.choice(people.given[stream.choice(("FEMALE", "MALE"))])
    return f"{given.latin}.{stream.choice(people.families).latin}"


_P = PlatformName

_LATIN_WORD: typing.Final = re.compile("[a-z0-9]+")
_SLUG_WORDS: typing.Final = 8

_PROFILE_PAGES: typing.Final = {
    _P.INSTAGRAM: "https://instagram.com/{handle}",
    _P.INSTAGRAM_DIRECT: "https://instagram.com/{handle}",
    _P.TIKTOK: "https://www.tiktok.com/@{handle}",
    _P.YOUTUBE: "https://youtube.com/@{handle}",
    _P.X: "https://twitter.com/{handle}",
    _P.TWITCH: "https://www.twitch.tv/{handle}",
    _P.FACEBOOK: "https://www.facebook.com/{profile_id}",
    _P.SUBSTACK: "https://{handle}.substack.com",
}

_PROFILE_IMAGES: typing.Final = {
    _P.INSTAGRAM: "https://scontent-mock1-1.cdninstagram.example/v/t51.2885-19/{file}_n.jpg?oh={sign}",
    _P.INSTAGRAM_DIRECT: "https://scontent-mock1-1.cdninstagram.example/v/t51.2885-19/{file}_n.jpg?oh={sign}",
    _P.TIKTOK: "https://p16-common-sign.tiktokcdn.example/avatar/{file}~720x720.jpeg?x-signature={sign}",
    _P.YOUTUBE: "https://lh3.googleusercontent.example/a-/{sign}{file}=s800",
    # Plain http, as the platform gives it (evidence.md#account).
    _P.X: "http://pbs.twimg.example/profile_images/{file}/{sign}_normal.jpg",
    _P.TWITCH: "https://static-cdn.jtvnw.example/jtv_user_pictures/{file}-profile_image-300x300.png",
    _P.FACEBOOK: "https://scontent-mock1-1.xx.fbcdn.example/v/t39.30808-1/{file}_n.jpg?oh={sign}",
    _P.SUBSTACK: "https://substackcdn.example/image/fetch/w_400/{file}.png",
    _P.LINKEDIN: "https://media.licdn.example/dms/image/{sign}/profile-displayphoto/0/{file}",
}

_PICTURE_HOSTS: typing.Final = {
    _P.INSTAGRAM: "https://scontent-mock1-1.cdninstagram.example/v/t51.82787-15",
    _P.INSTAGRAM_DIRECT: "https://scontent-mock1-1.cdninstagram.example/v/t51.82787-15",
    _P.TIKTOK: "https://p16-common-sign.tiktokcdn.example/tos",
    _P.TWITCH: "https://static-cdn.jtvnw.example/cf_vods",
    _P.FACEBOOK: "https://scontent-mock1-1.xx.fbcdn.example/v/t39.30808-6",
    _P.SUBSTACK: "https://substackcdn.example/image/fetch",
}


def profile_page(platform: PlatformName, handle: str, profile_id: str) -> str | None:
    """Return the public page of a profile, where the platform gives one."""
    template = _PROFILE_PAGES.get(platform)
    return None if template is None else template.format(handle=handle, profile_id=profile_id)


def profile_image(stream: RandomStream, platform: PlatformName) -> str | None:
    """Return the picture of a profile, where the platform gives one."""
    template = _PROFILE_IMAGES.get(platform)
    if template is None:
        return None
    return template.format(file=stream.digits(18), sign=stream.token(40))


def picture(stream: RandomStream, platform: PlatformName, suffix: str = "jpg") -> str:
    """Return the address of a file that belongs to an item: an image or a clip."""
    host = _PICTURE_HOSTS[platform]
    return f"{host}/{stream.digits(17)}_n.{suffix}?_nc_gid={stream.token(22)}&oe={stream.digits(8)}"


def persistent_thumbnail(content_id: str) -> str:
    """Return where the vendor keeps a copy of an item's thumbnail (evidence.md#content)."""
    return f"https://media-resources.getphyllo.com/public/acc_cont_{content_id}/thumbnail_url"


def slug(text: str) -> str:
    """Return Latin letters and digits of a title, as in the address of an article."""
    return "-".join(_LATIN_WORD.findall(text.lower())[:_SLUG_WORDS])
