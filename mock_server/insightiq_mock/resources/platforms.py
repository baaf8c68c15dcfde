"""Work platforms: the 16 rows that staging lists, and their products (evidence.md#platform-catalogue)."""

from __future__ import annotations

import dataclasses
import enum
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PLATFORMS", "Platform", "PlatformName", "Supported", "platform_of"]


class PlatformName(enum.StrEnum):
    """Names as the API spells them."""

    TIKTOK = "TikTok"
    INSTAGRAM = "Instagram"
    TIKTOK_SHOP = "Tiktok Shop"
    YOUTUBE = "YouTube"
    X = "X"
    TWITCH = "Twitch"
    FACEBOOK = "Facebook"
    SUBSTACK = "Substack"
    SNAPCHAT = "Snapchat"
    INSTAGRAM_DIRECT = "Instagram Direct"
    INSTAGRAM_LITE = "Instagram Lite"
    ADSENSE = "AdSense"
    SPOTIFY = "Spotify"
    LINKEDIN = "LinkedIn"
    BEEHIIV = "Beehiiv"
    WWW = "WWW"


class Supported(enum.Flag):
    """The products of a platform."""

    NOTHING = 0
    IDENTITY = enum.auto()
    IDENTITY_AUDIENCE = enum.auto()
    ENGAGEMENT = enum.auto()
    COMMENTS = enum.auto()
    INCOME = enum.auto()
    PUBLISH = enum.auto()
    ACTIVITY = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Platform:
    """One row of the catalogue."""

    name: PlatformName
    id: str
    category: str
    url: str
    logo_url: str
    created_at: str
    supported: Supported

    @property
    def reference(self) -> dict[str, str]:
        """The ``work_platform`` of other resources."""
        return {"id": self.id, "name": self.name.value, "logo_url": self.logo_url}

    def as_json(self) -> dict[str, typing.Any]:
        """The row in the list of work platforms."""
        return {
            "id": self.id,
            "name": self.name.value,
            "logo_url": self.logo_url,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "category": self.category,
            "status": "ACTIVE",
            "url": self.url,
            "products": {
                "identity": self._product(Supported.IDENTITY)
                | {"audience": self._product(Supported.IDENTITY_AUDIENCE)},
                "engagement": self._product(Supported.ENGAGEMENT)
                | {"audience": self._product(Supported.COMMENTS)},
                "income": self._product(Supported.INCOME),
                # The deposit switch: no platform of the list has it.
                "switch": {"is_supported": False},
                "activity": self._product(Supported.ACTIVITY),
                "publish_content": self._product(Supported.PUBLISH),
            },
        }

    def _product(self, product: Supported) -> dict[str, typing.Any]:
        return {"is_supported": product in self.supported}


_LETTERS: typing.Final = {
    "I": Supported.IDENTITY,
    "A": Supported.IDENTITY_AUDIENCE,
    "E": Supported.ENGAGEMENT,
    "C": Supported.COMMENTS,
    "$": Supported.INCOME,
    "P": Supported.PUBLISH,
    "T": Supported.ACTIVITY,
}

_LOGOS: typing.Final = "https://cdn.getphyllo.com/platforms_logo/logos/logo_"
_NEW_LOGOS: typing.Final = "https://cdn.insightiq.ai/platforms_logo/logos/logo_"

_FIRST: typing.Final = "2021-10-30T11:31:57.886681"
_AUTUMN_2022: typing.Final = "2022-09-01T15:27:06.215490"

_ROWS: typing.Final = (
    ("TikTok", "de55aeec-0dc8-4119-bf90-16b3d1f0c987", "SOCIAL", "https://www.tiktok.com", _FIRST, "IAEP"),
    ("Instagram", "9bb8913b-ddd9-430b-a66a-d74d846e6c66", "SOCIAL", "https://www.instagram.com/", _FIRST, "IAECP"),
    ("Tiktok Shop", "7f9c3e9a-6d2f-4b77-9b47-3c8f5a1d4e62", "SOCIAL", "https://www.tiktok.com/shop", "2026-02-12T07:36:32.398372", ""),
    ("YouTube", "14d9ddf5-51c6-415e-bde6-f8ed36ad7054", "ENTERTAINMENT", "https://www.youtube.com/", _FIRST, "IAEC$P"),
    ("X", "7645460a-96e0-4192-a3ce-a1fc30641f72", "SOCIAL", "https://twitter.com", _FIRST, "IE"),
    ("Twitch", "e4de6c01-5b78-4fc0-a651-24f44134457b", "ENTERTAINMENT", "https://www.twitch.tv", _FIRST, "IE"),
    ("Facebook", "ad2fec62-2987-40a0-89fb-23485972598c", "SOCIAL", "https://www.facebook.com", _FIRST, "IE$"),
    ("Substack", "fbf76083-710b-439a-8b8c-956f607ef2c1", "SOCIAL", "https://substack.com/", "2022-03-06T08:12:37.507138", "IE"),
    ("Snapchat", "ee3c8d7a-3207-4f56-945f-f942b34c96e1", "SOCIAL", "https://www.snapchat.com", _FIRST, ""),
    ("Instagram Direct", "d3badb09-a81f-4444-bc27-1a994d939e00", "SOCIAL", "https://www.instagram.com/", "2024-11-26T13:04:55.606958", "IAEC"),
    ("Instagram Lite", "fb7cafcf-60ed-468a-ad6d-6bb6899d0871", "SOCIAL", "https://www.instagram.com/", _AUTUMN_2022, "IE"),
    ("AdSense", "3e6f4cdd-2119-4125-aa0d-86eee4e20fcc", "SOCIAL", "https://www.google.com/adsense/", _AUTUMN_2022, "I$"),
    ("Spotify", "1db0b86c-a547-4119-9834-da927171a685", "SOCIAL", "https://www.spotify.com", "2022-12-27T13:03:25.714494", "T"),
    ("LinkedIn", "36410629-f907-43ba-aa0d-434ca9c0501a", "BUSINESS", "https://www.linkedin.com", _FIRST, "I"),
    ("Beehiiv", "24fcaa09-0a79-4deb-b074-d8efd900265b", "PUBLICATION", "https://www.beehiiv.com/", "2023-07-17T13:01:48.373860", "IE"),
    ("WWW", "a22c6022-5226-55f4-a436-3693f2148bd4", "GLOBAL_NETWORK", "", "2024-08-26T12:36:16.459355", ""),
)  # fmt: skip


def _platform(row: tuple[str, str, str, str, str, str]) -> Platform:
    name, platform_id, category, url, created_at, letters = row
    slug = name.lower().replace(" ", "_")
    supported = Supported.NOTHING
    for letter in letters:
        supported |= _LETTERS[letter]
    return Platform(
        name=PlatformName(name),
        id=platform_id,
        category=category,
        url=url,
        logo_url=f"{_NEW_LOGOS if slug == 'tiktok_shop' else _LOGOS}{slug}.png",
        created_at=created_at,
        supported=supported,
    )


PLATFORMS: typing.Final[Mapping[PlatformName, Platform]] = {
    platform.name: platform for platform in map(_platform, _ROWS)
}
"""The catalogue in the order in which the API lists it."""


def platform_of(account: Mapping[str, typing.Any]) -> Platform:
    """Return the platform of an account's JSON."""
    return PLATFORMS[PlatformName(account["work_platform"]["name"])]
