"""SDK tokens: HS256 JWTs for the Connect SDK that live exactly one week (evidence.md#user-and-sdk-token).

The spelling of the id claims is an ASSUMPTION. The signing key is derived from the developer's id
and protects nothing: this is a mock.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import hashlib
import hmac
import json
import typing
import uuid

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.db import encode, format_timestamp

from .handlers import load

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from insightiq_mock.simulation import Simulation

    from .resource import Resource

__all__ = [
    "SDK_TOKEN_LIFE",
    "SdkToken",
    "SdkTokenError",
    "create_sdk_token",
    "make_token",
    "read_token",
    "signing_key",
]

SDK_TOKEN_LIFE: typing.Final = dt.timedelta(seconds=604_800)

_API_HOST: typing.Final = "https://api.sandbox.insightiq.ai"
_PARTS: typing.Final = 3


class SdkTokenError(ValueError):
    """A token is invalid; the message says why.

    Attributes:
        is_expired: Whether it was valid once.
    """

    def __init__(self, message: str, *, is_expired: bool = False) -> None:
        super().__init__(message)
        self.is_expired = is_expired


@dataclasses.dataclass(frozen=True, slots=True)
class SdkToken:
    """A token.

    Attributes:
        text: The token.
        user_id: The user whose accounts may be connected with it.
        products: The products of the request, as it named them.
        expires_at: The moment at which it expires.
    """

    text: str = dataclasses.field(repr=False)
    user_id: str
    products: tuple[str, ...]
    expires_at: dt.datetime


def create_sdk_token(simulation: Simulation, _: Resource, context: RequestContext) -> Response:
    """Create a token for a user: any number may be valid at once (evidence.md#open-question-16)."""
    user = load(simulation, context, "user", context.body["user_id"])
    token = make_token(
        simulation, context.developer_id, user_id=user["id"], products=context.body["products"]
    )
    expires_at = format_timestamp(token.expires_at)
    return Response(201, encode({"sdk_token": token.text, "expires_at": expires_at}))


def make_token(
    simulation: Simulation, developer_id: str, *, user_id: str, products: Sequence[str]
) -> SdkToken:
    """Make a token for a user."""
    issued_at = simulation.now(developer_id)
    claims = {
        "user_id": user_id,
        "tenant_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{_API_HOST}/{developer_id}")),
        "tenant_app_id": developer_id,
        "products": [product.replace(".", "_") for product in products],
        "iss": _API_HOST,
        "aud": f"{_API_HOST}/v1/internal",
        "iat": issued_at.timestamp(),
        "exp": issued_at.timestamp() + SDK_TOKEN_LIFE.total_seconds(),
    }
    head = _base64url(b'{"alg":"HS256","typ":"JWT"}')
    signing_input = f"{head}.{_base64url(encode(claims))}"
    text = f"{signing_input}.{_signature(developer_id, signing_input)}"
    return SdkToken(text, user_id, tuple(products), issued_at + SDK_TOKEN_LIFE)


def read_token(simulation: Simulation, developer_id: str, text: str) -> SdkToken:
    """Read and verify a token.

    Raises:
        SdkTokenError: It is not one of the developer's, or it has expired.
    """
    parts = text.split(".")
    signing_input = ".".join(parts[:-1])
    expected = _signature(developer_id, signing_input)
    if len(parts) != _PARTS or not hmac.compare_digest(parts[-1].encode(), expected.encode()):
        msg = "The SDK token is not one of this developer's; create a new one."
        raise SdkTokenError(msg)
    claims = _claims(parts[1])
    expires_at = dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
    if simulation.now(developer_id) >= expires_at:
        msg = f"The SDK token expired at {expires_at.isoformat()}; create a new one."
        raise SdkTokenError(msg, is_expired=True)
    products = tuple(product.replace("_", ".") for product in claims["products"])
    return SdkToken(text, claims["user_id"], products, expires_at)


def signing_key(developer_id: str) -> bytes:
    """Return the key that signs the developer's tokens, the same after every restart."""
    return hashlib.sha256(b"insightiq-mock sdk token " + developer_id.encode()).digest()


def _signature(developer_id: str, signing_input: str) -> str:
    return _base64url(hmac.digest(signing_key(developer_id), signing_input.encode(), "sha256"))


def _claims(part: str) -> dict[str, typing.Any]:
    try:
        claims: dict[str, typing.Any] = json.loads(
            base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        )
    except (binascii.Error, ValueError) as error:
        msg = "The SDK token cannot be read; create a new one."
        raise SdkTokenError(msg) from error
    return claims


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
