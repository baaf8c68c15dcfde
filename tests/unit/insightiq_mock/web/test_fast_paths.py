"""Short cuts give the verdict of the long way, on many generated cases."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest

from insightiq_mock.openapi import default_document_path, load_document
from insightiq_mock.openapi.requests import parse_query, request_contracts
from insightiq_mock.openapi.schemas import violations_of

PIECES = ("a", "b", "limit", "offset", "=", "&", "&&", "==", "1", "", ";", "?", "/", ".", ":", " ")
ESCAPES = ("%20", "%", "%zz", "+", "é", "%C3%A9", "%ff")


def stock(text: str) -> dict[str, list[str]]:
    """Split a query string as the standard library does."""
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="strict"):
        fields.setdefault(name, []).append(value)
    return fields


def test_queries_are_split_as_by_the_standard_library() -> None:
    """With escapes, where it does the work, and without."""
    chance = random.Random(3)  # noqa: S311 - cases, not secrets
    plain = 0
    for _ in range(5000):
        pieces = PIECES if chance.random() < 0.6 else PIECES + ESCAPES
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        plain += not ("%" in text or "+" in text)
        try:
            expected = stock(text)
        except UnicodeDecodeError:
            with pytest.raises(UnicodeDecodeError):
                parse_query(text.encode())
        else:
            assert parse_query(text.encode()) == expected, text
    assert 2000 < plain < 4500


@pytest.mark.parametrize("field", ["a=1", "a=%31"])
def test_a_query_has_at_most_a_thousand_fields(field: str) -> None:
    """However it is written."""
    assert len(parse_query("&".join([field] * 1000).encode())["a"]) == 1000
    with pytest.raises(ValueError, match="fields"):
        parse_query("&".join([field] * 1001).encode())


def test_a_value_that_is_valid_has_nothing_wrong_with_it() -> None:
    """The quick question of the validators and the slow one never differ, for any body or text."""
    contracts = request_contracts(load_document(default_document_path()))
    chance = random.Random(4)  # noqa: S311 - cases, not secrets
    values: list[Any] = [
        None,
        True,
        0,
        -1,
        1.5,
        10**30,
        "",
        "a",
        "2026-02-30",
        "2026-02-28",
        [],
        {},
        [{}],
    ]
    values += ["11111111-1111-4111-8111-111111111111", "no-uuid", {"ids": ["x"]}, ["a", 1]]
    names = ["name", "external_id", "user_id", "account_id", "ids", "products", "url", "events"]
    verdicts = set[bool]()
    for contract in contracts.values():
        validators = [parameter.validator for parameter in (*contract.path, *contract.query)]
        validators += contract.body.validators.values() if contract.body else ()
        for validator in validators:
            objects = [
                {name: chance.choice(values) for name in chance.sample(names, 3)} for _ in range(20)
            ]
            for value in (*values, *objects):
                slow = list(validator.iter_errors(value))
                assert validator.is_valid(value) == (not slow), orjson.dumps(str(value))
                assert bool(violations_of(validator, value, "here")) == bool(slow)
                verdicts.add(not slow)
    assert verdicts == {True, False}
