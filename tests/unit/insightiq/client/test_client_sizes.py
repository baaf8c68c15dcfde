"""How large a response may be, compressed or not."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import tracemalloc
import zlib
from typing import Any

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import insightiq
from insightiq import errors
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
def test_each_compression_is_undone(client_class: Any, encoding: str) -> None:
    """Those that are asked for, in each form in which servers send them."""
    content = COMPRESSED[encoding](json.dumps({"text": "é" * 200_000}).encode())
    script = ScriptedTransport([response(content=content, headers={"content-encoding": encoding})])
    assert ask(client_class(**PAIR, transport=script)) == {"text": "é" * 200_000}
    assert script.requests[0].headers["accept-encoding"] == "gzip, deflate"


@settings(max_examples=100, deadline=None)
@given(DATA, st.sampled_from(sorted(COMPRESSED)), st.integers(1, 70_000))
@example(b"a" * 65_600, " deflate ", 70_000)
def test_compression_is_undone_however_it_is_cut(data: bytes, encoding: str, size: int) -> None:
    """The network cuts where it likes, and a step of decompression ends where it must."""
    compressed = COMPRESSED[encoding](data)
    content = Body(encoding, None)
    # A lone byte does not tell raw deflate from framed; no server sends its first one alone.
    for begin in range(0, len(compressed), max(size, 2)):
        content.add(compressed[begin : begin + max(size, 2)])
    assert content.end() == data


@pytest.mark.parametrize("encoding", [None, *COMPRESSED])
def test_a_response_that_is_too_long_is_one_sentence(
    client_class: Any, encoding: str | None
) -> None:
    """It is counted decompressed, and asking again would give the same."""
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


def test_a_response_that_an_http_client_has_read_is_measured_too(client_class: Any) -> None:
    """A mock transport and a hook of httpx hand over a body that was read before."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json="a" * LIMIT))
    with pytest.raises(errors.APIResponseValidationError, match="more than 100000 bytes"):
        ask(client_class(**PAIR, transport=transport, max_response_bytes=LIMIT))


def test_an_error_that_is_too_long_keeps_its_class(client_class: Any) -> None:
    """A proxy's page of many megabytes is a 404 all the same."""
    script = ScriptedTransport([response(404, content="a" * 2 * LIMIT)])
    with pytest.raises(errors.NotFoundError):
        ask(client_class(**PAIR, transport=script, max_response_bytes=LIMIT))


@pytest.mark.parametrize("encoding", ["gzip", "deflate, gzip"])
def test_a_bomb_takes_no_more_memory_than_the_limit(encoding: str) -> None:
    """A few hundred bytes of gzip may stand for gigabytes: no more than a step is decompressed."""
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


def test_what_holds_nothing_but_is_endless_is_too_long() -> None:
    """Empty blocks of deflate decompress to nothing, however many come."""
    content = Body("deflate", LIMIT)
    content.add(b"\x78\x9c")
    blocks = itertools.repeat(b"\x00\x00\x00\xff\xff", LIMIT)
    with pytest.raises(BodyError):
        list(map(content.add, blocks))


def test_the_default_is_64_mebibytes() -> None:
    """More than any page of the API, and less than any machine has."""
    assert insightiq.InsightIQ(**PAIR)._driver.options.max_response_bytes == 64 * 1024 * 1024


@pytest.mark.parametrize("size", [0, -1, True, 1.5, "1", float("inf")])
def test_a_size_that_makes_no_sense_is_refused(client_class: Any, size: Any) -> None:
    """When a client is made as when it is changed."""
    said = "give a whole number of bytes from 1, or None"
    with pytest.raises(errors.ConfigurationError, match=said):
        client_class(**PAIR, max_response_bytes=size)
    with pytest.raises(errors.ConfigurationError, match=said):
        client_class(**PAIR).with_options(max_response_bytes=size)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "gzip, gzip, gzip", "aes128gcm"])
def test_an_encoding_that_cannot_be_undone_is_named(client_class: Any, encoding: str) -> None:
    """To call it invalid JSON would send the reader to look for a broken body."""
    script = ScriptedTransport(
        [response(content=b"\x1b\x0e\x00\xf8", headers={"content-encoding": encoding})]
    )
    with pytest.raises(errors.APIResponseValidationError, match="cannot be undone") as caught:
        ask(client_class(**PAIR, transport=script))
    assert f"its content encoding ({encoding})" in str(caught.value)


def test_an_encoding_that_is_none_does_not_matter(client_class: Any) -> None:
    """Some servers say ``utf-8`` there, and send plain JSON."""
    script = ScriptedTransport(
        [response(content=b'{"a": 1}', headers={"content-encoding": "utf-8"})]
    )
    assert ask(client_class(**PAIR, transport=script)) == {"a": 1}


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate, gzip"])
def test_a_damaged_compression_is_named(client_class: Any, encoding: str) -> None:
    """The first layer that cannot be undone is the one that is damaged."""
    script = ScriptedTransport(
        [response(content=b"\xff\xffno such thing", headers={"content-encoding": encoding})]
    )
    with pytest.raises(
        errors.APIResponseValidationError, match=r"\((gzip|deflate)\) cannot be undone"
    ):
        ask(client_class(**PAIR, transport=script))
