"""Changes of each developer's world during the soak test: one life after another."""

from __future__ import annotations

import threading
import typing
import uuid

import httpx
from soak_load import RULES, Tenant

from insightiq_mock.control import MockControl

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from demonstration.mock_process import MockProcess

__all__ = ["Life", "make_tenant"]

_EVENTS = [
    "ACCOUNTS.CONNECTED",
    "ACCOUNTS.DISCONNECTED",
    "CONTENTS.ADDED",
    "CONTENTS.UPDATED",
    "PROFILES.ADDED",
    "PROFILES.UPDATED",
]
_ADVANCES = 4


def make_tenant(control: MockControl, url: str, number: int) -> Tenant:
    """Make a developer; every other one is limited."""
    is_limited = number % 2 == 1
    made = control.create_developer(
        seed=str(number),
        clock="frozen",
        settings={"limits_enabled": is_limited, "requests_per_second": 50},
    )
    auth = (made.id, made.secrets[0])
    accounts = httpx.get(f"{url}/v1/accounts?limit=100", auth=auth).json()["data"]
    seeded = next(each["id"] for each in accounts if each["work_platform"]["name"] == "Instagram")
    return Tenant(made.id, made.secrets[0], seeded, is_limited)


class Life(threading.Thread):
    """Connects, advances, breaks and resets one developer's world, again and again.

    Attributes:
        rounds: How often the world began anew.
        received: How many notifications the inbox has got.
        failure: What went wrong, if anything did.
    """

    def __init__(self, server: MockProcess, tenant: Tenant, stopped: Callable[[], bool]) -> None:
        super().__init__()
        self._url = server.url
        self._tenant = tenant
        self._stopped = stopped
        self.rounds = 0
        self.received = 0
        self.failure: Exception | None = None

    def run(self) -> None:
        """Live until it is stopped."""
        try:
            with MockControl(self._url, developer=self._tenant.client_id) as control:
                while not self._stopped():
                    self._live(control)
                    self.rounds += 1
        except Exception as error:
            self.failure = error

    def _live(self, control: MockControl) -> None:
        control.reset()
        control.clear_faults()
        for operation, (rule, _) in RULES.items():
            control.add_fault(operation=operation, seed=str(self.rounds), **rule)
        inbox = f"soak-{self._tenant.client_id}"
        self._add_webhook(f"{self._url}/_mock/inbox/{inbox}")
        # It is tried again, and switched off in the end.
        self._add_webhook(f"{self._url}/_mock/inbox/{inbox}-fails?status=503")
        control.snapshot("soak")
        account = control.connect("TikTok")
        for _ in range(_ADVANCES):
            control.advance(hours=6)
            control.trigger("CONTENTS.UPDATED", account_id=account["id"])
            if self._stopped():
                return
        control.add_contents(account["id"], 5)
        control.sync(account["id"], "ENGAGEMENT")
        control.advance()
        control.disconnect(account["id"])
        control.advance(hours=1)
        control.requests(developer=self._tenant.client_id, limit=100)
        for delivery in control.deliveries(limit=5):
            control.resend(delivery.delivery_id)
        self.received += control.clear_inbox(inbox)
        control.clear_inbox(f"{inbox}-fails")
        control.restore("soak")
        self._come_and_go(control)

    def _add_webhook(self, url: str) -> None:
        # Not by the API's own call: that one fails as often as the rules have it.
        webhook = {"name": "soak", "url": url, "events": _EVENTS}
        auth = (self._tenant.client_id, self._tenant.client_secret)
        while True:
            response = httpx.post(f"{self._url}/v1/webhooks", json=webhook, auth=auth)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                response.raise_for_status()
                return

    def _come_and_go(self, control: MockControl) -> None:
        """Make a developer, who calls once, and delete it."""
        guest = control.create_developer(client_id=str(uuid.uuid4()), world="small")
        auth = (guest.id, guest.secrets[0])
        httpx.get(f"{self._url}/v1/users", auth=auth).raise_for_status()
        control.for_developer(guest.id).delete_developer()
