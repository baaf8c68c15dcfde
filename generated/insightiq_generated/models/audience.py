# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Audience``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar, Self

from attrs import define as _define
from attrs import field as _field

from ..types import (
    UNSET,
    Model,
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["Audience"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "countries",
    "cities",
    "gender_age_distribution",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "countries",
    "cities",
    "gender_age_distribution",
)


@_define(repr=False, kw_only=True)
class Audience(Model):
    """Demographics of an account's audience.

    Attributes:
        id: Identifier of the demographics.
        created_at: Time at which InsightIQ first stored the demographics.
        updated_at: Time at which InsightIQ last changed the demographics.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        countries: Shares by country, in no order.
        cities: Shares by city; empty for platforms that give none.
        gender_age_distribution: Shares by gender and age range.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "account": "account",
        "work_platform": "work_platform",
        "countries": "countries",
        "cities": "cities",
        "gender_age_distribution": "gender_age_distribution",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    countries: list[AudienceCountry]
    cities: list[AudienceCity]
    gender_age_distribution: list[AudienceGenderAge]
    additional_properties: dict[str, Any] = _field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Read a JSON object; what is not as promised is kept as it is."""
        try:
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                countries,
                cities,
                gender_age_distribution,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Audience")
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                countries,
                cities,
                gender_age_distribution,
            ) = _required(src_dict)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or account is None
            or work_platform is None
            or countries is None
            or cities is None
            or gender_age_distribution is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Audience")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Audience.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Audience.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Audience.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "Audience.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Audience.work_platform")
        if isinstance(countries, list):
            countries = [
                _read_audience_country(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Audience.countries")
                for _item in countries
            ]
        elif countries is not None and countries is not UNSET:
            unexpected(countries, "Audience.countries")
        if isinstance(cities, list):
            cities = [
                _read_audience_city(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Audience.cities")
                for _item in cities
            ]
        elif cities is not None and cities is not UNSET:
            unexpected(cities, "Audience.cities")
        if isinstance(gender_age_distribution, list):
            gender_age_distribution = [
                _read_audience_gender_age(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Audience.gender_age_distribution")
                for _item in gender_age_distribution
            ]
        elif gender_age_distribution is not None and gender_age_distribution is not UNSET:
            unexpected(gender_age_distribution, "Audience.gender_age_distribution")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.countries = countries
        _new.cities = cities
        _new.gender_age_distribution = gender_age_distribution
        if len(src_dict) != 9:
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .audience_city import AudienceCity
from .audience_country import AudienceCountry
from .audience_gender_age import AudienceGenderAge
from .user_reference import UserReference
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_audience_city = AudienceCity.from_dict
_read_audience_country = AudienceCountry.from_dict
_read_audience_gender_age = AudienceGenderAge.from_dict
_read_user_reference = UserReference.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
