"""The control API against its own document: generated requests, every check of schemathesis."""

from __future__ import annotations

import importlib.resources
import json
import os
import pathlib
import subprocess
import sys

import httpx
from demonstration.mock_process import MockProcess

from insightiq_mock.control import MockControl

ROOT = pathlib.Path(__file__).resolve().parents[4]
SETTINGS = pathlib.Path(__file__).with_name("control_schemathesis.toml")
SCHEMATHESIS = pathlib.Path(sys.executable).with_name("st")
DOCUMENT = importlib.resources.files("insightiq_mock.control") / "control.yaml"
TOKEN = "the-token-of-the-control-contract"


def prepared(server: MockProcess) -> str:
    """Make what requests can be about; return the configuration that names it."""
    with MockControl(server.url, token=TOKEN) as control:
        control.set_clock("frozen")
        account = control.connect("TikTok", products=["IDENTITY", "ENGAGEMENT"])
        control.advance(hours=1)
        webhook = {"name": "contract", "url": f"{server.url}/_mock/inbox/contract"}
        events = {"events": ["ACCOUNTS.REMOVED"], "is_active": True}
        auth = (server.client_id, server.client_secret)
        httpx.post(f"{server.url}/v1/webhooks", json=webhook | events, auth=auth)
        control.trigger("ACCOUNTS.REMOVED")
        control.advance()
        delivery = control.deliveries()[0]
        rule = control.add_fault(operation="users.list", code=503)
        known = {
            "path.account_id": account["id"],
            "path.delivery_id": delivery.delivery_id,
            "path.fault_id": rule.id,
            "path.developer_id": "default",
        }
    # JSON's texts are TOML's.
    lines = [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in known.items()]
    return "\n".join(["[parameters]", *lines, ""])


def test_control_api_keeps_its_document(tmp_path: pathlib.Path) -> None:
    """No undocumented response, no 5xx, no bad input accepted, no good one rejected, none unchecked."""
    with MockProcess("--seed", "1", "--no-limits", "--control-token", TOKEN) as server:
        settings = tmp_path / "schemathesis.toml"
        settings.write_text(f"{SETTINGS.read_text(encoding='utf-8')}\n{prepared(server)}")
        done = subprocess.run(
            [
                str(SCHEMATHESIS),
                f"--config-file={settings}",
                "run",
                str(DOCUMENT),
                f"--url={server.url}/_mock",
                "--request-timeout=10",
                "--no-color",
            ],
            capture_output=True,
            check=False,
            cwd=ROOT,
            env=os.environ | {"CONTROL_TOKEN": TOKEN},
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert "Tested: 36" in done.stdout
        assert server.stderr_text() == ""
