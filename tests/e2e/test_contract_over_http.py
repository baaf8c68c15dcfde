"""``make contract`` against servers at an address: a mock started by hand."""

from __future__ import annotations

import json
import pathlib

import contract
import pytest
from demonstration.mock_process import MockProcess
from mock_tenants import make_tenant


def test_mock_started_by_hand_may_be_asked_again_and_again(
    shared_server: MockProcess,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A layer that writes, twice on one server: what the first run left is not found fault with."""
    result = tmp_path / "result.json"
    words = ["--layers=P", "--operations=users.create,users.get", "--examples=1", "--limits=on"]
    tenant = make_tenant(shared_server.url, limits_enabled=True)
    monkeypatch.setenv("BASE_URL", tenant.url)
    monkeypatch.setenv("CLIENT_ID", tenant.client_id)
    monkeypatch.setenv("CLIENT_SECRET", tenant.client_secret)
    for _ in range(2):
        status = contract.main([*words, "--no-reports", f"--result={result}"])
        said = capsys.readouterr()
        assert (status, said.err) == (0, "")
        assert json.loads(result.read_text(encoding="utf-8"))["findings"] == []
        assert tenant.client_secret not in said.out
