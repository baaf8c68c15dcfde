"""Handlers of accounts: what creators and platforms do to them."""

from __future__ import annotations

import typing

import orjson

from insightiq_mock.context import RequestContext, Response
from insightiq_mock.control.errors import bad_request, not_found, suggestion
from insightiq_mock.control.services import no_content, respond
from insightiq_mock.db import Selection
from insightiq_mock.resources import accounts, canonical_id, contents, sdk_tokens, users

if typing.TYPE_CHECKING:
    from insightiq_mock.control.services import Services

__all__ = [
    "add_contents",
    "connect_account",
    "disconnect_account",
    "expire_session",
    "grow_account",
    "sync_account",
]

# Cut off by the creator or the vendor, as opposed to the developer's own call (evidence.md#account-lifecycle).
_FROM_OUTSIDE: typing.Final = "INTERNAL_API"

_ALL_PLATFORMS: typing.Final = Selection(limit=1000)

# Of a platform's own description: what SDK tokens call the parts (evidence.md#work-platform, #user-and-sdk-token).
_PRODUCTS: typing.Final = {
    "IDENTITY": ("identity",),
    "IDENTITY.AUDIENCE": ("identity", "audience"),
    "ENGAGEMENT": ("engagement",),
    "ENGAGEMENT.AUDIENCE": ("engagement", "audience"),
    "INCOME": ("income",),
}


def connect_account(services: Services, context: RequestContext) -> Response:
    """Connect an account, as a creator does in the connect flow."""
    developer_id = services.developer_id(context)
    platform = _platform(services, developer_id, context.body["platform"])
    user_id, products = _grant(services, developer_id, context.body)
    account = accounts.connect(
        services.simulation,
        developer_id,
        user_id=user_id or _new_user(services, developer_id),
        work_platform_id=platform["id"],
        products=products or _all_products(platform),
        handle=context.body.get("handle"),
    )
    return respond(201, account)


def disconnect_account(services: Services, context: RequestContext) -> Response:
    """Cut the account off from outside."""
    account = accounts.disconnect(
        services.simulation,
        services.developer_id(context),
        canonical_id(context.path["account_id"]),
        source=_FROM_OUTSIDE,
    )
    return respond(200, account)


def expire_session(services: Services, context: RequestContext) -> Response:
    """Let the platform's token stop working."""
    account = accounts.expire(
        services.simulation,
        services.developer_id(context),
        canonical_id(context.path["account_id"]),
    )
    return respond(200, account)


def add_contents(services: Services, context: RequestContext) -> Response:
    """Publish new items."""
    count: int = context.body["count"]
    developer_id = services.developer_id(context)
    ids = contents.add_contents(
        services.simulation, developer_id, canonical_id(context.path["account_id"]), count
    )
    return respond(201, {"ids": ids})


def grow_account(services: Services, context: RequestContext) -> Response:
    """Let metrics grow."""
    contents.grow_contents(
        services.simulation,
        services.developer_id(context),
        canonical_id(context.path["account_id"]),
    )
    return no_content()


def sync_account(services: Services, context: RequestContext) -> Response:
    """Schedule a sync."""
    product: str = context.body["product"]
    accounts.sync_product(
        services.simulation,
        services.developer_id(context),
        canonical_id(context.path["account_id"]),
        product,
    )
    return no_content()


def _platform(services: Services, developer_id: str, wanted: str) -> dict[str, typing.Any]:
    bodies = services.simulation.store.page(developer_id, "work_platform", _ALL_PLATFORMS)
    platforms: list[dict[str, typing.Any]] = [orjson.loads(body) for body in bodies]
    for platform in platforms:
        if canonical_id(wanted).casefold() in (platform["id"], platform["name"].casefold()):
            return platform
    known = suggestion(wanted, [platform["name"] for platform in platforms])
    message = f"There is no platform {wanted!r}; {known}"
    raise not_found(message, "incorrect_work_platform_id")


def _grant(
    services: Services, developer_id: str, body: typing.Mapping[str, typing.Any]
) -> tuple[str | None, list[str] | None]:
    """Return the user and the products, from the SDK token if there is one."""
    if "sdk_token" not in body:
        user_id: str | None = body.get("user_id")
        return user_id and canonical_id(user_id), body.get("products")
    if "user_id" in body or "products" in body:
        message = "An sdk_token says the user and the products; leave user_id and products out."
        raise bad_request(message, "invalid_parameters")
    token = sdk_tokens.read_token(services.simulation, developer_id, body["sdk_token"])
    return token.user_id, list(token.products)


def _new_user(services: Services, developer_id: str) -> str:
    body = users.invent_user(services.simulation, developer_id)
    context = RequestContext(operation_id="users.create", developer_id=developer_id, body=body)
    made = services.api["users.create"](context)
    user_id: str = orjson.loads(made.body)["id"]
    return user_id


def _all_products(platform: typing.Mapping[str, typing.Any]) -> list[str]:
    return [
        product for product, path in _PRODUCTS.items() if _supported(platform["products"], path)
    ]


def _supported(described: typing.Mapping[str, typing.Any], path: tuple[str, ...]) -> bool:
    for part in path:
        described = described.get(part, {})
    return bool(described.get("is_supported", False))
