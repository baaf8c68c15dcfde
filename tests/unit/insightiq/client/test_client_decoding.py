"""Bodies are read alike with orjson and without it."""

from __future__ import annotations

import builtins
import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import insightiq
from insightiq import _response, errors
from insightiq.testing import ScriptedTransport, response

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**25), max_value=10**25)
    | st.integers(min_value=2**63 - 3, max_value=2**64 + 3)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.text()
    | st.text(alphabet=st.characters(categories=["Cs", "Lu"]), max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)

# Pieces of JSON and of what is nearly JSON, in any order.
fragments = st.lists(
    st.sampled_from(
        [
            *(b"{", b"}", b"[", b"]", b":", b",", b'"', b" ", b"\n", b"\t", b"\x00", b"\x0c"),
            *(b"null", b"true", b"false", b"NaN", b"Infinity", b"-Infinity", b"nan"),
            *(b"0", b"-0", b"-0.0", b"01", b"1.", b".5", b"1e5", b"1E400", b"-", b"+1", b"1e-400"),
            *(b"9223372036854775808", b"-9223372036854775809", b"18446744073709551616"),
            *(b'"a"', b'"a":1', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\\u0000"', b'"\\x"'),
            *(b"\xff", b"\xed\xa0\x80", b"\xc3\xbc", b"\xef\xbb\xbf", b"\xc0\x80", b"'a'", b"//"),
        ]
    ),
    max_size=8,
).map(b"".join)


def outcome(read: Any, content: bytes) -> Any:
    """Return what ``read`` makes of the bytes, in a form in which all differences show."""
    try:
        value = read(content)
    except ValueError:
        return "no JSON"
    return shown(value)


def shown(value: Any) -> Any:
    """Tell 1 from 1.0 and True, and NaN from everything else."""
    if isinstance(value, dict):
        return {key: shown(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shown(each) for each in value]
    if isinstance(value, float):
        return ("float", "nan" if math.isnan(value) else value, math.copysign(1, value))
    return (type(value).__name__, value)


@given(content=json_values.map(lambda value: json.dumps(value).encode()) | fragments)
@example(b"18446744073709551615")
@example(b"18446744073709551616")
@example(b"[-9223372036854775808, -9223372036854775809]")
@example(b'{"a": 1, "b": 2, "a": 3}')
@example(b"[NaN, Infinity, -Infinity, 1e400]")
@example(b'"\\ud800"')
@example(b'"\xff"')
@example(b'"\xed\xa0\x80"')
@example(b"\xef\xbb\xbf{}")
@example('{"name": "Zoë"}'.encode("utf-16"))
@example(b"")
def test_a_body_reads_alike_with_orjson(content: bytes) -> None:
    """The extra makes reading quicker and changes nothing else, not even an odd body's outcome."""
    assert _response._orjson_loads() is not None
    assert outcome(_response.decode_json, content) == outcome(json.loads, content)


def test_a_page_is_read_by_orjson_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of 19 digits, as TikTok's, or without a letter do not send a page the slow way."""
    monkeypatch.setattr("json.loads", None)
    ids = {"id": "01234567-0123-0123-0123-012345678901", "external_id": "7301234567890123456"}
    page = {"data": [{**ids, "count": -(2**31), "most": 2**63, "rate": 0.25}]}
    content = json.dumps(page).encode()
    assert _response.decode_json(content) == page


@pytest.fixture
def without_orjson(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have importing orjson fail, as where it is not installed."""
    real_import = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "orjson":
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    _response._orjson_loads.cache_clear()
    yield
    _response._orjson_loads.cache_clear()


@pytest.mark.parametrize("installed", [True, False], ids=["orjson", "standard library"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<html>Bad gateway</html>", "not valid JSON"),
        (b'{"id": "7", "na', "not valid JSON"),
        (b'{"name": "\xff"}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "not an object"),
    ],
)
def test_an_unreadable_body_is_the_same_error_with_orjson_and_without(
    request: pytest.FixtureRequest, content: bytes, problem: str, *, installed: bool
) -> None:
    """The caller's ``except`` does not depend on what happens to be installed."""
    if not installed:
        request.getfixturevalue("without_orjson")
    transport = ScriptedTransport([response(content=content)])
    with (
        insightiq.InsightIQ(client_id="id", client_secret="s3", transport=transport) as iq,
        pytest.raises(errors.APIResponseValidationError, match=problem),
    ):
        iq.users.get("u-1")


def test_the_client_works_without_orjson(without_orjson: None) -> None:
    """It is an extra: the base install reads with the standard library."""
    del without_orjson
    assert _response._orjson_loads() is None
    assert _response.decode_json(b'{"count": 18446744073709551616}') == {"count": 2**64}
