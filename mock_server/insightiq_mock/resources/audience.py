"""Audience: demographics of an account's followers (evidence.md#audience, #platform-fields).

Percentages have two decimals and sum to about 100.
"""

from __future__ import annotations

import datetime as dt
import typing

import orjson

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.db import Column, encode, format_timestamp

from . import errors
from .handlers import require_account
from .identifiers import canonical_id
from .platforms import PlatformName, Supported
from .profiles import PROFILES
from .resource import Resource
from .seed_accounts import parsed_moment
from .vocabulary import CITIES, COUNTRY_CODES

if typing.TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from insightiq_mock.simulation import RandomStream, Simulation

    from .resource import Json, SyncContext
    from .seed_accounts import SeedAccount

__all__ = ["AUDIENCE", "get_audience"]

# At most once a week (evidence.md#sync-cadence).
_PAUSE: typing.Final = dt.timedelta(days=7)

_CHANGE: typing.Final = 0.03

_GIVES_CITIES: typing.Final = (PlatformName.INSTAGRAM, PlatformName.INSTAGRAM_DIRECT)

# Wire order: by gender, the oldest first; the oldest bucket is spelt with a trailing hyphen.
_GENDERS: typing.Final = (("OTHER", 0.04), ("MALE", 1.0), ("FEMALE", 1.0))
_AGES: typing.Final = (
    ("65-", 0.02),
    ("55-64", 0.05),
    ("45-54", 0.11),
    ("35-44", 0.22),
    ("25-34", 0.38),
    ("18-24", 0.22),
)

_UNCHANGED_DAYS: typing.Final = 6
"""An audience may be this much older than the last sync: it changes about once a week (evidence.md#sync-cadence)."""


def _make_audience(account: SeedAccount, _: Mapping[str, list[Json]]) -> Iterator[Json]:
    """Make the audience, unless the platform gives none or nothing is synced yet."""
    syncs = account.timeline.syncs
    if syncs is None or Supported.IDENTITY_AUDIENCE not in account.platform.supported:
        return
    stream = account.stream.child("audience")
    changed_at = syncs.identity_at - dt.timedelta(days=stream.randint(0, _UNCHANGED_DAYS))
    yield {
        "id": account.ids.of(AUDIENCE, 0),
        "created_at": format_timestamp(syncs.first_at),
        "updated_at": format_timestamp(max(syncs.first_at, changed_at)),
        **account.references,
        "countries": _countries(stream, account.creator.language.countries),
        "cities": _cities(stream, account),
        "gender_age_distribution": _ages(stream),
    }


def _countries(stream: RandomStream, home: Sequence[str]) -> list[Json]:
    abroad = stream.sample([code for code in COUNTRY_CODES if code not in home], 34)
    codes = [*home, *abroad]
    weights = [60.0 / (rank + 1) for rank in range(len(home))]
    weights += [6.0 / (rank + 2) * stream.spread(0.5) for rank in range(len(abroad))]
    rows = [
        {"code": code, "value": value}
        for code, value in zip(codes, _percentages(weights), strict=True)
    ]
    stream.shuffle(rows)
    return rows


def _cities(stream: RandomStream, account: SeedAccount) -> list[Json]:
    if account.platform.name not in _GIVES_CITIES:
        return []
    home = [city for code in account.creator.language.countries for city in CITIES.get(code, ())]
    abroad = [city for cities in CITIES.values() for city in cities if city not in home]
    names = [*home, *abroad]
    weights = [12.0 * stream.spread(0.6) for _ in home] + [stream.spread(0.8) for _ in abroad]
    rows = [
        {"name": name, "value": value}
        for name, value in zip(names, _percentages(weights), strict=True)
    ]
    stream.shuffle(rows)
    return rows


def _ages(stream: RandomStream) -> list[Json]:
    buckets = [(gender, age) for gender, _ in _GENDERS for age, _ in _AGES]
    weights = [
        gender_share * age_share * stream.spread(0.3)
        for gender_share in (share * stream.between(0.6, 1.4) for _, share in _GENDERS)
        for _, age_share in _AGES
    ]
    return [
        {"gender": gender, "age_range": age, "value": value}
        for (gender, age), value in zip(buckets, _percentages(weights), strict=True)
    ]


def _percentages(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [round(100 * weight / total, 2) for weight in weights]


def get_audience(simulation: Simulation, resource: Resource, context: RequestContext) -> Response:
    """Return the audience of an account: a bare object, not a list (evidence.md#audience)."""
    account_id: str = context.query["account_id"]
    developer_id = context.developer_id
    body = simulation.store.find(developer_id, resource.kind, canonical_id(account_id))
    if body is None:
        account = require_account(simulation, context)
        if simulation.developer(developer_id).settings.audience_before_sync == "not_found":
            raise errors.audience_not_synced(account_id)
        body = _empty_audience(orjson.loads(account))
    return Response(200, body)


def _empty_audience(account: Json) -> bytes:
    """Return the audience of an account that has none, where a setting asks for one."""
    username = account["username"]
    return encode(
        {
            "id": account["id"],
            "created_at": account["created_at"],
            "updated_at": account["created_at"],
            "user": account["user"],
            "account": {
                "id": account["id"],
                "platform_username": username,
                "username": username,
            },
            "work_platform": account["work_platform"],
            "countries": [],
            "cities": [],
            "gender_age_distribution": [],
        }
    )


def _sync_audience(context: SyncContext) -> None:
    """Find the audience, or how it has changed: not more often than once a week."""
    stored = context.stored(AUDIENCE)
    if not stored:
        for audience in _make_audience(context.seed_account, {}):
            context.add(AUDIENCE, [context.seen(audience)])
            _emit(context, "PROFILES_AUDIENCE.ADDED")
        return
    audience = stored[0]
    if context.at - parsed_moment(audience["updated_at"]) < _PAUSE:
        return
    for part in ("countries", "cities", "gender_age_distribution"):
        _shift(context.stream, audience[part])
    audience["updated_at"] = format_timestamp(context.at)
    context.replace(AUDIENCE, audience)
    _emit(context, "PROFILES_AUDIENCE.UPDATED")


def _emit(context: SyncContext, event: str) -> None:
    profile_id = next((profile["id"] for profile in context.stored(PROFILES)), None)
    # The event names the profile, which the identity product always brings first.
    if profile_id is not None:
        context.emit(event, profile_id=profile_id)


def _shift(stream: RandomStream, rows: list[Json]) -> None:
    """Change shares a little; their sum stays about the same."""
    shifted = [row["value"] * stream.between(1.0 - _CHANGE, 1.0 + _CHANGE) for row in rows]
    total = sum(shifted)
    for row, value in zip(rows, shifted, strict=True):
        row["value"] = round(100.0 * value / total, 2) if total else 0.0


AUDIENCE: typing.Final = Resource(
    "audience",
    order="updated_at",
    # One audience per account, and it is asked for by the account.
    columns={Column.NATURAL_KEY: "account.id"},
    product="identity.audience",
    sync=_sync_audience,
    seed=_make_audience,
    seed_number=0,
)
