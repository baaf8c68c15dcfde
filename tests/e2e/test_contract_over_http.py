"""``make contract`` against servers at an address: a mock started by hand."""

from __future__ import annotations

import json
import pathlib

import contract
import pytest
from demonstration.mock_process import MockProcess


def test_a_mock_started_by_hand_may_be_asked_again_and_again(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A layer that writes, twice on one server: what the first run left is not found fault with."""
    result = tmp_path / "result.json"
    words = ["--layers=P", "--operations=users.create,users.get", "--examples=1", "--limits=on"]
    with MockProcess() as server:
        monkeypatch.setenv("BASE_URL", server.url)
        monkeypatch.setenv("CLIENT_ID", server.client_id)
        monkeypatch.setenv("CLIENT_SECRET", server.client_secret)
        for _ in range(2):
            status = contract.main([*words, "--no-reports", f"--result={result}"])
            said = capsys.readouterr()
            assert (status, said.err) == (0, "")
            assert json.loads(result.read_text(encoding="utf-8"))["findings"] == []
            assert server.client_secret not in said.out
