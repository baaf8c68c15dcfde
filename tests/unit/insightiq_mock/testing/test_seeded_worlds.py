"""One seed, one world: whichever developer, whichever server, whatever is done in it."""

from __future__ import annotations

import typing

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insightiq_mock.testing import MockApplication, MockTenant

STEPS = {
    "user": lambda _tenant, api: api.post(
        "/v1/users", json={"name": "Ann", "external_id": f"ann {api.get('/v1/users').text[-40:]}"}
    ),
    "invented": lambda tenant, _api: tenant.control.connect("TikTok", products=["IDENTITY"]),
    "connect": lambda tenant, api: tenant.control.connect("YouTube", user_id=first(api, "users")),
    "advance": lambda tenant, _api: tenant.control.advance(hours=7),
    "publish": lambda tenant, api: tenant.control.add_contents(connected(api), 2),
    "grow": lambda tenant, api: tenant.control.grow(connected(api)),
    "webhook": lambda _tenant, api: api.post(
        "/v1/webhooks",
        json={"name": "w", "url": "http://127.0.0.1/x", "events": ["CONTENTS.ADDED"]},
    ),
    "trigger": lambda tenant, _api: tenant.control.trigger("CONTENTS.ADDED"),
    "token": lambda _tenant, api: api.post(
        "/v1/sdk-tokens", json={"user_id": first(api, "users"), "products": ["IDENTITY"]}
    ),
}  # fmt: skip

PATHS = (
    "/v1/users",
    "/v1/accounts",
    "/v1/profiles",
    "/v1/webhooks",
    "/v1/social/contents?account_id={account}",
)


def first(api: httpx.Client, what: str) -> str:
    """Return the id of the newest resource of a list."""
    found: str = api.get(f"/v1/{what}").json()["data"][0]["id"]
    return found


def connected(api: httpx.Client) -> str:
    """Return the id of an account that publishes."""
    accounts = api.get("/v1/accounts?limit=100").json()["data"]
    found: str = next(
        each["id"]
        for each in reversed(accounts)
        if each["status"] == "CONNECTED" and "engagement" in each["data"]
    )
    return found


def play(tenant: MockTenant, steps: list[str]) -> dict[str, typing.Any]:
    """Do the steps, and return all that can be seen afterwards."""
    with httpx.Client(
        base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
    ) as api:
        for step in steps:
            STEPS[step](tenant, api)
        accounts = api.get("/v1/accounts?limit=100").json()["data"]
        seen: dict[str, typing.Any] = {
            target: api.get(target).content
            for account in accounts[:4]
            for target in (path.format(account=account["id"]) for path in PATHS)
        }
        assert [target for target in seen if b'"error"' in seen[target][:10]] == []
        seen["deliveries"] = [
            (each.delivery_id, each.notification_id, each.at, each.request_body)
            for each in tenant.deliveries
        ]
        return seen


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=6), seed=st.integers(0, 3))
def test_one_seed_shows_equal_bytes(
    application: MockApplication, steps: list[str], seed: int
) -> None:
    with (
        MockApplication() as other,
        application.fresh_tenant(seed=seed) as ann,
        application.fresh_tenant(seed=seed) as bob,
        other.fresh_tenant("another name", seed=seed) as cleo,
    ):
        seen = play(ann, steps)
        assert seen == play(bob, steps)
        assert seen == play(cleo, steps)


def test_invented_creator_has_name(tenant: MockTenant) -> None:
    accounts = [tenant.control.connect("YouTube") for _ in range(3)]
    tenant.control.advance(hours=1)
    with httpx.Client(
        base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
    ) as api:
        names: set[str] = set()
        for account in accounts:
            user = api.get(f"/v1/users/{account['user']['id']}").json()
            (profile,) = api.get(f"/v1/profiles?account_id={account['id']}").json()["data"]
            assert profile["full_name"] == user["name"] == account["user"]["name"]
            names.add(user["name"])
    assert len(names) == 3
