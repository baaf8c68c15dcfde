"""SDK tokens: for one user and some products, for one week (evidence.md#user-and-sdk-token)."""

from __future__ import annotations

import base64
import datetime as dt
import json
import typing

from contract_testing.layers.scenarios.lookups import NOBODY
from contract_testing.layers.scenarios.scene import Needs, Scenarios, hold
from insightiq import errors

if typing.TYPE_CHECKING:
    from contract_testing.layers.scenarios.scene import Scene

__all__ = ["SCENARIOS"]

SCENARIOS = Scenarios()

_WEEK: typing.Final = dt.timedelta(days=7)
_PRODUCTS: typing.Final = ("IDENTITY", "ENGAGEMENT.AUDIENCE")
_ABOUT: typing.Final = ("sdk_tokens.create",)


@SCENARIOS.rule("a token says for whom, for what and until when", Needs.WRITING, about=_ABOUT)
def claims(scene: Scene) -> None:
    """The claims of the vendor's published example."""
    user = scene.iq.users.create(name="token", external_id=scene.own("token"))
    other = scene.iq.users.create(name="other", external_id=scene.own("other"))
    token = scene.iq.sdk_tokens.create(user_id=user.id, products=list(_PRODUCTS))
    parts = token.sdk_token.split(".")
    hold(len(parts) == 3, f"sdk_tokens.create: the token has {len(parts)} parts, no JSON Web Token")  # noqa: PLR2004 - RFC 7519
    told = _json(parts[1])
    hold(
        told.get("user_id") == user.id, f"sdk_tokens.create: the token is of {told.get('user_id')}"
    )
    wanted = [each.replace(".", "_") for each in _PRODUCTS]
    hold(
        told.get("products") == wanted,
        f"sdk_tokens.create: the products are {told.get('products')}",
    )
    life = told["exp"] - told["iat"]
    hold(
        life == _WEEK.total_seconds(),
        f"sdk_tokens.create: the token lives for {life} s, not a week",
    )
    ends = dt.datetime.fromtimestamp(told["exp"], dt.UTC)
    hold(
        token.expires_at == ends,
        f"sdk_tokens.create: expires_at is {token.expires_at}, the token itself says {ends}",
    )
    second = scene.iq.sdk_tokens.create(user_id=other.id, products=list(_PRODUCTS))
    hold(
        _json(second.sdk_token.split(".")[1])["user_id"] == other.id,
        "sdk_tokens.create: two users have tokens of one of them",
    )


def _json(part: str) -> dict[str, typing.Any]:
    value: dict[str, typing.Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return value


@SCENARIOS.rule(
    "a token for nobody, or for unknown products, is refused", Needs.WRITING, about=_ABOUT
)
def refused_tokens(scene: Scene) -> None:
    """An unknown user is 404, an unknown product or none at all 400."""
    user = scene.iq.users.create(name="token", external_id=scene.own("token"))
    for body, status in (
        ({"user_id": NOBODY, "products": ["IDENTITY"]}, 404),
        ({"user_id": user.id, "products": ["EVERYTHING"]}, 400),
        ({"user_id": user.id}, 400),
        ({"products": ["IDENTITY"]}, 400),
    ):
        answer = scene.http.post("/v1/sdk-tokens", json=body)
        hold(
            answer.status_code == status,
            f"sdk_tokens.create: {body} is answered with {answer.status_code}, not with {status}",
        )


@SCENARIOS.rule(
    "a token connects its user with its products until it expires", Needs.CONTROL, about=_ABOUT
)
def life_of_a_token(scene: Scene) -> None:
    """Used at once and a second before its end; refused from then on, and when it is changed."""
    user = scene.iq.users.create(name="token", external_id=scene.own("token"))
    token = scene.iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY", "ENGAGEMENT"])
    account = scene.control.connect("TikTok", sdk_token=token.sdk_token)
    hold(account["user"]["id"] == user.id, f"a token of {user.id} connected {account['user']}")
    hold(
        sorted(account["data"]) == ["engagement", "identity"],
        f"a token for IDENTITY and ENGAGEMENT connected {sorted(account['data'])}",
    )
    hold(
        "audience" not in account["data"]["identity"],
        "a token without IDENTITY.AUDIENCE connected it all the same",
    )
    _advance_to(scene, token.expires_at - dt.timedelta(seconds=1))
    hold(_connects(scene, token.sdk_token), "a token is refused a second before its end")
    _advance_to(scene, token.expires_at)
    hold(not _connects(scene, token.sdk_token), "a token is accepted at the moment of its end")
    fresh = scene.iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY"]).sdk_token
    head, body, signature = fresh.split(".")
    forged = ".".join((head, body, signature[::-1]))
    hold(not _connects(scene, forged), "a token with another signature is accepted")


def _advance_to(scene: Scene, moment: dt.datetime) -> None:
    scene.control.advance(seconds=(moment - scene.control.clock().now).total_seconds())


def _connects(scene: Scene, token: str) -> bool:
    from insightiq_mock.control import ControlError  # noqa: PLC0415 - with a mock only

    try:
        scene.control.connect("YouTube", sdk_token=token)
    except ControlError:
        return False
    return True


@SCENARIOS.rule("the client does not show a token", Needs.WRITING, about=_ABOUT)
def hidden_tokens(scene: Scene) -> None:
    """A token opens a creator's connect flow; it does not belong into logs."""
    user = scene.iq.users.create(name="token", external_id=scene.own("token"))
    token = scene.iq.sdk_tokens.create(user_id=user.id, products=["IDENTITY"])
    hold(token.sdk_token not in repr(token), "repr() of an SDK token shows the token")
    try:
        scene.iq.sdk_tokens.create(user_id=NOBODY, products=["IDENTITY"])
    except errors.NotFoundError as error:
        hold(token.sdk_token not in str(error), "an error shows a token")
