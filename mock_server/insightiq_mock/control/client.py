"""The client of the control API."""

from __future__ import annotations

import typing

from insightiq_mock.closing import Closing
from insightiq_mock.control.answers import ControlledDeveloper, Health, LoggedCall, Message
from insightiq_mock.control.connection import Connection
from insightiq_mock.control.world_control import WorldControl, escaped, given

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

__all__ = ["DEFAULT_URL", "MockControl"]

DEFAULT_URL: typing.Final = "http://127.0.0.1:4010"


class MockControl(WorldControl, Closing):
    """Does to a mock server what tests and people do to it from outside.

    What concerns one developer's world concerns ``developer``; `for_developer` gives the same for
    another. All methods raise `ControlError` with a sentence that says what is wrong.

    Args:
        base_url: Where the server answers.
        developer: Client id of the developer; ``default`` for the server's default developer.
        token: The control token, where the server asks for one.
        transport: Another way to the server than the network, for example in process.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        *,
        developer: str = "default",
        token: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(Connection(base_url, token=token, transport=transport), developer)

    def close(self) -> None:
        """Close the connection, which all of `for_developer` share."""
        self._connection.close()

    def for_developer(self, developer_id: str) -> MockControl:
        """Return the control of another developer's world, over the same connection."""
        other = object.__new__(MockControl)
        WorldControl.__init__(other, self._connection, developer_id)
        return other

    # The server and its developers.

    def health(self) -> Health:
        """Return what runs."""
        return Health.from_json(self._connection.call("GET", "/health"))

    def developers(self) -> list[ControlledDeveloper]:
        """Return all developers, in the order in which they were made."""
        answer = self._connection.call("GET", "/developers")
        return [ControlledDeveloper.from_json(each) for each in answer["data"]]

    def create_developer(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        seed: str | int | None = None,
        world: str | None = None,
        clock: str | None = None,
        start: str | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> ControlledDeveloper:
        """Make a developer with a world of their own.

        Args:
            client_id: Made up when absent.
            client_secret: Made up when absent.
            seed: What the world is made from; the same seed makes the same world.
            world: Its size: ``small``, ``medium`` or ``large``.
            clock: ``running``, ``frozen`` or ``real``.
            start: When the world begins: ``now``, ``fixed``, or a moment like ``2026-06-01``; without
                it, as the server was told.
            settings: Settings that differ from the defaults.
        """
        body = given(
            client_id=client_id,
            client_secret=client_secret,
            seed=None if seed is None else str(seed),
            world=world,
            clock=clock,
            start=start,
            settings=settings,
        )
        return ControlledDeveloper.from_json(self._connection.call("POST", "/developers", body))

    def developer(self) -> ControlledDeveloper:
        """Return the developer, live secrets included."""
        return ControlledDeveloper.from_json(self._call("GET", ""))

    def delete_developer(self) -> None:
        """Forget the developer and all that they own."""
        self._call("DELETE", "")

    def rotate_secret(self, new_secret: str | None = None) -> ControlledDeveloper:
        """Add a secret, made up when absent; both live until `retire_secret`."""
        answer = self._call("POST", "/rotate-secret", given(new_secret=new_secret))
        return ControlledDeveloper.from_json(answer)

    def retire_secret(self) -> ControlledDeveloper:
        """End a rotation; only the newest secret stays live."""
        return ControlledDeveloper.from_json(self._call("POST", "/retire-secret"))

    def reset(self) -> None:
        """Bring the world back to how the seed made it, without the webhooks registered since.

        Secrets, settings and snapshots stay.
        """
        self._call("POST", "/reset")

    # Snapshots.

    def snapshot(self, name: str) -> None:
        """Copy the world under a name; an older copy of that name is replaced."""
        self._call("POST", "/snapshots", {"name": name})

    def snapshots(self) -> list[str]:
        """Return the names of the copies, oldest first."""
        return [each["name"] for each in self._call("GET", "/snapshots")["data"]]

    def restore(self, name: str) -> None:
        """Put a copy in place of the present world."""
        self._call("POST", f"/snapshots/{escaped(name)}/restore")

    def delete_snapshot(self, name: str) -> None:
        """Forget a copy."""
        self._call("DELETE", f"/snapshots/{escaped(name)}")

    # Logs that are not one developer's.

    def requests(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        developer: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        status: int | None = None,
        path: str | None = None,
        after: int | None = None,
        wait: float | None = None,
        limit: int | None = None,
    ) -> list[LoggedCall]:
        """Return the latest calls of the API, oldest first, of those that fit.

        Args:
            developer: Only those of this developer.
            operation: Only those of this operation, for example ``users.list``.
            method: Only those of this method.
            status: Only those with this status; 4 stands for 400 to 499, and so on.
            path: Only those whose path and query begin so.
            after: Only those after the one with this number.
            wait: Seconds to wait for one if there is none yet.
            limit: How many at most.
        """
        query = {
            "developer": developer,
            "operation": operation,
            "method": method,
            "status": status,
            "path": path,
            "after": after,
            "wait": None if wait is None else str(wait),
            "limit": limit,
        }
        answer = self._connection.call("GET", "/requests", query=query)
        return [LoggedCall.from_json(each) for each in answer["data"]]

    def clear_requests(self, developer: str | None = None) -> None:
        """Forget the calls of a developer, or all."""
        self._connection.call("DELETE", "/requests", query={"developer": developer})

    def inbox(self, name: str, *, limit: int | None = None) -> list[Message]:
        """Return what the built-in receiver ``/_mock/inbox/<name>`` received, oldest first."""
        answer = self._connection.call("GET", f"/inbox/{escaped(name)}", query={"limit": limit})
        return [Message.from_json(each) for each in answer["data"]]

    def clear_inbox(self, name: str) -> int:
        """Forget what a built-in receiver received; return how many messages those were."""
        cleared: int = self._connection.call("DELETE", f"/inbox/{escaped(name)}")["cleared"]
        return cleared
