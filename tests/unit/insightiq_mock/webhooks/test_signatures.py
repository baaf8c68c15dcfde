"""What receivers check a notification by."""

from __future__ import annotations

from insightiq_mock.webhooks.signature import signature_headers

# Test case 2 of RFC 4231.
BODY = b"what do ya want for nothing?"
DIGEST = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_signature_is_the_published_one() -> None:
    """The digest is that of HMAC-SHA256 over the raw body, in lower-case hexadecimal."""
    assert signature_headers(BODY, ["Jefe"]) == [("webhook-signatures", DIGEST)]


def test_each_live_secret_signs() -> None:
    """During a rotation both the new and the old secret verify, separated by a comma."""
    ((_, value),) = signature_headers(BODY, ["new", "Jefe"])
    first, second = value.split(",")
    assert first != second == DIGEST


def test_legacy_signature_is_one_digest() -> None:
    """Receivers of the older header compare it as a whole: it never holds two digests."""
    headers = dict(signature_headers(BODY, ["Jefe", "old"], legacy=True))
    assert headers["phyllo-signature"] == DIGEST
    assert headers["webhook-signatures"].startswith(f"{DIGEST},")
