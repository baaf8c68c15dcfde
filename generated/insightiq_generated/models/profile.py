# Generated from the OpenAPI document by scripts/regenerate.py; do not edit.
"""``Profile``."""

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
    Unset,
    fill_missing,
    from_iso_format,
    parse_odd_datetime,
    report_nulls,
    unexpected,
)

__all__ = ["Profile"]

_make = object.__new__

_REQUIRED = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "platform_username",
    "reputation",
    "gender",
)
_required = itemgetter(*_REQUIRED)
_NEVER_NULL = (
    "id",
    "created_at",
    "updated_at",
    "user",
    "account",
    "work_platform",
    "reputation",
)


@_define(repr=False, kw_only=True)
class Profile(Model):
    """A creator's profile on a platform. Each account has one. What a platform does not give is null.

    Attributes:
        id: Identifier of the profile.
        created_at: Time at which InsightIQ first stored the profile.
        updated_at: Time at which InsightIQ last changed the profile.
        user: The user that it belongs to.
        account: The account that it was fetched through.
        work_platform: The platform that it comes from.
        username: Same as `platform_username` wherever both were seen. Not in the vendor's
            documents.
        platform_username: Handle on the platform; an e-mail address for YouTube.
        full_name: Full name.
        first_name: First name.
        last_name: Last name.
        nick_name: Nickname.
        url: Address of the profile on the platform.
        introduction: Text about the creator on the profile; may be empty, and may end with line
            breaks.
        image_url: Address of the profile picture.
        date_of_birth: Date of birth as text; its format is not known.
        external_id: Identifier on the platform. On YouTube the owner's account number, which is not
            `platform_profile_id`.
        platform_account_type: The platform's own kind of account.
        category: The platform's own category; may be empty.
        website: Website that the profile names. TikTok puts the whole introduction here, so it need
            not be an address.
        reputation: Standing of the profile.
        emails: E-mail addresses; empty where there are none.
        phone_numbers: Telephone numbers; empty where there are none.
        addresses: Postal addresses; empty where there are none.
        gender: Gender as the platform states it.
        country: Country; two letters in the vendor's examples.
        platform_profile_name: Name that the profile shows.
        platform_profile_id: Identifier of the profile on the platform, of any shape.
        platform_profile_published_at: Time at which the profile was opened on the platform, where
            the platform says so.
        is_verified: Whether the platform has verified the profile.
        is_business: Whether it is a business profile.
        work_experiences: Positions held. LinkedIn; null elsewhere.
        education: Schools attended. LinkedIn; null elsewhere.
        publications: Publications. LinkedIn; null elsewhere.
        certifications: Certificates. LinkedIn; null elsewhere.
        volunteer_experiences: Voluntary work. LinkedIn; null elsewhere.
        honors: Awards. LinkedIn; null elsewhere.
        projects: Projects. LinkedIn; null elsewhere.
    """

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "id",
        "created_at": "created_at",
        "updated_at": "updated_at",
        "user": "user",
        "account": "account",
        "work_platform": "work_platform",
        "username": "username",
        "platform_username": "platform_username",
        "full_name": "full_name",
        "first_name": "first_name",
        "last_name": "last_name",
        "nick_name": "nick_name",
        "url": "url",
        "introduction": "introduction",
        "image_url": "image_url",
        "date_of_birth": "date_of_birth",
        "external_id": "external_id",
        "platform_account_type": "platform_account_type",
        "category": "category",
        "website": "website",
        "reputation": "reputation",
        "emails": "emails",
        "phone_numbers": "phone_numbers",
        "addresses": "addresses",
        "gender": "gender",
        "country": "country",
        "platform_profile_name": "platform_profile_name",
        "platform_profile_id": "platform_profile_id",
        "platform_profile_published_at": "platform_profile_published_at",
        "is_verified": "is_verified",
        "is_business": "is_business",
        "work_experiences": "work_experiences",
        "education": "education",
        "publications": "publications",
        "certifications": "certifications",
        "volunteer_experiences": "volunteer_experiences",
        "honors": "honors",
        "projects": "projects",
    }

    id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    user: UserReference
    account: AccountReference
    work_platform: WorkPlatformReference
    platform_username: str | None
    reputation: ProfileReputation
    gender: Gender | None
    username: str | None | Unset = UNSET
    full_name: str | None | Unset = UNSET
    first_name: str | None | Unset = UNSET
    last_name: str | None | Unset = UNSET
    nick_name: str | None | Unset = UNSET
    url: str | None | Unset = UNSET
    introduction: str | None | Unset = UNSET
    image_url: str | None | Unset = UNSET
    date_of_birth: str | None | Unset = UNSET
    external_id: str | None | Unset = UNSET
    platform_account_type: str | None | Unset = UNSET
    category: str | None | Unset = UNSET
    website: str | None | Unset = UNSET
    emails: list[ProfileEmail] | None | Unset = UNSET
    phone_numbers: list[ProfilePhoneNumber] | None | Unset = UNSET
    addresses: list[ProfileAddress] | None | Unset = UNSET
    country: str | None | Unset = UNSET
    platform_profile_name: str | None | Unset = UNSET
    platform_profile_id: str | None | Unset = UNSET
    platform_profile_published_at: datetime.datetime | None | Unset = UNSET
    is_verified: bool | None | Unset = UNSET
    is_business: bool | None | Unset = UNSET
    work_experiences: list[WorkExperience] | None | Unset = UNSET
    education: list[Education] | None | Unset = UNSET
    publications: list[Publication] | None | Unset = UNSET
    certifications: list[Certification] | None | Unset = UNSET
    volunteer_experiences: list[VolunteerExperience] | None | Unset = UNSET
    honors: list[Honor] | None | Unset = UNSET
    projects: list[Project] | None | Unset = UNSET
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
                platform_username,
                reputation,
                gender,
            ) = _required(src_dict)
        except KeyError:
            src_dict = fill_missing(src_dict, _REQUIRED, "Profile")
            (
                id,
                created_at,
                updated_at,
                user,
                account,
                work_platform,
                platform_username,
                reputation,
                gender,
            ) = _required(src_dict)
        _get = src_dict.get
        username = _get("username", UNSET)
        full_name = _get("full_name", UNSET)
        first_name = _get("first_name", UNSET)
        last_name = _get("last_name", UNSET)
        nick_name = _get("nick_name", UNSET)
        url = _get("url", UNSET)
        introduction = _get("introduction", UNSET)
        image_url = _get("image_url", UNSET)
        date_of_birth = _get("date_of_birth", UNSET)
        external_id = _get("external_id", UNSET)
        platform_account_type = _get("platform_account_type", UNSET)
        category = _get("category", UNSET)
        website = _get("website", UNSET)
        emails = _get("emails", UNSET)
        phone_numbers = _get("phone_numbers", UNSET)
        addresses = _get("addresses", UNSET)
        country = _get("country", UNSET)
        platform_profile_name = _get("platform_profile_name", UNSET)
        platform_profile_id = _get("platform_profile_id", UNSET)
        platform_profile_published_at = _get("platform_profile_published_at", UNSET)
        is_verified = _get("is_verified", UNSET)
        is_business = _get("is_business", UNSET)
        work_experiences = _get("work_experiences", UNSET)
        education = _get("education", UNSET)
        publications = _get("publications", UNSET)
        certifications = _get("certifications", UNSET)
        volunteer_experiences = _get("volunteer_experiences", UNSET)
        honors = _get("honors", UNSET)
        projects = _get("projects", UNSET)
        if (
            id is None
            or created_at is None
            or updated_at is None
            or user is None
            or account is None
            or work_platform is None
            or reputation is None
        ):
            report_nulls(src_dict, _NEVER_NULL, "Profile")
        if created_at is not None and created_at is not UNSET:
            try:
                created_at = from_iso_format(created_at + "Z")
            except (TypeError, ValueError):
                created_at = parse_odd_datetime(created_at, "Profile.created_at")
        if updated_at is not None and updated_at is not UNSET:
            try:
                updated_at = from_iso_format(updated_at + "Z")
            except (TypeError, ValueError):
                updated_at = parse_odd_datetime(updated_at, "Profile.updated_at")
        if isinstance(user, dict):
            user = _read_user_reference(user)
        elif user is not None and user is not UNSET:
            unexpected(user, "Profile.user")
        if isinstance(account, dict):
            account = _read_account_reference(account)
        elif account is not None and account is not UNSET:
            unexpected(account, "Profile.account")
        if isinstance(work_platform, dict):
            work_platform = _read_work_platform_reference(work_platform)
        elif work_platform is not None and work_platform is not UNSET:
            unexpected(work_platform, "Profile.work_platform")
        if isinstance(reputation, dict):
            reputation = _read_profile_reputation(reputation)
        elif reputation is not None and reputation is not UNSET:
            unexpected(reputation, "Profile.reputation")
        if isinstance(emails, list):
            emails = [
                _read_profile_email(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.emails")
                for _item in emails
            ]
        elif emails is not None and emails is not UNSET:
            unexpected(emails, "Profile.emails")
        if isinstance(phone_numbers, list):
            phone_numbers = [
                _read_profile_phone_number(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.phone_numbers")
                for _item in phone_numbers
            ]
        elif phone_numbers is not None and phone_numbers is not UNSET:
            unexpected(phone_numbers, "Profile.phone_numbers")
        if isinstance(addresses, list):
            addresses = [
                _read_profile_address(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.addresses")
                for _item in addresses
            ]
        elif addresses is not None and addresses is not UNSET:
            unexpected(addresses, "Profile.addresses")
        if isinstance(gender, str):
            gender = GENDER_BY_VALUE[gender]
        elif gender is not None and gender is not UNSET:
            unexpected(gender, "Profile.gender")
        if platform_profile_published_at is not None and platform_profile_published_at is not UNSET:
            try:
                platform_profile_published_at = from_iso_format(platform_profile_published_at + "Z")
            except (TypeError, ValueError):
                platform_profile_published_at = parse_odd_datetime(
                    platform_profile_published_at, "Profile.platform_profile_published_at"
                )
        if isinstance(work_experiences, list):
            work_experiences = [
                _read_work_experience(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.work_experiences")
                for _item in work_experiences
            ]
        elif work_experiences is not None and work_experiences is not UNSET:
            unexpected(work_experiences, "Profile.work_experiences")
        if isinstance(education, list):
            education = [
                _read_education(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.education")
                for _item in education
            ]
        elif education is not None and education is not UNSET:
            unexpected(education, "Profile.education")
        if isinstance(publications, list):
            publications = [
                _read_publication(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.publications")
                for _item in publications
            ]
        elif publications is not None and publications is not UNSET:
            unexpected(publications, "Profile.publications")
        if isinstance(certifications, list):
            certifications = [
                _read_certification(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.certifications")
                for _item in certifications
            ]
        elif certifications is not None and certifications is not UNSET:
            unexpected(certifications, "Profile.certifications")
        if isinstance(volunteer_experiences, list):
            volunteer_experiences = [
                _read_volunteer_experience(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.volunteer_experiences")
                for _item in volunteer_experiences
            ]
        elif volunteer_experiences is not None and volunteer_experiences is not UNSET:
            unexpected(volunteer_experiences, "Profile.volunteer_experiences")
        if isinstance(honors, list):
            honors = [
                _read_honor(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.honors")
                for _item in honors
            ]
        elif honors is not None and honors is not UNSET:
            unexpected(honors, "Profile.honors")
        if isinstance(projects, list):
            projects = [
                _read_project(_item)
                if isinstance(_item, dict)
                else unexpected(_item, "Profile.projects")
                for _item in projects
            ]
        elif projects is not None and projects is not UNSET:
            unexpected(projects, "Profile.projects")
        # Straight into the slots: quicker than dozens of arguments through __init__.
        _new = _make(cls)
        _new.id = id
        _new.created_at = created_at
        _new.updated_at = updated_at
        _new.user = user
        _new.account = account
        _new.work_platform = work_platform
        _new.username = username
        _new.platform_username = platform_username
        _new.full_name = full_name
        _new.first_name = first_name
        _new.last_name = last_name
        _new.nick_name = nick_name
        _new.url = url
        _new.introduction = introduction
        _new.image_url = image_url
        _new.date_of_birth = date_of_birth
        _new.external_id = external_id
        _new.platform_account_type = platform_account_type
        _new.category = category
        _new.website = website
        _new.reputation = reputation
        _new.emails = emails
        _new.phone_numbers = phone_numbers
        _new.addresses = addresses
        _new.gender = gender
        _new.country = country
        _new.platform_profile_name = platform_profile_name
        _new.platform_profile_id = platform_profile_id
        _new.platform_profile_published_at = platform_profile_published_at
        _new.is_verified = is_verified
        _new.is_business = is_business
        _new.work_experiences = work_experiences
        _new.education = education
        _new.publications = publications
        _new.certifications = certifications
        _new.volunteer_experiences = volunteer_experiences
        _new.honors = honors
        _new.projects = projects
        if len(src_dict) != 38 - (
            (username is UNSET)
            + (full_name is UNSET)
            + (first_name is UNSET)
            + (last_name is UNSET)
            + (nick_name is UNSET)
            + (url is UNSET)
            + (introduction is UNSET)
            + (image_url is UNSET)
            + (date_of_birth is UNSET)
            + (external_id is UNSET)
            + (platform_account_type is UNSET)
            + (category is UNSET)
            + (website is UNSET)
            + (emails is UNSET)
            + (phone_numbers is UNSET)
            + (addresses is UNSET)
            + (country is UNSET)
            + (platform_profile_name is UNSET)
            + (platform_profile_id is UNSET)
            + (platform_profile_published_at is UNSET)
            + (is_verified is UNSET)
            + (is_business is UNSET)
            + (work_experiences is UNSET)
            + (education is UNSET)
            + (publications is UNSET)
            + (certifications is UNSET)
            + (volunteer_experiences is UNSET)
            + (honors is UNSET)
            + (projects is UNSET)
        ):
            _known = frozenset(cls.KEYS.values())
            _new.additional_properties = {
                _key: _value for _key, _value in src_dict.items() if _key not in _known
            }
        return _new


from .account_reference import AccountReference
from .certification import Certification
from .education import Education
from .gender import GENDER_BY_VALUE, Gender
from .honor import Honor
from .profile_address import ProfileAddress
from .profile_email import ProfileEmail
from .profile_phone_number import ProfilePhoneNumber
from .profile_reputation import ProfileReputation
from .project import Project
from .publication import Publication
from .user_reference import UserReference
from .volunteer_experience import VolunteerExperience
from .work_experience import WorkExperience
from .work_platform_reference import WorkPlatformReference

# A class method that is looked up for each object is bound anew each time.
_read_account_reference = AccountReference.from_dict
_read_certification = Certification.from_dict
_read_education = Education.from_dict
_read_honor = Honor.from_dict
_read_profile_address = ProfileAddress.from_dict
_read_profile_email = ProfileEmail.from_dict
_read_profile_phone_number = ProfilePhoneNumber.from_dict
_read_profile_reputation = ProfileReputation.from_dict
_read_project = Project.from_dict
_read_publication = Publication.from_dict
_read_user_reference = UserReference.from_dict
_read_volunteer_experience = VolunteerExperience.from_dict
_read_work_experience = WorkExperience.from_dict
_read_work_platform_reference = WorkPlatformReference.from_dict
