"""Developers and snapshots through the control API."""

from __future__ import annotations

import httpx
import pytest

from insightiq_mock.control import ControlStatusError, MockControl
from insightiq_mock.testing import MockApplication, MockTenant

USER = {"name": "Ada", "external_id": "ada"}


def test_created_developer_can_call_api(tenant: MockTenant, control: MockControl) -> None:
    made = control.create_developer(seed="5")
    with httpx.Client(
        base_url=tenant.base_url, auth=(made.id, made.secrets[0]), transport=tenant.transport()
    ) as client:
        assert client.get("/v1/users").status_code == 200
    assert made.id in [each.id for each in control.developers()]
    control.for_developer(made.id).delete_developer()


def test_same_name_makes_same_world(application: MockApplication) -> None:
    worlds = []
    for _ in range(2):
        with (
            application.fresh_tenant("repeated", seed=9) as tenant,
            httpx.Client(
                base_url=tenant.base_url, auth=tenant.auth, transport=tenant.transport()
            ) as client,
        ):
            worlds.append((tenant.client_id, client.get("/v1/accounts").json()))
    assert worlds[0] == worlds[1]
    assert worlds[0][1]["data"]


def test_what_one_developer_makes_no_other_sees(
    api: httpx.Client, application: MockApplication
) -> None:
    user_id = api.post("/v1/users", json=USER).json()["id"]
    with (
        application.fresh_tenant() as other,
        httpx.Client(
            base_url=other.base_url, auth=other.auth, transport=other.transport()
        ) as client,
    ):
        assert client.get(f"/v1/users/{user_id}").status_code == 404


def test_settings_are_given_at_creation(control: MockControl) -> None:
    made = control.create_developer(settings={"requests_per_second": 3})
    other = control.for_developer(made.id)
    assert other.settings()["requests_per_second"] == 3
    other.delete_developer()


def test_deleted_developer_is_gone(control: MockControl) -> None:
    other = control.for_developer(control.create_developer().id)
    other.delete_developer()
    with pytest.raises(ControlStatusError, match="There is no developer"):
        other.developer()


def test_client_id_can_be_had_once(control: MockControl, tenant: MockTenant) -> None:
    with pytest.raises(ControlStatusError) as taken:
        control.create_developer(client_id=tenant.client_id)
    assert (taken.value.status, taken.value.code) == (409, "developer_exists")
    with pytest.raises(ControlStatusError, match="stands for the default developer"):
        control.create_developer(client_id="default")


def test_default_is_default_developer(control: MockControl) -> None:
    default = control.for_developer("default")
    assert default.developer().is_default
    with pytest.raises(ControlStatusError, match="cannot be deleted"):
        default.delete_developer()


def test_secret_is_rotated_in_two_steps(tenant: MockTenant, control: MockControl) -> None:

    def status(secret: str) -> int:
        with httpx.Client(
            base_url=tenant.base_url,
            auth=(tenant.client_id, secret),
            transport=tenant.transport(),
        ) as client:
            return client.get("/v1/users").status_code

    with pytest.raises(ControlStatusError, match="rotate it first"):
        control.retire_secret()
    rotated = control.rotate_secret("a-new-secret")
    assert rotated.secrets == ("a-new-secret", tenant.client_secret)
    assert (status("a-new-secret"), status(tenant.client_secret)) == (200, 200)
    with pytest.raises(ControlStatusError, match="retire the old one first"):
        control.rotate_secret()
    assert control.retire_secret().secrets == ("a-new-secret",)
    assert (status("a-new-secret"), status(tenant.client_secret)) == (200, 401)


def test_reset_brings_seeded_world_back(control: MockControl, api: httpx.Client) -> None:
    before = api.get("/v1/users").json()
    api.post("/v1/users", json=USER)
    control.update_settings(webhook_items=7)
    control.snapshot("kept")
    control.reset()
    assert api.get("/v1/users").json() == before
    assert control.settings()["webhook_items"] == 7
    assert control.snapshots() == ["kept"]


def test_snapshot_brings_world_and_clock_back(control: MockControl, api: httpx.Client) -> None:
    user_id = api.post("/v1/users", json=USER).json()["id"]
    control.snapshot("with-ada")
    taken_at = control.clock().now
    for _ in range(2):
        control.reset()
        control.advance(days=2)
        assert api.get(f"/v1/users/{user_id}").status_code == 404
        control.restore("with-ada")
        assert api.get(f"/v1/users/{user_id}").status_code == 200
        assert control.clock().now == taken_at


def test_deleted_snapshot_cannot_be_restored(control: MockControl) -> None:
    control.snapshot("one")
    control.snapshot("two")
    control.delete_snapshot("one")
    for act in (control.restore, control.delete_snapshot):
        with pytest.raises(ControlStatusError, match=r"no snapshot 'one'; there are: 'two'"):
            act("one")
