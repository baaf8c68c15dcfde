"""A developer of a test's own."""

from __future__ import annotations

import typing

from insightiq_mock.control import MockControl
from insightiq_mock.testing.receivers import Receiver
from insightiq_mock.testing.transports import AsyncMockTransport, MockTransport

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from insightiq_mock.control import Delivery, Developer, EventTriggered
    from insightiq_mock.testing.application import MockApplication
    from insightiq_mock.testing.receivers import Notification

__all__ = ["BASE_URL", "MockTenant", "TenantControl"]

# A loopback name, for which clients do not insist on https; it works with the transport only.
BASE_URL: typing.Final = "http://insightiq-mock.localhost"


class TenantControl(MockControl):
    """The control API of a test's own developer."""

    def emit(
        self,
        event: str,
        *,
        data: Mapping[str, object] | None = None,
        account_id: str | None = None,
    ) -> EventTriggered:
        """Send a notification, as `trigger` does, and wait until it is delivered."""
        triggered = self.trigger(event, data=data, account_id=account_id)
        self.advance()
        return triggered


class MockTenant:
    """A developer with an isolated world.

    The clock stands still: things happen when the test moves it, with ``control.advance``. Requests
    are not limited unless the settings say so. Webhooks reach the receivers of `receiver`.

    Attributes:
        base_url: What to give a client as the address of the API.
        client_id: What to give it as credentials.
        client_secret: What to give it as credentials.
        control: What tests do to the world from outside.
    """

    def __init__(self, application: MockApplication, developer: Developer) -> None:
        self._application = application
        self._receivers: list[Receiver] = []
        self.base_url = BASE_URL
        self.client_id = developer.id
        self.client_secret = developer.secrets[0]
        self.control = TenantControl(
            BASE_URL,
            developer=developer.id,
            transport=self.transport(),
        )

    def __repr__(self) -> str:
        return f"<MockTenant {self.client_id}>"

    @property
    def auth(self) -> tuple[str, str]:
        """Client id and secret, as httpx takes them."""
        return self.client_id, self.client_secret

    def transport(self) -> httpx.BaseTransport:
        """Return a transport for synchronous httpx clients."""
        return MockTransport(self._application.asgi, self._application.loop)

    def async_transport(self) -> httpx.AsyncBaseTransport:
        """Return a transport for asynchronous httpx clients."""
        return AsyncMockTransport(self._application.asgi, self._application.loop)

    def receiver(
        self, respond: Callable[[Notification], int] = lambda _: 200, *, name: str | None = None
    ) -> Receiver:
        """Make an address for a webhook.

        Args:
            respond: Returns the status of the response to a notification; called in a thread.
            name: Makes the address the same in every run; without it, it is made up.
        """
        receiver = Receiver(respond, None if name is None else f"{self.client_id}/{name}")
        self._application.sender.add(receiver)
        self._receivers.append(receiver)
        return receiver

    @property
    def deliveries(self) -> list[Delivery]:
        """All delivery attempts so far, in their order."""
        return self.control.deliveries(limit=1000)[::-1]

    def close(self) -> None:
        """Forget the developer."""
        for receiver in self._receivers:
            self._application.sender.remove(receiver)
        self.control.delete_developer()
        self.control.close()
