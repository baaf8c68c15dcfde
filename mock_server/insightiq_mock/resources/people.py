"""Names, addresses and phone numbers of people, from the locales of Faker.

Faker takes far longer for a value than a world may take for an account, so a locale's pool is made
once per process. A pool depends on nothing but its locale and the version of Faker: neither on the
world nor on what was asked before.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from faker import Faker

__all__ = ["Name", "People", "latin_name", "people_of"]

_NAMES_PER_GENDER: typing.Final = 20
_FAMILIES: typing.Final = 40
_PLACES: typing.Final = 12

# Each further provider would cost every start a millisecond per locale.
_PROVIDERS: typing.Final = tuple(
    f"faker.providers.{name}" for name in ("person", "address", "phone_number")
)

# The locale in which the library gives the reading of a name.
_READ_NAMES: typing.Final = "ja_JP"

_SHORTEST_LATIN: typing.Final = 2
_LONGEST_LATIN: typing.Final = 20
_NO_LETTERS: typing.Final = re.compile("[^a-z]")


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """A given or family name: as written, and in lower-case Latin letters."""

    text: str
    latin: str


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """Names and contacts of one locale.

    Attributes:
        given: Given names by the gender that they suggest.
        families: Family names.
        addresses: Streets with a town.
        phone_numbers: In the locale's usual spelling.
    """

    given: dict[str, tuple[Name, ...]]
    families: tuple[Name, ...]
    addresses: tuple[str, ...]
    phone_numbers: tuple[str, ...]


@functools.cache
def people_of(locale: str) -> People:
    """Return the pool of a locale."""
    from faker import Faker

    faker = Faker(locale, providers=list(_PROVIDERS), use_weighting=False)
    faker.seed_instance(f"insightiq-mock {locale}")
    if locale == _READ_NAMES:
        female, male, family = (
            functools.partial(_read, pair)
            for pair in (
                faker.first_name_female_pair,
                faker.first_name_male_pair,
                faker.last_name_pair,
            )
        )
    else:
        female, male, family = (
            functools.partial(_spelt, name)
            for name in (faker.first_name_female, faker.first_name_male, faker.last_name)
        )
    return People(
        given={
            "FEMALE": _names(female, _NAMES_PER_GENDER),
            "MALE": _names(male, _NAMES_PER_GENDER),
        },
        families=_names(family, _FAMILIES),
        addresses=tuple(_address(faker) for _ in range(_PLACES)),
        phone_numbers=tuple(faker.phone_number() for _ in range(_PLACES)),
    )


def latin_name(text: str, other: Name) -> Name:
    """Return the name of a real text; its Latin letters are those of another where it has none."""
    latin = _latin(text)[:_LONGEST_LATIN]
    return Name(text, latin if len(latin) >= _SHORTEST_LATIN else other.latin)


def _names(draw: Callable[[], Name], count: int) -> tuple[Name, ...]:
    """Draw `count` names; keep each once, and those with enough Latin letters for a handle."""
    drawn = dict.fromkeys(draw() for _ in range(count))
    return tuple(name for name in drawn if len(name.latin) >= _SHORTEST_LATIN)


def _read(draw: Callable[[], tuple[str, str, str]]) -> Name:
    text, _kana, romanized = draw()
    return Name(text, _letters(romanized))


def _spelt(draw: Callable[[], str]) -> Name:
    text = draw()
    return Name(text, _latin(text))


def _latin(text: str) -> str:
    from faker.decode import unidecode

    return _letters(unidecode(text))


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.lower())


def _address(faker: Faker) -> str:
    return f"{faker.street_address().strip()}, {faker.city()}"
