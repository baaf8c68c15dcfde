"""Files of the client that one call runs through."""

from __future__ import annotations

import logging
import pathlib
import sys
from types import FrameType

import pytest

import insightiq
import insightiq_generated
from insightiq.testing import ScriptedTransport, response

PACKAGES = [pathlib.Path(each.__file__).parent for each in (insightiq, insightiq_generated)]
USER = {
    "id": "0d9f3a52-6c1e-4b7a-9e43-2f8a5d7c1b60",
    "name": "Ada",
    "external_id": "crm-42",
    "status": "ACTIVE",
    "created_at": "2026-01-01T00:00:00.000000",
    "updated_at": "2026-01-01T00:00:00.000000",
}
PAGE = {
    "data": [USER],
    "metadata": {"offset": 0, "limit": 1, "from_date": None, "to_date": None},
}


def test_list_call_crosses_ten_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """To follow it, without quota, events and the test transport, a reader opens ten files."""
    monkeypatch.setattr(logging.getLogger("insightiq"), "isEnabledFor", lambda _: False)
    transport = ScriptedTransport(lambda _: response(json=PAGE))
    iq = insightiq.InsightIQ(client_id="id", client_secret="s", quota=None, transport=transport)
    users = iq.users
    users.list().first()
    seen: set[str] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        path = pathlib.Path(frame.f_code.co_filename)
        for package in PACKAGES:
            if package in path.parents:
                seen.add(path.relative_to(package.parent).as_posix())

    profile = sys.getprofile()
    sys.setprofile(note)
    try:
        users.list().first()
    finally:
        sys.setprofile(profile)
    assert seen - {"insightiq/testing/_transport.py"} == {
        # From the method to the request,
        "insightiq_generated/api/users/__init__.py",
        "insightiq_generated/api/users/list_.py",
        "insightiq/_pagination.py",
        # through the call to the response,
        "insightiq/_call.py",
        "insightiq/_transport.py",
        "insightiq/_response.py",
        # and to the models.
        "insightiq_generated/types.py",
        "insightiq_generated/models/user_list.py",
        "insightiq_generated/models/list_metadata.py",
        "insightiq_generated/models/user.py",
    }
