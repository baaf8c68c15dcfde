"""Seed users: the users of a world of each size, and the accounts that they connected.

The users of the small world are the same for every seed, so that a test or a demonstration can count
on them; names, numbers and texts differ. A user has a number, and so has an account: the user's number
times `ACCOUNTS_PER_USER` plus its place among the user's. So any account of any world is made from its
number, without those before it.
"""

from __future__ import annotations

import dataclasses
import enum
import typing

from .platforms import PLATFORMS, PlatformName, Supported
from .vocabulary import LANGUAGES

if typing.TYPE_CHECKING:
    from insightiq_mock.simulation import RandomStream

__all__ = [
    "ACCOUNTS_PER_USER",
    "AccountSpec",
    "Size",
    "Status",
    "UserSpec",
    "number_of_user",
    "user_count",
    "user_spec",
]


class Status(enum.StrEnum):
    """State of an account's connection (evidence.md#account)."""

    CONNECTED = "CONNECTED"
    NOT_CONNECTED = "NOT_CONNECTED"
    SESSION_EXPIRED = "SESSION_EXPIRED"


@dataclasses.dataclass(frozen=True, slots=True)
class AccountSpec:
    """One account to be seeded.

    Attributes:
        platform: Its platform.
        followers: Approximate number of followers.
        connected_days: Days between its connection and the world's present; None where it was
            connected a moment ago, so that nothing is synced yet.
        contents: Number of contents.
        virtual_contents: Number of contents that are computed rather than stored (see
            `virtual_rows`); then it has no other contents.
        status: State of the connection.
        ended_days: For an account that is not connected: days since it ended.
        disconnected_by: For NOT_CONNECTED: the source of the disconnection.
        reconnected_days: Days since the creator connected it again.
        history_days: Days that a fetch-historic call reached back beyond the usual ninety.
        commerce: Whether it carries the commerce data (see `commerce`).
        monitor_type: ``STANDARD`` for daily syncs, ``ON_DEMAND`` for none.
    """

    platform: PlatformName
    followers: int
    connected_days: int | None
    contents: int = 0
    virtual_contents: int = 0
    status: Status = Status.CONNECTED
    ended_days: int = 0
    disconnected_by: str | None = None
    reconnected_days: int | None = None
    history_days: int = 0
    commerce: bool = False
    monitor_type: str = "STANDARD"


@dataclasses.dataclass(frozen=True, slots=True)
class UserSpec:
    """One user to be seeded: their language and the accounts that they connected."""

    name: str
    language: str
    accounts: tuple[AccountSpec, ...]


_P = PlatformName

SMALL_WORLD: typing.Final = (
    UserSpec(
        "lifestyle",
        "en",
        (
            AccountSpec(_P.INSTAGRAM, 48_000, 290, contents=280, history_days=92, reconnected_days=14),
            AccountSpec(_P.YOUTUBE, 125_000, 210, contents=36),
            AccountSpec(_P.TIKTOK, 230_000, 120, contents=48),
            AccountSpec(_P.ADSENSE, 0, 200),
        ),
    ),
    UserSpec(
        "cook",
        "es",
        (
            AccountSpec(_P.INSTAGRAM_DIRECT, 9_400, 96, contents=30),
            AccountSpec(_P.FACEBOOK, 5_200, 75, contents=20, status=Status.SESSION_EXPIRED, ended_days=14),
        ),
    ),
    UserSpec(
        "maker",
        "de",
        (
            AccountSpec(_P.YOUTUBE, 2_300, 400, contents=18, history_days=30),
            AccountSpec(_P.X, 6_800, 180, contents=40),
            AccountSpec(_P.TWITCH, 3_900, 180, contents=18),
        ),
    ),
    UserSpec(
        "shop",
        "pt",
        (
            AccountSpec(_P.FACEBOOK, 31_000, 300, contents=30, reconnected_days=45, commerce=True),
            AccountSpec(
                _P.INSTAGRAM,
                11_500,
                160,
                contents=24,
                status=Status.NOT_CONNECTED,
                ended_days=20,
                disconnected_by="DEVELOPER_API",
            ),
        ),
    ),
    UserSpec(
        "newcomer",
        "ja",
        (
            AccountSpec(_P.INSTAGRAM, 640, None),
            AccountSpec(
                _P.X,
                190,
                30,
                contents=6,
                status=Status.NOT_CONNECTED,
                ended_days=25,
                disconnected_by="DEVELOPER_API",
            ),
        ),
    ),
    UserSpec(
        "writer",
        "ko",
        (
            AccountSpec(_P.LINKEDIN, 2_700, 60),
            AccountSpec(_P.SUBSTACK, 8_800, 150, contents=16),
        ),
    ),
    UserSpec(
        "columnist",
        "ar",
        (
            AccountSpec(_P.BEEHIIV, 1_500, 110, contents=12),
            AccountSpec(
                _P.TIKTOK,
                77_000,
                220,
                contents=16,
                status=Status.NOT_CONNECTED,
                ended_days=60,
                disconnected_by="INTERNAL_API",
            ),
        ),
    ),
    UserSpec("undecided", "fr", ()),
)  # fmt: skip


ACCOUNTS_PER_USER: typing.Final = 8
"""The most accounts of one user."""

_VIRTUAL_CONTENTS: typing.Final = 1_000_000

_EXTRAS: typing.Final = 292
"""Further users of the larger worlds."""


class Size(enum.StrEnum):
    """Size of a world: its number of users and accounts."""

    EMPTY = "empty"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @classmethod
    def _missing_(cls, value: object) -> typing.NoReturn:
        msg = f"There is no world of size {value!r}; choose one of {', '.join(cls)}."
        raise ValueError(msg)


_NEWSROOM: typing.Final = UserSpec(
    "newsroom",
    "en",
    (
        AccountSpec(
            PlatformName.X,
            2_400_000,
            900,
            virtual_contents=_VIRTUAL_CONTENTS,
            # Ten years of it; and no daily syncs: each would read a quarter's worth.
            history_days=2_700,
            monitor_type="ON_DEMAND",
        ),
    ),
)
"""The user of the large world whose account holds a million items."""

_USER_COUNTS: typing.Final = {
    Size.EMPTY: 0,
    Size.SMALL: len(SMALL_WORLD),
    Size.MEDIUM: len(SMALL_WORLD) + _EXTRAS,
    Size.LARGE: len(SMALL_WORLD) + _EXTRAS + 1,
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

# Platforms whose sessions end by themselves (evidence.md#platform-token-life).
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
_NUMBERS: typing.Final = {spec.name: number for number, spec in enumerate(SMALL_WORLD)}


def user_count(size: Size) -> int:
    """Return how many users a world has."""
    return _USER_COUNTS[size]


def user_spec(size: Size, root: RandomStream, number: int) -> UserSpec:
    """Return the user of a number; ``root`` is the random stream of the world."""
    if number < len(SMALL_WORLD):
        return SMALL_WORLD[number]
    if size is Size.LARGE and number == _USER_COUNTS[Size.MEDIUM]:
        return _NEWSROOM
    return _extra(root.child(f"role {number}"), number)


def number_of_user(size: Size, spec_name: str) -> int | None:
    """Return the number of the user of a name; None where the world has no such user."""
    if spec_name in _NUMBERS:
        number = _NUMBERS[spec_name]
    elif spec_name == _NEWSROOM.name:
        number = _USER_COUNTS[Size.MEDIUM]
    else:
        digits = spec_name.removeprefix(_EXTRA_PREFIX)
        if digits == spec_name or not (digits.isascii() and digits.isdecimal()):
            return None
        number = int(digits[:_MOST_DIGITS])
    return number if number < _USER_COUNTS[size] else None


def _extra(stream: RandomStream, number: int) -> UserSpec:
    count = stream.choices((0, 1, 2, 3), (1, 5, 3, 1))[0]
    drawn = stream.choices(tuple(_PLATFORMS), tuple(_PLATFORMS.values()), k=count)
    accounts = tuple(_account(stream, platform) for platform in dict.fromkeys(drawn))
    return UserSpec(f"{_EXTRA_PREFIX}{number}", stream.choice(_LANGUAGES), accounts)


def _account(stream: RandomStream, platform: PlatformName) -> AccountSpec:
    publishes = Supported.ENGAGEMENT in PLATFORMS[platform].supported
    has_followers = platform is not PlatformName.ADSENSE
    connected_days = stream.randint(5, 380)
    status = stream.choices(tuple(Status), _STATUS_SHARES)[0]
    if status is Status.SESSION_EXPIRED and platform not in _EXPIRING:
        status = Status.CONNECTED
    disconnected_by = "DEVELOPER_API" if stream.chance(0.9) else "INTERNAL_API"
    return AccountSpec(
        platform,
        followers=round(6_000 * stream.spread(1.6)) + 100 if has_followers else 0,
        connected_days=connected_days,
        contents=stream.randint(3, 60) if publishes else 0,
        status=status,
        ended_days=stream.randint(1, connected_days - 3),
        disconnected_by=disconnected_by if status is Status.NOT_CONNECTED else None,
    )
