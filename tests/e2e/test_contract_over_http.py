"""``make contract`` against servers at an address: a mock started by hand."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from typing import Any

from demonstration.mock_process import MockProcess

COMMAND = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "contract.py"


def run_contract(
    server: MockProcess, folder: pathlib.Path, *arguments: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Run the command against a server; return what it said, and its result."""
    result = folder / "result.json"
    done = subprocess.run(
        [sys.executable, str(COMMAND), "--no-reports", f"--result={result}", *arguments],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path)),
            "BASE_URL": server.url,
            "CLIENT_ID": server.client_id,
            "CLIENT_SECRET": server.client_secret,
        },
        text=True,
        timeout=300,
    )
    return done, json.loads(result.read_text(encoding="utf-8"))


def test_a_mock_started_by_hand_may_be_asked_again_and_again(tmp_path: pathlib.Path) -> None:
    """A layer that writes, twice on one server: what the first run left is not found fault with."""
    with MockProcess() as server:
        for _ in range(2):
            done, result = run_contract(
                server,
                tmp_path,
                "--layers=P",
                "--operations=users.create,users.get",
                "--examples=1",
                "--limits=on",
            )
            assert done.returncode == 0, done.stderr
            assert result["findings"] == []
    assert server.client_secret not in done.stdout + done.stderr
