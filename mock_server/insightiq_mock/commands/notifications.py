"""The verbs about notifications: sent, delivered, received."""

from __future__ import annotations

import json
import typing

from insightiq_mock.commands.output import Shown, clocks, counted, moment, table
from insightiq_mock.commands.talking import UsageError

if typing.TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from insightiq_mock.control import Delivery, Message, MockControl

__all__ = ["deliveries", "inbox", "resend", "trigger"]


def trigger(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Send a notification."""
    data = None if options.data is None else _object(options.data)
    triggered = control.trigger(options.event, data=data, account_id=options.account)
    lines = [f"{triggered.event} {json.dumps(triggered.data, ensure_ascii=False)}"]
    lines += [f"to {url}" for url in triggered.webhooks]
    if not triggered.webhooks:
        lines.append(
            "to nobody: no active webhook asks for this event; register one with POST /v1/webhooks"
        )
    if triggered.unknown_ids:
        keys = ", ".join(triggered.unknown_ids)
        lines.append(
            f"note: {keys} holds the document's example, as the world has nothing for it: looking it"
            " up gives 404, or the API has no operation for that"
        )
    yield Shown(triggered, "\n".join(lines))


def deliveries(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """List tries, oldest first: the newest stands where one looks."""
    found = control.deliveries(
        webhook_id=options.webhook,
        event=options.event,
        verdict=options.verdict,
        limit=options.limit,
    )
    if found:
        yield clocks(control, of_world=True)
    rows = [_row(delivery) for delivery in reversed(found)]
    yield Shown(found, table(rows, empty="Nothing was sent."))


def resend(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """Send a notification again."""
    delivery = control.resend(options.delivery)
    yield Shown(delivery, table([_row(delivery)], empty=""))


def inbox(control: MockControl, options: argparse.Namespace) -> Iterator[Shown]:
    """List what the built-in receiver has got."""
    if options.clear:
        cleared = control.clear_inbox(options.name)
        yield Shown({"cleared": cleared}, f"{counted(cleared, 'message')} forgotten.")
        return
    messages = control.inbox(options.name, limit=options.limit)
    if messages:
        yield clocks(control, of_world=False)
    empty = f"Nothing has come; send to {options.url.rstrip('/')}/_mock/inbox/{options.name}"
    yield Shown(messages, "\n".join(_message_text(each) for each in messages) or empty)


def _object(text: str) -> dict[str, typing.Any]:
    try:
        value = json.loads(text, parse_constant=_not_json)
    except ValueError as error:
        msg = f"--data is not JSON: {error}."
        raise UsageError(msg) from error
    except RecursionError:
        msg = "--data is nested too deeply."
        raise UsageError(msg) from None
    if not isinstance(value, dict):
        msg = '--data is no JSON object; write it like \'{"account_id": "…"}\'.'
        raise UsageError(msg)
    return typing.cast("dict[str, typing.Any]", value)


def _not_json(name: str) -> typing.NoReturn:
    msg = f"JSON has no {name}"
    raise ValueError(msg)


def _row(delivery: Delivery) -> tuple[object, ...]:
    number = "again" if delivery.number is None else f"#{delivery.number}"
    what = delivery.verdict if delivery.status is None else f"{delivery.verdict} {delivery.status}"
    where = delivery.url or delivery.webhook_id
    why = delivery.detail or ""
    return (moment(delivery.at), delivery.delivery_id, delivery.event, number, what, where, why)


def _message_text(message: Message) -> str:
    return f"{moment(message.received_at)}  {message.answered}  {message.body}"
