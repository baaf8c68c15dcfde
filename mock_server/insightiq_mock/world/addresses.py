"""Addresses: pages on the platforms (evidence.md#profile-per-platform, #content-urls) and files on their networks.

Public pages have the platforms' real hosts with made-up names; files lie on hosts that end in
``.example`` and exist nowhere.
"""

from __future__ import annotations

import re
import typing

from .platforms import PlatformName

if typing.TYPE_CHECKING:
    from .stream import Stream

__all__ = ["persistent_thumbnail", "picture", "profile_image", "profile_page", "slug"]

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


def profile_image(stream: Stream, platform: PlatformName) -> str | None:
    """Return the picture of a profile, where the platform gives one."""
    template = _PROFILE_IMAGES.get(platform)
    if template is None:
        return None
    return template.format(file=stream.digits(18), sign=stream.token(40))


def picture(stream: Stream, platform: PlatformName, suffix: str = "jpg") -> str:
    """Return the address of a file that belongs to an item: an image or a clip."""
    host = _PICTURE_HOSTS[platform]
    return f"{host}/{stream.digits(17)}_n.{suffix}?_nc_gid={stream.token(22)}&oe={stream.digits(8)}"


def persistent_thumbnail(content_id: str) -> str:
    """Return where the vendor keeps a copy of an item's thumbnail (evidence.md#content)."""
    return f"https://media-resources.getphyllo.com/public/acc_cont_{content_id}/thumbnail_url"


def slug(text: str) -> str:
    """Return Latin letters and digits of a title, as in the address of an article."""
    return "-".join(_LATIN_WORD.findall(text.lower())[:_SLUG_WORDS])
