"""Making users and the tokens with which they open the Connect SDK."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import typing
import uuid

from insightiq_mock.calls import Call, Handler, Reply
from insightiq_mock.store import DuplicateKeyError, Kind, encode, format_timestamp

from . import refusals
from .writing import compose, load, new_id, now

if typing.TYPE_CHECKING:
    from .backend import Backend

__all__ = ["SDK_TOKEN_LIFE", "create_sdk_token", "create_user"]

SDK_TOKEN_LIFE: typing.Final = dt.timedelta(seconds=604_800)
"""Exactly one week (facts C.3)."""

_API_HOST: typing.Final = "https://api.sandbox.insightiq.ai"


def create_user(backend: Backend) -> Handler:
    """Make a user.

    Name and external id are kept letter by letter. The vendor's own service strips blanks around
    them before it sends them (facts B.1 row 5); nothing says that the API does.
    """

    def handle(call: Call) -> Reply:
        moment = now(backend, call.developer_id)
        external_id = call.body["external_id"]
        record = compose(
            Kind.USER,
            {
                "name": call.body["name"],
                "external_id": external_id,
                "id": new_id(),
                "created_at": moment,
                "updated_at": moment,
                "status": "ACTIVE",
            },
        )
        try:
            backend.store.add(call.developer_id, [record])
        except DuplicateKeyError as error:
            raise refusals.external_id_taken(external_id) from error
        return Reply(201, record.body)

    return handle


def create_sdk_token(backend: Backend) -> Handler:
    """Make a token for a user: any number may live at once (facts H.2 row 16).

    The claims are those of facts C.3; the spelling of the id claims is an ASSUMPTION. The signing
    key is derived from the developer's id and guards nothing: this is a mock.
    """

    def handle(call: Call) -> Reply:
        user = load(backend, call.developer_id, Kind.USER, call.body["user_id"])
        issued_at = backend.clock(call.developer_id)
        expires_at = issued_at + SDK_TOKEN_LIFE
        claims = {
            "user_id": user["id"],
            "tenant_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{_API_HOST}/{call.developer_id}")),
            "tenant_app_id": call.developer_id,
            "products": [product.replace(".", "_") for product in call.body["products"]],
            "iss": _API_HOST,
            "aud": f"{_API_HOST}/v1/internal",
            "iat": issued_at.timestamp(),
            "exp": issued_at.timestamp() + SDK_TOKEN_LIFE.total_seconds(),
        }
        token = _signed(claims, signing_key(call.developer_id))
        body = {"sdk_token": token, "expires_at": format_timestamp(expires_at)}
        return Reply(201, encode(body))

    return handle


def signing_key(developer_id: str) -> bytes:
    """Return the key that signs the developer's SDK tokens, the same after every restart."""
    return hashlib.sha256(b"insightiq-mock sdk token " + developer_id.encode()).digest()


def _signed(claims: dict[str, typing.Any], key: bytes) -> str:
    head = _base64url(b'{"alg":"HS256","typ":"JWT"}')
    signing_input = f"{head}.{_base64url(encode(claims))}"
    signature = hmac.digest(key, signing_input.encode(), "sha256")
    return f"{signing_input}.{_base64url(signature)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
