"""Who plays in a world of which size.

A user has a number, and an account has one too: the user's times `ACCOUNTS_PER_USER` plus its place
among the user's. So any account of any world is made from its number, without those before it.
"""

from __future__ import annotations

import enum
import typing

from .cast import CAST, AccountRole, Status, UserRole
from .platforms import PLATFORMS, PlatformName, Supported
from .vocabulary import LANGUAGES

if typing.TYPE_CHECKING:
    from .stream import Stream

__all__ = [
    "ACCOUNTS_PER_USER",
    "ARCHIVED_CONTENTS",
    "Size",
    "number_of_user",
    "user_count",
    "user_role",
]

ACCOUNTS_PER_USER: typing.Final = 8
"""Room for the accounts of one user."""

ARCHIVED_CONTENTS: typing.Final = 1_000_000

_EXTRAS: typing.Final = 292
"""Users of the larger worlds beside the cast."""


class Size(enum.StrEnum):
    """How much there is in a world."""

    EMPTY = "empty"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @classmethod
    def _missing_(cls, value: object) -> typing.NoReturn:
        msg = f"There is no world of size {value!r}; choose one of {', '.join(cls)}."
        raise ValueError(msg)


_NEWSROOM: typing.Final = UserRole(
    "newsroom",
    "en",
    (
        AccountRole(
            PlatformName.X,
            2_400_000,
            900,
            archived=ARCHIVED_CONTENTS,
            # Ten years of it; and no daily syncs: they would go through a quarter's worth each.
            history_days=2_700,
            monitor_type="ON_DEMAND",
        ),
    ),
)
"""The user of the large world whose account holds a million items."""

_USER_COUNTS: typing.Final = {
    Size.EMPTY: 0,
    Size.SMALL: len(CAST),
    Size.MEDIUM: len(CAST) + _EXTRAS,
    Size.LARGE: len(CAST) + _EXTRAS + 1,
}

# Platforms of the extras, and how often each occurs.
_PLATFORMS: typing.Final = {
    PlatformName.INSTAGRAM: 30,
    PlatformName.TIKTOK: 22,
    PlatformName.YOUTUBE: 18,
    PlatformName.FACEBOOK: 8,
    PlatformName.X: 7,
    PlatformName.INSTAGRAM_DIRECT: 6,
    PlatformName.TWITCH: 5,
    PlatformName.LINKEDIN: 3,
    PlatformName.SUBSTACK: 3,
    PlatformName.BEEHIIV: 2,
    PlatformName.ADSENSE: 2,
}

# Whose sessions end by themselves (evidence.md#platform-token-life).
_EXPIRING: typing.Final = (
    PlatformName.FACEBOOK,
    PlatformName.INSTAGRAM,
    PlatformName.INSTAGRAM_DIRECT,
)

# Connected, cut off, expired.
_STATUS_SHARES: typing.Final = (14, 4, 2)

_LANGUAGES: typing.Final = tuple(LANGUAGES)

_EXTRA_PREFIX: typing.Final = "creator-"
_MOST_DIGITS: typing.Final = 9
_CAST_NUMBERS: typing.Final = {role.name: number for number, role in enumerate(CAST)}


def user_count(size: Size) -> int:
    """Return how many users a world has."""
    return _USER_COUNTS[size]


def user_role(size: Size, root: Stream, number: int) -> UserRole:
    """Return what the user of a number plays; ``root`` is the stream of the world."""
    if number < len(CAST):
        return CAST[number]
    if size is Size.LARGE and number == _USER_COUNTS[Size.MEDIUM]:
        return _NEWSROOM
    return _extra(root.child(f"role {number}"), number)


def number_of_user(size: Size, role_name: str) -> int | None:
    """Return the number of the user with a role; None where the world has no such one."""
    if role_name in _CAST_NUMBERS:
        number = _CAST_NUMBERS[role_name]
    elif role_name == _NEWSROOM.name:
        number = _USER_COUNTS[Size.MEDIUM]
    else:
        digits = role_name.removeprefix(_EXTRA_PREFIX)
        if digits == role_name or not (digits.isascii() and digits.isdecimal()):
            return None
        number = int(digits[:_MOST_DIGITS])
    return number if number < _USER_COUNTS[size] else None


def _extra(stream: Stream, number: int) -> UserRole:
    count = stream.choices((0, 1, 2, 3), (1, 5, 3, 1))[0]
    drawn = stream.choices(tuple(_PLATFORMS), tuple(_PLATFORMS.values()), k=count)
    accounts = tuple(_account(stream, platform) for platform in dict.fromkeys(drawn))
    return UserRole(f"{_EXTRA_PREFIX}{number}", stream.choice(_LANGUAGES), accounts)


def _account(stream: Stream, platform: PlatformName) -> AccountRole:
    publishes = Supported.ENGAGEMENT in PLATFORMS[platform].supported
    has_followers = platform is not PlatformName.ADSENSE
    connected_days = stream.randint(5, 380)
    status = stream.choices(tuple(Status), _STATUS_SHARES)[0]
    if status is Status.SESSION_EXPIRED and platform not in _EXPIRING:
        status = Status.CONNECTED
    disconnected_by = "DEVELOPER_API" if stream.chance(0.9) else "INTERNAL_API"
    return AccountRole(
        platform,
        followers=round(6_000 * stream.spread(1.6)) + 100 if has_followers else 0,
        connected_days=connected_days,
        contents=stream.randint(3, 60) if publishes else 0,
        status=status,
        ended_days=stream.randint(1, connected_days - 3),
        disconnected_by=disconnected_by if status is Status.NOT_CONNECTED else None,
    )
