"""The part of the control API's client that is about one developer's world."""

from __future__ import annotations

import dataclasses
import typing
import urllib.parse

from insightiq_mock.control.answers import (
    Advanced,
    Clock,
    Delivery,
    FaultRule,
    HappenedJob,
    Triggered,
)

if typing.TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from insightiq_mock.control.connection import Connection

__all__ = ["WorldControl", "escaped", "given"]


class WorldControl:
    """Clock, accounts, notifications, faults and settings of one developer.

    Args:
        connection: The way to the server.
        developer: Client id of the developer; ``default`` for the default developer.
    """

    def __init__(self, connection: Connection, developer: str) -> None:
        self._connection = connection
        self._developer = developer

    # The clock.

    def clock(self) -> Clock:
        """Return what the clock shows and how it goes."""
        return Clock.from_json(self._call("GET", "/clock"))

    def set_clock(
        self, mode: str, *, at: dt.datetime | None = None, factor: float | None = None
    ) -> Clock:
        """Let the clock follow real time, stand still, or run.

        Args:
            mode: ``real``, ``frozen`` or ``running``.
            at: The aware moment that it is to show; None: it goes on from what it shows.
            factor: How many of its seconds pass in a real second, for mode ``running``.
        """
        text = None if at is None else _moment_text(at)
        return Clock.from_json(
            self._call("PUT", "/clock", given(mode=mode, at=text, factor=factor))
        )

    def advance(  # noqa: PLR0913 - all by keyword, each with a default
        self,
        *,
        seconds: float = 0,
        minutes: float = 0,
        hours: float = 0,
        days: float = 0,
        months: int = 0,
        progress: Callable[[Advanced], None] | None = None,
    ) -> Advanced:
        """Move the clock on; everything that comes due happens, in order, before this returns.

        Without any part, what is due now happens and the clock stays. Where ten thousand things and
        more come due it takes several calls of the server; leaving stops the clock where it is.

        Args:
            seconds: Seconds.
            minutes: Minutes.
            hours: Hours.
            days: Days.
            months: Calendar months.
            progress: Called with each part of a long way.
        """
        body = {
            "seconds": seconds,
            "minutes": minutes,
            "hours": hours,
            "days": days,
            "months": months,
        }
        jobs: list[HappenedJob] = []
        while True:
            part = Advanced.from_json(self._call("POST", "/clock/advance", body))
            jobs += part.jobs
            if part.complete:
                return dataclasses.replace(part, jobs=tuple(jobs))
            if progress is not None:
                progress(part)
            body = {"seconds": part.remaining_seconds}

    # Accounts: what creators and platforms do.

    def connect(
        self,
        platform: str,
        *,
        sdk_token: str | None = None,
        user_id: str | None = None,
        products: Sequence[str] | None = None,
        handle: str | None = None,
    ) -> dict[str, typing.Any]:
        """Do what a creator does in the connect flow; return the account, as the API shows it.

        Args:
            platform: Name or id of the work platform.
            sdk_token: Says the user and the products.
            user_id: Who connects; without it and without a token, a new user is made.
            products: What is collected; without it and without a token, all that the platform has.
            handle: Name of the creator on the platform; made up when absent.
        """
        body = given(
            platform=platform,
            sdk_token=sdk_token,
            user_id=user_id,
            products=None if products is None else list(products),
            handle=handle,
        )
        account: dict[str, typing.Any] = self._call("POST", "/accounts/connect", body)
        return account

    def disconnect(self, account_id: str) -> dict[str, typing.Any]:
        """Cut an account off as if the creator had done it; return it."""
        account: dict[str, typing.Any] = self._of_account(account_id, "disconnect")
        return account

    def expire(self, account_id: str) -> dict[str, typing.Any]:
        """Let the platform's session of an account expire now; return the account."""
        account: dict[str, typing.Any] = self._of_account(account_id, "expire")
        return account

    def add_contents(self, account_id: str, count: int = 1) -> list[str]:
        """Let the creator publish new items; return their ids."""
        ids: list[str] = self._of_account(account_id, "contents", {"count": count})["ids"]
        return ids

    def grow(self, account_id: str) -> None:
        """Let followers, views and likes grow as in a day."""
        self._of_account(account_id, "grow")

    def sync(self, account_id: str, product: str) -> None:
        """Schedule a sync of one product, for example ``ENGAGEMENT``, for now."""
        self._of_account(account_id, "sync", {"product": product})

    # Notifications.

    def trigger(
        self,
        event: str,
        *,
        data: Mapping[str, object] | None = None,
        account_id: str | None = None,
    ) -> Triggered:
        """Send a notification to the webhooks that ask for the event.

        Args:
            event: Name of the event, for example ``CONTENTS.ADDED``.
            data: What it is about; taken from the developer's world when absent.
            account_id: The account that it is about, where data is absent.
        """
        body = given(event=event, data=data, account_id=account_id)
        return Triggered.from_json(self._call("POST", "/events", body))

    def deliveries(
        self,
        *,
        webhook_id: str | None = None,
        event: str | None = None,
        verdict: str | None = None,
        limit: int | None = None,
    ) -> list[Delivery]:
        """Return the tries to deliver notifications, newest first, of those that fit."""
        query = {"webhook_id": webhook_id, "event": event, "verdict": verdict, "limit": limit}
        answer = self._call("GET", "/deliveries", query=query)
        return [Delivery.from_json(each) for each in answer["data"]]

    def delivery(self, delivery_id: str) -> Delivery:
        """Return the newest try of one delivery."""
        return Delivery.from_json(self._call("GET", f"/deliveries/{escaped(delivery_id)}"))

    def resend(self, delivery_id: str) -> Delivery:
        """Post a notification once more, now, and return what came of it."""
        answer = self._call("POST", f"/deliveries/{escaped(delivery_id)}/resend")
        return Delivery.from_json(answer)

    # Faults and settings.

    def add_fault(  # noqa: PLR0913 - all by keyword, each with a default
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
        seed: str | int | None = None,
    ) -> FaultRule:
        """Make calls of the developer go wrong from now on.

        Args:
            operation: Operation id of the calls, for example ``contents.list``; None for all.
            code: Status to answer with.
            delay: Seconds to wait before a call is carried out.
            example: Name of the document's example to answer with.
            fault: ``reset``, ``truncate``, ``malformed``, ``html`` or ``slow-body``.
            seconds: How long a slow body takes.
            times: To how many calls it happens; None for any number.
            share: To what share of the calls it happens; None for all.
            seed: What the choice of those calls is made from.
        """
        body = given(
            operation=operation,
            code=code,
            delay=delay,
            example=example,
            fault=fault,
            seconds=seconds,
            times=times,
            share=share,
            seed=None if seed is None else str(seed),
        )
        return FaultRule.from_json(self._call("POST", "/faults", body))

    def faults(self) -> list[FaultRule]:
        """Return the rules that are in force, oldest first."""
        return [FaultRule.from_json(each) for each in self._call("GET", "/faults")["data"]]

    def remove_fault(self, fault_id: str) -> None:
        """Remove one rule."""
        self._call("DELETE", f"/faults/{escaped(fault_id)}")

    def clear_faults(self) -> int:
        """Remove all rules; return how many those were."""
        cleared: int = self._call("DELETE", "/faults")["cleared"]
        return cleared

    def settings(self) -> dict[str, typing.Any]:
        """Return all settings by name."""
        settings: dict[str, typing.Any] = self._call("GET", "/settings")
        return settings

    def update_settings(self, **changes: object) -> dict[str, typing.Any]:
        """Change the settings that are named and return all."""
        settings: dict[str, typing.Any] = self._call("PATCH", "/settings", changes)
        return settings

    def _of_account(
        self, account_id: str, act: str, body: Mapping[str, object] | None = None
    ) -> typing.Any:  # noqa: ANN401 - any JSON value
        return self._call("POST", f"/accounts/{escaped(account_id)}/{act}", body)

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        query: Mapping[str, str | int | None] | None = None,
    ) -> typing.Any:  # noqa: ANN401 - any JSON value
        return self._connection.call(
            method, f"/developers/{escaped(self._developer)}{path}", body, query
        )


def given(**values: object) -> dict[str, object]:
    """Return those values that are not None."""
    return {name: value for name, value in values.items() if value is not None}


def escaped(part: str) -> str:
    """Return a text as one segment of a path."""
    return urllib.parse.quote(part, safe="")


def _moment_text(moment: dt.datetime) -> str:
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone; give an aware moment."
        raise ValueError(msg)
    return moment.isoformat()
