"""Remembered credentials and settings are never out of date."""

from __future__ import annotations

import base64
import pathlib
from typing import Any

import pytest

from insightiq_mock.db import Store
from insightiq_mock.simulation import Simulation
from insightiq_mock.web.limits import Tenants


def status(surrounded: Any, client_id: str, secret: str) -> int:
    """Call with credentials and return the status."""
    found: int = surrounded.call("GET", "/v1/things", auth=(client_id, secret)).status_code
    return found


def test_a_rotation_counts_at_once(surrounded: Any) -> None:
    """Both secrets are live during it, only the new one afterwards; each call before warmed up."""
    surrounded.simulation.create_developer(client_id="dev", client_secret="old")
    assert [status(surrounded, "dev", secret) for secret in ("old", "old", "new")] == [
        200,
        200,
        401,
    ]
    surrounded.simulation.rotate_secret("dev", "new")
    assert [status(surrounded, "dev", secret) for secret in ("old", "new", "new")] == [
        200,
        200,
        200,
    ]
    surrounded.simulation.retire_old_secret("dev")
    assert [status(surrounded, "dev", secret) for secret in ("old", "new")] == [401, 200]


def test_a_deleted_developer_is_a_stranger(surrounded: Any) -> None:
    """And a new one of the same id is another one."""
    surrounded.simulation.create_developer(client_id="dev", client_secret="secret")
    assert status(surrounded, "dev", "secret") == 200
    surrounded.simulation.delete_developer("dev")
    assert status(surrounded, "dev", "secret") == 401
    surrounded.simulation.create_developer(client_id="dev", client_secret="other")
    assert [status(surrounded, "dev", secret) for secret in ("secret", "other")] == [401, 200]


def test_remembered_credentials_do_not_open_a_repeated_header(
    surrounded: Any, credentials: tuple[str, str]
) -> None:
    """A right one beside another one is still two."""
    assert status(surrounded, *credentials) == 200
    right = "Basic " + base64.b64encode(":".join(credentials).encode()).decode()
    for headers in (
        [("Authorization", "Basic eDp5"), ("Authorization", right)],
        [("Authorization", right), ("Authorization", right)],
    ):
        response = surrounded.call("GET", "/v1/things", auth=None, headers=headers)
        assert response.status_code == 401


def test_a_repeated_header_of_another_name_changes_nothing(
    surrounded: Any, credentials: tuple[str, str]
) -> None:
    """Remembered or not."""
    for _ in range(2):
        headers = [("X-Other", "1"), ("X-Other", "2")]
        response = surrounded.call("GET", "/v1/things", auth=credentials, headers=headers)
        assert response.status_code == 200


@pytest.mark.parametrize("change", ["rotate", "settings", "delete"])
def test_changes_of_another_process_are_noticed(tmp_path: pathlib.Path, change: str) -> None:
    """Two workers over one file must not disagree about who may call."""
    path = tmp_path / "mock.db"
    with Store.open(path) as one, Store.open(path) as two:
        for store in (one, two):
            store.share()
        mine, yours = Simulation(one), Tenants(Simulation(two))
        mine.create_developer(client_id="dev", client_secret="old")
        assert yours.permitted(b"header") is None
        assert yours.check("dev", "old")
        yours.remember(b"header", "dev")
        assert yours.permitted(b"header") == "dev"
        assert yours.settings("dev").requests_per_second == 10
        if change == "rotate":
            mine.rotate_secret("dev", "new")
        elif change == "settings":
            mine.update_settings("dev", {"requests_per_second": 3})
            assert yours.settings("dev").requests_per_second == 3
        else:
            mine.delete_developer("dev")
            assert not yours.check("dev", "old")
        assert yours.permitted(b"header") is None
