"""Responses: bodies, JSON, and values that the document does not allow."""

from __future__ import annotations

import asyncio
import builtins
import gzip
import itertools
import json
import math
import pickle
import tracemalloc
import warnings
import zlib
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import insightiq
from insightiq import _response, errors
from insightiq._response import Body, BodyError
from insightiq.testing import ScriptedTransport, response

LIMIT = 100_000
PAIR: dict[str, Any] = {"client_id": "id", "client_secret": "planted-secret", "quota": None}


# What compresses well ends a step of decompression in the middle of a run.
DATA = st.binary(max_size=20_000) | st.builds(
    lambda part, times: part * times, st.binary(min_size=1, max_size=3), st.integers(0, 100_000)
)


def raw_deflate(data: bytes) -> bytes:
    """Return ``data`` compressed without the frame around it, as some servers send it."""
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


COMPRESSED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    " deflate ": raw_deflate,
    "identity": bytes,
    "gzip, identity": gzip.compress,
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
}


def ask(iq: Any) -> Any:
    """Return what a client gets, whichever of the two it is."""
    asked = iq.request("GET", "/v1/things")
    if not asyncio.iscoroutine(asked):
        return asked.parsed

    async def main() -> Any:
        return (await asked).parsed

    return asyncio.run(main())


@pytest.fixture(params=[insightiq.InsightIQ, insightiq.AsyncInsightIQ], ids=["sync", "async"])
def client_class(request: pytest.FixtureRequest) -> Any:
    """Each of the two clients."""
    return request.param


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_compression_is_undone(client_class: Any, encoding: str) -> None:
    content = COMPRESSED[encoding](json.dumps({"text": "é" * 200_000}).encode())
    script = ScriptedTransport([response(content=content, headers={"content-encoding": encoding})])
    assert ask(client_class(**PAIR, transport=script)) == {"text": "é" * 200_000}
    assert script.requests[0].headers["accept-encoding"] == "gzip, deflate"


@settings(max_examples=100, deadline=None)
@given(DATA, st.sampled_from(sorted(COMPRESSED)), st.integers(1, 70_000))
@example(b"a" * 65_600, " deflate ", 70_000)
def test_compression_is_undone_however_it_is_cut(data: bytes, encoding: str, size: int) -> None:
    compressed = COMPRESSED[encoding](data)
    content = Body(encoding, None)
    # A lone byte does not distinguish raw deflate from framed; no server sends its first one alone.
    for begin in range(0, len(compressed), max(size, 2)):
        content.add(compressed[begin : begin + max(size, 2)])
    assert content.end() == data


@pytest.mark.parametrize("encoding", [None, *COMPRESSED])
def test_oversized_response_is_rejected(client_class: Any, encoding: str | None) -> None:
    compress = COMPRESSED[encoding or "identity"]
    headers = {"content-encoding": encoding} if encoding else {}
    script = ScriptedTransport(
        lambda _: response(content=compress(b'"' + b"a" * LIMIT + b'"'), headers=headers)
    )
    iq = client_class(**PAIR, transport=script, max_response_bytes=LIMIT)
    with pytest.raises(errors.APIResponseValidationError, match="more than 100000 bytes") as caught:
        ask(iq)
    assert "raise max_response_bytes" in str(caught.value)
    assert caught.value.status_code == 200
    assert len(script.requests) == 1
    assert len(ask(iq.with_options(max_response_bytes=LIMIT + 2))) == LIMIT
    assert len(ask(iq.with_options(max_response_bytes=None))) == LIMIT


def test_size_of_read_response_is_checked(client_class: Any) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json="a" * LIMIT))
    with pytest.raises(errors.APIResponseValidationError, match="more than 100000 bytes"):
        ask(client_class(**PAIR, transport=transport, max_response_bytes=LIMIT))


def test_oversized_error_keeps_class(client_class: Any) -> None:
    script = ScriptedTransport([response(404, content="a" * 2 * LIMIT)])
    with pytest.raises(errors.NotFoundError):
        ask(client_class(**PAIR, transport=script, max_response_bytes=LIMIT))


@pytest.mark.parametrize("encoding", ["gzip", "deflate, gzip"])
def test_bomb_takes_no_more_memory_than_limit(encoding: str) -> None:
    bomb = COMPRESSED[encoding](b" " * 50_000_000)
    content = Body(encoding, 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BodyError):
            content.add(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def test_endless_empty_compression_is_rejected() -> None:
    content = Body("deflate", LIMIT)
    content.add(b"\x78\x9c")
    blocks = itertools.repeat(b"\x00\x00\x00\xff\xff", LIMIT)
    with pytest.raises(BodyError):
        list(map(content.add, blocks))


def test_default_is_64_mebibytes() -> None:
    assert insightiq.InsightIQ(**PAIR)._driver.options.max_response_bytes == 64 * 1024 * 1024


@pytest.mark.parametrize("size", [0, -1, True, 1.5, "1", float("inf")])
def test_invalid_size_is_rejected(client_class: Any, size: Any) -> None:
    said = "give a whole number of bytes from 1, or None"
    with pytest.raises(errors.ConfigurationError, match=said):
        client_class(**PAIR, max_response_bytes=size)
    with pytest.raises(errors.ConfigurationError, match=said):
        client_class(**PAIR).with_options(max_response_bytes=size)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "gzip, gzip, gzip", "aes128gcm"])
def test_unknown_encoding_is_named(client_class: Any, encoding: str) -> None:
    script = ScriptedTransport(
        [response(content=b"\x1b\x0e\x00\xf8", headers={"content-encoding": encoding})]
    )
    with pytest.raises(errors.APIResponseValidationError, match="cannot be undone") as caught:
        ask(client_class(**PAIR, transport=script))
    assert f"its content encoding ({encoding})" in str(caught.value)


def test_invalid_encoding_is_ignored(client_class: Any) -> None:
    script = ScriptedTransport(
        [response(content=b'{"a": 1}', headers={"content-encoding": "utf-8"})]
    )
    assert ask(client_class(**PAIR, transport=script)) == {"a": 1}


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate, gzip"])
def test_damaged_compression_is_named(client_class: Any, encoding: str) -> None:
    script = ScriptedTransport(
        [response(content=b"\xff\xffno such thing", headers={"content-encoding": encoding})]
    )
    with pytest.raises(
        errors.APIResponseValidationError, match=r"\((gzip|deflate)\) cannot be undone"
    ):
        ask(client_class(**PAIR, transport=script))


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
def test_body_reads_alike_with_orjson(content: bytes) -> None:
    assert _response._orjson_loads() is not None
    assert outcome(_response.decode_json, content) == outcome(json.loads, content)


def test_page_is_read_by_orjson_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("json.loads", None)
    ids = {"id": "01234567-0123-0123-0123-012345678901", "external_id": "7301234567890123456"}
    page = {"data": [{**ids, "count": -(2**31), "most": 2**63, "rate": 0.25}]}
    content = json.dumps(page).encode()
    assert _response.decode_json(content) == page


@pytest.fixture
def without_orjson(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have importing orjson fail, as where it is not installed."""
    real_import = builtins.__import__

    def reject(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "orjson":
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", reject)
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
def test_unreadable_body_is_same_error_with_orjson(
    request: pytest.FixtureRequest, content: bytes, problem: str, *, installed: bool
) -> None:
    if not installed:
        request.getfixturevalue("without_orjson")
    transport = ScriptedTransport([response(content=content)])
    with (
        insightiq.InsightIQ(client_id="id", client_secret="s3", transport=transport) as iq,
        pytest.raises(errors.APIResponseValidationError, match=problem),
    ):
        iq.users.get("u-1")


def test_client_works_without_orjson(without_orjson: None) -> None:
    del without_orjson
    assert _response._orjson_loads() is None
    assert _response.decode_json(b'{"count": 18446744073709551616}') == {"count": 2**64}


USER: dict[str, Any] = {
    "id": "u-1",
    "name": "Ada Example",
    "external_id": "crm-42",
    "created_at": "2026-11-01T10:00:00.000000",
    "updated_at": "2026-11-01T10:00:00.000000",
    "status": "ACTIVE",
}


def get_user(iq: Any) -> Any:
    """Call ``users.get`` through either client."""
    result = iq.users.get("u-1")
    return asyncio.run(_awaited(result)) if asyncio.iscoroutine(result) else result


async def _awaited(result: Any) -> Any:
    return await result


@pytest.mark.parametrize(
    ("change", "found", "kept"),
    [
        ({"name": None}, "null", None),
        ({"created_at": "yesterday"}, "an unreadable str", "yesterday"),
        ({"created_at": 7}, "an unreadable int", 7),
    ],
)
def test_unexpected_value_is_kept_and_warned_of(
    play: Any, change: dict[str, Any], found: str, kept: Any
) -> None:
    (field,) = change
    iq = play([response(json={**USER, **change})]).client
    with pytest.warns(insightiq.UnexpectedValueWarning) as caught:
        user = get_user(iq)
    assert getattr(user, field) == kept
    (warning,) = (one.message for one in caught)
    assert isinstance(warning, insightiq.UnexpectedValueWarning)
    assert (warning.operation, warning.place, warning.found) == (
        "users.get",
        f"User.{field}",
        found,
    )
    assert "yesterday" not in str(warning)


def test_missing_key_is_warned_of(play: Any) -> None:
    body = {key: value for key, value in USER.items() if key != "status"}
    with pytest.warns(insightiq.UnexpectedValueWarning, match=r"User\.status holds nothing"):
        assert get_user(play([response(json=body)]).client).status is insightiq.UNSET


def test_unexpected_value_is_warned_of_once(play: Any) -> None:
    body = {**USER, "name": None}
    iq = play(lambda _: response(json=body)).client
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            get_user(iq)
        get_user(iq.with_options(deadline=5))
        body["status"] = None
        get_user(iq)
    assert [str(one.message).split()[1] for one in caught] == ["User.name", "User.status"]


def test_unknown_keys_and_enum_values_are_accepted(play: Any) -> None:
    body = {**USER, "status": "DORMANT", "team": "growth"}
    user = get_user(play([response(json=body)], strict=True).client)
    assert user.status == "DORMANT"
    assert user.additional_properties == {"team": "growth"}


def test_strict_reading_raises_instead(play: Any) -> None:
    iq = play([response(json={**USER, "name": None, "created_at": "x"})], strict=True).client
    with pytest.raises(errors.APIResponseValidationError) as caught:
        get_user(iq)
    assert "User.created_at holds an unreadable str, User.name holds null" in str(caught.value)
    assert caught.value.attempts == 1


def test_user_warning_filter_decides(play: Any) -> None:
    iq = play([response(json={**USER, "name": None})]).client
    with warnings.catch_warnings():
        warnings.simplefilter("error", insightiq.UnexpectedValueWarning)
        with pytest.raises(insightiq.UnexpectedValueWarning):
            get_user(iq)


def test_warning_survives_pickling() -> None:
    warning = insightiq.UnexpectedValueWarning("users.get", "User.name", "null")
    copied = pickle.loads(pickle.dumps(warning))
    assert (str(copied), vars(copied)) == (str(warning), vars(warning))
