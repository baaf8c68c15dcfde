"""Operations of the control API. Generated from control.yaml by `make regenerate`; do not edit."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

from insightiq_mock.control.client_base import (
    Client,
    DeliveryMethods,
    MessageMethods,
    given,
    path_segment,
    read,
)

if typing.TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Clock",
    "ClockAdvanced",
    "Delivery",
    "Developer",
    "EventTriggered",
    "FaultRule",
    "Health",
    "InboxMessage",
    "Job",
    "LoggedRequest",
    "Operations",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """The running server.

    Attributes:
        status: Always ok.
        version: Version of the mock server.
        document_version: Version of the document that is served.
        operations: Number of its operations.
    """

    status: str
    version: str
    document_version: str
    operations: int


@dataclasses.dataclass(frozen=True, slots=True)
class Developer:
    """A developer.

    Attributes:
        id: The client id.
        is_default: Whether it is the default developer.
        secrets: The live client secrets, newest first; two while one is being rotated.
        seed: Seed of the world.
        world: Size of the world. A later version may know more.
        start: When the world begins.
        now: Time of the developer's clock.
    """

    id: str
    is_default: bool
    secrets: tuple[str, ...] = dataclasses.field(repr=False)
    seed: str
    world: str
    start: str
    now: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Clock:
    """A developer's clock.

    Attributes:
        mode: Follow real time, stand still, or run from a moment on. A later version may know
            more.
        now: Its time.
        factor: Its seconds per real second, in mode running.
    """

    mode: str
    now: dt.datetime
    factor: float


@dataclasses.dataclass(frozen=True, slots=True)
class ClockAdvanced:
    """The result of advancing a clock.

    Attributes:
        clock: A developer's clock.
        jobs: The jobs that ran, in order.
        complete: Whether the clock arrived; false where `max_jobs` stopped it.
        remaining_seconds: The rest of the way.
    """

    clock: Clock
    jobs: tuple[Job, ...]
    complete: bool
    remaining_seconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class EventTriggered:
    """A notification that was triggered.

    Attributes:
        event: Name of the event.
        data: The data of a notification, as the API's document has it for the event.
        webhooks: URLs of the webhooks that it goes to.
        unknown_ids: Keys of `data` that hold the document's example, because the world has
            nothing for them. Looking those ids up gives 404, or the API has no operation for
            that, as for publishing and listening activity.
    """

    event: str
    data: dict[str, typing.Any]
    webhooks: tuple[str, ...]
    unknown_ids: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class FaultRule:
    """A fault rule.

    Attributes:
        id: Its id.
        operation: The operation that it applies to; null for all.
        effect: The fault, as in a Prefer header.
        remaining: How many more requests it applies to; null for any number.
        share: The share of the requests that it applies to; null for all.
        seed: Seed of the choice of those requests.
        seen: How many requests it was asked about.
    """

    id: str
    operation: str | None
    effect: dict[str, str]
    remaining: int | None
    share: float | None
    seed: str
    seen: int


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery(DeliveryMethods):
    """One attempt to deliver a notification to a webhook.

    Attributes:
        delivery_id: The delivery; all its attempts share it.
        notification_id: Id in the body that was sent.
        webhook_id: The webhook.
        event: Name of the event.
        number: Number of the attempt; null for a resend.
        at: Its time by the developer's clock.
        seconds: Its length in real time.
        url: Its destination; null if it was not tried.
        verdict: Result of a delivery attempt. A later version may know more.
        detail: The error, in a sentence; null if there was none.
        status: HTTP status of the response.
        request_headers: Headers that were sent.
        request_body: The text that was signed and sent.
        response_headers: Headers of the response.
        response_body: The beginning of the response body.
    """

    delivery_id: str
    notification_id: str
    webhook_id: str
    event: str
    number: int | None
    at: dt.datetime
    seconds: float
    url: str | None
    verdict: str
    detail: str | None
    status: int | None
    request_headers: tuple[tuple[str, str], ...]
    request_body: str
    response_headers: tuple[tuple[str, str], ...]
    response_body: str


@dataclasses.dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request to the API.

    Attributes:
        number: Its number in the log.
        at: Its moment in real time.
        method: Its method.
        target: Path and query.
        operation: The operation, if it was one.
        developer: The developer, if there was one.
        status: HTTP status of the response.
        milliseconds: Time until the response.
        request_id: Its request id.
        request_body: The beginning of the body, secrets hidden.
        response_body: The beginning of the response body, secrets hidden.
    """

    number: int
    at: dt.datetime
    method: str
    target: str
    operation: str | None
    developer: str | None
    status: int
    milliseconds: float
    request_id: str
    request_body: str | None
    response_body: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class InboxMessage(MessageMethods):
    """One request that an inbox received.

    Attributes:
        id: Grows with every message.
        received_at: Its moment in real time.
        response_status: HTTP status of the response.
        headers: Its headers, names in lower case.
        body: Its body as text.
    """

    id: int
    received_at: dt.datetime
    response_status: int
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """A job that ran.

    Attributes:
        kind: Its kind.
        due_at: Its time by the developer's clock.
        payload: Data of a job.
    """

    kind: str
    due_at: dt.datetime
    payload: dict[str, typing.Any]


class Operations(Client):
    """One method per operation."""

    def health(self) -> Health:
        """Ask whether the server runs.

        Responds without a token as soon as the server serves.
        """
        found: Health = read(Health, self._request("GET", "/health"))
        return found

    def developers(self) -> list[Developer]:
        """List developers.

        Returns all developers of this server, oldest first.
        """
        found: list[Developer] = [
            read(Developer, each) for each in self._request("GET", "/developers")["data"]
        ]
        return found

    def create_developer(
        self,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        seed: str | None = None,
        world: str | None = None,
        clock: str | None = None,
        start: str | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> Developer:
        """Create a developer.

        Creates a developer with a world of its own. The same seed gives the same world.

        Args:
            client_id: Client id (default: generated).
            client_secret: Client secret (default: generated).
            seed: Seed of the world (default 1); the same seed gives the same world.
            world: Size of the world. A later version may know more.
            clock: Follow real time, stand still, or run from a moment on. A later version may
                know more.
            start: Start of the world, which is what a new clock shows: `now`; `fixed`, 1
                November 2026, so that the world is the same at every start; or a day or moment.
                Left out: as the server was started, and `now` for a real clock. A reset begins
                there again.
            settings: The settings to change, by name. Another name is rejected, with the
                closest that there is.
        """
        found: Developer = read(
            Developer,
            self._request(
                "POST",
                "/developers",
                given(
                    client_id=client_id,
                    client_secret=client_secret,
                    seed=seed,
                    world=world,
                    clock=clock,
                    start=start,
                    settings=settings,
                ),
            ),
        )
        return found

    def developer(self) -> Developer:
        """Get a developer.

        Returns one developer, live secrets included.
        """
        found: Developer = read(Developer, self._request("GET", f"/developers/{self._developer}"))
        return found

    def delete_developer(self) -> None:
        """Delete a developer.

        Deletes a developer and everything they own. The default developer cannot be deleted.
        """
        self._request("DELETE", f"/developers/{self._developer}")

    def rotate_secret(self, new_secret: str | None = None) -> Developer:
        """Rotate the secret.

        Adds a new secret. Until the old one is retired both open the API, and notifications
        carry a signature of each.

        Args:
            new_secret: The new secret (default: derived from the old one).
        """
        found: Developer = read(
            Developer,
            self._request(
                "POST", f"/developers/{self._developer}/rotate-secret", given(new_secret=new_secret)
            ),
        )
        return found

    def retire_secret(self) -> Developer:
        """Retire the old secret.

        Ends a rotation; from now on the newest secret alone is live.
        """
        found: Developer = read(
            Developer, self._request("POST", f"/developers/{self._developer}/retire-secret")
        )
        return found

    def reset(self) -> None:
        """Reset the world.

        Restores the seeded world. Everything made since is deleted, webhooks too; secrets,
        settings and snapshots stay.
        """
        self._request("POST", f"/developers/{self._developer}/reset")

    def snapshots(self) -> list[str]:
        """List snapshots.

        Lists the developer's snapshots in the order in which they were taken.
        """
        found: list[str] = [
            each["name"]
            for each in self._request("GET", f"/developers/{self._developer}/snapshots")["data"]
        ]
        return found

    def snapshot(self, name: str) -> str:
        """Take a snapshot.

        Copies the developer's world under a name; an older copy of that name is replaced.

        Args:
            name: Name of a snapshot.
        """
        found: str = self._request(
            "POST", f"/developers/{self._developer}/snapshots", given(name=name)
        )["name"]
        return found

    def delete_snapshot(self, name: str) -> None:
        """Delete a snapshot.

        Deletes a snapshot; the world stays as it is.

        Args:
            name: Name of the snapshot.
        """
        self._request("DELETE", f"/developers/{self._developer}/snapshots/{path_segment(name)}")

    def restore(self, name: str) -> None:
        """Restore a snapshot.

        Puts the copy in place of the developer's present world, clock and pending work
        included. The copy stays.

        Args:
            name: Name of the snapshot.
        """
        self._request(
            "POST", f"/developers/{self._developer}/snapshots/{path_segment(name)}/restore"
        )

    def clock(self) -> Clock:
        """Read the clock.

        Returns the developer's present time and the mode of their clock.
        """
        found: Clock = read(Clock, self._request("GET", f"/developers/{self._developer}/clock"))
        return found

    def set_clock(
        self, mode: str, *, at: dt.datetime | None = None, factor: float | None = None
    ) -> Clock:
        """Set the clock.

        Makes the clock follow real time, stand still, or run at a factor; from its present
        moment, or from `at`.

        Args:
            mode: Follow real time, stand still, or run from a moment on. A later version may
                know more.
            at: Time to set it to (default: it goes on from its present time).
            factor: Its seconds per real second; for mode running only.
        """
        found: Clock = read(
            Clock,
            self._request(
                "PUT",
                f"/developers/{self._developer}/clock",
                given(mode=mode, at=at, factor=factor),
            ),
        )
        return found

    def advance_part(
        self,
        *,
        seconds: float | None = None,
        minutes: float | None = None,
        hours: float | None = None,
        days: float | None = None,
        months: int | None = None,
        max_jobs: int | None = None,
    ) -> ClockAdvanced:
        """Advance the clock.

        Advances the clock. All jobs that come due on the way run, in order, before the
        response. Requests for one developer run one after another. One request runs at most
        `max_jobs` jobs. Where more come due, the clock stops behind the last of them,
        `complete` is false, and `remaining_seconds` says how far to advance next. A caller who
        disconnects stops the clock likewise.

        Args:
            seconds: Seconds.
            minutes: Minutes.
            hours: Hours.
            days: Days.
            months: Calendar months.
            max_jobs: The most jobs to run (default 10000).
        """
        found: ClockAdvanced = read(
            ClockAdvanced,
            self._request(
                "POST",
                f"/developers/{self._developer}/clock/advance",
                given(
                    seconds=seconds,
                    minutes=minutes,
                    hours=hours,
                    days=days,
                    months=months,
                    max_jobs=max_jobs,
                ),
            ),
        )
        return found

    def connect(
        self,
        platform: str,
        *,
        sdk_token: str | None = None,
        user_id: str | None = None,
        products: Sequence[str] | None = None,
        handle: str | None = None,
    ) -> dict[str, typing.Any]:
        """Connect an account.

        Connects an account, as a creator does in the connect flow. User and products come from
        an SDK token or are named; without a user a new one is created. First syncs follow on
        the developer's clock. The same user and handle on the same platform give the same
        account again: a reconnection.

        Args:
            platform: Name or id of the work platform.
            sdk_token: A token of sdk_tokens.create, which says the user and the products.
            user_id: The user (default: a new user).
            products: Products to collect (default: all of the platform).
            handle: Name of the creator on the platform (default: generated).
        """
        found: dict[str, typing.Any] = self._request(
            "POST",
            f"/developers/{self._developer}/accounts/connect",
            given(
                platform=platform,
                sdk_token=sdk_token,
                user_id=user_id,
                products=products,
                handle=handle,
            ),
        )
        return found

    def disconnect(self, account_id: str) -> dict[str, typing.Any]:
        """Disconnect an account.

        Disconnects the account as if the creator had done it, outside of the API.

        Args:
            account_id: Id of the account.
        """
        found: dict[str, typing.Any] = self._request(
            "POST", f"/developers/{self._developer}/accounts/{path_segment(account_id)}/disconnect"
        )
        return found

    def expire(self, account_id: str) -> dict[str, typing.Any]:
        """Expire the session of an account.

        The platform's token stops working at once; the account turns to SESSION_EXPIRED.

        Args:
            account_id: Id of the account.
        """
        found: dict[str, typing.Any] = self._request(
            "POST", f"/developers/{self._developer}/accounts/{path_segment(account_id)}/expire"
        )
        return found

    def add_contents(self, account_id: str, count: int) -> list[str]:
        """Publish contents.

        The creator publishes new items on the platform; CONTENTS.ADDED follows.

        Args:
            account_id: Id of the account.
            count: The number.
        """
        found: list[str] = self._request(
            "POST",
            f"/developers/{self._developer}/accounts/{path_segment(account_id)}/contents",
            given(count=count),
        )["ids"]
        return found

    def grow(self, account_id: str) -> None:
        """Grow the metrics of an account.

        A day's worth of attention comes upon the account's contents; CONTENTS.UPDATED follows.

        Args:
            account_id: Id of the account.
        """
        self._request(
            "POST", f"/developers/{self._developer}/accounts/{path_segment(account_id)}/grow"
        )

    def sync(self, account_id: str, product: str) -> None:
        """Sync a product.

        Syncs one product now, beside the syncs that come daily.

        Args:
            account_id: Id of the account.
            product: A product.
        """
        self._request(
            "POST",
            f"/developers/{self._developer}/accounts/{path_segment(account_id)}/sync",
            given(product=product),
        )

    def trigger(
        self, event: str, *, data: Mapping[str, object] | None = None, account_id: str | None = None
    ) -> EventTriggered:
        """Trigger a notification.

        Sends a notification of the event to the webhooks that ask for it. Data that is left out
        is taken from the developer's world; `unknown_ids` names the keys that it has nothing
        for.

        Args:
            event: Name of the event.
            data: Its data (default: taken from the developer's world).
            account_id: The account to take the data from (default: the newest connected
                account).
        """
        found: EventTriggered = read(
            EventTriggered,
            self._request(
                "POST",
                f"/developers/{self._developer}/events",
                given(event=event, data=data, account_id=account_id),
            ),
        )
        return found

    def settings(self) -> dict[str, typing.Any]:
        """Get the settings.

        Returns the limits and the choices on open questions that hold for this developer.
        """
        found: dict[str, typing.Any] = self._request(
            "GET", f"/developers/{self._developer}/settings"
        )
        return found

    def update_settings(self, **changes: object) -> dict[str, typing.Any]:
        """Change settings.

        Changes the settings that are named; the others stay.

        Args:
            changes: The settings to change, by name. Another name is rejected, with the closest
                that there is.
        """
        found: dict[str, typing.Any] = self._request(
            "PATCH", f"/developers/{self._developer}/settings", changes
        )
        return found

    def faults(self) -> list[FaultRule]:
        """List fault rules.

        Returns the active rules, oldest first. Of several that apply to a request, the oldest
        is used.
        """
        found: list[FaultRule] = [
            read(FaultRule, each)
            for each in self._request("GET", f"/developers/{self._developer}/faults")["data"]
        ]
        return found

    def add_fault(
        self,
        *,
        operation: str | None = None,
        code: int | None = None,
        delay: float | None = None,
        example: str | None = None,
        fault: str | None = None,
        seconds: float | None = None,
        times: int | None = None,
        share: float | None = None,
        seed: str | None = None,
    ) -> FaultRule:
        """Add a fault rule.

        Makes requests fail from now on: the next few, or a share of them, of an operation or of
        all. A status or an example that the document does not have for each of those operations
        is rejected; statuses from 400 on are always possible.

        Args:
            operation: Operation id, for example contents.list (default: all).
            code: HTTP status of the response.
            delay: Seconds to wait before the request is handled.
            example: Name of the document's example to respond with.
            fault: A way to break a response.
            seconds: Length of a slow body.
            times: How many requests it applies to (default: any number).
            share: The share of the requests that it applies to (default: all).
            seed: Seed of the choice of those requests.
        """
        found: FaultRule = read(
            FaultRule,
            self._request(
                "POST",
                f"/developers/{self._developer}/faults",
                given(
                    operation=operation,
                    code=code,
                    delay=delay,
                    example=example,
                    fault=fault,
                    seconds=seconds,
                    times=times,
                    share=share,
                    seed=seed,
                ),
            ),
        )
        return found

    def clear_faults(self) -> int:
        """Remove all fault rules.

        Removes all rules and returns how many there were.
        """
        found: int = self._request("DELETE", f"/developers/{self._developer}/faults")["cleared"]
        return found

    def remove_fault(self, fault_id: str) -> None:
        """Remove a fault rule.

        Removes one rule; the others stay.

        Args:
            fault_id: Id of the rule.
        """
        self._request("DELETE", f"/developers/{self._developer}/faults/{path_segment(fault_id)}")

    def deliveries(
        self,
        *,
        webhook_id: str | None = None,
        event: str | None = None,
        verdict: str | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """List delivery attempts.

        Returns the attempts to deliver notifications, newest first.

        Args:
            webhook_id: Only those to this webhook.
            event: Only those of this event.
            verdict: Only those with this verdict.
            limit: Maximum number of entries; default 100.
        """
        found: list[Delivery] = [
            read(Delivery, each)
            for each in self._request(
                "GET",
                f"/developers/{self._developer}/deliveries",
                query=given(webhook_id=webhook_id, event=event, verdict=verdict, limit=limit),
            )["data"]
        ]
        return found

    def delivery(self, delivery_id: str) -> Delivery:
        """Get a delivery.

        Returns the newest attempt of one delivery.

        Args:
            delivery_id: Id of the delivery.
        """
        found: Delivery = read(
            Delivery,
            self._request(
                "GET", f"/developers/{self._developer}/deliveries/{path_segment(delivery_id)}"
            ),
        )
        return found

    def resend(self, delivery_id: str) -> Delivery:
        """Send a notification again.

        Sends the same bytes again, now, and returns the attempt.

        Args:
            delivery_id: Id of the delivery.
        """
        found: Delivery = read(
            Delivery,
            self._request(
                "POST",
                f"/developers/{self._developer}/deliveries/{path_segment(delivery_id)}/resend",
            ),
        )
        return found

    def requests(
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
    ) -> list[LoggedRequest]:
        """List requests.

        Returns the latest requests to the API that match, oldest first. Secrets in bodies are
        hidden. With `wait` it responds as soon as there is one.

        Args:
            developer: Only those of this developer; `default` for the default developer.
            operation: Only those of this operation.
            method: Only those of this method.
            status: Only those with this status; 4 stands for 400 to 499, and so on.
            path: Only those whose path and query begin so.
            after: Only those after the one with this number.
            wait: Seconds to wait for one if there is none yet.
            limit: Maximum number of entries; default 100.
        """
        found: list[LoggedRequest] = [
            read(LoggedRequest, each)
            for each in self._request(
                "GET",
                "/requests",
                query=given(
                    developer=developer,
                    operation=operation,
                    method=method,
                    status=status,
                    path=path,
                    after=after,
                    wait=wait,
                    limit=limit,
                ),
            )["data"]
        ]
        return found

    def clear_requests(self, developer: str | None = None) -> None:
        """Clear the log.

        Clears the log of a developer, or of all.

        Args:
            developer: Only those of this developer; `default` for the default developer.
        """
        self._request("DELETE", "/requests", query=given(developer=developer))

    def inbox(self, name: str, limit: int | None = None) -> list[InboxMessage]:
        """List messages.

        Returns the latest messages of the inbox, oldest first.

        Args:
            name: Name of the inbox; any name makes one.
            limit: Maximum number of entries; default 100.
        """
        found: list[InboxMessage] = [
            read(InboxMessage, each)
            for each in self._request(
                "GET", f"/inbox/{path_segment(name)}", query=given(limit=limit)
            )["data"]
        ]
        return found

    def clear_inbox(self, name: str) -> int:
        """Clear an inbox.

        Deletes the messages of the inbox and returns how many there were.

        Args:
            name: Name of the inbox; any name makes one.
        """
        found: int = self._request("DELETE", f"/inbox/{path_segment(name)}")["cleared"]
        return found
