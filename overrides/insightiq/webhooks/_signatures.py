"""Verification of signatures.

Its signature is the HMAC-SHA256 of the raw body under the client secret of the environment, in
lower-case hexadecimal. Source: evidence.md#webhook-signature.
"""

from __future__ import annotations

import hmac
import typing
from collections.abc import Iterable, Mapping

from insightiq._secret import Secret
from insightiq.errors import ConfigurationError, WebhookVerificationError

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Headers", "SigningKeys", "check_signature", "signing_keys", "verify"]

SigningKeys = tuple[Secret, ...]


class HeaderItems(typing.Protocol):
    """A mapping of headers, whichever class a framework has for it."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Return the headers, each line a pair."""
        ...


Headers: typing.TypeAlias = HeaderItems | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
"""The headers of a request: a mapping, or pairs of text, or pairs of bytes as ASGI has them."""

# The second is what the vendor sent under its former name; receivers may still get it alone.
_NAMES = ("Webhook-Signatures", "Phyllo-Signature")
_LOWER_NAMES = frozenset(name.lower() for name in _NAMES)
_PAIR = 2


def verify(body: bytes, headers: Headers, secret: str | Sequence[str]) -> None:
    """Return if the notification is signed with the secret, and raise if it is not.

    There is no time in what is signed: who recorded a notification can send it again, and it
    verifies. ``Deduplicator`` rejects those.

    Args:
        body: The body of the request exactly as it was received.
        headers: The headers of the request; the case of their names does not matter.
        secret: The client secret of the environment that the webhook belongs to, or several of
            them while the secret is being changed.

    Raises:
        WebhookVerificationError: No signature fits.
        ConfigurationError: ``secret`` is empty or damaged, ``body`` is not bytes, or ``headers``
            are not headers.
    """
    check_signature(body, headers, signing_keys(secret))


def signing_keys(secret: str | Sequence[str] | None) -> SigningKeys:
    """Return ``secret`` ready for use.

    Raises:
        ConfigurationError: There is none, or one is empty, damaged or not text.
    """
    # None is what a variable that is not set gives.
    given: tuple[object, ...] = () if secret is None else (secret,)
    if _is_several(secret):
        given = tuple(secret)
    if not given:
        msg = "No secret: pass the client secret of the environment that the webhook belongs to."
        raise ConfigurationError(msg)
    return tuple(Secret(_checked_secret(each)) for each in given)


def _is_several(secret: object) -> typing.TypeGuard[Iterable[object]]:
    return isinstance(secret, Iterable) and not isinstance(secret, str | bytes | Mapping)


def _checked_secret(value: object) -> str:
    if not isinstance(value, str):
        msg = f"secret must be text or a list of texts; it holds {type(value).__name__}."
        raise ConfigurationError(msg)
    # As the client does with its credentials: a file's last line break is no part of a secret.
    text = value.strip()
    if not text:
        # Anybody can sign with an empty key.
        msg = (
            "secret is empty: pass the client secret of the environment that the webhook "
            "belongs to."
        )
        raise ConfigurationError(msg)
    if not text.isprintable():
        msg = "secret holds a line break or another control character: copy it afresh."
        raise ConfigurationError(msg)
    return text


def check_signature(body: bytes, headers: Headers, keys: SigningKeys) -> None:
    """Return if one of ``keys`` made one of the signatures in ``headers``.

    Raises:
        WebhookVerificationError: None did.
        ConfigurationError: ``body`` is not bytes, or ``headers`` are not headers.
    """
    raw = typing.cast("object", body)
    if not isinstance(raw, bytes | bytearray):
        msg = (
            f"body must be the bytes of the request, not {type(raw).__name__}: the signature "
            "covers the raw body, and text or parsed JSON written again may differ from it."
        )
        raise ConfigurationError(msg)
    signatures = _signatures(headers)
    if not signatures:
        msg = (
            f"The request has no {_NAMES[0]} header (nor {_NAMES[1]}): it is no notification of "
            "InsightIQ, or something on the way, such as a proxy, removed the header."
        )
        raise WebhookVerificationError(msg)
    if not _any_fits(bytes(raw), signatures, keys):
        msg = (
            f"No signature of the request fits its body (signatures: {len(signatures)}, secrets "
            f"tried: {len(keys)}): check that the body is passed as the raw bytes received, and "
            "that the secret is the client secret of the environment that the webhook belongs to."
        )
        raise WebhookVerificationError(msg)


def _any_fits(body: bytes, signatures: list[bytes], keys: SigningKeys) -> bool:
    fits = False
    for key in keys:
        expected = hmac.digest(key.reveal().encode(), body, "sha256").hex().encode()
        for signature in signatures:
            # All are compared, whatever came before: the time taken discloses nothing.
            fits |= hmac.compare_digest(expected, signature)
    return fits


def _signatures(headers: Headers) -> list[bytes]:
    items = getattr(headers, "items", None)
    pairs = typing.cast("object", items() if callable(items) else headers)
    if isinstance(pairs, str | bytes | bytearray) or not isinstance(pairs, Iterable):
        # Other SDKs take the signature alone in this place.
        found = f"one {type(pairs).__name__}; pass request.headers as it is"
        raise _no_headers(found)
    values: list[str] = []
    for pair in typing.cast("Iterable[object]", pairs):
        is_pair = isinstance(pair, tuple | list)
        parts = typing.cast("Sequence[object]", pair)
        if not is_pair or len(parts) != _PAIR:
            found = f"an iterable of {type(parts).__name__}"
            raise _no_headers(found)
        name, value = parts
        if _text(name).lower() in _LOWER_NAMES:
            values.append(_text(value))
    texts = (part.strip(" \t") for value in values for part in value.split(","))
    return [part.encode("utf-8", "replace") for part in texts if part]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    found = f"pairs that hold {type(value).__name__}"
    raise _no_headers(found)


def _no_headers(found: str) -> ConfigurationError:
    return ConfigurationError(
        "headers must be all headers of the request, as a mapping or as pairs of text or bytes, "
        f"not {found}."
    )
