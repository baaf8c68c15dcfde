"""SDK tokens: for one user and some products, for one week (evidence.md#user-and-sdk-token)."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from contract_suite.rows import UNKNOWN_ID

from insightiq import InsightIQ, errors, models
from insightiq_mock.control import ControlError, MockControl

WEEK = dt.timedelta(days=7)
PRODUCTS = ["IDENTITY", "ENGAGEMENT.AUDIENCE"]

pytestmark = [pytest.mark.scenarios, pytest.mark.operations("sdk_tokens.create")]


@pytest.fixture
def user(iq: InsightIQ, own: Callable[[str], str]) -> models.User:
    return iq.users.create(name="token", external_id=own("token"))


def claims(token: models.SDKToken) -> dict[str, Any]:
    parts = token.sdk_token.split(".")
    assert len(parts) == 3, f"sdk_tokens.create: {len(parts)} parts, no JSON Web Token"
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    return found


@pytest.mark.writes
def test_token_names_user_products_and_end(
    iq: InsightIQ, user: models.User, own: Callable[[str], str]
) -> None:
    """The claims of the vendor's published example; no representation shows the token."""
    token = iq.sdk_tokens.create(user_id=user.id, products=PRODUCTS)
    said = claims(token)
    assert said.get("user_id") == user.id, "sdk_tokens.create: the token is of another user"
    assert said.get("products") == ["IDENTITY", "ENGAGEMENT_AUDIENCE"], "the token's products"
    assert said["exp"] - said["iat"] == WEEK.total_seconds(), "the token does not live for a week"
    ends = dt.datetime.fromtimestamp(said["exp"], dt.UTC)
    assert token.expires_at == ends, "expires_at is not the end that the token names"
    other = iq.users.create(name="other", external_id=own("other"))
    second = iq.sdk_tokens.create(user_id=other.id, products=PRODUCTS)
    assert claims(second)["user_id"] == other.id, "two users have tokens of one of them"
    assert token.sdk_token not in repr(token), "repr() of an SDK token shows the token"


@pytest.mark.writes
def test_token_for_unknown_user_or_product_is_rejected(
    http: httpx.Client, user: models.User
) -> None:
    for body, status in (
        ({"user_id": UNKNOWN_ID, "products": ["IDENTITY"]}, 404),
        ({"user_id": user.id, "products": ["EVERYTHING"]}, 400),
        ({"user_id": user.id}, 400),
        ({"products": ["IDENTITY"]}, 400),
    ):
        response = http.post("/v1/sdk-tokens", json=body)
        assert response.status_code == status, f"sdk_tokens.create: {body}"


@pytest.mark.needs_control
@pytest.mark.usefixtures("far_from_utc")
def test_token_connects_its_user_until_it_ends(
    iq: InsightIQ, control: MockControl, user: models.User
) -> None:
    """Accepted a second before its end, rejected from then on, and when it is changed."""

    def connects(token: str) -> bool:
        try:
            control.connect("YouTube", sdk_token=token)
        except ControlError:
            return False
        return True

    token = iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY", "ENGAGEMENT"])
    now = control.clock().now
    assert token.expires_at == now + WEEK, f"made at {now}, it expires at {token.expires_at}"
    account = control.connect("TikTok", sdk_token=token.sdk_token)
    assert account["user"]["id"] == user.id, "the token connected another user"
    assert sorted(account["data"]) == ["engagement", "identity"], "other products than the token's"
    assert "audience" not in account["data"]["identity"], "a product that the token does not name"
    control.advance(seconds=(WEEK - dt.timedelta(seconds=1)).total_seconds())
    assert connects(token.sdk_token), "a token is rejected a second before its end"
    control.advance(seconds=1)
    assert not connects(token.sdk_token), "a token is accepted at the moment of its end"
    fresh = iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY"]).sdk_token
    head, body, signature = fresh.split(".")
    forged = ".".join((head, body, signature[::-1]))
    assert not connects(forged), "a token with another signature is accepted"


@pytest.mark.writes
def test_error_does_not_show_token(iq: InsightIQ, user: models.User) -> None:
    token = iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY"])
    with pytest.raises(errors.NotFoundError) as caught:
        iq.sdk_tokens.create(user_id=UNKNOWN_ID, products=["IDENTITY"])
    assert token.sdk_token not in str(caught.value)
