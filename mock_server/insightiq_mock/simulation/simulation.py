"""The mock's world in motion: developers, their clocks, what happens when, and who is told."""

from __future__ import annotations

import json
import typing

from insightiq_mock.db import Jobs, Kind, format_timestamp
from insightiq_mock.world.identifiers import named_id
from insightiq_mock.world.stream import Stream

from .clock import wall_clock
from .events import Events
from .jobs import job_of
from .lifecycle import Lifecycle
from .lifecycle.creators import invented_name
from .runner import Runner
from .sdk_tokens import SdkToken, make_token, read_token
from .worlds import Worlds

if typing.TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from insightiq_mock.db import Store

    from .events import NotificationSender, Subscriber
    from .jobs import Job
    from .runner import Action, Advance, Change, Stretch

__all__ = ["Simulation"]


class Simulation(Worlds):
    """All developers' worlds over one store.

    Methods may be called from any thread, except the asynchronous ones, which belong to one event
    loop. Several processes may share the store's file.

    Attributes:
        lifecycle: Accounts: what connecting, syncing and growing do.
    """

    def __init__(self, store: Store, *, wall_clock: Callable[[], dt.datetime] = wall_clock) -> None:
        super().__init__(store, wall_clock)
        self._jobs = Jobs(store)
        self._events = Events()
        self._runner = Runner(self, self._jobs)
        self.lifecycle = Lifecycle(self)

    # Time and jobs.

    async def advance(
        self, developer_id: str, by: Stretch, *, most_jobs: int | None = None
    ) -> Advance:
        """Move a clock on; everything due happens in order before this returns; see `Runner`."""
        return await self._runner.advance(developer_id, by, most_jobs=most_jobs)

    def schedule(
        self,
        developer_id: str,
        *,
        due_at: dt.datetime,
        kind: str,
        payload: Mapping[str, typing.Any],
    ) -> int:
        """Let something happen at a moment of the developer's world; return its number."""
        number = self._jobs.add(
            developer_id,
            due_at=format_timestamp(due_at),
            kind=kind,
            subject=payload.get("account_id"),
            payload=json.dumps(payload),
        )
        self._runner.note(developer_id)
        return number

    def cancel(self, developer_id: str, account_id: str, kinds: tuple[str, ...]) -> None:
        """Let what was to happen to an account not happen."""
        self._jobs.cancel(developer_id, subject=account_id, kinds=kinds)
        self._runner.note(developer_id)

    def has_job(self, developer_id: str, account_id: str, kind: str) -> bool:
        """Tell whether something of that kind is going to happen to an account."""
        return self._jobs.exists(developer_id, subject=account_id, kind=kind)

    def pending(self, developer_id: str, limit: int = 1000) -> list[Job]:
        """Return what is going to happen, in order."""
        return [job_of(developer_id, row) for row in self._jobs.pending(developer_id, limit)]

    def on(self, kind: str, run: Action) -> None:
        """Register who carries out a kind of job that waits for something outside."""
        self._runner.on(kind, run)

    def on_change(self, kind: str, run: Change) -> None:
        """Register who carries out a kind of job that only touches the store: exactly once."""
        self._runner.on_change(kind, run)

    async def run_due(self, developer_id: str) -> int:
        """Carry out what is due by now; return how much that was."""
        return await self._runner.run_due(developer_id)

    async def run_forever(self) -> None:
        """Carry out jobs of all developers as they come due, until cancelled."""
        await self._runner.run_forever()

    # Chance.

    def stream(self, developer_id: str) -> Stream:
        """Return fresh chance: each call another stream, the same in every run of a script."""
        seed = self.developer(developer_id).seed
        serial = self._developers.next_serial(developer_id)
        return Stream("insightiq-mock later", seed, str(serial))

    def new_id(self, developer_id: str) -> str:
        """Return an id for something new, shaped like those of the wire."""
        return self.stream(developer_id).uuid()

    def id_of(self, developer_id: str, kind: Kind, name: str) -> str:
        """Return the id of something new that bears a name of its own: always the same one."""
        return named_id(self.developer(developer_id).seed, kind, name)

    # Events.

    def emit(self, developer_id: str, event: str, data: Mapping[str, typing.Any]) -> None:
        """Tell every subscriber that something happened."""
        self._events.emit(developer_id, event, data)

    def subscribe(self, subscriber: Subscriber) -> None:
        """Tell ``subscriber`` of everything that happens from now on."""
        self._events.subscribe(subscriber)

    def send_notification(self, developer_id: str, payload: Mapping[str, typing.Any]) -> None:
        """Deliver a notification with the caller's own payload, as ``webhooks.send`` does."""
        self._events.send(developer_id, payload)

    def on_notification(self, sender: NotificationSender) -> None:
        """Register who delivers such notifications."""
        self._events.on_notification(sender)

    # Accounts.

    def connect(
        self,
        developer_id: str,
        *,
        user_id: str,
        work_platform_id: str,
        products: Sequence[str],
        handle: str | None = None,
    ) -> dict[str, typing.Any]:
        """Connect an account, or connect it again; see `Lifecycle.connect`."""
        return self.lifecycle.connect(
            developer_id,
            user_id=user_id,
            work_platform_id=work_platform_id,
            products=products,
            handle=handle,
        )

    def make_sdk_token(
        self, developer_id: str, *, user_id: str, products: Sequence[str]
    ) -> SdkToken:
        """Make the token that opens the Connect SDK for a user."""
        return make_token(
            developer_id, user_id=user_id, products=products, issued_at=self.now(developer_id)
        )

    def read_sdk_token(self, developer_id: str, token: str) -> SdkToken:
        """Read a token as whoever connects an account with it does.

        Raises:
            SdkTokenError: It is none of the developer's, or its week is over.
        """
        return read_token(developer_id, token, at=self.now(developer_id))

    def invent_user(self, developer_id: str) -> dict[str, str]:
        """Return name and external id of a new user: the next in every run of a script."""
        external_id = f"creator-{self.stream(developer_id).digits(9)}"
        user_id = self.id_of(developer_id, Kind.USER, external_id)
        name = invented_name(self.developer(developer_id), user_id)
        return {"name": name, "external_id": external_id}

    def disconnect(
        self, developer_id: str, account_id: str, *, source: str = "DEVELOPER_API"
    ) -> dict[str, typing.Any]:
        """Cut an account off and return it."""
        return self.lifecycle.disconnect(developer_id, account_id, source=source)

    def expire(self, developer_id: str, account_id: str) -> dict[str, typing.Any]:
        """Let the platform's session of an account end now, and return the account."""
        return self.lifecycle.expire(developer_id, account_id)

    def sync(self, developer_id: str, account_id: str, product: str) -> None:
        """Sync a product of an account now."""
        self.lifecycle.sync(developer_id, account_id, product)

    def grow(self, developer_id: str, account_id: str) -> None:
        """Let a day's worth of attention come upon an account's contents now."""
        self.lifecycle.grow(developer_id, account_id)

    def add_contents(self, developer_id: str, account_id: str, count: int) -> list[str]:
        """Let the creator publish items now, and return their ids."""
        return self.lifecycle.add_contents(developer_id, account_id, count)

    def _begun(self, developer_id: str) -> None:
        self.lifecycle.begin(developer_id)

    def _clock_changed(self, developer_id: str) -> None:
        self._runner.note(developer_id)
