"""Names, addresses and phone numbers per locale."""

from __future__ import annotations

import re

import pytest

from insightiq_mock.resources.people import people_of
from insightiq_mock.resources.vocabulary import LANGUAGES

LOCALES = [language.locale for language in LANGUAGES.values()]

SCRIPTS = {
    "ja_JP": "[\u3041-\u30ff\u4e00-\u9fff]",
    "ko_KR": "[\uac00-\ud7a3]",
    "ar_DZ": "[\u0621-\u064a]",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_names_have_their_script_and_latin_letters(locale: str) -> None:
    people = people_of(locale)
    names = [*people.families, *(name for names in people.given.values() for name in names)]
    assert set(people.given) == {"FEMALE", "MALE"}
    assert len(names) > 40
    for name in names:
        assert re.fullmatch("[a-z]{2,}", name.latin), name
        assert re.search(SCRIPTS.get(locale, "[A-Za-z]"), name.text), name


@pytest.mark.parametrize("locale", LOCALES)
def test_people_have_addresses_and_phone_numbers(locale: str) -> None:
    people = people_of(locale)
    assert len(set(people.addresses)) > 5
    assert len(set(people.phone_numbers)) > 5
    for address in people.addresses:
        assert "\n" not in address
        assert ", " in address
    assert all(sum(map(str.isdigit, number)) >= 7 for number in people.phone_numbers)


def test_pools_do_not_depend_on_order() -> None:
    before = {locale: people_of(locale) for locale in LOCALES}
    people_of.cache_clear()
    after = {locale: people_of(locale) for locale in reversed(LOCALES)}
    assert after == before
