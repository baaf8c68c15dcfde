"""Notifications as the vendor signs them, for tests of receivers."""

from __future__ import annotations

import hmac
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["signed_headers"]


def signed_headers(body: bytes, secret: str | Sequence[str]) -> dict[str, str]:
    """Return the headers with which the vendor would send ``body``.

    Written apart from ``insightiq.webhooks.verify``, so that the two do not share a mistake.
    Source: evidence.md#webhook-signature.

    Args:
        body: The notification, exactly as it is posted.
        secret: The client secret, or several while the secret is being changed: then there are as
            many signatures.
    """
    secrets = [secret] if isinstance(secret, str) else secret
    digests = [hmac.digest(each.encode(), body, "sha256").hex() for each in secrets]
    return {"Content-Type": "application/json", "Webhook-Signatures": ",".join(digests)}
