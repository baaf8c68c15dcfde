"""Demographics of followers (evidence.md#audience, #platform-fields): percentages with two decimals that sum to about 100."""

from __future__ import annotations

import datetime as dt
import typing

from insightiq_mock.db import Kind, format_timestamp

from .platforms import PlatformName, Supported
from .vocabulary import CITIES, COUNTRY_CODES

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from .channels import Channel
    from .stream import Stream

__all__ = ["make_audience"]

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
"""An audience may be this much older than the last sync: it changes about once a week (A.8)."""


def make_audience(channel: Channel) -> dict[str, typing.Any] | None:
    """Make the audience; None where the platform gives none, or before the first sync."""
    syncs = channel.timeline.syncs
    if syncs is None or Supported.IDENTITY_AUDIENCE not in channel.platform.supported:
        return None
    stream = channel.stream.child("audience")
    changed_at = syncs.identity_at - dt.timedelta(days=stream.randint(0, _UNCHANGED_DAYS))
    return {
        "id": channel.ids.of(Kind.AUDIENCE, 0),
        "created_at": format_timestamp(syncs.first_at),
        "updated_at": format_timestamp(max(syncs.first_at, changed_at)),
        **channel.references,
        "countries": _countries(stream, channel.creator.language.countries),
        "cities": _cities(stream, channel),
        "gender_age_distribution": _ages(stream),
    }


def _countries(stream: Stream, home: Sequence[str]) -> list[dict[str, typing.Any]]:
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


def _cities(stream: Stream, channel: Channel) -> list[dict[str, typing.Any]]:
    if channel.platform.name not in _GIVES_CITIES:
        return []
    home = [city for code in channel.creator.language.countries for city in CITIES.get(code, ())]
    abroad = [city for cities in CITIES.values() for city in cities if city not in home]
    names = [*home, *abroad]
    weights = [12.0 * stream.spread(0.6) for _ in home] + [stream.spread(0.8) for _ in abroad]
    rows = [
        {"name": name, "value": value}
        for name, value in zip(names, _percentages(weights), strict=True)
    ]
    stream.shuffle(rows)
    return rows


def _ages(stream: Stream) -> list[dict[str, typing.Any]]:
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
