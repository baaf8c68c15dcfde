"""Who plays: the users of a small world and the accounts that they connected.

Roles are the same for every seed, so that a test or a demonstration can count on them; names,
numbers and texts differ.
"""

from __future__ import annotations

import dataclasses
import enum
import typing

from .platforms import PlatformName

__all__ = ["CAST", "AccountRole", "Status", "UserRole"]


class Status(enum.StrEnum):
    """State of an account's connection (evidence.md#account)."""

    CONNECTED = "CONNECTED"
    NOT_CONNECTED = "NOT_CONNECTED"
    SESSION_EXPIRED = "SESSION_EXPIRED"


@dataclasses.dataclass(frozen=True, slots=True)
class AccountRole:
    """One account to be made.

    Attributes:
        platform: Where.
        followers: How many follow, roughly.
        connected_days: How many days before the world's present it was connected; None: a moment
            ago, so that nothing is synced yet.
        contents: How many items it published.
        archived: How many of them are so many that they are computed rather than kept (see
            `archive`); then it has no other contents.
        status: State of the connection.
        ended_days: For an account that is not connected: days since it ended.
        disconnected_by: For NOT_CONNECTED: who cut it off.
        reconnected_days: Days since the creator connected it again.
        history_days: How many days a fetch-historic call reached back beyond the usual ninety.
        commerce: Whether it carries the commerce data (see `commerce`).
        monitor_type: ``STANDARD`` for daily syncs, ``ON_DEMAND`` for none.
    """

    platform: PlatformName
    followers: int
    connected_days: int | None
    contents: int = 0
    archived: int = 0
    status: Status = Status.CONNECTED
    ended_days: int = 0
    disconnected_by: str | None = None
    reconnected_days: int | None = None
    history_days: int = 0
    commerce: bool = False
    monitor_type: str = "STANDARD"


@dataclasses.dataclass(frozen=True, slots=True)
class UserRole:
    """One user to be made: the language they speak and the accounts they connected."""

    name: str
    language: str
    accounts: tuple[AccountRole, ...]


_P = PlatformName

CAST: typing.Final = (
    UserRole(
        "lifestyle",
        "en",
        (
            AccountRole(_P.INSTAGRAM, 48_000, 290, contents=280, history_days=92, reconnected_days=14),
            AccountRole(_P.YOUTUBE, 125_000, 210, contents=36),
            AccountRole(_P.TIKTOK, 230_000, 120, contents=48),
            AccountRole(_P.ADSENSE, 0, 200),
        ),
    ),
    UserRole(
        "cook",
        "es",
        (
            AccountRole(_P.INSTAGRAM_DIRECT, 9_400, 96, contents=30),
            AccountRole(_P.FACEBOOK, 5_200, 75, contents=20, status=Status.SESSION_EXPIRED, ended_days=14),
        ),
    ),
    UserRole(
        "maker",
        "de",
        (
            AccountRole(_P.YOUTUBE, 2_300, 400, contents=18, history_days=30),
            AccountRole(_P.X, 6_800, 180, contents=40),
            AccountRole(_P.TWITCH, 3_900, 180, contents=18),
        ),
    ),
    UserRole(
        "shop",
        "pt",
        (
            AccountRole(_P.FACEBOOK, 31_000, 300, contents=30, reconnected_days=45, commerce=True),
            AccountRole(
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
    UserRole(
        "newcomer",
        "ja",
        (
            AccountRole(_P.INSTAGRAM, 640, None),
            AccountRole(
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
    UserRole(
        "writer",
        "ko",
        (
            AccountRole(_P.LINKEDIN, 2_700, 60),
            AccountRole(_P.SUBSTACK, 8_800, 150, contents=16),
        ),
    ),
    UserRole(
        "columnist",
        "ar",
        (
            AccountRole(_P.BEEHIIV, 1_500, 110, contents=12),
            AccountRole(
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
    UserRole("undecided", "fr", ()),
)  # fmt: skip
