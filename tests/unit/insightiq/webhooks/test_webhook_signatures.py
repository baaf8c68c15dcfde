"""A notification is the vendor's only if its very bytes are signed with the secret."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import io
import itertools
import pickle
import string
from collections.abc import Callable
from typing import Any
from unittest import mock

import httpx
import pytest
import starlette.datastructures
import werkzeug.datastructures
from hypothesis import assume, given
from hypothesis import strategies as st

from insightiq import webhooks
from insightiq.errors import ConfigurationError, InsightIQError, WebhookVerificationError

CURRENT, LEGACY = "Webhook-Signatures", "Phyllo-Signature"
BODY = b'{"event": "CONTENTS.ADDED",  "data": {}}'

Digest = Callable[..., str]
printable = st.text(min_size=1, max_size=60).filter(
    lambda text: text.isprintable() and text.strip()
)


def signature(body: bytes, secret: str) -> str:
    """Sign as the vendor does, written down independently."""
    return hmac.new(secret.strip().encode(), body, hashlib.sha256).hexdigest()


def verifies(body: bytes, headers: Any, secret: Any) -> bool:
    """Return whether the notification is taken for the vendor's."""
    try:
        webhooks.verify(body, headers, secret)
    except WebhookVerificationError:
        return False
    return True


def test_known_signature_verifies() -> None:
    """A digest computed by another tool (openssl dgst -sha256 -hmac) is accepted."""
    body, secret = b'{"event":"X"}', "8d7f2c1a-0b3e-4f5d-9c6a-1e2d3c4b5a69"
    known = "67187435e7db15d284d9b656ad7e4a8d7827a64658617129c0e9fe4cc2f0c667"
    assert verifies(body, {CURRENT: known}, secret)


@pytest.mark.parametrize("name", [CURRENT, LEGACY, CURRENT.lower(), LEGACY.upper()])
def test_both_headers_count_in_any_case(name: str, digest: Digest, secret: str) -> None:
    """Servers hand header names over in their own spelling."""
    webhooks.verify(BODY, {"Host": "x", name: digest(BODY)}, secret)


def test_one_of_several_signatures_is_enough(digest: Digest, secret: str) -> None:
    """While the vendor changes a secret, it signs with the old one and the new one."""
    other = digest(BODY, "planted-other-secret")
    for value in (
        f"{other},{digest(BODY)}",
        f"{digest(BODY)} , {other}",
        f" {other},\t{digest(BODY)} ,",
    ):
        assert verifies(BODY, {CURRENT: value}, secret)
    assert not verifies(BODY, {CURRENT: f"{other},{other}"}, secret)


def test_one_of_several_secrets_is_enough(digest: Digest, secret: str) -> None:
    """While a receiver changes its secret, it knows the old one and the new one."""
    assert verifies(BODY, {CURRENT: digest(BODY)}, ["planted-other-secret", secret])
    assert verifies(BODY, {CURRENT: digest(BODY)}, (secret, "planted-other-secret"))
    assert not verifies(BODY, {CURRENT: digest(BODY)}, ["planted-other-secret", "a third"])


def test_either_header_may_hold_what_fits(digest: Digest, secret: str) -> None:
    """A legacy digest under an old secret does not spoil a current one, nor the reverse."""
    wrong = digest(BODY, "planted-other-secret")
    assert verifies(BODY, {CURRENT: digest(BODY), LEGACY: wrong}, secret)
    assert verifies(BODY, {CURRENT: wrong, LEGACY: digest(BODY)}, secret)


def test_headers_are_taken_as_frameworks_have_them(digest: Digest, secret: str) -> None:
    """No conversion is needed before the call."""
    pair = (CURRENT, digest(BODY))
    raw = [(b"host", b"x"), (CURRENT.lower().encode(), digest(BODY).encode())]
    environ = {"HTTP_WEBHOOK_SIGNATURES": digest(BODY)}
    parsed = http.client.parse_headers(io.BytesIO(f"{CURRENT}: {digest(BODY)}\r\n\r\n".encode()))
    for headers in (
        dict([pair]),
        [pair],
        iter([pair]),
        raw,
        httpx.Headers([pair]),
        parsed,
        starlette.datastructures.Headers(raw=raw),
        werkzeug.datastructures.Headers([pair]),
        werkzeug.datastructures.EnvironHeaders(environ),
    ):
        assert verifies(BODY, headers, secret), type(headers)


def test_header_on_several_lines_counts_as_whole(digest: Digest, secret: str) -> None:
    """A list may be split over lines of the same name."""
    lines = [(CURRENT, digest(BODY, "planted-other-secret")), (CURRENT, digest(BODY))]
    assert verifies(BODY, lines, secret)
    assert verifies(BODY, httpx.Headers(lines), secret)


@pytest.mark.parametrize("headers", [{}, {"Host": "x"}, {CURRENT: ""}, {CURRENT: " , ,"}, []])
def test_request_without_signature_is_rejected(headers: Any, secret: str) -> None:
    """The message says which headers are expected and who may have removed them."""
    with pytest.raises(WebhookVerificationError) as caught:
        webhooks.verify(BODY, headers, secret)
    assert str(caught.value) == (
        "The request has no Webhook-Signatures header (nor Phyllo-Signature): it is no "
        "notification of InsightIQ, or something on the way, such as a proxy, removed the header."
    )


def test_wrong_signature_is_explained_without_secrets(digest: Digest, secret: str) -> None:
    """The message says what to check; nothing in it, or in a pickle of it, helps a forger."""
    with pytest.raises(WebhookVerificationError) as caught:
        webhooks.verify(BODY, {CURRENT: "0" * 64}, [secret, "another"])
    error = caught.value
    assert isinstance(error, InsightIQError)
    assert str(error) == (
        "No signature of the request fits its body (signatures: 1, secrets tried: 2): check that "
        "the body is passed as the raw bytes received, and that the secret is the client secret "
        "of the environment that the webhook belongs to."
    )
    shown = repr(error) + str(vars(error)) + str(pickle.dumps(error))
    for hidden in (secret, "another", digest(BODY), "0" * 64):
        assert hidden not in shown
    assert error.__context__ is None


@pytest.mark.parametrize(
    "odd",
    ["", "0", "é" * 64, "\ud800", "sha256=", "\x00" * 64, "a" * 100_000, "," * 1000],
    ids=lambda text: f"{text[:1]!a}x{len(text)}",
)
def test_odd_signatures_are_rejected_like_wrong_ones(odd: str, secret: str) -> None:
    """Whatever a stranger sends, no other error comes out."""
    assert not verifies(BODY, {CURRENT: odd}, secret)
    assert not verifies(BODY, [(b"webhook-signatures", odd.encode("utf-8", "replace"))], secret)


def test_signature_must_be_spelt_exactly(digest: Digest, secret: str) -> None:
    """One digest has one spelling."""
    right = digest(BODY)
    for wrong in (right.upper(), right[:-1], right + "0", f"sha256={right}", f"{right};{right}"):
        assert not verifies(BODY, {CURRENT: wrong}, secret)


@pytest.mark.parametrize("body", ["text", {"event": "X"}, None, memoryview(b"")])
def test_body_that_is_no_bytes_is_mistake_of_caller(body: Any, secret: str) -> None:
    """Parsed and rewritten JSON would sometimes verify: worse than never."""
    with pytest.raises(
        ConfigurationError, match=r"must be the bytes of the request, not .* raw body"
    ):
        webhooks.verify(body, {CURRENT: "0" * 64}, secret)


@pytest.mark.parametrize("empty", [None, "", "  \n", [], [""], ["right", " "]])
def test_empty_secret_is_rejected(empty: Any) -> None:
    """Anybody can sign with an empty key; an unset variable must not open the door."""
    signed = {CURRENT: hmac.new(b"", BODY, hashlib.sha256).hexdigest()}
    with pytest.raises(ConfigurationError, match="client secret of the environment"):
        webhooks.verify(BODY, signed, empty)


@pytest.mark.parametrize("damaged", ["one\ntwo", "nul\x00", "half \ud800 pair"])
def test_damaged_secret_is_rejected_without_showing_it(damaged: str) -> None:
    """It cannot be right; say so instead of rejecting every notification."""
    with pytest.raises(ConfigurationError, match="control character") as caught:
        webhooks.verify(BODY, {CURRENT: "0" * 64}, damaged)
    assert damaged not in str(caught.value)


@pytest.mark.parametrize("wrong", [b"secret", 5, {CURRENT: "x"}, [b"secret"]])
def test_secret_that_is_not_text_is_rejected(wrong: Any) -> None:
    """Bytes are an iterable of numbers, a dict one of texts; neither is several secrets."""
    with pytest.raises(ConfigurationError, match="secret must be text or a list of texts; it"):
        webhooks.verify(BODY, {CURRENT: "0" * 64}, wrong)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ("0" * 64, "one str; pass request.headers as it is"),
        (b"0" * 64, "one bytes; pass"),
        (None, "one NoneType; pass"),
        (["ab"], "an iterable of str"),
        ([("a", "b", "c")], "an iterable of tuple"),
        ({CURRENT: ["0" * 64]}, "pairs that hold list"),
        ([(1, "x")], "pairs that hold int"),
    ],
)
def test_headers_that_are_none_are_rejected(headers: Any, found: str, secret: str) -> None:
    """Other SDKs take the signature itself in this place; one sentence says what is wanted."""
    with pytest.raises(ConfigurationError, match=f"headers must be all headers .* not {found}"):
        webhooks.receive(BODY, headers, secret)


def test_arguments_in_another_order_are_rejected(secret: str) -> None:
    """Each other order of body, headers and secret gets a sentence, and never passes."""
    right: list[Any] = [BODY, {CURRENT: "0" * 64}, secret]
    for arguments in itertools.permutations(right):
        if list(arguments) != right:
            with pytest.raises(ConfigurationError, match=r"^(body|headers|secret) must be "):
                webhooks.receive(*arguments)


def test_every_digest_is_compared_with_every_secret(digest: Digest, secret: str) -> None:
    """The time taken does not disclose which of them fits, or that one did."""
    headers = {CURRENT: ",".join([digest(BODY), "0" * 64, "1" * 64])}
    with mock.patch("hmac.compare_digest", wraps=hmac.compare_digest) as compared:
        webhooks.verify(BODY, headers, [secret, "another"])
    assert compared.call_count == 6


@given(body=st.binary(max_size=300), secret=printable)
def test_any_signed_body_verifies(body: bytes, secret: str) -> None:
    """Bytes are bytes, whether or not they are JSON or text."""
    assert verifies(body, {CURRENT: signature(body, secret)}, secret)


@given(body=st.binary(min_size=1, max_size=300), secret=printable, data=st.data())
def test_changed_byte_never_verifies(body: bytes, secret: str, data: st.DataObject) -> None:
    """For any body and secret, one byte changed, added or removed anywhere is noticed."""
    headers = {CURRENT: signature(body, secret), LEGACY: signature(body, secret)}
    place = data.draw(st.integers(0, len(body) - 1), label="place")
    change = data.draw(st.integers(1, 255), label="change")
    changed = body[:place] + bytes([body[place] ^ change]) + body[place + 1 :]
    assert not verifies(changed, headers, secret)
    assert not verifies(body[:place] + body[place + 1 :], headers, secret)
    assert not verifies(body[:place] + bytes([change]) + body[place:], headers, secret)
    assert verifies(body, headers, secret)


@given(body=st.binary(max_size=100), secret=printable, data=st.data())
def test_changed_signature_never_verifies(body: bytes, secret: str, data: st.DataObject) -> None:
    """No character of a signature is without meaning."""
    right = signature(body, secret)
    place = data.draw(st.integers(0, 63), label="place")
    other = data.draw(st.sampled_from(string.printable.replace(",", "")), label="other")
    assume(other != right[place] and not (place in {0, 63} and other.isspace()))
    assert not verifies(body, {CURRENT: right[:place] + other + right[place + 1 :]}, secret)


@given(body=st.binary(max_size=100), secret=printable, other=printable)
def test_another_secret_never_verifies(body: bytes, secret: str, other: str) -> None:
    """Each environment has its own secret."""
    # The key is padded with zero bytes, which no printable secret holds, and hashed when long.
    if secret.strip() == other.strip():
        other += "x"
    assert not verifies(body, {CURRENT: signature(body, other)}, secret)


@given(body=st.binary(max_size=100), headers=st.dictionaries(st.text(), st.text()))
def test_no_header_of_stranger_raises_anything_else(body: bytes, headers: dict[str, str]) -> None:
    """A receiver needs one except clause."""
    assert not verifies(body, headers, "secret")
    assert not verifies(body, {CURRENT: ",".join(headers.values())}, "secret")
