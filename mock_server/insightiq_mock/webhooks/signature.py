"""Signing a notification (evidence.md#webhook-signature)."""

from __future__ import annotations

import hmac
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SIGNATURE_HEADER", "signature_headers"]

_CURRENT: typing.Final = "webhook-signatures"
SIGNATURE_HEADER: typing.Final = _CURRENT.encode()
"""Stands in every notification that is sent, as ASGI writes it."""

_LEGACY: typing.Final = "phyllo-signature"


def signature_headers(
    body: bytes, secrets: Sequence[str], *, legacy: bool = False
) -> list[tuple[str, str]]:
    """Return the headers by which a receiver knows that ``body`` comes from the API.

    Args:
        body: The raw bytes that are sent.
        secrets: The client secrets that are live: one, or two while one replaces the other.
        legacy: Whether to add the single digest that older receivers check; it is made with the
            first secret.
    """
    digests = [hmac.digest(secret.encode(), body, "sha256").hex() for secret in secrets]
    headers = [(_CURRENT, ",".join(digests))]
    if legacy:
        headers.append((_LEGACY, digests[0]))
    return headers
