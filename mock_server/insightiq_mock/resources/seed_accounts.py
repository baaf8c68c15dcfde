"""Seed accounts: a creator's presence on one platform, as generators of resources know it.

The same seed gives the same accounts, byte for byte, in every process. An account that is stored is
recovered from its JSON, so that syncs go on with it, whether it was seeded or connected.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import typing

from insightiq_mock.db import format_timestamp
from insightiq_mock.simulation import RandomStream

from .identifiers import AccountIds, RandomIds, SeedIds
from .people import Name, latin_name, people_of
from .platforms import PLATFORMS, Platform, PlatformName, platform_of
from .seed_users import (
    ACCOUNTS_PER_USER,
    AccountSpec,
    Size,
    Status,
    UserSpec,
    number_of_user,
    user_count,
    user_spec,
)
from .texts import profile_image
from .vocabulary import LANGUAGES, Language

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from insightiq_mock.simulation import Developer

__all__ = [
    "Creator",
    "Seed",
    "SeedAccount",
    "SyncTimes",
    "Timeline",
    "account_path",
    "creator_of",
    "first_followers",
    "invented_name",
    "new_account",
    "observed",
    "parsed_moment",
    "stored_account",
]

_DAY: typing.Final = dt.timedelta(days=1)
_WINDOW: typing.Final = dt.timedelta(days=90)
_STORY_POLL: typing.Final = dt.timedelta(hours=3)

_POLLED_FOR_STORIES: typing.Final = (PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT)

# Platforms whose profile is there within seconds; on the others the first sync takes minutes
# (evidence.md#profile).
_QUICK: typing.Final = (PlatformName.YOUTUBE, PlatformName.X, PlatformName.TWITCH)

_GENDERS: typing.Final = ("FEMALE", "MALE")

_UUID_V5: typing.Final = 5
_YEAR: typing.Final = dt.timedelta(days=365)

# Where the account is known by the creator's e-mail address (evidence.md#account; AdSense by analogy).
_KNOWN_BY_EMAIL: typing.Final = (PlatformName.YOUTUBE, PlatformName.ADSENSE)

_NAMED_BY_HANDLE: typing.Final = (PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT)

# Where the handle becomes part of a host name, which takes no underscore.
_NAMES_HOSTS: typing.Final = (PlatformName.SUBSTACK, PlatformName.BEEHIIV)

# Where platform_profile_published_at is set (evidence.md#platform-fields).
_GIVES_JOIN_DATE: typing.Final = (
    PlatformName.YOUTUBE,
    PlatformName.X,
    PlatformName.TWITCH,
    PlatformName.ADSENSE,
)

_PROFILE_ID_DIGITS: typing.Final = {
    PlatformName.INSTAGRAM: 11,
    PlatformName.INSTAGRAM_DIRECT: 11,
    PlatformName.FACEBOOK: 15,
    PlatformName.X: 19,
    PlatformName.TWITCH: 8,
}

_USER_DAYS: typing.Final = dt.timedelta(days=420)
"""Users are older than all of their accounts."""

_ANY_MOMENT: typing.Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_FEWEST_FOLLOWERS: typing.Final = 300
_SPREAD_OF_FOLLOWERS: typing.Final = 1.3
_TYPICAL_FOLLOWERS: typing.Final = 8_000


def parsed_moment(text: str) -> dt.datetime:
    """Parse a timestamp of the wire as an aware moment."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True, slots=True)
class SyncTimes:
    """Moments of an account's syncs, and the days that they reached back to.

    Attributes:
        first_at: When the profile appeared.
        identity_at: Last sync of the profile.
        engagement_at: Last sync of everything else.
        refresh_since: First day that a sync looks at again.
        available_from: First day of which there is data.
    """

    first_at: dt.datetime
    identity_at: dt.datetime
    engagement_at: dt.datetime
    refresh_since: dt.date
    available_from: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class Timeline:
    """Moments in the life of an account.

    Attributes:
        created_at: First connection.
        updated_at: Last change of the connection's state: connect, reconnect, disconnect, expiry.
        syncs: None where the account was connected a moment ago and nothing is synced yet.
    """

    created_at: dt.datetime
    updated_at: dt.datetime
    syncs: SyncTimes | None


@dataclasses.dataclass(frozen=True, slots=True)
class Creator:
    """A person, and the user of the developer's product that they are."""

    given: Name
    family: Name
    gender: str
    language: Language
    user: dict[str, str]
    email: str

    @property
    def full_name(self) -> str:
        """The name of the user: given name before family name, whatever the language."""
        return self.user["name"]

    @property
    def reference(self) -> dict[str, str]:
        """The ``user`` of other resources."""
        return {"id": self.user["id"], "name": self.user["name"]}


@dataclasses.dataclass(frozen=True, slots=True)
class SeedAccount:
    """An account, as the generators of its profile, contents and income need it.

    Attributes:
        stream: The account's random stream; resources draw from children of it.
        ids: Generates the ids of its resources.
        spec: The account's place in the world.
        platform: Its platform.
        creator: Its owner.
        timeline: Its moments.
        id: Id of the account.
        handle: Name in addresses.
        username: ``username`` and ``platform_username`` of the API.
        profile_name: ``platform_profile_name`` of the API.
        profile_id: The platform's own id.
        profile_published_at: When the creator joined the platform, where the platform gives it.
        image_url: Picture of the profile, where there is one.
        followers: Number of followers or subscribers.
        references: The three references that every resource of the account carries, in wire order.
    """

    stream: RandomStream
    ids: AccountIds
    spec: AccountSpec
    platform: Platform
    creator: Creator
    timeline: Timeline
    id: str
    handle: str
    username: str
    profile_name: str
    profile_id: str
    profile_published_at: str | None
    image_url: str | None
    followers: int
    references: dict[str, dict[str, str]]

    @property
    def profile_fields(self) -> dict[str, str]:
        """The profile's id and name, which contents and income carry."""
        return {
            "platform_profile_id": self.profile_id,
            "platform_profile_name": self.profile_name,
        }

    def seen_since(self, since: dt.datetime) -> dict[str, typing.Any]:
        """Return times and references of a resource: no sync saw it before the account was connected."""
        seen_at = format_timestamp(max(since, self.timeline.created_at))
        return {"created_at": seen_at, "updated_at": seen_at, **self.references}


@dataclasses.dataclass(frozen=True, slots=True)
class Seed:
    """The seed of a world: the same seed gives the same world, byte for byte.

    Attributes:
        seed: Text that decides every value.
        size: Number of users and accounts.
        now: The world's present, an aware moment: nothing in it happened later.
    """

    seed: str
    size: Size
    now: dt.datetime

    def account(self, account_number: int) -> SeedAccount:
        """Make the account of a number."""
        user_number, place = divmod(account_number, ACCOUNTS_PER_USER)
        creator, spec, stream = self._user(user_number)
        return self._account(creator, spec, stream, user_number, place)

    def users(self) -> Iterator[tuple[Creator, list[tuple[int, SeedAccount]]]]:
        """Make all users, each with their accounts and the accounts' numbers."""
        for user_number in range(user_count(self.size)):
            creator, spec, stream = self._user(user_number)
            yield (
                creator,
                [
                    (
                        user_number * ACCOUNTS_PER_USER + place,
                        self._account(creator, spec, stream, user_number, place),
                    )
                    for place in range(len(spec.accounts))
                ],
            )

    def creator_of(self, user: Mapping[str, typing.Any]) -> Creator | None:
        """Return the creator behind a user of this world; None for a user made by a call."""
        number = number_of_user(self.size, user["external_id"].rpartition("-")[0])
        if number is None:
            return None
        creator, _, _ = self._user(number)
        return creator if creator.user["id"] == user["id"] else None

    def _user(self, number: int) -> tuple[Creator, UserSpec, RandomStream]:
        root = RandomStream("insightiq-mock world", self.seed)
        spec = user_spec(self.size, root, number)
        stream = root.child(spec.name)
        created_at = self.now - _USER_DAYS * stream.between(1.0, 1.2)
        return make_creator(stream, spec, created_at), spec, stream

    def _account(
        self, creator: Creator, spec: UserSpec, stream: RandomStream, user_number: int, place: int
    ) -> SeedAccount:
        account_spec = spec.accounts[place]
        return make_seed_account(
            stream.child(account_spec.platform),
            creator,
            account_spec,
            self.now,
            SeedIds(self.seed, user_number * ACCOUNTS_PER_USER + place),
        )


def account_path(seed: str, account_id: str) -> tuple[str, ...]:
    """Return the path of the random streams of one account, or of one user."""
    return ("insightiq-mock account", seed, account_id)


def creator_of(developer: Developer, user: Mapping[str, typing.Any]) -> Creator:
    """Return the creator behind a user: the seeded one, or a generated one, with the user's name."""
    size = Size(developer.world)
    return _creator(developer.seed, size, user["id"], user["external_id"], user["name"])


def invented_name(developer: Developer, user_id: str) -> str:
    """Return the name of the person whom `creator_of` generates for a user."""
    return _invented(developer.seed, user_id).full_name


def new_account(
    path: tuple[str, ...],
    creator: Creator,
    platform: Platform,
    at: dt.datetime,
    handle: str | None,
) -> SeedAccount:
    """Make the account of a user's creator on a platform: always the same, but for its handle."""
    stream = RandomStream(*path, platform.name.value, handle or "")
    spec = AccountSpec(platform.name, 0, connected_days=None)
    account = make_seed_account(stream, creator, spec, at)
    if handle is not None:
        account = _renamed(account, handle)
    return dataclasses.replace(account, timeline=Timeline(at, at, syncs=None))


def first_followers(path: tuple[str, ...]) -> int:
    """Return the number of followers of an account when it is connected."""
    followers = _TYPICAL_FOLLOWERS * RandomStream(*path, "followers").spread(_SPREAD_OF_FOLLOWERS)
    return max(round(followers), _FEWEST_FOLLOWERS)


def stored_account(
    path: tuple[str, ...],
    creator: Creator,
    account: Mapping[str, typing.Any],
    followers: int,
) -> SeedAccount:
    """Recover the account from its stored JSON."""
    platform = platform_of(account)
    stream = RandomStream(*path)
    username = account["username"]
    created_at = parsed_moment(account["created_at"])
    return SeedAccount(
        stream=stream,
        ids=RandomIds(stream),
        spec=AccountSpec(platform.name, followers, connected_days=None),
        platform=platform,
        creator=creator,
        timeline=Timeline(created_at, parsed_moment(account["updated_at"]), syncs=None),
        id=account["id"],
        handle=username.partition("@")[0].replace(" ", "").lower(),
        username=username,
        profile_name=account["platform_profile_name"],
        profile_id=account["platform_profile_id"],
        profile_published_at=account["platform_profile_published_at"],
        image_url=account["profile_pic_url"],
        followers=followers,
        references={
            "user": account["user"],
            "account": {"id": account["id"], "platform_username": username, "username": username},
            "work_platform": platform.reference,
        },
    )


def observed(
    account: SeedAccount, stream: RandomStream, at: dt.datetime, since: dt.date
) -> SeedAccount:
    """Return an account whose generators make data from the day `since` up to the moment `at`."""
    syncs = SyncTimes(
        first_at=at,
        identity_at=at,
        engagement_at=at,
        refresh_since=at.date() - _WINDOW,
        available_from=since,
    )
    return dataclasses.replace(
        account,
        stream=stream,
        ids=RandomIds(stream),
        spec=dataclasses.replace(account.spec, contents=0),
        timeline=dataclasses.replace(account.timeline, syncs=syncs),
    )


# Every sync of an account needs its creator, who is always the same.
@functools.lru_cache(maxsize=1024)
def _creator(seed: str, size: Size, user_id: str, external_id: str, name: str) -> Creator:
    user = {"id": user_id, "external_id": external_id, "name": name}
    # A creator does not depend on the moment at which the world began.
    seeded = Seed(seed, size, _ANY_MOMENT).creator_of(user)
    return named_creator(seeded or _invented(seed, user_id), user)


@functools.lru_cache(maxsize=1024)
def _invented(seed: str, user_id: str) -> Creator:
    stream = RandomStream(*account_path(seed, user_id), "creator")
    spec = UserSpec("creator", stream.choice(sorted(LANGUAGES)), ())
    return make_creator(stream, spec, _ANY_MOMENT)


def _renamed(account: SeedAccount, handle: str) -> SeedAccount:
    """Give an account a handle of the caller's choice."""
    old = account.profile_name
    is_handle = account.username == account.handle
    username = f"{handle}@example.com" if account.platform.name in _KNOWN_BY_EMAIL else handle
    username = handle if "@" in handle else username
    return dataclasses.replace(
        account,
        handle=handle.partition("@")[0],
        username=username,
        profile_name=handle if is_handle or old == account.handle else old,
        references={
            **account.references,
            "account": {"id": account.id, "platform_username": username, "username": username},
        },
    )


def make_creator(stream: RandomStream, spec: UserSpec, created_at: dt.datetime) -> Creator:
    """Make a person and their user."""
    language = LANGUAGES[spec.language]
    people = people_of(language.locale)
    gender = stream.choice(_GENDERS)
    given = stream.choice(people.given[gender])
    family = stream.choice(people.families)
    moment = format_timestamp(created_at)
    user = {
        "name": f"{given.text} {family.text}",
        "external_id": f"{spec.name}-{stream.digits(6)}",
        "id": stream.uuid(),
        "created_at": moment,
        "updated_at": moment,
        "status": "ACTIVE",
    }
    return Creator(given, family, gender, language, user, _email(given, family))


def named_creator(creator: Creator, user: Mapping[str, str]) -> Creator:
    """Return a creator with the name of a user.

    The first word is the given name, the rest the family name. A name without Latin letters for a
    handle takes those of the generated name.
    """
    if user["name"] == creator.user["name"]:
        return dataclasses.replace(creator, user=dict(user))
    first, _, rest = user["name"].strip().partition(" ")
    given = latin_name(first, creator.given)
    family = latin_name(rest.strip(), creator.family)
    return Creator(
        given, family, creator.gender, creator.language, dict(user), _email(given, family)
    )


def _email(given: Name, family: Name) -> str:
    return f"{given.latin}.{family.latin}@example.com"


def make_seed_account(
    stream: RandomStream,
    creator: Creator,
    spec: AccountSpec,
    now: dt.datetime,
    ids: AccountIds | None = None,
) -> SeedAccount:
    """Make a creator's account on a platform."""
    platform = PLATFORMS[spec.platform]
    joined_at = now.replace(microsecond=0) - _YEAR * stream.between(2, 8)
    handle = _handle(stream, creator, platform.name)
    account_id = stream.uuid()
    username = _username(creator, platform.name, handle)
    return SeedAccount(
        stream=stream,
        ids=ids or RandomIds(stream),
        spec=spec,
        platform=platform,
        creator=creator,
        timeline=make_timeline(stream, spec, now),
        id=account_id,
        handle=handle,
        username=username,
        profile_name=_profile_name(creator, platform.name, handle),
        profile_id=_profile_id(stream, platform.name),
        profile_published_at=_published_at(stream, platform.name, joined_at),
        image_url=profile_image(stream, platform.name),
        followers=round(spec.followers * stream.between(0.85, 1.15)),
        references={
            "user": creator.reference,
            "account": {"id": account_id, "platform_username": username, "username": username},
            "work_platform": platform.reference,
        },
    )


def _handle(stream: RandomStream, creator: Creator, platform: PlatformName) -> str:
    given, family = creator.given.latin, creator.family.latin
    if platform in _NAMES_HOSTS:
        return f"{given}{family}"
    return stream.choice(
        (
            f"{given}{family}",
            f"{given}_{family}",
            f"{family}.{given}",
            f"the{given}{stream.digits(2)}",
        )
    )


def _username(creator: Creator, platform: PlatformName, handle: str) -> str:
    if platform in _KNOWN_BY_EMAIL:
        return creator.email
    if platform is PlatformName.FACEBOOK:
        return creator.full_name
    return handle


def _profile_name(creator: Creator, platform: PlatformName, handle: str) -> str:
    if platform in _NAMED_BY_HANDLE:
        return handle
    if platform is PlatformName.TWITCH:
        return handle.title()
    return creator.full_name


def _profile_id(stream: RandomStream, platform: PlatformName) -> str:
    if platform is PlatformName.YOUTUBE:
        return f"UC{stream.token(22)}"
    if platform is PlatformName.TIKTOK:
        return stream.uuid(version=_UUID_V5)
    if platform is PlatformName.ADSENSE:
        return f"pub-{stream.digits(16)}"
    return stream.digits(_PROFILE_ID_DIGITS.get(platform, 10))


def _published_at(
    stream: RandomStream, platform: PlatformName, joined_at: dt.datetime
) -> str | None:
    if platform not in _GIVES_JOIN_DATE:
        return None
    if platform is PlatformName.YOUTUBE:
        joined_at = joined_at.replace(microsecond=stream.randrange(1_000_000))
    return format_timestamp(joined_at)


def make_timeline(stream: RandomStream, spec: AccountSpec, now: dt.datetime) -> Timeline:
    """Make an account's moments, none later than ``now``."""
    if spec.connected_days is None:
        just_now = now - _seconds(stream, 2, 8)
        return Timeline(just_now, just_now, syncs=None)
    created_at = _ago(stream, now, spec.connected_days)
    connected_at = created_at
    if spec.reconnected_days is not None:
        connected_at = _ago(stream, now, spec.reconnected_days)
    end = now if spec.status is Status.CONNECTED else _ago(stream, now, spec.ended_days)
    # Under STANDARD monitoring a sync runs every 24 hours from the last connection on.
    identity_at = connected_at + (end - connected_at) // _DAY * _DAY + _seconds(stream, 5, 60)
    identity_at = min(identity_at, end)
    engagement_at = identity_at + _seconds(stream, 0.1, 30)
    if spec.platform in _POLLED_FOR_STORIES:
        engagement_at += (end - identity_at) // _STORY_POLL * _STORY_POLL
    engagement_at = min(engagement_at, end)
    return Timeline(
        created_at=created_at,
        updated_at=_updated_at(stream, spec, connected_at, identity_at, end),
        syncs=SyncTimes(
            first_at=created_at + _first_sync_takes(stream, spec),
            identity_at=identity_at,
            engagement_at=engagement_at,
            refresh_since=engagement_at.date() - _WINDOW,
            available_from=created_at.date() - _WINDOW - dt.timedelta(days=spec.history_days),
        ),
    )


def _updated_at(
    stream: RandomStream,
    spec: AccountSpec,
    connected_at: dt.datetime,
    last_sync_at: dt.datetime,
    end: dt.datetime,
) -> dt.datetime:
    if spec.status is Status.SESSION_EXPIRED:
        # Noticed when the next daily sync fails.
        return last_sync_at + _DAY + _seconds(stream, 1, 30)
    if spec.status is Status.NOT_CONNECTED:
        return end
    if spec.platform is PlatformName.YOUTUBE:
        return connected_at + _seconds(stream, 1, 3)
    return connected_at


def _first_sync_takes(stream: RandomStream, spec: AccountSpec) -> dt.timedelta:
    return _seconds(stream, 1, 2) if spec.platform in _QUICK else _seconds(stream, 60, 300)


def _ago(stream: RandomStream, now: dt.datetime, days: int) -> dt.datetime:
    # At some time of that day: accounts are not all connected at the same minute.
    return now - dt.timedelta(days=days) - _seconds(stream, 3_600, 80_000)


def _seconds(stream: RandomStream, low: float, high: float) -> dt.timedelta:
    return dt.timedelta(seconds=stream.between(low, high))
